"""Fixed effects: one or many dimensions, crossed groups, slopes that vary by group, analytic weights.

Frisch and Waugh: least squares on outcome and regressors from which the effects are taken out. The constant is
ȳ - x̄'b, as Stata's xtreg and reghdfe print it.
"""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import CovarianceChoice, Design, FloatArray
from carbonspec.econometrics.grouping import group_mass, same
from carbonspec.econometrics.linear import WEIGHTED, Linear, joint_f, regress
from carbonspec.econometrics.moments import moments, squared_correlation
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import Fit, Notice
from carbonspec.econometrics.sample import Sample, take
from carbonspec.econometrics.within import Within, take_effects_out

DEFINITIONS = {
    "r2_within": "1 - SSR/SST of the outcome without its fixed effects",
    "r2_between": "squared correlation of unit means of x'b and of the outcome",
    "r2_overall": "squared correlation of x'b and the outcome",
    "r2_adj": "within R2 adjusted: 1 - (1 - R2)(n - A)/(n - A - k), A parameters of the effects",
    "r2": "1 - SSR/SST, fixed effects counted as explaining",
}
ONE_WAY = {
    "sigma_u": "standard deviation of the estimated effects",
    "sigma_e": "standard deviation of the residual, all parameters counted",
    "rho": "sigma_u^2/(sigma_u^2 + sigma_e^2)",
    "corr_xb": "correlation of the estimated effects with x'b",
}


def fit(design: Design, covariance: CovarianceChoice, projection: Projection | None = None) -> Fit:
    """Fixed effects regression of a design's outcome on its regressors.

    Parameters
    ----------
    projection: `Projection(design.effects, design.weights, design.singletons)` made before, to share demeaned columns
        between fits; its rows, effects and weights must be the design's. A column is known by its name.

    Raises
    ------
    EstimationError: the model cannot be estimated on these rows.
    """
    shared = projection is not None
    if projection is None:
        projection = Projection(design.effects, design.weights, design.singletons)
    sample = take(design, projection.keep)
    within = take_effects_out(design, sample, projection, shared)
    found = regress(
        design.outcome,
        design.terms,
        sample,
        within.columns,
        within.mean,
        within.centred.diagonal(),
        covariance,
        gram=within.gram,
        constant=design.constant,
        parameters=projection.parameters,
        outside=projection.parameters_outside,
        leverage=lambda: projection.leverage,
        absorber=lambda j: f"absorbed by {projection.absorber(sample.X[:, j])}",
    )
    statistics = _statistics(found, projection, sample, within)
    slopes = found.slopes
    joint, notices = joint_f(found.estimates[:slopes], found.covariance.matrix[:slopes, :slopes], found.covariance.df)
    notices = found.covariance.notices + notices
    if projection.dropped:
        notices = (*(Notice("N504", f"{d.rows} {d.reason} dropped") for d in projection.dropped), *notices)
    return Fit(
        estimator="fixed effects",
        outcome=design.outcome,
        terms=found.terms,
        estimates=found.estimates,
        vcov=found.covariance.matrix,
        reference="t",
        df_reference=found.covariance.df,
        df_resid=sample.n - found.k_total,
        **sample.facts(),
        covariance=found.covariance.report,
        effects=projection.levels,
        statistics={**statistics, **joint},
        omitted=found.solution.omitted,
        dropped=projection.dropped,
        notices=notices,
        weights="" if design.weights is None else "analytic",
        definitions={
            **DEFINITIONS,
            **(ONE_WAY if "rho" in statistics else {}),
            **({} if sample.weights is None else WEIGHTED),
        },
    )


def _statistics(found: Linear, projection: Projection, sample: Sample, within: Within) -> dict[str, float]:
    b, rss, total = found.solution.b, found.solution.rss, found.solution.total
    gram, unit_means = within.centred, within.unit_means
    if found.solution.omitted:
        used = [*found.solution.kept, len(within.mean) - 1]
        gram, unit_means = gram[np.ix_(used, used)], unit_means[:, used]
    free = sample.n - projection.parameters
    df = sample.n - found.k_total
    share = 1 - rss / total
    statistics = {
        "r2_within": share,
        "r2_adj": 1 - (1 - share) * free / df,
        "r2": float(1 - rss / gram[-1, -1]),
        "sigma": float(np.sqrt(rss / df)),
        "rss": rss,
    }
    for name, value in (
        ("r2_between", squared_correlation(moments(unit_means)[1], b)),
        ("r2_overall", squared_correlation(gram, b)),
    ):
        if value is not None:
            statistics[name] = value
    effects = projection.effects
    if len(effects) == 1 and effects[0].slopes is None and effects[0].groups.count > 1:
        statistics |= _error_components(b, statistics["sigma"], projection, sample, gram, unit_means)
    return statistics


def _error_components(
    b: FloatArray, sigma_e: float, projection: Projection, sample: Sample, gram: FloatArray, means: FloatArray
) -> dict[str, float]:
    """sigma_u, rho and corr(u, xb) of a model with one dimension of effects u = ȳ_g - x̄_g'b."""
    groups = projection.effects[0].groups
    if not same(groups, sample.unit):
        return {"sigma_e": sigma_e}
    u = means[:, -1] - means[:, :-1] @ b
    variance = float(u.var(ddof=1))
    mass = group_mass(groups, sample.weights)
    xb = means[:, :-1] @ b
    u_centred = u - mass @ u / mass.sum()
    cross = float((mass * u_centred) @ (xb - mass @ xb / mass.sum()))
    size = float((mass * u_centred) @ u_centred) * float(b @ gram[:-1, :-1] @ b)
    found = {"sigma_u": float(np.sqrt(variance)), "sigma_e": sigma_e}
    if variance + sigma_e**2 > 0:
        found["rho"] = variance / (variance + sigma_e**2)
    if size > 0:
        found["corr_xb"] = cross / float(np.sqrt(size))
    return found
