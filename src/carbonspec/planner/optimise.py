"""Plan → plan: work that several tasks need is done once. Results do not change; a test holds each pass to that."""

from __future__ import annotations

from carbonspec.lang.spec import Term
from carbonspec.planner.fingerprint import combine, fingerprint
from carbonspec.planner.task import ESTIMATE, WITHIN, EstimateWork, Plan, Task, WithinWork


def optimise(plan: Plan) -> Plan:
    """All passes, in order."""
    for transform in PASSES:
        plan = transform(plan)
    return plan


def merge_equal(plan: Plan) -> Plan:
    """A task that does what an earlier one does (same key) takes its result."""
    first: dict[tuple[str, str], str] = {}
    tasks = []
    for task in plan.tasks:
        twin = first.setdefault((task.kind, task.key), task.name)
        tasks.append(task.replace(same_as=twin) if twin != task.name and task.stored else task)
    return plan.replace(tasks=tuple(tasks))


def share_within(plan: Plan) -> Plan:
    """Columns on the same effects and sample share one within-transformation of all their variables."""
    groups: dict[str, list[Task]] = {}
    for task in plan.tasks:
        if task.kind == ESTIMATE and not task.same_as:
            work = task.payload
            assert isinstance(work, EstimateWork)
            if _least_squares_within(work):
                groups.setdefault(within_group(work), []).append(task)
    shared = {group: members for group, members in groups.items() if len(members) > 1}
    names = {member.name: group for group, members in shared.items() for member in members}
    made: dict[str, str] = {}
    tasks: list[Task] = []
    for task in plan.tasks:
        group = names.get(task.name)
        if group is not None:
            if group not in made:
                step = _within_task(len(made) + 1, shared[group])
                made[group] = step.name
                tasks.append(step)
            task = task.replace(inputs=(*task.inputs, made[group]))
        tasks.append(task)
    return plan.replace(tasks=tuple(tasks))


def _least_squares_within(work: EstimateWork) -> bool:
    """Whether a column takes out fixed effects once: with instruments more variables lose them, and Poisson regression
    takes them out anew at every step."""
    structure = work.model.columns[work.index].structure
    return structure.kind == "fe" and structure.instrumented is None and not work.model.estimator


def within_group(work: EstimateWork) -> str:
    """What columns must have in common to share a within-transformation: effects, sample rule, weights."""
    model = work.model
    column = model.columns[work.index]
    parts = (column.structure, model.where, model.split, model.weights)
    return combine(*(fingerprint(part) for part in parts), str(model.common_sample))


def _within_task(number: int, members: list[Task]) -> Task:
    terms: dict[str, Term] = {}
    for member in members:
        assert isinstance(member.payload, EstimateWork)
        column = member.payload.model.columns[member.payload.index]
        for term in (column.outcome, *column.regressors):
            terms.setdefault(fingerprint(term), term)
    work = members[0].payload
    assert isinstance(work, EstimateWork)
    model = work.model
    payload = WithinWork(
        model.columns[work.index].structure.dimensions,
        tuple(terms.values()),
        model.where,
        model.split,
        model.weights,
        span=model.span,
    )
    inputs = tuple(dict.fromkeys(name for member in members for name in member.inputs))
    key = combine(WITHIN, fingerprint(payload), *(member.key for member in members))
    return Task(f"within {number}", WITHIN, payload, inputs, key)


PASSES = (merge_equal, share_within)
