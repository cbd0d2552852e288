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

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.customs import Customs, Levels
from carbonspec.econometrics.measures.demand_effects import EFFECTS, Effects, Estimation
from carbonspec.econometrics.measures.elasticities import Matched, checked, match_sigma
from carbonspec.econometrics.measures.problems import MeasureError, chosen, counted, listed
from carbonspec.econometrics.measures.quality_report import Report, notices
from carbonspec.econometrics.measures.repeats import Repeats
from carbonspec.econometrics.measures.scores import aggregate, standardise
from carbonspec.econometrics.measures.screens import REASONS, Screens, Sieve
from carbonspec.econometrics.results import Notice


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
    tally = np.zeros(REASONS, dtype=np.int64)
    estimation = Estimation(Effects(choices.effects, levels.shape), matched.sigma)
    repeats = Repeats(customs)
    for rows in sieve.usable(tally, repeats.watch):
        estimation.add(rows)
    repeated = repeats.count
    if repeated and choices.repeats == "error":
        key = repeats.example()
        message = f"{counted(repeated, 'row')} with the key of an earlier one, such as {listed(key)}"
        raise MeasureError("E850", message, {"count": repeated, "key": key})
    if not estimation.rows:
        reasons = listed(f"{d.reason} ({d.rows})" for d in sieve.left_out(tally)) or "there are none"
        raise MeasureError("E855", f"no customs record is left: {reasons}", {"count": int(tally[0])})
    demand, limits, mean = standardise(estimation.solve(), sieve, choices.within)
    totals = aggregate(demand, sieve, limits, choices.within, choices.base)
    report = Report(
        rows=int(tally[0]),
        left_out=sieve.left_out(tally),
        used=estimation.rows,
        alone=demand.alone,
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
        sigma=(float(np.nanmin(matched.sigma)), float(np.nanmedian(matched.sigma)), float(np.nanmax(matched.sigma))),
        unmatched=matched.unmatched,
        absorbed=demand.absorbed,
        absorbed_between=totals.absorbed_between,
    )
    told = notices(report, choices.effects)
    return Quality(levels.region, levels.year, totals.quality, totals.known, report, told)


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
        # homogeneous products leave, so they need no elasticity
        wanted = np.flatnonzero(choices.screens.differentiated(levels.product)).tolist()
        if not wanted:
            return Matched(np.full(len(levels.product), np.nan), (), ())
        found = match_sigma([levels.product[h] for h in wanted], choices.sigma, choices.unmatched)
        sigma = np.full(len(levels.product), np.nan)
        sigma[wanted] = found.sigma
        return Matched(sigma, found.digits, found.unmatched)
    sigma = np.full(len(levels.product), float(choices.sigma))
    checked(np.array([float(choices.sigma)]), ("all products",), np.array([True]))
    return Matched(sigma, (0,) * len(sigma), ())
