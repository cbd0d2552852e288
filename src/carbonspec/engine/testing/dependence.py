"""`dependence(m)` of a column's residuals, `dependence(Ce, Open)` of variables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from carbonspec.econometrics.hypothesis_tests import dependence
from carbonspec.engine.frame import PanelData
from carbonspec.engine.testing import of_columns
from carbonspec.engine.testing.outcome import TestPart, outcome_of
from carbonspec.engine.testing.series import series
from carbonspec.planner.task import TestWork
from carbonspec.report.run import TestOutcome


def carry_out(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> TestOutcome:
    """CD, LM and scaled LM."""
    if work.test.selections:
        return of_columns.carry_out(data, work, results)
    found = series(data)
    parts = [
        TestPart(
            f"dependence of {term.name}",
            {"variable": term.name},
            "dependence",
            partial(dependence.of_variable, found.values(term), found.unit, found.period, term.name),
        )
        for term in work.test.terms
    ]
    return outcome_of(data, work, parts)
