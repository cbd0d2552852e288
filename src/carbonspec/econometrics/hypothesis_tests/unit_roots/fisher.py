"""Fisher-type tests: p values of the units' Dickey-Fuller or Phillips-Perron statistics combined.

Maddala and Wu (1999) P; Choi (2001) Z, L* and Pm.
"""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray, Groups
from carbonspec.econometrics.hypothesis_tests.distributions import chi2_right, normal_left, normal_right, t_left
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.hypothesis_tests.unit_roots import phillips_perron
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import (
    ONE_LAG,
    Lags,
    check,
    prepare,
    regress,
)
from carbonspec.econometrics.hypothesis_tests.unit_roots.mackinnon import p_values
from carbonspec.econometrics.hypothesis_tests.unit_roots.rows import SOME_STATIONARY, UNIT_ROOT, Shared, shared
from carbonspec.econometrics.results import EstimationError, Notice

SMALLEST = 1e-16
LARGEST = 1 - 1.1e-16

LONG = 50
"""From this many periods on, the size of P is below 0.1 at a nominal 0.05 (by simulation)."""


def adf(
    values: FloatArray,
    unit: Groups,
    period: Groups,
    variable: str,
    *,
    lags: Lags = ONE_LAG,
    deterministic: str = "const",
    demean: bool = False,
) -> TestReport:
    """P, Z, L* and Pm of augmented Dickey-Fuller regressions with MacKinnon (1994) p values; P is the default row.

    Raises
    ------
    EstimationError: E520 no unit is left, E523 an option that does not exist, E524 infinite values.
    """
    series = prepare(values, unit, period, variable, lags, deterministic, demean)
    found = regress(series, lags, deterministic)
    facts = shared(found.series, deterministic, demean, found.lags, lags)
    p = p_values(found.t, deterministic)
    rows = combine("Fisher-ADF", p, facts, None)
    by_unit = {"t": found.t, "p": p, "lags": found.lags.astype(np.float64)}
    return TestReport(rows, found.series.units, by_unit)


def pp(
    values: FloatArray,
    unit: Groups,
    period: Groups,
    variable: str,
    *,
    bandwidth: int | None = None,
    deterministic: str = "const",
    demean: bool = False,
) -> TestReport:
    """P, Z, L* and Pm of Phillips-Perron Z_t with MacKinnon (1994) p values; P is the default row.

    bandwidth: Newey-West lags; None takes floor(4 (T/100)^(2/9)) at the mean T, as Stata's `pperron`.

    Raises
    ------
    EstimationError: E520 no unit is left, E523 an option that does not exist, E524 infinite values.
    """
    check(Lags(0), deterministic)
    least = 0 if bandwidth is None else bandwidth
    if least < 0:
        raise EstimationError("E523", f"the bandwidth cannot be negative ({least})")
    series = prepare(values, unit, period, variable, Lags(0), deterministic, demean)
    q = int(4 * (float(series.length.mean()) / 100) ** (2 / 9)) if bandwidth is None else bandwidth
    if q >= series.length.min() - 1:
        raise EstimationError("E523", f"a bandwidth of {q} needs more than {q + 1} periods")
    found = phillips_perron.regress(series, deterministic, q)
    p = p_values(found.z, deterministic)
    rows = combine("Fisher-PP", p, shared(found.series, deterministic, demean), q)
    return TestReport(rows, found.series.units, {"z": found.z, "p": p})


def combine(test: str, p: FloatArray, facts: Shared, bandwidth: int | None) -> tuple[TestResult, ...]:
    """The four statistics of p values (N,); p below 1e-16 or next to 1 are moved inside and counted."""
    from scipy.special import ndtri

    N = len(p)
    inside = np.clip(p, SMALLEST, LARGEST)
    moved = int(np.count_nonzero(inside != p))
    if moved:
        message = (
            f"{moved} of {N} p values {'was' if moved == 1 else 'were'} beyond 1e-16 or 1 - 1.1e-16 and set to these"
        )
        facts = {**facts, "notices": (*facts["notices"], Notice("W523", f"{test}: {message}"))}
    T = facts["t_min"]
    if T < LONG:
        message = (
            f"{test}: p values of single series are asymptotic; with T = {T}, P and Pm reject true unit roots too "
            "often, and Z less so"
        )
        facts = {**facts, "notices": (*facts["notices"], Notice("W525", message))}
    logs = np.log(inside)
    P = float(-2 * logs.sum())
    Z = float(ndtri(inside).sum() / np.sqrt(N))
    scale = np.sqrt(3 * (5 * N + 4) / (np.pi**2 * N * (5 * N + 2)))
    L = float(scale * (logs - np.log1p(-inside)).sum())
    Pm = float((P - 2 * N) / np.sqrt(4 * N))
    statistics = (
        ("P", P, chi2_right(P, 2 * N), "chi2", (2.0 * N,), "right"),
        ("Z", Z, normal_left(Z), "normal", (), "left"),
        ("L*", L, t_left(L, 5 * N + 4), "t", (5.0 * N + 4,), "left"),
        ("Pm", Pm, normal_right(Pm), "normal", (), "right"),
    )
    return tuple(
        TestResult(
            test=test,
            statistic=name,
            value=value,
            p_value=p_value,
            reference=reference,
            null=UNIT_ROOT,
            alternative=SOME_STATIONARY,
            df=df,
            tail=tail,
            bandwidth=bandwidth,
            default=name == "P",
            convention="p values of MacKinnon (1994)" + ("" if bandwidth is None else f"; Bartlett, {bandwidth} lags"),
            **facts,
        )
        for name, value, p_value, reference, df, tail in statistics
    )
