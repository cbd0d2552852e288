"""The bootstrap of one regression by least squares: `se bootstrap(999)` of a column."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.bootstrap.equations import Equation, System
from carbonspec.econometrics.bootstrap.refits import taken
from carbonspec.econometrics.bootstrap.replications import Replications, Settings, replicate
from carbonspec.econometrics.design import Design, FloatArray
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError, Fit


@dataclass(frozen=True)
class RegressionDraws:
    """Slopes by name (the constant is not among them), their covariance (k, k), and each one's draws."""

    terms: tuple[str, ...]
    vcov: FloatArray
    replications: Replications


def bootstrap_regression(design: Design, fit: Fit, settings: Settings) -> RegressionDraws:
    """Bootstrap the slopes of `fit`, the pooled or fixed effects regression of `design`, by drawing from its rows.

    Columns that the fit leaves out take no part, nor do the singletons it drops.

    Raises EstimationError E557 for other estimators, and what `replicate` raises.
    """
    if fit.estimator not in ("pooled OLS", "fixed effects"):
        raise EstimationError("E557", f"{fit.estimator} is not least squares on columns: its draws must be refitted")
    terms = tuple(term for term in fit.terms if term in design.terms)
    at = [design.terms.index(term) for term in terms]
    effects, weights = design.effects if fit.effects else (), design.weights
    columns = np.column_stack([design.X[:, at], design.y])
    keep = Projection(effects, weights, design.singletons).keep if effects else None
    if keep is not None:
        columns, effects = columns[keep], tuple(taken(effect, keep) for effect in effects)
        weights = None if weights is None else weights[keep]
        settings = replace(settings, resampling=settings.resampling.take(keep))
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
    found = replicate(system, settings, lambda coefficients: coefficients, fit.estimates[:k])
    return RegressionDraws(terms, found.vcov, found)
