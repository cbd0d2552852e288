"""What every row of a unit root test says of its sample and settings."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from carbonspec.econometrics.design import IntArray
from carbonspec.econometrics.hypothesis_tests.results import Excluded, exclusion_notices
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import Lags
from carbonspec.econometrics.hypothesis_tests.unit_series import UnitSeries
from carbonspec.econometrics.results import EstimationError, Notice

UNIT_ROOT = "all series have a unit root"
SOME_STATIONARY = "some series are stationary"


class Shared(TypedDict):
    """Fields of `TestResult` that the rows of one test share."""

    variable: str
    n: int
    n_units: int
    t_min: int
    t_max: int
    lags: tuple[int, ...]
    lag_rule: str
    deterministic: str
    excluded: tuple[Excluded, ...]
    notices: tuple[Notice, ...]


def shared(
    series: UnitSeries, deterministic: str, demean: bool, lags: IntArray | None = None, rule: Lags | None = None
) -> Shared:
    """The shared fields of a test on `series`."""
    notices = series.notices + exclusion_notices(series.excluded, series.count)
    if demean and series.count == 2:
        notices += (Notice("W526", "with two units, the period means make one series the mirror image of the other"),)
    if series.count == 1:
        notices += (Notice("W527", "one unit is left: this is the test of a single series"),)
    used: tuple[int, ...] = ()
    if lags is not None:
        used = tuple(lags.tolist()) if (lags != lags[0]).any() else (int(lags[0]),)
    return {
        "variable": series.name,
        "n": int(series.length.sum()),
        "n_units": series.count,
        "t_min": int(series.length.min()),
        "t_max": int(series.length.max()),
        "lags": used,
        "lag_rule": "" if rule is None else str(rule),
        "deterministic": deterministic,
        "excluded": series.excluded,
        "notices": notices,
    }


def need_balanced(series: UnitSeries, test: str) -> None:
    """Raise EstimationError E521 unless all series have the same periods."""
    if not series.balanced:
        low, high = int(series.length.min()), int(series.length.max())
        span = f"T is {low} to {high}" if low < high else "units have different periods"
        raise EstimationError("E521", f"{test} needs a balanced panel; in {series.name} {span}")


def outside(test: str, T: float, least: float, what: str) -> Notice:
    """The notice that a test's table begins above this panel."""
    return Notice(
        "W522",
        f"{test}: T - p - 1 = {T:g} lies outside the table of {what}, which begins at {least:g}; "
        f"its first column was used, so the p value is a rough guide",
    )


def whole(value: float) -> float:
    """A mean of T's with rounding taken off, to be printed."""
    return float(np.round(value, 2))
