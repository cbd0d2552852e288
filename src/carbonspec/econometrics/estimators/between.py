"""The between estimator: OLS on unit means, one row a unit."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import CovarianceChoice, Design, FloatArray, Groups
from carbonspec.econometrics.grouping import group_mass, group_sums, nested
from carbonspec.econometrics.linear import joint_f, regress
from carbonspec.econometrics.moments import column_sums, moments
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError, Fit
from carbonspec.econometrics.sample import Sample, check_finite, take

DEFINITIONS = {
    "r2": "1 - SSR/SST of the unit means",
    "r2_adj": "1 - (1 - R2)(N - 1)/(N - K), N units",
}


def fit(design: Design, covariance: CovarianceChoice, projection: Projection | None = None) -> Fit:  # noqa: ARG001
    """OLS of unit means of the outcome on unit means of the regressors, every unit counting once.

    Clusters must not cut through units; clustering by unit is then HC1. Covariances over time do not exist.

    Raises
    ------
    EstimationError: the model cannot be estimated on these rows.
    """
    if covariance.kind in ("driscoll_kraay", "newey_west"):
        raise EstimationError("E505", "the between estimator has one row a unit: no covariance over time")
    if design.weights is not None:
        raise EstimationError("E513", "the between estimator takes no weights: unit means count once each")
    sample = take(design)
    Z = np.column_stack([sample.X, sample.y])
    check_finite(design, sample, column_sums(Z))
    codes, count = sample.unit.codes, sample.unit.count
    means = group_sums(codes, count, Z) / group_mass(sample.unit)[:, None]
    rows = _by_unit(sample, means)
    mean, gram = moments(means)
    parameters = int(design.constant)
    squares = gram.diagonal().copy()
    if design.constant:
        means = means - mean
    else:
        squares, mean = np.square(means).sum(axis=0), np.zeros_like(mean)
    found = regress(
        design.outcome,
        design.terms,
        rows,
        means,
        mean,
        squares,
        covariance,
        constant=design.constant,
        parameters=parameters,
        outside=lambda _: parameters,
        leverage=lambda: np.full(count, parameters / count),
        absorber=lambda _: "does not vary between units" if design.constant else "zero in every row",
    )
    k, rss = found.slopes, found.solution.rss
    df = count - found.k_total
    r2 = 1 - rss / squares[-1]
    joint, notices = joint_f(found.estimates[:k], found.covariance.matrix[:k, :k], found.covariance.df)
    return Fit(
        estimator="between",
        outcome=design.outcome,
        terms=found.terms,
        estimates=found.estimates,
        vcov=found.covariance.matrix,
        reference="t",
        df_reference=found.covariance.df,
        df_resid=df,
        **sample.facts(),
        covariance=found.covariance.report,
        statistics={
            "r2": float(r2),
            "r2_adj": float(1 - (1 - r2) * (count - parameters) / df),
            "sigma": float(np.sqrt(rss / df)),
            "rss": rss,
            **joint,
        },
        omitted=found.solution.omitted,
        notices=found.covariance.notices + notices,
        definitions=DEFINITIONS,
    )


def _by_unit(sample: Sample, means: FloatArray) -> Sample:
    """The sample of unit means, each unit in the cluster of its rows."""
    count = sample.unit.count
    clusters = []
    for groups in sample.clusters:
        if not nested(sample.unit.codes, count, groups.codes):
            raise EstimationError("E506", f"units lie in several clusters of {groups.name}: unit means have none")
        home = np.empty(count, dtype=np.int64)
        home[sample.unit.codes] = groups.codes
        clusters.append(Groups(groups.name, home, groups.count))
    unit = Groups(sample.unit.name, np.arange(count), count)
    period = Groups(sample.period.name, np.zeros(count, dtype=np.int64), 1)
    return Sample(means[:, -1], means[:, :-1], unit, period, tuple(clusters), None)
