"""Fixed or random effects: Hausman (1978), and Mundlak's (1978) regression, which can be clustered."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.design import CovarianceChoice, Design, Effect, FloatArray
from carbonspec.econometrics.estimators import fixed_effects, random_effects
from carbonspec.econometrics.grouping import group_mass, group_sums
from carbonspec.econometrics.hypothesis_tests.distributions import chi2_right, f_right
from carbonspec.econometrics.hypothesis_tests.regressions import dummies_beside_unit, least_squares
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.results import EstimationError, Fit, Notice

NULL = "unit effects are uncorrelated with the regressors (random effects is consistent)"
SCALES = {
    "each": "each covariance with its own residual variance (Stata's default, plm)",
    "random": "both covariances with the residual variance of random effects (Stata sigmamore)",
    "fixed": "both covariances with the residual variance of fixed effects (Stata sigmaless)",
}

FEW = 40
"""Below this many clusters, clustered covariances are too small on average."""


def run(design: Design, *, scale: str = "each", form: str = "quasi", correction: str = "hc0") -> TestReport:
    """Classic Hausman statistic (default row), the same with one residual variance, and Mundlak's Wald tests that the
    unit means of the regressors do not matter.

    Where effects and regressors are correlated, random effects has the larger residual variance, and the classic form
    often has no distribution: then the row with one variance, or Mundlak's, decides.

    Effects of the design other than the unit's enter both models as dummies and are not compared; nor are regressors
    without variation within or between units.

    Parameters
    ----------
    scale: "each", "random" or "fixed": whose residual variance the two covariances of the classic form have.
    form: "quasi" adds the means to the quasi-demeaned regression (plm `phtest(method = "aux")`), "pooled" to pooled
        OLS (as a Mundlak regression with clustered errors).
    correction: "hc0" leaves the clustered covariance without a factor (plm `vcovHC`), "nested" has G/(G-1)·(n-1)/(n-K).

    Raises
    ------
    EstimationError: E525 no regressor to compare, E523 an option that does not exist; and those of the estimators.
    """
    if scale not in SCALES or form not in ("quasi", "pooled") or correction not in ("hc0", "nested"):
        raise EstimationError("E523", f"no Hausman test with scale {scale}, form {form}, correction {correction}")
    wide = _with_dummies(design)
    fixed = fixed_effects.fit(wide, CovarianceChoice("iid"))
    random = random_effects.fit(wide, CovarianceChoice("iid"))
    means = _unit_means(design)
    apart = _varying(means, design)
    compared = tuple(t for t in design.terms if t in fixed.terms and t in random.terms and t in apart)
    if not compared:
        raise EstimationError("E525", "no regressor varies both within and between units: nothing to compare")
    rows = [_classic(fixed, random, compared, scale)]
    if scale == "each":
        rows.append(replace(_classic(fixed, random, compared, "random"), statistic="H, one variance", default=False))
    chosen = [design.terms.index(t) for t in compared]
    rows += _mundlak(wide, random, means[:, chosen], compared, form, correction)
    facts = fixed
    left = tuple(t for t in design.terms if t not in compared)
    told = (Notice("N525", f"Hausman: not compared, without variation within or between units: {', '.join(left)}"),)
    return TestReport(
        tuple(
            replace(
                row,
                variable=design.outcome,
                n=facts.n,
                n_units=facts.n_ids,
                t_min=facts.t_min,
                t_max=facts.t_max,
                notices=row.notices + (told if left else ()),
            )
            for row in rows
        )
    )


def _with_dummies(design: Design) -> Design:
    """The design with the unit as its only effect; dummies (but one) of the other dimensions among the regressors."""
    dummies, names = dummies_beside_unit(design, "random effects")
    return replace(
        design,
        X=np.hstack([design.X, dummies]),
        terms=(*design.terms, *names),
        effects=(Effect(design.unit),),
        clusters=(design.unit,),
        singletons="keep",
    )


def _unit_means(design: Design) -> FloatArray:
    """(N, k) means of the regressors by unit."""
    unit = design.unit
    return group_sums(unit.codes, unit.count, design.X) / np.maximum(group_mass(unit), 1.0)[:, None]


def _varying(means: FloatArray, design: Design) -> set[str]:
    """Terms whose unit means differ between units."""
    seen = means[design.unit.sizes > 0]
    spread = np.ptp(seen, axis=0)
    size = np.abs(design.X).max(axis=0)
    return {term for term, s, m in zip(design.terms, spread, size, strict=True) if s > 1e-9 * m}


def _classic(fixed: Fit, random: Fit, compared: tuple[str, ...], scale: str) -> TestResult:
    f = [fixed.terms.index(t) for t in compared]
    r = [random.terms.index(t) for t in compared]
    difference = fixed.estimates[f] - random.estimates[r]
    V_f, V_r = fixed.vcov[np.ix_(f, f)], random.vcov[np.ix_(r, r)]
    ratio = (random.statistics["sigma"] / fixed.statistics["sigma"]) ** 2
    if scale == "random":
        V_f = V_f * ratio
    elif scale == "fixed":
        V_r = V_r / ratio
    size = np.sqrt(V_f.diagonal())
    values, vectors = np.linalg.eigh((V_f - V_r) / np.outer(size, size))
    real = np.abs(values) > 1e-10
    along = vectors[:, real].T @ (difference / size)
    value = float((np.square(along) / values[real]).sum())
    rank = int(np.count_nonzero(real))
    notices: tuple[Notice, ...] = ()
    p_value: float | None = None
    if not rank:
        message = "fixed and random effects have the same covariance, so that their difference has none"
        notices = (Notice("W528", f"Hausman: {message}; see the forms beside it"),)
    elif (values[real] < 0).any():
        sign = "the statistic is negative, and " if value < 0 else ""
        message = f"{sign}the difference of the covariances is not positive definite: no p value"
        notices = (Notice("W528", f"Hausman: {message}; see the forms beside it"),)
    else:
        p_value = chi2_right(value, rank)
    if rank < len(compared) and rank:
        message = f"the difference of the covariances has rank {rank} for {len(compared)} coefficients"
        notices += (Notice("N525", f"Hausman: {message}"),)
    return TestResult(
        test="Hausman",
        statistic="H",
        value=value,
        p_value=p_value,
        reference="chi2",
        null=NULL,
        alternative="only fixed effects is consistent",
        df=(float(rank),),
        convention=SCALES[scale],
        details={f"difference of {t}": float(d) for t, d in zip(compared, difference, strict=True)},
        notices=notices,
    )


@dataclass(frozen=True)
class _Wald:
    value: float
    df: int


def _mundlak(
    wide: Design, random: Fit, means: FloatArray, compared: tuple[str, ...], form: str, correction: str
) -> list[TestResult]:
    """Wald tests of the coefficients of the means, with iid and with clustered covariance."""
    codes, T = wide.unit.codes, group_mass(wide.unit)
    theta = np.zeros(len(T))
    if form == "quasi":
        u, e = random.statistics["sigma_u"] ** 2, random.statistics["sigma_e"] ** 2
        theta = 1.0 - np.sqrt(e / np.maximum(T * u + e, np.finfo(np.float64).tiny))
    share = theta[codes][:, None]
    Z = np.column_stack([wide.X, wide.y])
    averages = (group_sums(codes, wide.unit.count, Z) / np.maximum(T, 1.0)[:, None])[codes]
    quasi = Z - share * averages
    added = (1 - share) * means[codes]
    terms = ("Constant", *wide.terms, *(f"mean of {t}" for t in compared))
    found = least_squares(np.column_stack([1 - share, quasi[:, :-1], added, quasi[:, -1]]), terms)
    first = len(wide.terms) + 1
    at = [i for i, j in enumerate(found.kept) if j >= first]
    if not at:
        return []
    columns = np.column_stack([1 - share, quasi[:, :-1], added])[:, list(found.kept)]
    n, K, G = len(columns), len(found.b), int(np.count_nonzero(T))
    scores = group_sums(codes, wide.unit.count, columns * found.residuals[:, None])
    clustered = found.bread @ (scores.T @ scores) @ found.bread
    formula = "no factor"
    if correction == "nested" and G > 1:
        clustered = clustered * (G / (G - 1) * (n - 1) / (n - K))
        formula = f"G/(G-1)*(n-1)/(n-K), G = {G}, K = {K}"
    where = "quasi-demeaned (random effects) regression" if form == "quasi" else "pooled regression"
    rows = []
    for name, V, how in (
        ("Wald, iid", found.bread * (found.rss / (n - K)), "iid covariance"),
        ("Wald, clustered", clustered, f"clustered by {wide.unit.name}, {formula}"),
    ):
        wald = _wald(found.b[at], V[np.ix_(at, at)])
        row = TestResult(
            test="Hausman (Mundlak)",
            statistic=name,
            value=wald.value,
            p_value=chi2_right(wald.value, wald.df),
            reference="chi2",
            null=NULL,
            alternative="unit means of the regressors matter",
            df=(float(wald.df),),
            default=False,
            convention=f"unit means added to the {where}; {how}",
        )
        rows.append(row if name == "Wald, iid" else _with_few_clusters(row, wald, G, len(at)))
    return rows


def _with_few_clusters(row: TestResult, wald: _Wald, G: int, means: int) -> TestResult:
    """The clustered row with the p value of F(q, G - 1) beside it, and a notice where clusters are few."""
    notices: tuple[Notice, ...] = ()
    details: dict[str, float] = {}
    if wald.df < means:
        message = f"the clustered covariance has rank {wald.df} for {means} means"
        notices += (Notice("N525", f"Hausman (Mundlak): {message}"),)
    if G > 1:
        details = {"p by F(q, G-1)": f_right(wald.value / wald.df, wald.df, G - 1)}
    if G < FEW:
        message = f"with {G} clusters the chi-square form rejects too often; F with {G - 1} degrees of freedom less so"
        notices += (Notice("W525", f"Hausman (Mundlak): {message}"),)
    return replace(row, notices=notices, details=details)


def _wald(b: FloatArray, V: FloatArray) -> _Wald:
    """b'V^-1 b over the directions in which V is not zero, and how many they are."""
    size = np.sqrt(V.diagonal())
    values, vectors = np.linalg.eigh(V / np.outer(size, size))
    real = values > 1e-10 * values[-1]
    along = vectors[:, real].T @ (b / size)
    return _Wald(float((np.square(along) / values[real]).sum()), int(np.count_nonzero(real)))
