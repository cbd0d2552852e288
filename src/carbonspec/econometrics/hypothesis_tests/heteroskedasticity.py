"""Groupwise heteroskedasticity: the modified Wald test (Greene), as Baum's (2001) xttest3."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import Design
from carbonspec.econometrics.hypothesis_tests.distributions import chi2_right
from carbonspec.econometrics.hypothesis_tests.regressions import residuals
from carbonspec.econometrics.hypothesis_tests.results import Excluded, TestReport, TestResult, exclusion_notices
from carbonspec.econometrics.results import EstimationError, Notice

LONG = 100
"""Below this many periods, the size of the test is above 0.08 at a nominal 0.05 (by simulation)."""


def run(design: Design) -> TestReport:
    """χ²(N) that the residuals of a fixed-effects regression have the same variance in all units.

    σ_i² = Σe²/T_i, σ² = SSR/n, V_i = Σ(e² - σ_i²)²/(T_i (T_i - 1)), W = Σ(σ_i² - σ²)²/V_i. Units with one row, or
    whose squared residuals are all equal (T_i = 2 about their mean), have no V_i and are left out.

    Raises
    ------
    EstimationError: E520 no unit is left; and those of the regression.
    """
    found = residuals(design)
    unit = found.sample.unit
    T = unit.sizes.astype(np.float64)
    squares = np.square(found.e)
    variance = np.bincount(unit.codes, squares, unit.count) / T
    spread = np.bincount(unit.codes, np.square(squares - variance[unit.codes]), unit.count)
    single = T < 2
    flat = ~single & (spread <= 1e-20 * np.square(variance) * T)
    kept = np.flatnonzero(~single & ~flat)
    excluded = tuple(Excluded(i, "with one row") for i in np.flatnonzero(single).tolist())
    excluded += tuple(Excluded(i, "with equal squared residuals") for i in np.flatnonzero(flat).tolist())
    if not len(kept):
        raise EstimationError("E520", "no unit has residuals whose variance can be judged")
    total = float(squares.sum()) / len(squares)
    V = spread[kept] / (T[kept] * (T[kept] - 1))
    value = float((np.square(variance[kept] - total) / V).sum())
    notices = exclusion_notices(excluded, len(kept))
    if T.min() < LONG:
        low = int(T.min())
        message = f"the modified Wald test is for long T; with T = {low} it rejects too often"
        notices += (Notice("W525", message),)
    row = TestResult(
        test="Modified Wald",
        statistic="W",
        value=value,
        p_value=chi2_right(value, len(kept)),
        reference="chi2",
        null="errors have the same variance in all units",
        alternative="groupwise heteroskedasticity",
        df=(float(len(kept)),),
        variable=f"residuals of {design.outcome}",
        n=len(squares),
        n_units=len(kept),
        t_min=int(T[kept].min()),
        t_max=int(T[kept].max()),
        convention="Greene's form of Stata xttest3",
        excluded=excluded,
        notices=notices,
    )
    return TestReport((row,), kept, {"variance": variance[kept]})
