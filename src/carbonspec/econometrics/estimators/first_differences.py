"""First differences: OLS without a constant on changes from one period to the next."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import CovarianceChoice, Design
from carbonspec.econometrics.linear import joint_f, regress
from carbonspec.econometrics.moments import column_sums
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import Dropped, EstimationError, Fit
from carbonspec.econometrics.sample import check_finite, take

DEFINITIONS = {
    "r2": "1 - SSR/sum of squared changes of the outcome (no constant)",
    "r2_adj": "1 - (1 - R2) n/(n - k) (no constant)",
}


def fit(design: Design, covariance: CovarianceChoice, projection: Projection | None = None) -> Fit:  # noqa: ARG001
    """OLS of the change of the outcome on the change of the regressors, without a constant (Stata `D.`, `noconstant`).

    A change is taken between two periods that follow each other on the panel's clock; where a period is missing there
    is none. Rows must be sorted by unit and period.

    Raises
    ------
    EstimationError: the model cannot be estimated on these rows.
    """
    if design.weights is not None:
        raise EstimationError("E513", "first differences take no weights")
    unit, period = design.unit.codes, design.period.codes
    later = np.flatnonzero((unit[1:] == unit[:-1]) & (period[1:] - period[:-1] == 1)) + 1
    if not len(later):
        raise EstimationError("E514", "no unit has two periods that follow each other")
    sample = take(design, later)
    Z = np.column_stack([design.X, design.y])
    check_finite(design, take(design), column_sums(Z))
    change = Z[later] - Z[later - 1]
    squares = np.square(change).sum(axis=0)
    # A change that is rounding beside the level counts as none.
    level = np.square(Z[later]).sum(axis=0)
    noise = np.square(64 * np.finfo(np.float64).eps / 1e-9) * level
    found = regress(
        design.outcome,
        design.terms,
        sample,
        change,
        np.zeros(Z.shape[1]),
        np.maximum(squares, noise),
        covariance,
        constant=False,
        parameters=0,
        outside=lambda _: 0,
        leverage=lambda: np.zeros(sample.n),
        absorber=lambda _: "absorbed by first differences",
    )
    k, rss = found.slopes, found.solution.rss
    df = sample.n - k
    r2 = 1 - rss / squares[-1]
    joint, notices = joint_f(found.estimates, found.covariance.matrix, found.covariance.df)
    return Fit(
        estimator="first differences",
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
            "r2_adj": float(1 - (1 - r2) * sample.n / df),
            "sigma": float(np.sqrt(rss / df)),
            "rss": rss,
            **joint,
        },
        omitted=found.solution.omitted,
        dropped=(Dropped("no row in the period before", len(design.y) - sample.n),),
        notices=found.covariance.notices + notices,
        definitions=DEFINITIONS,
    )
