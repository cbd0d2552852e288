"""Rows of published files that hold a test's statistics, and what the run has for each of their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from carbonspec.econometrics.hypothesis_tests.results import TestResult
from carbonspec.lang.spec import ResultItem, Table
from carbonspec.report.compose.granger import NAMES as GRANGER
from carbonspec.report.compose.unit_roots import NAMES as METHODS
from carbonspec.report.run import Run, TestOutcome
from carbonspec.report.terms import Labels, term_key

Printed = tuple[str, str, str, float | None]
"""(column of the file, what the row is called, the number as printed, the number obtained)."""


def tests_of(run: Run, table: Table) -> list[TestOutcome]:
    """The tests of a table."""
    names = [item.selection.model for item in table.items if isinstance(item, ResultItem)]
    return [run.tests[name] for name in names if name in run.tests]


def printed_rows(outcomes: list[TestOutcome], row: Mapping[str, str], labels: Labels) -> Iterator[Printed]:
    """The numbers of a row of a file: of unit roots (`variable`, `test`) or of Granger tests (`statistic`, `value`)."""
    if "test" in row and "variable" in row:
        found = _unit_root(outcomes, row, labels)
        term = f"{row['variable']} {row['test']}"
        yield "statistic", term, row.get("statistic", ""), None if found is None else found.value
        yield "p_value", term, row.get("p_value", ""), None if found is None else found.p_value
        return
    term = row.get("statistic", "").strip()
    value, p = _granger(outcomes, row, term)
    yield "value", term, row.get("value", ""), value
    yield "p_value", term, row.get("p_value", ""), p


def _unit_root(outcomes: list[TestOutcome], row: Mapping[str, str], labels: Labels) -> TestResult | None:
    """The row of a variable and a test; the statistic to print unless the file's `name` says which."""
    name, test, wanted = (row.get(key, "").strip() for key in ("variable", "test", "name"))
    for outcome in outcomes:
        for found, keys in zip(outcome.rows, outcome.keys, strict=True):
            variable, method = keys.get("variable", ""), keys.get("test", "")
            if term_key(variable) != term_key(name) and labels.term(variable) != name:
                continue
            if test.lower() not in (method, METHODS.get(method, "").lower()):
                continue
            if found.default if not wanted else wanted in (found.statistic, keys["statistic"]):
                return found
    return None


def _granger(outcomes: list[TestOutcome], row: Mapping[str, str], term: str) -> tuple[float | None, float | None]:
    """The statistic of the direction that the file names, else of the first."""
    for outcome in outcomes:
        for found, keys in zip(outcome.rows, outcome.keys, strict=True):
            wanted = [(key, row[key].strip()) for key in ("cause", "outcome") if row.get(key, "").strip()]
            if any(term_key(keys.get(key, "")) != term_key(value) for key, value in wanted):
                continue
            if term.lower() == "lag order" and found.lags:
                return float(found.lags[0]), None
            if term.lower() in (GRANGER.get(keys["statistic"], "").lower(), keys["statistic"]):
                return found.value, found.p_value
    return None, None
