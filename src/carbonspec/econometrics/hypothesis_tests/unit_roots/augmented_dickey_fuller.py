"""Augmented Dickey-Fuller regressions of all units at once.

Δy_t on y_t-1, Δy_t-1 .. Δy_t-p and a deterministic part. Every number comes from one batched QR decomposition with the
columns in the order deterministic part, lags, y_t-1, Δy_t.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, Groups, IntArray
from carbonspec.econometrics.hypothesis_tests.results import Excluded
from carbonspec.econometrics.hypothesis_tests.unit_series import BoolArray, UnitSeries, collect, deficient, triangles
from carbonspec.econometrics.results import EstimationError

DETERMINISTIC = {"none": 0, "const": 1, "trend": 2}
CRITERIA = ("aic", "bic", "hqic")
SPARE = 2
"""A regression needs this many rows more than coefficients."""


@dataclass(frozen=True)
class Lags:
    """How many lagged changes: a number, or by a criterion (aic, bic, hqic) from 0 to `most`."""

    rule: int | str = 1
    most: int = 0

    @property
    def longest(self) -> int:
        return self.rule if isinstance(self.rule, int) else self.most

    def __str__(self) -> str:
        return "fixed" if isinstance(self.rule, int) else f"{self.rule}, at most {self.most}"


ONE_LAG = Lags(1)


@dataclass(frozen=True)
class Regressions:
    """One regression a unit; arrays are (N,) in the order of `series.units`.

    t of y_t-1 with the residual variance corrected for degrees of freedom, rho its coefficient, ssr, rows, lags.
    `vv` and `ve` are Σv² and Σve of y_t-1 and Δy_t less what the other columns explain (v, e).
    """

    series: UnitSeries
    deterministic: str
    lags: IntArray
    rows: IntArray
    t: FloatArray
    rho: FloatArray
    ssr: FloatArray
    vv: FloatArray
    ve: FloatArray


def prepare(
    values: FloatArray,
    unit: Groups,
    period: Groups,
    variable: str,
    lags: Lags,
    deterministic: str,
    demean: bool,
    extra: int = 0,
) -> UnitSeries:
    """The series that can be tested: no gaps, not constant, and T - p - 1 at least two more than the coefficients.

    `extra` are coefficients beside the deterministic part, y_t-1 and the lags.

    Raises
    ------
    EstimationError: E520 no unit is left, E523 an option that does not exist, E524 infinite values.
    """
    check(lags, deterministic)
    return collect(values, unit, period, variable, shortest=shortest(lags.longest, deterministic, extra), demean=demean)


def shortest(lags: int, deterministic: str, extra: int = 0) -> int:
    """The periods that a unit needs."""
    coefficients = DETERMINISTIC[deterministic] + 1 + lags + extra
    return lags + 1 + coefficients + SPARE


def check(lags: Lags, deterministic: str, allowed: tuple[str, ...] = tuple(DETERMINISTIC)) -> None:
    """Raise EstimationError E523 for lags or a deterministic part that a test does not have."""
    if deterministic not in allowed:
        raise EstimationError("E523", f"the deterministic part is one of {', '.join(allowed)}, not {deterministic}")
    if isinstance(lags.rule, str) and lags.rule not in CRITERIA:
        raise EstimationError("E523", f"lags are a number or one of {', '.join(CRITERIA)}, not {lags.rule}")
    if lags.longest < 0:
        raise EstimationError("E523", f"lags cannot be negative ({lags.longest})")


def regress(series: UnitSeries, lags: Lags, deterministic: str, extra: FloatArray | None = None) -> Regressions:
    """The regressions of all units of `series` that have one; the others join its exclusions.

    Parameters
    ----------
    extra: (N, T, m) further regressors, aligned with the series' periods (for CIPS).

    Raises
    ------
    EstimationError: E520 when no unit is left.
    """
    chosen = np.full(series.count, lags.rule) if isinstance(lags.rule, int) else choose(series, lags, deterministic)
    found: dict[int, FloatArray] = {}
    rows = series.length - chosen - 1
    k = np.zeros(series.count, dtype=np.int64)
    numbers = np.zeros((series.count, 5))  # t, rho, ssr, vv, ve
    bad = np.zeros(series.count, dtype=bool)
    for p in np.unique(chosen).tolist():
        at = np.flatnonzero(chosen == p)
        A = _columns(series, at, p, deterministic, None if extra is None else extra[at])
        found[p] = triangles(A)
        numbers[at], bad[at] = _numbers(found[p], rows[at])
        k[at] = A.shape[2] - 1
    kept = np.flatnonzero(~bad)
    reasons = tuple(Excluded(int(series.units[i]), "explained without error or collinear") for i in np.flatnonzero(bad))
    if reasons:
        series = series.keep(kept, reasons)
        chosen, rows, numbers = chosen[kept], rows[kept], numbers[kept]
    t, rho, ssr, vv, ve = numbers.T
    return Regressions(series, deterministic, chosen, rows, t, rho, ssr, vv, ve)


def _columns(series: UnitSeries, at: IntArray, p: int, deterministic: str, extra: FloatArray | None) -> FloatArray:
    """(units, rows, q): deterministic part, further regressors, lags, y_t-1, Δy_t; zeros behind a unit's end."""
    Y = series.values[at, :, 0]
    width = int(series.length[at].max())
    change = np.diff(Y[:, :width], axis=1)
    m = width - p - 1
    inside = (np.arange(p + 1, width) < series.length[at, None]).astype(np.float64)
    parts = [inside] if deterministic != "none" else []
    if deterministic == "trend":
        parts.append(inside * np.linspace(-1.0, 1.0, m))
    if extra is not None:
        parts += [extra[:, p + 1 : width, j] for j in range(extra.shape[2])]
    parts += [change[:, p - lag : p - lag + m] for lag in range(1, p + 1)]
    parts += [Y[:, p : p + m], change[:, p:]]
    return np.stack(parts, axis=2) * inside[:, :, None]


