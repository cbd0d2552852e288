"""Spending on imported technology and the price index of investment, behind the stock Tech."""

from __future__ import annotations

import numpy as np

from . import printed
from .algebra import Array, autoregressive, stream, winsor
from .formulas import DEPRECIATION, GROWTH
from .provinces import EARLY, PROVINCES, YEARS, N, T

KEEP = 1 - DEPRECIATION
PRICE = (100.0, 106.6, 101.1, 100.3, 100.5, 98.2, 99.4, 105.8, 105.4, 102.6, 100.9)  # previous year = 100


def _feasible(K: Array, least: Array, none: Array) -> Array:
    """The nearest path upwards on which spending is never negative; zero where nothing was ever bought."""
    K = np.maximum(K, least) * (1 - none)
    for t in range(1, K.shape[1]):
        K[:, t] = np.maximum(K[:, t], KEEP * K[:, t - 1])
    return K


def target(seed: int, regressors: dict[str, Array]) -> Array:
    """Stock on the sample, (N, T): near the printed pooled regression of Tech (Table 12) and its spread."""
    rng = stream(seed, "technology")
    column = printed.coefficients("table_12_tech.csv")["16"]
    sd = printed.moments()["Tech"]["sd"]
    level = np.array([p.technology for p in PROVINCES])
    time = np.arange(T)
    none = np.zeros((N, T))
    none[[p.technology <= 0 for p in PROVINCES], :4] = 1.0
    growth = 0.05 + 0.05 * rng.standard_normal(N)
    K = level[:, None] * np.exp(growth[:, None] * (time - T / 2) + 0.15 * autoregressive(rng, 0.7, (N, T)))
    least = 0.3 * K
    design = np.column_stack([*(x.ravel() for x in regressors.values()), np.ones(N * T)])
    wanted = np.array([column[name] for name in [*regressors, "Constant"]])
    solve = np.linalg.solve(design.T @ design, design.T)
    fitted = (design @ wanted).reshape(N, T)
    for _ in range(300):
        K = _feasible(K, least, none)
        K = K + (design @ (wanted - solve @ winsor(K).ravel())).reshape(N, T)
        rest = K - fitted
        spread = np.sqrt(max(sd**2 - fitted.var(), 1.0)) / rest.std()
        K = fitted + rest * (1 + 0.2 * (spread - 1))
    return _feasible(K, least, none)


def raw_columns(seed: int, K: Array) -> dict[str, Array]:
    """Spending at current prices, 10^8 yuan, and the chained price index: (N, years), rounded."""
    rng = stream(seed, "prices")
    price = np.round(np.array(PRICE)[None, :] + 0.6 * rng.standard_normal((N, len(YEARS))), 1)
    price[:, 0] = 100.0
    deflator = np.cumprod(np.concatenate([np.ones((N, 1)), price[:, 1:] / 100], axis=1), axis=1)
    early = K[:, :1] * 0.9 ** np.arange(EARLY, 0, -1)[None, :]
    stock = np.concatenate([early, K], axis=1)
    flow = np.empty_like(stock)
    flow[:, 0] = stock[:, 0] * (1 + DEPRECIATION) / (1 + GROWTH)  # Equation 6 as printed, turned round
    flow[:, 1:] = stock[:, 1:] - KEEP * stock[:, :-1]
    spending = np.round(np.maximum(flow, 0.0) * deflator, 4)
    return {"tech_spending": spending, "investment_price": price}
