"""Electricity's CO2: the energy used times the factor of its grid in its year. No factor is built in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from carbonspec.diagnostics.suggestions import did_you_mean
from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.components import Added
from carbonspec.econometrics.measures.problems import MeasureError, chosen, column, counted, listed
from carbonspec.econometrics.measures.units import conversion
from carbonspec.econometrics.results import Notice

KINDS = {
    "average": "average factors",
    "om": "operating-margin factors",
    "bm": "build-margin factors",
}
Region = str | Mapping[str, float]
"""The grid of a unit, or its grids with their shares."""


@dataclass(frozen=True)
class GridFactors:
    """A table of factors: `factor` (r,) in t CO2 per MWh of `grid` (r,) in `year` (r,).

    `kind` is "average", or "om" or "bm" for the factors of offset projects; `source` says whose numbers they are.
    """

    grid: Sequence[str]
    year: IntArray
    factor: FloatArray
    kind: str
    source: str

    def table(self) -> dict[tuple[str, int], float]:
        """(grid, year) -> factor; missing factors are left out.

        Raises MeasureError E800 (kind), E807 (no kind or source), E810 (negative), E820 (a grid and year twice).
        """
        for what, said in (("kind", self.kind), ("source", self.source)):
            if not said:
                message = f"say the {what} of the grid factors: no built-in choice would be right for every study"
                raise MeasureError("E807", message, {"subject": what, "known": tuple(KINDS) if what == "kind" else ()})
        chosen(self.kind, tuple(KINDS), "the kind of the grid factors")
        values = column(self.factor, len(self.grid), "the grid factor")
        found: dict[tuple[str, int], float] = {}
        for grid, year, value in zip(self.grid, np.asarray(self.year).tolist(), values.tolist(), strict=True):
            key = (str(grid), int(year))
            if np.isnan(value):
                continue
            if value < 0:
                raise MeasureError("E810", f"the factor of {grid} in {year} is negative: {value:g}", {"subject": grid})
            if key in found:
                raise MeasureError("E820", f"{grid} has several factors in {year}", {"subject": grid})
            found[key] = value
        return found


def grid_of(units: Sequence[str], grids: Mapping[str, Region]) -> tuple[Region, ...]:
    """The grid of each row's unit (n,). Raises MeasureError E809 for units that the map lacks."""
    lacking = tuple(dict.fromkeys(unit for unit in units if unit not in grids))
    if lacking:
        near = did_you_mean(lacking[0], grids)
        hint = f"; did you mean {near}?" if near else ""
        facts = {"known": tuple(grids), "suggestion": near, "subject": lacking[0], "count": len(lacking)}
        raise MeasureError("E809", f"no grid is given for {listed(lacking)}{hint}", facts)
    return tuple(grids[unit] for unit in units)


def electricity(
    energy: FloatArray,
    unit: str,
    regions: Sequence[Region],
    years: IntArray,
    factors: GridFactors,
    *,
    carry: str = "",
    name: str = "Electricity",
) -> Added:
    """CO2 in t of `energy` (n,) in `unit`, by each row's grid (or grids with shares) and year.

    `carry="nearest"` takes, for a year without a factor, that of the same grid's nearest year (of two the earlier),
    and reports it.

    Raises MeasureError E802, E803 (unit), E808 (no factor for a grid and year), E811 (shares), and those of
    `GridFactors.table`.
    """
    if carry:
        chosen(carry, ("nearest",), "what to carry to years without a factor")
    table = factors.table()
    amount = column(energy, len(regions), name)
    if len(years) != len(regions):
        raise MeasureError("E819", f"there are {len(years)} years for {counted(len(regions), 'row')}")
    shares = [_shares(region) for region in regions]
    wanted = [
        (grid, int(year)) for parts, year in zip(shares, np.asarray(years).tolist(), strict=True) for grid in parts
    ]
    taken, carried = _taken(dict.fromkeys(wanted), table, carry)
    used = np.array(
        [
            sum(share * table[taken[grid, int(year)]] for grid, share in parts.items())
            for parts, year in zip(shares, np.asarray(years).tolist(), strict=True)
        ]
    ).reshape(-1)
    notices = []
    if factors.kind != "average":
        message = f"{KINDS[factors.kind]} are made for offset projects; consumption is counted with average factors"
        notices.append(Notice("W818", message, name))
    for (grid, year), other in carried.items():
        count = wanted.count((grid, year))
        message = f"{grid} has no factor in {year}; that of {other} is taken in {counted(count, 'row')}"
        notices.append(Notice("W816", message, grid))
    provenance = (f"{name}: {KINDS[factors.kind]} by grid and year, {factors.source}",)
    return Added(name, amount * conversion(unit, "MWh", name) * used, "t", "electricity", provenance, tuple(notices))


def _shares(region: Region) -> Mapping[str, float]:
    if isinstance(region, str):
        return {region: 1.0}
    total = sum(region.values())
    if abs(total - 1) > 1e-6 or min(region.values(), default=-1) < 0:
        said = ", ".join(f"{grid} {share:g}" for grid, share in region.items())
        raise MeasureError("E811", f"the shares of a unit's grids do not add up to 1: {said}", {"total": total})
    return region


def _taken(
    wanted: Mapping[tuple[str, int], None], table: Mapping[tuple[str, int], float], carry: str
) -> tuple[dict[tuple[str, int], tuple[str, int]], dict[tuple[str, int], int]]:
    """Which entry serves each grid and year, and those that had to come from another year."""
    years: dict[str, list[int]] = {}
    for grid, year in sorted(table):
        years.setdefault(grid, []).append(year)
    taken, carried, lacking = {}, {}, []
    for grid, year in wanted:
        if (grid, year) in table:
            taken[grid, year] = (grid, year)
        elif carry and grid in years:
            carried[grid, year] = min(years[grid], key=lambda known, year=year: (abs(known - year), known))  # type: ignore[misc]
            taken[grid, year] = (grid, carried[grid, year])
        else:
            lacking.append((grid, year))
    if lacking:
        grid = lacking[0][0]
        near = "" if grid in years else did_you_mean(grid, years)
        hint = f"; did you mean {near}?" if near else ""
        if grid not in years and not near:
            hint = f"; the grids that have factors are {listed(years)}" if years else "; there is no factor at all"
        if grid in years and not carry:
            hint = "; supply it, or carry the nearest year's"
        shown = listed(f"{g} in {y}" for g, y in lacking)
        facts = {"missing": tuple(lacking), "count": len(lacking), "known": tuple(years), "suggestion": near}
        raise MeasureError("E808", f"no grid factor for {shown}{hint}", facts)
    return taken, carried
