"""Linear equations on the same rows, controls and fixed effects, and their columns made ready to be drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import Effect, FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import ascending, group_mass, group_sums, nested, starts
from carbonspec.econometrics.least_squares import SAFE_PIVOT, TOLERANCE
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError
from carbonspec.econometrics.sample import scaled

MOST_COLUMNS = 2000
"""Up to so many levels, effects that are not nested in what is drawn become columns; beyond, every draw is a refit."""

_NOISE = 64 * float(np.finfo(np.float64).eps) / TOLERANCE


@dataclass(frozen=True)
class Equation:
    """`outcome` on `regressors`, positions among the structural columns of a system; controls and effects beside."""

    outcome: int
    regressors: tuple[int, ...]


@dataclass(frozen=True)
class System:
    """Equations by least squares, all on the same rows, controls and effects.

    `columns` (n, p) with `names` hold what has a coefficient of interest, and the outcomes; whatever an equation
    explains must stand after what it is explained by. `controls` (n, k) and `effects` enter every equation, their
    coefficients are not asked for.
    """

    names: tuple[str, ...]
    columns: FloatArray
    equations: tuple[Equation, ...]
    controls: FloatArray
    effects: tuple[Effect, ...] = ()
    constant: bool = True
    weights: FloatArray | None = None

    @property
    def coefficients(self) -> tuple[tuple[str, str], ...]:
        """(outcome, regressor) in the order in which draws hold the coefficients."""
        return tuple((self.names[e.outcome], self.names[j]) for e in self.equations for j in e.regressors)

    @property
    def explaining(self) -> tuple[int, ...]:
        """Positions of the columns that stand on a right-hand side."""
        return tuple(sorted({j for e in self.equations for j in e.regressors}))


@dataclass(frozen=True)
class Ready:
    """Rows sorted by what is drawn, from which any draw can be estimated.

    `W` (n, r) is an orthonormal basis of controls, dummies and constant, and `S` (n, p) the structural columns without
    it, scaled to length 1 by `scale` (p,); both are without the effects nested in the groups and times the root of
    the weights. Neither change touches a coefficient of S in any draw, but draws are well conditioned.
    `own` (C, p) are squares of the structural columns about their mean by group: the size against which a column
    counts as explained by others. `start` (C + 1,) is where groups begin, `codes` (n,) the group of each row.
    """

    W: FloatArray
    S: FloatArray
    scale: FloatArray
    own: FloatArray
    start: IntArray
    codes: IntArray

    @property
    def groups(self) -> int:
        return len(self.start) - 1


def ready(system: System, groups: Groups) -> Ready:
    """The columns of a system made ready to draw `groups`.

    Effects nested in the groups are taken out within them: a copy of a unit has the unit's mean, so that this is right
    in every draw. Other effects become columns, since their means change with the draw.

    Raises EstimationError E551 when a regressor is explained by others, the controls and the effects, E508 for values
    that are not finite.
    """
    inside, outside = split_effects(system.effects, groups)
    n, p = system.columns.shape
    k = system.controls.shape[1]
    weights = scaled(system.weights, None)
    constant = not inside and (system.constant or bool(outside))
    parts = [system.columns, system.controls, *(_dummies(effect) for effect in outside)]
    raw = np.concatenate([*parts, np.ones((n, int(constant)))], axis=1)
    if not np.isfinite(raw[:, : p + k].sum()):
        raise EstimationError("E508", "a variable has values that are missing or infinite")
    codes = groups.codes
    mass = group_mass(groups, weights)
    mean = (raw if weights is None else raw * weights[:, None]).sum(axis=0) / mass.sum()
    centred = raw - mean
    norms = np.sqrt(squares_of(centred) + n * np.square(_NOISE * mean))
    own = group_sums(codes, groups.count, np.square(centred[:, :p]), weights)
    own += np.outer(mass, np.square(_NOISE * mean[:p]))
    if constant:
        norms[-1] = np.sqrt(n)
    Z = Projection(inside, weights, "keep").demean(raw) if inside else raw
    if weights is not None:
        Z *= np.sqrt(weights)[:, None]
    if not ascending(codes):
        order = np.argsort(codes, kind="stable")
        Z, codes = Z[order], codes[order]
    W = basis(Z[:, p:], norms[p:])
    S = without(W, np.ascontiguousarray(Z[:, :p]))
    own_norm = np.sqrt(own.sum(axis=0))
    clash = explained(S[:, system.explaining], own_norm[list(system.explaining)])
    if clash is not None:
        raise EstimationError("E551", _clash(system, clash))
    scale = np.sqrt(squares_of(S))
    scale[scale <= TOLERANCE * own_norm] = 1.0
    return Ready(W, S / scale, scale, own / np.square(scale), starts(groups.sizes), codes)


def split_effects(effects: tuple[Effect, ...], groups: Groups) -> tuple[tuple[Effect, ...], tuple[Effect, ...]]:
    """The effects whose levels each lie in one of the groups, and the others."""
    inside = tuple(e for e in effects if nested(e.groups.codes, e.groups.count, groups.codes))
    return inside, tuple(e for e in effects if not any(e is other for other in inside))


def too_wide(effects: tuple[Effect, ...], groups: Groups) -> bool:
    """Whether effects that are not nested in the groups have more than `MOST_COLUMNS` levels."""
    wide = sum(e.groups.count for e in effects) > MOST_COLUMNS
    return wide and sum(e.groups.count for e in split_effects(effects, groups)[1]) > MOST_COLUMNS


def width(effects: tuple[Effect, ...], groups: Groups) -> str:
    """Why the effects outside the groups cannot be columns."""
    named = ", ".join(f"{e.groups.name} ({e.groups.count} levels)" for e in split_effects(effects, groups)[1])
    return f"the effects {named} are not nested in {groups.name} and too many to be columns of every draw"


def basis(columns: FloatArray, norms: FloatArray) -> FloatArray:
    """(n, r) an orthonormal basis of the columns (n, k); one counts as dependent below `TOLERANCE` of `norms` (k,)."""
    size = np.sqrt(squares_of(columns))
    kept = size > TOLERANCE * norms
    if not kept.any():
        return np.empty((len(columns), 0))
    unit = columns / size if kept.all() else columns[:, kept] / size[kept]
    if unit.shape[1] <= len(unit):
        try:
            low = np.linalg.cholesky(unit.T @ unit)
            if low.diagonal().min() > SAFE_PIVOT:
                return np.asarray(unit @ np.linalg.inv(low).T)
        except np.linalg.LinAlgError:
            pass
        Q, R = np.linalg.qr(unit)
        if np.abs(R.diagonal()).min() > 1e-7:
            return np.asarray(Q)
    U, s, _ = np.linalg.svd(unit, full_matrices=False)
    return np.ascontiguousarray(U[:, s > TOLERANCE * s[0]])


def without(W: FloatArray, S: FloatArray) -> FloatArray:
    """S (n, p) without its projection on the orthonormal W (n, r); done twice, for the digits the first time loses."""
    if W.shape[1]:
        S = S - W @ (W.T @ S)
        S -= W @ (W.T @ S)
    return S


def squares_of(columns: FloatArray) -> FloatArray:
    """(k,) sums of squares of the columns (n, k)."""
    return np.asarray(np.einsum("ij,ij->j", columns, columns))


def explained(S: FloatArray, own: FloatArray) -> int | None:
    """The first column of S (n, p) of which earlier ones leave less than `TOLERANCE` of its size `own` (p,)."""
    if not S.shape[1]:
        return None
    if S.shape[1] > len(S):
        return len(S)
    size = np.sqrt(squares_of(S))
    gone = size <= TOLERANCE * own
    if gone.any():
        return int(np.argmax(gone))
    R = np.linalg.qr(S / size, mode="r")
    small = np.abs(np.diagonal(R)) * size <= TOLERANCE * own
    return int(np.argmax(small)) if small.any() else None


def _clash(system: System, at: int) -> str:
    name = system.names[system.explaining[at]]
    others = [system.names[j] for j in system.explaining[:at]]
    among = ["the controls"] if system.controls.shape[1] else []
    among += [f"fe({', '.join(e.groups.name for e in system.effects)})"] if system.effects else []
    listed = ", ".join([*others, *among]) or "the constant"
    return f"{name} has no variation that {listed} leave: its coefficient cannot be estimated"


def _dummies(effect: Effect) -> FloatArray:
    """(n, levels) columns of an effect; the first level of plain ones is left to constant or other effects."""
    codes, count = effect.groups.codes, effect.groups.count
    full = np.zeros((len(codes), count))
    full[np.arange(len(codes)), codes] = 1.0
    parts = [full[:, 1:]] if effect.intercept else []
    if effect.slopes is not None:
        parts += [full * effect.slopes[:, [j]] for j in range(effect.slopes.shape[1])]
    return np.concatenate(parts, axis=1)
