"""Two-stage least squares, with fixed effects or without.

On columns without constant and effects: X̂ = P_W X with W all instruments, b = (X̂'X)^-1 X̂'y, residuals y - Xb with X
itself. First stages and the reduced form are ordinary regressions on the same rows.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from carbonspec.econometrics.covariance import Covariance, Regression, covariance, too_few, with_constant
from carbonspec.econometrics.design import CovarianceChoice, Design, FloatArray
from carbonspec.econometrics.estimators import fixed_effects, pooled
from carbonspec.econometrics.instrumented import InstrumentalVariables, Instruments
from carbonspec.econometrics.instruments.partialled import Partialled, partialled
from carbonspec.econometrics.instruments.strength import judged, strength
from carbonspec.econometrics.instruments.validity import validity
from carbonspec.econometrics.instruments.wald import wald
from carbonspec.econometrics.least_squares import TOLERANCE
from carbonspec.econometrics.linear import CONSTANT, WEIGHTED, joint_f
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError, Fit, Notice

DEFINITIONS = {
    "r2_within": "1 - SSR/SST of the outcome without its fixed effects; with instruments it can be negative",
    "r2": "1 - SSR/SST; with instruments it can be negative",
    "first_f": "F of the excluded instruments in the first stage, with the model's standard errors",
    "effective_f": "Montiel Olea and Pflueger's F, robust as the standard errors are; critical value (bias 10 %, level "
    "5 %)",
    "cragg_donald": "smallest eigenvalue of the first stages' F, for iid errors",
    "stock_yogo": "with a Cragg-Donald F above it tests at 5 % reject at most 10 %, for iid errors",
    "kleibergen_paap": "rank test of the first stages as an F, with the model's standard errors",
    "sargan": "n R2 of the residuals on all instruments, for iid errors",
    "hansen": "J of the two-step estimator, with the model's standard errors",
    "anderson_rubin": "F of the excluded instruments in the reduced form: right also when they are weak",
}


def fit(
    design: Design, instruments: Instruments, choice: CovarianceChoice, projection: Projection | None = None
) -> InstrumentalVariables:
    """Two-stage least squares of a design some of whose regressors are endogenous.

    Parameters
    ----------
    choice: any covariance but hc2 and hc3; it is used in first stages, reduced form and their tests too.
    projection: as in `fixed_effects.fit`; instruments are known in it by their names.

    Raises
    ------
    EstimationError: E530 when the instruments do not identify the regressors, E533 when they name none, and what
    least squares raises.
    """
    if choice.kind in ("hc2", "hc3"):
        raise EstimationError("E505", f"two-stage least squares has no {choice.kind}; hc1 is the usual choice")
    problem = partialled(design, instruments, projection)
    b, bread, fitted, basis = _second_stage(problem)
    e = problem.y - problem.X @ b
    found = _covariance(problem, choice, b, bread, fitted, e)
    endogenous = tuple(term for term, flag in zip(problem.terms, problem.endogenous, strict=True) if flag)
    first = tuple(_first_stage(problem, term, choice) for term in endogenous)
    reduced, anderson_rubin, unavailable = _reduced_form(problem, choice)
    strong, weak_notices = strength(problem, first, choice)
    valid, overidentified = validity(problem, choice, e, basis)
    k = len(b)
    df = problem.sample.n - k - problem.parameters
    rss = float((e * problem.root[:, 0]) @ (e * problem.root[:, 0]))
    joint, no_f = joint_f(b, found.matrix[:k, :k], found.df)
    r2 = 1 - rss / problem.total
    statistics = {
        ("r2_within" if problem.projection else "r2"): r2,
        "sigma": float(np.sqrt(rss / df)),
        "rss": rss,
        **joint,
        **strong,
        **valid,
        **anderson_rubin,
        "instruments": float(len(problem.instruments)),
    }
    dropped = problem.projection.dropped if problem.projection else ()
    singletons = tuple(Notice("N504", f"{d.rows} {d.reason} dropped") for d in dropped)
    negative = (Notice("N537", f"R2 is {r2:.3f}: with instruments it measures no fit"),) if r2 < 0 else ()
    weak = judged(endogenous, strong, choice)
    estimates, matrix, terms = b, found, problem.terms
    if design.constant:
        centre = problem.mean[:-1]
        estimates = np.append(b, problem.mean[-1] - centre @ b)
        matrix, terms = with_constant(found, centre), (*terms, CONSTANT)
    result = Fit(
        estimator="two-stage least squares" + (" with fixed effects" if problem.projection else ""),
        outcome=design.outcome,
        terms=terms,
        estimates=estimates,
        vcov=matrix.matrix,
        reference="t",
        df_reference=found.df,
        df_resid=df,
        **problem.sample.facts(),
        covariance=found.report,
        effects=problem.projection.levels if problem.projection else (),
        statistics=statistics,
        omitted=problem.omitted,
        dropped=dropped,
        notices=(
            *singletons,
            *problem.notices,
            *found.notices,
            *no_f,
            *weak,
            *weak_notices,
            *overidentified,
            *unavailable,
            *negative,
        ),
        weights="" if design.weights is None else "analytic",
        definitions={
            **_definitions(statistics),
            **({} if design.weights is None else WEIGHTED),
        },
    )
    return InstrumentalVariables(result, first, reduced, endogenous, problem.instruments)


def _definitions(statistics: dict[str, float]) -> dict[str, str]:
    found = {name: text for name, text in DEFINITIONS.items() if name in statistics}
    if "effective_f" in found:
        found["effective_f"] += f": {statistics['effective_f_critical']:.2f}"
    return found


def _second_stage(problem: Partialled) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """b, (X̂'X̂)^-1, X̂ (n, k), and an orthonormal basis of all instruments (weighted)."""
    root = problem.root
    X, y = problem.X * root, problem.y * root[:, 0]
    W = np.column_stack([X[:, ~problem.endogenous], problem.Z * root])
    if len(W) <= W.shape[1] + problem.parameters:
        raise too_few(len(W), W.shape[1] + problem.parameters)
    basis = np.linalg.qr(W / np.sqrt(np.square(W).sum(axis=0)))[0]
    scale = np.sqrt(np.square(X).sum(axis=0))
    projected = basis.T @ (X / scale)
    order = np.argsort(problem.endogenous, kind="stable")
    pivots = np.abs(np.diag(np.linalg.qr(projected[:, order])[1]))
    for at in np.flatnonzero(pivots < 1e3 * TOLERANCE).tolist():
        term = problem.terms[order[at]]
        raise EstimationError(
            "E530", f"the instruments ({', '.join(problem.instruments)}) do not move {term} apart from the others"
        )
    Q, R = np.linalg.qr(projected)
    inverse = np.linalg.inv(R) / scale[:, None]
    b = inverse @ (Q.T @ (basis.T @ y))
    return b, inverse @ inverse.T, basis @ (projected * scale) / root, basis


def _covariance(
    problem: Partialled, choice: CovarianceChoice, b: FloatArray, bread: FloatArray, X: FloatArray, e: FloatArray
) -> Covariance:
    weights = problem.sample.weights
    regression = Regression(
        X=X,
        residuals=e,
        bread=bread,
        constant=problem.design.constant,
        weights=weights,
        unit=problem.sample.unit,
        period=problem.sample.period,
        clusters=problem.sample.clusters,
        k_total=len(b) + problem.parameters,
        k_outside=lambda clusters: len(b) + problem.parameters_outside(clusters),
        leverage=lambda: None,
        rss=float(e @ (e if weights is None else e * weights)),
    )
    return covariance(choice, regression)


def _regress(problem: Partialled, outcome: str, choice: CovarianceChoice) -> Fit:
    """OLS of a column on all instruments: exogenous regressors first, then the excluded ones."""
    exogenous = tuple(t for t, flag in zip(problem.terms, problem.endogenous, strict=True) if not flag)
    made = problem.second(outcome, (*exogenous, *problem.instruments))
    if problem.projection:
        return fixed_effects.fit(made, choice, problem.projection)
    return pooled.fit(made, choice)


def _excluded(problem: Partialled, found: Fit) -> dict[str, float] | None:
    """F of the excluded instruments, its degrees of freedom and p; None where their covariance has no inverse."""
    at = [found.terms.index(name) for name in problem.instruments]
    value = wald(found.estimates[at], found.vcov[np.ix_(at, at)])
    if value is None or len(at) > found.df_reference:
        return None
    from scipy.special import fdtrc

    q = len(at)
    return {
        "f": value / q,
        "df1": float(q),
        "df2": float(found.df_reference),
        "p": float(fdtrc(q, found.df_reference, value / q)),
    }


def _first_stage(problem: Partialled, term: str, choice: CovarianceChoice) -> Fit:
    found = _regress(problem, term, choice)
    test = _excluded(problem, found)
    notices = found.notices
    statistics = dict(found.statistics)
    if test:
        statistics |= {
            "f_excluded": test["f"], "f_excluded_df1": test["df1"], "f_excluded_df2": test["df2"],
            "f_excluded_p": test["p"],
        }  # fmt: skip
    else:
        notices = (*notices, _no_test(problem, f"F of the excluded instruments of {term}", found))
    column = problem.X[:, problem.terms.index(term)] * problem.root[:, 0]
    exogenous = problem.X[:, ~problem.endogenous] * problem.root
    if exogenous.shape[1]:
        column = column - exogenous @ np.linalg.lstsq(exogenous, column, rcond=None)[0]
    statistics["r2_partial"] = 1 - statistics["rss"] / float(column @ column)
    definitions = {
        **found.definitions,
        "f_excluded": "F of the excluded instruments, with the model's standard errors",
        "r2_partial": "share of the variation, given the exogenous regressors, that the excluded instruments explain",
    }
    return replace(found, estimator="first stage", statistics=statistics, notices=notices, definitions=definitions)


def _reduced_form(problem: Partialled, choice: CovarianceChoice) -> tuple[Fit, dict[str, float], tuple[Notice, ...]]:
    found = replace(_regress(problem, problem.design.outcome, choice), estimator="reduced form")
    test = _excluded(problem, found)
    if test is None:
        notice = _no_test(problem, "Anderson-Rubin test", found)
        return replace(found, notices=(*found.notices, notice)), {}, (notice,)
    return (
        found,
        {
            "anderson_rubin": test["f"],
            "anderson_rubin_df1": test["df1"],
            "anderson_rubin_df2": test["df2"],
            "anderson_rubin_p": test["p"],
        },
        (),
    )


def _no_test(problem: Partialled, name: str, found: Fit) -> Notice:
    many = len(problem.instruments)
    return Notice("N537", f"no {name}: {many} instruments, whose covariance has lower rank ({found.df_reference:g} df)")
