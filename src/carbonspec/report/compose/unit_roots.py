"""Panel unit roots: variable by variable, a line a test."""

from __future__ import annotations

from carbonspec.econometrics.hypothesis_tests.results import TestResult
from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.notes import sentence
from carbonspec.report.compose.test import (
    Record,
    all_notes,
    failed_rows,
    p_cell,
    periods_cell,
    units_cell,
    value_cell,
)
from carbonspec.report.document import LEFT, NOTHING, NUMBER, TEST, Cell, Column, Row, Table
from carbonspec.report.run import Run, TestOutcome
from carbonspec.report.terms import Labels

NAMES = {
    "llc": "LLC",
    "ips": "IPS",
    "fisher_adf": "Fisher-ADF",
    "fisher_pp": "Fisher-PP",
    "hadri": "Hadri",
    "cips": "CIPS",
}
"""What the methods are called in print."""

_DETERMINISTIC = {"none": "no deterministic part", "const": "a constant", "trend": "a constant and a trend"}


def compose_unit_roots(run: Run, table: TableSpec, outcome: TestOutcome, label: str) -> Table:
    """A group of rows a variable. The first line of a test is the statistic to cite; its others follow."""
    labels = Labels.of(run.spec, run.labels)
    groups: dict[str, list[Row]] = {}
    seen: set[tuple[str, str]] = set()
    for row, keys in zip(outcome.rows, outcome.keys, strict=True):
        lines = groups.setdefault(keys["variable"], [])
        place = (keys["variable"], keys["test"])
        first = place not in seen
        seen.add(place)
        cells = (
            Cell(NAMES[keys["test"]]) if first else NOTHING,
            Cell(row.statistic),
            value_cell(run, table, row),
            p_cell(row),
            _lags(row) if first else NOTHING,
            units_cell(row) if first else NOTHING,
            periods_cell(row) if first else NOTHING,
        )
        lines.append(Row("" if lines else labels.term(keys["variable"]), cells, keys["variable"]))
    columns = (
        Column("Test", align=LEFT),
        Column("", align=LEFT),
        Column("Statistic"),
        Column("p"),
        Column("Lags"),
        Column("N"),
        Column("T"),
    )
    failed = failed_rows(outcome, len(columns))
    return Table(
        kind=TEST,
        label=label or table.label,
        columns=columns,
        groups=(*(tuple(lines) for lines in groups.values()), *((failed,) if failed else ())),
        number=table.number,
        stub="Variable",
        notes=(*(sentence(note) for note in _settings(outcome)), *all_notes(run, table, outcome)),
        records=_records(outcome),
    )


def _lags(row: TestResult) -> Cell:
    if not row.lags:
        return NOTHING
    low, high = min(row.lags), max(row.lags)
    return Cell(str(low) if low == high else f"{low}–{high}", kind=NUMBER, value=low if low == high else None)


def _settings(outcome: TestOutcome) -> list[str]:
    """What all tests share: the deterministic part, how lags were chosen."""
    parts = list(dict.fromkeys(_DETERMINISTIC[row.deterministic] for row in outcome.rows if row.deterministic))
    rules = list(dict.fromkeys(row.lag_rule for row in outcome.rows if row.lag_rule not in ("", "fixed")))
    notes = [f"with {' or '.join(parts)}"] if parts else []
    cited = dict.fromkeys(NAMES[k["test"]] for r, k in zip(outcome.rows, outcome.keys, strict=True) if not r.default)
    if cited:
        first = {NAMES[k["test"]]: r.statistic for r, k in zip(outcome.rows, outcome.keys, strict=True) if r.default}
        shown = ", ".join(f"{first[name]} of {name}" for name in cited if name in first)
        notes.append(f"of several statistics the first is the default, which claims cite: {shown}")
    return notes + [f"lags by {rule}" for rule in rules]


def _records(outcome: TestOutcome) -> tuple[Record, ...]:
    """In the layout of published tables: `statistic` is the number, `name` what it is."""
    rows: list[Record] = [("variable", "test", "statistic", "p_value", "name", "lags", "N", "T", "default")]
    for row, keys in zip(outcome.rows, outcome.keys, strict=True):
        rows.append(
            (
                keys["variable"],
                NAMES[keys["test"]],
                row.value,
                "" if row.p_value is None else row.p_value,
                row.statistic,
                " ".join(map(str, row.lags)),
                row.n_units,
                row.t_min if row.t_min == row.t_max else f"{row.t_min} to {row.t_max}",
                "yes" if row.default else "no",
            )
        )
    return tuple(rows)
