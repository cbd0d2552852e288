"""`granger(Open -> Ce, Ce -> Open) lags 1 bootstrap 1000`: each arrow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from carbonspec.econometrics.hypothesis_tests import granger
from carbonspec.econometrics.hypothesis_tests.results import TestReport
from carbonspec.econometrics.results import EstimationError, Notice
from carbonspec.engine.frame import PanelData
from carbonspec.engine.testing.outcome import TestPart, outcome_of
from carbonspec.engine.testing.series import PanelSeries, series
from carbonspec.engine.testing.settings import TestSettings
from carbonspec.engine.testing.unit_roots import chosen_lags
from carbonspec.lang.spec import Term
from carbonspec.planner.task import TestWork
from carbonspec.report.run import TestOutcome


def carry_out(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> TestOutcome:  # noqa: ARG001
    """Z-tilde, Z-bar and W-bar of every arrow, and bootstrap p values where they are asked for."""
    panel, terms = series(data), work.test.terms
    parts = [
        TestPart(
            f"{cause.name} -> {outcome.name}",
            {"cause": cause.name, "outcome": outcome.name},
            "granger",
            partial(_run, panel, cause, outcome, work),
        )
        for cause, outcome in zip(terms[::2], terms[1::2], strict=True)
    ]
    return outcome_of(data, work, parts)


def _run(panel: PanelSeries, cause: Term, outcome: Term, work: TestWork) -> TestReport:
    said = TestSettings(work.test)
    y, x = panel.values(outcome), panel.values(cause)
    lags = chosen_lags(said, np.where(np.isnan(x), np.nan, y), panel, 1)
    draws = said.number("bootstrap")
    choice = None
    if draws is not None:
        task = f"test {work.test.stream} {cause.name} -> {outcome.name}"
        choice = granger.Bootstrap(draws, (work.seed, task))
    run = partial(granger.run, y, x, panel.unit, panel.period, outcome.name, cause.name, lags=lags.rule, most=lags.most)
    if choice is None:
        return run()
    try:
        return run(bootstrap=choice)
    except EstimationError as problem:
        if problem.code != "E521":
            raise
        told = Notice("N525", f"no bootstrap p values: {problem.message}")
        report = run()
        return replace(report, rows=tuple(replace(row, notices=(*row.notices, told)) for row in report.rows))
