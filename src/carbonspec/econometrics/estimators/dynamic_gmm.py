"""Dynamic panels by GMM: difference (Arellano and Bond 1991) and system (Blundell and Bond 1998), one or two steps.

Conventions are those of Stata's xtabond2 (Roodman 2009): missing instruments are zeros, the first step weighs by the
covariance that iid errors in levels have after the transformation, two-step standard errors are Windmeijer's (2005), no
small-sample factors.
"""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import CovarianceChoice, FloatArray
from carbonspec.econometrics.dynamic_design import DynamicPanel, GmmChoice, GmmDesign, SubsetTest
from carbonspec.econometrics.gmm.bounds import bounds
from carbonspec.econometrics.gmm.diagnostics import chi2_p, rank, subset_tests
from carbonspec.econometrics.gmm.equations import Equations, check_finite, equations
from carbonspec.econometrics.gmm.instruments import instrument_matrix
from carbonspec.econometrics.gmm.problem import first_weight, regressors, stacked
from carbonspec.econometrics.gmm.steps import Problem, Step, Weight, inverse, robust, step, windmeijer
from carbonspec.econometrics.gmm.verdicts import overidentification, serial_tests
from carbonspec.econometrics.instruments.wald import wald
from carbonspec.econometrics.linear import CONSTANT
from carbonspec.econometrics.results import CovarianceReport, Dropped, EstimationError, Fit, Notice
from carbonspec.econometrics.sample import Facts

DEFINITIONS = {
    "hansen": "J of the second step; right for any errors, weak with many instruments",
    "ar1": "Arellano and Bond's test of first-order correlation of differenced residuals, z; expected to reject",
    "ar2": "Arellano and Bond's test of second-order correlation of differenced residuals, z",
    "l1_pooled": "coefficient of the lagged outcome by pooled OLS on the same rows, biased upwards",
    "l1_within": "coefficient of the lagged outcome by fixed effects on the same rows, biased downwards",
}

INCOMPLETE = "missing values or lags"


def fit(design: GmmDesign, choice: GmmChoice, covariance: CovarianceChoice) -> DynamicPanel:
    """Difference or system GMM.

    Parameters
    ----------
    covariance: "cluster" for standard errors robust to anything within units (Windmeijer's in two steps), "iid" for
        the plain ones, which in two steps are too small.

    Raises
    ------
    EstimationError: E501 no regressor left, E505 other standard errors, E507 no complete row, E530 not identified, E533
        too few periods or no instruments.
    """
    if covariance.kind not in ("iid", "cluster"):
        raise EstimationError("E505", f"GMM has iid standard errors and those clustered by unit, no {covariance.kind}")
    check_finite(design)
    made = equations(design, choice.transform)
    facts = _facts(choice, made)
    groups = facts["n_ids"]
    terms, X, omitted = regressors(design, choice, made)
    matrix = instrument_matrix(design, choice, made)
    problem = stacked(design, choice, made, X, matrix)
    if not np.abs(problem.y[: len(made.unit)]).max() > 1e-12 * np.abs(design.y[made.rows]).max():
        raise EstimationError("E503", f"{design.outcome} does not change over time")
    first = step(problem, terms, first_weight(choice, made, matrix))
    if np.abs(first.residuals).max() <= 1e-10 * np.abs(problem.y).max():
        raise EstimationError("E530", f"{design.outcome} is an exact combination of {', '.join(terms)}")
    scores = problem.by_unit(first.residuals)
    S = scores.T @ scores
    weight = inverse(S)
    columns = rank(np.asarray((problem.Z.T @ problem.Z).toarray()))
    df = columns - len(terms)
    second, unavailable = _second(problem, terms, weight, groups, required=choice.two_step, df=df)
    V1 = robust(problem, first)
    variance = _variance(first, made, choice)
    last = second if choice.two_step and second is not None else first
    formula = _variance_formula(choice)
    V, report = _covariance(problem, covariance, first, last, V1, variance, formula, (design.unit.name, groups))
    statistics, notices = overidentification(first, second, df, variance, matrix, groups, columns, weight)
    iid = variance if last is first and covariance.kind == "iid" else None
    serial, said = serial_tests(problem, last, V, made, (design.y[made.rows], X), iid)
    statistics, notices = {**statistics, **serial}, [*unavailable, *notices, *said]
    subsets: tuple[SubsetTest, ...] = ()
    if "hansen" in statistics and weight.rank == columns:
        subsets = subset_tests(problem, S, matrix, statistics["hansen"], df)
    slopes = [j for j, term in enumerate(terms) if term != CONSTANT]
    value = wald(last.b[slopes], V[np.ix_(slopes, slopes)])
    if value is None:
        notices.append(Notice("N507", f"no joint Wald test: {len(slopes)} slopes, whose covariance has lower rank"))
    else:
        statistics |= {"wald": value, "wald_df": float(len(slopes)), "wald_p": chi2_p(value, len(slopes))}
    named = tuple(terms[j] for j in slopes)
    above, below, l1, outside = bounds(design, made, X[:, slopes], named, last.b[slopes])
    result = Fit(
        estimator=_name(choice),
        outcome=design.outcome,
        terms=terms,
        estimates=last.b,
        vcov=V,
        reference="normal",
        df_reference=float("inf"),
        df_resid=facts["n"] - len(terms),
        **facts,
        covariance=report,
        statistics={**statistics, **l1},
        omitted=omitted,
        dropped=_dropped(design, choice, made),
        notices=(*notices, *outside),
        definitions=_definitions({**statistics, **l1}, choice),
    )
    return DynamicPanel(result, subsets, above, below)


