"""Granger non-causality in panels: lag order, W-bar, Z-bar and Z-bar tilde, a direction beside the other."""

from __future__ import annotations

from carbonspec.econometrics.hypothesis_tests.results import TestResult
from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.test import (
    Record,
    all_notes,
    failed_rows,
    p_cell,
    periods_cell,
    units_cell,
    value_cell,
)
from carbonspec.report.document import NOTHING, NUMBER, TEST, Cell, Column, Heading, Row, Table
from carbonspec.report.run import Run, TestOutcome
from carbonspec.report.terms import Labels

NAMES = {"w_bar": "W-bar", "z_bar": "Z-bar", "z_tilde": "Z-bar tilde"}
"""The statistics in the order of print."""


def compose_granger(run: Run, table: TableSpec, outcome: TestOutcome, label: str) -> Table:
    """Two columns a direction, the statistic and its p; bootstrap p values in lines of their own."""
    labels = Labels.of(run.spec, run.labels)
    by_arrow: dict[tuple[str, str], dict[str, TestResult]] = {}
    for row, keys in zip(outcome.rows, outcome.keys, strict=True):
        by_arrow.setdefault((keys["cause"], keys["outcome"]), {})[keys["statistic"]] = row
    arrows = list(by_arrow.values())
    lines = [Row("Lag order", _beside(arrows, _lag), "lag order")]
    for word, name in NAMES.items():
        if any(word in found for found in arrows):
            lines.append(Row(name, tuple(c for f in arrows for c in _pair(run, table, f.get(word))), name))
        boot = f"{word}_bootstrap"
        if any(boot in found for found in arrows):
            cells = tuple(c for f in arrows for c in (NOTHING, p_cell(f[boot]) if boot in f else NOTHING))
            lines.append(Row(f"{name}, bootstrap p", cells, f"{name}, bootstrap"))
    sample = (Row("N", _beside(arrows, units_cell), "N"), Row("T", _beside(arrows, periods_cell), "T"))
    columns = tuple(Column(heading) for _ in arrows for heading in ("Value", "p")) or (Column("Value"),)
    spans = tuple(
        Heading(f"{labels.term(cause)} → {labels.term(effect)}", 2 * i, 2 * i + 2)
        for i, (cause, effect) in enumerate(by_arrow)
    )
    failed = failed_rows(outcome, len(columns))
    return Table(
        kind=TEST,
        label=label or table.label,
        columns=columns,
        groups=tuple(group for group in ((tuple(lines), sample) if arrows else ()) + (failed,) if group),
        number=table.number,
        stub="Statistic",
        spans=(spans,) if spans else (),
        notes=all_notes(run, table, outcome),
        records=_records(outcome),
    )


def _beside(arrows: list[dict[str, TestResult]], cell: object) -> tuple[Cell, ...]:
    """A cell for each direction, of its first row."""
    return tuple(c for found in arrows for c in (cell(next(iter(found.values()))), NOTHING))  # type: ignore[operator]


def _lag(row: TestResult) -> Cell:
    return Cell(str(row.lags[0]), kind=NUMBER, value=row.lags[0]) if row.lags else NOTHING


def _pair(run: Run, table: TableSpec, row: TestResult | None) -> tuple[Cell, Cell]:
    return (NOTHING, NOTHING) if row is None else (value_cell(run, table, row), p_cell(row))


def _records(outcome: TestOutcome) -> tuple[Record, ...]:
    """In the layout of published tables: `statistic` is the name, `value` the number."""
    rows: list[Record] = [("cause", "outcome", "statistic", "value", "p_value", "N", "T")]
    told: set[tuple[str, str]] = set()
    for row, keys in zip(outcome.rows, outcome.keys, strict=True):
        arrow = (keys["cause"], keys["outcome"])
        periods: str | int = row.t_min if row.t_min == row.t_max else f"{row.t_min} to {row.t_max}"
        if arrow not in told:
            told.add(arrow)
            rows.append((*arrow, "lag order", row.lags[0], "", row.n_units, periods))
        word = keys["statistic"]
        base = word.removesuffix("_bootstrap")
        name = NAMES[base] + (", bootstrap" if base != word else "")
        p = "" if row.p_value is None else row.p_value
        rows.append((*arrow, name, row.value, p, row.n_units, periods))
    return tuple(rows)
