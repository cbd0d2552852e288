"""A test's statistics as a table: a row a statistic, the null hypothesis and the convention below."""

from __future__ import annotations

import re
from collections.abc import Iterable

from carbonspec.econometrics.hypothesis_tests.results import TestResult
from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.notes import sentence, star_text
from carbonspec.report.document import EMPTY, FAILURE, LEFT, NOTHING, NUMBER, TEST, Cell, Column, Row, Table
from carbonspec.report.inference import stars
from carbonspec.report.numbers import count, fixed, general, probability, row_decimals
from carbonspec.report.run import Run, TestOutcome
from carbonspec.report.terms import Labels

DECIMALS = 3
Record = tuple[str | float | int, ...]


def compose_battery(run: Run, table: TableSpec, outcomes: tuple[TestOutcome, ...], label: str) -> Table:
    """Several tests one below the other; columns in which nothing stands are left out."""
    labels = Labels.of(run.spec, run.labels)
    columns = {column for outcome in outcomes for column in outcome.columns}
    lines: list[list[tuple[str, dict[str, Cell]]]] = []
    for outcome in outcomes:
        mine: list[tuple[str, dict[str, Cell]]] = []
        before = ""
        for row, keys in zip(outcome.rows, outcome.keys, strict=True):
            name = ": ".join(part for part in (keys.get("column", "") if len(columns) > 1 else "", row.test) if part)
            mine.append(("" if name == before else name, _cells(run, table, row, keys, labels)))
            before = name
        lines.append(mine)
    every = [cells for mine in lines for _, cells in mine]
    kept = [h for h in HEADINGS if h == "" or any(cells[h].kind != EMPTY for cells in every)]
    groups = []
    for outcome, mine in zip(outcomes, lines, strict=True):
        rows = tuple(Row(name, tuple(cells[h] for h in kept), cells[""].text) for name, cells in mine)
        groups.append(rows + failed_rows(outcome, len(kept)))
    return Table(
        kind=TEST,
        label=label or table.label,
        columns=tuple(Column(h, align=LEFT) if h == "" else Column(h) for h in kept),
        groups=tuple(group for group in groups if group),
        number=table.number,
        stub="Test",
        notes=(*map(sentence, test_notes(run, *outcomes)), *table.notes),
        records=records(*outcomes),
    )


HEADINGS = ("", "Estimate", "Std. error", "Statistic", "df", "p", "Units")


def _cells(run: Run, table: TableSpec, row: TestResult, keys: dict[str, str], labels: Labels) -> dict[str, Cell]:
    about = [labels.term(keys[key]) for key in ("variable", "term") if key in keys]
    return {
        "": Cell(": ".join((*about, own_names(run, row.statistic)))),
        "Estimate": _estimate(row, table),
        "Std. error": _error(row, table),
        "Statistic": NOTHING if row.reference == "permutation" else value_cell(run, table, row),
        "df": df_cell(row),
        "p": p_cell(row),
        "Units": units_cell(row),
    }


def _estimate(row: TestResult, table: TableSpec) -> Cell:
    value = row.details.get("estimate", row.details.get("difference"))
    if value is None:
        return NOTHING
    error = row.details.get("standard error", 0.0)
    decimals = table.digits if table.digits is not None else row_decimals([(value, error)])
    return Cell(fixed(value, decimals), kind=NUMBER, value=value)


def _error(row: TestResult, table: TableSpec) -> Cell:
    error = row.details.get("standard error")
    value = row.details.get("estimate", row.details.get("difference"))
    if error is None or value is None:
        return NOTHING
    decimals = table.digits if table.digits is not None else row_decimals([(value, error)])
    return Cell(fixed(error, decimals), kind=NUMBER, value=error)


def value_cell(run: Run, table: TableSpec, row: TestResult) -> Cell:
    """The statistic with the stars of its p value."""
    digits = table.digits if table.digits is not None else run.spec.study.digits
    marks = "" if row.p_value is None else stars(row.p_value, run.spec.study.stars)
    return Cell(fixed(row.value, DECIMALS if digits is None else digits), marks, kind=NUMBER, value=row.value)


def p_cell(row: TestResult) -> Cell:
    """The p value, or between which levels of a table it lies."""
    p = row.p_value
    if row.p_bounds is not None:
        low, high = row.p_bounds
        text = f"<{high:g}" if low == 0 else f">{low:g}" if high == 1 else f"{low:g} to {high:g}"
        return Cell(text, kind=NUMBER, value=p)
    return NOTHING if p is None else Cell(probability(p, 3), kind=NUMBER, value=p)


def df_cell(row: TestResult) -> Cell:
    """Degrees of freedom."""
    return Cell(", ".join(general(df) for df in row.df), kind=NUMBER) if row.df else NOTHING


