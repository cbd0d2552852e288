"""A regression problem as arrays: complete rows only, sorted by unit then period."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Groups:
    """Rows put into groups: `codes` (n,) in 0..count-1, every group non-empty. `name` is what a reader calls it."""

    name: str
    codes: IntArray
    count: int

    @cached_property
    def sizes(self) -> IntArray:
        """(count,) rows in each group, counted once."""
        return np.bincount(self.codes, minlength=self.count)


@dataclass(frozen=True)
class Effect:
    """One dimension of fixed effects.

    `slopes` (n, s): columns whose coefficient differs by group (`id[year]`); with `intercept` False only the
    slopes vary.
    """

    groups: Groups
    slopes: FloatArray | None = None
    slope_names: tuple[str, ...] = ()
    intercept: bool = True


@dataclass(frozen=True)
class Design:
    """y (n,) and X (n, k) with everything an estimator needs.

    `X` has no constant column; `constant` says whether the model has one. `unit` and `period` are the panel's keys:
    `period.codes` count the panel's clock (gaps are gaps in the codes, so a period's code difference is its distance
    in clock ticks; `period.count` is last - first + 1). `clusters` are used by cluster-type covariances, in order.
    `weights` (n,) analytic, positive, or None. `singletons`: "drop" leaves out, one after the other, rows that are
    alone in a level of a fixed effect; "keep" keeps them (the slopes are the same).
    """

    outcome: str
    y: FloatArray
    terms: tuple[str, ...]
    X: FloatArray
    unit: Groups
    period: Groups
    constant: bool = True
    effects: tuple[Effect, ...] = ()
    clusters: tuple[Groups, ...] = ()
    weights: FloatArray | None = None
    singletons: str = "drop"


@dataclass(frozen=True)
class CovarianceChoice:
    """Which covariance, with which options.

    `kind`: iid, hc0, hc1, hc2, hc3, cluster, driscoll_kraay, newey_west. `lags` of the last two; None takes
    floor(4 (T/100)^(2/9)). `correction` is the K of the small-sample factor of the last three kinds: `nested` leaves
    out fixed effects nested in the clusters (Stata xtreg and reghdfe, fixest), `full` counts all (areg, dummies),
    `none` counts none and no constant (plm "sss"), `hc0` applies no factor at all.
    """

    kind: str = "iid"
    lags: int | None = None
    correction: str = "nested"
