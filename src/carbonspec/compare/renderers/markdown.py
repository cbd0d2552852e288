"""Changes as Markdown, for the description of a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable

from carbonspec.compare.changes import ADDED, REMOVED, Changes, FieldChange, StatementChange
from carbonspec.compare.fields import MINUS, field_text, pretty
from carbonspec.compare.movement import ModelMove, Movement
from carbonspec.compare.outputs import outputs_text
from carbonspec.compare.renderers.numbers import (
    column_name,
    shown_terms,
    term_cells,
    title,
    unchanged_text,
    verdict_texts,
)
from carbonspec.compare.renderers.terminal import summary

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&!$])")


def render_all(found: Iterable[tuple[Changes, Movement | None]]) -> str:
    """Several specs, one below the other."""
    return "\n".join(render(changes, movement) for changes, movement in found)


def render(changes: Changes, movement: Movement | None = None) -> str:
    """The changes of one spec as a table; then how its numbers moved, where they are known."""
    lines = [f"### {_code(changes.before)} → {_code(changes.after)}", ""]
    if movement is not None:
        lines += [*(f"- **{escape(title(m))}**: {escape(m.sentence)}" for m in movement.models)]
        lines += [f"- **{escape(text)}**" for text in verdict_texts(movement)]
        lines += [f"- {escape(text)}" for text in movement.others]
        unchanged = unchanged_text(movement)
        lines += [f"- {unchanged}"] if unchanged else []
        lines += [f"- **SIMULATED DATA**: {escape(movement.simulated)}"] if movement.simulated else []
        lines.append("")
    lines += [f"{escape(summary(changes))}.", ""]
    if changes:
        lines += ["| statement | change | affects | reaches |", "|:---|:---|:---|:---|"]
        for change in changes.statements:
            cells = (_heading(change), _change(change), change.affects, escape(outputs_text(change.reaches)))
            lines.append("| " + " | ".join(cells) + " |")
        for data in changes.data:
            files = ", ".join(map(_code, data.files))
            cells = (f"data {_code(data.table)}", f"other content: {files}", data.affects, outputs_text(data.reaches))
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    lines += [f"*{escape(note)}*\n" for note in changes.notes]
    if movement is not None:
        for move in movement.models:
            lines += _numbers(move)
    return "\n".join(lines).rstrip("\n") + "\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """Code on one line; as plain text where it holds what a code span in a table cannot."""
    plain = " ".join(text.split())
    return escape(plain) if set("`|\\") & set(plain) or not plain else f"`{plain}`"


def _heading(change: StatementChange) -> str:
    if change.was:
        return f"{change.keyword} {_code(change.was)} → {_code(change.name)}"
    return f"{change.keyword} {_code(change.name)}" if change.name else change.keyword


def _change(change: StatementChange) -> str:
    if change.kind in (ADDED, REMOVED):
        lines = [line for line in pretty(change.after or change.before).split("\n") if line.strip()]
        return f"{'+' if change.kind == ADDED else MINUS} " + "<br>".join(_code(line.strip()) for line in lines)
    return "<br>".join(_field(field) for field in change.fields) or "renamed"


def _field(field: FieldChange) -> str:
    lead = f"{escape(field.name)}: " if field.name else ""
    if field.removed or field.added:
        items = [f"{MINUS} {_code(pretty(i))}" for i in field.removed] + [f"+ {_code(pretty(i))}" for i in field.added]
        return lead + ", ".join(items)
    if field.order or not field.before or not field.after:
        return escape(field_text(field))
    return f"{lead}{_code(pretty(field.before))} → {_code(pretty(field.after))}"


def _numbers(move: ModelMove) -> list[str]:
    rows = []
    for column in move.columns:
        name = column_name(column)
        if column.failure or not (column.before and column.after):
            state = column.failure or ("new" if column.after else "gone")
            rows.append(f"| {escape(name)} | *{escape(state)}* | | | | |")
            continue
        for term in shown_terms(column):
            cells = (name, term.term, *term_cells(term))
            rows.append("| " + " | ".join(escape(cell) for cell in cells) + " |")
            name = ""
    head = ["| column | term | before | after | SE before | SE after |", "|:---|:---|---:|---:|---:|---:|"]
    return [f"<details><summary>{escape(title(move))}</summary>", "", *head, *rows, "", "</details>", ""]
