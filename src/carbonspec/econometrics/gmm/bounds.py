"""Pooled OLS and fixed effects on the rows of a dynamic panel: above and below the lagged outcome's coefficient."""

from __future__ import annotations

from collections.abc import Callable

from carbonspec.econometrics.design import CovarianceChoice, Design, Effect, FloatArray, Groups
from carbonspec.econometrics.dynamic_design import GmmDesign
from carbonspec.econometrics.estimators import fixed_effects, pooled
from carbonspec.econometrics.gmm.equations import Equations
from carbonspec.econometrics.results import EstimationError, Fit, Notice


def bounds(
    design: GmmDesign, equations: Equations, X: FloatArray, terms: tuple[str, ...], b: FloatArray
) -> tuple[Fit | None, Fit | None, dict[str, float], tuple[Notice, ...]]:
    """Both fits, statistics `l1_pooled` and `l1_within`, and a notice when the first lag's coefficient lies outside."""
    lag = next((name for name in design.lagged if name in terms), None)
    if lag is None:
        return None, None, {}, ()
    units = Groups(design.unit.name, equations.level_unit, equations.units)
    periods = Groups(design.period.name, equations.level_period, design.period.count)
    made = Design(design.outcome, design.y[equations.rows], terms, X, units, periods, effects=(Effect(units),))
    notices: list[Notice] = []
    above, below = _fit(pooled.fit, made, notices), _fit(fixed_effects.fit, made, notices)
    found = {}
    for name, other in (("l1_pooled", above), ("l1_within", below)):
        if other is not None and lag in other.terms:
            found[name] = float(other.estimates[other.terms.index(lag)])
    if len(found) == 2:
        value, low, high = float(b[terms.index(lag)]), found["l1_within"], found["l1_pooled"]
        if not low <= value <= high:
            side = "below fixed effects" if value < low else "above pooled OLS"
            message = f"{lag} is {value:.3f}, {side}: its bounds are {low:.3f} (fixed effects) and {high:.3f} (OLS)"
            notices.append(Notice("N538", message, lag))
    return above, below, found, tuple(notices)


def _fit(estimate: Callable[[Design, CovarianceChoice], Fit], design: Design, notices: list[Notice]) -> Fit | None:
    try:
        return estimate(design, CovarianceChoice())
    except EstimationError as problem:
        notices.append(Notice("N537", f"no bound for the lagged outcome: {problem.message}"))
        return None
