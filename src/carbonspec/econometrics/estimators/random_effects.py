"""Random effects by Swamy and Arora (1972), unbalanced panels with the harmonic mean of T_i (as Stata's default)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.covariance import Regression
from carbonspec.econometrics.covariance import covariance as covariance_of
from carbonspec.econometrics.design import CovarianceChoice, Design, FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import group_mass, group_sums
from carbonspec.econometrics.least_squares import Solution, norm_before, nothing_left, solve
from carbonspec.econometrics.linear import CONSTANT
from carbonspec.econometrics.moments import column_sums, moments, squared_correlation
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError, Fit, Notice, Omitted
from carbonspec.econometrics.sample import Sample, check_finite, take

DEFINITIONS = {
    "r2_within": "squared correlation of x'b and the outcome, both less their unit means",
    "r2_between": "squared correlation of unit means of x'b and of the outcome",
    "r2_overall": "squared correlation of x'b and the outcome",
    "theta": "1 - sqrt(sigma_e^2/(T_i sigma_u^2 + sigma_e^2)), its median over units",
    "sigma_u": "standard deviation of the unit effects (Swamy-Arora, harmonic mean of T_i)",
    "sigma_e": "standard deviation of the fixed-effects residual",
    "rho": "sigma_u^2/(sigma_u^2 + sigma_e^2)",
}


@dataclass(frozen=True)
class Components:
    """Variances of unit effects and of errors, and theta_i (N,)."""

    sigma2_u: float
    sigma2_e: float
    theta: FloatArray


def fit(design: Design, covariance: CovarianceChoice, projection: Projection | None = None) -> Fit:  # noqa: ARG001
    """GLS with random unit effects: OLS on y - θ_i ȳ_i. Reference distribution: normal.

    The unit is that of the design's one effect, else the panel's. Standard errors: iid, with s2 of the transformed
    regression, or cluster (K = k + 1).

    Raises
    ------
    EstimationError: the model cannot be estimated on these rows.
    """
    unit = _unit(design, covariance)
    sample = take(replace(design, unit=unit))
    Z = np.column_stack([sample.X, sample.y])
    check_finite(design, sample, column_sums(Z))
    codes, count, T = sample.unit.codes, sample.unit.count, group_mass(sample.unit)
    means = group_sums(codes, count, Z) / T[:, None]
    k = len(design.terms)
    mean, gram = moments(Z)
    norms = norm_before(mean, gram.diagonal(), sample.n)
    if np.sqrt(gram[k, k]) <= 1e-9 * norms[k]:
        raise EstimationError("E503", f"{design.outcome} does not vary in these rows")
    level = solve(Z - mean, gram, None, design.terms, norms[:k], lambda _: "constant")
    kept = list(level.kept)
    used = [*kept, k]
    terms = tuple(design.terms[j] for j in kept)
    parts = _components(sample, Z[:, used], means[:, used], T, terms)
    found, transformed = _gls(Z[:, used], means[:, used], codes, parts.theta, terms)
    b = found.b[:-1]
    df = sample.n - len(found.b)
    regression = Regression(
        X=transformed,
        residuals=found.residuals,
        bread=found.bread,
        constant=False,
        weights=None,
        unit=sample.unit,
        period=sample.period,
        clusters=sample.clusters,
        k_total=len(found.b),
        k_outside=lambda _: len(found.b),
        leverage=lambda: np.zeros(sample.n),
        rss=found.rss,
    )
    result = covariance_of(covariance, regression)
    within = Z[:, used] - means[:, used][codes]
    statistics = {
        **_shares(parts),
        "sigma": float(np.sqrt(found.rss / df)),
        "rss": found.rss,
    }
    for name, cross in (
        ("r2_within", within.T @ within),
        ("r2_between", moments(means[:, used])[1]),
        ("r2_overall", gram[np.ix_(used, used)]),
    ):
        value = squared_correlation(cross, b)
        if value is not None:
            statistics[name] = value
    joint, notices = _joint(b, result.matrix[:-1, :-1])
    if parts.sigma2_u == 0:
        message = "the estimated variance of the unit effects is 0: random effects equals pooled OLS"
        notices = (Notice("W508", message), *notices)
    return Fit(
        estimator="random effects (Swamy-Arora)",
        outcome=design.outcome,
        terms=(*terms, CONSTANT),
        estimates=found.b,
        vcov=result.matrix,
        reference="normal",
        df_reference=float("inf"),
        df_resid=df,
        **sample.facts(),
        covariance=result.report,
        effects=((sample.unit.name, count),),
        statistics={**statistics, **joint},
        omitted=level.omitted,
        notices=result.notices + notices,
        definitions=DEFINITIONS,
    )


def _unit(design: Design, choice: CovarianceChoice) -> Groups:
    if choice.kind not in ("iid", "cluster"):
        raise EstimationError("E505", f"random effects has iid and clustered standard errors, not {choice.kind}")
    if design.weights is not None:
        raise EstimationError("E513", "random effects takes no weights")
    if not design.constant:
        raise EstimationError("E515", "random effects needs its constant: the unit effects are deviations from it")
    if len(design.effects) > 1 or any(effect.slopes is not None for effect in design.effects):
        raise EstimationError("E515", "random effects takes one dimension, without slopes")
    return design.effects[0].groups if design.effects else design.unit


def _components(sample: Sample, Z: FloatArray, means: FloatArray, T: FloatArray, terms: tuple[str, ...]) -> Components:
    """sigma_e^2 from the within regression, sigma_u^2 from it and the between regression."""
    n, count, k = sample.n, sample.unit.count, len(terms)
    within = Z - means[sample.unit.codes]
    mean, gram = moments(Z)
    norms = norm_before(mean, gram.diagonal(), n)
    moving = [j for j in range(k) if np.linalg.norm(within[:, j]) > 1e-9 * norms[j]]
    rss, slopes = float(within[:, k] @ within[:, k]), 0
    if moving:
        inner = _least_squares(within[:, [*moving, k]], tuple(terms[j] for j in moving), norms[moving])
        rss, slopes = inner.rss, len(inner.b)
    if n - count - slopes < 1:
        raise EstimationError("E502", f"{n} rows cannot estimate {count} unit effects and {slopes} slopes")
    sigma2_e = rss / (n - count - slopes)
    centre, spread = moments(means)
    lengths = norm_before(centre, spread.diagonal(), count)
    varying = [j for j in range(k) if np.sqrt(spread[j, j]) > 1e-9 * lengths[j]]
    rss, slopes = float(spread[k, k]), 0
    if varying:
        deviations = (means - centre)[:, [*varying, k]]
        outer = _least_squares(deviations, tuple(terms[j] for j in varying), lengths[varying])
        rss, slopes = outer.rss, len(outer.b)
    if count - slopes - 1 < 1:
        raise EstimationError(
            "E516", f"{count} units are too few for the between regression of Swamy-Arora on {slopes} regressors"
        )
    sigma2_b = rss / (count - slopes - 1)
    harmonic = count / float((1.0 / T).sum())
    sigma2_u = max(0.0, sigma2_b - sigma2_e / harmonic)
    total = T * sigma2_u + sigma2_e
    theta = 1.0 - np.sqrt(np.divide(sigma2_e, total, out=np.ones_like(total), where=total > 0))
    return Components(sigma2_u, sigma2_e, theta)


def _gls(
    Z: FloatArray, means: FloatArray, codes: IntArray, theta: FloatArray, terms: tuple[str, ...]
) -> tuple[Solution, FloatArray]:
    """OLS on the quasi-demeaned columns, the constant last; and those columns (n, k + 1)."""
    share = theta[codes]
    k = len(terms)
    quasi = Z - share[:, None] * means[codes]
    columns = np.column_stack([quasi[:, :k], 1.0 - share, quasi[:, k]])
    found = _least_squares(columns, (*terms, CONSTANT), np.zeros(k + 1))
    if len(found.kept) <= k:
        raise nothing_left(terms, (*found.omitted, Omitted(CONSTANT, "vanishes when theta is 1")))
    return found, columns[:, :-1]


def _least_squares(Z: FloatArray, terms: tuple[str, ...], norms: FloatArray) -> Solution:
    """The last column of Z on the others, all of which vary."""
    return solve(np.ascontiguousarray(Z), Z.T @ Z, None, terms, norms, str)


def _shares(parts: Components) -> dict[str, float]:
    theta = parts.theta
    found = {"theta": float(np.median(theta))}
    if theta.min() < theta.max():
        found |= {"theta_min": float(theta.min()), "theta_max": float(theta.max())}
    found |= {"sigma_u": float(np.sqrt(parts.sigma2_u)), "sigma_e": float(np.sqrt(parts.sigma2_e))}
    total = parts.sigma2_u + parts.sigma2_e
    if total > 0:
        found["rho"] = parts.sigma2_u / total
    return found


def _joint(b: FloatArray, V: FloatArray) -> tuple[dict[str, float], tuple[Notice, ...]]:
    """Wald chi2 test that all slopes are zero."""
    q = len(b)
    try:
        wald = float(b @ np.linalg.solve(V, b))
    except np.linalg.LinAlgError:
        return {}, (Notice("N507", "no joint test: the covariance of the slopes has not full rank"),)
    from scipy.special import chdtrc

    return {"wald": wald, "wald_df": float(q), "wald_p": float(chdtrc(q, wald))}, ()
