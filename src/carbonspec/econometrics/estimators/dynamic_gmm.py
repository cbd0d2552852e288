"""Dynamic panels by GMM: difference (Arellano and Bond 1991) and system (Blundell and Bond 1998), one or two steps.

Conventions are those of Stata's xtabond2 (Roodman 2009): missing instruments are zeros, the first step weighs by the
covariance that iid errors in levels have after the transformation, two-step standard errors are Windmeijer's (2005), no
small-sample factors.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from carbonspec.econometrics.covariance import FEW_CLUSTERS
from carbonspec.econometrics.design import CovarianceChoice, FloatArray
from carbonspec.econometrics.dynamic_design import DynamicPanel, GmmChoice, GmmDesign, SubsetTest
from carbonspec.econometrics.gmm.bounds import bounds
from carbonspec.econometrics.gmm.diagnostics import chi2_p, rank, serial_correlation, subset_tests
from carbonspec.econometrics.gmm.equations import Equations, equations
from carbonspec.econometrics.gmm.instruments import InstrumentMatrix, instrument_matrix
from carbonspec.econometrics.gmm.steps import Problem, Step, Weight, inverse, robust, step, windmeijer
from carbonspec.econometrics.instruments.independence import independent
from carbonspec.econometrics.instruments.wald import wald
from carbonspec.econometrics.least_squares import norm_before, nothing_left
from carbonspec.econometrics.linear import CONSTANT
from carbonspec.econometrics.results import CovarianceReport, Dropped, EstimationError, Fit, Notice, Omitted
from carbonspec.econometrics.sample import Facts

REJECTED, TOO_GOOD, SECOND_ORDER = 0.05, 0.95, 0.10

DEFINITIONS = {
    "hansen": "J of the second step; right for any errors, weak with many instruments",
    "ar1": "Arellano and Bond's test of first-order correlation of differenced residuals, z; expected to reject",
    "ar2": "Arellano and Bond's test of second-order correlation of differenced residuals, z",
    "l1_pooled": "coefficient of the lagged outcome by pooled OLS on the same rows, biased upwards",
    "l1_within": "coefficient of the lagged outcome by fixed effects on the same rows, biased downwards",
}


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
    made = equations(design, choice.transform)
    terms, X, omitted = _regressors(design, choice, made)
    matrix = instrument_matrix(design, choice, made)
    problem = _stacked(design, choice, made, X, matrix)
    first = step(problem, terms, _first_weight(choice, made, matrix))
    scores = problem.by_unit(first.residuals)
    S = scores.T @ scores
    weight = inverse(S)
    columns = rank(np.asarray((problem.Z.T @ problem.Z).toarray()))
    df = columns - len(terms)
    second, unavailable = _second(problem, terms, weight, required=choice.two_step, df=df)
    V1 = robust(problem, first)
    variance = _variance(first, made, choice)
    last = second if choice.two_step and second is not None else first
    formula = _variance_formula(choice)
    V, report = _covariance(problem, covariance, first, last, V1, variance, formula, design.unit.name, made)
    statistics, notices = _tests(first, second, df, variance, matrix, made, columns, weight)
    notices = [*unavailable, *notices]
    level = (design.y[made.rows], X)
    iid = variance if last is first and covariance.kind == "iid" else None
    for order in (1, 2):
        found = serial_correlation(problem, last, V, made, level, order, iid)
        if found is None:
            reason = f"no residuals are {order} periods apart, or their variance is not positive"
            notices.append(Notice("N537", f"no AR({order}) test: {reason}"))
            continue
        statistics |= {f"ar{order}": found[0], f"ar{order}_p": found[1]}
    if statistics.get("ar2_p", 1.0) < SECOND_ORDER:
        message = f"AR(2): differenced residuals are correlated two periods apart, p = {statistics['ar2_p']:.3f}"
        notices.append(Notice("W535", message))
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
        df_resid=_rows(choice, made) - len(terms),
        **_facts(choice, made),
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
    return {name: text for name, text in {"sargan": sargan, **DEFINITIONS}.items() if name in statistics}


def _name(choice: GmmChoice) -> str:
    steps = "two-step" if choice.two_step else "one-step"
    transform = ", orthogonal deviations" if choice.transform == "orthogonal" else ""
    return f"{steps} {'system' if choice.system else 'difference'} GMM{transform}"


def _regressors(
    design: GmmDesign, choice: GmmChoice, made: Equations
) -> tuple[tuple[str, ...], FloatArray, tuple[Omitted, ...]]:
    """Names and level columns (l, k) of the regressors that can be estimated; the constant of a system comes last."""
    X, names = design.X[made.rows], design.terms
    constant = choice.system and design.constant
    if constant:
        X, names = np.column_stack([np.ones(len(X)), X]), (CONSTANT, *names)
    moved = made.D @ X
    mean = X.mean(axis=0)
    norms = norm_before(mean, np.square(X - mean).sum(axis=0), len(X))
    zero = np.abs(X).max(axis=0) == 0

    def vanished(j: int) -> str:
        if zero[j]:
            return "zero in the rows used"
        return "constant over time: the transformation takes it out"

    kept, why = independent(np.vstack([moved, X]) if choice.system else moved, names, norms, vanished)
    omitted = tuple(Omitted(names[j], why[j]) for j in sorted(why))
    if not [j for j in kept if names[j] != CONSTANT]:
        raise nothing_left(design.terms, omitted)
    if constant:
        kept = [*kept[1:], 0]
    return tuple(names[j] for j in kept), np.ascontiguousarray(X[:, kept]), omitted


def _stacked(design: GmmDesign, choice: GmmChoice, made: Equations, X: FloatArray, matrix: InstrumentMatrix) -> Problem:
    y = design.y[made.rows]
    upper_y, upper_X = made.D @ y, made.D @ X
    if not choice.system:
        return Problem(upper_y, upper_X, matrix.transformed, made.unit, made.units)
    return Problem(
        np.concatenate([upper_y, y]),
        np.vstack([upper_X, X]),
        matrix.stacked,
        np.concatenate([made.unit, made.level_unit]),
        made.units,
    )


def _first_weight(choice: GmmChoice, made: Equations, matrix: InstrumentMatrix) -> Weight:
    """(sum Z_i'HZ_i)^-1. H of both equations is [D; I][D; I]', so that the sum is a cross-product of D'Z + Z."""
    if choice.weight not in (1, 2, 3):
        raise ValueError(f"no first-step weight {choice.weight}")
    if choice.weight == 1:
        A = _gram(matrix.transformed) + _gram(matrix.level)
    else:
        back = csr_matrix(made.D.T @ matrix.transformed)
        if choice.weight == 3 and choice.system:
            A = _gram(csr_matrix(back + matrix.level))
        else:
            A = _gram(back) + _gram(matrix.level)
    return inverse(A)


def _gram(Z: csr_matrix) -> FloatArray:
    return np.asarray((Z.T @ Z).toarray(), dtype=np.float64)


def _second(
    problem: Problem, terms: tuple[str, ...], weight: Weight, *, required: bool, df: int
) -> tuple[Step | None, list[Notice]]:
    """The second step; without need of it, a notice instead where it cannot be made."""
    if df == 0 and not required:
        return None, []
    try:
        return step(problem, terms, weight), []
    except EstimationError as failure:
        if required:
            raise
        return None, [Notice("N537", f"no Hansen test: {failure.message}")]


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
    unit: str,
    made: Equations,
) -> tuple[FloatArray, CovarianceReport]:
    k, clusters = len(last.b), ((unit, made.units),)
    if last is first:
        if covariance.kind == "iid":
            return variance * first.M, CovarianceReport("iid", 1.0, f"s2 (X'ZWZ'X)^-1, s2 = {formula}", k)
        return V1, CovarianceReport("cluster", 1.0, "1", 0, clusters)
    if covariance.kind == "iid":
        return last.M, CovarianceReport("iid", 1.0, "two-step, not corrected", k)
    return windmeijer(problem, first, last, V1), CovarianceReport("cluster", 1.0, "Windmeijer", 0, clusters)


