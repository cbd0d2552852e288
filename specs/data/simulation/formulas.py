"""The measures by plain code, from the raw inputs as the files hold them. They don't use carbonspec, so that its
measures can be checked against these columns.

Sources: IPCC 2006 Vol. 2 Ch. 1 Table 1.3 (carbon contents), China Energy Statistical Yearbook (calorific values); the
paper's Equations 1 to 7. Arrays named after the paper: z, p, e, w of the index; x, v, sigma of export quality; K, E
of the stock.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .algebra import Array

# fuel -> net calorific value (kJ/kg, or kJ/m3 for gases), carbon content (kgC/GJ); all carbon is oxidised
SOLID_LIQUID = {
    "raw_coal": (20908.0, 25.8),
    "cleaned_coal": (26344.0, 25.8),
    "coke": (28435.0, 29.2),
    "crude_oil": (41816.0, 20.0),
    "gasoline": (43070.0, 18.9),
    "kerosene": (43070.0, 19.6),
    "diesel": (42652.0, 20.2),
    "fuel_oil": (41816.0, 21.1),
    "lpg": (50179.0, 17.2),
}
GAS = {"natural_gas": (38931.0, 15.3), "coke_oven_gas": (16726.0, 12.1)}
HEAT_FACTOR = 25.8 * 44 / 12 / 1000  # t CO2 per GJ of raw coal
GROWTH, DEPRECIATION = 0.05, 0.15


def factors() -> dict[str, float]:
    """t CO2 per t, for gases per 10^4 m3: so also 10^4 t CO2 per 10^4 t and per 10^8 m3."""
    solid = {fuel: ncv * 1e-6 * cc * 44 / 12 for fuel, (ncv, cc) in SOLID_LIQUID.items()}
    return solid | {fuel: ncv * 1e-5 * cc * 44 / 12 for fuel, (ncv, cc) in GAS.items()}


def power(energy: dict[str, Array]) -> Array:
    """Electricity's CO2, 10^4 t: 10^8 kWh are 10^5 MWh."""
    return energy["electricity"] * 10 * energy["grid_factor"]


def transport(energy: dict[str, Array]) -> Array:
    """National emissions, 10^4 t, by each province's share of `turnover_intensity`; arrays (N, years)."""
    intensity = energy["turnover_intensity"]
    return energy["national_transport"] * intensity / intensity.sum(axis=0, keepdims=True)


def heat(energy: dict[str, Array]) -> Array:
    """Heat's CO2, 10^4 t: 10^10 kJ are 10^4 GJ, over the efficiency, as raw coal."""
    return energy["heat_supply"] / energy["heat_efficiency"] * energy["raw_coal_factor"]


def emissions(energy: dict[str, Array]) -> Array:
    """Ce, 10^4 t CO2: direct fuels + electricity + transport + heat."""
    direct = sum(energy[fuel] * factor for fuel, factor in factors().items())
    return direct + power(energy) + transport(energy) + heat(energy)


def entropy_weights(z: Array) -> Array:
    """z (n, m) between 0 and 1 -> weights (m,), 0 ln 0 = 0 and no shift."""
    p = z / z.sum(axis=0)
    logs = np.log(p, out=np.zeros_like(p), where=p > 0)
    e = -(p * logs).sum(axis=0) / np.log(len(z))
    return (1 - e) / (1 - e).sum()


def entropy_index(x: Array, sample: NDArray[np.bool_]) -> tuple[Array, Array]:
    """x (n, m), more is better -> (score (n,), weights (m,)); limits and weights from the sample's rows."""
    low, high = x[sample].min(axis=0), x[sample].max(axis=0)
    z = (x - low) / (high - low)
    w = entropy_weights(z[sample])
    return z @ w, w


def stock(spending: Array, price: Array) -> Array:
    """Tech, 10^8 yuan of the first year, from (N, years) spending at current prices and the chained index.

    Equation 6 as printed: K_1 = E_1 (1 + g) / (1 + delta).
    """
    deflator = np.cumprod(np.concatenate([np.ones_like(price[:, :1]), price[:, 1:] / 100], axis=1), axis=1)
    E = spending / deflator
    K = np.empty_like(E)
    K[:, 0] = E[:, 0] * (1 + GROWTH) / (1 + DEPRECIATION)
    for t in range(1, E.shape[1]):
        K[:, t] = E[:, t] + (1 - DEPRECIATION) * K[:, t - 1]
    return K


def demand_residual(lhs: Array, product: NDArray[np.int64], market: NDArray[np.int64]) -> Array:
    """Residuals of lhs on product and market (province-year) effects, by the normal equations of the dummies."""
    h, m = int(product.max()) + 1, int(market.max()) + 1
    counts = np.zeros((h, m))
    np.add.at(counts, (product, market), 1.0)
    by_product = np.bincount(product, weights=lhs, minlength=h)
    by_market = np.bincount(market, weights=lhs, minlength=m)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    # effects of markets given those of products leave h equations, of rank h - 1: the first product's effect is 0
    schur = np.diag(rows) - (counts / columns) @ counts.T
    right = by_product - (counts / columns) @ by_market
    phi = np.zeros(h)
    phi[1:] = np.linalg.solve(schur[1:, 1:], right[1:])
    psi = (by_market - counts.T @ phi) / columns
    return lhs - phi[product] - psi[market]


def standardised_quality(
    lhs: Array, sigma: Array, product: NDArray[np.int64], market: NDArray[np.int64], year: NDArray[np.int64]
) -> Array:
    """r: log quality, nu / (sigma - 1), to 0..1 within product and year; missing where a cell has no spread."""
    log_quality = demand_residual(lhs, product, market) / (sigma - 1)
    cell = product * (int(year.max()) + 1) + year
    low, high = np.full(int(cell.max()) + 1, np.inf), np.full(int(cell.max()) + 1, -np.inf)
    np.minimum.at(low, cell, log_quality)
    np.maximum.at(high, cell, log_quality)
    spread = high[cell] - low[cell]
    return np.divide(log_quality - low[cell], spread, out=np.full(len(lhs), np.nan), where=spread > 0)


def weighted_quality(r: Array, value: Array, market: NDArray[np.int64]) -> Array:
    """Quality of each market: mean of r weighted by value, over the rows with r known."""
    known = np.isfinite(r)
    top = np.bincount(market[known], weights=(r * value)[known])
    return top / np.bincount(market[known], weights=value[known])
