"""The statistics of weak instruments of one regression, and what to tell the user about them."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.covariance import Regression, covariance
from carbonspec.econometrics.design import CovarianceChoice, FloatArray
from carbonspec.econometrics.instruments.partialled import Partialled
from carbonspec.econometrics.instruments.weak import (
    cragg_donald,
    effective_f,
    effective_f_critical,
    kleibergen_paap,
    stock_yogo,
)
from carbonspec.econometrics.results import Fit, Notice

RULE = 10.0
"""Staiger and Stock's (1997) rule of thumb, for want of a table."""


def strength(
    problem: Partialled, first: tuple[Fit, ...], choice: CovarianceChoice
) -> tuple[dict[str, float], tuple[Notice, ...]]:
    """first_f and effective_f (one endogenous regressor), cragg_donald, kleibergen_paap, stock_yogo, as far as they
    exist, and the reasons for those that do not."""
    X, Z = without_exogenous(problem)
    found: dict[str, float] = {}
    k, many = X.shape[1], Z.shape[1]
    used = len(first[0].estimates) - int(problem.design.constant)
    df = len(X) - problem.parameters - used
    wald_f = cragg_donald(X, Z / np.sqrt(np.square(Z).sum(axis=0)), df)
    if wald_f is None:
        what = "wholly" if k == 1 else "wholly, or a combination of the endogenous regressors"
        return {}, (Notice("N537", f"no first-stage statistics: the instruments explain {first[0].outcome} {what}"),)
    found["cragg_donald"] = wald_f
    table = stock_yogo(k, many)
    if table is not None:
        found["stock_yogo"] = table
    if k == 1:
        found |= _single(problem, first[0], Z)
        if "first_f" in found:
            found["kleibergen_paap"] = found["first_f"]
            return found, ()
    elif choice.kind == "iid":
        found["kleibergen_paap"] = wald_f
        return found, ()
    else:
        # The statistic does not depend on units: taking them away keeps its roots accurate.
        X, Z = X / np.sqrt(np.square(X).sum(axis=0)), np.linalg.qr(Z / np.sqrt(np.square(Z).sum(axis=0)))[0]
        statistic = kleibergen_paap(X, Z, _avar(problem, X, Z, choice))
        if statistic is not None:
            found["kleibergen_paap"] = statistic / (first[0].covariance.factor * many)
            return found, ()
    reason = f"the covariance of {many * k} first-stage coefficients has lower rank"
    return found, (Notice("N537", f"no Kleibergen-Paap statistic: {reason}"),)


def without_exogenous(problem: Partialled) -> tuple[FloatArray, FloatArray]:
    """Endogenous regressors (n, K1) and excluded instruments (n, L) without the exogenous ones, times root weights."""
    root = problem.root
    A = np.column_stack([problem.X[:, problem.endogenous], problem.Z]) * root
    W = problem.X[:, ~problem.endogenous] * root
    if W.shape[1]:
        basis = np.linalg.qr(W / np.sqrt(np.square(W).sum(axis=0)))[0]
        A = A - basis @ (basis.T @ A)
    k = int(problem.endogenous.sum())
    return np.ascontiguousarray(A[:, :k]), np.ascontiguousarray(A[:, k:])


def _single(problem: Partialled, first: Fit, Z: FloatArray) -> dict[str, float]:
    at = [first.terms.index(name) for name in problem.instruments]
    V, pi, ZZ = first.vcov[np.ix_(at, at)], first.estimates[at], Z.T @ Z
    found = {"effective_f": effective_f(pi, V, ZZ), "effective_f_critical": effective_f_critical(V, ZZ)}
    if "f_excluded" in first.statistics:
        found |= {
            "first_f": first.statistics["f_excluded"],
            "first_f_df1": first.statistics["f_excluded_df1"],
            "first_f_df2": first.statistics["f_excluded_df2"],
            "first_f_p": first.statistics["f_excluded_p"],
        }
    return found


def _avar(problem: Partialled, X: FloatArray, Z: FloatArray, choice: CovarianceChoice) -> FloatArray:
    """(L K1, L K1) covariance of the first-stage coefficients, one regressor's below the other's, without factor."""
    V = X - Z @ np.linalg.lstsq(Z, X, rcond=None)[0]
    scores = np.column_stack([Z * V[:, [j]] for j in range(X.shape[1])])
    bread = np.kron(np.eye(X.shape[1]), np.linalg.inv(Z.T @ Z))
    return bread @ scores_covariance(problem, scores, choice) @ bread


def scores_covariance(problem: Partialled, scores: FloatArray, choice: CovarianceChoice) -> FloatArray:
    """(q, q) covariance of the sums of scores (n, q), by clusters or lags as chosen, without small-sample factor."""
    kind = "hc0" if choice.kind in ("iid", "hc0", "hc1") else choice.kind
    return covariance(
        CovarianceChoice(kind, choice.lags, "hc0"),
        Regression(
            X=scores,
            residuals=np.ones(len(scores)),
            bread=np.eye(scores.shape[1]),
            constant=False,
            weights=None,
            unit=problem.sample.unit,
            period=problem.sample.period,
            clusters=problem.sample.clusters,
            k_total=0,
            k_outside=lambda _: 0,
            leverage=lambda: None,
            rss=0.0,
        ),
    ).matrix


def judged(endogenous: tuple[str, ...], found: dict[str, float], choice: CovarianceChoice) -> tuple[Notice, ...]:
    """A warning when the instruments are weak by the measure that fits the errors."""
    names = ", ".join(endogenous)
    if "effective_f" in found:
        value, limit = found["effective_f"], found["effective_f_critical"]
        if value < limit:
            message = f"weak instruments for {names}: effective F {value:.2f} below {limit:.2f} (bias 10 %, level 5 %)"
            return (Notice("W531", message, names),)
        return ()
    name = "cragg_donald" if choice.kind == "iid" or "kleibergen_paap" not in found else "kleibergen_paap"
    if name not in found:
        return ()
    limit, source = found.get("stock_yogo", RULE), "Stock and Yogo's value, made for iid errors"
    if "stock_yogo" not in found:
        source = "the rule of thumb"
    if found[name] >= limit:
        return ()
    label = "Cragg-Donald" if name == "cragg_donald" else "Kleibergen-Paap"
    message = f"weak instruments for {names}: {label} F {found[name]:.2f} below {limit:.2f} ({source})"
    return (Notice("W531", message, names),)