def units_cell(row: TestResult) -> Cell:
    """The units that took part."""
    return Cell(count(row.n_units), kind=NUMBER, value=row.n_units) if row.n_units else NOTHING


def periods_cell(row: TestResult) -> Cell:
    """Periods of a unit."""
    text = str(row.t_min) if row.t_min == row.t_max else f"{row.t_min}–{row.t_max}"
    return Cell(text, kind=NUMBER, value=row.t_min if row.t_min == row.t_max else None) if row.t_max else NOTHING


def failed_rows(outcome: TestOutcome, width: int) -> tuple[Row, ...]:
    """A row for each part that could not be done; the note has the reasons."""
    cells = (Cell("failed", kind=FAILURE), *(NOTHING,) * (width - 1))
    return tuple(Row(failure.task or outcome.name, cells) for failure in outcome.failures)


def records(*outcomes: TestOutcome) -> tuple[Record, ...]:
    """A header, then a line a statistic: what it is called, its value, p, degrees of freedom, sample."""
    names = list(dict.fromkeys(key for outcome in outcomes for keys in outcome.keys for key in keys))
    names = [*(name for name in names if name != "statistic"), "statistic"]
    several = ("name",) if len(outcomes) > 1 else ()
    rows: list[Record] = [
        (*several, *names, "value", "p_value", "df", "estimate", "std_error", "N", "groups", "default")
    ]
    for outcome in outcomes:
        for row, keys in zip(outcome.rows, outcome.keys, strict=True):
            rows.append(
                (
                    *((outcome.name,) if several else ()),
                    *(keys.get(name, "") for name in names),
                    row.value,
                    "" if row.p_value is None else row.p_value,
                    " ".join(general(df) for df in row.df),
                    row.details.get("estimate", row.details.get("difference", "")),
                    row.details.get("standard error", ""),
                    row.n,
                    row.n_units,
                    "yes" if row.default else "no",
                )
            )
    return tuple(rows)


# --- notes -----------------------------------------------------------------------------------------------


def all_notes(run: Run, table: TableSpec, outcome: TestOutcome) -> tuple[str, ...]:
    """What is printed below a test, then the table's own notes."""
    return (*(sentence(note) for note in test_notes(run, outcome)), *table.notes)


def test_notes(run: Run, *outcomes: TestOutcome) -> list[str]:
    """The null hypotheses, the conventions, who was left out, what must be said, what failed."""
    rows = tuple(row for outcome in outcomes for row in outcome.rows)
    notes = [own_names(run, text) for text in _nulls(rows)]
    if any(row.p_value is not None for row in rows) and run.spec.study.stars:
        notes.append(star_text(run.spec.study.stars))
    notes += [own_names(run, text) for text in conventions(rows)]
    columns = _each(column for outcome in outcomes for column in outcome.columns)
    if columns:
        notes.append(f"on the sample of {', '.join(columns)}")
    notes += [text for outcome in outcomes for text in left_out(outcome)]
    notes += _each(own_names(run, notice.message) for row in rows for notice in row.notices)
    for outcome in outcomes:
        for failure in outcome.failures:
            code = f" ({failure.code})" if failure.code else ""
            notes.append(f"not done: {failure.task or outcome.name}: {failure.message}{code}")
    return _each(notes)


def own_names(run: Run, text: str) -> str:
    """What a test says of `id`, with the panel's own name of its unit: "clustered by province"."""
    own = run.panel.id if run.panel is not None else ""
    return re.sub(r"(?<!fe\()\bid\b", lambda _: own, text) if own else text


def _nulls(rows: tuple[TestResult, ...]) -> list[str]:
    """`H0: …`, with the tests it is of where there are several."""
    tests: dict[str, list[str]] = {}
    for row in rows:
        if row.null and row.test not in tests.setdefault(row.null, []):
            tests[row.null].append(row.test)
    if len({test for found in tests.values() for test in found}) < 2 or len(tests) < 2:
        return [f"H0: {null}" for null in tests]
    return [f"H0 of {', '.join(found)}: {null}" for null, found in tests.items()]


def conventions(rows: Iterable[TestResult]) -> list[str]:
    """`Fisher-ADF (P, Z, L*, Pm): p values of MacKinnon (1994)`: each convention once, with the statistics it is of."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.convention:
            names = found.setdefault((row.test, row.convention), [])
            if row.statistic not in names:
                names.append(row.statistic)
    return [f"{test} ({', '.join(names)}): {text}" for (test, text), names in found.items()]


def left_out(outcome: TestOutcome) -> list[str]:
    """The units that took no part, by name."""
    by_reason: dict[str, list[str]] = {}
    for unit, reason in outcome.left_out:
        by_reason.setdefault(reason, []).append(unit)
    return [f"left out ({reason}): {', '.join(units)}" for reason, units in by_reason.items()]


def _each(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
