"""A test's statistics as a table: a row a statistic, the null hypothesis and the convention below."""

from __future__ import annotations

from collections.abc import Iterable

from carbonspec.econometrics.hypothesis_tests.results import TestResult
from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.notes import sentence, star_text
from carbonspec.report.document import EMPTY, FAILURE, LEFT, NOTHING, NUMBER, TEST, Cell, Column, Row, Table
from carbonspec.report.inference import stars
from carbonspec.report.numbers import count, fixed, general, probability
from carbonspec.report.run import Run, TestOutcome
from carbonspec.report.terms import Labels

DECIMALS = 3


def compose_test(run: Run, table: TableSpec, outcome: TestOutcome, label: str) -> Table:
    """All rows of a test."""
    labels = Labels.of(run.spec, run.labels)
    rows = tuple(_row(run, table, row, labels) for row in outcome.rows)
    failed = tuple(Row(f.task, (Cell(f"failed: {f.message}", kind=FAILURE), *(NOTHING,) * 4)) for f in outcome.failures)
    columns = (
        Column("Test", "test", align=LEFT),
        Column("Statistic", "statistic"),
        Column("df", "df"),
        Column("p", "p_value"),
        Column("N", "n_units"),
    )
    return Table(
        kind=TEST,
        label=label or table.label,
        columns=columns,
        groups=tuple(group for group in (rows, failed) if group),
        number=table.number,
        stub="Statistic",
        key="name",
        notes=(*(sentence(note) for note in test_notes(run, outcome)), *table.notes),
    )


def _row(run: Run, table: TableSpec, row: TestResult, labels: Labels) -> Row:
    digits = table.digits if table.digits is not None else run.spec.study.digits
    decimals = DECIMALS if digits is None else digits
    p = row.p_value
    shown = Cell(kind=EMPTY) if p is None else Cell(probability(p, 3), kind=NUMBER, value=p)
    if p is None and row.p_bounds is not None:
        shown = Cell(f"{row.p_bounds[0]:g} to {row.p_bounds[1]:g}", kind=NUMBER)
    marks = "" if p is None else stars(p, run.spec.study.stars)
    name = f"{labels.term(row.variable)}: {row.statistic}" if row.variable else row.statistic
    cells = (
        Cell(row.test),
        Cell(fixed(row.value, decimals), marks, kind=NUMBER, value=row.value),
        Cell(", ".join(general(df) for df in row.df), kind=NUMBER) if row.df else Cell(kind=EMPTY),
        shown,
        Cell(count(row.n_units), kind=NUMBER, value=row.n_units) if row.n_units else Cell(kind=EMPTY),
    )
    return Row(name, cells, row.statistic)


def test_notes(run: Run, outcome: TestOutcome) -> list[str]:
    """The null hypothesis, the conventions, who was left out, what must be said."""
    notes = [f"H0: {null}" for null in _each(row.null for row in outcome.rows)]
    if any(row.p_value is not None for row in outcome.rows) and run.spec.study.stars:
        notes.append(star_text(run.spec.study.stars))
    notes += _each(f"{row.statistic}: {row.convention}" for row in outcome.rows if row.convention)
    if outcome.columns:
        notes.append(f"on the sample of {', '.join(outcome.columns)}")
    notes += _left_out(outcome)
    notes += _each(notice.message for row in outcome.rows for notice in row.notices)
    return [*notes, *outcome.notes]


def _left_out(outcome: TestOutcome) -> list[str]:
    by_reason: dict[str, list[str]] = {}
    for unit, reason in outcome.left_out:
        by_reason.setdefault(reason, []).append(unit)
    return [f"left out ({reason}): {', '.join(units)}" for reason, units in by_reason.items()]


def _each(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
