"""CO2 of purchased heat, as the coal that made it: raw coal [t] = Q [GJ] / (efficiency 20.908)."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.components import Added
from carbonspec.econometrics.measures.factor_tables import RAW_COAL_NCV, RAW_COAL_TCE
from carbonspec.econometrics.measures.problems import MeasureError, chosen, column, counted, where
from carbonspec.econometrics.measures.units import conversion

EFFICIENCY = 0.70
"""Of boilers; 0.65 to 0.78 are used."""

BASES = {"raw": "t of raw coal", "tce": "t of coal equivalent", "energy": "GJ of raw coal"}


def heat(
    supplied: FloatArray,
    unit: str,
    factor: float | FloatArray,
    *,
    ef_base: str = "",
    efficiency: float | FloatArray = EFFICIENCY,
    name: str = "Heat",
) -> Added:
    """CO2 in t of `supplied` (n,) heat in `unit`, an energy (the yearbook's is 10^10 kJ).

    `factor`, t CO2 per t of raw coal ("raw"), per t of coal equivalent ("tce", 0.7143 t a t of raw coal) or per GJ of
    raw coal ("energy"), has to say which with `ef_base`: 2.53 is quoted for both of the first. `factor` and
    `efficiency` are numbers or (n,).

    Raises MeasureError E800 or E807 (ef_base), E802, E803 (unit), E806 (negative heat), E810 (factor, efficiency).
    """
    if not ef_base:
        said = ", ".join(f"{word} (per {what})" for word, what in BASES.items())
        raise MeasureError("E807", f"say what the factor of {name} is per: {said}", {"known": tuple(BASES)})
    chosen(ef_base, tuple(BASES), f"the base of the factor of {name}")
    n = np.size(supplied)
    amount = column(supplied, n, name)
    negative = where(amount < 0)
    if negative.size:
        facts = {"rows": tuple(negative.tolist()), "count": int(negative.size), "subject": name}
        raise MeasureError("E806", f"{name} is negative in {counted(int(negative.size), 'row')}", facts)
    share, each = column(efficiency, n, "the efficiency"), column(factor, n, f"the factor of {name}")
    for what, values, wrong in (
        ("an efficiency", share, where((share <= 0) | (share > 1))),
        (f"a factor of {name}", each, where(each < 0)),
    ):
        if wrong.size:
            message = f"{what} of {values[wrong[0]]:g} is impossible, in {counted(int(wrong.size), 'row')}"
            raise MeasureError("E810", message, {"rows": tuple(wrong.tolist())})
    fuel = amount * conversion(unit, "GJ", name) / share
    if ef_base != "energy":
        fuel = fuel / RAW_COAL_NCV * (RAW_COAL_TCE if ef_base == "tce" else 1.0)
    said = f"{efficiency:g}" if isinstance(efficiency, (int, float)) else "by row"
    provenance = (f"{name}: as raw coal (20908 kJ/kg), efficiency {said}, factor per {BASES[ef_base]}",)
    return Added(name, fuel * each, "t", "heat", provenance)
