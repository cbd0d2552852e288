"""Draws refitted one by one with any estimator: the rows of a draw made into a design of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from carbonspec.econometrics.bootstrap.processes import Processes
from carbonspec.econometrics.bootstrap.refits import each_left_out, stacked
from carbonspec.econometrics.bootstrap.resampling import Resampling
from carbonspec.econometrics.design import FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import nested
from carbonspec.econometrics.results import EstimationError, Fit

BATCH = 8
"""Draws between two reports of progress."""


class DesignRefits:
    """Coefficients `terms` of any estimator in draws (b, C): its `fit` on the rows drawn, each copy of a group standing
    for a group of its own.

    `problem` is a dataclass that describes a regression: `Design`, a design with its instruments, `GmmDesign`. Of all
    that it holds, arrays with its number of rows are taken row by row, and groups nested in what is drawn get a number
    for each copy, so that a unit drawn twice is two units; other groups (years) stay what they are. `estimate` is
    what fits such a problem; its EstimationErrors make a draw a missing one, as do terms it leaves out.
    `keep` are the rows that are drawn from, None for all.
    """

    one_by_one = True

    def __init__(
        self,
        problem: Any,
        terms: tuple[str, ...],
        estimate: Callable[[Any], Fit],
        resampling: Resampling,
        keep: IntArray | None = None,
    ) -> None:
        self.problem = problem
        self.terms = terms
        self.estimate = estimate
        self.resampling = resampling
        self.groups = resampling.groups
        self.unit, self.period = _keys(problem)
        self.batch = BATCH
        self._copied: dict[int, bool] = {}
        if keep is not None:
            self.problem = self._taken(problem, keep, np.zeros_like(keep))
            self.resampling = resampling.take(keep)
            self.groups = self.resampling.groups
            self.unit, self.period = _keys(self.problem)
            self._copied = {}

    def __call__(self, draws: FloatArray) -> FloatArray:
        """(b, k) coefficients, a row of NaN where a draw cannot be estimated."""
        return np.array([self._refit(draw) for draw in draws])

    def __getstate__(self) -> dict[str, Any]:
        """All but what goes by the identity of arrays, which another process does not have."""
        return {**self.__dict__, "_copied": {}}

    def left_out(
        self, processes: Processes | None = None, progress: Callable[[int, int], object] | None = None
    ) -> FloatArray:
        """(C, k) coefficients with each group left out."""
        return each_left_out(self, self.groups.count, processes, progress)

    def _refit(self, draw: FloatArray) -> FloatArray:
        missing = np.full(len(self.terms), np.nan)
        if np.count_nonzero(draw) < 2:
            return missing
        try:
            found = self.estimate(self.drawn(draw))
        except (EstimationError, np.linalg.LinAlgError):
            return missing
        at = {term: j for j, term in enumerate(found.terms)}
        if not all(term in at for term in self.terms):
            return missing
        return np.array([found.estimates[at[term]] for term in self.terms])

    def drawn(self, draw: FloatArray) -> Any:
        """The problem on the rows of one draw (C,), sorted by unit and period."""
        rows, copies = stacked(self.groups, draw)
        unit = self._groups(self.unit, rows, copies)
        order = np.lexsort((self.period.codes[rows], unit.codes))
        rows, copies = rows[order], copies[order]
        return self._taken(self.problem, rows, copies)

    def _taken(self, value: Any, rows: IntArray, copies: IntArray) -> Any:
        n = len(self.groups.codes)
        if isinstance(value, Groups):
            return self._groups(value, rows, copies)
        if isinstance(value, np.ndarray):
            # in one order, so that digits do not hang on where the array came from
            return np.ascontiguousarray(value[rows]) if value.ndim and len(value) == n else value
        if isinstance(value, tuple):
            return tuple(self._taken(item, rows, copies) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            parts = {f.name: self._taken(getattr(value, f.name), rows, copies) for f in fields(value)}
            if "singletons" in parts:  # slopes do not depend on them
                parts["singletons"] = "keep"
            return replace(value, **parts)
        return value

    def _groups(self, value: Groups, rows: IntArray, copies: IntArray) -> Groups:
        codes = value.codes[rows]
        if value.name == self.period.name and value.count == self.period.count:
            return Groups(value.name, codes, value.count)
        if self._is_copied(value):
            codes = codes + copies * value.count
        codes = np.unique(codes, return_inverse=True)[1].reshape(-1)
        return Groups(value.name, codes, int(codes.max()) + 1)

    def _is_copied(self, value: Groups) -> bool:
        known = self._copied.get(id(value))
        if known is None:
            known = nested(value.codes, value.count, self.groups.codes)
            self._copied[id(value)] = known
        return known


def _keys(problem: Any) -> tuple[Groups, Groups]:
    """The unit and the period of a problem, or of the design that is one of its parts."""
    if hasattr(problem, "unit"):
        return problem.unit, problem.period
    inner = next(p for f in fields(problem) if hasattr(p := getattr(problem, f.name), "unit"))
    return inner.unit, inner.period
