"""Phillips-Perron Z_t of all units at once, in Hamilton's (1994, 17.6.12) form, as Stata and arch compute it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.hypothesis_tests.results import Excluded
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import DETERMINISTIC
from carbonspec.econometrics.hypothesis_tests.unit_series import UnitSeries, deficient


@dataclass(frozen=True)
class PhillipsPerron:
    """Z_t (N,) of the units of `series`."""

    series: UnitSeries
    z: FloatArray


def regress(series: UnitSeries, deterministic: str, bandwidth: int) -> PhillipsPerron:
    """y_t on y_t-1 and the deterministic part; t of rho = 1, corrected by a Bartlett long-run variance.

    Units whose regression fits without error or is collinear join the exclusions.

    Raises EstimationError E520 when no unit is left.
    """
    Y = series.values[:, :, 0]
    width = Y.shape[1]
    inside = series.inside(width, 1)
    parts = [inside] if deterministic != "none" else []
    if deterministic == "trend":
        parts.append(inside * np.linspace(-1.0, 1.0, width - 1))
    X = np.stack([*parts, Y[:, :-1] * inside], axis=2)
    change = np.diff(Y, axis=1) * inside
    n = (series.length - 1).astype(np.float64)
    k = DETERMINISTIC[deterministic] + 1
    Q, R = np.linalg.qr(X)
    fitted = np.einsum("ntk,nt->nk", Q, change)
    u = change - np.einsum("ntk,nk->nt", Q, fitted)
    ssr = np.square(u).sum(axis=1)
    bad = deficient(R, k) | (np.sqrt(ssr) <= 1e-9 * np.linalg.norm(Y, axis=1))
    gamma0 = np.where(bad, 1.0, ssr / n)
    pivot = np.where(bad, 1.0, R[:, k - 1, k - 1])
    s = np.sqrt(gamma0 * n / (n - k))
    t = fitted[:, -1] * np.sign(pivot) / s
    se = s / np.abs(pivot)
    long_run = gamma0.copy()
    for lag in range(1, bandwidth + 1):
        long_run += 2 * (1 - lag / (bandwidth + 1)) * (u[:, lag:] * u[:, : width - 1 - lag]).sum(axis=1) / n
    lam = np.sqrt(np.where(bad, 1.0, long_run))
    z = np.sqrt(gamma0) / lam * t - (lam**2 - gamma0) / (2 * lam) * n * se / s
    if bad.any():
        reasons = tuple(
            Excluded(int(series.units[i]), "explained without error or collinear") for i in np.flatnonzero(bad)
        )
        kept = np.flatnonzero(~bad)
        series, z = series.keep(kept, reasons), z[kept]
    return PhillipsPerron(series, np.asarray(z))
