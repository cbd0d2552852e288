"""How much an index owes to each indicator: leave one out, and shares of its variance within units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.choices import Choices
from carbonspec.econometrics.measures.index import composite_index
from carbonspec.econometrics.measures.indicators import BoolArray, Indicator
from carbonspec.econometrics.measures.keys import Keys
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.results import Notice
from carbonspec.econometrics.transforms import group_mean

DOMINANT = 0.5


@dataclass(frozen=True)
class Influence:
    """What an indicator does to the index.

    `within_share`: of the index's variance within units, sum over rows of (part less its unit's mean) times (index
    less its unit's mean), over the sum of squares of the latter; the shares of all indicators add up to 1, one may be
    negative. NaN for topsis, and where nothing varies within units. `correlation` of the full index with the one made
    anew without the indicator, and the `largest_change` of a row's value, at `row`; NaN where no index is left.
    """

    indicator: str
    weight: float
    within_share: float
    correlation: float
    largest_change: float
    row: int


@dataclass(frozen=True)
class Sensitivity:
    """A line for each indicator; `rows` were compared."""

    lines: tuple[Influence, ...]
    rows: int
    notices: tuple[Notice, ...] = ()


def sensitivity(
    X: FloatArray,
    indicators: Sequence[Indicator],
    keys: Keys,
    choices: Choices | None = None,
    *,
    sample: BoolArray | None = None,
) -> Sensitivity:
    """Influence of each indicator of X (n, m) on the index that `composite_index` makes of them, over its sample.

    Raises MeasureError as `composite_index` does.
    """
    choices = choices or Choices()
    full = composite_index(X, indicators, choices, periods=keys.tick, sample=sample, labels=keys.labels)
    rows, S = full.sample, full.values[full.sample]
    shares = np.full(len(indicators), np.nan)
    if full.contributions is not None:
        shares = _within_shares(full.contributions[rows], S, keys.unit[rows], len(keys.unit_names))
    lines, notices = [], []
    for j, indicator in enumerate(indicators):
        weight = full.weights[j].weight
        correlation, change, row = float("nan"), float("nan"), -1
        try:
            others = [k for k in range(len(indicators)) if k != j]
            rest = composite_index(
                np.asarray(X, dtype=np.float64)[:, others],
                [indicators[k] for k in others],
                choices,
                periods=keys.tick,
                sample=rows,
            )
        except MeasureError as error:
            if len(indicators) > 1:
                message = f"without {indicator.name} there is no index: {_reason(error, keys)}"
                notices.append(Notice("W844", message, indicator.name))
        else:
            new = rest.values[rows]
            at = int(np.abs(new - S).argmax())
            change, row = float(abs(new - S)[at]), int(np.flatnonzero(rows)[at])
            correlation = _correlation(S, new)
        if shares[j] > DOMINANT and len(indicators) > 1:
            binary = np.isin(np.asarray(X)[rows, j], (0.0, 1.0)).all()
            like = ": it moves nearly as that 0/1 treatment does" if binary else ""
            message = f"{indicator.name} carries {shares[j]:.1%} of the index's variance within units{like}"
            notices.append(Notice("W843", message, indicator.name))
        lines.append(Influence(indicator.name, weight, float(shares[j]), correlation, change, row))
    return Sensitivity(tuple(lines), int(rows.sum()), tuple(notices))


def _reason(error: MeasureError, keys: Keys) -> str:
    """Why there is none, with the period as the panel calls it."""
    tick = error.facts.get("period")
    if not isinstance(tick, int):
        return error.message
    return f"{keys.period_names[tick]}: {error.message.removeprefix(f'{tick}: ')}"


def _within_shares(parts: FloatArray, S: FloatArray, unit: IntArray, units: int) -> FloatArray:
    within = S - group_mean(S, unit, units)[unit]
    total = float(within @ within)
    if total <= 1e-24 * float(S @ S):
        return np.full(parts.shape[1], np.nan)
    return np.asarray(within @ parts / total)


def _correlation(a: FloatArray, b: FloatArray) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 0 else float("nan")
