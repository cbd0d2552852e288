"""Loops that numba compiles. Rows start[a] .. start[a + 1] - 1 are those of group a; w is empty when unweighted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba as nb
import numpy as np

F = TypeVar("F", bound=Callable[..., object])


def jit(function: F) -> F:
    """Compile at first call, without holding the interpreter lock, and keep the result on disk."""
    compiled: F = nb.njit(cache=True, nogil=True)(function)
    return compiled


@jit
def _means(lo: int, hi: int, Z: Any, w: Any, mean: Any) -> None:
    q = Z.shape[1]
    mass = 0.0
    for j in range(q):
        mean[j] = 0.0
    if w.size == 0:
        for r in range(lo, hi):
            for j in range(q):
                mean[j] += Z[r, j]
        mass = float(hi - lo)
    else:
        for r in range(lo, hi):
            mass += w[r]
            for j in range(q):
                mean[j] += w[r] * Z[r, j]
    for j in range(q):
        mean[j] /= mass


@jit
def centre(start: Any, first: int, end: int, Z: Any, w: Any) -> None:
    q = Z.shape[1]
    mean = np.empty(q)
    for a in range(first, end):
        _means(start[a], start[a + 1], Z, w, mean)
        for r in range(start[a], start[a + 1]):
            for j in range(q):
                Z[r, j] -= mean[j]


@jit
def centre_and_sum(start: Any, first: int, end: int, levels: Any, Z: Any, w: Any, sums: Any) -> None:
    q = Z.shape[1]
    d = levels.shape[1]
    mean = np.empty(q)
    for a in range(first, end):
        _means(start[a], start[a + 1], Z, w, mean)
        for r in range(start[a], start[a + 1]):
            mass = 1.0 if w.size == 0 else w[r]
            for j in range(q):
                Z[r, j] -= mean[j]
            for i in range(d):
                level = levels[r, i]
                for j in range(q):
                    sums[level, j] += mass * Z[r, j]


@jit
def subtract(start: Any, first: int, end: int, levels: Any, Z: Any, w: Any, g: Any) -> None:
    q = Z.shape[1]
    d = levels.shape[1]
    mean = np.empty(q)
    for a in range(first, end):
        for r in range(start[a], start[a + 1]):
            for i in range(d):
                level = levels[r, i]
                for j in range(q):
                    Z[r, j] -= g[level, j]
        _means(start[a], start[a + 1], Z, w, mean)
        for r in range(start[a], start[a + 1]):
            for j in range(q):
                Z[r, j] -= mean[j]


@jit
def take_means_out(start: Any, first: int, end: int, levels: Any, w: Any, out: Any) -> None:
    d = levels.shape[1]
    for a in range(first, end):
        mass = 0.0
        if w.size == 0:
            mass = float(start[a + 1] - start[a])
        else:
            for r in range(start[a], start[a + 1]):
                mass += w[r]
        for r in range(start[a], start[a + 1]):
            own = 1.0 / mass if w.size == 0 else w[r] / mass
            for i in range(d):
                for s in range(start[a], start[a + 1]):
                    share = own if w.size == 0 else own * w[s]
                    for j in range(d):
                        out[levels[r, i], levels[s, j]] += share


@jit
def score_sums(start: Any, first: int, end: int, X: Any, e: Any, w: Any, out: Any) -> None:
    k = X.shape[1]
    for a in range(first, end):
        for j in range(k + 1):
            out[a, j] = 0.0
        for r in range(start[a], start[a + 1]):
            v = e[r] if w.size == 0 else e[r] * w[r]
            for j in range(k):
                out[a, j] += v * X[r, j]
            out[a, k] += v
