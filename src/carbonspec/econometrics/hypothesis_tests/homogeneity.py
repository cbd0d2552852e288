"""Slope homogeneity: Pesaran and Yamagata (2008)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from carbonspec.econometrics.design import Design
from carbonspec.econometrics.hypothesis_tests.distributions import normal_two_sided
from carbonspec.econometrics.hypothesis_tests.regressions import by_unit, pooled_triangle
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult, exclusion_notices
from carbonspec.econometrics.results import EstimationError


def run(design: Design) -> TestReport:
    """Delta and adjusted Delta (default row) of the slopes of all regressors, units having constants of their own.

    S = Σ (b_i - β_w)'(X'MX/s_i²)(b_i - β_w), s_i² = e'e/(T_i - 1) with e of the fixed-effects slopes, β_w the mean of
    the b_i weighted by X'MX/s_i². Each unit counts with its own T_i.

    Raises
    ------
    EstimationError: E520 fewer than two units with T > k + 1, E513 weights.
    """
    single = by_unit(design)
    N, k = single.series.count, len(design.terms)
    if N < 2:
        raise EstimationError("E520", "slopes of fewer than two units cannot be compared")
    if not k:
        raise EstimationError("E525", "the model has no slopes to compare")
    T = single.length.astype(np.float64)
    R = single.within
    pooled = pooled_triangle(R)
    common = np.linalg.solve(pooled[:k, :k], pooled[:k, k])
    X, y = R[:, :k, :k], R[:, :k, k]
    gap = np.concatenate([y - X @ common, R[:, k:, k]], axis=1)
    variance = np.square(gap).sum(axis=1) / (T - 1)
    scale = 1 / np.sqrt(variance)
    weighted = pooled_triangle(R * scale[:, None, None])
    centre = np.linalg.solve(weighted[:k, :k], weighted[:k, k])
    share = np.square((y - X @ centre) * scale[:, None]).sum(axis=1)
    S = float(share.sum())
    delta = float((S - N * k) / np.sqrt(2 * k * N))
    adjusted = float((S - N * k) / np.sqrt((2 * k * (T - k - 1) / (T + 1)).sum()))
    base = TestResult(
        test="Slope homogeneity",
        statistic="adjusted Delta",
        value=adjusted,
        p_value=normal_two_sided(adjusted),
        reference="normal",
        null="slopes are the same in all units",
        alternative="slopes differ between units",
        tail="two-sided",
        variable=design.outcome,
        n=int(T.sum()),
        n_units=N,
        t_min=int(T.min()),
        t_max=int(T.max()),
        convention="variance of Swamy's statistic for finite T",
        excluded=single.series.excluded,
        notices=single.series.notices + exclusion_notices(single.series.excluded, N),
        details={"S": S},
    )
    plain = replace(
        base,
        statistic="Delta",
        value=delta,
        p_value=normal_two_sided(delta),
        default=False,
        convention="variance for large T",
    )
    return TestReport((base, plain), single.series.units, {"S": share})
