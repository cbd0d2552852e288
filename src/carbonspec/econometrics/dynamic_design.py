"""A dynamic panel as arrays: every row of the panel, sorted by unit then period, missing values as NaN."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, Groups
from carbonspec.econometrics.results import Fit


@dataclass(frozen=True)
class LevelInstruments:
    """`gmm(v, lags = first..last)`: levels of v (n,) dated t - first to t - last, `last` None for as far as there are.

    In system GMM the level equation has the change of v dated t - first + 1 as well. A missing value is a zero.
    """

    name: str
    values: FloatArray
    first: int = 2
    last: int | None = None


@dataclass(frozen=True)
class OwnInstruments:
    """Columns (n, m) that are their own instruments, one column each (Stata's `iv(...)`), called `names`.

    `equation`: "both" puts the transformed column in the transformed equation and the column itself in the level
    equation below it; "transformed" and "level" leave the other half zero. Difference GMM has the transformed equation
    alone. A row where one is missing is not used.
    """

    names: tuple[str, ...]
    values: FloatArray
    equation: str = "both"


@dataclass(frozen=True)
class GmmDesign:
    """y (n,) and X (n, k) in levels on all rows of the panel, lags of the outcome among X.

    `lagged` names the terms that are lags of the outcome, the first lag first. `period.codes` are ticks of the panel's
    clock, so that a gap is a gap. `constant` stands in the level equation: difference GMM has none.
    """

    outcome: str
    y: FloatArray
    terms: tuple[str, ...]
    X: FloatArray
    unit: Groups
    period: Groups
    gmm: tuple[LevelInstruments, ...]
    own: tuple[OwnInstruments, ...] = ()
    lagged: tuple[str, ...] = ()
    constant: bool = True


@dataclass(frozen=True)
class GmmChoice:
    """How to estimate.

    `system` adds the level equation. `transform` is "difference" or "orthogonal" (forward orthogonal deviations).
    `weight` is the first step's H, of errors in levels that are iid: 3 = that of both equations, with what they share;
    2 = without it; 1 = identity (Stata xtabond2 `h()`).
    """

    system: bool = False
    two_step: bool = True
    collapse: bool = False
    transform: str = "difference"
    weight: int = 3


@dataclass(frozen=True)
class SubsetTest:
    """Difference-in-Hansen: J without the `instruments` columns of the subset `name`, and by how much J falls.

    `df` = 0: without them nothing is overidentified, and `statistic` is 0.
    """

    name: str
    instruments: int
    statistic: float
    df: int
    p: float
    difference: float
    difference_df: int
    difference_p: float


@dataclass(frozen=True)
class DynamicPanel:
    """`fit`, the `subsets` of instruments tested, and the bounds: pooled OLS and fixed effects on the same rows (None
    where they cannot be estimated or the model has no lagged outcome)."""

    fit: Fit
    subsets: tuple[SubsetTest, ...]
    pooled: Fit | None
    within: Fit | None


def complete(design: GmmDesign) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n,) rows with outcome, regressors and own instruments."""
    parts = [design.y[:, None], design.X, *(own.values for own in design.own)]
    return np.asarray(np.isfinite(np.hstack(parts)).all(axis=1))
