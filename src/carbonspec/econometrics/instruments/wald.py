"""Wald tests with a covariance that may lack the rank for them."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray


def wald(b: FloatArray, V: FloatArray) -> float | None:
    """b'V^-1 b for b (q,) and V (q, q); None where V has not full rank."""
    size = np.sqrt(np.maximum(V.diagonal(), 0.0))
    if not (size > 0).all():
        return None
    R = V / np.outer(size, size)
    try:
        low = np.linalg.cholesky(R)
    except np.linalg.LinAlgError:
        return None
    if low.diagonal().min() < 1e-7:
        return None
    t = np.linalg.solve(low, b / size)
    return float(t @ t)


def root(A: FloatArray, power: float = 0.5) -> FloatArray:
    """Symmetric root, or another power, of a matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh(A)
    return np.asarray((vectors * np.maximum(values, 0.0) ** power) @ vectors.T)
