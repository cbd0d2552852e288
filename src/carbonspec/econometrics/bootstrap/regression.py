"""The bootstrap of one regression by least squares, all its coefficients from cross-products."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.bootstrap.equations import Equation, System, ready, too_wide, width
from carbonspec.econometrics.bootstrap.grams import Counted, Multiplied
from carbonspec.econometrics.bootstrap.processes import Processes
from carbonspec.econometrics.bootstrap.refits import Refits, each_left_out, taken
from carbonspec.econometrics.bootstrap.replications import (
    Progress,
    Replications,
    Settings,
    check,
    collect,
    leave_one_out,
)
from carbonspec.econometrics.bootstrap.resampling import Resampling
from carbonspec.econometrics.bootstrap.solve import Solver
from carbonspec.econometrics.design import Design, FloatArray
from carbonspec.econometrics.grouping import group_sums
from carbonspec.econometrics.linear import CONSTANT
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError, Fit

LEAST_SQUARES = ("pooled OLS", "fixed effects")


@dataclass(frozen=True)
class RegressionDraws:
    """Coefficients by name in the order of the fit, their covariance (k, k), and each one's draws."""

    terms: tuple[str, ...]
    vcov: FloatArray
    replications: Replications


class LeastSquares:
    """The coefficients of a pooled or fixed effects regression in any draw of its rows; the constant is the last.

    `refitted` says why draws are refitted one by one, where they are. Columns that the fit leaves out take no part,
    nor do the singletons it drops. A draw's constant is its own ȳ - x̄'b.

    Raises EstimationError E557 for other estimators, E558 for a wild bootstrap with too many effects.
    """

    def __init__(self, design: Design, fit: Fit, resampling: Resampling) -> None:
        if fit.estimator not in LEAST_SQUARES:
            raise EstimationError(
                "E557", f"{fit.estimator} is not least squares on columns: its draws must be refitted"
            )
        system, keep = system_of(design, fit)
        self.resampling = resampling.take(keep)
        self.system = system
        self.constant = CONSTANT in fit.terms
        groups = self.resampling.groups
        self.refitted = width(system.effects, groups) if too_wide(system.effects, groups) else ""
        weights = np.ones(len(system.columns)) if system.weights is None else system.weights
        self.sums = group_sums(groups.codes, groups.count, system.columns, weights)
        self.mass = np.bincount(groups.codes, weights, groups.count)
        self.moments: Counted | None = None
        self.solver: Solver | Refits
        self.counted: Solver | Refits
        if self.refitted:
            if resampling.kind == "wild":
                raise EstimationError("E558", self.refitted)
            self.counted = self.solver = Refits(system, groups)
        else:
            prepared = ready(system, groups)
            self.moments = Counted(prepared)
            self.counted = self.solver = Solver(system, self.moments)
            if resampling.kind == "wild":
                multiplied = Multiplied(prepared, system.equations)
                self.solver = Solver(system, multiplied)
                residual = multiplied.E[0][:, -1] * prepared.scale[-1]
                if system.weights is not None:
                    order = np.argsort(groups.codes, kind="stable")
                    residual = residual * np.sqrt(weights / weights.mean())[order] * weights.mean()
                self.errors = np.bincount(prepared.codes, residual, groups.count)
        self.batch = self.solver.batch
        self.one_by_one = bool(self.refitted)

    def __call__(self, draws: FloatArray) -> FloatArray:
        """(b, k) coefficients of draws (b, C); a row of NaN where one is not identified."""
        found = self.solver(draws)
        if not self.constant:
            return found
        if self.resampling.kind == "wild":
            means = self.sums.sum(axis=0) / self.mass.sum()
            outcome = means[-1] + (draws - 1.0) @ self.errors / self.mass.sum()
            return np.column_stack([found, outcome - found @ means[:-1]])
        return _with_constant(found, draws @ self.sums / (draws @ self.mass)[:, None])

    def left_out(self, processes: Processes | None = None, progress: Progress | None = None) -> FloatArray:
        """(C, k) coefficients with each group left out."""
        if self.moments is not None:
            assert isinstance(self.counted, Solver)
            found = leave_one_out(self.counted, self.moments)
        else:
            found = each_left_out(self.counted, self.resampling.groups.count, processes, progress)
        if not self.constant:
            return found
        means = (self.sums.sum(axis=0) - self.sums) / (self.mass.sum() - self.mass)[:, None]
        return _with_constant(found, means)


def _with_constant(found: FloatArray, means: FloatArray) -> FloatArray:
    """Slopes (b, k) and ȳ - x̄'b, from the means (b, k + 1) of x and y."""
    return np.column_stack([found, means[:, -1] - (found * means[:, :-1]).sum(axis=1)])


def system_of(design: Design, fit: Fit) -> tuple[System, np.ndarray[tuple[int], np.dtype[np.int64]] | None]:
    """The one equation of a pooled or fixed effects regression, and the rows of the design it uses (None: all)."""
    terms = tuple(term for term in fit.terms if term in design.terms)
    at = [design.terms.index(term) for term in terms]
    effects, weights = design.effects if fit.effects else (), design.weights
    columns = np.column_stack([design.X[:, at], design.y])
    keep = Projection(effects, weights, design.singletons).keep if effects else None
    if keep is not None:
        columns, effects = columns[keep], tuple(taken(effect, keep) for effect in effects)
        weights = None if weights is None else weights[keep]
    k = len(terms)
    system = System(
        names=(*terms, design.outcome),
        columns=columns,
        equations=(Equation(k, tuple(range(k))),),
        controls=np.empty((len(columns), 0)),
        effects=effects,
        constant=design.constant,
        weights=weights,
    )
    return system, keep


def bootstrap_regression(design: Design, fit: Fit, settings: Settings) -> RegressionDraws:
    """Bootstrap the coefficients of `fit`, the pooled or fixed effects regression of `design`, drawing from its rows.

    Raises EstimationError as `LeastSquares` and `replications.replicate`.
    """
    check(settings)
    draws = LeastSquares(design, fit, settings.resampling)
    settings = replace(settings, resampling=draws.resampling)
    groups = draws.resampling.groups
    if draws.refitted and groups.count > settings.replications:
        left_out = np.full((groups.count, len(fit.estimates)), np.nan)
    else:
        left_out = draws.left_out(settings.processes, settings.progress)
    found = collect(draws, settings, fit.estimates, left_out, draws.batch)
    return RegressionDraws(fit.terms, found.vcov, found)
