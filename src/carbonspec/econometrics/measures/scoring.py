"""One fit of a composite index: limits and weights of the sample's rows, and the score of any row by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.indicators import BoolArray, Indicator, Limits, directions, limits
from carbonspec.econometrics.measures.problems import MeasureError, chosen
from carbonspec.econometrics.measures.weighting import Components, critic, declared, entropy, principal_components
from carbonspec.econometrics.results import Notice

WEIGHTS = ("entropy", "declared", "equal", "pca", "critic", "topsis")


@dataclass(frozen=True)
class Choices:
    """How an index is made.

    `weights`: one of `WEIGHTS`. `scope`: "pooled" takes one set of limits and weights over all rows, "year" one a
    period; `yearly`: with "year", each period's "own" weights or their "mean". `structure`: "flat" weighs all
    indicators at once, "two_stage" those of each group, then the groups' scores. `shift` is added to z before the
    logarithms of the entropy. `score`: weighted "z" (0..1), or "p" = z over its column's sum. `norm` of topsis:
    "minmax" or "vector"; `distance_weights`: how topsis weighs. `components` of pca: "kaiser" or "share".
    """

    weights: str = "entropy"
    scope: str = "pooled"
    yearly: str = "own"
    structure: str = "flat"
    shift: float = 0.0
    score: str = "z"
    norm: str = "minmax"
    distance_weights: str = "entropy"
    components: str = "kaiser"

    @property
    def weighing(self) -> str:
        """What gives the weights: for topsis that of its distances."""
        return self.distance_weights if self.weights == "topsis" else self.weights

    def checked(self) -> None:
        """Raises MeasureError E800 for an unknown word, E834 for choices that do not go together, E835 for a shift."""
        for word, known, what in (
            (self.weights, WEIGHTS, "the weighting of an index"),
            (self.scope, ("pooled", "year"), "the scope of an index"),
            (self.yearly, ("own", "mean"), "what is done with yearly weights"),
            (self.structure, ("flat", "two_stage"), "the structure of an index"),
            (self.score, ("z", "p"), "the score of an index"),
            (self.norm, ("minmax", "vector"), "the norm of topsis"),
            (self.distance_weights, ("entropy", "declared", "equal", "critic"), "the weighting of topsis"),
            (self.components, ("kaiser", "share"), "which components are kept"),
        ):
            chosen(word, known, what)
        if not 0 <= self.shift < np.inf:
            raise MeasureError("E835", f"the shift is a number from 0 up, not {self.shift:g}")
        if self.structure == "two_stage" and self.weighing in ("declared", "pca"):
            raise MeasureError("E834", f"two stages weigh groups by their scores; {self.weighing} weights do not")
        if self.score == "p" and self.weights in ("pca", "topsis"):
            raise MeasureError("E834", f"{self.weights} has a score of its own; shares p do not enter it")
        if self.yearly == "mean" and self.weights == "pca":
            raise MeasureError("E834", "components of different years have no mean; take their own or pool the years")


@dataclass(frozen=True)
class Weight:
    """A line of the table of weights. `entropy` and `redundancy` (1 - entropy) are NaN for other weightings.

    `low` and `high` are the limits by which the indicator was brought to 0..1. With a scope of years, all are means
    over the periods in which the indicator varies, and `weight` over all periods.
    """

    indicator: str
    group: str
    direction: int
    weight: float
    entropy: float
    redundancy: float
    low: float
    high: float


@dataclass(frozen=True)
class Fitted:
    """Limits, weights (m,) and what the score needs, from the sample's rows; `entropies` and `group_entropies` hold e."""

    choices: Choices
    direction: FloatArray
    limits: Limits
    weights: FloatArray
    entropies: FloatArray
    group_entropies: dict[str, float]
    sums: FloatArray  # of z + shift, for p
    lengths: FloatArray  # sqrt of the sum of squares, for the vector norm
    best: FloatArray
    worst: FloatArray
    components: Components | None = None
    notices: tuple[Notice, ...] = ()

    def weighted(self, weights: FloatArray) -> Fitted:
        """The same with other weights."""
        return replace(self, weights=weights)

    def contributions(self, X: FloatArray) -> FloatArray | None:
        """(n, m) parts that add up to the score; None for topsis, whose score is no sum."""
        if self.choices.weights == "topsis":
            return None
        if self.components is not None:
            scores = np.zeros_like(X)
            kept = ~self.limits.constant
            scores[:, kept] = (X * self.direction)[:, kept] - self.components.mean
            scores[:, kept] /= self.components.sd
            return scores * self.weights
        z = self.limits.standardise(X, self.direction)
        if self.choices.score == "p":
            z = np.where(self.limits.constant, 0.0, (z + self.choices.shift) / self.sums)
        return z * self.weights

    def score(self, X: FloatArray) -> FloatArray:
        """(n,) the index of rows X (n, m)."""
        parts = self.contributions(X)
        if parts is not None:
            return np.asarray(parts.sum(axis=1))
        v = self._normed(X)
        to_best = np.sqrt((((v - self.best) * self.weights) ** 2).sum(axis=1))
        to_worst = np.sqrt((((v - self.worst) * self.weights) ** 2).sum(axis=1))
        return np.asarray(to_worst / (to_best + to_worst))

    def _normed(self, X: FloatArray) -> FloatArray:
        if self.choices.norm == "minmax":
            return self.limits.standardise(X, self.direction)
        return np.where(self.limits.constant, 0.0, X / self.lengths)


