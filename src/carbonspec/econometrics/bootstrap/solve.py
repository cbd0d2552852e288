"""Coefficients of many draws at once.

One Cholesky factor of the cross-products of (W, S) holds every equation: with L the part that belongs to S, an outcome
on all columns before some place has the coefficients L[:k, :k]'^-1 L[outcome, :k]'. Draws whose factor is not well
determined are estimated from their rows by QR, which sees what cross-products cannot (they square all ratios).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.bootstrap.equations import Equation, System, basis, explained, without
from carbonspec.econometrics.bootstrap.grams import Moments
from carbonspec.econometrics.design import FloatArray

SAFE_PIVOT = 1e-6
"""Above this share of its column's square, a pivot of the factor has at least nine digits."""

SAFE_SIZE = 1e-12
"""The same against the square of the column before controls and effects were taken out."""

BATCH_CELLS = 1 << 16
"""Numbers in the cross-products of one batch (512 kB), so that they stay in the cache."""


class Solver:
    """Coefficients of a system for draws, in the order of `system.coefficients`; a row of NaN where one of its
    regressors is not identified in that draw."""

    def __init__(self, system: System, moments: Moments) -> None:
        self.moments = moments
        ready = moments.ready
        self.r, self.p = ready.W.shape[1], ready.S.shape[1]
        self.equations = system.equations
        self.explaining = np.array(system.explaining, dtype=np.int64)
        self.only_outcomes = np.array([j for j in range(self.p) if j not in system.explaining], dtype=np.int64) + self.r
        places = [(e.outcome, j) for e in system.equations for j in e.regressors]
        self.units = np.array([ready.scale[y] / ready.scale[x] for y, x in places])
        self.batch = int(np.clip(BATCH_CELLS // (self.r + self.p) ** 2, 16, 4096))
        self.checked = np.concatenate([np.arange(self.r), self.explaining + self.r])

    def __call__(self, draws: FloatArray, products: FloatArray | None = None) -> FloatArray:
        """(b, m) coefficients of draws (b, C). `products` (b, q, q) are their cross-products, where known already."""
        found = np.full((len(draws), len(self.units)), np.nan)
        usable = ~self.moments.hopeless(draws)
        whole = bool(usable.all())
        tried = draws if whole else draws[usable]
        if len(tried):
            G = self.moments.combine(tried) if products is None else products[usable]
            before = G.diagonal(axis1=1, axis2=2)[:, self.checked].copy()
            # An outcome's own square takes no part in any coefficient; with one added, a perfect fit has a factor too.
            G[:, self.only_outcomes, self.only_outcomes] += 1.0
            own = self.moments.own(tried)[:, self.explaining]
            factor, regular = self._factor(G, before, own)
            values = np.full((len(tried), len(self.units)), np.nan)
            if regular.all():
                values = self._read(factor)
            else:
                values[regular] = self._read(factor)
                values[~regular] = self._from_rows(tried[~regular])
            found = values if whole else found
            if not whole:
                found[usable] = values
        return np.asarray(found * self.units)

    def _factor(self, G: FloatArray, before: FloatArray, own: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Factors of the draws that are regular, and which those are."""
        try:
            factor = np.asarray(np.linalg.cholesky(G), dtype=np.float64)
        except np.linalg.LinAlgError:
            return self._one_by_one(G, before, own)
        regular = self._regular(factor, before, own)
        return (factor if regular.all() else factor[regular]), regular

    def _one_by_one(self, G: FloatArray, before: FloatArray, own: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """The same for a batch in which a draw has no factor: a ridge far below `SAFE_PIVOT` finds them."""
        diagonal = np.arange(G.shape[1])
        ridged = G.copy()
        size = G[:, diagonal, diagonal]
        ridged[:, diagonal, diagonal] += 1e-10 * np.where(size > 0, size, 1.0)
        try:
            regular = self._regular(np.asarray(np.linalg.cholesky(ridged), dtype=np.float64), before, own)
            factor = np.asarray(np.linalg.cholesky(G[regular]), dtype=np.float64)
        except np.linalg.LinAlgError:
            return np.empty((0, *G.shape[1:])), np.zeros(len(G), dtype=bool)
        # What the ridge held up may be small without it.
        again = self._regular(factor, before[regular], own[regular])
        regular[regular] = again
        return factor[again], regular

    def _regular(self, factor: FloatArray, before: FloatArray, own: FloatArray) -> NDArray[np.bool_]:
        pivots = np.square(factor.diagonal(axis1=1, axis2=2)[:, self.checked])
        regular = (pivots > SAFE_PIVOT * before).all(axis=1)
        regular &= (pivots[:, self.r :] > SAFE_SIZE * own).all(axis=1)
        return np.asarray(regular)

    def _read(self, factor: FloatArray) -> FloatArray:
        """(b, m) coefficients from factors (b, q, q)."""
        L = np.ascontiguousarray(factor[:, self.r :, self.r :].transpose(1, 2, 0))
        found = np.empty((len(self.units), len(factor)))
        at = 0
        for equation in self.equations:
            size = len(equation.regressors)
            if equation.regressors == tuple(range(size)):
                _back_substitute(L, equation, found[at : at + size])
            else:
                regressors = L[list(equation.regressors)].transpose(2, 0, 1)
                outcome = L[equation.outcome, : equation.outcome].T
                right = regressors[:, :, : equation.outcome] @ outcome[:, :, None]
                found[at : at + size] = np.linalg.solve(regressors @ regressors.transpose(0, 2, 1), right)[:, :, 0].T
            at += size
        return found.T

    def _from_rows(self, draws: FloatArray) -> FloatArray:
        """(b, m) coefficients by QR on the rows of each distinct draw."""
        distinct, where = np.unique(draws, axis=0, return_inverse=True)
        return np.array([self._refit(draw) for draw in distinct])[where.reshape(-1)]

    def _refit(self, draw: FloatArray) -> FloatArray:
        W, S = self.moments.rows(draw)
        S = without(basis(W, np.ones(W.shape[1])), S)
        own = np.sqrt(self.moments.own(draw[None])[0, self.explaining])
        if explained(S[:, self.explaining], own) is not None:
            return np.full(len(self.units), np.nan)
        parts = []
        for equation in self.equations:
            Q, R = np.linalg.qr(S[:, equation.regressors])
            parts.append(np.linalg.solve(R, Q.T @ S[:, equation.outcome]))
        return np.concatenate(parts)


def _back_substitute(L: FloatArray, equation: Equation, into: FloatArray) -> None:
    """Coefficients of an equation that holds all columns before some place; L (p, p, b), into (k, b)."""
    for i in reversed(range(len(into))):
        value = L[equation.outcome, i].copy()
        for later in range(i + 1, len(into)):
            value -= L[later, i] * into[later]
        into[i] = value / L[i, i]
