"""`weights(…)`: the weights of a composite index, and what each indicator does to it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from carbonspec.lang.spec import CallItem
from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.notes import sentence
from carbonspec.report.document import EMPTY, LEFT, NOTHING, NUMBER, WEIGHTS, Cell, Column, Row, Table
from carbonspec.report.numbers import fixed
from carbonspec.report.run import MeasureReport, Run, Weight
from carbonspec.report.terms import Labels

DECIMALS = 4
COLUMNS = (
    ("weight", "Weight"),
    ("entropy", "Entropy"),
    ("redundancy", "Redundancy"),
    ("within_share", "Within share"),
    ("without_correlation", "r without"),
)
"""Numbers of an indicator: their names in files and their headings."""
MEANINGS = {
    "redundancy": "Redundancy is 1 less the entropy (0 ln 0 = 0), and the weights are in its proportion.",
    "within_share": "Within share: the part of the index's variance within units that the indicator carries.",
    "without_correlation": "r without: the correlation of the index with the one made anew without the indicator.",
}


def compose_weights(run: Run, table: TableSpec, item: CallItem, report: MeasureReport) -> Table:
    """A row an indicator in its group, the group's sum below it; a last row for all."""
    labels = Labels.of(run.spec, run.labels)
    digits = table.digits if table.digits is not None else run.spec.study.digits
    decimals = DECIMALS if digits is None else digits
    shown = [
        (name, heading)
        for name, heading in COLUMNS
        if name == "weight" or any(not math.isnan(getattr(line, name)) for line in report.weights)
    ]
    directed = any(line.direction < 0 for line in report.weights)
    groups: dict[str, list[Weight]] = {}
    for line in report.weights:
        groups.setdefault(line.group, []).append(line)
    bodies = []
    for name, lines in groups.items():
        rows = []
        for index, line in enumerate(lines):
            numbers = tuple(_number(getattr(line, column), decimals) for column, _ in shown)
            head = (Cell((line.group_label or name) if index == 0 else "", value=name),)
            sign = (Cell("+" if line.direction > 0 else "−"),) if directed else ()
            rows.append(Row(labels.term(line.indicator), (*head, *sign, *numbers), line.indicator))
        if len(lines) > 1 and len(groups) > 1:
            rows.append(_sum("Sum", lines, shown, directed, decimals))
        bodies.append(tuple(rows))
    if len(report.weights) > 1:
        bodies.append((_sum("Sum of all", report.weights, shown, directed, decimals),))
    columns = [Column("Group", "group", align=LEFT)]
    columns += [Column("Direction", "direction", align=LEFT)] if directed else []
    columns += [Column(heading, name) for name, heading in shown]
    notes = [*report.notes, *(MEANINGS[name] for name, _ in shown if name in MEANINGS)]
    names = {*(term.name for term in item.arguments), *(line.indicator for line in report.weights)}
    return Table(
        kind=WEIGHTS,
        label=table.label,
        columns=tuple(columns),
        groups=tuple(bodies),
        number=table.number,
        stub="Indicator",
        key="indicator",
        notes=(*(sentence(note, names) for note in notes), *table.notes),
    )


def _number(value: float, decimals: int) -> Cell:
    return Cell(kind=EMPTY) if math.isnan(value) else Cell(fixed(value, decimals), kind=NUMBER, value=value)


def _sum(label: str, lines: Sequence[Weight], shown: Sequence[tuple[str, str]], directed: bool, decimals: int) -> Row:
    """Sums of weights and of shares; the other numbers have none. It has no name, so files leave it out."""
    cells = [NOTHING] * (1 + directed)
    for name, _ in shown:
        total = math.fsum(getattr(line, name) for line in lines)
        cells.append(_number(total, decimals) if name in ("weight", "within_share") else NOTHING)
    return Row(label, tuple(cells))
