"""A mediation analysis from its columns to its verdict.

Baron and Kenny's (1986) equations in the order of Wen and Ye (2014), effects as products of coefficients, and their
bootstrap distribution.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from carbonspec.econometrics.bootstrap.equations import Equation, System
from carbonspec.econometrics.bootstrap.replications import Quantities, Replications, Settings, replicate
from carbonspec.econometrics.design import CovarianceChoice, FloatArray
from carbonspec.econometrics.estimators import fixed_effects, pooled
from carbonspec.econometrics.mediation import effects as algebra
from carbonspec.econometrics.mediation.effects import TOTAL, Level, moderator_levels, quantities, values
from carbonspec.econometrics.mediation.inputs import Common, Inputs, common_sample
from carbonspec.econometrics.mediation.monte_carlo import DRAWS as SIMULATIONS
from carbonspec.econometrics.mediation.monte_carlo import SimulatedInterval, simulated_intervals
from carbonspec.econometrics.mediation.paths import Arrows, Paths
from carbonspec.econometrics.mediation.results import Effect, Joint, Mediation
from carbonspec.econometrics.mediation.sensitivity import Sensitivity, sensitivity_to_omission
from carbonspec.econometrics.mediation.sobel import ProductTest, product_tests
from carbonspec.econometrics.mediation.verdict import p_of, pronounce
from carbonspec.econometrics.results import EstimationError, Fit, Notice

IDENTITY = 1e-8
"""c - c' = ab must hold to this, relative to the largest of them."""

Keys = tuple[tuple[str, str], ...]


def mediate(
    inputs: Inputs,
    paths: Paths,
    covariance: CovarianceChoice,
    bootstrap: Settings | None = None,
    *,
    seed: int | np.random.Generator = 1,
    level: float = 0.95,
    simulations: int = SIMULATIONS,
    moderator_at: str = "sd",
) -> Mediation:
    """Estimate the paths on one sample, and all effects.

    Parameters
    ----------
    covariance: of the regression columns; product tests and the simulated interval use it.
    bootstrap: what to draw (from the rows of `inputs`) and how often; None for no bootstrap.
    seed, simulations: of the simulated (Monte Carlo) intervals, 0 for none; the bootstrap's are in its settings.
    moderator_at: "sd" or "percentiles", see `moderator_levels`.

    Raises
    ------
    EstimationError: E507 no complete rows, E550 paths that are none, E551 effects that cannot be told apart, E552 a
        variable that does not vary, E554 to E558 from the bootstrap, E559 where c - c' = ab fails; and what
        regressions raise.
    """
    common = common_sample(inputs, paths)
    data = common.inputs
    fits = _fits(common, paths, covariance)
    keys = _keys(paths)
    point = {key: np.array([value]) for key, value in zip(keys, _coefficients(paths, fits), strict=True)}
    levels: tuple[Level, ...] = ()
    if paths.moderation is not None:
        levels = moderator_levels(data.columns[paths.moderation.moderator], data.weights, moderator_at)
    asked = quantities(paths, levels)
    estimates = values(paths, point, levels)[0]
    gap = None
    if paths.moderation is None:
        gap = algebra.identity_gap(paths, point)
        if gap > IDENTITY:
            raise EstimationError("E559", f"total less direct effect differs from the indirect one by {gap:.1e} of it")

    def effects(coefficients: FloatArray) -> FloatArray:
        return values(paths, dict(zip(keys, coefficients.T, strict=True)), levels)

    rng = np.random.default_rng(seed)
    names = tuple(q.name for q in asked)
    simulated: tuple[SimulatedInterval | None, ...] = (None,) * len(asked)
    if simulations:
        simulated = _simulated(paths, fits, keys, effects, names, rng, level, simulations)
    replications: Replications | None = None
    notices: tuple[Notice, ...] = ()
    if bootstrap is not None:
        replications, notices = _bootstrapped(common, paths, fits[0], bootstrap, keys, effects, estimates)
    found = tuple(
        Effect(q, float(estimates[j]), None if replications is None else replications.quantities[j], simulated[j])
        for j, q in enumerate(asked)
    )
    joint = tuple(_joint(paths, fits, route, 1 - level) for route in paths.routes)
    interval = "percentile" if bootstrap is None else bootstrap.interval
    said = pronounce(paths, fits, found, joint, interval, level)
    return Mediation(
        paths=paths,
        fits=fits,
        effects=found,
        product_tests=_product_tests(paths, fits),
        joint=joint,
        identity_gap=gap,
        suppression=said.suppression,
        verdict=said.text,
        interval=interval,
        sensitivity=_sensitivity(common, paths, fits) if paths.kind == "single" else None,
        replications=replications,
        dropped=common.dropped,
        notices=(*notices, *said.notices),
    )


