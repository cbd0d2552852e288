"""Taking fixed effects out of columns, exactly.

One dimension (the largest) is absorbed by group means. What remains is a linear system in the levels of the other
dimensions, M = D'D - D'P D with P the projection on the absorbed dimension, solved directly where it is small or its
graph is thin, and by conjugate gradients where it is large and well connected (the method then needs about ten steps).
Two passes over the rows either way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from carbonspec.econometrics import kernels
from carbonspec.econometrics.design import FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import BLOCK, ascending, group_mass, group_sums, sorted_means, starts
from carbonspec.econometrics.solvers import ConjugateGradient, Solver, spectral, triangular

DENSE_LEVELS = 300
"""Up to this many levels the system is always solved directly: its cost is known and small."""

DIRECT_SLOPES = 2000
"""The same for dimensions with slopes, whose iterations are more and slower."""

DENSE_CELLS = 4_000_000
"""Up to this size the table of rows by absorbed level and other level is kept as a full matrix."""


@dataclass(frozen=True)
class Block:
    """A dimension: its groups, and the columns that get a coefficient in each of them.

    `basis` (n, p) is orthonormal within each level (weights included); None stands for the constant alone.
    """

    groups: Groups
    basis: FloatArray | None = None

    @property
    def codes(self) -> IntArray:
        return self.groups.codes

    @property
    def count(self) -> int:
        return self.groups.count

    @property
    def levels(self) -> int:
        return self.count * (1 if self.basis is None else self.basis.shape[1])


class Means:
    """Dimensions of plain fixed effects (no slopes).

    Rows may stand in any order; when they are sorted by the largest dimension, sums run over stretches of rows, and
    large data are taken by compiled loops if numba is installed.
    """

    def __init__(self, blocks: tuple[Block, ...], weights: FloatArray | None) -> None:
        widest = max(range(len(blocks)), key=lambda i: blocks[i].count)
        self.absorbed = blocks[widest]
        self.rest = tuple(b for i, b in enumerate(blocks) if i != widest)
        self.weights = weights
        self.n = len(self.absorbed.codes)
        self.mass = group_mass(self.absorbed.groups, weights)
        self.start = starts(self.absorbed.groups.sizes) if ascending(self.absorbed.codes) else None
        self.compiled = self.start is not None and self.n >= kernels.ROWS and kernels.available()
        self.offsets = np.cumsum([0, *(b.count for b in self.rest)])
        self._levels: Any = None
        self._solver: Solver | None = None

    @property
    def size(self) -> int:
        """Number of levels of the dimensions that are not absorbed."""
        return int(self.offsets[-1])

    def demean(self, Z: FloatArray) -> FloatArray:
        """Take the effects out of the columns of Z (n, q), in place (Z must be C-contiguous float64)."""
        if self.compiled:
            self.second_pass(self.first_pass(Z[:, :-1], Z[:, -1], Z))
            return Z
        self._centre(Z)
        if not self.rest:
            return Z
        sums = np.concatenate([group_sums(b.codes, b.count, Z, self.weights) for b in self.rest])
        g = self.solver.solve(sums, Z)
        for first in range(0, self.n, BLOCK):
            rows = slice(first, first + BLOCK)
            for block, at in zip(self.rest, self.offsets, strict=False):
                Z[rows] -= g[at : at + block.count][block.codes[rows]]
        return self._centre(Z)

    def first_pass(self, X: FloatArray, y: FloatArray, Z: FloatArray) -> kernels.Centred:
        """The columns of X (n, k) and y (n,) less the means of the absorbed dimension into Z (n, k + 1), compiled."""
        return kernels.centre(self.start, self.levels, X, y, self.weights, self.size, Z)

    def second_pass(self, first: kernels.Centred) -> FloatArray | None:
        """The other effects out of what the first pass left, in place. Returns Z'WZ (None for many columns)."""
        if not self.rest:
            return first.gram
        g = self.solver.solve(first.sums, first.Z)
        return kernels.subtract(self.start, self.levels, first.Z, self.weights, g)

    def _centre(self, Z: FloatArray) -> FloatArray:
        if self.start is not None:
            sorted_means(self.start, self.mass, Z, self.weights, out=True)
            return Z
        codes = self.absorbed.codes
        means = group_sums(codes, self.absorbed.count, Z, self.weights) / self.mass[:, None]
        for first in range(0, self.n, BLOCK):
            rows = slice(first, first + BLOCK)
            Z[rows] -= means[codes[rows]]
        return Z

    @property
    def levels(self) -> Any:
        """(n, d) int32: for each row its levels in the other dimensions, numbered on."""
        if self._levels is None:
            found = np.empty((self.n, len(self.rest)), dtype=np.int32)
            for j, block in enumerate(self.rest):
                np.add(block.codes, self.offsets[j], out=found[:, j], casting="unsafe")
            self._levels = found
        return self._levels

    @property
    def solver(self) -> Solver:
        """Solves M g = sums; made at first use."""
        if self._solver is None:
            self._solver = self._make_solver()
        return self._solver

    def _make_solver(self) -> Solver:
        if self.size <= DENSE_LEVELS:
            M, scale = self._system()
            return spectral(M, scale) if self.size <= 64 else triangular(M, scale)
        return ConjugateGradient(self._table(), 1.0 / self.mass, self._within_table(), self._masses())

    def _masses(self) -> FloatArray:
        return np.concatenate([group_mass(b.groups, self.weights) for b in self.rest])

    def _system(self) -> tuple[FloatArray, FloatArray]:
        """M as a full matrix, and the diagonal of D'D."""
        masses = self._masses()
        M = np.diag(masses)
        for i, a in enumerate(self.rest):
            for j, b in enumerate(self.rest[:i]):
                cells = np.bincount(a.codes * b.count + b.codes, self.weights, a.count * b.count)
                rows, columns = slice(self.offsets[i], self.offsets[i + 1]), slice(self.offsets[j], self.offsets[j + 1])
                M[rows, columns] = cells.reshape(a.count, b.count)
                M[columns, rows] = M[rows, columns].T
        if self.compiled and self.start is not None and float(np.square(np.diff(self.start)).sum()) < 64.0 * self.n:
            return kernels.take_means_out(self.start, self.levels, self.weights, M), masses
        count = self.absorbed.count
        if count * self.size <= DENSE_CELLS:
            parts = [
                np.bincount(self.absorbed.codes * b.count + b.codes, self.weights, count * b.count).reshape(count, -1)
                for b in self.rest
            ]
            table = np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
            return M - table.T @ (table / self.mass[:, None]), masses
        table = self._table()
        return M - (table.T @ table.multiply(1.0 / self.mass[:, None])).toarray(), masses

    def _table(self) -> Any:
        """Sparse (absorbed levels, other levels): mass of the rows in each pair."""
        from scipy.sparse import coo_matrix, csr_matrix

        d = len(self.rest)
        shape = (self.absorbed.count, self.size)
        values = np.ones(self.n * d) if self.weights is None else np.repeat(self.weights, d)
        if self.start is not None:
            small = self.n * d < np.iinfo(np.int32).max
            begin: Any = (self.start * d).astype(np.int32 if small else np.int64)
            table: Any = csr_matrix((values, self.levels.reshape(-1), begin), shape=shape)
            if self.n > 20 * self.absorbed.count:
                table.sum_duplicates()
            return table
        return coo_matrix((values, (np.repeat(self.absorbed.codes, d), self.levels.reshape(-1))), shape=shape).tocsr()

    def _within_table(self) -> Any:
        """Sparse D'D without its diagonal: mass of the rows in each pair of levels of two other dimensions."""
        from scipy.sparse import coo_matrix

        size = self.size
        found = coo_matrix((size, size)).tocsr()
        for i in range(len(self.rest)):
            for j in range(i):
                values = np.ones(self.n) if self.weights is None else self.weights
                part = coo_matrix((values, (self.levels[:, i], self.levels[:, j])), shape=(size, size)).tocsr()
                found = found + part + part.T
        return found


