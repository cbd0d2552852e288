"""Weights of indicators: entropy (Shannon 1948), CRITIC (Diakoulaki et al. 1995), declared, principal components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.indicators import Indicator
from carbonspec.econometrics.measures.problems import MeasureError, chosen, listed
from carbonspec.econometrics.results import Notice

SUM = 1e-6
"""Declared weights that sum to 1 within this are taken as they are."""
ROUNDING = 1e-13
CUMULATIVE = 0.85
"""Share of the variance that components reach with `components="share"`."""


@dataclass(frozen=True)
class Entropy:
    """e (m,), redundancy d = 1 - e (m,) and weights d / sum d (m,)."""

    e: FloatArray
    d: FloatArray
    weights: FloatArray


def entropy(z: FloatArray, shift: float = 0.0) -> Entropy:
    """Entropy weights of z (n, m), 0..1, n > 1, no column all 0.

    p = z / sum z; e = -sum p ln p / ln n with 0 ln 0 = 0; `shift` is added to every z before. A column that differs by
    rounding only (a group's score may) has d = 0.

    Raises MeasureError E832 where that is so of all columns.
    """
    shifted = z + shift
    p = shifted / shifted.sum(axis=0)
    logs = np.log(p, out=np.zeros_like(p), where=p > 0)
    e = -(p * logs).sum(axis=0) / np.log(len(z))
    d = np.where(1.0 - e < ROUNDING, 0.0, 1.0 - e)
    if not d.any():
        why = f"; a shift of {shift:g} hides their differences" if shift else ""
        raise MeasureError("E832", f"no column differs enough between rows for a weight by entropy{why}")
    return Entropy(e, d, d / d.sum())


def critic(z: FloatArray) -> FloatArray:
    """CRITIC weights (m,) of z (n, m): C_j = sd_j sum_k (1 - r_jk), w = C / sum C.

    Raises MeasureError E832 where all columns that vary are perfectly correlated, so that none conflicts with another.
    """
    if z.shape[1] == 1:
        return np.ones(1)
    sd = z.std(axis=0)
    varies = sd > ROUNDING * np.abs(z).max(axis=0)  # a group's score may be constant
    centred = np.where(varies, z - z.mean(axis=0), 0.0) / np.where(varies, sd, 1.0)
    r = centred.T @ centred / len(z)
    conflict = np.where(varies, (1.0 - r)[varies].sum(axis=0), 0.0)
    information = sd * np.where(np.abs(conflict) < 1e-12, 0.0, conflict)
    if information.sum() <= 0:
        raise MeasureError("E832", "all indicators are perfectly correlated, so CRITIC gives each of them weight 0")
    return np.asarray(information / information.sum())


def declared(indicators: Sequence[Indicator], kept: Sequence[bool]) -> tuple[FloatArray, tuple[Notice, ...]]:
    """The declared weights (m,), over their sum where it is not 1 (reported); 0 for indicators that are not kept.

    Raises MeasureError E833 where one is missing or negative, or their sum is 0.
    """
    lacking = [indicator.name for indicator in indicators if indicator.weight is None]
    if lacking:
        raise MeasureError("E833", f"no weight is declared for {listed(lacking)}", {"subject": lacking[0]})
    weights = np.array([indicator.weight for indicator in indicators], dtype=np.float64)
    wrong = [name.name for name, weight in zip(indicators, weights.tolist(), strict=True) if not 0 <= weight < np.inf]
    if wrong:
        raise MeasureError("E833", f"a declared weight is a number from 0 up; that of {listed(wrong)} is not")
    total = float(weights.sum())
    used = np.where(kept, weights, 0.0)
    if used.sum() <= 0:
        raise MeasureError("E833", "the declared weights add up to 0")
    notices: tuple[Notice, ...] = ()
    if abs(total - 1) > SUM:
        notices = (Notice("N845", f"the declared weights add up to {total:.6g} and are divided by it"),)
        used = used / total
    if abs(used.sum() - 1) > SUM:  # a constant indicator lost its weight
        used = used / used.sum()
    return used, notices


@dataclass(frozen=True)
class Components:
    """Principal components of the correlation matrix: all `eigenvalues` (m,), falling; `loadings` (m, q) of those kept.

    An index is sum_k lambda_k / (sum of the kept lambda) PC_k, so `coefficients` (m,) times the scores
    (z - mean) / sd. They need not add up to 1, and may be negative.
    """

    eigenvalues: FloatArray
    loadings: FloatArray
    coefficients: FloatArray
    mean: FloatArray
    sd: FloatArray


def principal_components(z: FloatArray, keep: str = "kaiser") -> Components:
    """Components of z (n, m), where more is better in every column; no column is constant.

    `keep="kaiser"` keeps eigenvalues above 1, "share" as many as reach 85 per cent of the variance; at least one.
    The sign of each component makes its loadings add up to something positive.
    """
    chosen(keep, ("kaiser", "share"), "which components are kept")
    mean, sd = z.mean(axis=0), z.std(axis=0, ddof=1)
    scores = (z - mean) / sd
    values, vectors = np.linalg.eigh(scores.T @ scores / (len(scores) - 1))
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    if keep == "kaiser":
        count = int(np.count_nonzero(values > 1 + 1e-9))
    else:
        count = int(np.searchsorted(np.cumsum(values) / values.sum(), CUMULATIVE - 1e-12)) + 1
    count = max(1, count)
    sums = vectors.sum(axis=0)
    largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(len(values))]
    sign = np.where(np.where(np.abs(sums) > 1e-9, sums, largest) < 0, -1.0, 1.0)
    loadings = (vectors * sign)[:, :count]
    coefficients = loadings @ (values[:count] / values[:count].sum())
    return Components(values, loadings, coefficients, mean, sd)