# --- the equations ---------------------------------------------------------------------------------------


def _equations(paths: Paths) -> tuple[Arrows, ...]:
    return (paths.total, *paths.equations)


def _fits(common: Common, paths: Paths, covariance: CovarianceChoice) -> tuple[Fit, ...]:
    fits: list[Fit] = []
    for arrows in _equations(paths):
        design = common.inputs.design(arrows, paths.beside)
        if common.projection is None:
            fit = pooled.fit(design, covariance)
        else:
            fit = fixed_effects.fit(design, covariance, common.projection)
        gone = {o.term: o.reason for o in fit.omitted}
        for name in arrows.regressors:
            if name in gone and name not in paths.beside:
                raise EstimationError("E551", f"{name} is {gone[name]}: its effect on {arrows.outcome} has no estimate")
        lost = [name for name in gone if fits and name not in arrows.regressors and name in fits[0].terms]
        if lost:
            names = " and ".join((paths.treatment, *paths.mediators))
            raise EstimationError("E551", f"{names} together are {lost[0]} and other controls: no separate effects")
        if common.dropped:
            fit = replace(fit, dropped=common.dropped)
        fits.append(fit)
    return tuple(fits)


def _keys(paths: Paths) -> Keys:
    """The coefficients that effects are made of, equation by equation, in the order in which the bootstrap has them."""
    total, *others = _equations(paths)
    found = [(TOTAL, name) for name in _wanted(total, paths)]
    return (*found, *((arrows.outcome, name) for arrows in others for name in _wanted(arrows, paths)))


def _wanted(arrows: Arrows, paths: Paths) -> tuple[str, ...]:
    return tuple(name for name in arrows.regressors if name not in paths.beside)


def _coefficients(paths: Paths, fits: tuple[Fit, ...]) -> list[float]:
    return [
        float(fit.estimates[fit.terms.index(name)])
        for arrows, fit in zip(_equations(paths), fits, strict=True)
        for name in _wanted(arrows, paths)
    ]


# --- inference -------------------------------------------------------------------------------------------


def _bootstrapped(
    common: Common,
    paths: Paths,
    total: Fit,
    settings: Settings,
    keys: Keys,
    effects: Quantities,
    estimates: FloatArray,
) -> tuple[Replications, tuple[Notice, ...]]:
    data = common.inputs
    made = dict(paths.products)
    inside = [name for name, parts in made.items() if set(parts) & set(paths.mediators)]
    if settings.resampling.kind == "wild" and inside:
        raise EstimationError("E557", f"a wild bootstrap cannot hold {inside[0]}, a product with the mediator")
    names = (paths.treatment, *(n for n in made if n not in inside), *paths.mediators, *inside, paths.outcome)
    at = {name: j for j, name in enumerate(names)}
    beside = tuple(name for name in (*paths.beside, *data.controls) if name in total.terms)
    n = len(data.columns[paths.outcome])
    system = System(
        names=names,
        columns=np.column_stack([data.columns[name] for name in names]),
        equations=tuple(
            Equation(at[a.outcome], tuple(at[name] for name in _wanted(a, paths))) for a in _equations(paths)
        ),
        controls=np.column_stack([data.columns[name] for name in beside]) if beside else np.empty((n, 0)),
        effects=data.effects,
        constant=data.constant,
        weights=data.weights,
    )
    assert len(system.coefficients) == len(keys)
    settings = replace(settings, resampling=settings.resampling.take(common.keep))
    notices: tuple[Notice, ...] = ()
    if settings.resampling.kind == "rows" and data.unit.count < n:
        message = (
            f"the bootstrap draws single rows of {data.unit.count} units: errors of a unit's rows are as a rule "
            "related, and these standard errors then too small"
        )
        notices = (Notice("W552", message),)
    found = replicate(system, settings, effects, estimates)
    return found, (*notices, *found.notices)


