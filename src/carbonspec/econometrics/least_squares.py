"""Least squares on columns from which constant and fixed effects are already taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics import kernels
from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.results import EstimationError, Omitted

TOLERANCE = 1e-9
"""A column is left out when what earlier columns (or the effects) do not explain is below this share of its norm."""

SAFE_PIVOT = 1e-3
"""Above this share, normal equations lose at most six of sixteen digits before refinement; below it QR decides."""


@dataclass(frozen=True)
class Solution:
    """b (k,), residuals (n,), bread (X'WX)^-1 (k, k) for the columns `kept`; the columns left out; the sums
    of squares of residuals and of the outcome (weighted)."""

    b: FloatArray
    residuals: FloatArray
    bread: FloatArray
    kept: tuple[int, ...]
    omitted: tuple[Omitted, ...]
    rss: float
    total: float


def solve(
    Z: FloatArray,
    gram: FloatArray,
    weights: FloatArray | None,
    terms: tuple[str, ...],
    norms: FloatArray,
    absorber: Callable[[int], str],
) -> Solution:
    """Regress the last column of Z (n, k + 1) on the others, dropping columns as `TOLERANCE` says, later ones first.

    Parameters
    ----------
    gram: (k + 1, k + 1) Z'WZ.
    norms: (k,) what each column measured before effects were taken out (see `norm_before`).
    absorber: the reason to give when column j vanished, e.g. "absorbed by fe(id)".

    Raises
    ------
    EstimationError: E501 when no column is left.
    """
    k = len(terms)
    size = np.sqrt(np.maximum(gram.diagonal()[:k], 0.0))
    omitted = {j: absorber(j) for j in np.flatnonzero(size <= TOLERANCE * norms).tolist()}
    kept = [j for j in range(k) if j not in omitted]
    if not kept:
        raise nothing_left(terms, tuple(Omitted(terms[j], reason) for j, reason in omitted.items()))
    triangle = _triangle(gram, size, kept)
    if triangle is None:
        root = None if weights is None else np.sqrt(weights)[:, None]
        kept, triangle = _by_qr(Z, root, size, kept, terms, omitted)
    inverse = np.linalg.inv(triangle)
    bread = inverse @ inverse.T
    b = bread @ gram[kept, k]
    full = np.zeros(k + 1)
    full[k] = 1.0
    full[kept] = -b
    residuals, gap, rss = _residuals(Z, full, weights)
    # One step of refinement: the normal equations lose digits that the residuals still have.
    correction = bread @ gap[kept]
    b += correction
    if np.abs(correction).max() > 1e-14 * np.abs(b).max():
        full[kept] = -b
        residuals, _, rss = _residuals(Z, full, weights)
    left_out = tuple(Omitted(terms[j], omitted[j]) for j in sorted(omitted))
    return Solution(b, residuals, bread, tuple(kept), left_out, rss, float(gram[k, k]))


def _residuals(Z: FloatArray, full: FloatArray, weights: FloatArray | None) -> tuple[FloatArray, FloatArray, float]:
    """e = Z full, Z'We and e'We."""
    if len(Z) >= kernels.ROWS and kernels.available():
        return kernels.residuals(Z, full, weights)
    e = Z @ full
    weighted = e if weights is None else e * weights
    return e, weighted @ Z, float(weighted @ e)


def nothing_left(terms: tuple[str, ...], omitted: tuple[Omitted, ...]) -> EstimationError:
    """The error for a model none of whose regressors can be estimated."""
    if not terms:
        return EstimationError("E501", "the model has no regressor")
    why = "; ".join(f"{o.term}: {o.reason}" for o in omitted)
    return EstimationError("E501", f"no regressor is left to estimate ({why})")


def norm_before(mean: FloatArray, centred: FloatArray, n: int) -> FloatArray:
    """(k,) the norm against which a column counts as absorbed: its own about the mean, or, where a large mean drowns
    the variation in rounding, a multiple of the rounding error."""
    floor = 64 * float(np.finfo(np.float64).eps) / TOLERANCE
    return np.asarray(np.maximum(np.sqrt(centred), floor * np.sqrt(n) * np.abs(mean)))


def _r_factor(A: FloatArray) -> FloatArray:
    """(k, k) R of A = QR; rows of zeros where A has fewer rows than columns."""
    R = np.asarray(np.linalg.qr(A, mode="r"))
    return np.vstack([R, np.zeros((R.shape[1] - len(R), R.shape[1]))])


def _triangle(gram: FloatArray, size: FloatArray, kept: list[int]) -> FloatArray | None:
    """R with X'X = R'R when no column comes near to being explained by the others, else None."""
    k = len(size)
    used = size if len(kept) == k else size[kept]
    part = gram[:k, :k] if len(kept) == k else gram[np.ix_(kept, kept)]
    try:
        low = np.linalg.cholesky(part / np.outer(used, used))
    except np.linalg.LinAlgError:
        return None
    if low.diagonal().min() < SAFE_PIVOT:
        return None
    return np.asarray(low.T * used)


def _by_qr(
    Z: FloatArray,
    root: FloatArray | None,
    size: FloatArray,
    kept: list[int],
    terms: tuple[str, ...],
    omitted: dict[int, str],
) -> tuple[list[int], FloatArray]:
    while True:
        scaled = Z[:, kept] / size[kept]
        if root is not None:
            scaled *= root
        R = _r_factor(scaled)
        small = np.flatnonzero(np.abs(R.diagonal()) < TOLERANCE)
        if not len(small):
            return kept, R * size[kept]
        at = int(small[0])
        share = np.linalg.solve(R[:at, :at], R[:at, at])
        with_ = [terms[kept[i]] for i in np.flatnonzero(np.abs(share) > 1e-6)]
        omitted[kept[at]] = f"collinear with {', '.join(with_)}"
        kept = kept[:at] + kept[at + 1 :]
