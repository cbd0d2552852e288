"""Amounts of money at the prices of one period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.keys import Keys
from carbonspec.econometrics.measures.problems import MeasureError, chosen, column, places, where


@dataclass(frozen=True)
class Deflated:
    """`real` (n,) at prices of `base` and the price level `level` (n,), 100 there. Rows without an amount are NaN.

    A fixed index without a base stays as it is: its own base is that of whoever made it, and `base` is "".
    """

    real: FloatArray
    level: FloatArray
    kind: str
    base: str


def deflate(nominal: FloatArray, index: FloatArray, keys: Keys, *, kind: str, base: object = None) -> Deflated:
    """real = nominal / (level / 100), within each unit.

    `kind` "chain": `index` (n,) is 100 times the price over that of the previous period, and is cumulated from `base`
    on, forwards and backwards; the index of the base period itself is not needed forwards. "fixed": `index` is a level;
    with `base` it is divided by its value there. Each amount needs every link between its period and the base.

    Raises MeasureError E800 (kind), E807 (a chain without base), E871 (rows twice), E872 (no such period), E873 (a
    missing index), E874 (an index that is not positive).
    """
    chosen(kind, ("chain", "fixed"), "the kind of a price index")
    n = len(keys.unit)
    amount, price = column(nominal, n, "the amount"), column(index, n, "the price index")
    keys.unique()
    wrong = where(price <= 0)
    if wrong.size:
        message = f"the price index is not positive in {places(wrong, keys.labels)}"
        raise MeasureError("E874", message, {"rows": tuple(wrong.tolist())})
    if base is None and kind == "chain":
        raise MeasureError("E807", "a chained index needs a base period", {"subject": "base"})
    at = _base(keys, base)
    grid = np.full((len(keys.unit_names), len(keys.period_names)), np.nan)
    grid[keys.unit, keys.tick] = price
    if kind == "chain":
        levels = np.full(grid.shape, np.nan)
        levels[:, at] = 100.0
        for t in range(at + 1, grid.shape[1]):
            levels[:, t] = levels[:, t - 1] * grid[:, t] / 100
        for t in range(at, 0, -1):
            levels[:, t - 1] = levels[:, t] / (grid[:, t] / 100)
    else:
        levels = grid if base is None else grid / grid[:, [at]] * 100
    level = levels[keys.unit, keys.tick]
    lacking = where(np.isnan(level) & ~np.isnan(amount))
    if lacking.size:
        link = "" if base is None else f", there or on the way to {base}"
        facts = {"rows": tuple(lacking.tolist()), "count": int(lacking.size)}
        raise MeasureError("E873", f"the price index is missing for {places(lacking, keys.labels)}{link}", facts)
    return Deflated(amount / (level / 100), level, kind, "" if base is None else str(base))


def _base(keys: Keys, base: object) -> int:
    if base is None:
        return 0
    at = keys.period(base)
    if at < 0:
        first, last = (keys.period_names[0], keys.period_names[-1]) if keys.period_names else ("", "")
        message = f"the data run from {first} to {last} and have no base period {base}"
        raise MeasureError("E872", message, {"known": keys.period_names, "subject": str(base)})
    return at
