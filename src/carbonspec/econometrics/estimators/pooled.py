"""Pooled OLS, and weighted least squares with analytic weights."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import CovarianceChoice, Design, FloatArray
from carbonspec.econometrics.linear import WEIGHTED, joint_f, regress
from carbonspec.econometrics.moments import column_sums, moments
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import Fit
from carbonspec.econometrics.sample import check_finite, take

CENTRED = {"r2": "1 - SSR/SST", "r2_adj": "1 - (1 - R2)(n - 1)/(n - K)"}
UNCENTRED = {"r2": "1 - SSR/sum of y^2 (no constant)", "r2_adj": "1 - (1 - R2) n/(n - K) (no constant)"}


def fit(design: Design, covariance: CovarianceChoice, projection: Projection | None = None) -> Fit:  # noqa: ARG001
    """Pooled OLS of a design's outcome on its regressors, with or without a constant; `effects` are not used.

    Raises
    ------
    EstimationError: the model cannot be estimated on these rows.
    """
    sample = take(design)
    Z = np.column_stack([sample.X, sample.y])
    check_finite(design, sample, column_sums(Z))
    mean, gram = moments(Z, sample.weights)
    squares = gram.diagonal().copy()
    if design.constant:
        Z -= mean
    else:
        root = 1.0 if sample.weights is None else np.sqrt(sample.weights)[:, None]
        squares = np.square(Z * root).sum(axis=0)
    parameters = int(design.constant)
    found = regress(
        design.outcome,
        design.terms,
        sample,
        Z,
        mean if design.constant else np.zeros_like(mean),
        squares,
        covariance,
        constant=design.constant,
        parameters=parameters,
        outside=lambda _: parameters,
        leverage=lambda: _leverage(sample.n, sample.weights, design.constant),
        absorber=lambda _: "constant" if design.constant else "zero in every row",
    )
    k, rss = found.slopes, found.solution.rss
    df = sample.n - found.k_total
    r2 = 1 - rss / squares[-1]
    joint, notices = joint_f(found.estimates[:k], found.covariance.matrix[:k, :k], found.covariance.df)
    statistics = {
        "r2": float(r2),
        "r2_adj": float(1 - (1 - r2) * (sample.n - parameters) / df),
        "sigma": float(np.sqrt(rss / df)),
        "rss": rss,
        **joint,
    }
    return Fit(
        estimator="pooled OLS",
        outcome=design.outcome,
        terms=found.terms,
        estimates=found.estimates,
        vcov=found.covariance.matrix,
        reference="t",
        df_reference=found.covariance.df,
        df_resid=df,
        **sample.facts(),
        covariance=found.covariance.report,
        statistics=statistics,
        omitted=found.solution.omitted,
        notices=found.covariance.notices + notices,
        weights="" if design.weights is None else "analytic",
        definitions={**(CENTRED if design.constant else UNCENTRED), **({} if sample.weights is None else WEIGHTED)},
    )


def _leverage(n: int, weights: FloatArray | None, constant: bool) -> FloatArray:
    if not constant:
        return np.zeros(n)
    return np.full(n, 1 / n) if weights is None else weights / weights.sum()
