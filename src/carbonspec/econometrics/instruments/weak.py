"""How strong instruments are: Cragg–Donald, Kleibergen–Paap, and the effective F with its critical value."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.instruments.wald import root, wald

STOCK_YOGO: dict[int, tuple[float, ...]] = {
    1: (16.38, 19.93, 22.30, 24.58, 26.87, 29.18, 31.50, 33.84, 36.19, 38.54),
    2: (7.03, 13.43, 16.87, 19.45, 21.68, 23.72, 25.64, 27.51, 29.32),
}
"""Critical values of the Cragg–Donald F for a 5 % Wald test of 2SLS whose true size is at most 10 %, by endogenous
regressors, for as many instruments and more (Stock and Yogo 2005, Table 5.2). They hold for iid errors."""


def stock_yogo(endogenous: int, instruments: int) -> float | None:
    """The 10 % size value, None where the table above has none."""
    row = STOCK_YOGO.get(endogenous, ())
    at = instruments - endogenous
    return row[at] if 0 <= at < len(row) else None


def cragg_donald(X: FloatArray, Z: FloatArray, df: int) -> float | None:
    """Smallest eigenvalue of V'V^(-1/2) Π'Z'ZΠ V'V^(-1/2) times df/L (Cragg and Donald 1993).

    X (n, K1) and Z (n, L) are without exogenous regressors and effects; df = n - all parameters of the first stage.
    None where the instruments explain a regressor wholly.
    """
    coefficients = np.linalg.lstsq(Z, X, rcond=None)[0]
    fitted = Z @ coefficients
    V = X - fitted
    scale = np.sqrt(np.square(X).sum(axis=0))
    if (np.sqrt(np.square(V).sum(axis=0)) <= 1e-7 * scale).any():
        return None
    S = V.T @ V / np.outer(scale, scale)
    if np.linalg.cond(S) > 1e14:
        return None
    half = root(S, -0.5)
    G = half @ (fitted.T @ fitted / np.outer(scale, scale)) @ half
    return float(np.linalg.eigvalsh(G)[0] * df / Z.shape[1])


def kleibergen_paap(X: FloatArray, Z: FloatArray, avar: FloatArray) -> float | None:
    """Wald form of the rk statistic that Π (L, K1) has rank K1 - 1 (Kleibergen and Paap 2006, eq. 20).

    X (n, K1), Z (n, L) as above, `avar` (L K1, L K1) the covariance of vec Π, columns stacked, without small-sample
    factor. Chi-squared with L - K1 + 1 degrees of freedom. None where the covariance has not the rank.
    """
    n, k = X.shape
    P = np.linalg.lstsq(Z, X, rcond=None)[0]
    V = X - Z @ P
    F, H = root(V.T @ V / n, -0.5), root(Z.T @ Z / n)
    theta = H @ P @ F
    U, _, Wt = np.linalg.svd(theta)
    W, q = Wt.T, k - 1
    U22, W22 = U[q:, q:], W[q:, q:]
    A = U[:, q:] @ np.linalg.solve(U22, root(U22 @ U22.T))
    B = root(W22 @ W22.T) @ np.linalg.solve(W22.T, W[:, q:].T)
    moved = np.kron(B, A.T) @ np.kron(F.T, H)
    return wald((A.T @ theta @ B.T).reshape(-1, order="F"), moved @ avar @ moved.T)


def effective_f(pi: FloatArray, V: FloatArray, ZZ: FloatArray) -> float:
    """Montiel Olea and Pflueger's (2013) F for one endogenous regressor: π'Z'Zπ over the trace of V Z'Z.

    pi (L,) first-stage coefficients of the excluded instruments, V (L, L) their covariance, ZZ (L, L) the instruments'
    cross-products without exogenous regressors and effects.
    """
    return float(pi @ ZZ @ pi / np.trace(V @ ZZ))


def effective_f_critical(V: FloatArray, ZZ: FloatArray, tau: float = 0.1, level: float = 0.05) -> float:
    """Above it, the Nagar bias of 2SLS is at most `tau` of the worst case, by a test at `level`.

    The simplified value of Montiel Olea and Pflueger (2013, section 4), by Patnaik's approximation: it holds whatever
    the outcome's errors, and is therefore conservative.
    """
    from scipy.special import chndtrix

    low = np.linalg.cholesky(ZZ)
    W = low.T @ V @ low
    x, trace = 1 / tau, float(np.trace(W))
    largest = float(np.linalg.eigvalsh(W)[-1])
    k = trace**2 * (1 + 2 * x) / (float(np.square(W).sum()) + 2 * x * trace * largest)
    return float(chndtrix(1 - level, k, x * k)) / k
