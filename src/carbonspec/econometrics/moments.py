"""First and second moments of the columns of a matrix, without a centred copy of it."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray

BLOCK = 1 << 15


def moments(Z: FloatArray, weights: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
    """Means (q,) and centred cross-products (q, q) of the columns of Z (n, q), weighted if `weights` are given."""
    mean = np.add.reduce(Z, axis=0) / len(Z) if weights is None else (weights @ Z) / weights.sum()
    if weights is None and len(Z) <= BLOCK:
        part = Z - mean
        return mean, part.T @ part
    gram = np.zeros((Z.shape[1], Z.shape[1]))
    for at in range(0, len(Z), BLOCK):
        part = Z[at : at + BLOCK] - mean
        gram += part.T @ part if weights is None else (part * weights[at : at + BLOCK, None]).T @ part
    return mean, gram


def column_sums(Z: FloatArray) -> FloatArray:
    """Sums (q,) of the columns of Z, infinite or NaN without a warning where a column is."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.add.reduce(Z, axis=0))


def squared_correlation(gram: FloatArray, b: FloatArray) -> float | None:
    """Squared correlation of x'b with y from the centred cross-products of (x, y); None where either is constant."""
    explained = b @ gram[:-1, :-1] @ b
    total = gram[-1, -1]
    if not (explained > 0 and total > 0):
        return None
    return float((b @ gram[:-1, -1]) ** 2 / (explained * total))
