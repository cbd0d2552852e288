"""`hausman(m)`: fixed against random effects, on the sample and regressors of a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carbonspec.econometrics.hypothesis_tests import hausman
from carbonspec.engine.frame import PanelData
from carbonspec.engine.testing.columns import designs
from carbonspec.engine.testing.outcome import outcome_of
from carbonspec.planner.task import TestWork
from carbonspec.report.run import TestOutcome


def carry_out(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> TestOutcome:  # noqa: ARG001
    """The classic statistic and Mundlak's, for every column selected."""
    found = designs(data, work)
    reports = tuple(hausman.run(column.design) for column in found)
    return outcome_of(data, work, reports, tuple(column.name for column in found))
