"""Transport's CO2: from turnover by mode, or a national total shared out by turnover intensity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.measures.components import Added
from carbonspec.econometrics.measures.problems import MeasureError, chosen, column, counted, listed, where
from carbonspec.econometrics.measures.units import conversion
from carbonspec.econometrics.results import Notice

PASSENGER_WEIGHTS = {"rail": 1.0, "road": 0.1, "water": 1.0, "air": 0.072}
"""t km for a passenger km: the convention of China's statistics (water: berths, 1/3 for seats; air: domestic)."""


@dataclass(frozen=True)
class Mode:
    """A mode of transport: freight (n,) and passengers (n,) with their units.

    `energy` is MJ per t km and `emission` g CO2 per MJ (the same number as t CO2 per TJ), each a number or (n,); only
    their product counts, g CO2 per t km. `weight` is the t km that a passenger km counts as, by default that of
    `PASSENGER_WEIGHTS` for the mode's name.
    """

    name: str
    freight: FloatArray
    freight_unit: str
    energy: float | FloatArray
    emission: float | FloatArray = 1.0
    passengers: FloatArray | None = None
    passengers_unit: str = ""
    weight: float | FloatArray | None = None


@dataclass(frozen=True)
class Apportioned:
    """National emissions shared out: the component, and each row's share of its period (n,)."""

    added: Added
    shares: FloatArray


def turnover(mode: Mode, n: int) -> FloatArray:
    """(n,) converted turnover in t km: freight plus weighted passenger km.

    Raises MeasureError E802, E803 (units), E806 (negative), E807 (no weight for an unknown mode).
    """
    total = _positive(mode.freight, n, f"{mode.name} freight")
    total = total * conversion(mode.freight_unit, "t km", f"{mode.name} freight")
    if mode.passengers is None:
        return total
    people = _positive(mode.passengers, n, f"{mode.name} passengers")
    people = people * conversion(mode.passengers_unit, "passenger km", f"{mode.name} passengers")
    weight = PASSENGER_WEIGHTS.get(mode.name) if mode.weight is None else mode.weight
    if weight is None:
        message = f"say how many t km a passenger km of {mode.name} counts as; known are {_known()}"
        raise MeasureError("E807", message, {"subject": mode.name, "known": tuple(PASSENGER_WEIGHTS)})
    return np.asarray(total + people * _positive(weight, n, f"the passenger weight of {mode.name}"))


def transport_intensity(modes: Sequence[Mode], n: int) -> FloatArray:
    """(n,) t CO2: the sum over modes of turnover times energy times emission factor."""
    total = np.zeros(n)
    for mode in modes:
        energy = _positive(mode.energy, n, f"the energy use of {mode.name}")
        emission = _positive(mode.emission, n, f"the emission factor of {mode.name}")
        total = total + turnover(mode, n) * energy * emission * 1e-6
    return total


def bottom_up(modes: Sequence[Mode], n: int, *, name: str = "Transport") -> Added:
    """CO2 in t of n rows, from their own turnover."""
    return Added(name, transport_intensity(modes, n), "t", "transport", (f"{name}: turnover by mode; {_said(modes)}",))


def apportioned(
    intensity: FloatArray,
    national: FloatArray,
    unit: str,
    periods: IntArray,
    *,
    na: str = "missing",
    name: str = "Transport",
) -> Apportioned:
    """National emissions (n,) in `unit`, the same in all rows of a period, shared by `intensity` (n,).

    The shares of a period add up to 1 over the rows there are. A missing intensity leaves the shares of its whole
    period unknown; `na="zero"` gives its row nothing instead. Both are counted.

    Raises MeasureError E806 (negative), E811 (no intensity at all in a period, or several national totals).
    """
    chosen(na, ("missing", "zero"), "what a missing intensity counts as")
    n = len(periods)
    weight = _positive(intensity, n, f"the intensity of {name}")
    totals = _positive(national, n, "the national emissions")
    conversion(unit, "t", "the national emissions")
    named, codes = np.unique(np.asarray(periods), return_inverse=True)
    low, high = np.full(len(named), np.inf), np.full(len(named), -np.inf)
    known = ~np.isnan(totals)
    np.minimum.at(low, codes[known], totals[known])
    np.maximum.at(high, codes[known], totals[known])
    several = named[(high > low) & ((high - low) > 1e-9 * np.abs(high))]
    if several.size:
        message = f"the national emissions differ between the rows of {listed(several.tolist())}"
        raise MeasureError("E811", message, {"periods": tuple(several.tolist())})
    notices = []
    lacking = np.isnan(weight)
    if lacking.any():
        periods_lacking = listed(named[np.unique(codes[lacking])].tolist())
        count = counted(int(lacking.sum()), "row")
        if na == "zero":
            weight = np.where(lacking, 0.0, weight)
            message = f"the intensity of {name} is missing in {count} ({periods_lacking}) and counts as 0 there"
        else:
            message = f"the intensity of {name} is missing in {count}, so no share is known in {periods_lacking}"
        notices.append(Notice("W814" if na == "zero" else "W815", message, name))
    sums = np.bincount(codes, weight, minlength=len(named))
    empty = named[sums == 0]
    if empty.size:
        message = f"no row of {listed(empty.tolist())} has an intensity above 0, so there is nothing to share by"
        raise MeasureError("E811", message, {"periods": tuple(empty.tolist())})
    shares = weight / sums[codes]
    provenance = (f"{name}: national emissions by share of turnover intensity in each period",)
    return Apportioned(Added(name, totals * shares, unit, "transport", provenance, tuple(notices)), shares)


def _positive(values: float | FloatArray, n: int, what: str) -> FloatArray:
    found = column(values, n, what)
    wrong = where(found < 0)
    if wrong.size:
        facts = {"rows": tuple(wrong.tolist()), "count": int(wrong.size), "subject": what}
        raise MeasureError("E806", f"{what} is negative in {counted(int(wrong.size), 'row')}", facts)
    return found


def _known() -> str:
    return ", ".join(f"{mode} {weight:g}" for mode, weight in PASSENGER_WEIGHTS.items())


def _said(modes: Sequence[Mode]) -> str:
    parts = []
    for mode in modes:
        weight = PASSENGER_WEIGHTS.get(mode.name) if mode.weight is None else mode.weight
        one = "by row" if not isinstance(weight, (int, float)) else f"{weight:g}"
        parts.append(f"{mode.name}, a passenger km as {one} t km" if mode.passengers is not None else mode.name)
    return "; ".join(parts)
