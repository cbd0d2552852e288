"""Cross-products by unit, from which a regression on any set of units is solved without going back to the rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import Design, FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import group_mass, group_sums, same
from carbonspec.econometrics.results import EstimationError

LEVELS = 300
"""More levels of fixed effects beside the unit's are not taken as columns."""


@dataclass(frozen=True)
class Columns:
    """Z (n, q) = (dummies of other effects or the constant, X, y) and how many of them are dummies.

    `within` says whether unit means are to be taken out.
    """

    Z: FloatArray
    dummies: int
    within: bool


def columns(design: Design) -> Columns:
    """The columns of a design, effects other than the unit's as dummies; singletons stay.

    Raises EstimationError E513 for weights, E523 for effects that are too many or have slopes.
    """
    if design.weights is not None:
        raise EstimationError("E513", "this test takes no weights")
    within = False
    parts: list[FloatArray] = []
    for effect in design.effects:
        groups = effect.groups
        if effect.slopes is not None:
            raise EstimationError("E523", "a permutation takes no effects with varying slopes")
        if same(groups, design.unit):
            within = True
            continue
        used = np.flatnonzero(groups.sizes)
        if len(used) > LEVELS:
            message = f"a permutation takes at most {LEVELS} levels of {groups.name} beside the unit's effects"
            raise EstimationError("E523", message)
        parts.append((groups.codes[:, None] == used).astype(np.float64))
    if not parts and not within and design.constant:
        parts.append(np.ones((len(design.y), 1)))
    X = np.column_stack([design.X, design.y])
    Z = np.hstack([*parts, X])
    return Columns(Z, Z.shape[1] - X.shape[1], within)


def demeaned(Z: FloatArray, groups: Groups) -> FloatArray:
    """Z (n, q) less its means by group."""
    mass = np.maximum(group_mass(groups), 1.0)
    return np.asarray(Z - (group_sums(groups.codes, groups.count, Z) / mass[:, None])[groups.codes])


def blocks(made: Columns, unit: Groups) -> FloatArray:
    """(N, q, q) cross-products of the columns by unit."""
    Z = demeaned(made.Z, unit) if made.within else made.Z
    order = np.argsort(unit.codes, kind="stable")
    first = np.cumsum(unit.sizes) - unit.sizes
    Z = Z[order]
    out = np.empty((unit.count, Z.shape[1], Z.shape[1]))
    for j in range(Z.shape[1]):
        out[:, j] = np.add.reduceat(Z * Z[:, [j]], first, axis=0)
    return out


def slopes(G: FloatArray, made: Columns) -> FloatArray:
    """(…, k) coefficients of X from cross-products G (…, q, q); NaN where one of them is not identified."""
    d = made.dummies
    k = G.shape[-1] - d - 1
    own = np.diagonal(G, axis1=-2, axis2=-1)[..., d : d + k]
    S = G[..., d:, d:]
    if d:
        inverse = np.linalg.pinv(G[..., :d, :d], rcond=1e-11, hermitian=True)
        cross = G[..., :d, d:]
        S = S - np.swapaxes(cross, -1, -2) @ inverse @ cross
    left = np.diagonal(S, axis1=-2, axis2=-1)[..., :k]
    bad = np.asarray((left <= 1e-12 * own).any(axis=-1) | (own <= 0).any(axis=-1), dtype=np.bool_)
    size = np.sqrt(np.where(bad[..., None], 1.0, np.where(left > 0, left, 1.0)))
    R = S[..., :k, :k] / (size[..., :, None] * size[..., None, :])
    R = np.where(bad[..., None, None], np.eye(k), R)
    bad = np.asarray(bad | (np.linalg.eigvalsh(R)[..., 0] <= 1e-10), dtype=np.bool_)
    R = np.where(bad[..., None, None], np.eye(k), R)
    b = np.linalg.solve(R, (S[..., :k, k] / size)[..., None])[..., 0] / size
    return np.asarray(np.where(bad[..., None], np.nan, b))


def sides(unit: Groups, groups: Groups, names: tuple[str, str]) -> IntArray:
    """(N,) 0 or 1: the group of each unit.

    Raises EstimationError E525 unless there are two groups of two units or more, E526 for a unit in both.
    """
    if groups.count != 2:
        raise EstimationError("E525", f"a difference is between two groups; {groups.name} has {groups.count}")
    side = np.zeros(unit.count, dtype=np.int64)
    side[unit.codes] = groups.codes
    wrong = np.unique(unit.codes[side[unit.codes] != groups.codes])
    if len(wrong):
        raise EstimationError("E526", f"{len(wrong)} units are in both groups of {groups.name}")
    sizes = np.bincount(side, minlength=2)
    if sizes.min() < 2:
        message = f"each group needs two units or more; {names[0]} has {sizes[0]}, {names[1]} has {sizes[1]}"
        raise EstimationError("E525", message)
    return side
