"""Solvers of M g = c for the symmetric, positive semidefinite systems that fixed effects give.

M is singular as a rule (a constant can move from one dimension to another); any solution will do, since all give the
same demeaned columns.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.results import EstimationError

RANK_TOLERANCE = 1e-10
"""Eigenvalues and pivots of M, scaled to unit diagonal of D'D, below this are zero."""

CG_TOLERANCE = 1e-13
CG_STEPS = 60
"""Well-connected data converge in about ten steps; thin ones are handed to a direct solver after this many."""

DIRECT_LEVELS = 5000


class Solver(Protocol):
    rank: int | None

    def solve(self, c: FloatArray, Z: FloatArray) -> FloatArray:
        """g (R, q) with M g = c (R, q). Z (n, q) holds the columns c was made from: it sets the scale of errors."""
        ...

    def inverse(self) -> FloatArray | None:
        """A generalised inverse of M as a full matrix, or None where it would be too large."""
        ...


class Pseudoinverse:
    """M by its eigenvalues: for a few dozen levels."""

    def __init__(self, inverse: FloatArray, rank: int) -> None:
        self._inverse = inverse
        self.rank: int | None = rank

    def solve(self, c: FloatArray, Z: FloatArray) -> FloatArray:  # noqa: ARG002
        return self._inverse @ c

    def inverse(self) -> FloatArray | None:
        return self._inverse


def spectral(M: FloatArray, scale: FloatArray) -> Solver:
    """M scaled to unit diagonal of D'D (`scale`), inverted on the eigenvectors that are not null."""
    s = 1.0 / np.sqrt(np.where(scale > 0, scale, 1.0))
    values, vectors = np.linalg.eigh(M * s[:, None] * s)
    live = values > RANK_TOLERANCE * len(values)
    v = vectors[:, live] * s[:, None]
    return Pseudoinverse((v / values[live]) @ v.T, int(np.count_nonzero(live)))


class PivotedCholesky:
    """P'MP = LL' with pivoting; the levels that come after the rank get g = 0."""

    def __init__(self, M: FloatArray, scale: FloatArray) -> None:
        from scipy.linalg.lapack import dpstrf

        self.s = 1.0 / np.sqrt(np.where(scale > 0, scale, 1.0))
        factor, pivots, rank, _ = dpstrf(M * self.s[:, None] * self.s, tol=RANK_TOLERANCE, lower=1)
        self.rank: int | None = int(rank)
        self.live = pivots[:rank] - 1
        self.low = np.asfortranarray(factor[:rank, :rank])

    def solve(self, c: FloatArray, Z: FloatArray) -> FloatArray:  # noqa: ARG002
        from scipy.linalg.lapack import dpotrs

        g = np.zeros_like(c)
        part = self.s[self.live, None]
        g[self.live] = part * dpotrs(self.low, c[self.live] * part, lower=1)[0]
        return g

    def inverse(self) -> FloatArray | None:
        size = len(self.s)
        return self.solve(np.eye(size), np.eye(1))


def triangular(M: FloatArray, scale: FloatArray) -> Solver:
    """M by pivoted Cholesky: up to a few thousand levels."""
    return PivotedCholesky(M, scale)


class ConjugateGradient:
    """M = diag(masses) + cross - K' diag(inverse_mass) K by preconditioned conjugate gradients, all columns in step.

    When it has not converged in `CG_STEPS`, the graph is thin: then M is sparse or small, and is factorised.
    """

    rank: int | None = None

    def __init__(self, K: Any, inverse_mass: FloatArray, cross: Any, masses: FloatArray) -> None:
        self.K, self.Kt, self.inverse_mass, self.cross = K, K.T, inverse_mass[:, None], cross
        self.masses = masses[:, None]
        self.direct: Any = None

    def _times(self, g: FloatArray) -> FloatArray:
        product: FloatArray = self.masses * g - self.Kt @ (self.inverse_mass * (self.K @ g))
        if self.cross.nnz:
            product += self.cross @ g
        return product

    def solve(self, c: FloatArray, Z: FloatArray) -> FloatArray:
        if self.direct is not None:
            return self._direct(c)
        scale = np.sqrt(np.einsum("ij,ij->j", Z, Z)) if len(Z) < 1 << 20 else np.linalg.norm(Z, axis=0)
        target = CG_TOLERANCE * np.where(scale > 0, scale, 1.0)
        inverse = 1.0 / np.where(self.masses > 0, self.masses, 1.0)
        g = np.zeros_like(c)
        r = c.copy()
        z = inverse * r
        p = z.copy()
        rz = np.einsum("ij,ij->j", r, z)
        for _ in range(CG_STEPS):
            if (np.sqrt(np.maximum(rz, 0.0)) <= target).all():
                return g
            q = self._times(p)
            pq = np.einsum("ij,ij->j", p, q)
            step = np.where(pq > 0, rz / np.where(pq > 0, pq, 1.0), 0.0)
            g += step * p
            r -= step * q
            z = inverse * r
            new = np.einsum("ij,ij->j", r, z)
            p = z + np.where(rz > 0, new / np.where(rz > 0, rz, 1.0), 0.0) * p
            rz = new
        return self._direct(c)

    def _direct(self, c: FloatArray) -> FloatArray:
        if self.direct is None:
            from scipy.sparse import diags

            M = diags(self.masses[:, 0]) + self.cross - self.Kt @ (self.K.multiply(self.inverse_mass))
            if M.shape[0] <= DIRECT_LEVELS:
                self.direct = PivotedCholesky(M.toarray(), self.masses[:, 0])
            else:
                self.direct = SparseFactor(M.tocsc(), self.masses[:, 0])
        found: FloatArray = self.direct.solve(c, c)
        # Refinement: the factor was made from M with its rounding (and, if sparse, a shift); c comes from the rows.
        weight = 1.0 / np.sqrt(np.where(self.masses > 0, self.masses, 1.0))
        scale = np.linalg.norm(c * weight, axis=0)
        size = np.inf
        while True:
            residual = c - self._times(found)
            before, size = size, float(np.max(np.linalg.norm(residual * weight, axis=0) - 1e-13 * scale))
            if size <= 0 or size > before / 2:
                break
            found += self.direct.solve(residual, c)
        if size > 1e-9 * float(scale.max()):
            raise EstimationError("E510", "the fixed effects could not be separated to the accuracy needed")
        return found

    def inverse(self) -> FloatArray | None:
        size = len(self.masses)
        if size > DIRECT_LEVELS:
            return None
        self._direct(np.zeros((size, 1)))
        found: FloatArray = self.direct.inverse()
        return found


class SparseFactor:
    """M by sparse LU, with a small multiple of D'D added so that it has an inverse: to be refined by who calls it."""

    rank: int | None = None
    SHIFT = 1e-8

    def __init__(self, M: Any, masses: FloatArray) -> None:
        from scipy.sparse import diags
        from scipy.sparse.linalg import splu

        shifted = (M + diags(self.SHIFT * masses)).tocsc()
        self.lu = splu(shifted, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})

    def solve(self, c: FloatArray, Z: FloatArray) -> FloatArray:  # noqa: ARG002
        return np.asarray(self.lu.solve(c))

    def inverse(self) -> FloatArray | None:
        return None
