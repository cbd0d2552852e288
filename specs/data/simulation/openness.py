"""The nine indicators of Table 1, their spread tuned so that the entropy weights come out near the printed ones."""

from __future__ import annotations

import numpy as np

from . import printed
from .algebra import Array, autoregressive, stream
from .provinces import EARLY, PROVINCES, YEARS, N, T

# lowest and highest value of the sample, decimals. Units: firms, 10^8 USD, 10^8 USD, persons, contracts, 10^6 USD,
# share of GDP, 10^8 yuan
RANGES = {
    "foreign_firms": (350, 178_000, 0),
    "registered_capital": (18, 9_800, 2),
    "foreign_investment": (25, 19_500, 2),
    "labour_abroad": (120, 86_000, 0),
    "foreign_contracts": (6, 1_480, 0),
    "tourism_revenue": (5, 20_500, 1),
    "trade_dependence": (0.0112, 1.4412, 6),
    "science_spending": (7.2, 1_168.8, 2),
}
COMMON = 0.76  # weight of the province's general openness in an indicator's rank


def zones() -> Array:
    """1 from the year in which the zone was set up: (N, years)."""
    start = np.array([p.zone or 9999 for p in PROVINCES])[:, None]
    return (np.array(YEARS)[None, :] >= start).astype(float)


def _shape(u: Array, a: float) -> Array:
    """Ranks in 0..1 -> 0..1: the larger a, the more unequal; the top is stretched."""
    return u**a * (0.94 + 0.06 * u**20)


def _redundancy(u: Array, a: float) -> float:
    """1 - entropy of the indicator with that shape: what its weight is proportional to."""
    z = _shape(u.ravel(), a)
    p = z / z.sum()
    positive = p[p > 0]
    return float(1 + (positive * np.log(positive)).sum() / np.log(z.size))


def indicators(seed: int) -> dict[str, Array]:
    """Indicator -> (N, years), rounded as in the file."""
    rng = stream(seed, "indicators")
    zone = zones()
    weights = printed.index_weights()
    share = zone[:, EARLY:].mean()
    total = -np.log(share) / np.log(N * T) / weights["free_trade_zone"]  # a 0/1 indicator's redundancy is known
    general = np.array([p.openness for p in PROVINCES])
    general = (general - general.mean()) / general.std()
    result: dict[str, Array] = {}
    for name, (low, high, decimals) in RANGES.items():
        own = rng.standard_normal(N)[:, None] + 0.35 * autoregressive(rng, 0.8, (N, len(YEARS)))
        latent = COMMON * general[:, None] + np.sqrt(1 - COMMON**2) * own
        inside = np.sort(latent[:, EARLY:], axis=None)
        u = np.clip((np.searchsorted(inside, latent) / (inside.size - 1)), 0.0, 1.0)
        smallest, largest = 0.05, 5.0
        for _ in range(60):
            a = (smallest + largest) / 2
            if _redundancy(u[:, EARLY:], a) < total * weights[name]:
                smallest = a
            else:
                largest = a
        result[name] = np.round(low + (high - low) * _shape(u, a), decimals)
    result["free_trade_zone"] = zone
    return result
