"""Why each task of a plan will run or will not: one named reason a task."""

from __future__ import annotations

from collections.abc import Mapping

from carbonspec.planner.needed import needed
from carbonspec.planner.task import CLAIM, COMPOSE, DAMAGED, STORED, WITHIN, Plan, Task
from carbonspec.record import Record

# Reasons to run, the first that applies
NEVER = "never run"
CODE = "code version changed"
DEFINITION = "its definition changed"
DATA = "data file changed"
INPUT = "an input changed"
ENTRY_DAMAGED = "its entry is damaged"
FAILED = "failed last time"
GONE = "no longer in the store"
NEEDED = "needed by"
# Reasons not to
REUSED = "reused"
SAME = "same as"
IDLE = "not needed"
# Tables and claims
ALWAYS = "always made anew"


class Done(Record):
    """What the last run did under a task's name."""

    key: str
    definition: str = ""
    files: tuple[tuple[str, str], ...] = ()
    failed: bool = False


class Past(Record):
    """The last run of a spec: the code that ran, and its tasks by name. Only for saying why; keys decide what runs."""

    engine: str
    tasks: Mapping[str, Done]


class Reason(Record):
    """Whether a task will run, and why: one of the reasons above, and what it speaks of (a file, another task)."""

    task: Task
    runs: bool
    cause: str
    detail: str = ""

    @property
    def text(self) -> str:
        """ "data file changed: data/provinces.csv"."""
        if not self.detail:
            return self.cause
        return f"{self.cause} {self.detail}" if self.cause in (NEEDED, SAME) else f"{self.cause}: {self.detail}"


def reasons(plan: Plan, states: Mapping[str, str], past: Past | None) -> tuple[Reason, ...]:
    """One reason for each task of a plan.

    `states` says for each key whether its result is STORED, DAMAGED or MISSING; `past` is what is known of the last
    run of the spec, None for nothing.
    """
    kept = [task for task in plan.tasks if task.stored and not task.same_as]
    there = {task.name for task in kept if states.get(task.key) == STORED}
    missing = [task.name for task in kept if task.name not in there]
    running = {task.name for task in needed(plan, missing, there)}
    for_whom: dict[str, str] = {}
    for name in missing:
        for task in needed(plan, (name,), there):
            for_whom.setdefault(task.name, name)
    changes = _Changes(plan, past)
    found = []
    for task in plan.tasks:
        if task.kind in (CLAIM, COMPOSE):
            found.append(Reason(task, True, ALWAYS))
        elif task.same_as:
            found.append(Reason(task, False, SAME, task.same_as))
        elif task.name not in running:
            found.append(Reason(task, False, REUSED if task.stored else IDLE))
        elif task.kind == WITHIN:
            found.append(Reason(task, True, NEEDED, for_whom[task.name]))
        else:
            cause, detail = changes.of(task)
            if not cause and task.stored:
                cause = _lost(task, states, past)
            elif not cause:
                cause, detail = NEEDED, for_whom[task.name]
            found.append(Reason(task, True, cause, detail))
    return tuple(found)


def _lost(task: Task, states: Mapping[str, str], past: Past | None) -> str:
    """Why the result of an unchanged task is not there."""
    if states.get(task.key) == DAMAGED:
        return ENTRY_DAMAGED
    done = past.tasks.get(task.name) if past is not None else None
    return FAILED if done is not None and done.failed else GONE


class _Changes:
    """What is new in a task since the last run."""

    def __init__(self, plan: Plan, past: Past | None) -> None:
        self.past = past
        self.named = plan.named()
        self.engine = plan.engine
        self._known: dict[str, tuple[str, str]] = {}

    def of(self, task: Task) -> tuple[str, str]:
        """(cause, detail); "" when the task is the one that ran last."""
        if task.name not in self._known:
            self._known[task.name] = self._compared(task)
        return self._known[task.name]

    def _compared(self, task: Task) -> tuple[str, str]:
        done = self.past.tasks.get(task.name) if self.past is not None else None
        if self.past is None or done is None:
            return NEVER, ""
        if done.key == task.key:
            return "", ""
        if self.past.engine != self.engine:
            return CODE, ""
        if done.definition != task.definition:
            return DEFINITION, ""
        if done.files != task.files:
            return DATA, ", ".join(_changed(done.files, task.files))
        for name in task.inputs:
            if self.named[name].kind != WITHIN:  # shared work, no part of the key
                cause, detail = self.of(self.named[name])
                if cause in (INPUT, DATA):
                    return cause, detail
                if cause:
                    return INPUT, f"{name} ({_short(cause)})"
        return INPUT, ""


def _short(cause: str) -> str:
    return {DEFINITION: "definition changed", NEVER: "new"}.get(cause, cause)


def _changed(before: tuple[tuple[str, str], ...], now: tuple[tuple[str, str], ...]) -> list[str]:
    """The names of files whose content is new, or of those that are gone."""
    old = {sha for _, sha in before}
    new = {sha for _, sha in now}
    return [name for name, sha in now if sha not in old] or [name for name, sha in before if sha not in new]
