"""Export quality of regions from the demand for their products (Khandelwal, Schott & Wei 2013; Equations 1 to 5 of the
paper).

With quantity x, unit value p and quality q, x = q^(sigma - 1) p^(-sigma) P^(sigma - 1) E, so that

    ln x + sigma_h ln p = effects + nu,    ln q = nu / (sigma_h - 1).

nu is standardised to 0..1 within product and year (there sigma_h - 1 cancels) and averaged by region and year with
values as weights. Records pass by in batches, three times and more if unit values are trimmed; what is kept between
is as large as the table of products by region-years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.cells import CellSums
from carbonspec.econometrics.measures.customs import Customs, Levels
from carbonspec.econometrics.measures.demand_effects import (
    EFFECTS,
    Demand,
    Effects,
    Estimation,
    corrected,
    joined,
    residuals,
)
from carbonspec.econometrics.measures.elasticities import Matched, checked, match_sigma
from carbonspec.econometrics.measures.problems import MeasureError, chosen, counted, listed
from carbonspec.econometrics.measures.repeats import BITS, Marks, count_by_sorting, first_marked_twice
from carbonspec.econometrics.measures.screens import Screens, Sieve
from carbonspec.econometrics.results import Dropped, Notice

FLAT = 1e-10
"""Groups whose residuals span less than this, in log points (times the largest effect if that is above 1), have no
spread: the rest is rounding."""


@dataclass(frozen=True)
class Choices:
    """How quality is measured.

    `sigma` one elasticity for all, or a table {HS prefix: sigma}; `unmatched` "error" or "median" for products that the
    table lacks. `effects` one of EFFECTS. `within` "h^t" or "h": where residuals are standardised. `base` years whose
    values are the fixed weights of products within a region; empty: each year's own values. `repeats` "error" or
    "keep": what to do about rows with the same product, region, destination and year.
    """

    sigma: float | Mapping[str, float]
    effects: str = "h + f^t"
    within: str = "h^t"
    screens: Screens = field(default_factory=Screens)
    unmatched: str = "error"
    repeats: str = "error"
    base: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Report:
    """What went into the measure, and what did not.

    `rows` in; `left_out` by reason; `used` in the demand equation; `alone` of these in a group of effects of their own
    (residual zero by construction); `weighted` with a standardised residual. `lone_groups` / `flat_groups`: groups of
    one row / without spread, and their rows. `repeated` rows beyond the first of their key, where kept. `empty`
    region-years that have records but no quality, `absent` ones without records. `value_share` of the value used that
    is weighted. `largest_mean`: largest absolute mean of residuals in a group of the effects, zero but for rounding.
    `parts`: connected parts of the groups. `sigma`: smallest, median, largest over products. `unmatched` products took
    the median. With region-year effects: `absorbed`, the share they take of the variance that product and year effects
    leave; `absorbed_between`, the share they take of the variance between region-years of value-weighted log quality.
    """

    rows: int
    left_out: tuple[Dropped, ...]
    used: int
    alone: int
    lone_groups: int
    lone_rows: int
    flat_groups: int
    flat_rows: int
    weighted: int
    repeated: int
    empty: int
    absent: int
    value_share: float
    products: int
    pairs: int
    parts: int
    largest_mean: float
    sigma: tuple[float, float, float]
    unmatched: tuple[str, ...]
    absorbed: float | None
    absorbed_between: float | None


@dataclass(frozen=True)
class Quality:
    """`values` (regions, years) quality between 0 and 1, NaN where no row is known; `weights` (regions, years) value of
    the rows behind it. `regions`, `years` name the axes, ascending."""

    regions: tuple[Any, ...]
    years: tuple[Any, ...]
    values: FloatArray
    weights: FloatArray
    report: Report
    notices: tuple[Notice, ...]


def export_quality(customs: Customs, choices: Choices) -> Quality:
    """Quality of each region and year from customs records, in memory or in files.

    Raises MeasureError: E850 repeated keys, E851 products without elasticity, E852 elasticity of 1 or less, E854
    unusable amounts where these are refused, E855 no rows left, E856 screens or effects that make no sense, E857 base
    years without records; E800 for unknown words.
    """
    levels = customs.levels
    _check(choices, levels)
    matched = _sigma(choices, levels)
    sieve = Sieve(customs, choices.screens)
    tally = np.zeros(11, dtype=np.int64)
    estimation = Estimation(Effects(choices.effects, levels.shape), matched.sigma)
    for rows in sieve.usable(tally):
        estimation.add(rows)
    repeated = _repeated(customs, choices, int(tally[0] - tally[1]))
    if not estimation.rows:
        reasons = listed(f"{d.reason} ({d.rows})" for d in sieve.left_out(tally)) or "there are none"
        raise MeasureError("E855", f"no customs record is left: {reasons}", {"count": int(tally[0])})
    demand, limits, mean = _standardise(estimation.solve(), sieve, choices.within)
    totals = _aggregate(demand, sieve, limits, choices)
    report = Report(
        rows=int(tally[0]),
        left_out=sieve.left_out(tally),
        used=estimation.rows,
        alone=demand.alone,
        lone_groups=int((limits.sizes == 1).sum()),
        lone_rows=int((limits.sizes == 1).sum()),
        flat_groups=int(limits.flat.sum()),
        flat_rows=int(limits.sizes[limits.flat].sum()),
        weighted=totals.rows,
        repeated=repeated,
        empty=int((np.isnan(totals.quality) & (totals.used > 0)).sum()),
        absent=int((totals.used == 0).sum()),
        value_share=float(totals.known.sum() / totals.used.sum()),
        products=int(np.count_nonzero(limits.products)),
        pairs=demand.pairs,
        parts=demand.parts,
        largest_mean=mean,
        sigma=tuple(float(f(matched.sigma)) for f in (np.min, np.median, np.max)),  # type: ignore[arg-type]
        unmatched=matched.unmatched,
        absorbed=demand.absorbed,
        absorbed_between=totals.absorbed_between,
    )
    notices = _notices(report, choices)
    return Quality(levels.region, levels.year, totals.quality, totals.known, report, notices)


def _check(choices: Choices, levels: Levels) -> None:
    chosen(choices.effects, EFFECTS, "the effects of the demand equation")
    chosen(choices.within, ("h^t", "h"), "the groups in which residuals are standardised")
    chosen(choices.repeats, ("error", "keep"), "what happens to repeated keys")
    choices.screens.check()
    if choices.effects == "h + c^t" and not levels.destination:
        raise MeasureError("E856", "destination-year effects need a column of destinations")
    unknown = [year for year in choices.base if year not in levels.year]
    if unknown:
        message = f"the customs records have no year {listed(unknown)}, which should give the weights"
        raise MeasureError("E857", message, {"known": levels.year})


def _sigma(choices: Choices, levels: Levels) -> Matched:
    if isinstance(choices.sigma, Mapping):
        if not levels.product:
            return Matched(np.zeros(0), (), ())
        return match_sigma(levels.product, choices.sigma, choices.unmatched)
    sigma = np.full(len(levels.product), float(choices.sigma))
    checked(np.array([float(choices.sigma)]), ("all products",), np.array([True]))
    return Matched(sigma, (0,) * len(sigma), ())


def _repeated(customs: Customs, choices: Choices, rows: int) -> int:
    """Rows beyond the first of each key, among all rows whose key is complete."""
    _, regions, destinations, years = customs.levels.shape
    space = int(np.prod([float(n) for n in customs.levels.shape]))

    def keys() -> Any:
        for batch in customs.batches():
            found = batch.product.astype(np.int64) * regions + batch.region
            whole = (batch.product >= 0) & (batch.region >= 0) & (batch.year >= 0)
            if batch.destination is not None:
                found = found * destinations + batch.destination
                whole &= batch.destination >= 0
            found = found * years + batch.year
            yield found if whole.all() else found[whole]

    if space <= BITS:
        marks = Marks(space)
        for some in keys():
            marks.add(some)
        count, example = marks.repeated, -1
        if count and choices.repeats == "error":
            example = first_marked_twice(keys(), space)
    else:
        count, example = count_by_sorting(keys, rows)
    if count and choices.repeats == "error":
        key = _named(example, customs.levels)
        message = f"{counted(count, 'row')} repeat the key of another, the first {listed(key)}"
        raise MeasureError("E850", message, {"count": count, "key": key})
    return count


def _named(key: int, levels: Levels) -> tuple[Any, ...]:
    _, regions, destinations, years = levels.shape
    key, year = divmod(key, years)
    key, destination = divmod(key, destinations)
    product, region = divmod(key, regions)
    to = (levels.destination[destination],) if levels.destination else ()
    return (levels.product[product], levels.region[region], *to, levels.year[year])


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


def _groups(rows: Any, within: str, years: int) -> Any:
    return rows.product if within == "h" else joined(rows.product, years, rows.year)


def _standardise(demand: Demand, sieve: Sieve, within: str) -> tuple[Demand, Limits, float]:
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


def _aggregate(demand: Demand, sieve: Sieve, limits: Limits, choices: Choices) -> Totals:
    count, regions, _, years = demand.effects.shape
    cells = regions * years
    used, known, top = np.zeros(cells), np.zeros(cells), np.zeros(cells)
    log_quality, without = np.zeros(cells), np.zeros(cells)
    fixed = _FixedWeights(choices.base, sieve.customs.levels) if choices.base else None
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
        group = _groups(rows, choices.within, years)
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
    if fixed is None:
        quality = np.divide(top, known, out=np.full(cells, np.nan), where=known > 0)
    else:
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

    def add(self, rows: Any, value: FloatArray, scored: FloatArray) -> None:
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
        return np.divide(top, total, out=np.full(len(total), np.nan), where=total > 0)


def _notices(report: Report, choices: Choices) -> tuple[Notice, ...]:
    found = []
    if choices.effects == "h + f^t":
        between, rows = report.absorbed_between, report.absorbed
        share = "" if between is None else f": they take {between:.0%} of the variance between region-years"
        also = "" if rows is None else f" and {rows:.1%} of the variance between records"
        message = (
            "region-year effects make demand residuals average to zero in every region and year, so most of the regional "
            f"signal is gone before it is aggregated{share}{also} that product and year effects leave"
        )
        found.append(Notice("W850", message))
    if report.unmatched:
        names = listed(report.unmatched)
        message = f"{counted(len(report.unmatched), 'product')} without an elasticity took the median: {names}"
        found.append(Notice("W851", message))
    if report.lone_rows or report.flat_rows:
        message = (
            f"{counted(report.lone_groups, 'group')} of one row and {report.flat_groups} without spread "
            f"({counted(report.lone_rows + report.flat_rows, 'row')}) can't be standardised and have no weight"
        )
        found.append(Notice("W852", message))
    if report.empty:
        found.append(Notice("W853", f"{counted(report.empty, 'region-year')} with records have no quality"))
    if report.repeated:
        found.append(Notice("W854", f"{counted(report.repeated, 'row')} repeat the key of another and were kept"))
    if report.alone:
        message = f"{counted(report.alone, 'row')} stand alone in a group of the effects and have no weight"
        found.append(Notice("W855", message))
    if report.left_out:
        reasons = ", ".join(f"{d.reason} {d.rows}" for d in report.left_out)
        found.append(Notice("N856", f"of {counted(report.rows, 'customs record')} were left out: {reasons}"))
    return tuple(found)
