"""The reasons of a plan's tasks, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence

from carbonspec.planner.reasons import ALWAYS, Reason
from carbonspec.planner.show import HEADINGS, title


def why(found: Sequence[Reason]) -> str:
    """Each task by kind, whether it runs and for which reason; claims and tables, which take no time, in one line."""
    lines: list[str] = []
    for kind, heading in HEADINGS.items():
        group = [reason for reason in found if reason.task.kind == kind and reason.cause != ALWAYS]
        if not group:
            continue
        lines.append(f"{heading} ({len(group)})")
        width = max(len(title(reason.task)) for reason in group)
        for reason in group:
            lines.append(f"  {title(reason.task):<{width}}  {'runs' if reason.runs else '    '}  {reason.text}")
    kept = [reason for reason in found if reason.task.stored and not reason.task.same_as]
    runs = sum(reason.runs for reason in kept)
    always = sum(reason.cause == ALWAYS for reason in found)
    last = f"{runs} of {len(kept)} results will be computed, {len(kept) - runs} reused"
    lines.append(last + (f"; {always} tables and claims are always made anew" if always else ""))
    return "\n".join(lines) + "\n"


def why_json(found: Sequence[Reason], spec: str) -> str:
    """The same for programs: tasks in the plan's order."""
    import json

    tasks = [
        {
            "task": reason.task.name,
            "kind": reason.task.kind,
            "runs": reason.runs,
            "reason": reason.cause,
            "detail": reason.detail,
            "key": reason.task.key,
            "inputs": list(reason.task.inputs),
        }
        for reason in found
    ]
    return json.dumps({"spec": spec, "tasks": tasks}, ensure_ascii=False, indent=2) + "\n"
