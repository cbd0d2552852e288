"""Cross-products by group: the moments of any draw are their sum, each as often as its group is drawn.

Davison and Hinkley (1997, section 2.2) write statistics as functions of resampling counts; for least squares these
functions need the cross-products alone.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.bootstrap.equations import Equation, Ready
from carbonspec.econometrics.design import FloatArray, IntArray

MOST_CELLS = 1 << 24
"""Cross-products by group are held while they have at most so many numbers (128 MB); else draws weight the rows."""

HALF_FROM = 64
"""From so many groups on, adding up half of the symmetric cross-products and unfolding them saves time."""


class Moments(Protocol):
    """What gives the cross-products of draws, and their rows where cross-products are not enough."""

    ready: Ready

    def combine(self, draws: FloatArray) -> FloatArray:
        """(b, q, q) cross-products of (W, S) for b draws (b, C)."""
        ...

    def rows(self, draw: FloatArray) -> tuple[FloatArray, FloatArray]:
        """W and S, as far as they take part in one draw (C,), ready for least squares."""
        ...

    def own(self, draws: FloatArray) -> FloatArray:
        """(b, p) squares of the structural columns before anything was taken out."""
        ...

    def hopeless(self, draws: FloatArray) -> NDArray[np.bool_]:
        """(b,) true where a draw holds fewer than two groups."""
        ...


class Counted:
    """Draws that count groups."""

    def __init__(self, ready: Ready) -> None:
        self.ready = ready
        self.Z = np.concatenate([ready.W, ready.S], axis=1)
        q = self.Z.shape[1]
        self.stack = by_group(ready, self.Z, self.Z) if ready.groups * q * q <= MOST_CELLS else None
        self.triangle: FloatArray | None = None
        if self.stack is not None and ready.groups >= HALF_FROM:
            rows, columns = np.tril_indices(q)
            self.triangle = np.ascontiguousarray(self.stack[:, rows * q + columns])
            low, high = np.maximum.outer(np.arange(q), np.arange(q)), np.minimum.outer(np.arange(q), np.arange(q))
            self.unfold = (low * (low + 1) // 2 + high).ravel()

    def combine(self, draws: FloatArray) -> FloatArray:
        q = self.Z.shape[1]
        if self.triangle is not None:
            return np.asarray(np.take(draws @ self.triangle, self.unfold, axis=1).reshape(-1, q, q))
        if self.stack is not None:
            return (draws @ self.stack).reshape(-1, q, q)
        found = np.empty((len(draws), q, q))
        for into, draw in zip(found, draws, strict=True):
            weights = draw[self.ready.codes]
            used = weights > 0
            part = self.Z[used]
            np.matmul((part * weights[used, None]).T, part, out=into)
        return found

    def rows(self, draw: FloatArray) -> tuple[FloatArray, FloatArray]:
        weights = draw[self.ready.codes]
        used = weights > 0
        root = np.sqrt(weights[used])[:, None]
        return self.ready.W[used] * root, self.ready.S[used] * root

    def own(self, draws: FloatArray) -> FloatArray:
        return np.asarray(draws @ self.ready.own)

    def hopeless(self, draws: FloatArray) -> NDArray[np.bool_]:
        return np.asarray(draws.max(axis=1) >= self.ready.groups)

    def leave_out(self, first: int, end: int) -> tuple[FloatArray, FloatArray]:
        """The draws that leave out one of the groups first..end-1 each, and their cross-products: all less its own."""
        size, q = end - first, self.Z.shape[1]
        draws = np.ones((size, self.ready.groups))
        draws[np.arange(size), np.arange(first, end)] = 0.0
        if self.stack is None:
            return draws, self.combine(draws)
        return draws, (self.stack.sum(axis=0) - self.stack[first:end]).reshape(-1, q, q)


class Multiplied:
    """Wild draws: what the equations explain stays, each equation's residuals are multiplied by numbers v of its own.

    With F the columns without residuals and E_k what the residuals of equation k add to its outcome and, through it, to
    later columns, a draw's columns are F + sum_k v_k E_k: their cross-products by group are quadratic in v. A draw
    (K C,) holds the numbers of all groups for the first equation, then for the second, and so on. Numbers shared by
    equations would leave the coefficient of a mediator almost unmoved: it comes from products of two residuals.
    """

    def __init__(self, ready: Ready, equations: tuple[Equation, ...]) -> None:
        self.ready = ready
        structural = structural_equations(equations)
        F, E = ready.S.copy(), [np.zeros_like(ready.S) for _ in structural]
        for k, equation in enumerate(structural):
            X, at = ready.S[:, equation.regressors], list(equation.regressors)
            b = np.linalg.lstsq(X, ready.S[:, equation.outcome], rcond=None)[0]
            F[:, equation.outcome] = F[:, at] @ b
            for part in E:
                part[:, equation.outcome] = part[:, at] @ b
            E[k][:, equation.outcome] = ready.S[:, equation.outcome] - X @ b
        none = np.zeros_like(ready.W)
        self.F = np.concatenate([ready.W, F], axis=1)
        self.E = [np.concatenate([none, part], axis=1) for part in E]
        self.constant = by_group(ready, self.F, self.F).sum(axis=0)
        self.pairs = [(k, later) for k in range(len(E)) for later in range(k, len(E))]
        stack = [self._both(self.F, part) for part in self.E]
        stack += [
            self._both(self.E[k], self.E[j]) if j > k else by_group(ready, *[self.E[k]] * 2) for k, j in self.pairs
        ]
        self.stack = np.concatenate(stack)

    def _both(self, A: FloatArray, B: FloatArray) -> FloatArray:
        cross, q = by_group(self.ready, A, B), A.shape[1]
        return cross + cross.reshape(-1, q, q).transpose(0, 2, 1).reshape(-1, q * q)

    def combine(self, draws: FloatArray) -> FloatArray:
        q = self.F.shape[1]
        v = draws.reshape(len(draws), len(self.E), -1)
        found = np.concatenate([draws, *(v[:, k] * v[:, j] for k, j in self.pairs)], axis=1) @ self.stack
        found += self.constant
        return np.asarray(found.reshape(-1, q, q))

    def rows(self, draw: FloatArray) -> tuple[FloatArray, FloatArray]:
        r = self.ready.W.shape[1]
        Z = self.F.copy()
        for v, part in zip(draw.reshape(len(self.E), -1), self.E, strict=True):
            Z += v[self.ready.codes, None] * part
        return Z[:, :r], Z[:, r:]

    def own(self, draws: FloatArray) -> FloatArray:
        return np.broadcast_to(self.ready.own.sum(axis=0), (len(draws), self.ready.own.shape[1]))

    def hopeless(self, draws: FloatArray) -> NDArray[np.bool_]:
        return np.zeros(len(draws), dtype=bool)


def structural_equations(equations: tuple[Equation, ...]) -> tuple[Equation, ...]:
    """For each outcome the equation with the most regressors (a total effect's is not how the outcome comes about), in
    the order of the outcomes."""
    found: dict[int, Equation] = {}
    for equation in equations:
        known = found.get(equation.outcome)
        if known is None or len(known.regressors) < len(equation.regressors):
            found[equation.outcome] = equation
    return tuple(found[outcome] for outcome in sorted(found))


def by_group(ready: Ready, A: FloatArray, B: FloatArray) -> FloatArray:
    """(C, q q) cross-products A_g'B_g of the rows (n, q) of each group."""
    sizes = np.diff(ready.start)
    count, most, q = ready.groups, int(sizes.max()), A.shape[1]
    if most == 1:
        return np.asarray((A[:, :, None] * B[:, None, :]).reshape(count, q * q))
    if count * most <= 4 * len(A):
        same = A is B
        if (sizes == most).all():
            left = A.reshape(count, most, q)
            right = left if same else B.reshape(count, most, q)
        else:
            at = np.arange(len(A)) - ready.start[ready.codes]
            left = _padded(A, ready, at, most)
            right = left if same else _padded(B, ready, at, most)
        return np.asarray(np.matmul(left.transpose(0, 2, 1), right).reshape(count, q * q))
    found = np.empty((count, q, q))
    for g, (a, b) in enumerate(zip(ready.start[:-1].tolist(), ready.start[1:].tolist(), strict=True)):
        np.matmul(A[a:b].T, B[a:b], out=found[g])
    return found.reshape(count, q * q)


def _padded(A: FloatArray, ready: Ready, at: IntArray, most: int) -> FloatArray:
    found = np.zeros((ready.groups, most, A.shape[1]))
    found[ready.codes, at] = A
    return found