def _definitions(statistics: dict[str, float], choice: GmmChoice) -> dict[str, str]:
    sargan = f"e'ZWZ'e/s2 of the first step, s2 = {_variance_formula(choice)} of transformed residuals; for iid errors"
    if choice.system:
        sargan += " without unit effects in the level equation: it rejects too often, Hansen's is the test"
    return {name: text for name, text in {"sargan": sargan, **DEFINITIONS}.items() if name in statistics}


def _name(choice: GmmChoice) -> str:
    steps = "two-step" if choice.two_step else "one-step"
    transform = ", orthogonal deviations" if choice.transform == "orthogonal" else ""
    return f"{steps} {'system' if choice.system else 'difference'} GMM{transform}"


def _second(
    problem: Problem, terms: tuple[str, ...], weight: Weight, units: int, *, required: bool, df: int
) -> tuple[Step | None, list[Notice]]:
    """The second step; where none was asked for and it cannot be made, a notice instead: it is for Hansen's test."""
    if df == 0 and not required:
        return None, []
    k = len(terms)
    if weight.rank < k or (weight.rank == k and df > 0):
        message = (
            f"{units} units weigh {weight.rank} moment conditions, too few for {k} coefficients in the second step"
        )
        if required:
            raise EstimationError("E530", f"{message}: take one step")
        return None, [Notice("N537", f"no Hansen test: {message}")]
    return step(problem, terms, weight), []


def _variance(first: Step, made: Equations, choice: GmmChoice) -> float:
    """Variance of the errors in levels from the first step's transformed residuals; differences have twice that.

    Over n - k rows in difference GMM (Arellano and Bond 1991), over the transformed rows in system GMM (Stata's
    xtabond2; gretl divides by the level rows, which makes Sargan's statistic larger).
    """
    e = first.residuals[: len(made.unit)]
    rows = len(e) if choice.system else max(len(e) - len(first.b), 1)
    return float(e @ e) / rows / (2.0 if choice.transform == "difference" else 1.0)


def _variance_formula(choice: GmmChoice) -> str:
    rows = "n" if choice.system else "(n - k)"
    return f"SSR/(2{rows})" if choice.transform == "difference" else f"SSR/{rows}"


def _covariance(
    problem: Problem,
    covariance: CovarianceChoice,
    first: Step,
    last: Step,
    V1: FloatArray,
    variance: float,
    formula: str,
    clusters: tuple[str, int],
) -> tuple[FloatArray, CovarianceReport]:
    k = len(last.b)
    if last is first:
        if covariance.kind == "iid":
            return variance * first.M, CovarianceReport("iid", 1.0, f"s2 (X'ZWZ'X)^-1, s2 = {formula}", k)
        return V1, CovarianceReport("cluster", 1.0, "1", 0, (clusters,))
    if covariance.kind == "iid":
        return last.M, CovarianceReport("iid", 1.0, "two-step, not corrected", k)
    return windmeijer(problem, first, last, V1), CovarianceReport("cluster", 1.0, "Windmeijer", 0, (clusters,))


def _facts(choice: GmmChoice, made: Equations) -> Facts:
    """n: transformed rows, level rows in system GMM."""
    unit, period = (made.level_unit, made.level_period) if choice.system else (made.unit, made.period)
    sizes = np.bincount(unit, minlength=made.units)
    used = sizes[sizes > 0]
    return {
        "n": len(unit),
        "n_ids": len(used),
        "n_periods": len(np.unique(period)),
        "t_min": int(used.min()),
        "t_max": int(used.max()),
    }


def _dropped(design: GmmDesign, choice: GmmChoice, made: Equations) -> tuple[Dropped, ...]:
    found = [Dropped(INCOMPLETE, len(design.y) - len(made.rows))]
    if not choice.system:
        lost = len(made.rows) - len(made.unit)
        what = "no complete row in the period before" if choice.transform == "difference" else "last of its unit"
        found.append(Dropped(what, lost))
    return tuple(d for d in found if d.rows)
