"""A composite index of indicators, with the weights behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.choices import Choices
from carbonspec.econometrics.measures.index_notices import constant_notices, row_notices, weight_notices
from carbonspec.econometrics.measures.indicators import BoolArray, Indicator, checked
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.scoring import Fitted, Weight, fit
from carbonspec.econometrics.results import Notice


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

    Raises MeasureError E800, E834, E847 (choices), E819, E820, E822, E833 (indicators), E830 (nothing varies), E831
    (fewer than two rows), E807 (no periods).
    """
    choices = choices or Choices()
    choices.checked()
    X = checked(X, indicators, labels)
    complete: BoolArray = ~np.any(np.isnan(X), axis=1)
    used: BoolArray = complete if sample is None else complete & sample
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
    yearly = choices.scope == "year"
    components = None if yearly else first.components
    return Index(
        values,
        contributions,
        weights,
        _groups(weights, {} if yearly else first.group_entropies),
        choices,
        used,
        int(used.sum()),
        int(np.count_nonzero(~complete)),
        constants,
        tuple(fits) if yearly else (),
        np.array([fitted.weights for fitted in fits.values()]) if yearly else None,
        tuple(components.eigenvalues.tolist()) if components else (),
        (
            *first.notices,
            *row_notices(complete, cells, fits, outside & ~used, labels),
            *constant_notices(indicators, fits),
            *weight_notices(X[used], weights, choices),
        ),
    )


def _fits(
    X: FloatArray, indicators: Sequence[Indicator], choices: Choices, cells: IntArray, used: BoolArray
) -> dict[int, Fitted]:
    """One fit for each period, or a single one."""
    if used.sum() < 2:
        message = f"an index needs at least 2 rows without a missing indicator, there {_are(int(used.sum()))}"
        raise MeasureError("E831", message, {"count": int(used.sum())})
    fits: dict[int, Fitted] = {}
    for cell in np.unique(cells[used]).tolist():
        rows = used & (cells == cell)
        if rows.sum() < 2:
            message = f"an index by year needs at least 2 rows a year; {cell} has 1"
            raise MeasureError("E831", message, {"count": 1, "subject": str(cell)})
        try:
            fits[cell] = fit(X[rows], indicators, choices)
        except MeasureError as error:
            if choices.scope == "pooled":
                raise
            raise MeasureError(error.code, f"{cell}: {error.message}", {**error.facts, "period": cell}) from None
    if choices.yearly == "mean":
        mean = np.mean([fitted.weights for fitted in fits.values()], axis=0)
        fits = {cell: fitted.weighted(mean) for cell, fitted in fits.items()}
    return fits


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def _table(indicators: Sequence[Indicator], fits: dict[int, Fitted]) -> tuple[Weight, ...]:
    lines = []
    for j, indicator in enumerate(indicators):
        varying = [fitted for fitted in fits.values() if not fitted.limits.constant[j]] or list(fits.values())
        e = float(np.mean([fitted.entropies[j] for fitted in varying]))
        low, high = (float(np.mean([getattr(f.limits, end)[j] for f in varying])) for end in ("low", "high"))
        weight = float(np.mean([fitted.weights[j] for fitted in fits.values()]))
        lines.append(Weight(indicator.name, indicator.group, indicator.direction, weight, e, 1 - e, low, high))
    return tuple(lines)


def _groups(weights: Sequence[Weight], entropies: dict[str, float]) -> tuple[GroupWeight, ...]:
    sums: dict[str, float] = {}
    for line in weights:
        sums[line.group] = sums.get(line.group, 0.0) + line.weight
    return tuple(GroupWeight(group, total, entropies.get(group, float("nan"))) for group, total in sums.items())
