"""Levin, Lin and Chu (2002): one autoregressive coefficient for all units."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray, Groups
from carbonspec.econometrics.hypothesis_tests.distributions import normal_left
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.hypothesis_tests.unit_roots import tables
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import ONE_LAG, Lags, prepare, regress
from carbonspec.econometrics.hypothesis_tests.unit_roots.rows import UNIT_ROOT, need_balanced, outside, shared
from carbonspec.econometrics.results import EstimationError, Notice

NARROW = 0.05
"""A bandwidth up to this share of T leaves the size of the test near its nominal one (by simulation)."""


def run(
    values: FloatArray,
    unit: Groups,
    period: Groups,
    variable: str,
    *,
    lags: Lags = ONE_LAG,
    deterministic: str = "const",
    demean: bool = False,
    bandwidth: int | None = None,
    whole_series: bool = False,
) -> TestReport:
    """t* of the pooled regression of ê on v̂, adjusted to a standard normal; small values reject.

    Parameters
    ----------
    values: (n,) a variable of a balanced panel.
    bandwidth: of the Bartlett kernel for the long-run variance; None takes floor(3.21 T^(1/3)), at
        most T - 2.
    whole_series: look the adjustments up at T, as plm and gretl do, instead of T - p - 1.

    Raises
    ------
    EstimationError: E520 no unit is left, E521 unbalanced, E523 an option that does not exist, E524 infinite values.
    """
    series = prepare(values, unit, period, variable, lags, deterministic, demean)
    need_balanced(series, "Levin-Lin-Chu")
    found = regress(series, lags, deterministic)
    series = found.series
    N, T = series.count, int(series.length[0])
    q = min(int(3.21 * T ** (1 / 3)), T - 2) if bandwidth is None else bandwidth
    if not 0 <= q < T - 1:
        raise EstimationError("E523", f"the bandwidth must lie between 0 and {T - 2}, not at {q}")
    variance = found.ssr / found.rows
    ve, vv, ee = (float((part / variance).sum()) for part in (found.ve, found.vv, found.ssr + found.ve**2 / found.vv))
    delta = ve / vv
    mean_T = float(found.rows.mean())
    sigma2 = (ee - delta * ve) / (N * mean_T)
    se = np.sqrt(sigma2 / vv)
    t = delta / se
    ratio = np.sqrt(_long_run(np.diff(series.values[:, :, 0], axis=1), deterministic, q) / variance)
    S = float(ratio.mean())
    at = float(T) if whole_series else mean_T
    mean, sd, below = tables.llc_moments(at, deterministic)
    value = float((t - N * mean_T * S * se * mean / sigma2) / sd)
    facts = shared(series, deterministic, demean, found.lags, lags)
    if below:
        facts["notices"] += (outside("Levin-Lin-Chu", at, tables.LLC_T[0], "adjustments"),)
    if q > NARROW * T:
        message = (
            f"Levin-Lin-Chu: a bandwidth of {q} is wide for T = {T}: the long-run variance comes out too small, and "
            "true unit roots are rejected far too often (at 5 %, of 30 simulated random walks: 96 % of the time with "
            "T = 9, 62 % with 20, 28 % with 50); compare with `llc(bandwidth = 0)`"
        )
        facts["notices"] += (Notice("W525", message),)
    row = TestResult(
        test="Levin-Lin-Chu",
        statistic="t*",
        value=value,
        p_value=normal_left(value),
        reference="normal",
        null=UNIT_ROOT,
        alternative="all series are stationary, with one coefficient",
        tail="left",
        bandwidth=q,
        convention=f"Bartlett, {q} lags; adjustments at {'T' if whole_series else 'T - p - 1'} = {at:g}",
        details={"delta": delta, "t": float(t), "mean ratio of standard deviations": S, "mu*": mean, "sigma*": sd},
        **facts,
    )
    return TestReport((row,), series.units, {"t": found.t, "lags": found.lags.astype(np.float64), "ratio": ratio})


def _long_run(change: FloatArray, deterministic: str, q: int) -> FloatArray:
    """(N,) long-run variances of changes (N, T - 1) less their mean (const) or trend (trend)."""
    m = change.shape[1]
    if deterministic != "none":
        change = change - change.mean(axis=1, keepdims=True)
    if deterministic == "trend":
        time = np.arange(m) - (m - 1) / 2
        change = change - np.outer(change @ time / (time @ time), time)
    total = np.square(change).sum(axis=1)
    for lag in range(1, q + 1):
        total += 2 * (1 - lag / (q + 1)) * (change[:, lag:] * change[:, :-lag]).sum(axis=1)
    return np.asarray(total / m)
