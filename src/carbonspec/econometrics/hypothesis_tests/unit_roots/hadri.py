"""Hadri (2000): stationarity as the null."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray, Groups
from carbonspec.econometrics.hypothesis_tests.distributions import normal_right
from carbonspec.econometrics.hypothesis_tests.results import Excluded, TestReport, TestResult
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import Lags, check
from carbonspec.econometrics.hypothesis_tests.unit_roots.rows import need_balanced, shared
from carbonspec.econometrics.hypothesis_tests.unit_series import collect
from carbonspec.econometrics.results import EstimationError, Notice

MOMENTS = {"const": (1 / 6, 1 / 45), "trend": (1 / 15, 11 / 6300)}


def run(
    values: FloatArray,
    unit: Groups,
    period: Groups,
    variable: str,
    *,
    deterministic: str = "const",
    pooled: bool = False,
    dfcor: bool = False,
    bandwidth: int = 0,
    demean: bool = False,
) -> TestReport:
    """z of the mean LM statistic; large values reject stationarity.

    Parameters
    ----------
    values: (n,) a variable of a balanced panel.
    pooled: one residual variance for all units; otherwise one each.
    dfcor: variances over T - 1 (const) or T - 2 (trend) instead of T.
    bandwidth: Bartlett lags of the long-run variance, 0 for the plain one.

    Raises
    ------
    EstimationError: E520 no unit is left, E521 unbalanced, E523 an option that does not exist, E524 infinite values.
    """
    check(Lags(0), deterministic, tuple(MOMENTS))
    parameters = 1 + (deterministic == "trend")
    series = collect(values, unit, period, variable, shortest=parameters + 2, demean=demean)
    need_balanced(series, "Hadri")
    T = int(series.length[0])
    if not 0 <= bandwidth < T:
        raise EstimationError("E523", f"the bandwidth must lie between 0 and {T - 1}, not at {bandwidth}")
    Y = series.values[:, :, 0]
    e = Y - Y.mean(axis=1, keepdims=True)
    if deterministic == "trend":
        time = np.arange(T) - (T - 1) / 2
        e = e - np.outer(e @ time / (time @ time), time)
    flat = np.sqrt(np.square(e).sum(axis=1)) <= 1e-9 * np.linalg.norm(Y, axis=1)
    if flat.any():
        reasons = tuple(Excluded(int(series.units[i]), "explained without error") for i in np.flatnonzero(flat))
        series, e = series.keep(np.flatnonzero(~flat), reasons), e[~flat]
    total = np.square(e).sum(axis=1)
    for lag in range(1, bandwidth + 1):
        total += 2 * (1 - lag / (bandwidth + 1)) * (e[:, lag:] * e[:, :-lag]).sum(axis=1)
    variance = total / (T - parameters if dfcor else T)
    squares = np.square(np.cumsum(e, axis=1)).sum(axis=1) / T**2
    by_unit = squares / variance
    LM = float(squares.mean() / variance.mean() if pooled else by_unit.mean())
    mean, spread = MOMENTS[deterministic]
    value = float(np.sqrt(series.count) * (LM - mean) / np.sqrt(spread))
    facts = shared(series, deterministic, demean)
    if not bandwidth:
        message = "Hadri takes errors as independent over time; where they are not it nearly always rejects"
        facts["notices"] += (Notice("N524", message),)
    row = TestResult(
        test="Hadri",
        statistic="z",
        value=value,
        p_value=normal_right(value),
        reference="normal",
        null="all series are stationary" + (" around a trend" if deterministic == "trend" else ""),
        alternative="some series have a unit root",
        tail="right",
        bandwidth=bandwidth,
        convention=("one residual variance" if pooled else "a residual variance for each unit")
        + (f" over T - {parameters}" if dfcor else " over T"),
        details={"LM": LM},
        **facts,
    )
    return TestReport((row,), series.units, {"LM": by_unit})
