"""Fuels, electricity, heat and transport that make up a given Ce by the formulas, up to rounding."""

from __future__ import annotations

import numpy as np

from . import formulas
from .algebra import Array, autoregressive, stream
from .provinces import EARLY, PROVINCES, YEARS, N

# t CO2/MWh in 2015
GRID = {"North": 0.66, "Northeast": 0.62, "East": 0.56, "Central": 0.46, "Northwest": 0.58, "South": 0.42}
CLEANER = 0.985  # yearly change of the grid factors
EFFICIENCY = 0.70  # of boilers
# share of the direct fuels' CO2 in the north and in the south, and yearly trend of the share
SHARES = {
    "cleaned_coal": (0.04, 0.03, -0.01),
    "coke": (0.13, 0.11, 0.0),
    "crude_oil": (0.02, 0.03, 0.0),
    "gasoline": (0.06, 0.09, 0.03),
    "kerosene": (0.01, 0.02, 0.05),
    "diesel": (0.08, 0.11, 0.0),
    "fuel_oil": (0.01, 0.03, -0.02),
    "lpg": (0.02, 0.03, 0.02),
    "natural_gas": (0.07, 0.06, 0.06),
    "coke_oven_gas": (0.02, 0.01, 0.0),
}  # raw coal is the rest
# mode -> (g CO2 per t km, t km per passenger km, share of the CO2 of freight, and of passengers)
MODES = {
    "rail": (7.0, 1.0, 0.06, 0.02),
    "road": (62.0, 0.1, 0.62, 0.03),
    "water": (9.0, 1.0, 0.12, 0.002),
    "air": (820.0, 0.072, 0.03, 0.118),
}


def turnover_intensity(columns: dict[str, Array]) -> Array:
    """10^4 t CO2 that the converted turnover of all modes would emit at the modes' own rates."""
    total = np.zeros((N, len(YEARS)))
    for mode, (rate, converted, _, _) in MODES.items():
        total = total + (columns[f"{mode}_freight"] + converted * columns[f"{mode}_passengers"]) * rate / 100
    return np.round(total, 4)


def raw_columns(seed: int, target: Array, electricity: Array) -> dict[str, Array]:
    """Columns of the energy file, (N, years), rounded, from Ce of the sample (10^4 t) and electricity (10^8 kWh)."""
    rng = stream(seed, "energy")
    years = np.array(YEARS)[None, :]
    back = 0.96 ** np.arange(EARLY, 0, -1)[None, :]
    total = np.concatenate([target[:, :1] * back, target], axis=1)
    north = np.array([p.grid in ("North", "Northeast", "Northwest") for p in PROVINCES])[:, None]
    factor = np.array([GRID[p.grid] for p in PROVINCES])[:, None] * CLEANER ** (years - 2015)
    columns: dict[str, Array] = {"electricity": electricity, "grid_factor": np.round(factor, 4)}
    rest = total - formulas.power(columns)

    def vary(spread: float) -> Array:
        """A factor near 1, with its own level in each province and slow changes."""
        return np.exp(spread * rng.standard_normal(N)[:, None] + 0.3 * spread * autoregressive(rng, 0.8, total.shape))

    # transport: a tenth or so of the rest
    moved = 0.11 * vary(0.25) * rest
    for mode, (rate, converted, freight, passengers) in MODES.items():
        coast = np.array([1.8 if p.coastal and mode == "water" else 1.0 for p in PROVINCES])[:, None]
        columns[f"{mode}_freight"] = np.round(0.9 * moved * freight * coast * vary(0.15) * 100 / rate, 3)
        columns[f"{mode}_passengers"] = np.round(0.9 * moved * passengers * vary(0.15) * 100 / rate / converted, 3)
    columns["turnover_intensity"] = turnover_intensity(columns)
    columns["national_transport"] = np.broadcast_to(np.round(moved.sum(axis=0, keepdims=True), 1), total.shape)
    rest = rest - formulas.transport(columns)

    columns["heat_efficiency"] = np.full(total.shape, EFFICIENCY)
    columns["raw_coal_factor"] = np.full(total.shape, formulas.HEAT_FACTOR)
    heated = np.where(north, 0.16, 0.05) * vary(0.2) * rest
    columns["heat_supply"] = np.round(heated * EFFICIENCY / formulas.HEAT_FACTOR, 2)
    rest = rest - formulas.heat(columns)

    left = rest
    factors = formulas.factors()
    for fuel, (inland, southern, trend) in SHARES.items():
        part = np.where(north, inland, southern) * np.exp(trend * (years - 2015)) * vary(0.25) * rest
        columns[fuel] = np.round(part / factors[fuel], 2)
        left = left - columns[fuel] * factors[fuel]
    columns["raw_coal"] = np.round(left / factors["raw_coal"], 2)
    if min(float(column.min()) for column in columns.values()) < 0:
        raise ValueError("the target emissions leave no room for some fuel: raise FLOOR in emissions.py")
    return columns
