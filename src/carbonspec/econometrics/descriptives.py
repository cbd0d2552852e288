"""Descriptive statistics: summary, panel decomposition, correlation, variance inflation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, Groups
from carbonspec.econometrics.grouping import group_sums
from carbonspec.econometrics.least_squares import norm_before, solve
from carbonspec.econometrics.moments import moments
from carbonspec.econometrics.results import EstimationError


@dataclass(frozen=True)
class Summary:
    """n values that are not missing, their mean, standard deviation (n - 1), minimum, median and maximum.

    What does not exist (the SD of one value, anything of none) is NaN: the table leaves the cell empty.
    """

    n: int
    mean: float
    sd: float
    minimum: float
    median: float
    maximum: float


def summarise(values: FloatArray) -> Summary:
    """Summary of a variable (n,), missing values (NaN) left out."""
    x = values[~np.isnan(values)]
    if not len(x):
        return Summary(0, *[float("nan")] * 5)
    sd = float(x.std(ddof=1)) if len(x) > 1 else float("nan")
    return Summary(len(x), float(x.mean()), sd, float(x.min()), float(np.median(x)), float(x.max()))


def summarise_by(values: FloatArray, groups: Groups) -> tuple[Summary, ...]:
    """One summary for each group of rows, in the order of the codes."""
    order = np.argsort(groups.codes, kind="stable")
    ends = np.cumsum(np.bincount(groups.codes, minlength=groups.count))
    return tuple(summarise(part) for part in np.split(values[order], ends[:-1]))


@dataclass(frozen=True)
class Decomposition:
    """Variation of a panel variable (Stata `xtsum`).

    between: SD over unit means, one row a unit (N - 1). within: SD (n - 1) of x_it - x̄_i + x̄. Each with its range.
    The between SD may exceed the overall one.
    """

    overall: Summary
    between_sd: float
    between_range: tuple[float, float]
    within_sd: float
    within_range: tuple[float, float]
    units: int


def decompose(values: FloatArray, unit: Groups) -> Decomposition:
    """Overall, between and within variation of a variable (n,); missing values are left out."""
    there = ~np.isnan(values)
    x, codes = values[there], unit.codes[there]
    overall = summarise(x)
    nan = float("nan")
    if not len(x):
        return Decomposition(overall, nan, (nan, nan), nan, (nan, nan), 0)
    rows = np.bincount(codes, minlength=unit.count)
    seen = rows > 0
    means = group_sums(codes, unit.count, x[:, None])[:, 0] / np.where(seen, rows, 1.0)
    within = x - means[codes] + x.mean()
    means = means[seen]
    return Decomposition(
        overall,
        float(means.std(ddof=1)) if len(means) > 1 else nan,
        (float(means.min()), float(means.max())),
        float(within.std(ddof=1)) if len(x) > 1 else nan,
        (float(within.min()), float(within.max())),
        len(means),
    )


@dataclass(frozen=True)
class Correlation:
    """Pearson correlations (k, k) with their two-sided p values, over the n rows without a missing value.

    Rows and columns of `constant` variables (by position) are NaN. `dropped` rows had a missing value. p takes rows as
    independent, which a panel's rows are not.
    """

    r: FloatArray
    p: FloatArray
    n: int
    dropped: int
    constant: tuple[int, ...]


def correlate(X: FloatArray) -> Correlation:
    """Correlation of the columns of X (n, k), listwise; t = r sqrt((n - 2)/(1 - r^2)) with n - 2 degrees of freedom."""
    complete = X[~np.isnan(X).any(axis=1)]
    n = len(complete)
    if n < 3:
        raise EstimationError("E502", f"{n} complete rows cannot give correlations")
    mean, gram = moments(complete)
    size = np.sqrt(gram.diagonal())
    constant = size <= 1e-9 * norm_before(mean, gram.diagonal(), n)
    constant |= size == 0
    size = np.where(constant, np.nan, size)
    r = np.clip(gram / np.outer(size, size), -1.0, 1.0)
    np.fill_diagonal(r, np.where(constant, np.nan, 1.0))
    from scipy.special import stdtr

    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt((n - 2) / (1 - r * r))
    p = np.where(np.isnan(r), np.nan, 2 * stdtr(n - 2, -t))
    np.fill_diagonal(p, np.where(constant, np.nan, 0.0))
    return Correlation(r, p, n, len(X) - n, tuple(np.flatnonzero(constant).tolist()))


@dataclass(frozen=True)
class Inflation:
    """Variance inflation factors (k,), inf for a column that the others explain; `collinear` names with which."""

    vif: FloatArray
    n: int
    dropped: int
    collinear: dict[str, str]


def inflation(X: FloatArray, terms: tuple[str, ...]) -> Inflation:
    """VIF_j = 1/(1 - R2_j), R2_j of column j on the others with a constant, listwise.

    Raises EstimationError E502 for fewer than two complete rows, E503 for a column that does not vary.
    """
    complete = X[~np.isnan(X).any(axis=1)]
    n, k = complete.shape
    if n < 2:
        raise EstimationError("E502", f"{n} complete rows cannot give variance inflation factors")
    mean, gram = moments(complete)
    norms = norm_before(mean, gram.diagonal(), n)
    flat = np.flatnonzero(np.sqrt(gram.diagonal()) <= 1e-9 * norms)
    if len(flat):
        raise EstimationError("E503", f"{terms[flat[0]]} does not vary in these rows")
    Z = complete - mean
    vif = np.ones(k)
    collinear: dict[str, str] = {}
    for j in range(k if k > 1 else 0):
        others = [i for i in range(k) if i != j]
        names = tuple(terms[i] for i in others)
        order = [*others, j]
        found = solve(np.ascontiguousarray(Z[:, order]), gram[np.ix_(order, order)], None, names, norms[others], str)
        if np.sqrt(found.rss) <= 1e-9 * np.sqrt(gram[j, j]):
            share = np.abs(found.b) * norms[[others[i] for i in found.kept]] > 1e-6 * norms[j]
            collinear[terms[j]] = ", ".join(names[i] for i, large in zip(found.kept, share, strict=True) if large)
            vif[j] = np.inf
        else:
            vif[j] = gram[j, j] / found.rss
    return Inflation(vif, n, len(X) - n, collinear)