def _simulated(
    paths: Paths,
    fits: tuple[Fit, ...],
    keys: Keys,
    effects: Quantities,
    names: tuple[str, ...],
    rng: np.random.Generator,
    level: float,
    draws: int,
) -> tuple[SimulatedInterval, ...]:
    """Simulated intervals. The total effect's equation is not independent of the others: in each draw the total is made
    from its parts."""
    blocks = []
    for arrows, fit in zip(paths.equations, fits[1:], strict=True):
        where = [fit.terms.index(name) for name in _wanted(arrows, paths)]
        blocks.append((fit.estimates[where], fit.vcov[np.ix_(where, where)]))
    own = tuple(key for key in keys if key[0] != TOTAL)

    def simulated(coefficients: FloatArray) -> FloatArray:
        known = dict(zip(own, coefficients.T, strict=True))
        direct = known[paths.outcome, paths.treatment]
        if paths.moderation is None:
            through = np.sum([algebra.along(route, known) for route in paths.routes], axis=0)
            known[TOTAL, paths.treatment] = direct + through
        else:
            known |= {key: direct for key in keys if key[0] == TOTAL}
        return effects(np.column_stack([known[key] for key in keys]))

    return simulated_intervals(tuple(blocks), simulated, names, rng, level, draws)


def _along(paths: Paths, fits: tuple[Fit, ...], route: tuple[str, ...]) -> list[tuple[Fit, int]]:
    """The equation and the place of the coefficient of each arrow of a route."""
    by_outcome = {arrows.outcome: fit for arrows, fit in zip(paths.equations, fits[1:], strict=True)}
    return [(by_outcome[effect], by_outcome[effect].terms.index(cause)) for cause, effect in pairwise(route)]


def _product_tests(paths: Paths, fits: tuple[Fit, ...]) -> tuple[ProductTest, ...]:
    """For every route; none with moderation, where the product changes with the moderator."""
    if paths.moderation is not None:
        return ()
    found: list[ProductTest] = []
    for route in paths.routes:
        arrows = _along(paths, fits, route)
        coefficients = np.array([fit.estimates[j] for fit, j in arrows])
        errors = np.array([fit.std_errors[j] for fit, j in arrows])
        found += product_tests(route, coefficients, errors)
    return tuple(found)


def _joint(paths: Paths, fits: tuple[Fit, ...], route: tuple[str, ...], threshold: float) -> Joint:
    p = max(p_of(fit, j) for fit, j in _along(paths, fits, route))
    return Joint(route, p, p < threshold)


def _sensitivity(common: Common, paths: Paths, fits: tuple[Fit, ...]) -> Sensitivity | None:
    data = common.inputs
    total, first, last = fits
    residuals = []
    for arrows, fit in zip((paths.equations[0], paths.total), (first, total), strict=True):
        names = [term for term in fit.terms if term != "Constant"]
        Z = np.column_stack([*(data.columns[name] for name in names), data.columns[arrows.outcome]])
        if common.projection is not None:
            Z = common.projection.demean(np.ascontiguousarray(Z))
        elif data.constant:
            Z = Z - np.average(Z, axis=0, weights=data.weights)
        residuals.append(Z[:, -1] - Z[:, :-1] @ fit.estimates[: len(names)])
    if min(float(np.linalg.norm(e)) for e in residuals) == 0:
        return None
    a = float(first.estimates[first.terms.index(paths.treatment)])
    r2 = [fit.statistics["r2"] for fit in (first, last)]
    return sensitivity_to_omission(a, residuals[0], residuals[1], r2[0], r2[1], data.weights)