def _numbers(R: FloatArray, rows: IntArray) -> tuple[FloatArray, BoolArray]:
    """(units, 5) t, rho, ssr, Σv², Σve from triangles; and whether a unit has no regression."""
    k = R.shape[2] - 1
    pivot, cross, rest = R[:, k - 1, k - 1], R[:, k - 1, k], R[:, k, k]
    norm = np.sqrt(np.square(R[:, :, k]).sum(axis=1))
    bad = deficient(R, k) | (np.abs(rest) <= 1e-9 * norm) | (norm == 0)
    df = rows - k
    pivot_, rest_ = np.where(bad, 1.0, pivot), np.where(bad, 1.0, rest)
    ssr = np.square(rest_)
    t = np.sign(pivot_) * cross / np.sqrt(ssr / df)
    return np.column_stack([t, cross / pivot_, ssr, np.square(pivot_), pivot_ * cross]), bad


def choose(series: UnitSeries, lags: Lags, deterministic: str) -> IntArray:
    """(N,) the lags of each unit with the least criterion, all candidates on the rows of the longest.

    aic m ln(SSR/m) + 2k, bic m ln(SSR/m) + k ln m, hqic m ln(SSR/m) + 2k ln ln m; the shorter of equals. One
    decomposition with the lags last gives the SSR of all candidates.
    """
    p, d = lags.most, DETERMINISTIC[deterministic]
    A = _columns(series, np.arange(series.count), p, deterministic, None)
    order = [*range(d), d + p, *range(d, d + p), d + p + 1]
    R = triangles(A[:, :, order])
    tail = np.cumsum(np.square(R[:, ::-1, -1]), axis=1)[:, ::-1]
    ssr = tail[:, d + 1 :][:, : p + 1]
    m = (series.length - p - 1).astype(np.float64)[:, None]
    k = d + 1 + np.arange(p + 1)
    with np.errstate(divide="ignore"):
        fit = m * np.log(ssr / m)
    price = {"aic": np.full_like(m, 2.0), "bic": np.log(m), "hqic": 2 * np.log(np.log(m))}[str(lags.rule)]
    return np.asarray(np.argmin(fit + price * k, axis=1), dtype=np.int64)
