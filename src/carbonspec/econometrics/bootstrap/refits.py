"""Draws estimated one by one, where cross-products by group do not do: effects too many to be columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from carbonspec.econometrics.bootstrap.equations import System, explained
from carbonspec.econometrics.bootstrap.processes import Processes, refitted
from carbonspec.econometrics.design import Effect, FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import compact
from carbonspec.econometrics.projection import Projection

BATCH = 16
"""Draws between two reports of progress."""
LEFT_OUT = 8
"""The same of a jackknife."""


class Refits:
    """Coefficients of a system for draws (b, C), each by taking the effects out of the rows drawn, with weights.

    A row counts as often as its group is drawn. That is a refit on stacked rows: coefficients are the same whether
    copies of a group share their effects or have their own.
    """

    one_by_one = True

    def __init__(self, system: System, groups: Groups) -> None:
        self.system = system
        self.groups = groups
        self.batch = BATCH
        self.weights = np.ones(len(system.columns)) if system.weights is None else system.weights

    def __call__(self, draws: FloatArray) -> FloatArray:
        """(b, m) coefficients, a row of NaN where one is not identified."""
        return np.array([self._refit(draw) for draw in draws])

    def _refit(self, draw: FloatArray) -> FloatArray:
        system = self.system
        missing = np.full(len(system.coefficients), np.nan)
        if np.count_nonzero(draw) < 2:
            return missing
        times = draw[self.groups.codes]
        rows = np.flatnonzero(times)
        weights = times[rows] * self.weights[rows]
        k = system.controls.shape[1]
        Z = np.concatenate([system.controls[rows], system.columns[rows]], axis=1)
        effects = tuple(taken(effect, rows) for effect in system.effects)
        before = np.sqrt(np.square(Z - Z.mean(axis=0)).sum(axis=0))
        Z = Projection(effects, weights, "keep").demean(Z) * np.sqrt(weights)[:, None]
        W = Z[:, :k][:, np.sqrt(np.square(Z[:, :k]).sum(axis=0)) > 1e-9 * before[:k]]
        S = Z[:, k:]
        if W.shape[1]:
            S = S - W @ np.linalg.lstsq(W, S, rcond=1e-11)[0]
        at = list(system.explaining)
        if explained(S[:, at], before[k:][at]) is not None:
            return missing
        found = [
            np.linalg.lstsq(S[:, equation.regressors], S[:, equation.outcome], rcond=None)[0]
            for equation in system.equations
        ]
        return np.concatenate(found)


def one_by_one(statistic: Callable[[FloatArray], FloatArray]) -> Callable[[FloatArray], FloatArray]:
    """What `replications.collect` takes, from any statistic (m,) of one draw (C,): a GMM or PPML refit, say.

    The statistic returns NaN for a draw that cannot be estimated.
    """
    return lambda draws: np.array([statistic(draw) for draw in draws])


def each_left_out(
    solve: Callable[[FloatArray], FloatArray],
    groups: int,
    processes: Processes | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> FloatArray:
    """(C, m) what a solver of draws gives with each of the groups left out, one after the other."""

    def draws() -> Iterator[FloatArray]:
        for first in range(0, groups, LEFT_OUT):
            left_out = np.arange(first, min(first + LEFT_OUT, groups))
            draw = np.ones((len(left_out), groups))
            draw[np.arange(len(left_out)), left_out] = 0.0
            yield draw

    found: list[FloatArray] = []
    for values in refitted(solve, draws(), groups, processes):
        found.extend(values)
        if progress is not None:
            progress(len(found), groups)
    return np.array(found)


def stacked(groups: Groups, draw: FloatArray) -> tuple[IntArray, IntArray]:
    """The rows of one draw (C,) one under the other, and for each the number of its copy of a group: where lags, random
    effects or standard errors need copies to be units of their own."""
    order = np.argsort(groups.codes, kind="stable")
    first = np.cumsum(groups.sizes) - groups.sizes
    drawn = np.repeat(np.arange(groups.count), draw.astype(np.int64))
    sizes = groups.sizes[drawn]
    at = np.repeat(first[drawn] - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
    return order[at], np.repeat(np.arange(len(drawn)), sizes)


def taken(effect: Effect, rows: IntArray) -> Effect:
    """An effect on some of its rows."""
    slopes = None if effect.slopes is None else effect.slopes[rows]
    return Effect(compact(effect.groups, rows), slopes, effect.slope_names, effect.intercept)
