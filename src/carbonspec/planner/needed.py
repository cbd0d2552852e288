"""Which tasks of a plan must be done to get some of its results."""

from __future__ import annotations

from collections.abc import Container, Iterable

from carbonspec.planner.task import Plan, Task


def needed(plan: Plan, wanted: Iterable[str], there: Container[str] = ()) -> tuple[Task, ...]:
    """The tasks called `wanted` and all they stand on, in the plan's order; what is `there` already is left out."""
    named = plan.named()
    found: set[str] = set()
    queue = list(wanted)
    while queue:
        name = queue.pop()
        name = named[name].same_as or name
        if name not in found and name not in there:
            found.add(name)
            queue.extend(named[name].inputs)
    return tuple(task for task in plan.tasks if task.name in found)
