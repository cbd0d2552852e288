"""Rows that a Poisson regression with fixed effects cannot use, and the design without them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.design import Design, Effect, FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import compact
from carbonspec.econometrics.projection import Projection, label
from carbonspec.econometrics.results import Dropped, EstimationError

HEAVY = 1e8
"""Weight of a row with a positive outcome against one with zero: it holds the fit at zero there."""

NEAR = 1e-5
STEPS = 1000


def usable(design: Design) -> tuple[Design, tuple[Dropped, ...]]:
    """The design without rows that are alone in a level, levels whose outcomes are all zero, and separated rows, one
    after the other until none is left; and how many rows went for each reason.

    Raises
    ------
    EstimationError: E507 when nothing is left.
    """
    lost: dict[str, int] = {}
    alive = np.arange(len(design.y))
    current = design
    while True:
        reason, keep = _levels(current)
        if reason is None:
            bad = separated(current)
            if not bad.any():
                break
            reason, keep = "separated: a combination of regressors is positive only where the outcome is zero", ~bad
        lost[reason] = lost.get(reason, 0) + int(np.count_nonzero(~keep))
        alive = alive[keep]
        if not len(alive):
            raise EstimationError("E507", f"no rows are left for {design.outcome} ({', '.join(lost)})")
        current = rows(design, alive)
    return current, tuple(Dropped(why, count) for why, count in lost.items())


def rows(design: Design, keep: IntArray) -> Design:
    """The design on some of its rows, its groups renumbered."""
    return replace(
        design,
        y=design.y[keep],
        X=design.X[keep],
        unit=compact(design.unit, keep),
        period=Groups(design.period.name, design.period.codes[keep], design.period.count),
        effects=tuple(
            Effect(compact(e.groups, keep), None if e.slopes is None else e.slopes[keep], e.slope_names, e.intercept)
            for e in design.effects
        ),
        clusters=tuple(compact(g, keep) for g in design.clusters),
        weights=None if design.weights is None else design.weights[keep],
    )


def _levels(design: Design) -> tuple[str | None, NDArray[np.bool_]]:
    """The first reason why levels of an effect leave, and the rows that stay."""
    for effect in design.effects:
        if not effect.intercept:
            continue
        groups = effect.groups
        codes = groups.codes
        if design.singletons == "drop" and (groups.sizes == 1).any():
            return f"singleton in {label(effect)}", groups.sizes[codes] > 1
        total = np.bincount(codes, design.y, groups.count)
        if (total == 0).any():
            return f"all outcomes zero in a level of {label(effect)}", total[codes] > 0
    return None, np.ones(len(design.y), dtype=bool)


def separated(design: Design) -> NDArray[np.bool_]:
    """(n,) rows with outcome zero where a combination of regressors and effects is positive that is zero wherever the
    outcome is positive and nowhere negative.

    Iterated rectifier of Correia, Guimarães and Zylkin (2019): regress u on regressors and effects with heavy weights
    where the outcome is positive, replace u by the positive part of the fit where it is zero, until nothing is
    negative.
    """
    zero = design.y == 0
    none = np.zeros(len(design.y), dtype=bool)
    if not zero.any():
        return none
    weights = np.where(zero, 1.0, HEAVY)
    projection = Projection(intercepts(design), weights, "keep")
    X = projection.demean(np.array(design.X, order="C", dtype=np.float64))
    root = np.sqrt(weights)[:, None]
    size = np.sqrt(np.square(X * root).sum(axis=0))
    known = size > 1e-9 * np.sqrt(np.square((design.X - design.X.mean(axis=0)) * root).sum(axis=0))
    U, s, _ = np.linalg.svd(X[:, known] * root / size[known], full_matrices=False)
    basis = U[:, s > 1e-10 * s.max(initial=0.0)]
    u = zero.astype(np.float64)
    for _ in range(STEPS):
        column = projection.demean(np.array(u[:, None], order="C"))
        unexplained = column * root
        unexplained = (unexplained - basis @ (basis.T @ unexplained)) / root
        fitted = u - unexplained[:, 0]
        fitted[np.abs(fitted) < NEAR / 10] = 0.0
        u = np.where(zero, np.maximum(fitted, 0.0), 0.0)
        if u.max() < NEAR:
            return none
        if np.where(zero, fitted, 0.0).min() >= -NEAR and np.abs(fitted[~zero]).max(initial=0.0) < NEAR:
            return np.asarray(zero & (fitted > NEAR))
    return none


def intercepts(design: Design) -> tuple[Effect, ...]:
    """The effects, or one level for all rows: the constant."""
    return design.effects or (Effect(Groups("", np.zeros(len(design.y), dtype=np.int64), 1)),)


def deviance(y: FloatArray, mu: FloatArray, weights: FloatArray) -> float:
    """Poisson deviance 2 sum w (y log(y/mu) - (y - mu))."""
    from scipy.special import xlogy

    return float(2 * (weights * (xlogy(y, y) - xlogy(y, mu) - (y - mu))).sum())
