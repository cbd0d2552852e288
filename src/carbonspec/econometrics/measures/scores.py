"""Demand residuals brought to 0..1 within their group, and averaged by region and year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.cells import CellSums
from carbonspec.econometrics.measures.customs import Levels
from carbonspec.econometrics.measures.demand_effects import Demand, corrected, joined, residuals
from carbonspec.econometrics.measures.screens import Sieve, Usable

FLAT = 1e-10
"""Groups whose residuals span less than this, in log points (times the largest effect if that is above 1), have no
spread: the rest is rounding."""


@dataclass(frozen=True)
class Limits:
    """Smallest and largest residual of each group of standardising, rows in it, groups without spread; `products` rows
    of each product."""

    low: FloatArray
    high: FloatArray
    sizes: IntArray
    flat: Any
    products: IntArray

    @property
    def usable(self) -> Any:
        return (self.sizes > 1) & ~self.flat


def _groups(rows: Usable, within: str, years: int) -> Any:
    return rows.product if within == "h" else joined(rows.product, years, rows.year)


def standardise(demand: Demand, sieve: Sieve, within: str) -> tuple[Demand, Limits, float]:
    """Limits of the residuals by group, and the largest mean of residuals; the effects are corrected if need be."""
    count, _, _, years = demand.effects.shape
    for attempt in range(3):
        size = count * (years if within == "h^t" else 1)
        low, high = np.full(size, np.inf), np.full(size, -np.inf)
        sizes, products = np.zeros(size, dtype=np.int64), np.zeros(count, dtype=np.int64)
        sums = np.zeros_like(demand.a), np.zeros_like(demand.b)
        for rows, nu, known in residuals(demand, sieve.usable(), sums):
            products += np.bincount(rows.product, minlength=count)
            group = _groups(rows, within, years)
            if known is not None:
                group, nu = group[known], nu[known]
            np.minimum.at(low, group, nu)
            np.maximum.at(high, group, nu)
            sizes += np.bincount(group, minlength=size)
        mean, better = corrected(demand, *sums)
        if better is None or attempt == 2:
            break
        demand = better
    flat = (sizes > 1) & (high - low <= FLAT * demand.scale)
    return demand, Limits(low, high, sizes, flat, products), mean


@dataclass(frozen=True)
class Totals:
    """(regions, years): quality, value of the rows behind it, value of all rows used; rows weighted."""

    quality: FloatArray
    known: FloatArray
    used: FloatArray
    rows: int
    absorbed_between: float | None


def aggregate(demand: Demand, sieve: Sieve, limits: Limits, within: str, base: tuple[Any, ...]) -> Totals:
    """Mean score by region and year, weighted by each row's value or, with `base` years, by those of the products."""
    _, regions, _, years = demand.effects.shape
    cells = regions * years
    used, known, top = np.zeros(cells), np.zeros(cells), np.zeros(cells)
    log_quality, without = np.zeros(cells), np.zeros(cells)
    fixed = _FixedWeights(base, sieve.customs.levels) if base else None
    usable, weighted = limits.usable, 0
    low = np.where(usable, limits.low, 0.0)
    span = np.where(usable, limits.high - low, 1.0)
    for rows, nu, not_alone in residuals(demand, sieve.usable()):
        market = joined(rows.region, years, rows.year)
        used += np.bincount(market, rows.value, cells)
        if demand.years_only is not None:
            inverse = rows.value / (demand.sigma[rows.product] - 1)
            a, b = demand.years_only
            log_quality += np.bincount(market, inverse * nu, cells)
            other = demand.outcome(rows) - a[rows.product] - b[rows.year]
            without += np.bincount(market, inverse * other, cells)
        group = _groups(rows, within, years)
        keep = usable[group] if not_alone is None else usable[group] & not_alone
        r = (nu - low[group]) / span[group]
        value = np.where(keep, rows.value, 0.0)
        weighted += int(np.count_nonzero(keep))
        known += np.bincount(market, value, cells)
        top += np.bincount(market, value * r, cells)
        if fixed is not None:
            fixed.add(rows, value, value * r)
    between = None
    if demand.years_only is not None and np.count_nonzero(used) > 1:
        there = used > 0
        left = float(np.var(without[there] / used[there]))
        between = 1 - float(np.var(log_quality[there] / used[there])) / left if left > 0 else None
    quality = np.divide(top, known, out=np.full(cells, np.nan), where=known > 0)
    if fixed is not None:
        quality = fixed.quality()
    shape = regions, years
    return Totals(quality.reshape(shape), known.reshape(shape), used.reshape(shape), weighted, between)


class _FixedWeights:
    """Weights of products within a region by their value in the base years, over the products known in each year."""

    def __init__(self, base: tuple[Any, ...], levels: Levels) -> None:
        self.base = np.isin(np.arange(len(levels.year)), [levels.year.index(year) for year in base])
        products, self.regions, _, self.years = levels.shape
        self.values = CellSums(products * self.regions, 1)
        self.scores = CellSums(products * self.regions * self.years, 2)

    def add(self, rows: Usable, value: FloatArray, scored: FloatArray) -> None:
        """Rows with their value and value times standardised residual, both 0 where that is not known."""
        pair = rows.product.astype(np.int64) * self.regions + rows.region
        now = self.base[rows.year]
        self.values.add(pair[now], rows.value[now])
        self.scores.add(pair * self.years + rows.year, value, scored)

    def quality(self) -> FloatArray:
        """(regions * years,) mean over products of their (value-weighted) score, NaN without any base value."""
        pairs, (weights,) = self.values.found()
        keys, (values, scores) = self.scores.found()
        known = values > 0
        keys, score = keys[known], scores[known] / values[known]
        pair, year = np.divmod(keys, self.years)
        at = np.minimum(np.searchsorted(pairs, pair), max(len(pairs) - 1, 0))
        weight = np.where(pairs[at] == pair, weights[at], 0.0) if len(pairs) else np.zeros(len(pair))
        market = pair % self.regions * self.years + year
        total = np.bincount(market, weight, self.regions * self.years)
        top = np.bincount(market, weight * score, self.regions * self.years)
        found: FloatArray = np.divide(top, total, out=np.full(len(total), np.nan), where=total > 0)
        return found
