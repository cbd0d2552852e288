"""One fit of a composite index: limits and weights of the sample's rows, and the score of any row by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.choices import Choices
from carbonspec.econometrics.measures.indicators import BoolArray, Indicator, Limits, directions, limits
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.weighting import Components, critic, declared, entropy, principal_components
from carbonspec.econometrics.results import Notice


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
    """Limits, weights (m,) and what the score needs, from the sample's rows; the entropies hold e."""

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
        z = self.limits.standardise(X, self.direction)
        if self.components is not None:
            kept = ~self.limits.constant
            z[:, kept] = (z[:, kept] - self.components.mean) / self.components.sd
            return z * self.weights
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
    components: Components | None = None
    notices: tuple[Notice, ...] = ()
    if choices.weighing == "pca":
        components = principal_components(z[:, kept], choices.components)
        weights[kept] = components.coefficients
    elif choices.weighing == "declared":
        weights, notices = declared(indicators, kept.tolist())
    elif choices.structure == "two_stage":
        weights, entropies, groups = _two_stages(z, indicators, kept, choices)
    else:
        weights[kept], entropies[kept] = _weigh(z[:, kept], choices)
    shifted = z + choices.shift
    sums = np.where(kept, shifted.sum(axis=0), 1.0)
    largest = np.where(kept, np.abs(X).max(axis=0), 1.0)
    lengths = np.where(kept, largest * np.sqrt(((X / largest) ** 2).sum(axis=0)), 1.0)
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
    """Weights inside each group, times those of the groups' scores, which are not brought to 0..1 again."""
    names = [indicator.group for indicator in indicators]
    groups = list(dict.fromkeys(name for name, own in zip(names, kept.tolist(), strict=True) if own))
    inside, entropies = np.zeros(len(names)), np.full(len(names), np.nan)
    scores = np.empty((len(z), len(groups)))
    members = [kept & (np.array(names) == group) for group in groups]
    for at, own in enumerate(members):
        inside[own], entropies[own] = _weigh(z[:, own], choices)
        scores[:, at] = z[:, own] @ inside[own]
    outside, e = _weigh(scores, choices)
    weights = inside * sum(weight * own for weight, own in zip(outside, members, strict=True))
    return weights, entropies, dict(zip(groups, e.tolist(), strict=True))
