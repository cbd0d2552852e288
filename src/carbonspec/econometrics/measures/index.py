"""A composite index of indicators, with the weights behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.indicators import BoolArray, Indicator, checked, zero_one
from carbonspec.econometrics.measures.problems import MeasureError, counted, listed, places, where
from carbonspec.econometrics.measures.scoring import Choices, Fitted, fit
from carbonspec.econometrics.results import Notice

DOMINANT = 0.5


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
class GroupWeight:
    """A primary indicator: the sum of its indicators' weights; with two stages also the entropy of its score."""

    group: str
    weight: float
    entropy: float


@dataclass(frozen=True)
class Index:
    """`values` (n,), NaN where an indicator is missing, and `contributions` (n, m) that add up to them.

    topsis, whose score is no sum, has no contributions. `sample` (n,) marks the rows behind limits and weights, `rows`
    of them; `left_out` rows miss an indicator; `constants` have weight 0. `periods` and `by_period` (periods, m) are
    the weights of each period with a scope of years. `eigenvalues` (those of pca) fall.
    """

    values: FloatArray
    contributions: FloatArray | None
    weights: tuple[Weight, ...]
    groups: tuple[GroupWeight, ...]
    choices: Choices
    sample: BoolArray
    rows: int
    left_out: int
    constants: tuple[str, ...]
    periods: tuple[int, ...] = ()
    by_period: FloatArray | None = None
    eigenvalues: tuple[float, ...] = ()
    notices: tuple[Notice, ...] = ()


def composite_index(
    X: FloatArray,
    indicators: Sequence[Indicator],
    choices: Choices | None = None,
    *,
    periods: IntArray | None = None,
    sample: BoolArray | None = None,
    labels: Sequence[str] = (),
) -> Index:
    """An index of X (n, m), a column an indicator.

    Limits and weights come from the complete rows of `sample` (n,) (all rows without one) and are then applied to all
    rows. `periods` (n,) are needed for a scope of years. `labels` (n,) name the rows in messages.

    Raises MeasureError E800, E834, E835 (choices), E819, E820, E822, E833 (indicators), E830 (nothing varies), E831
    (fewer than two rows), E807 (no periods).
    """
    choices = choices or Choices()
    choices.checked()
    X = checked(X, indicators, labels)
    complete = ~np.isnan(X).any(axis=1)
    used = complete if sample is None else complete & sample
    if choices.scope == "year" and periods is None:
        raise MeasureError("E807", "an index by year needs the period of each row", {"subject": "periods"})
    cells = np.zeros(len(X), dtype=np.int64) if choices.scope == "pooled" or periods is None else np.asarray(periods)
    fits = _fits(X, indicators, choices, cells, used)
    values, outside = np.full(len(X), np.nan), np.zeros(len(X), dtype=bool)
    first = next(iter(fits.values()))
    contributions = None if choices.weights == "topsis" else np.full(X.shape, np.nan)
    for cell, fitted in fits.items():
        own = complete & (cells == cell)
        values[own] = fitted.score(X[own])
        if contributions is not None:
            contributions[own] = fitted.contributions(X[own])
        z = fitted.limits.standardise(X[own], fitted.direction)
        outside[own] = ((z < 0) | (z > 1)).any(axis=1)
    constants = tuple(
        indicator.name for j, indicator in enumerate(indicators) if all(f.limits.constant[j] for f in fits.values())
    )
    weights = _table(indicators, fits)
    by_period = np.array([fitted.weights for fitted in fits.values()])
    yearly = choices.scope == "year"
    components = first.components if not yearly else None
    index = Index(
        values,
        contributions,
        weights,
        _groups(weights, first.group_entropies if not yearly else {}),
        choices,
        used,
        int(used.sum()),
        int(np.count_nonzero(~complete)),
        constants,
        tuple(fits) if yearly else (),
        by_period if yearly else None,
        tuple(components.eigenvalues.tolist()) if components else (),
    )
    notices = (*first.notices, *_row_notices(index, fits, indicators, complete, cells, outside, labels))
    return replace_notices(index, (*notices, *_dominance(index, X)))


def replace_notices(index: Index, notices: tuple[Notice, ...]) -> Index:
    """The index with these notices."""
    from dataclasses import replace

    return replace(index, notices=notices)
