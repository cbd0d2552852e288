"""`unitroot(Ce, Open) using llc, ips lags 1`: each method on each variable."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from carbonspec.econometrics.hypothesis_tests.results import TestReport
from carbonspec.econometrics.hypothesis_tests.unit_roots import cips, fisher, hadri, ips, llc
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import Lags
from carbonspec.econometrics.results import EstimationError
from carbonspec.engine.frame import PanelData
from carbonspec.engine.testing.outcome import TestPart, outcome_of
from carbonspec.engine.testing.series import PanelSeries, series
from carbonspec.engine.testing.settings import TestSettings
from carbonspec.lang.spec import Term
from carbonspec.planner.task import TestWork
from carbonspec.report.run import TestOutcome

DETERMINISTIC = {"none": "none", "constant": "const", "linear": "trend"}


def carry_out(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> TestOutcome:  # noqa: ARG001
    """Every method asked for (by default Im-Pesaran-Shin), variable by variable."""
    said, panel = TestSettings(work.test), series(data)
    parts = [
        TestPart(
            f"{method} of {term.name}",
            {"variable": term.name, "test": method},
            method,
            partial(_run, method, panel, term, said),
        )
        for term in work.test.terms
        for method in said.words("using") or ("ips",)
    ]
    return outcome_of(data, work, parts)


def _run(method: str, panel: PanelSeries, term: Term, said: TestSettings) -> TestReport:
    values = panel.values(term)
    place = (values, panel.unit, panel.period, term.name)
    lags = chosen_lags(said, values, panel)
    trend = DETERMINISTIC[said.word("trend", "constant")]
    demean = bool(said.word("demean"))
    bandwidth = said.number(f"{method}.bandwidth")
    if method == "llc":
        whole = said.word("llc.moments") == "series"
        return llc.run(*place, lags=lags, deterministic=trend, demean=demean, bandwidth=bandwidth, whole_series=whole)
    if method == "ips":
        return ips.run(*place, lags=lags, deterministic=trend, demean=demean)
    if method == "fisher_adf":
        return fisher.adf(*place, lags=lags, deterministic=trend, demean=demean)
    if method == "fisher_pp":
        return fisher.pp(*place, bandwidth=bandwidth, deterministic=trend, demean=demean)
    if method == "hadri":
        return hadri.run(
            *place,
            deterministic=trend,
            pooled=said.word("hadri.variance") == "pooled",
            dfcor=said.word("hadri.divisor") == "df",
            bandwidth=bandwidth or 0,
            demean=demean,
        )
    if not isinstance(lags.rule, int):
        raise EstimationError("E523", "CIPS takes a fixed number of lags: the period means enter with the same ones")
    if demean:
        raise EstimationError("E523", "CIPS takes no `demean`: the period means are in its regressions already")
    return cips.run(*place, lags=lags.rule, deterministic=trend, truncated=said.word("cips.form") == "truncated")


def chosen_lags(said: TestSettings, values: np.ndarray, panel: PanelSeries, least: int = 0) -> Lags:
    """`lags`: 1 by default; a criterion without `most` looks at up to T^(1/3) lags, T of the longest unit."""
    fixed = said.number("lags")
    if fixed is not None:
        return Lags(fixed)
    rule = said.word("lags")
    if not rule:
        return Lags(1)
    longest = int(np.bincount(panel.unit.codes[~np.isnan(values)], minlength=1).max(initial=1))
    most = said.number("lags.most")
    return Lags(rule, most if most is not None else max(1, least, int(round(longest ** (1 / 3), 9))))