class Slopes:
    """Dimensions some of which have slopes: the same method on sparse matrices, any order of rows."""

    def __init__(self, blocks: tuple[Block, ...], weights: FloatArray | None) -> None:
        widest = max(range(len(blocks)), key=lambda i: blocks[i].levels)
        n = len(blocks[0].codes)
        self.root = None if weights is None else np.sqrt(weights)
        self.A = _sparse((blocks[widest],), n, weights)
        self.D = _sparse(tuple(b for i, b in enumerate(blocks) if i != widest), n, weights)
        self.K = (self.A.T @ self.D).tocsr()
        self._solver: Solver | None = None

    @property
    def size(self) -> int:
        return int(self.D.shape[1])

    def demean(self, Z: FloatArray) -> FloatArray:
        """Take the effects out of the columns of Z (n, q), in place."""
        if self.root is not None:
            Z *= self.root[:, None]
        Z -= self.A @ (self.A.T @ Z)
        if self.size:
            Z -= self.D @ self.solver.solve(self.D.T @ Z, Z)
        Z -= self.A @ (self.A.T @ Z)
        if self.root is not None:
            Z /= self.root[:, None]
        return Z

    @property
    def solver(self) -> Solver:
        if self._solver is None:
            inner = (self.D.T @ self.D).tocsr()
            scale = inner.diagonal()
            if self.size <= DIRECT_SLOPES:
                M = inner.toarray() - (self.K.T @ self.K).toarray()
                self._solver = spectral(M, scale) if self.size <= 64 else triangular(M, scale)
            else:
                from scipy.sparse import diags

                self._solver = ConjugateGradient(self.K, np.ones(self.K.shape[0]), inner - diags(scale), scale)
        return self._solver

    def rank(self) -> int | None:
        """Rank of all effects together, where the system was solved directly."""
        own = int(np.count_nonzero(self.A.multiply(self.A).sum(axis=0) > 0.5))
        if not self.size:
            return own
        return None if self.solver.rank is None else own + self.solver.rank

    def leverage(self) -> FloatArray | None:
        """(n,) diagonal of the projection on all effects; None where the system is too large to invert."""
        h = np.asarray(self.A.multiply(self.A).sum(axis=1)).reshape(-1)
        if not self.size:
            return h
        inverse = self.solver.inverse()
        if inverse is None:
            return None
        step = max(1, 4_000_000 // self.size)
        for at in range(0, len(h), step):
            rows = slice(at, at + step)
            d = self.D[rows].toarray() - (self.A[rows] @ self.K).toarray()
            h[rows] += np.einsum("ij,ij->i", d @ inverse, d)
        return h


def _sparse(blocks: tuple[Block, ...], rows: int, weights: FloatArray | None) -> Any:
    """(n, levels) columns of the dimensions times the root of the weights; the first kind orthonormal by level."""
    from scipy.sparse import csr_matrix, hstack

    parts = []
    for block in blocks:
        n = len(block.codes)
        if block.basis is None:
            values = np.ones(n) if weights is None else np.sqrt(weights)
            values = values / np.sqrt(group_mass(block.groups, weights))[block.codes]
            parts.append(csr_matrix((values, block.codes, np.arange(n + 1)), shape=(n, block.count)))
        else:
            root = 1.0 if weights is None else np.sqrt(weights)
            parts += [
                csr_matrix((block.basis[:, j] * root, block.codes, np.arange(n + 1)), shape=(n, block.count))
                for j in range(block.basis.shape[1])
            ]
    if not parts:
        return csr_matrix((rows, 0))
    return hstack(parts, format="csr") if len(parts) > 1 else parts[0]


def leverage(blocks: tuple[Block, ...], weights: FloatArray | None) -> FloatArray | None:
    """(n,) diagonal of the (weighted) projection on all effects; None beyond the size where it is computed."""
    if len(blocks) == 1 and blocks[0].basis is None:
        share = (1.0 / group_mass(blocks[0].groups, weights))[blocks[0].codes]
        return share if weights is None else share * weights
    return Slopes(blocks, weights).leverage()


def orthonormal(codes: IntArray, count: int, columns: FloatArray, weights: FloatArray | None) -> FloatArray:
    """(n, p) the columns made orthonormal within each level (weighted Gram-Schmidt, twice); what is explained by
    earlier columns within a level becomes zero there."""
    basis = np.empty_like(columns)
    for j in range(columns.shape[1]):
        v = columns[:, [j]].copy()
        before = group_sums(codes, count, v * v, weights)
        for _ in range(2):
            for i in range(j):
                b = basis[:, [i]]
                v -= b * group_sums(codes, count, b * v, weights)[codes]
        after = group_sums(codes, count, v * v, weights)
        usable = after > 1e-18 * before
        factor = np.where(usable, 1.0 / np.sqrt(np.where(usable, after, 1.0)), 0.0)
        basis[:, [j]] = v * factor[codes]
    return basis
