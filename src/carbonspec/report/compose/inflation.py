"""Variance inflation: a line a regressor."""

from __future__ import annotations

from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.test import all_notes, failed_rows, records
from carbonspec.report.document import NOTHING, NUMBER, TEST, Cell, Column, Row, Table
from carbonspec.report.numbers import fixed
from carbonspec.report.run import Run, TestOutcome
from carbonspec.report.terms import Labels


def compose_inflation(run: Run, table: TableSpec, outcome: TestOutcome, label: str) -> Table:
    """Regressors by their factor, the largest first, columns of models one below the other."""
    labels = Labels.of(run.spec, run.labels)
    digits = table.digits if table.digits is not None else run.spec.study.digits
    found: dict[str, dict[str, dict[str, float]]] = {}
    for row, keys in zip(outcome.rows, outcome.keys, strict=True):
        found.setdefault(keys["column"], {}).setdefault(keys["term"], {})[row.statistic] = row.value
    names = list(dict.fromkeys(row.statistic for row in outcome.rows))
    groups = []
    for column, terms in found.items():
        rows = []
        for term, values in sorted(terms.items(), key=lambda pair: -pair[1].get("VIF", 0.0)):
            cells = [_cell(values.get(name), 2 if digits is None else digits) for name in names]
            vif = values.get("VIF", 0.0)
            inverse = 0.0 if vif == float("inf") else 1 / vif
            prefix = f"{column}: " if len(found) > 1 else ""
            rows.append(
                Row(prefix + labels.term(term), (*cells, _cell(inverse, 3 if digits is None else digits)), term)
            )
        groups.append(tuple(rows))
    columns = (*(Column(name) for name in names), Column("1/VIF")) if names else (Column("VIF"),)
    failed = failed_rows(outcome, len(columns))
    return Table(
        kind=TEST,
        label=label or table.label,
        columns=columns,
        groups=(*groups, *((failed,) if failed else ())),
        number=table.number,
        stub="Regressor",
        notes=all_notes(run, table, outcome),
        records=records(outcome),
    )


def _cell(value: float | None, decimals: int) -> Cell:
    return NOTHING if value is None else Cell(fixed(value, decimals), kind=NUMBER, value=value)
