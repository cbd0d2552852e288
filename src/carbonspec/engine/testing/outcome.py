"""One test of a study: from its work to its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from carbonspec.econometrics.hypothesis_tests.results import TestReport
from carbonspec.engine.frame import PanelData
from carbonspec.planner.task import TestWork
from carbonspec.report.run import TestOutcome


def carry_out(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> TestOutcome:
    """What a test gives. `results` are those of the tasks it takes as inputs, by task name.

    Raises
    ------
    DataError, EstimationError: the test cannot be done.
    """
    adapter = import_module(f"carbonspec.engine.testing.{work.test.function}")
    outcome: TestOutcome = adapter.carry_out(data, work, results)
    return outcome


def outcome_of(
    data: PanelData, work: TestWork, reports: tuple[TestReport, ...], columns: tuple[str, ...]
) -> TestOutcome:
    """The rows of one or several reports, with the names of the units left out."""
    left_out = dict.fromkeys(
        (unit_name(data, excluded.unit), excluded.reason)
        for report in reports
        for row in report.rows
        for excluded in row.excluded
    )
    rows = tuple(row for report in reports for row in report.rows)
    draws = {name: values for report in reports for name, values in report.draws.items()}
    return TestOutcome(work.test.name, work.test.function, rows, tuple(left_out), columns, draws)


def unit_name(data: PanelData, unit: int) -> str:
    """A unit as the data call it."""
    row = int((data.unit == unit).argmax())
    return data.shown(row).rpartition(", ")[0]
