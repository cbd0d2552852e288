"""Sargan's and Hansen's tests of more instruments than endogenous regressors."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray


def sargan(e: FloatArray, Q: FloatArray) -> float:
    """n R2 of the residuals e (n,) on all instruments, Q (n, q) an orthonormal basis of them (Sargan 1958)."""
    moments = Q.T @ e
    return float(moments @ moments / (e @ e)) * len(e)


def hansen(X: FloatArray, y: FloatArray, Z: FloatArray, S: FloatArray) -> float | None:
    """Smallest g'S^-1 g over b, g = Z'(y - Xb): J of the efficient two-step estimator (Hansen 1982).

    X (n, K1), y (n,), Z (n, L) are without exogenous regressors and effects, which leaves J unchanged; S (L, L) is the
    covariance of Z'e at the 2SLS residuals. None where S has not full rank.
    """
    size = np.sqrt(np.maximum(S.diagonal(), 0.0))
    if not (size > 0).all():
        return None
    try:
        low = np.linalg.cholesky(S / np.outer(size, size))
    except np.linalg.LinAlgError:
        return None
    if low.diagonal().min() < 1e-6:
        return None
    white = np.linalg.solve(low, np.column_stack([Z.T @ X, Z.T @ y]) / size[:, None])
    b = np.linalg.lstsq(white[:, :-1], white[:, -1], rcond=None)[0]
    g = white[:, -1] - white[:, :-1] @ b
    return float(g @ g)
