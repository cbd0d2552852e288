"""What a test returns: rows of numbers with everything a reader must know of them, no formatting."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.results import Notice

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Excluded:
    """A unit left out of a test: its code in the panel's `Groups`, and why."""

    unit: int
    reason: str  # "constant", "gaps in time", "T = 4, the test needs 6"


@dataclass(frozen=True)
class TestResult:
    """One statistic of one test.

    `reference` is the distribution under `null`: normal, chi2, F, t (with `df`), permutation, bootstrap or table;
    `tail` is where the null is rejected. `p_value` is None where there is none: then `p_bounds` brackets it (a table
    of critical values) or a notice says why. `default` marks the statistic to print when one is printed.
    `lags` are those used, one for each unit where a criterion chose them. `convention` says in one line which of the
    competing formulas this is. `details` holds further numbers by name (parts of the statistic, critical values).
    """

    __test__: ClassVar[bool] = False

    test: str  # "Im-Pesaran-Shin"
    statistic: str  # "W-t-bar"
    value: float
    p_value: float | None
    reference: str
    null: str  # "all series have a unit root"
    df: tuple[float, ...] = ()
    tail: str = "right"
    variable: str = ""
    alternative: str = ""
    n: int = 0
    n_units: int = 0
    t_min: int = 0
    t_max: int = 0
    lags: tuple[int, ...] = ()
    lag_rule: str = ""  # "fixed", "aic, at most 4"
    deterministic: str = ""  # none, const, trend
    bandwidth: int | None = None
    p_bounds: tuple[float, float] | None = None
    default: bool = True
    convention: str = ""
    excluded: tuple[Excluded, ...] = ()
    notices: tuple[Notice, ...] = ()
    details: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TestReport:
    """The rows of a test, its numbers by unit, and its draws.

    `units` (N,) are the codes of the units that took part, in the order of the arrays of `by_unit`. `draws` are the
    statistics of bootstrap samples or permutations by the name of the row (or, for several regressors, of the term).
    """

    __test__: ClassVar[bool] = False

    rows: tuple[TestResult, ...]
    units: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    by_unit: dict[str, FloatArray] = field(default_factory=dict)
    draws: dict[str, FloatArray] = field(default_factory=dict)

    @property
    def default(self) -> TestResult:
        """The row to print when one is printed."""
        return next(row for row in self.rows if row.default)

    def __getitem__(self, statistic: str) -> TestResult:
        """The row of a statistic by its name. KeyError where the test has none of that name."""
        for row in self.rows:
            if row.statistic == statistic:
                return row
        raise KeyError(statistic)


def exclusion_notices(excluded: tuple[Excluded, ...], kept: int) -> tuple[Notice, ...]:
    """One notice that counts the units left out by reason, none for no units."""
    if not excluded:
        return ()
    reasons = Counter(item.reason for item in excluded)
    listed = "; ".join(f"{count} {reason}" for reason, count in reasons.items())
    total = len(excluded) + kept
    return (Notice("W520", f"{len(excluded)} of {total} units left out, N = {kept}: {listed}"),)
