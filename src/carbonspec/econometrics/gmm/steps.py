"""One-step and two-step GMM of stacked equations.

b = (X'ZWZ'X)^-1 X'ZWZ'y with W = (sum Z_i'HZ_i)^-1 in the first step and (sum Z_i'e_ie_i'Z_i)^-1, e of the first step,
in the second.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.least_squares import SAFE_PIVOT
from carbonspec.econometrics.results import EstimationError

FULL_RANK = 1e-10
"""Eigenvalues of a matrix scaled to a unit diagonal below this share of the largest count as zero."""


@dataclass(frozen=True)
class Weight:
    """A generalised inverse W = CC' of a positive semidefinite matrix, and its rank."""

    C: FloatArray
    rank: int

    @property
    def W(self) -> FloatArray:  # noqa: N802
        return self.C @ self.C.T


def inverse(A: FloatArray) -> Weight:
    """W = A^-1; where A has not full rank, the Moore-Penrose inverse of A scaled to a unit diagonal, scaled back: it
    does not depend on the units of the instruments."""
    size = np.sqrt(np.maximum(A.diagonal(), 0.0))
    size = np.where(size > 0, size, 1.0)
    scaled = A / np.outer(size, size)
    with suppress(np.linalg.LinAlgError):
        low = np.linalg.cholesky(scaled)
        if low.diagonal().min(initial=1.0) > SAFE_PIVOT:
            return Weight(np.linalg.inv(low).T / size[:, None], len(A))
    values, vectors = np.linalg.eigh(scaled)
    large = values > FULL_RANK * max(float(values[-1]), np.finfo(np.float64).tiny)
    C = vectors[:, large] / np.sqrt(values[large]) / size[:, None]
    return Weight(C, int(np.count_nonzero(large)))


@dataclass(frozen=True)
class Problem:
    """Stacked rows: y (n,), X (n, k), Z (n, m) sparse, `unit` (n,) their units (0..units-1)."""

    y: FloatArray
    X: FloatArray
    Z: csr_matrix
    unit: IntArray
    units: int

    def by_unit(self, values: FloatArray) -> FloatArray:
        """(units, m) sums of z_r values_r by unit: row i is Z_i'values_i."""
        n = len(values)
        spread = csr_matrix((values, (self.unit, np.arange(n))), shape=(self.units, n))
        return np.asarray((spread @ self.Z).toarray())


@dataclass(frozen=True)
class Step:
    """b (k,), residuals (n,), M = (X'ZWZ'X)^-1, projection = M X'ZW (k, m), J = e'ZWZ'e."""

    b: FloatArray
    residuals: FloatArray
    M: FloatArray
    projection: FloatArray
    weight: Weight
    objective: float


def step(problem: Problem, terms: tuple[str, ...], weight: Weight) -> Step:
    """Estimate with one weight. Raises EstimationError E530 where the instruments do not identify the terms."""
    ZX, Zy = problem.Z.T @ problem.X, problem.Z.T @ problem.y
    scale = np.sqrt(np.square(problem.X).sum(axis=0))
    white = weight.C.T @ (ZX / scale)
    k = len(terms)
    length = np.sqrt(np.square(white).sum(axis=0))
    R = np.linalg.qr(white / np.where(length > 0, length, 1.0))[1] if len(white) >= k else np.zeros((k, k))
    weak = np.flatnonzero((np.abs(np.diag(R)) < 1e-8) | (length == 0))
    if len(weak):
        raise EstimationError(
            "E530",
            f"{weight.rank} independent moment conditions do not identify {k} coefficients: "
            f"the instruments do not move {terms[weak[0]]} apart from the others",
        )
    back = np.linalg.inv(R) / (length * scale)[:, None]
    M = back @ back.T
    projection = M @ ZX.T @ weight.W
    b = back @ (back.T @ (ZX.T @ (weight.C @ (weight.C.T @ Zy))))
    e = problem.y - problem.X @ b
    # One step of refinement, as in least squares.
    b = b + projection @ (problem.Z.T @ e)
    e = problem.y - problem.X @ b
    g = weight.C.T @ (problem.Z.T @ e)
    return Step(b, e, M, projection, weight, float(g @ g))


def robust(problem: Problem, found: Step) -> FloatArray:
    """(k, k) M X'ZW (sum Z_i'e_ie_i'Z_i) WZ'X M: errors may vary and correlate within a unit."""
    scores = problem.by_unit(found.residuals) @ found.projection.T
    return np.asarray(scores.T @ scores)


def windmeijer(problem: Problem, first: Step, second: Step, V1: FloatArray) -> FloatArray:
    """Two-step covariance corrected for the estimated weights (Windmeijer 2005).

    V2 + D V2 + V2 D' + D V1 D'; column j of D is -V2 X'ZW2 dj W2 Z'e2 with
    dj = -sum (Z_i'x_ij e1_i'Z_i + Z_i'e1_i x_ij'Z_i), e1 the first step's residuals, V1 its robust covariance.
    """
    scores = problem.by_unit(first.residuals)
    Wg = second.weight.C @ (second.weight.C.T @ (problem.Z.T @ second.residuals))
    k = len(second.b)
    D = np.empty((k, k))
    scores_g = scores @ Wg
    for j in range(k):
        moved = problem.by_unit(problem.X[:, j])
        D[:, j] = second.projection @ (moved.T @ scores_g + scores.T @ (moved @ Wg))
    V2 = second.M
    return np.asarray(V2 + D @ V2 + V2 @ D.T + D @ V1 @ D.T)
