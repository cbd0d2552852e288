"""A plan for people: as an outline, and as a mermaid diagram."""

from __future__ import annotations

from collections.abc import Container

from carbonspec.planner.task import (
    CHECK,
    CLAIM,
    COLUMN,
    COMPOSE,
    DESCRIBE,
    DRAW,
    ESTIMATE,
    FIGURE,
    MEASURE,
    MEDIATE,
    PANEL,
    READ,
    TEST,
    WITHIN,
    Plan,
    Task,
)

HEADINGS = {
    READ: "Read",
    PANEL: "Panel",
    COLUMN: "Variables",
    CHECK: "Check the data",
    WITHIN: "Shared within-transformations",
    ESTIMATE: "Estimate",
    MEDIATE: "Mediation",
    TEST: "Tests",
    DESCRIBE: "Describe",
    MEASURE: "Measures",
    FIGURE: "Figures",
    DRAW: "Draw",
    CLAIM: "Claims",
    COMPOSE: "Tables",
}


def outline(plan: Plan, known: Container[str] = ()) -> str:
    """The tasks by kind, with what each needs. `known` are keys whose results are stored already."""
    lines: list[str] = []
    for kind, heading in HEADINGS.items():
        tasks = [task for task in plan.tasks if task.kind == kind]
        if not tasks:
            continue
        lines.append(f"{heading} ({len(tasks)})")
        width = max(len(title(task)) for task in tasks)
        for task in tasks:
            lines.append(f"  {title(task):<{width}}  {_remark(task, known)}".rstrip())
    stored = [task for task in plan.tasks if task.stored and not task.same_as]
    reused = sum(task.key in known for task in stored)
    lines.append(f"{len(plan.tasks)} tasks; {len(stored)} results are kept, {reused} of them are there already")
    return "\n".join(lines) + "\n"


def title(task: Task) -> str:
    """A task's name without its kind."""
    prefix = task.kind + " "
    return task.name.removeprefix(prefix)


def _remark(task: Task, known: Container[str]) -> str:
    if task.same_as:
        return f"= {task.same_as}"
    state = "stored" if task.stored and task.key in known else ""
    inputs = [name for name in task.inputs if name != "panel" or len(task.inputs) == 1]
    needs = "← " + ", ".join(_short(inputs)) if inputs else ""
    return "  ".join(part for part in (needs, state) if part)


def _short(names: list[str]) -> list[str]:
    plain = [name.removeprefix("column ").removeprefix("estimate ") for name in names]
    return plain if len(plain) <= 8 else [*plain[:7], f"{len(plain) - 7} more"]


def mermaid(plan: Plan) -> str:
    """The plan as a mermaid flowchart."""
    number = {task.name: f"t{index}" for index, task in enumerate(plan.tasks)}
    lines = ["flowchart LR"]
    for task in plan.tasks:
        text = task.name.replace('"', "#quot;")
        lines.append(f'  {number[task.name]}["{text}"]')
    for task in plan.tasks:
        if task.same_as:
            lines.append(f"  {number[task.same_as]} -. same .-> {number[task.name]}")
            continue
        lines.extend(f"  {number[name]} --> {number[task.name]}" for name in task.inputs)
    return "\n".join(lines) + "\n"