def fit(X: FloatArray, indicators: Sequence[Indicator], choices: Choices) -> Fitted:
    """Limits and weights of complete rows X (n, m), n > 1.

    Raises MeasureError E830 (no column varies), E832, E833 (of the weighting).
    """
    direction, found = directions(indicators), limits(X)
    kept = ~found.constant
    if not kept.any():
        raise MeasureError("E830", "every indicator is constant in these rows, so there is nothing to index")
    z = found.standardise(X, direction)
    m = len(indicators)
    weights, entropies = np.zeros(m), np.full(m, np.nan)
    groups: dict[str, float] = {}
    components, notices = None, ()
    if choices.weighing == "pca":
        components = principal_components((X * direction)[:, kept], choices.components)
        weights[kept] = components.coefficients
    elif choices.weighing == "declared":
        weights, notices = declared(indicators, kept.tolist())
    elif choices.structure == "two_stage":
        weights, entropies, groups = _two_stages(z, indicators, kept, choices)
    else:
        weights[kept], entropies[kept] = _weigh(z[:, kept], choices)
    shifted = z + choices.shift
    sums = np.where(kept, shifted.sum(axis=0), 1.0)
    lengths = np.where(kept, np.sqrt((X * X).sum(axis=0)), 1.0)
    part = Fitted(choices, direction, found, weights, entropies, groups, sums, lengths, z[0], z[0], components, notices)
    v = part._normed(X)
    less_is_better = (direction < 0) & (choices.norm == "vector")
    best = np.where(less_is_better, v.min(axis=0), v.max(axis=0))
    worst = np.where(less_is_better, v.max(axis=0), v.min(axis=0))
    return replace(part, best=best, worst=worst)


def _weigh(z: FloatArray, choices: Choices) -> tuple[FloatArray, FloatArray]:
    """Weights (m,) and entropies (m,), NaN where the weighting has none."""
    m = z.shape[1]
    if choices.weighing == "entropy":
        found = entropy(z, choices.shift)
        return found.weights, found.e
    return (critic(z) if choices.weighing == "critic" else np.full(m, 1.0 / m)), np.full(m, np.nan)


def _two_stages(
    z: FloatArray, indicators: Sequence[Indicator], kept: BoolArray, choices: Choices
) -> tuple[FloatArray, FloatArray, dict[str, float]]:
    """Weights inside each group, times the weights of the groups' scores, which enter as they are, not to 0..1 again."""
    names = [indicator.group for indicator in indicators]
    groups = [
        group for group in dict.fromkeys(names) if any(k and g == group for k, g in zip(kept, names, strict=True))
    ]
    inside, entropies = np.zeros(len(names)), np.full(len(names), np.nan)
    scores = np.empty((len(z), len(groups)))
    members = [np.array([k and g == group for k, g in zip(kept, names, strict=True)]) for group in groups]
    for at, own in enumerate(members):
        inside[own], entropies[own] = _weigh(z[:, own], choices)
        scores[:, at] = z[:, own] @ inside[own]
    outside, e = _weigh(scores, choices)
    weights = inside * sum(weight * own for weight, own in zip(outside, members, strict=True))
    return weights, entropies, dict(zip(groups, e.tolist(), strict=True))
