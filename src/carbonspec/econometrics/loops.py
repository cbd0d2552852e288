"""Loops that numba compiles. Rows start[a] .. start[a + 1] - 1 are those of group a; w is empty when unweighted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba as nb
import numpy as np

F = TypeVar("F", bound=Callable[..., object])


def jit(function: F) -> F:
    """Compile at first call, without holding the interpreter lock; keep the result on disk where that is allowed."""
    try:
        compiled: F = nb.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder that can be written to
        compiled = nb.njit(nogil=True)(function)
    return compiled


@jit
def _cross(Z: Any, r: int, mass: float, gram: Any) -> None:
    for j in range(gram.shape[0]):
        v = mass * Z[r, j]
        for i in range(j + 1):
            gram[j, i] += v * Z[r, i]


@jit
def centre(
    start: Any, first: int, end: int, levels: Any, X: Any, y: Any, w: Any, Z: Any, means: Any, sums: Any, gram: Any
) -> None:
    """Z = (X, y) less group means, which go to `means`; sums of Z by level; Z'WZ (lower half) if `gram` has room."""
    k = X.shape[1]
    q = k + 1
    d = levels.shape[1]
    mean = np.empty(q)
    for a in range(first, end):
        mass = 0.0
        for j in range(q):
            mean[j] = 0.0
        for r in range(start[a], start[a + 1]):
            own = 1.0 if w.size == 0 else w[r]
            mass += own
            for j in range(k):
                mean[j] += own * X[r, j]
            mean[k] += own * y[r]
        for j in range(q):
            mean[j] /= mass
            means[a, j] = mean[j]
        for r in range(start[a], start[a + 1]):
            own = 1.0 if w.size == 0 else w[r]
            for j in range(k):
                Z[r, j] = X[r, j] - mean[j]
            Z[r, k] = y[r] - mean[k]
            for i in range(d):
                level = levels[r, i]
                for j in range(q):
                    sums[level, j] += own * Z[r, j]
            _cross(Z, r, own, gram)


@jit
def subtract(start: Any, first: int, end: int, levels: Any, Z: Any, w: Any, g: Any, gram: Any) -> None:
    """Z less g at each row's levels, less group means; Z'WZ (lower half) if `gram` has room."""
    q = Z.shape[1]
    d = levels.shape[1]
    mean = np.empty(q)
    for a in range(first, end):
        mass = 0.0
        for j in range(q):
            mean[j] = 0.0
        for r in range(start[a], start[a + 1]):
            own = 1.0 if w.size == 0 else w[r]
            mass += own
            for i in range(d):
                level = levels[r, i]
                for j in range(q):
                    Z[r, j] -= g[level, j]
            for j in range(q):
                mean[j] += own * Z[r, j]
        for j in range(q):
            mean[j] /= mass
        for r in range(start[a], start[a + 1]):
            own = 1.0 if w.size == 0 else w[r]
            for j in range(q):
                Z[r, j] -= mean[j]
            _cross(Z, r, own, gram)


@jit
def take_means_out(start: Any, first: int, end: int, levels: Any, w: Any, out: Any) -> None:
    """Add to `out` half of K'diag(1/mass)K: the other half is its transpose."""
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
            for s in range(start[a], r + 1):
                share = own if w.size == 0 else own * w[s]
                if s == r:
                    share *= 0.5
                for i in range(d):
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


@jit
def residuals(first: int, end: int, Z: Any, full: Any, w: Any, e: Any, sums: Any) -> None:
    """e = Z full; sums of w e Z, and of w e e last."""
    q = Z.shape[1]
    for r in range(first, end):
        v = 0.0
        for j in range(q):
            v += Z[r, j] * full[j]
        e[r] = v
        u = v if w.size == 0 else v * w[r]
        for j in range(q):
            sums[j] += u * Z[r, j]
        sums[q] += u * v
