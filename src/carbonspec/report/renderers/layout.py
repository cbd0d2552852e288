"""Tables as lines of styled pieces for a screen of a given width: numbers on the decimal point, wide tables in panels.

Knows nothing of rich: a line is a list of (text, role), and roles become colours in `terminal`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from carbonspec.report.document import (
    CORRELATION,
    DECIMAL,
    EMPTY,
    ESTIMATE,
    LEFT,
    NUMBER,
    REGRESSION,
    Cell,
    Heading,
    Row,
    Table,
)

Piece = tuple[str, str]
Line = list[Piece]

GAP = 2
NARROWEST = 14
"""Least width of a column of wrapped text."""


def width(text: str) -> int:
    """Cells that a text takes on a screen: two for CJK, none for combining signs."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def pad(text: str, room: int, side: str = "left") -> str:
    """Text filled up with spaces, at the `left`, `right` or `center` of the room."""
    free = max(0, room - width(text))
    if side == "right":
        return " " * free + text
    if side == "center":
        return " " * (free // 2) + text + " " * (free - free // 2)
    return text + " " * free


def wrap(text: str, room: int) -> list[str]:
    """Lines of at most `room` cells, broken at spaces; a longer word is cut, where it can be after `_`, `/` or `-`."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while width(word) > room:
            if line:
                lines.append(line)
                line = ""
            cut = _fitting(word, room)
            lines.append(word[:cut])
            word = word[cut:]
        if not line:
            line = word
        elif width(line) + 1 + width(word) <= room:
            line += f" {word}"
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line or not lines else lines


def _fitting(word: str, room: int) -> int:
    taken = 0
    for at, sign in enumerate(word):
        taken += width(sign)
        if taken > room:
            joint = max(word.rfind(sign, 0, at) for sign in "_/-") + 1
            return joint or max(1, at)
    return len(word)


@dataclass(frozen=True)
class Shape:
    """Room of a column: before and after the decimal point, or of a text."""

    left: int
    right: int
    room: int


def lay_out(table: Table, screen: int) -> list[list[Line]]:
    """The panels of a table, each as lines no wider than the screen where that can be done."""
    rows = [row for group in table.groups for row in group]
    shapes = [_shape(table, rows, index) for index in range(len(table.columns))]
    stub = max([width(table.stub), *(width(row.label) for row in rows)], default=0)
    stub, shapes = _fit(table, stub, shapes, screen)
    lead = _labels(table)
    found = _panels(_total(stub, shapes[:lead]), shapes[lead:], screen)
    if len(found) == 1 or not lead:
        return [_panel(table, stub, shapes, start and start + lead, end + lead) for start, end in found]
    panels = []
    for start, end in found:
        chosen = [*range(lead), *range(lead + start, lead + end)]
        panels.append(_panel(_with_columns(table, chosen), stub, [shapes[i] for i in chosen], 0, len(chosen)))
    return panels


def _labels(table: Table) -> int:
    """How many columns at the left are labels of the rows, which every panel repeats."""
    if table.spans:
        return 0
    count = 0
    while count < len(table.columns) - 1 and table.columns[count].align == LEFT:
        count += 1
    return count


def _with_columns(table: Table, chosen: Sequence[int]) -> Table:
    groups = tuple(
        tuple(replace(row, cells=tuple(row.cells[i] for i in chosen if i < len(row.cells))) for row in group)
        for group in table.groups
    )
    return replace(table, columns=tuple(table.columns[i] for i in chosen), groups=groups)


def _split(text: str, aligned: bool) -> tuple[str, str]:
    """A number before its decimal point and from it on, in tables that align on it (regressions)."""
    head, point, tail = text.partition(".")
    if not aligned or not point or not any(sign.isdigit() for sign in text):
        return text, ""
    return head, point + tail


def _decimal(cell: Cell) -> bool:
    return cell.kind in (ESTIMATE, NUMBER)


def _shape(table: Table, rows: Sequence[Row], index: int) -> Shape:
    column, aligned = table.columns[index], table.kind == REGRESSION
    left = right = words = 0
    for row in rows:
        cell = row.cells[index] if index < len(row.cells) else Cell()
        if column.align == DECIMAL and _decimal(cell):
            interval = cell.below.startswith("[")
            words = max(words, width(cell.below) if interval else 0)
            for text, stars in ((cell.text, cell.stars), ("" if interval else cell.below, "")):
                head, tail = _split(text, aligned)
                left = max(left, width(head))
                right = max(right, width(tail) + width(stars))
        else:
            words = max(words, width(cell.text))
    return Shape(left, right, max(left + right, words, width(column.heading)))


def _fit(table: Table, stub: int, shapes: list[Shape], screen: int) -> tuple[int, list[Shape]]:
    """Narrow the stub and the wide texts until the table fits, as far as that is reasonable."""
    for spans in table.spans:
        for span in spans:
            inside = shapes[span.start : span.end]
            room = sum(s.room for s in inside) + GAP * (len(inside) - 1)
            missing = min(width(span.text), max(12, screen // 3)) - room
            if missing > 0:
                for index in range(span.start, span.end):
                    share = -(-missing // (span.end - span.start))
                    shapes[index] = Shape(shapes[index].left, shapes[index].right, shapes[index].room + share)
    over = _total(stub, shapes) - screen
    if over > 0:
        least = max(width(table.stub), min(stub, max(18, screen // 4)))
        taken = min(over, stub - least) if stub > least else 0
        wide = [i for i, c in enumerate(table.columns) if c.wide] or [
            i for i, c in enumerate(table.columns) if c.align != DECIMAL and shapes[i].room > NARROWEST
        ]
        if not wide:
            return stub - taken, shapes
        while _total(stub, shapes) > screen:
            index = max(wide, key=lambda i: shapes[i].room)
            if shapes[index].room > max(NARROWEST, stub if stub > least else 0):
                shapes[index] = Shape(0, 0, shapes[index].room - 1)
            elif stub > least:
                stub -= 1
            else:
                break
    return stub, shapes


def _total(stub: int, shapes: Sequence[Shape]) -> int:
    return stub + sum(GAP + shape.room for shape in shapes)


def _panels(stub: int, shapes: Sequence[Shape], screen: int) -> list[tuple[int, int]]:
    """Ranges of columns: as few panels as possible, and those about equally wide."""
    found = _greedy(stub, shapes, screen)
    if len(found) == 1:
        return found
    narrower = screen
    while narrower > stub and len(tighter := _greedy(stub, shapes, narrower - 1)) == len(found):
        narrower, found = narrower - 1, tighter
    return found


def _greedy(stub: int, shapes: Sequence[Shape], screen: int) -> list[tuple[int, int]]:
    panels, start, taken = [], 0, stub
    for index, shape in enumerate(shapes):
        if index > start and taken + GAP + shape.room > screen:
            panels.append((start, index))
            start, taken = index, stub
        taken += GAP + shape.room
    panels.append((start, len(shapes)))
    return panels


# --- one panel -------------------------------------------------------------------------------------------


def _panel(table: Table, stub: int, shapes: list[Shape], start: int, end: int) -> list[Line]:
    across = _total(stub, shapes[start:end])
    lines: list[Line] = [[("━" * across, "rule")]]
    for spans in table.spans:
        lines += _span_lines(spans, stub, shapes, start, end)
    if any(column.heading for column in table.columns[start:end]) or table.stub:
        lines.append(_heading_line(table, stub, shapes, start, end))
    for group in table.groups:
        lines.append([("─" * across, "rule")])
        for row in group:
            if end - start == len(shapes) or any(cell.kind != EMPTY for cell in row.cells[start:end]):
                lines += _row_lines(table, row, stub, shapes, start, end)
    lines.append([("━" * across, "rule")])
    return lines


def _span_lines(spans: Sequence[Heading], stub: int, shapes: list[Shape], start: int, end: int) -> list[Line]:
    parts: list[tuple[str, list[str], int]] = []  # blanks before, lines of text, room
    at = start
    for span in spans:
        first, last = max(start, span.start), min(end, span.end)
        if first >= last:
            continue
        gap = " " * (sum(GAP + s.room for s in shapes[at:first]) + GAP)
        room = sum(s.room for s in shapes[first:last]) + GAP * (last - first - 1)
        parts.append((gap, wrap(span.text, room), room))
        at = last
    if not parts:
        return []
    height = max(len(texts) for _, texts, _ in parts)
    lines: list[Line] = []
    for row in range(height):
        line: Line = [(" " * stub, "")]
        for gap, texts, room in parts:
            above = row - (height - len(texts))
            line.append((gap + pad(texts[above] if above >= 0 else "", room, "center"), "span"))
        lines.append(line)
    return [*lines, [(" " * stub, ""), ("".join(gap + "─" * room for gap, _, room in parts), "rule")]]


def _heading_line(table: Table, stub: int, shapes: list[Shape], start: int, end: int) -> Line:
    line: Line = [(pad(table.stub, stub), "head")]
    for index in range(start, end):
        column, shape = table.columns[index], shapes[index]
        if column.align == DECIMAL:
            text = pad(column.heading, shape.room, "center" if table.kind == REGRESSION else "right")
            if table.kind == CORRELATION and shape.right:
                text = pad(text[shape.right :], shape.room)
        else:
            text = pad(column.heading, shape.room)
        line.append((" " * GAP + text, "head"))
    return line


def _row_lines(table: Table, row: Row, stub: int, shapes: list[Shape], start: int, end: int) -> list[Line]:
    labels = wrap(row.label, stub) if stub else [""]
    columns: list[list[Line]] = []
    for index in range(start, end):
        cell = row.cells[index] if index < len(row.cells) else Cell()
        columns.append(_cell_lines(table, cell, table.columns[index].align, shapes[index]))
    height = max([len(labels), *(len(c) for c in columns)])
    lines = []
    for at in range(height):
        line: Line = [(pad(labels[at] if at < len(labels) else "", stub), "label")]
        for index, column in enumerate(columns):
            line.append((" " * GAP, ""))
            line += column[at] if at < len(column) else [(" " * shapes[start + index].room, "")]
        lines.append(line)
    return lines


def _cell_lines(table: Table, cell: Cell, align: str, shape: Shape) -> list[Line]:
    aligned = table.kind == REGRESSION
    if align != DECIMAL:
        return [[(pad(text, shape.room), _role(cell))] for text in wrap(cell.text, shape.room)]
    if not _decimal(cell):
        side = "center" if aligned else "right"
        return [[(pad(cell.text, shape.room, side), _role(cell))]]
    free = shape.room - shape.left - shape.right
    lead = free // 2 if aligned else free
    head, tail = _split(cell.text, aligned)
    main: Line = [(" " * lead + pad(head, shape.left, "right") + tail, _role(cell)), (cell.stars, "stars")]
    used = lead + shape.left + width(tail) + width(cell.stars)
    main.append((" " * max(0, shape.room - used), ""))
    lines = [main]
    if cell.below.startswith("["):
        lines.append([(pad(cell.below, shape.room, "center"), "below")])
    elif cell.below:
        head, tail = _split(cell.below, aligned)
        lines.append([(pad(" " * lead + pad(head, shape.left, "right") + tail, shape.room), "below")])
    return lines


def _role(cell: Cell) -> str:
    if cell.kind == "verdict":
        return f"verdict {cell.text}"
    if cell.kind == ESTIMATE:
        return "significant" if cell.stars else "estimate"
    return cell.kind
