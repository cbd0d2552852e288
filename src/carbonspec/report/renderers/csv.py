"""A table as CSV: one row a number for regressions and correlations, full precision.

Text that a spreadsheet would take for a formula gets an apostrophe before it. Tables of simulated data have a last
column, `data`, that says so in every row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from carbonspec.report.document import CORRELATION, ESTIMATE, NUMBER, OMITTED, REGRESSION, WEIGHTS, Cell, Row, Table

SIMULATED = "simulated"
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Value = str | float | int


def render_table(table: Table) -> str:
    """CSV text with a header line; lines end in "\\n"."""
    if table.kind == REGRESSION:
        header: Sequence[str] = ("column", "outcome", "term", "estimate", "in_parentheses", "stars")
        rows = _regression(table)
    elif table.kind == CORRELATION:
        header, rows = ("variable", "with", "correlation", "p_value", "stars"), _correlation(table)
    elif table.kind == WEIGHTS:
        group, *others = (column.name for column in table.columns)
        header, rows = (group, _key(table), *others), _weights(table)
    elif table.records:
        header, rows = tuple(map(str, table.records[0])), _records(table)
    else:
        header = (_key(table), *(column.name or column.heading for column in table.columns))
        rows = _plain(table)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    stamp = (SIMULATED,) if table.stamp else ()
    writer.writerow([_guard(text) for text in (*header, *(("data",) if table.stamp else ()))])
    for row in rows:
        writer.writerow([_guard(value) if isinstance(value, str) else value for value in (*row, *stamp)])
    return stream.getvalue()


def render_rows(rows: Sequence[Mapping[str, Value | None]], stamp: str = "") -> str:
    """Rows with the same names as CSV text; what is not there is empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    more = (SIMULATED,) if stamp else ()
    writer.writerow([*(rows[0] if rows else ()), *(("data",) if stamp else ())])
    for row in rows:
        values = ("" if value is None else _number(value) for value in row.values())
        writer.writerow([_guard(value) if isinstance(value, str) else value for value in (*values, *more)])
    return stream.getvalue()


def _key(table: Table) -> str:
    return table.key or table.stub or "row"


def _regression(table: Table) -> Iterator[tuple[Value, ...]]:
    for row, index, cell in _cells(table):
        column = table.columns[index]
        if cell.kind in (ESTIMATE, NUMBER) and cell.value is not None:
            name = row.name if cell.kind == ESTIMATE else row.label
            yield column.name, column.outcome, name, _number(cell.value), _below(cell), cell.stars
        elif cell.kind == OMITTED:
            yield column.name, column.outcome, row.name, cell.text, "", ""


def _cells(table: Table) -> Iterable[tuple[Row, int, Cell]]:
    for group in table.groups:
        for row in group:
            for index, cell in enumerate(row.cells):
                yield row, index, cell


def _correlation(table: Table) -> Iterator[tuple[Value, ...]]:
    for row, index, cell in _cells(table):
        if cell.kind == NUMBER and cell.value is not None:
            yield row.name, table.columns[index].name, _number(cell.value), _below(cell), cell.stars


def _weights(table: Table) -> Iterator[tuple[Value, ...]]:
    """Group, indicator, numbers; sums are left out, so that a column adds up."""
    for lines in table.groups:
        for row in lines:
            if row.name:
                group, *cells = (cell.text if cell.value is None else _number(cell.value) for cell in row.cells)
                yield group, row.name, *cells


def _records(table: Table) -> Iterator[tuple[Value, ...]]:
    for record in table.records[1:]:
        yield tuple(map(_number, record))


def _plain(table: Table) -> Iterator[tuple[Value, ...]]:
    for group in table.groups:
        for row in group:
            yield (
                row.name or row.label,
                *(cell.text if cell.value is None else _number(cell.value) for cell in row.cells),
            )


def _number(value: Value) -> Value:
    return repr(value) if isinstance(value, float) else value


def _below(cell: Cell) -> Value:
    below = cell.below_value
    if below is None:
        return ""
    if isinstance(below, tuple):
        return f"{below[0]!r}, {below[1]!r}"
    return repr(float(below)) if below == below else ""


def _guard(value: str) -> str:
    """The value; with an apostrophe before a text that a spreadsheet would compute."""
    if not value.startswith(FORMULA):
        return value
    try:
        float(value.partition(",")[0])
    except ValueError:
        return f"'{value}"
    return value
