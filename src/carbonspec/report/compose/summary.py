"""`summary(…)`: descriptive statistics, a row a variable or a row a value of `by`."""

from __future__ import annotations

import math

from carbonspec.lang.spec import KEY, CallItem
from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.grouping import capital
from carbonspec.report.compose.notes import dimension, reached, sentence, winsorizing
from carbonspec.report.document import EMPTY, NUMBER, SUMMARY, Cell, Column, Row, Table
from carbonspec.report.numbers import count, fixed, moment_decimals
from carbonspec.report.run import Description, Run
from carbonspec.report.terms import Labels

HEADINGS = {"n": "N", "mean": "Mean", "sd": "SD", "median": "Median", "min": "Min", "max": "Max", "p": "p"}
TOTAL = "Total"


def compose_summary(run: Run, table: TableSpec, item: CallItem, description: Description) -> Table:
    """The numbers of `describe`, four significant digits a row (a table, when it is one variable by values)."""
    labels = Labels.of(run.spec, run.labels)
    by = "" if table.by is None else dimension(run, table.by.name) if table.by.kind == KEY else table.by.name
    digits = table.digits if table.digits is not None else run.spec.study.digits
    moments = [
        [x for n, x in zip(description.column_names, c, strict=True) if n in ("mean", "sd")] for c in description.cells
    ]
    common = moment_decimals(x for row in moments for x in row) if by else None
    rows = []
    for name, cells, values in zip(description.row_names, description.cells, moments, strict=True):
        decimals = digits if digits is not None else common if common is not None else moment_decimals(values)
        shown = tuple(_cell(c, x, decimals) for c, x in zip(description.column_names, cells, strict=True))
        rows.append(Row(labels.value(by, name) if by else labels.term(name), shown, name))
    split = next((i for i, row in enumerate(rows) if by and row.name == TOTAL), len(rows))
    names = [term.name for term in item.arguments]
    notes = [*description.notes, *winsorizing(run, reached(run.spec.variables, names))]
    if by and len(names) == 1 and not table.label:
        notes.insert(0, f"{labels.term(names[0])} by {labels.term(by)}.")
    return Table(
        kind=SUMMARY,
        label=table.label,
        columns=tuple(Column(HEADINGS.get(c, c), c) for c in description.column_names),
        groups=tuple(tuple(group) for group in (rows[:split], rows[split:]) if group),
        number=table.number,
        stub=capital(labels.term(by)) if by else "Variable",
        key=by or "variable",
        notes=(*(sentence(n, names) for n in notes), *table.notes),
    )


def _cell(name: str, value: float, decimals: int) -> Cell:
    if math.isnan(value):
        return Cell(kind=EMPTY)
    if name == "n":
        return Cell(count(value), kind=NUMBER, value=int(value))
    return Cell(fixed(value, decimals), kind=NUMBER, value=value)
