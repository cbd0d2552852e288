"""Residuals of the demand equation ln x + sigma ln p = effects + nu (Khandelwal, Schott & Wei 2013)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures import demand_kernels
from carbonspec.econometrics.measures.crosstab import Crosstab
from carbonspec.econometrics.measures.customs import BATCH
from carbonspec.econometrics.measures.two_way import TwoWay

CLEAN = 2e-13
"""Largest mean of the residuals of a group that is left as it is."""


@dataclass(frozen=True)
class Residuals:
    """y = a[row group] + b[column group] + values.

    `values` (n,), `a` and `b` the effects (levels are arbitrary by a constant in each connected part), `largest_mean`
    the largest absolute mean of the residuals in any group: zero in exact arithmetic.
    """

    values: FloatArray
    a: FloatArray
    b: FloatArray
    largest_mean: float


def log_demand(quantity: FloatArray, value: FloatArray, sigma: FloatArray) -> FloatArray:
    """(n,) ln x + sigma ln p with unit values p = value / quantity; all positive, sigma (n,)."""
    ln_x = np.log(quantity)
    price = np.log(value)
    price -= ln_x
    price *= sigma
    price += ln_x
    return price


def demand_residuals(y: FloatArray, p: Any, g: Any, rows: int, columns: int) -> Residuals:
    """Residuals of y (n,) on two sets of effects with codes p (n,) in 0..rows-1 and g (n,) in 0..columns-1.

    Exact: the normal equations are solved directly on the table of counts, in two passes over the rows and with no
    tolerance to choose; further ones only where rounding left a group's mean above 2e-13.
    """
    p, g = np.asarray(p), np.asarray(g)
    table = Crosstab(rows, columns)
    step = len(y) if demand_kernels.worthwhile(len(y)) and table.dense else BATCH
    for at in range(0, len(y), max(step, 1)):
        part = slice(at, at + step)
        table.add(p[part], g[part], y[part])
    effects = TwoWay(table.counts())
    a, b = effects.solve(table.row_sums, table.column_sums)
    out = np.empty(len(y))
    sums = subtract(p, g, y, a, b, out)
    mean = largest_mean(effects, *sums)
    before = np.inf
    while CLEAN < mean < before / 2:
        da, db = effects.solve(*sums)
        sums = subtract(p, g, out, da, db, out)
        a, b = a + da, b + db
        before, mean = mean, largest_mean(effects, *sums)
    return Residuals(out, a, b, mean)


def subtract(
    p: Any, g: Any, y: FloatArray, a: FloatArray, b: FloatArray, out: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """out = y - a[p] - b[g] (n,); returns its sums by p and by g."""
    if demand_kernels.worthwhile(len(y)):
        return demand_kernels.subtract(p, g, y, a, b, out)
    row_sums, column_sums = np.zeros_like(a), np.zeros_like(b)
    step = 1 << 17
    for at in range(0, len(y), step):
        part = slice(at, at + step)
        pp, gg = p[part], g[part]
        e = np.subtract(y[part], a[pp], out=out[part])
        e -= b[gg]
        row_sums += np.bincount(pp, e, len(a))
        column_sums += np.bincount(gg, e, len(b))
    return row_sums, column_sums


def largest_mean(effects: TwoWay, row_sums: FloatArray, column_sums: FloatArray) -> float:
    """Largest absolute group mean, from the residuals' sums by row group and by column group."""
    big, small = (column_sums, row_sums) if effects.turned else (row_sums, column_sums)
    return float(
        max(np.abs(big * effects.inverse).max(initial=0), np.abs(small * effects.small_inverse).max(initial=0))
    )
