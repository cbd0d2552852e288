"""The factor on the first flow that makes the first stock, and the growth behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.keys import Keys
from carbonspec.econometrics.measures.problems import MeasureError, chosen, column, listed

INITIAL = ("steady", "divide", "paper")


@dataclass(frozen=True)
class Initial:
    """`factor` (units,) on the first flow, the `steady` state's (units,) where growth says it, and the name."""

    name: str
    factor: FloatArray
    steady: FloatArray | None


def growth_rates(growth: float | str | None, flows: FloatArray, start: IntArray, keys: Keys) -> FloatArray:
    """(units,) growth a period; NaN where none is given, or for a unit without a stock.

    "unit": (last flow / first flow)^(1/periods between) - 1 over all of the unit's own flows (units, periods).

    Raises MeasureError E800 (a word), E883 (no growth of its own: fewer than two flows, or a 0 at an end).
    """
    units = len(keys.unit_names)
    if growth is None:
        return np.full(units, np.nan)
    if not isinstance(growth, str):
        return np.full(units, float(growth))
    chosen(growth, ("unit",), "the growth of flows")
    rates = np.full(units, np.nan)
    lacking = []
    for unit in np.flatnonzero(start >= 0).tolist():
        known = np.flatnonzero(~np.isnan(flows[unit]))
        ends = flows[unit, known[[0, -1]]]
        if len(known) < 2 or not (ends > 0).all():
            lacking.append(keys.unit_names[unit])
            continue
        rates[unit] = (ends[1] / ends[0]) ** (1.0 / (known[-1] - known[0])) - 1.0
    if lacking:
        message = f"growth of its own needs two flows, the first and last above 0; {listed(lacking)} lacks them"
        raise MeasureError("E883", message, {"units": tuple(lacking), "count": len(lacking)})
    return rates


def initial_factors(
    initial: str | float | FloatArray, growth: FloatArray, depreciation: float, start: IntArray, keys: Keys
) -> Initial:
    """Factors by name, or as given.

    Raises MeasureError E800 (a word), E807 (a word without growth), E810 (a negative or missing number), E819, E884
    (growth + depreciation not positive, or growth not above -1).
    """
    begun = start >= 0
    known = not np.isnan(growth[begun]).any() and bool(begun.any())
    if isinstance(initial, str):
        chosen(initial, INITIAL, "the first stock")
        if begun.any() and not known:
            message = f"the first stock {initial!r} needs the growth of flows: a number, or `unit`"
            raise MeasureError("E807", message, {"subject": "growth"})
    wrong = np.flatnonzero(begun & ((growth + depreciation <= 0) | (growth <= -1) | np.isinf(growth)))
    if wrong.size:
        names = listed(f"{keys.unit_names[unit]} ({growth[unit]:.4g})" for unit in wrong.tolist())
        message = f"growth plus depreciation ({depreciation:g}) must be positive, growth above -1; not so for {names}"
        raise MeasureError("E884", message, {"count": int(wrong.size)})
    with np.errstate(divide="ignore", invalid="ignore"):
        steady = (1 + growth) / (growth + depreciation)
        named = {"steady": steady, "divide": 1 / (growth + depreciation), "paper": (1 + growth) / (1 + depreciation)}
    if isinstance(initial, str):
        return Initial(initial, named[initial], steady if known else None)
    factor = column(initial, len(keys.unit_names), "the factor on the first flow")
    if (np.isnan(factor) | (factor < 0))[begun].any():
        raise MeasureError("E810", "the factor on the first flow is a number from 0 up", {"subject": "initial"})
    return Initial("as given", factor, steady if known else None)
