"""Variance inflation factors: how much of a regressor the others explain."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import Design, FloatArray
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError, Notice
from carbonspec.econometrics.sample import check_finite, take

TEST = "Variance inflation"


def run(design: Design) -> TestReport:
    """1/(1 - R²_j) of each regressor on the others: with a constant (default rows), and, where the design has effects,
    with these taken out of all of them.

    A regressor that the others explain exactly, or that the effects absorb, has an infinite factor and a notice.

    Raises
    ------
    EstimationError: E525 fewer than two regressors, E513 weights.
    """
    if design.weights is not None:
        raise EstimationError("E513", "this test takes no weights")
    if len(design.terms) < 2:
        raise EstimationError("E525", "variance inflation compares regressors, and the model has fewer than two")
    sample = take(design)
    check_finite(design, sample, np.append(sample.X.sum(axis=0), sample.y.sum()))
    centred = sample.X - sample.X.mean(axis=0)
    size = np.linalg.norm(centred, axis=0)
    found = [
        (
            "VIF",
            _factors(centred, size),
            "1/(1 - R²) of a regression on the others and a constant; above 10 is commonly called large",
        )
    ]
    if design.effects:
        Z = Projection(design.effects, None, "keep").demean(np.ascontiguousarray(sample.X, dtype=np.float64).copy())
        names = ", ".join(effect.groups.name for effect in design.effects)
        found.append(("VIF within", _factors(Z, size), f"the same with the effects of {names} taken out of all"))
    facts = sample.facts()
    rows = []
    for statistic, factors, how in found:
        for term, value in zip(design.terms, factors.tolist(), strict=True):
            rows.append(
                TestResult(
                    test=TEST,
                    statistic=statistic,
                    value=value,
                    p_value=None,
                    reference="none",
                    null="",
                    variable=term,
                    n=facts["n"],
                    n_units=facts["n_ids"],
                    t_min=facts["t_min"],
                    t_max=facts["t_max"],
                    default=statistic == "VIF",
                    convention=how,
                    notices=_notices(statistic, term, value),
                    details={"tolerance": 0.0 if np.isinf(value) else 1.0 / value},
                )
            )
    return TestReport(tuple(rows))


def _factors(X: FloatArray, size: FloatArray) -> FloatArray:
    """(k,) diagonal of the inverse of the correlations of X (n, k), infinite where a column is explained exactly.

    size (k,): what each column measured before anything was taken out.
    """
    left = np.linalg.norm(X, axis=0)
    gone = left <= 1e-9 * size
    scaled = X / np.where(gone, 1.0, left)
    out = np.full(X.shape[1], np.inf)
    for j in np.flatnonzero(~gone):
        others = np.delete(scaled, j, axis=1)[:, np.delete(~gone, j)]
        if not others.shape[1]:
            out[j] = 1.0
            continue
        explained = others @ np.linalg.lstsq(others, scaled[:, j], rcond=1e-12)[0]
        share = float(np.square(scaled[:, j] - explained).sum())
        out[j] = 1.0 / share if share > 1e-14 else np.inf
    return out


def _notices(statistic: str, term: str, value: float) -> tuple[Notice, ...]:
    if not np.isinf(value):
        return ()
    why = "the others explain it exactly" if statistic == "VIF" else "the effects or the others explain it exactly"
    return (Notice("N525", f"{statistic} of {term} is infinite: {why}", term),)
