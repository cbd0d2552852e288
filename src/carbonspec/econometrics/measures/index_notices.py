"""What the reader of an index must be told: rows left out, constants, an indicator that decides alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.choices import Choices
from carbonspec.econometrics.measures.indicators import BoolArray, Indicator, zero_one
from carbonspec.econometrics.measures.problems import listed, places, where
from carbonspec.econometrics.measures.scoring import Fitted, Weight
from carbonspec.econometrics.results import Notice

DOMINANT = 0.5


def row_notices(
    complete: BoolArray, cells: IntArray, fits: Mapping[int, Fitted], outside: BoolArray, labels: Sequence[str]
) -> tuple[Notice, ...]:
    """W836 rows that miss an indicator, N840 rows (n,) beyond the sample's limits, W841 periods without weights."""
    found = []
    if not complete.all():
        rows = places(where(~complete), labels)
        found.append(Notice("W836", f"an indicator is missing in {rows}; they have no index and count in no weight"))
    if outside.any():
        message = f"{places(where(outside), labels)} outside the sample lie beyond its smallest or largest values"
        found.append(Notice("N840", message))
    lacking = complete & ~np.isin(cells, list(fits))
    if lacking.any():
        periods = listed(np.unique(cells[lacking]).tolist())
        found.append(Notice("W841", f"{periods} have no row in the sample, so no weights, and no index"))
    return tuple(found)


def constant_notices(indicators: Sequence[Indicator], fits: Mapping[int, Fitted]) -> tuple[Notice, ...]:
    """W835 for each indicator that does not vary, everywhere or in some periods."""
    found = []
    for j, indicator in enumerate(indicators):
        periods = [cell for cell, fitted in fits.items() if fitted.limits.constant[j]]
        if periods:
            when = "" if len(periods) == len(fits) else f" in {listed(periods)}"
            message = f"{indicator.name} is constant{when}; its weight there is 0"
            found.append(Notice("W835", message, indicator.name))
    return tuple(found)


def weight_notices(X: FloatArray, weights: Sequence[Weight], choices: Choices) -> tuple[Notice, ...]:
    """W837 a weight above 1/2, W838 a 0/1 indicator under entropy or on top, W839 yearly scope, W842 a turned sign.

    X (n, m) are the rows behind the weights.
    """
    found = []
    kept = [line for line in weights if line.weight != 0]
    top = max(abs(line.weight) for line in weights)
    for line, binary, share in zip(weights, zero_one(X).tolist(), X.mean(axis=0).tolist(), strict=True):
        if choices.weights != "pca" and len(kept) > 1 and line.weight > DOMINANT:
            message = f"{line.indicator} has weight {line.weight:.4f}, more than all other indicators together"
            found.append(Notice("W837", message, line.indicator))
        entropic = choices.weighing == "entropy"
        if binary and len(kept) > 1 and (entropic or abs(line.weight) >= top):
            why = "; under entropy that share alone decides, and a rare 1 weighs most" if entropic else ""
            one = share if line.direction > 0 else 1 - share
            value = 1 if line.direction > 0 else 0
            message = f"{line.indicator} is 0/1, {one:.1%} are {value}, and has weight {line.weight:.4f}{why}"
            found.append(Notice("W838", message, line.indicator))
        if choices.weights == "pca" and line.weight < 0:
            message = f"more of {line.indicator}, as its direction has it, lowers the index: {line.weight:.4f}"
            found.append(Notice("W842", message, line.indicator))
    if choices.scope == "year":
        found.append(Notice("W839", "each year has limits of its own, so levels of different years do not compare"))
    return tuple(found)
