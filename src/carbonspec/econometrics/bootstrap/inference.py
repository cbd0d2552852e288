"""Standard errors, p values and intervals of a column by drawing from its rows: `se bootstrap`, `se wild`, `se crv3`.

Each takes the fit of a column, made with ordinary standard errors, and gives it back with others. Least squares
(pooled, fixed effects) is drawn from cross-products; any other estimator is refitted in every draw, by the same code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from carbonspec.econometrics.bootstrap.designs import DesignRefits
from carbonspec.econometrics.bootstrap.equations import Equation
from carbonspec.econometrics.bootstrap.intervals import Bootstrapped
from carbonspec.econometrics.bootstrap.processes import Processes
from carbonspec.econometrics.bootstrap.regression import LEAST_SQUARES, LeastSquares, system_of
from carbonspec.econometrics.bootstrap.replications import Progress, Settings, check, collect
from carbonspec.econometrics.bootstrap.resampling import Resampling
from carbonspec.econometrics.bootstrap.wild_cluster import HELD, wild_tests
from carbonspec.econometrics.design import Design, FloatArray, Groups, IntArray
from carbonspec.econometrics.linear import CONSTANT, joint_f
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import CovarianceReport, EstimationError, Fit, Notice, Resampled

COVARIANCE_NOTICES = ("W501", "N502", "N507")
"""What is said of standard errors that are then replaced."""


@dataclass(frozen=True)
class Refitting:
    """How to estimate a column again on other rows: any dataclass that holds the regression with its `unit` and
    `period` (see `designs.DesignRefits`), and what fits it. `history` says that an estimator needs every unit's periods
    in their order, so that single rows or periods cannot be drawn."""

    problem: Any
    estimate: Callable[[Any], Fit]
    history: bool = False


def bootstrapped(fit: Fit, settings: Settings, again: Refitting, seed: int) -> Fit:
    """The fit with the bootstrap's standard errors; p values and intervals by `settings.interval`.

    Raises EstimationError as `replications.replicate`; E557 where rows or periods cannot be drawn singly.
    """
    check(settings)
    resampling = settings.resampling
    solver = _solver(fit, resampling, again)
    settings = replace(settings, resampling=solver.resampling)
    left_out = np.full((settings.resampling.groups.count, len(fit.estimates)), np.nan)
    if settings.interval == "bca":
        left_out = solver.left_out(settings.processes, settings.progress)
    found = collect(solver, settings, fit.estimates, left_out, solver.batch)
    quantities = found.quantities
    intervals = [q.interval(settings.interval) for q in quantities]
    drawn = found.resampling
    counted = drawn.kind in ("clusters", "wild")
    said = Resampled(
        kind="bootstrap",
        drawn=drawn.label,
        asked=found.asked,
        failed=found.failed,
        seed=seed,
        method=settings.interval,
        coverage=settings.level,
        p_values=np.array([_p(q, settings.interval) for q in quantities]),
        low=np.array([i.low for i in intervals]),
        high=np.array([i.high for i in intervals]),
        bias=np.array([q.bias for q in quantities]),
    )
    report = CovarianceReport("bootstrap", clusters=((drawn.groups.name, drawn.groups.count),) if counted else ())
    notices = (*_refitted(fit, solver), *found.notices)
    if drawn.kind == "rows" and fit.n > fit.n_ids:
        notices += (Notice("W552", "rows were drawn singly, as if the periods of a unit were independent"),)
    changed = _with(fit, found.vcov, report, "normal", float("inf"), notices)
    return replace(changed, resampled=said)


def jackknifed(
    fit: Fit,
    groups: Groups,
    again: Refitting,
    processes: Processes | None = None,
    progress: Progress | None = None,
) -> Fit:
    """The fit with the cluster jackknife's standard errors (CRV3): (G - 1)/G sum (b_-g - b)(b_-g - b)', t(G - 1).

    MacKinnon, Nielsen and Webb (2023). Raises EstimationError E504 for one cluster, E560 where a coefficient is not
    identified without one of the clusters.
    """
    if groups.count < 2:
        raise EstimationError("E504", f"{groups.name} has a single value in these rows: no clusters to compare")
    resampling = Resampling("clusters", groups)
    solver = _solver(fit, resampling, again)
    drawn = solver.resampling.groups
    left_out = solver.left_out(processes, progress)
    lost = np.flatnonzero(~np.isfinite(left_out).all(axis=1))
    if len(lost):
        some = "one" if len(lost) == 1 else f"any of {len(lost)}"
        raise EstimationError(
            "E560",
            f"without {some} of the {drawn.count} clusters ({groups.name}) a coefficient cannot be estimated: the "
            "jackknife leaves out every cluster in turn",
        )
    gaps = left_out - fit.estimates
    count = drawn.count
    factor = (count - 1) / count
    report = CovarianceReport("crv3", factor, "(G-1)/G", 0, ((groups.name, count),))
    return _with(fit, factor * gaps.T @ gaps, report, "t", count - 1.0, _refitted(fit, solver))


def wild_tested(fit: Fit, design: Design, settings: Settings, seed: int) -> Fit:
    """The fit, its clustered standard errors kept, with p values and intervals of the wild cluster bootstrap-t.

    The constant of a model with effects is a mean of effects, not a parameter: it keeps its t(G - 1).

    Raises EstimationError E561 for estimators other than least squares, and what `wild_tests` raises.
    """
    if fit.estimator not in LEAST_SQUARES:
        raise EstimationError(
            "E561", f"the wild cluster bootstrap tests least squares, pooled or with fixed effects, not {fit.estimator}"
        )
    check(settings)
    system, keep = system_of(design, fit)
    resampling = settings.resampling.take(keep)
    tested = len(system.names) - 1
    if CONSTANT in fit.terms and not system.effects:
        ones = np.ones(len(system.columns))
        columns = np.column_stack([system.columns[:, :-1], ones, system.columns[:, -1]])
        tested += 1
        equations = (Equation(tested, tuple(range(tested))),)
        names = (*system.names[:-1], CONSTANT, system.names[-1])
        system = replace(system, names=names, columns=columns, equations=equations, constant=False)
    found = wild_tests(system, replace(settings, resampling=resampling))
    from scipy.special import stdtr, stdtrit

    df, errors = fit.df_reference, fit.std_errors
    t = fit.estimates / np.where(errors > 0, errors, np.nan)
    p = np.asarray(2 * stdtr(df, -np.abs(t)), dtype=np.float64)
    reach = errors * float(stdtrit(df, 0.5 + settings.level / 2))
    low, high = fit.estimates - reach, fit.estimates + reach
    p[:tested] = [test.p_value for test in found.tests]
    low[:tested] = [test.low for test in found.tests]
    high[:tested] = [test.high for test in found.tests]
    said = Resampled(
        kind="wild",
        drawn=resampling.label,
        asked=found.asked,
        failed=max((test.failed for test in found.tests), default=0),
        seed=seed,
        method="inversion",
        coverage=settings.level,
        p_values=p,
        low=low,
        high=high,
        bias=np.full(len(p), np.nan),
        exact=found.exact,
    )
    notices = tuple(n for n in fit.notices if n.kind not in ("W501", "N502"))
    return replace(fit, resampled=said, notices=notices + _wild_notices(fit, said, tested))


def _wild_notices(fit: Fit, said: Resampled, tested: int) -> tuple[Notice, ...]:
    found = []
    closed = (np.isfinite(said.low) & np.isfinite(said.high))[:tested]
    if not closed.all():
        names = ", ".join(name for name, fine in zip(fit.terms[:tested], closed.tolist(), strict=True) if not fine)
        text = f"the interval of {names} has no end: with these clusters far values are not rejected at this level"
        found.append(Notice("W560", text))
    if said.failed:
        found.append(Notice("W553", f"{said.failed} of {said.asked} draws have no t and were left out"))
    if said.asked > HELD:
        found.append(Notice("N560", f"intervals are from the first {HELD:,} draws, p values from all {said.asked:,}"))
    if tested < len(fit.terms):
        found.append(Notice("N561", "p value and interval of the constant, a mean of effects, are from t(G-1)"))
    return tuple(found)


def _solver(fit: Fit, resampling: Resampling, again: Refitting) -> LeastSquares | DesignRefits:
    if fit.estimator in LEAST_SQUARES:
        return LeastSquares(again.problem, fit, resampling)
    if resampling.kind == "wild":
        raise EstimationError("E561", f"a wild bootstrap needs least squares on columns, which {fit.estimator} is not")
    if again.history and resampling.kind != "clusters":
        raise EstimationError(
            "E561",
            f"{fit.estimator}: a unit's periods are needed in their order, and drawing {resampling.kind} breaks it",
        )
    return DesignRefits(again.problem, fit.terms, again.estimate, resampling, _used(fit, again.problem))


def _used(fit: Fit, problem: Any) -> IntArray | None:
    """The rows of a problem that its fit used, where it dropped singletons; None for all."""
    if not any(dropped.reason.startswith("singleton") for dropped in fit.dropped):
        return None
    design: Design = problem if isinstance(problem, Design) else problem.design
    return Projection(design.effects, design.weights, design.singletons).keep


def _refitted(fit: Fit, solver: LeastSquares | DesignRefits) -> tuple[Notice, ...]:
    if isinstance(solver, LeastSquares):
        return (Notice("N558", f"{solver.refitted}: every draw was refitted"),) if solver.refitted else ()
    return (Notice("N558", f"{fit.estimator}: every draw was refitted"),)


def _with(
    fit: Fit, vcov: FloatArray, report: CovarianceReport, reference: str, df: float, notices: tuple[Notice, ...]
) -> Fit:
    """A fit with another covariance; its joint F test went with the old one and comes anew where there is one."""
    gone = ("f", "f_df1", "f_df2", "f_p", "wald", "wald_df", "wald_p")
    statistics = {name: value for name, value in fit.statistics.items() if name not in gone}
    if reference == "t":
        slopes = [j for j, term in enumerate(fit.terms) if term != CONSTANT]
        joint, more = joint_f(fit.estimates[slopes], vcov[np.ix_(slopes, slopes)], df)
        statistics, notices = {**statistics, **joint}, notices + more
    kept = tuple(n for n in fit.notices if n.kind not in COVARIANCE_NOTICES)
    errors = "classical standard errors"
    if fit.covariance.clusters:
        errors = f"standard errors clustered by {', '.join(name for name, _ in fit.covariance.clusters)}"
    definitions = {name: text.replace("the model's standard errors", errors) for name, text in fit.definitions.items()}
    return replace(
        fit,
        definitions=definitions,
        vcov=vcov,
        covariance=report,
        reference=reference,
        df_reference=df,
        statistics=statistics,
        notices=kept + notices,
    )


def _p(drawn: Bootstrapped, method: str) -> float:
    """Two-sided p of "it is zero" that agrees with the interval: the level at which the interval ends at zero.

    Where draws are counted it is at least 2/B: what none of B draws shows need not be rarer.
    """
    if method == "normal":
        return drawn.p_value
    least = 2 / drawn.replications
    if method == "percentile":
        return max(drawn.p_percentile, least)
    if method == "basic":
        return max(drawn.p_basic, least)
    return max(_p_bca(drawn), least)


def _p_bca(drawn: Bootstrapped) -> float:
    from scipy.special import ndtr, ndtri

    share = drawn.share_below_zero
    if np.isnan(drawn.z0 + drawn.acceleration):
        return float(np.nan)
    if not 0 < share < 1:
        return 0.0
    gap = float(ndtri(share)) - drawn.z0
    z = gap / (1 + drawn.acceleration * gap) - drawn.z0
    return float(2 * ndtr(-abs(z)))
