"""Perpetual inventory: K_t = E_t + (1 - delta) K_(t-1), from a first stock of a factor times the first flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.flows import Flows, filled, flow_grid
from carbonspec.econometrics.measures.initial import Initial, growth_rates, initial_factors
from carbonspec.econometrics.measures.keys import Keys
from carbonspec.econometrics.measures.problems import MeasureError, chosen, counted, listed, places, where
from carbonspec.econometrics.results import Notice


@dataclass(frozen=True)
class Comparison:
    """The stock beside that of the steady state: sums over units at their first and last known periods.

    `ratio` is factor / steady factor, its mean over units. The difference shrinks by 1 - delta each period.
    """

    ratio: float
    first: float
    first_steady: float
    last: float
    last_steady: float


@dataclass(frozen=True)
class Stock:
    """`values` (n,): K at the end of each row's period, NaN before a unit's start and from a gap on.

    By unit (units,): `start` (tick of the first stock, -1 without one), `factor` on the first flow, `growth` (NaN
    where none was needed). `before` rows lie before the start, `gap_rows` after a gap; `filled_cells` flows were
    filled, of them `filled_periods` without a row. `comparison` with the steady state, where that exists.
    """

    values: FloatArray
    start: IntArray
    factor: FloatArray
    growth: FloatArray
    depreciation: float
    initial: str
    before: int
    gap_rows: int
    filled_cells: int
    filled_periods: int
    comparison: Comparison | None
    notices: tuple[Notice, ...] = ()


def stock(
    flow: FloatArray,
    keys: Keys,
    *,
    depreciation: float = 0.15,
    growth: float | str | None = None,
    initial: str | float | FloatArray = "steady",
    base: object = None,
    absent: str = "error",
    fill: str = "",
) -> Stock:
    """Stock of real flows (n,), rows in any order.

    The first stock, in the period `base` (without one, each unit's first flow), is the flow there times a factor:
    `initial` "steady" (1+g)/(g+delta), the steady state at the end of the period; "divide" 1/(g+delta); "paper"
    (1+g)/(1+delta), as Equation 6 of Yang, Yuan & Lu (2025) prints it; or a number, or one a unit in the order of
    `keys.unit_names`. `growth` is a number or "unit", the geometric mean growth of the unit's own flows.
    `absent="first"` starts a unit without a flow in the base period at its first later one, reported. `fill`
    "interpolate" or "zero" closes gaps between flows, counted; otherwise the stock ends there.

    Raises MeasureError E800 (words), E870, E871 (`flow_grid`), E875 (depreciation), E876 (no flow in the
    base period), E807, E810, E883, E884 (`initial_factors`, `growth_rates`).
    """
    chosen(absent, ("error", "first"), "what to do without a flow in the base period")
    if fill:
        chosen(fill, ("interpolate", "zero"), "what fills a gap")
    if not 0 <= depreciation <= 1:
        message = f"depreciation is a share from 0 to 1, not {depreciation:g}"
        raise MeasureError("E875", message, {"subject": "depreciation"})
    flows = flow_grid(flow, keys)
    notices: list[Notice] = []
    start = _starts(flows, keys, base, absent, notices)
    grid, cells, periods = filled(flows, start, fill)
    if cells:
        how = "interpolated" if fill == "interpolate" else "taken as 0"
        count = f"{counted(cells, 'missing flow')} ({periods} of periods without a row)"
        notices.append(Notice("W878", f"{count} {'was' if cells == 1 else 'were'} {how}"))
    rates = growth_rates(growth, flows.values, start, keys)
    chosen_initial: Initial = initial_factors(initial, rates, depreciation, start, keys)
    K = accumulate(grid, start, chosen_initial.factor, depreciation)
    notices += _zero_starts(grid, start, keys)
    comparison = None
    if chosen_initial.steady is not None:
        steady = accumulate(grid, start, chosen_initial.steady, depreciation)
        comparison = _comparison(K, steady, start, chosen_initial)
        if chosen_initial.name == "paper":
            notices.append(Notice("N880", _misprint(comparison)))
    values = K[keys.unit, keys.tick]
    begun = (start[keys.unit] >= 0) & (keys.tick >= start[keys.unit])
    gaps = begun & np.isnan(values)
    if gaps.any():
        said = places(where(gaps), keys.labels)
        notices.append(Notice("W877", f"a flow is missing, so there is no stock from there on, in {said}"))
    early = int(np.count_nonzero(~begun))
    if early:
        notices.append(Notice("N881", f"{counted(early, 'row')} before a unit's first stock {_have(early)} none"))
    return Stock(
        values,
        start,
        chosen_initial.factor,
        rates,
        depreciation,
        chosen_initial.name,
        early,
        int(gaps.sum()),
        cells,
        periods,
        comparison,
        tuple(notices),
    )


def accumulate(flows: FloatArray, start: IntArray, factor: FloatArray, depreciation: float) -> FloatArray:
    """K (units, periods) of flows (units, periods): factor times the flow at the start, then the recursion."""
    K = np.full(flows.shape, np.nan)
    for t in range(flows.shape[1]):
        if t:
            K[:, t] = flows[:, t] + (1 - depreciation) * K[:, t - 1]
        K[:, t] = np.where(start == t, factor * flows[:, t], K[:, t])
    return K


def _starts(flows: Flows, keys: Keys, base: object, absent: str, notices: list[Notice]) -> IntArray:
    """(units,) the tick of the first stock, -1 for a unit without any flow."""
    known = ~np.isnan(flows.values)
    if base is not None:
        at = keys.period(base)
        have = known[:, at] if at >= 0 else np.zeros(len(known), dtype=bool)
        if have.all():
            return np.full(len(known), at, dtype=np.int64)
        lacking = [keys.unit_names[unit] for unit in np.flatnonzero(~have).tolist()]
        if absent == "error":
            message = f"there is no flow in the base period {base} for {listed(lacking)}"
            facts = {"units": tuple(lacking), "count": len(lacking), "subject": str(base)}
            raise MeasureError("E876", message, facts)
        if at >= 0:
            known = known & (np.arange(known.shape[1]) >= at)
        message = f"{listed(lacking)} had no flow in the base period {base}: the stock starts at the first later flow"
        notices.append(Notice("N882", message))
    start = np.where(known.any(axis=1), known.argmax(axis=1), -1)
    never = [keys.unit_names[unit] for unit in np.flatnonzero(start < 0).tolist()]
    if never:
        notices.append(Notice("W877", f"{listed(never)} {'has' if len(never) == 1 else 'have'} no flow, so no stock"))
    return start


def _zero_starts(grid: FloatArray, start: IntArray, keys: Keys) -> list[Notice]:
    begun = np.flatnonzero(start >= 0)
    zero = begun[grid[begun, start[begun]] == 0]
    if not zero.size:
        return []
    names = listed(keys.unit_names[unit] for unit in zero.tolist())
    return [Notice("W879", f"the first flow is 0, and so is the first stock, for {names}")]


def _comparison(K: FloatArray, steady: FloatArray, start: IntArray, initial: Initial) -> Comparison | None:
    begun = np.flatnonzero(start >= 0)
    if not begun.size or initial.steady is None:
        return None
    first = start[begun]
    last = np.array([np.flatnonzero(~np.isnan(K[unit]))[-1] for unit in begun.tolist()])
    return Comparison(
        float(np.mean(initial.factor[begun] / initial.steady[begun])),
        float(K[begun, first].sum()),
        float(steady[begun, first].sum()),
        float(K[begun, last].sum()),
        float(steady[begun, last].sum()),
    )


def _misprint(found: Comparison | None) -> str:
    said = "(1 + growth)/(1 + depreciation), as Equation 6 prints it, is probably a misprint of (growth + depreciation)"
    if found is None:
        return said
    return (
        f"{said}: the first stocks are {found.ratio:.3g} of the steady state's; in sum {found.first:.6g} for "
        f"{found.first_steady:.6g} at the start, {found.last:.6g} for {found.last_steady:.6g} at the end"
    )


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