def _tests(
    first: Step,
    second: Step | None,
    df: int,
    variance: float,
    matrix: InstrumentMatrix,
    made: Equations,
    columns: int,
    weight: Weight,
) -> tuple[dict[str, float], list[Notice]]:
    """Counts, Sargan and Hansen, and what is to be said of them."""
    found = {"instruments": float(matrix.count), "groups": float(made.units)}
    notices: list[Notice] = []
    if made.units < FEW_CLUSTERS:
        message = f"only {made.units} units: GMM standard errors and tests rest on many"
        notices.append(Notice("W501", message))
    if matrix.count >= made.units:
        message = f"{matrix.count} instruments for {made.units} units: collapse them, or use fewer lags"
        notices.append(Notice("W534", message))
    if columns < matrix.count:
        notices.append(Notice("W532", f"{matrix.count} instruments, of which {columns} are independent"))
    if df == 0:
        notices.append(Notice("N537", "exactly identified: no Sargan or Hansen test"))
        return found, notices
    if weight.rank < columns:
        message = (
            f"{made.units} units cannot weigh {columns} instruments: the second step uses a generalised inverse, and "
            "Hansen's test says nothing"
        )
        notices.append(Notice("W534", message))
    if variance > 0:
        sargan = first.objective / variance
        found |= {"sargan": sargan, "sargan_df": float(df), "sargan_p": chi2_p(sargan, df)}
    if second is None:
        return found, notices
    p = chi2_p(second.objective, df)
    found |= {"hansen": second.objective, "hansen_df": float(df), "hansen_p": p}
    if weight.rank < columns:
        return found, notices
    if p < REJECTED:
        message = f"Hansen test rejects the instruments: {second.objective:.2f} ({df}), p = {p:.3f}"
        notices.append(Notice("W535", message))
    elif p > TOO_GOOD:
        message = f"Hansen test p = {p:.3f} is too good: {matrix.count} instruments overfit"
        notices.append(Notice("W534", message))
    return found, notices


def _rows(choice: GmmChoice, made: Equations) -> int:
    return len(made.rows) if choice.system else len(made.unit)


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
    found = [Dropped("missing values or lags", len(design.y) - len(made.rows))]
    if not choice.system:
        lost = len(made.rows) - len(made.unit)
        what = "no complete row in the period before" if choice.transform == "difference" else "last of its unit"
        found.append(Dropped(what, lost))
    return tuple(d for d in found if d.rows)
