"""Flows of units on the panel's clock, and their gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.indicators import BoolArray
from carbonspec.econometrics.measures.keys import Keys
from carbonspec.econometrics.measures.problems import MeasureError, column, places, where


@dataclass(frozen=True)
class Flows:
    """`values` (units, periods), NaN where the flow or its row is missing; `rows` marks the cells that have a row."""

    values: FloatArray
    rows: BoolArray


def flow_grid(flow: FloatArray, keys: Keys) -> Flows:
    """Flows (n,) by unit and period. Raises MeasureError E870 (negative), E871 (rows twice), E819, E822."""
    values = column(flow, len(keys.unit), "the flow")
    keys.unique()
    negative = where(values < 0)
    if negative.size:
        facts = {"rows": tuple(negative.tolist()), "count": int(negative.size)}
        raise MeasureError("E870", f"the flow is negative in {places(negative, keys.labels)}", facts)
    grid = np.full((len(keys.unit_names), len(keys.period_names)), np.nan)
    rows = np.zeros(grid.shape, dtype=bool)
    grid[keys.unit, keys.tick] = values
    rows[keys.unit, keys.tick] = True
    return Flows(grid, rows)


def filled(flows: Flows, start: IntArray, fill: str) -> tuple[FloatArray, int, int]:
    """The flows with gaps between a unit's start and its last row closed: the grid, cells filled, those without a row.

    "interpolate" closes gaps between two flows, linearly on the clock; what follows the last flow stays missing.
    "zero" closes them up to the unit's last row.
    """
    grid = flows.values.copy()
    if not fill:
        return grid, 0, 0
    ticks = np.arange(grid.shape[1])
    known = ~np.isnan(grid)
    ends = known if fill == "interpolate" else flows.rows
    last = np.where(ends.any(axis=1), grid.shape[1] - 1 - ends[:, ::-1].argmax(axis=1), -1)
    gaps = ~known & (ticks >= start[:, None]) & (start[:, None] >= 0) & (ticks <= last[:, None])
    for unit in np.flatnonzero(gaps.any(axis=1)).tolist():
        own = known[unit]
        value = np.interp(ticks, ticks[own], grid[unit, own]) if fill == "interpolate" else np.zeros(len(ticks))
        grid[unit, gaps[unit]] = value[gaps[unit]]
    return grid, int(gaps.sum()), int((gaps & ~flows.rows).sum())
