"""The functions of the language: of one value, and of the rows of a group. All vectorised; NaN is missing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.quantiles import group_quantiles

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ValueFunction = Callable[[FloatArray], FloatArray]
GroupFunction = Callable[[FloatArray, IntArray, int], FloatArray]


def log(x: FloatArray) -> FloatArray:
    """Natural logarithm; NaN where x <= 0 (the caller decides whether that is an error)."""
    return np.log(x, out=np.full(x.shape, np.nan), where=x > 0)


def log1p(x: FloatArray) -> FloatArray:
    """ln(1 + x); NaN where x <= -1."""
    return np.log1p(x, out=np.full(x.shape, np.nan), where=x > -1)


def sqrt(x: FloatArray) -> FloatArray:
    """Square root; NaN where x < 0."""
    return np.sqrt(x, out=np.full(x.shape, np.nan), where=x >= 0)


def exp(x: FloatArray) -> FloatArray:
    """e^x; infinity where it overflows."""
    with np.errstate(over="ignore"):
        return np.exp(x)


def half_up(x: FloatArray) -> FloatArray:
    """The nearest whole number, halves away from zero (as Stata's `round`, not R's to the even one)."""
    return np.copysign(np.floor(np.abs(x) + 0.5), x)


def identity(x: FloatArray) -> FloatArray:
    """`I(x)`: arithmetic inside a formula."""
    return x


def missing(x: FloatArray) -> FloatArray:
    """1 where x is missing, else 0."""
    return np.isnan(x).astype(np.float64)


DOMAINS: dict[str, tuple[str, Callable[[FloatArray], BoolArray]]] = {
    "log": ("values <= 0", lambda x: x <= 0),
    "log1p": ("values <= -1", lambda x: x <= -1),
    "sqrt": ("negative values", lambda x: x < 0),
}
"""What a function cannot take: how to say it, and which values those are."""

VALUE_FUNCTIONS: dict[str, ValueFunction] = {
    "log": log,
    "log1p": log1p,
    "exp": exp,
    "sqrt": sqrt,
    "abs": np.abs,
    "asinh": np.arcsinh,
    "round": half_up,
    "I": identity,
    "missing": missing,
}


# --- functions of several rows ------------------------------------------------------------------------
# (x, codes, count) → (count,): one value for each group 0..count-1. Rows with code -1 belong to no group. Missing
# values are skipped; a group without a single value gives NaN, save that its count is 0.


def group_count(x: FloatArray, codes: IntArray, count: int) -> FloatArray:
    """Number of values."""
    _, groups = _used(x, codes)
    return np.bincount(groups, minlength=count).astype(np.float64)


def group_sum(x: FloatArray, codes: IntArray, count: int) -> FloatArray:
    """Sum."""
    values, groups = _used(x, codes)
    n = np.bincount(groups, minlength=count)
    return np.where(n > 0, np.bincount(groups, values, minlength=count), np.nan)


def group_mean(x: FloatArray, codes: IntArray, count: int) -> FloatArray:
    """Arithmetic mean, in two passes so that large levels lose no digits."""
    values, groups = _used(x, codes)
    n = np.bincount(groups, minlength=count)
    size = np.where(n > 0, n, 1)
    first = np.bincount(groups, values, minlength=count) / size
    rest = np.bincount(groups, values - first[groups], minlength=count) / size
    return np.where(n > 0, first + rest, np.nan)


def group_sd(x: FloatArray, codes: IntArray, count: int) -> FloatArray:
    """Standard deviation with divisor n - 1; NaN for fewer than two values."""
    values, groups = _used(x, codes)
    n = np.bincount(groups, minlength=count)
    centre = group_mean(x, codes, count)
    square = np.bincount(groups, (values - centre[groups]) ** 2, minlength=count)
    return np.where(n > 1, np.sqrt(square / np.where(n > 1, n - 1, 1)), np.nan)


def group_median(x: FloatArray, codes: IntArray, count: int) -> FloatArray:
    """Median; of an even number of values the mean of the two in the middle."""
    (found,) = group_quantiles(x, codes, count, (0.5,))
    return np.asarray(found)


def group_min(x: FloatArray, codes: IntArray, count: int) -> FloatArray:
    """Smallest value."""
    values, groups = _used(x, codes)
    result = np.full(count, np.inf)
    np.minimum.at(result, groups, values)
    return np.where(np.isinf(result), np.nan, result)


def group_max(x: FloatArray, codes: IntArray, count: int) -> FloatArray:
    """Largest value."""
    return -group_min(-x, codes, count)


def group_first(x: FloatArray, codes: IntArray, count: int) -> FloatArray:
    """First value in row order (rows are sorted by unit and time)."""
    values, groups = _used(x, codes)
    result = np.full(count, np.nan)
    result[groups[::-1]] = values[::-1]
    return result


def group_last(x: FloatArray, codes: IntArray, count: int) -> FloatArray:
    """Last value in row order."""
    values, groups = _used(x, codes)
    result = np.full(count, np.nan)
    result[groups] = values
    return result


def _used(x: FloatArray, codes: IntArray) -> tuple[FloatArray, IntArray]:
    used = (codes >= 0) & ~np.isnan(x)
    return (x, codes) if used.all() else (x[used], codes[used])


GROUP_FUNCTIONS: dict[str, GroupFunction] = {
    "sum": group_sum,
    "mean": group_mean,
    "median": group_median,
    "min": group_min,
    "max": group_max,
    "sd": group_sd,
    "first": group_first,
    "last": group_last,
    "count": group_count,
}


# --- functions of a value and of the sample -----------------------------------------------------------


def center(x: FloatArray, sample: BoolArray) -> FloatArray:
    """x minus its mean over the sample."""
    return x - _pooled(group_mean, x, sample)


def scale(x: FloatArray, sample: BoolArray) -> FloatArray:
    """x less its mean, over its standard deviation (n - 1), both of the sample: R's `scale`. Not finite at SD 0."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return center(x, sample) / _pooled(group_sd, x, sample)


def _pooled(statistic: GroupFunction, x: FloatArray, sample: BoolArray) -> float:
    return float(statistic(x, np.where(sample, 0, -1).astype(np.int64), 1)[0])


SAMPLE_FUNCTIONS: dict[str, Callable[[FloatArray, BoolArray], FloatArray]] = {"center": center, "scale": scale}

TIME_OPERATORS = ("L", "F", "D", "S")
"""`econometrics.clock` moves rows in time."""

FUNCTIONS: dict[str, Callable[..., FloatArray]] = {**VALUE_FUNCTIONS, **GROUP_FUNCTIONS, **SAMPLE_FUNCTIONS}
"""Every function by its name in the language."""
