"""Pesaran (2007): unit roots where a common factor moves all units (CIPS)."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray, Groups
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.hypothesis_tests.unit_roots import tables
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import Lags, check, prepare, regress
from carbonspec.econometrics.hypothesis_tests.unit_roots.rows import SOME_STATIONARY, UNIT_ROOT, shared
from carbonspec.econometrics.hypothesis_tests.unit_series import UnitSeries
from carbonspec.econometrics.results import EstimationError, Notice

LIMITS = {"const": (-6.19, 2.61), "trend": (-6.42, 1.70)}
SHORTEST = 10


def run(
    values: FloatArray,
    unit: Groups,
    period: Groups,
    variable: str,
    *,
    lags: int = 1,
    deterministic: str = "const",
    truncated: bool = False,
) -> TestReport:
    """Mean t of y_t-1 in regressions that add ȳ_t-1, Δȳ_t .. Δȳ_t-p, ȳ the mean of the period over the units tested.

    There is no p value: `p_bounds` brackets it between the critical values at 1, 5 and 10 % (in `details`).
    truncated: t ratios cut at Pesaran's limits, for short T.

    Raises
    ------
    EstimationError: E520 no unit is left, E522 T < 10, E523 an option that does not exist, E524 infinite values.
    """
    rule = Lags(lags)
    check(rule, deterministic, tuple(LIMITS))
    longest = int(unit.sizes.max(initial=0))
    if longest < SHORTEST:
        raise _too_short(variable, longest)
    series = prepare(values, unit, period, variable, rule, deterministic, False, extra=2 + lags)
    if series.count < 2:
        raise EstimationError("E520", "CIPS needs at least two units: the period means are the factor")
    T = float(series.length.mean())
    if T < SHORTEST:
        raise _too_short(variable, T)
    found = regress(series, rule, deterministic, _factors(series, lags))
    low, high = LIMITS[deterministic]
    t = np.clip(found.t, low, high) if truncated else found.t
    value = float(t.mean())
    N = found.series.count
    critical = tables.cips_critical(T, N, deterministic)
    facts = shared(found.series, deterministic, False, found.lags, rule)
    if tables.CIPS_N[0] > N:
        message = f"CIPS: N = {N} lies outside the table of critical values, which begins at 10; its column was used"
        facts["notices"] += (Notice("W522", message),)
    if (series.length != series.length[0]).any():
        facts["notices"] += (Notice("N525", f"CIPS: critical values at the mean T = {T:.1f} of an unbalanced panel"),)
    cut = int(np.count_nonzero((found.t < low) | (found.t > high)))
    if cut and not truncated:
        message = f"CIPS: {cut} t ratios lie beyond Pesaran's limits ({low}, {high}); compare with truncated = true"
        facts["notices"] += (Notice("N525", message),)
    if truncated and T < 20:
        message = "CIPS: critical values are those of the untruncated statistic, which differ below T = 20"
        facts["notices"] += (Notice("N525", message),)
    row = TestResult(
        test="Pesaran CIPS",
        statistic="CIPS*" if truncated else "CIPS",
        value=value,
        p_value=None,
        reference="table",
        null=UNIT_ROOT,
        alternative=SOME_STATIONARY,
        tail="left",
        p_bounds=_bracket(value, critical),
        convention="critical values of Pesaran (2007), linear in N and T",
        details={f"critical value {100 * level:g}%": c for level, c in zip(tables.CIPS_LEVELS, critical, strict=True)},
        **facts,
    )
    return TestReport((row,), found.series.units, {"t": found.t})


def _too_short(variable: str, T: float) -> EstimationError:
    return EstimationError("E522", f"CIPS has no critical values below T = {SHORTEST}; in {variable} T is {T:g}")


def _bracket(value: float, critical: tuple[float, ...]) -> tuple[float, float]:
    """Between which levels the p value lies."""
    low = 0.0
    for level, c in zip(tables.CIPS_LEVELS, critical, strict=True):
        if value < c:
            return low, level
        low = level
    return low, 1.0


def _factors(series: UnitSeries, p: int) -> FloatArray:
    """(N, T, 2 + p) ȳ_t-1, Δȳ_t, .., Δȳ_t-p at each unit's own periods."""
    Y = series.values[:, :, 0]
    first = int(series.start.min())
    column = series.start[:, None] - first + np.arange(Y.shape[1])
    there = np.arange(Y.shape[1]) < series.length[:, None]
    count = np.bincount(column[there])
    mean = np.bincount(column[there], Y[there]) / np.maximum(count, 1)
    lagged = np.concatenate([[0.0], mean[:-1]])
    change = mean - lagged
    padded = np.concatenate([np.zeros(p), change])
    table = np.column_stack([lagged, *(padded[p - lag : p - lag + len(mean)] for lag in range(p + 1))])
    return np.asarray(table[np.minimum(column, len(mean) - 1)] * there[:, :, None])
