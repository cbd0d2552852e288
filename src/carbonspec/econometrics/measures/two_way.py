"""Two sets of effects, y = a[row group] + b[column group] + residual, from counts and sums by group.

Eliminating a leaves a system in b as large as the smaller side:

    (diag(n_b) - X' diag(1/n_a) X) b = s_b - X' (s_a / n_a),    a = (s_a - X b) / n_a

with X the counts of rows by pair, n and s rows and sums of y by group. It is a graph's Laplacian: singular once in each
connected part, where one level is set to zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.results import EstimationError
from carbonspec.econometrics.solvers import ConjugateGradient

THIN = 0.3
"""Below this share of pairs that occur, the system is formed from those alone and factorised at once."""

DIRECT_LEVELS = 4000
"""Up to this size the smaller side is factorised where iterations do not settle the matter."""

STEPS = 30
SETTLED = 1e-15


class TwoWay:
    """Solves for the two sets of effects, given the counts of rows by pair (array or scipy sparse, (rows, columns)).

    The larger side is eliminated. A small system is solved by conjugate gradients where the table is well filled
    (they then need about ten steps) and by Cholesky where it is thin or they did not settle: exact either way. A
    large one is left to the solver that fixed effects have.
    """

    def __init__(self, counts: Any) -> None:
        from scipy.sparse import csr_matrix

        self.turned = counts.shape[1] > counts.shape[0]
        X: Any = counts.T if self.turned else counts
        self.sparse = not isinstance(X, np.ndarray) or np.count_nonzero(X) < THIN * X.size
        X = csr_matrix(X, dtype=np.float64) if self.sparse else X.astype(np.float64)
        self.X: Any = X
        ones = np.ones(X.shape[1])
        self.mass = X @ ones
        self.inverse = np.divide(1.0, self.mass, out=np.zeros(X.shape[0]), where=self.mass > 0)
        self.small_mass = X.T @ np.ones(X.shape[0])
        self.small_inverse = np.divide(1.0, self.small_mass, out=np.zeros(X.shape[1]), where=self.small_mass > 0)
        self._factor: tuple[Any, Any] | None = None
        self._large: ConjugateGradient | None = None
        self._labels: Any = None
        self._solved = False

    def solve(self, row_sums: FloatArray, column_sums: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(a, b) from the sums of y by row group and by column group; groups without rows get 0."""
        s, c = (column_sums, row_sums) if self.turned else (row_sums, column_sums)
        right = c - self.X.T @ (s * self.inverse)
        b = self._solve(right)
        a = (s - self.X @ b) * self.inverse
        return (b, a) if self.turned else (a, b)

    def _solve(self, c: FloatArray) -> FloatArray:
        levels = self.X.shape[1]
        if levels == 1:
            return np.zeros(1)
        if not self.sparse and self._factor is None and self._large is None:
            b, settled = self._by_gradients(c)
            if settled:
                return b
        if levels > DIRECT_LEVELS:
            return self._by_large_solver(c)
        b = self._by_factor(c)
        for _ in range(3):  # the factor carries the rounding of the system; c comes from the rows
            b += self._by_factor(c - self._times(b))
        return b

    def _times(self, b: FloatArray) -> FloatArray:
        product: FloatArray = self.small_mass * b - self.X.T @ (self.inverse * (self.X @ b))
        return product

    def _by_gradients(self, c: FloatArray) -> tuple[FloatArray, bool]:
        """The solution, started again from what is left of c; and whether what is left is rounding."""
        b = np.zeros_like(c)
        left = c
        for _ in range(3):
            b += self._gradients(left)
            left = c - self._times(b)
            size = np.sqrt(max(c @ (c * self.small_inverse), b @ (b * self.small_mass)))
            if np.sqrt(left @ (left * self.small_inverse)) <= 10 * SETTLED * size:
                return b, True
        return b, False

    def _gradients(self, c: FloatArray) -> FloatArray:
        """Conjugate gradients on the system scaled to unit diagonal; what rounding puts into its null space (a constant
        over all levels) is taken out at each step."""
        root, null = np.sqrt(self.small_inverse), np.sqrt(self.small_mass)
        null /= np.sqrt(null @ null)
        r = root * c
        r -= null * (null @ r)
        b, d = np.zeros_like(r), r.copy()
        rr = start = float(r @ r)
        for _ in range(STEPS):
            if rr <= SETTLED**2 * start:
                break
            q = root * self._times(root * d)
            curvature = float(d @ q)
            if curvature <= SETTLED * float(d @ d):
                break
            step = rr / curvature
            b += step * d
            r -= step * q
            r -= null * (null @ r)
            new = float(r @ r)
            d = r + new / rr * d
            rr = new
        found: FloatArray = root * b
        return found

    def _by_factor(self, c: FloatArray) -> FloatArray:
        from scipy.linalg import cho_factor, cho_solve

        if self._factor is None:
            live = self._not_first()
            self._factor = live, cho_factor(self._laplacian()[np.ix_(live, live)], lower=True)
        live, factor = self._factor
        b = np.zeros_like(c)
        b[live] = cho_solve(factor, c[live])
        return b

    def _laplacian(self) -> FloatArray:
        """The system, its diagonal as minus the sum of the rest of the row: nothing cancels, so that parts linked by a
        single row among millions still hang together."""
        if self.sparse:
            M = (self.X.T @ self.X.multiply(self.inverse[:, None])).toarray()
        else:
            M = self.X.T @ (self.X * self.inverse[:, None])
        np.negative(M, out=M)
        np.fill_diagonal(M, 0.0)
        np.fill_diagonal(M, -M.sum(axis=1))
        found: FloatArray = M
        return found

    def _not_first(self) -> Any:
        """Levels of the smaller side that have rows, without the first one of each connected part."""
        labels = self._parts()[1]
        used = np.flatnonzero(self.small_mass > 0)
        first = np.unique(labels[used], return_index=True)[1]
        return np.delete(used, first)

    def _parts(self) -> tuple[int, Any]:
        """Number of connected parts that have rows, and the part of each level of the smaller side."""
        labels = self._linked() if self.sparse else self._reached()
        return len(np.unique(labels[self.small_mass > 0])), labels

    def _linked(self) -> Any:
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import connected_components

        many, levels = self.X.shape
        start = np.append(self.X.indptr, np.full(levels, self.X.indptr[-1]))
        graph = csr_matrix((self.X.data, self.X.indices + many, start), shape=(many + levels,) * 2)
        return connected_components(graph, directed=False)[1][many:]

    def _reached(self) -> Any:
        """Parts of a well-filled table: few, and each is gone through in a few steps."""
        labels = np.full(self.X.shape[1], -1)
        for level in range(len(labels)):
            if labels[level] < 0:
                reached = np.zeros(len(labels))
                reached[level] = 1.0
                size = 0
                while size != (size := int(reached.sum())):
                    reached = np.maximum(reached, self.X.T @ (self.X @ reached > 0) > 0)
                labels[reached > 0] = level
        return labels

    @property
    def components(self) -> int:
        """Connected parts: effects are comparable only within one, residuals always."""
        return self._parts()[0]

    def _by_large_solver(self, c: FloatArray) -> FloatArray:
        from scipy.sparse import csr_matrix

        if self._large is None:
            levels = self.X.shape[1]
            K = csr_matrix(self.X)
            self._large = ConjugateGradient(K, self.inverse, csr_matrix((levels, levels)), self.small_mass)
            self._labels = self._parts()[1]
        # what rounding puts into the null space (a constant in each part) is taken out: it has no solution
        parts = int(self._labels.max()) + 1
        mass = np.bincount(self._labels, self.small_mass, parts)
        shift = np.bincount(self._labels, c, parts) / np.where(mass > 0, mass, 1.0)
        c = c - self.small_mass * shift[self._labels]
        norm = np.sqrt(float(c @ (c * self.small_inverse)))
        try:
            found = self._large.solve(c[:, None].copy(), np.array([[norm]]))[:, 0]
        except EstimationError:
            if not self._solved:
                raise
            return np.zeros_like(c)  # a correction so small that it can't be told from rounding
        self._solved = True
        return found

    def alone(self) -> tuple[Any, Any]:
        """(rows,), (columns,) groups all of whose rows are alone in a group of the other or the same kind, found again
        and again until none is left: such rows have residual zero whatever they hold."""
        big, small = self.mass > 0, self.small_mass > 0
        there = big.copy(), small.copy()
        while True:
            lone_big = big & (self.X @ small.astype(np.float64) <= 1)
            big &= ~lone_big
            lone_small = small & (self.X.T @ big.astype(np.float64) <= 1)
            small &= ~lone_small
            if not (lone_big.any() or lone_small.any()):
                break
        big, small = there[0] & ~big, there[1] & ~small
        return (small, big) if self.turned else (big, small)
