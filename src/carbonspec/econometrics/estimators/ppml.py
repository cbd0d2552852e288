"""Poisson pseudo maximum likelihood with fixed effects (Santos Silva and Tenreyro 2006; Correia et al. 2020).

E[y|x] = exp(x'b + effects), y >= 0 in levels. Iterated weighted least squares: working outcome z = eta + (y - mu)/mu,
weights mu, effects taken out with these weights at every step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.covariance import Covariance, Regression, covariance, too_few, with_constant
from carbonspec.econometrics.design import CovarianceChoice, Design, FloatArray
from carbonspec.econometrics.instruments.independence import independent
from carbonspec.econometrics.instruments.wald import wald
from carbonspec.econometrics.least_squares import norm_before, nothing_left
from carbonspec.econometrics.linear import CONSTANT
from carbonspec.econometrics.moments import column_sums
from carbonspec.econometrics.poisson.separation import deviance, intercepts, usable
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import CovarianceReport, EstimationError, Fit, Notice, Omitted
from carbonspec.econometrics.sample import Sample, check_finite, take

STEPS, TOLERANCE = 200, 1e-12

DEFINITIONS = {
    "deviance": "2 sum of y log(y/mu) - (y - mu)",
    "pseudo_r2": "1 - log likelihood/log likelihood of the constant alone (McFadden)",
}


@dataclass(frozen=True)
class Converged:
    """b (k,), X (n, k) and z (n,) without effects at the final weights, mu (n,), those weights (n,), and the means of
    X and z before effects were taken out (k + 1,)."""

    b: FloatArray
    X: FloatArray
    mu: FloatArray
    weights: FloatArray
    bread: FloatArray
    mean: FloatArray
    projection: Projection


def fit(design: Design, choice: CovarianceChoice, projection: Projection | None = None) -> Fit:  # noqa: ARG001
    """Poisson regression of an outcome in levels; standard errors need no Poisson variance but with `iid`.

    Raises
    ------
    EstimationError: E539 for a negative outcome or one that is zero everywhere, E505 for hc2 and hc3, and what least
        squares raises.
    """
    if choice.kind in ("hc2", "hc3"):
        raise EstimationError("E505", f"Poisson regression has no {choice.kind}; hc1 is the usual choice")
    sample = take(design)
    check_finite(design, sample, column_sums(np.column_stack([sample.X, sample.y])))
    negative = int(np.count_nonzero(design.y < 0))
    if negative:
        raise EstimationError("E539", f"{design.outcome} is negative in {negative} row{'s' if negative > 1 else ''}")
    if not (design.y > 0).any():
        raise EstimationError("E539", f"{design.outcome} is zero in every row")
    used, dropped = usable(design)
    sample = take(used)
    terms, X, omitted = _regressors(used)
    found = _iterate(used, X, np.ones(sample.n) if sample.weights is None else sample.weights)
    k, parameters = len(found.b), found.projection.parameters
    if sample.n <= k + parameters:
        raise too_few(sample.n, k + parameters)
    V = _covariance(used, sample, choice, found)
    estimates, matrix = found.b, V
    if not design.effects:
        estimates = np.append(found.b, found.mean[-1] - found.mean[:-1] @ found.b)
        matrix, terms = with_constant(V, found.mean[:-1]), (*terms, CONSTANT)
    statistics, no_test = _statistics(used, sample, found, V.matrix[:k, :k])
    notices = tuple(
        Notice("N504" if d.reason.startswith("singleton") else "N536", f"{d.rows} rows left out: {d.reason}")
        for d in dropped
    )
    return Fit(
        estimator="Poisson pseudo maximum likelihood",
        outcome=design.outcome,
        terms=terms,
        estimates=estimates,
        vcov=matrix.matrix,
        reference="normal",
        df_reference=float("inf"),
        df_resid=sample.n - k - parameters,
        **sample.facts(),
        covariance=V.report,
        effects=found.projection.levels if design.effects else (),
        statistics=statistics,
        omitted=omitted,
        dropped=dropped,
        notices=(*notices, *V.notices, *no_test),
        weights="" if design.weights is None else "analytic",
        definitions=DEFINITIONS,
    )


def _regressors(design: Design) -> tuple[tuple[str, ...], FloatArray, tuple[Omitted, ...]]:
    projection = Projection(intercepts(design), None, "keep")
    moved = projection.demean(np.array(design.X, order="C", dtype=np.float64))
    mean = design.X.mean(axis=0)
    norms = norm_before(mean, np.square(design.X - mean).sum(axis=0), len(mean))

    def vanished(j: int) -> str:
        return f"absorbed by {projection.absorber(design.X[:, j])}" if design.effects else "constant"

    kept, why = independent(moved, design.terms, norms, vanished)
    omitted = tuple(Omitted(design.terms[j], why[j]) for j in sorted(why))
    if not kept:
        raise nothing_left(design.terms, omitted)
    return tuple(design.terms[j] for j in kept), np.ascontiguousarray(design.X[:, kept]), omitted


def _iterate(design: Design, X: FloatArray, weights: FloatArray) -> Converged:
    """Weighted least squares until the deviance stands still; steps that worsen it are halved."""
    y = design.y
    k = X.shape[1]
    eta = np.log((y + y.mean()) / 2)
    last = np.inf
    for count in range(STEPS):
        mu = np.exp(eta)
        W = weights * mu
        Z = np.column_stack([X, eta + (y - mu) / mu])
        mean = (W @ Z) / W.sum()
        projection = Projection(intercepts(design), W, "keep")
        moved = projection.demean(np.array(Z, order="C"))
        root = np.sqrt(W)[:, None]
        size = np.sqrt(np.square(moved[:, :k] * root).sum(axis=0))
        Q, R = np.linalg.qr(moved[:, :k] * root / size)
        inverse = np.linalg.inv(R) / size[:, None]
        b = inverse @ (Q.T @ (moved[:, k] * root[:, 0]))
        step = moved[:, :k] @ b - moved[:, k] + (y - mu) / mu
        share, now = 1.0, deviance(y, np.exp(np.minimum(eta + step, 500.0)), weights)
        while count and now > last * (1 + 1e-9) + 1e-12 and share > 1e-3:
            share /= 2
            now = deviance(y, np.exp(np.minimum(eta + share * step, 500.0)), weights)
        done = abs(now - last) <= TOLERANCE * max(now, 0.1) and np.abs(step).max() < 1e-8
        eta = eta + share * step
        last = now
        if done:
            return Converged(b, moved[:, :k], np.exp(eta), W, inverse @ inverse.T, mean, projection)
    raise EstimationError("E539", f"no convergence in {STEPS} steps: coefficients may be infinite")


def _covariance(design: Design, sample: Sample, choice: CovarianceChoice, found: Converged) -> Covariance:
    k, projection = len(found.b), found.projection
    u = (design.y - found.mu) / found.mu
    regression = Regression(
        X=found.X,
        residuals=u,
        bread=found.bread,
        constant=not design.effects,
        weights=found.weights,
        unit=sample.unit,
        period=sample.period,
        clusters=sample.clusters,
        k_total=k + projection.parameters,
        k_outside=lambda clusters: k + projection.parameters_outside(clusters),
        leverage=lambda: None,
        rss=float(found.weights @ np.square(u)),
    )
    if choice.kind == "iid":
        report = CovarianceReport("iid", 1.0, "inverse of the information: variance = mean", regression.k_total)
        return Covariance(regression.full_bread(), report, float("inf"))
    return covariance(choice, regression)


def _statistics(
    design: Design, sample: Sample, found: Converged, V: FloatArray
) -> tuple[dict[str, float], tuple[Notice, ...]]:
    from scipy.special import chdtrc, gammaln, xlogy

    y, mu = design.y, found.mu
    w = np.ones(len(y)) if sample.weights is None else sample.weights
    constant = float(w @ (gammaln(y + 1) + y)) - float(w @ xlogy(y, y))
    log_likelihood = -deviance(y, mu, w) / 2 - constant
    alone = -deviance(y, np.full(len(y), float(w @ y) / float(w.sum())), w) / 2 - constant
    statistics = {"deviance": deviance(y, mu, w), "log_likelihood": log_likelihood}
    if alone < 0:
        statistics["pseudo_r2"] = 1 - log_likelihood / alone
    q = len(found.b)
    value = wald(found.b, V)
    if value is None:
        return statistics, (Notice("N507", f"no joint Wald test: {q} slopes, whose covariance has lower rank"),)
    return {**statistics, "wald": value, "wald_df": float(q), "wald_p": float(chdtrc(q, value))}, ()
