"""The rows a regression uses, and what is said of them under its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from carbonspec.econometrics.design import Design, FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import compact
from carbonspec.econometrics.results import EstimationError


class Facts(TypedDict):
    """What `Fit` says of its sample."""

    n: int
    n_ids: int
    n_periods: int
    t_min: int
    t_max: int


@dataclass(frozen=True)
class Sample:
    """Rows of a design that take part. Groups are numbered anew, weights scaled to mean 1: V stays the same."""

    y: FloatArray
    X: FloatArray
    unit: Groups
    period: Groups
    clusters: tuple[Groups, ...]
    weights: FloatArray | None

    @property
    def n(self) -> int:
        return len(self.y)

    def facts(self) -> Facts:
        rows = self.unit.sizes
        return {
            "n": self.n,
            "n_ids": self.unit.count,
            "n_periods": distinct(self.period),
            "t_min": int(rows.min()),
            "t_max": int(rows.max()),
        }


def distinct(period: Groups) -> int:
    """The number of periods that occur."""
    return int(np.count_nonzero(period.sizes))


def take(design: Design, keep: IntArray | None = None) -> Sample:
    """The sample made of rows `keep` of a design (all for None).

    Raises EstimationError for no rows and for weights that are not positive.
    """
    y = design.y if keep is None else design.y[keep]
    X = design.X if keep is None else design.X[keep]
    if not len(y):
        raise EstimationError("E507", f"no complete rows are left for {design.outcome}")
    unit = compact(design.unit, keep)
    period = design.period
    if keep is not None:
        period = Groups(period.name, period.codes[keep], period.count)
    known = {id(design.unit.codes): unit}
    clusters = tuple(
        Groups(g.name, found.codes, found.count) if (found := known.get(id(g.codes))) else compact(g, keep)
        for g in design.clusters
    )
    return Sample(y, X, unit, period, clusters, scaled(design.weights, keep))


def check_finite(design: Design, sample: Sample, sums: FloatArray) -> None:
    """Raise when a variable has an infinite or missing value. `sums` are sums or means of the regressors and the
    outcome: only where they are not finite does a column need a look."""
    for j in np.flatnonzero(~np.isfinite(sums)).tolist():
        name = design.terms[j] if j < len(design.terms) else design.outcome
        if not np.isfinite(sample.X[:, j] if j < len(design.terms) else sample.y).all():
            raise EstimationError("E508", f"{name} has values that are missing or infinite")
        raise EstimationError("E508", f"{name} has values too large to add up")


def scaled(weights: FloatArray | None, keep: IntArray | None) -> FloatArray | None:
    """Weights of the rows `keep`, scaled to mean 1."""
    if weights is None:
        return None
    used = weights if keep is None else weights[keep]
    if not (np.isfinite(used).all() and (used > 0).all()):
        raise EstimationError("E509", "weights must be positive numbers")
    return np.asarray(used / used.mean(), dtype=np.float64)
