"""Im, Pesaran and Shin (2003): the mean of the units' Dickey-Fuller t ratios."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray, Groups
from carbonspec.econometrics.hypothesis_tests.distributions import normal_left
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.hypothesis_tests.unit_roots import tables
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import (
    ONE_LAG,
    Lags,
    Regressions,
    check,
    prepare,
    regress,
)
from carbonspec.econometrics.hypothesis_tests.unit_roots.rows import (
    SOME_STATIONARY,
    UNIT_ROOT,
    Shared,
    outside,
    shared,
)
from carbonspec.econometrics.hypothesis_tests.unit_series import BoolArray
from carbonspec.econometrics.results import EstimationError, Notice

TEST = "Im-Pesaran-Shin"
MOST_LAGS = len(tables.IPS_MEAN["const"]) - 1


def run(
    values: FloatArray,
    unit: Groups,
    period: Groups,
    variable: str,
    *,
    lags: Lags = ONE_LAG,
    deterministic: str = "const",
    demean: bool = False,
) -> TestReport:
    """W-t-bar, and without lags Z-t-tilde-bar, whose moments are exact for each T; small values reject.

    Z-t-tilde-bar is the default without lags (as in Stata); it is tabulated with a constant only.

    Raises
    ------
    EstimationError: E520 no unit is left, E523 an option that does not exist, E524 infinite values.
    """
    check(lags, deterministic, ("const", "trend"))
    if lags.longest > MOST_LAGS:
        raise EstimationError("E523", f"the moments of {TEST} are tabulated for up to {MOST_LAGS} lags")
    series = prepare(values, unit, period, variable, lags, deterministic, demean)
    found = regress(series, lags, deterministic)
    facts = shared(found.series, deterministic, demean, found.lags, lags)
    no_lags = lags.longest == 0
    exact = no_lags and deterministic == "const"
    rows = [_w(found, facts, default=not exact)]
    by_unit = {"t": found.t, "lags": found.lags.astype(np.float64)}
    if exact:
        by_unit["t-tilde"] = _tilde(found)
        rows.insert(0, _z(found, by_unit["t-tilde"], facts))
    return TestReport(tuple(rows), found.series.units, by_unit)


def _w(found: Regressions, facts: Shared, default: bool) -> TestResult:
    mean, variance, below = tables.ips_moments(found.rows.astype(np.float64), found.lags, found.deterministic)
    bar = float(found.t.mean())
    value = float(np.sqrt(len(found.t)) * (bar - mean.mean()) / np.sqrt(variance.mean()))
    details = {"t-bar": bar, "mean of t": float(mean.mean()), "variance of t": float(variance.mean())}
    return _row("W-t-bar", value, facts, _short(found, below, tables.IPS_T[0]), details, default)


def _z(found: Regressions, tilde: FloatArray, facts: Shared) -> TestResult:
    mean, variance, below = tables.tilde_moments(found.rows.astype(np.float64))
    bar = float(tilde.mean())
    value = float(np.sqrt(len(tilde)) * (bar - mean.mean()) / np.sqrt(variance.mean()))
    details = {"t-tilde-bar": bar, "mean of t-tilde": float(mean.mean()), "variance of t-tilde": float(variance.mean())}
    return _row("Z-t-tilde-bar", value, facts, _short(found, below, tables.TILDE_T[0]), details, True)


def _tilde(found: Regressions) -> FloatArray:
    """t ratios with the variance of the regression without y_t-1."""
    cross = found.ve / np.sqrt(found.vv)
    restricted = (found.ssr + np.square(cross)) / (found.rows - 1)
    return np.asarray(cross / np.sqrt(restricted))


def _short(found: Regressions, below: BoolArray, least: float) -> tuple[Notice, ...]:
    if not below.any():
        return ()
    first = outside(TEST, float(found.rows[below].min()), float(least), "moments")
    share = "" if below.all() else f" ({int(np.count_nonzero(below))} of {len(below)} units)"
    return (Notice(first.kind, first.message + share),)


def _row(
    statistic: str, value: float, facts: Shared, notices: tuple[Notice, ...], details: dict[str, float], default: bool
) -> TestResult:
    told: Shared = {**facts, "notices": facts["notices"] + notices}
    return TestResult(
        test=TEST,
        statistic=statistic,
        value=value,
        p_value=normal_left(value),
        reference="normal",
        null=UNIT_ROOT,
        alternative=SOME_STATIONARY,
        tail="left",
        default=default,
        convention="t ratios with the residual variance over T - p - 1 less the number of coefficients; "
        "moments at T - p - 1",
        details=details,
        **told,
    )
