"""Sample quantiles of Hyndman and Fan (1996), all nine types, by groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_FUZZ = 1e-12
"""Relative rounding error allowed in n * p, so that 0.07 * 100 counts as the integer 7."""

_PLOTTING = {4: (0.0, 1.0), 5: (0.5, 0.5), 6: (0.0, 0.0), 7: (1.0, 1.0), 8: (1 / 3, 1 / 3), 9: (3 / 8, 3 / 8)}


def quantile(x: FloatArray, p: float, kind: int = 2) -> float:
    """The p quantile of `x`, NaN left out. Type 2 is Stata's `_pctile`, type 7 R's and numpy's default.

    Type 2: with n p an integer j the mean of x_(j) and x_(j+1), else x_(ceil(n p)).
    """
    return float(group_quantiles(x, np.zeros(x.size, dtype=np.int64), 1, (p,), kind)[0, 0])


def group_quantiles(x: FloatArray, codes: IntArray, count: int, shares: tuple[float, ...], kind: int = 2) -> FloatArray:
    """(len(shares), count) quantiles of `x` within groups 0..count-1; NaN values and codes below 0 are left out."""
    wrong = [p for p in shares if not 0 <= p <= 1]
    if wrong:
        raise ValueError(f"a quantile lies between 0 and 1, not at {wrong[0]}")
    if kind not in range(1, 10):
        raise ValueError(f"quantile types run from 1 to 9, there is no type {kind}")
    used = (codes >= 0) & ~np.isnan(x)
    values, groups = x[used], codes[used]
    values = np.sort(values) if count == 1 else values[np.lexsort((values, groups))]
    n = np.bincount(groups, minlength=count)
    start = np.concatenate(([0], np.cumsum(n)[:-1]))
    filled = n > 0
    result = np.full((len(shares), count), np.nan)
    if not filled.any():
        return result
    for row, p in zip(result, shares, strict=True):
        position, share = order_position(n.astype(np.float64), p, kind)
        below = values[(np.clip(position, 1, n) - 1 + start)[filled]]
        above = values[(np.clip(position + 1, 1, n) - 1 + start)[filled]]
        weight = share[filled]
        mixed = (1 - weight) * below + weight * above
        row[filled] = np.where(weight == 0, below, np.where(weight == 1, above, mixed))
    return result


def order_position(n: FloatArray, p: float, kind: int) -> tuple[IntArray, FloatArray]:
    """The 1-based position j and the share of x_(j+1) in (1 - share) x_(j) + share x_(j+1)."""
    if kind <= 3:
        target = n * p - (0.5 if kind == 3 else 0.0)
    else:
        a, b = _PLOTTING[kind]
        target = a + p * (n + 1 - a - b)
    fuzz = _FUZZ * np.maximum(n, 1)
    j = np.floor(target + fuzz)
    beyond = target - j
    beyond[np.abs(beyond) <= fuzz] = 0.0
    if kind == 1:
        share = (beyond > 0).astype(np.float64)
    elif kind == 2:
        share = np.where(beyond > 0, 1.0, 0.5)
    elif kind == 3:
        share = np.where((beyond > 0) | (j % 2 == 1), 1.0, 0.0)
    else:
        share = beyond
    return j.astype(np.int64), share
