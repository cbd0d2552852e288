"""Wald tests on the coefficients of one regression: several at once, and functions of them by the delta method."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.hypothesis_tests.distributions import (
    chi2_right,
    f_right,
    normal_two_sided,
    t_two_sided,
)
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.results import EstimationError, Fit, Notice

DEPENDENT = 1e-10
"""Directions in which the covariance is below this share of its largest are taken as none."""

SHOWN = 8
"""More coefficients than this are named by the first and the last."""


def joint(fit: Fit, values: FloatArray, jacobian: FloatArray, names: tuple[str, ...]) -> TestReport:
    """That `values` (q,), functions of a fit's coefficients with derivatives (q, k), are all zero.

    F(r, df) with the fit's degrees of freedom (default row), r the rank of the covariance, and chi2(r); a fit with a
    normal reference has the chi2 alone.

    Raises
    ------
    EstimationError: E527 values that do not exist or do not vary.
    """
    V = _covariance(values, jacobian, fit, names)
    size = np.sqrt(V.diagonal())
    if not (size > 0).any():
        raise EstimationError("E527", f"{', '.join(names)} has no variance: it depends on no coefficient")
    scale = np.where(size > 0, size, 1.0)
    roots, vectors = np.linalg.eigh(V / np.outer(scale, scale))
    real = roots > DEPENDENT * roots[-1]
    rank = int(np.count_nonzero(real))
    along = vectors[:, real].T @ (values / scale)
    wald = float((np.square(along) / roots[real]).sum())
    notices: tuple[Notice, ...] = ()
    if rank < len(values):
        told = f"{len(values)} restrictions have a covariance of rank {rank}"
        if fit.covariance.clusters:
            told += f" ({min(count for _, count in fit.covariance.clusters)} clusters)"
        notices = (Notice("N525", f"Wald test: {told}; the test has {rank} degrees of freedom"),)
    shown = names if len(names) <= SHOWN else (*names[:3], "…", names[-1])
    null = f"{', '.join(shown)} {'is' if len(names) == 1 else 'are all'} zero"
    notices += _not_drawn(fit)
    base = {
        "test": "Wald",
        "null": null,
        "alternative": "at least one is not" if len(names) > 1 else "it is not",
        "notices": notices,
        "convention": _errors(fit),
    }
    rows = []
    if fit.reference == "t" and math.isfinite(fit.df_reference):
        value = wald / rank
        rows.append(
            _row(fit, base, "F", value, f_right(value, rank, fit.df_reference), "F", (float(rank), fit.df_reference))
        )
    rows.append(_row(fit, base, "chi2", wald, chi2_right(wald, rank), "chi2", (float(rank),), default=not rows))
    return TestReport(tuple(rows))


def delta(fit: Fit, value: float, gradient: FloatArray, name: str, level: float = 0.05) -> TestReport:
    """That one function of a fit's coefficients, with derivatives (k,), is zero, by the delta method.

    `details` have estimate, standard error and the interval with coverage 1 - level.

    Raises
    ------
    EstimationError: E527 a value that does not exist or does not vary.
    """
    from scipy.special import ndtri, stdtrit

    V = _covariance(np.array([value]), gradient[None, :], fit, (name,))
    se = float(np.sqrt(V[0, 0]))
    if not se > 0:
        raise EstimationError("E527", f"{name} has no variance: it depends on no coefficient")
    ratio = value / se
    student = fit.reference == "t" and math.isfinite(fit.df_reference)
    margin = se * float(stdtrit(fit.df_reference, 1 - level / 2) if student else ndtri(1 - level / 2))
    base = {
        "test": "Delta method",
        "null": f"{name} is zero",
        "alternative": "it is not",
        "convention": f"standard error from the derivatives at the estimates; {_errors(fit)}",
        "notices": _not_drawn(fit),
        "details": {"estimate": value, "standard error": se, "low": value - margin, "high": value + margin},
        "tail": "two-sided",
    }
    p = t_two_sided(ratio, fit.df_reference) if student else normal_two_sided(ratio)
    df = (float(fit.df_reference),) if student else ()
    return TestReport((_row(fit, base, "t" if student else "z", ratio, p, "t" if student else "normal", df),))


def _covariance(values: FloatArray, jacobian: FloatArray, fit: Fit, names: tuple[str, ...]) -> FloatArray:
    for name, value, slope in zip(names, values, jacobian, strict=True):
        if not (np.isfinite(value) and np.isfinite(slope).all()):
            raise EstimationError("E527", f"{name} does not exist at the estimates")
    V = jacobian @ fit.vcov @ jacobian.T
    if not np.isfinite(V).all():
        raise EstimationError("E527", f"the covariance of {', '.join(names)} does not exist")
    return np.asarray(V)


def _not_drawn(fit: Fit) -> tuple[Notice, ...]:
    """That the draws of a column say nothing of a test of several coefficients."""
    if fit.resampled is None or (fit.resampled.kind == "bootstrap" and fit.resampled.method == "normal"):
        return ()
    drawn = "wild bootstrap" if fit.resampled.kind == "wild" else f"{fit.resampled.method} bootstrap"
    return (Notice("N525", f"the column's {drawn} is of single coefficients; this test has its covariance"),)


def _errors(fit: Fit) -> str:
    kind = fit.covariance
    by = f" by {', '.join(name for name, _ in kind.clusters)}" if kind.clusters else ""
    name = "clustered" if kind.kind == "cluster" else kind.kind.replace("_", "-")
    return f"covariance of the column, {name}{by}"


def _row(
    fit: Fit,
    base: Mapping[str, object],
    statistic: str,
    value: float,
    p: float,
    reference: str,
    df: tuple[float, ...],
    default: bool = True,
) -> TestResult:
    return TestResult(
        statistic=statistic,
        value=value,
        p_value=p,
        reference=reference,
        df=df,
        n=fit.n,
        n_units=fit.n_ids,
        t_min=fit.t_min,
        t_max=fit.t_max,
        default=default,
        **base,  # type: ignore[arg-type]
    )
