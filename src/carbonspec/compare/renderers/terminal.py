"""Changes for a terminal of 80 columns or more; with colours where they are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from carbonspec.compare.changes import ADDED, CHANGED, REMOVED, RENAMED, Changes, FieldChange, StatementChange
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
from carbonspec.lang.spec import ESTIMATES, INFERENCE, PRESENTATION

SIGNS = {ADDED: "+", REMOVED: MINUS, CHANGED: "~", RENAMED: "»"}
WIDEST = 110
_COLOURS = {"+": "32", MINUS: "31", "~": "33", "»": "36", ESTIMATES: "1;31", INFERENCE: "1;33", PRESENTATION: "36"}
_DIM, _BOLD = "2", "1"


def render(
    changes: Changes,
    *,
    width: int = 80,
    colour: bool = False,
    movement: Movement | None = None,
    heading: bool = True,
) -> str:
    """The changes of one spec, statement by statement; then how its numbers moved, where they are known."""
    paint = _Paint(colour)
    width = min(width, WIDEST)
    rows = [paint(f"{changes.before} → {changes.after}", _BOLD), ""] if heading else []
    for change in changes.statements:
        rows += _statement(change, width, paint)
    for data in changes.data:
        rows.append(f"{paint('~', _COLOURS['~'])} data {data.table}: other content  {_tag(data.affects, paint)}")
        rows += _wrapped(", ".join(data.files), width, 4)
        rows += _reach(outputs_text(data.reaches), width, paint)
    rows += [paint(row, _DIM) for note in changes.notes for row in _wrapped(note, width, 0)]
    rows += _wrapped(summary(changes), width, 0)
    if movement is not None:
        rows += ["", *_movement(movement, width, paint)]
    return "\n".join(rows) + "\n"


def summary(changes: Changes) -> str:
    """`3 changes (estimates 2, presentation 1); reached: Tables 5, 6; H1`."""
    number = len(changes.statements) + len(changes.data)
    if not number:
        return "no change of meaning"
    text = f"{number} change{'s' if number > 1 else ''}"
    if not changes.understood:
        return f"{text}; what they affect is not known while one of the versions has mistakes"
    tags = [*(c.affects for c in changes.statements), *(d.affects for d in changes.data)]
    counted = [f"{tag} {tags.count(tag)}" for tag in (ESTIMATES, INFERENCE, PRESENTATION) if tag in tags]
    reach = outputs_text(changes.reaches)
    return f"{text} ({', '.join(counted)})" + (f"; reached: {reach}" if reach else "; no result is reached")


def title_of(change: StatementChange) -> str:
    """`model benchmark`, `table 5 → 6`, `expect benchmark[last].N`."""
    if change.was:
        return f"{change.keyword} {change.was} → {change.name}"
    return f"{change.keyword} {change.name}".strip()


def _statement(change: StatementChange, width: int, paint: _Paint) -> list[str]:
    sign = SIGNS[change.kind]
    tag = f"  {_tag(change.affects, paint)}" if change.affects else ""
    rows = []
    if change.kind in (ADDED, REMOVED):
        text = change.after or change.before
        lines = text.split("\n")
        first = _wrapped(pretty(lines[0]), width - 2, 2)
        rows = [paint(f"{sign} {first[0][2:]}", _COLOURS[sign]), *(paint(row, _COLOURS[sign]) for row in first[1:])]
        rows[-1] += tag
        for line in lines[1:]:
            indent = 2 + len(line) - len(line.lstrip())
            rows += [paint(row, _COLOURS[sign]) for row in _wrapped(pretty(line.strip()), width, indent)]
        return rows + _reach(outputs_text(change.reaches), width, paint)
    rows.append(f"{paint(sign, _COLOURS[sign])} {paint(title_of(change), _BOLD)}{tag}")
    for field in change.fields:
        rows += [_painted(row, field, paint) for row in _wrapped(field_text(field), width, 4)]
    return rows + _reach(outputs_text(change.reaches), width, paint)


def _movement(movement: Movement, width: int, paint: _Paint) -> list[str]:
    rows: list[str] = []
    for move in movement.models:
        sentence = _wrapped(f"{title(move)}: {move.sentence}", width, 0)
        rows += [paint(row, _BOLD) for row in sentence]
        rows += [*_numbers(move, paint), ""]
    rows += [paint(row, _BOLD) for text in verdict_texts(movement) for row in _wrapped(text, width, 0)]
    rows += [row for text in movement.others for row in _wrapped(text, width, 0)]
    rows += _wrapped(unchanged_text(movement) or "no column of a model stayed as it was", width, 0)
    if movement.simulated:
        rows += _wrapped(f"SIMULATED DATA: {movement.simulated}", width, 0)
    return rows


def _numbers(move: ModelMove, paint: _Paint) -> list[str]:
    """A row a coefficient, estimates and standard errors before and after, under a row for each column."""
    blocks = []
    for column in move.columns:
        name = f"  column {column_name(column)}"
        if column.failure:
            name += f" {column.failure}"
        elif not (column.before and column.after):
            name += f" is {'new' if column.after else 'gone'}"
        both = column.before and column.after and not column.failure
        blocks.append((name, [(t.term, *term_cells(t)) for t in shown_terms(column)] if both else []))
    table = [("", "before", "after", "se", "after"), *(row for _, rows in blocks for row in rows)]
    sizes = [max(columns(row[i]) for row in table) for i in range(5)]
    found: list[str] = []
    for name, rows in blocks:
        if rows and not found:
            found.append(paint(_row(("", *table[0][1:]), sizes), _DIM))
        found.append(paint(name, _DIM))
        found += [_row(row, sizes) for row in rows]
    return found


def _row(cells: Sequence[str], sizes: Sequence[int]) -> str:
    first, *rest = cells
    text = first + " " * (sizes[0] - columns(first))
    return "    " + "  ".join((text, *(" " * (n - columns(c)) + c for c, n in zip(rest, sizes[1:], strict=True))))


def _painted(row: str, field: FieldChange, paint: _Paint) -> str:
    if field.removed and not field.added:
        return paint(row, _COLOURS[MINUS])
    if field.added and not field.removed:
        return paint(row, _COLOURS["+"])
    return row


def _tag(tag: str, paint: _Paint) -> str:
    return paint(f"[{tag}]", _COLOURS[tag])


def _reach(text: str, width: int, paint: _Paint) -> list[str]:
    return [paint(row, _DIM) for row in _wrapped(f"reaches {text}", width, 4)] if text else []


class _Paint:
    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted

    def __call__(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._wanted and text else text


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    """Rows of at most `width` columns, the first at `indent`, the others two further in."""
    rows: list[str] = []
    row, used = " " * indent, 0
    for word in text.split(" "):
        size = columns(word)
        if used and columns(row) + 1 + size > width:
            rows.append(row)
            row, used = " " * (indent + 2), 0
        row += (" " if used else "") + word
        used += 1
    return [*rows, row]


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def render_all(found: Iterable[tuple[Changes, Movement | None]], *, width: int, colour: bool) -> str:
    """Several specs, with an empty line between them."""
    parts: Sequence[str] = [render(c, width=width, colour=colour, movement=m) for c, m in found]
    return "\n".join(parts)
