"""Dumitrescu and Hurlin (2012): does x help to predict y in any unit?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.design import FloatArray, Groups, IntArray
from carbonspec.econometrics.hypothesis_tests.distributions import normal_two_sided
from carbonspec.econometrics.hypothesis_tests.results import Excluded, TestReport, TestResult, exclusion_notices
from carbonspec.econometrics.hypothesis_tests.seeds import Seed, generator, told
from carbonspec.econometrics.hypothesis_tests.unit_series import (
    BoolArray,
    UnitSeries,
    collect,
    deficient,
    none_left,
    triangles,
)
from carbonspec.econometrics.results import EstimationError, Notice

TEST = "Dumitrescu-Hurlin"
CRITERIA = ("aic", "bic", "hqic")
LONG = 100
"""Below this many periods, the size of Z-bar is above 0.08 at a nominal 0.05 (by simulation)."""

CELLS = 1 << 21
"""Numbers held at a time while bootstrap samples are estimated."""


@dataclass(frozen=True)
class Bootstrap:
    """Bootstrap p values: how many draws, and the seed of the generator (numpy PCG64)."""

    draws: int = 1000
    seed: Seed = 0


def run(
    y: FloatArray,
    x: FloatArray,
    unit: Groups,
    period: Groups,
    outcome: str,
    cause: str,
    *,
    lags: int | str = 1,
    most: int = 0,
    bootstrap: Bootstrap | None = None,
) -> TestReport:
    """Z-tilde (default row), Z-bar and W-bar of y on its own lags and those of x.

    W_i = (RSS_r - RSS_u)/(RSS_u/(T_i - 3K - 1)), T_i all periods of the unit. Z-tilde corrects for short T and needs
    T > 5 + 3K; Z-bar, for long T, exists for balanced panels only. Units too short, with gaps, or whose x is constant
    or collinear are left out, and N is what remains.

    Parameters
    ----------
    y, x: (n,) the series; x is the possible cause.
    lags: K, or aic, bic, hqic: the K from 1 to `most` with the least criterion on average over units, on common rows.
    bootstrap: adds p values that allow for dependence between units (Lopez and Weber 2017); balanced panels only.

    Raises
    ------
    EstimationError: E520 no unit is left, E521 bootstrap of an unbalanced panel, E522 T <= 5 + 3K for all units, E523
        an option that does not exist, E524 infinite values.
    """
    if isinstance(lags, str) and (lags not in CRITERIA or most < 1):
        raise EstimationError("E523", f"lags are a number or one of {', '.join(CRITERIA)} with a largest number")
    longest = most if isinstance(lags, str) else lags
    if longest < 1:
        raise EstimationError("E523", f"{TEST} needs at least one lag, not {longest}")
    name = f"{cause} -> {outcome}"
    series = _series(np.column_stack([y, x]), unit, period, name, longest)
    K = _choose(series, lags, most) if isinstance(lags, str) else lags
    W, bad = _wald(_lagged(series.values, series.length, K), series.length, K)
    if bad.any():
        reasons = tuple(
            Excluded(int(series.units[i]), "with collinear lags or an exact fit") for i in np.flatnonzero(bad)
        )
        series, W = series.keep(np.flatnonzero(~bad), reasons), W[~bad]
    N, T = series.count, series.length
    bar = float(W.mean())
    same_T = bool(T.min() == T.max())
    z_tilde = float(_z_tilde(np.array([bar]), T, K)[0])
    notices = series.notices + exclusion_notices(series.excluded, N)
    if N == 1:
        notices += (Notice("W527", "one unit is left: this is the test of a single pair of series"),)
    base = TestResult(
        test=TEST,
        statistic="Z-tilde",
        value=z_tilde,
        p_value=normal_two_sided(z_tilde),
        reference="normal",
        null=f"{cause} does not Granger-cause {outcome} in any unit",
        alternative=f"{cause} Granger-causes {outcome} in some units",
        tail="two-sided",
        variable=name,
        n=int(T.sum()),
        n_units=N,
        t_min=int(T.min()),
        t_max=int(T.max()),
        lags=(K,),
        lag_rule="fixed" if isinstance(lags, int) else f"{lags}, at most {most}",
        convention="T counts all periods of a unit"
        if same_T
        else "T counts all periods of a unit; moments averaged over units",
        excluded=series.excluded,
        notices=notices,
        details={"W-bar": bar},
    )
    rows = [base]
    z_bar = float(np.sqrt(N / (2 * K)) * (bar - K))
    if same_T:
        row = replace(
            base,
            statistic="Z-bar",
            value=z_bar,
            p_value=normal_two_sided(z_bar),
            default=False,
            convention="T to infinity",
        )
        if T[0] < LONG:
            message = f"{TEST}: Z-bar is for long panels; with T = {int(T[0])} it rejects too often: read Z-tilde"
            row = replace(row, notices=(*notices, Notice("W525", message)))
        rows.append(row)
    else:
        message = f"{TEST}: Z-bar is for balanced panels; here T is {int(T.min())} to {int(T.max())}"
        rows[0] = replace(base, notices=(*notices, Notice("N525", message)))
    rows.append(
        replace(
            rows[0],
            statistic="W-bar",
            value=bar,
            p_value=None,
            reference="none",
            default=False,
            convention="mean of the units' Wald statistics; Z-tilde and Z-bar are its standardised forms",
        )
    )
    drawn: dict[str, FloatArray] = {}
    if bootstrap is not None:
        more, drawn = _bootstrap_rows(series, K, bootstrap, rows[:-1])
        rows += more
    return TestReport(tuple(rows), series.units, {"W": W}, drawn)


def _series(Z: FloatArray, unit: Groups, period: Groups, name: str, K: int) -> UnitSeries:
    """The units with T > 5 + 3K. Raises E522 where T is the reason that none is left."""
    shortest = 6 + 3 * K
    try:
        return collect(Z, unit, period, name, shortest=shortest, vary=(1, 0))
    except EstimationError as problem:
        if problem.code != "E520":
            raise
        longest = int(unit.sizes.max(initial=0))
        if longest >= shortest:
            raise
        message = f"{TEST} with {K} lags needs T > 5 + 3K = {5 + 3 * K} periods; in {name} T is at most {longest}"
        raise EstimationError("E522", message) from None


def _lagged(Z: FloatArray, length: IntArray, K: int, skip: int = 0) -> FloatArray:
    """(…, T - K - skip, 2K + 2): 1, lags of y, lags of x, y of series Z (…, T, 2), zero behind a unit's end."""
    T = Z.shape[-2]
    first = K + skip
    inside = np.broadcast_to((np.arange(first, T) < length[:, None]), (*Z.shape[:-2], T - first))
    parts = [inside.astype(np.float64)]
    parts += [Z[..., first - lag : T - lag, j] for j in (0, 1) for lag in range(1, K + 1)]
    parts.append(Z[..., first:, 0])
    return np.asarray(np.stack(parts, axis=-1) * inside[..., None])


def _wald(A: FloatArray, length: IntArray, K: int) -> tuple[FloatArray, BoolArray]:
    """W (…) of each unit, and whether it has none, from columns (…, rows, 2K + 2)."""
    R = triangles(A)
    flat = R.reshape(-1, *R.shape[-2:])
    y = np.square(R[..., -1])
    own = np.sqrt(y.sum(axis=-1))
    bad = deficient(flat, 2 * K + 1).reshape(R.shape[:-2]) | (np.sqrt(y[..., -1]) <= 1e-9 * own)
    rest = np.where(bad, 1.0, y[..., -1])
    gain = y[..., K + 1 : 2 * K + 1].sum(axis=-1)
    return np.asarray(gain / (rest / (length - 3 * K - 1))), np.asarray(bad, dtype=np.bool_)


def _z_tilde(bar: FloatArray, T: IntArray, K: int) -> FloatArray:
    """Z-tilde of means W-bar (m,) with T (N,); equals the printed form of a balanced panel where T are equal."""
    low = T - 3 * K - 3
    mean = (K * (T - 3 * K - 1) / low).mean()
    variance = (2 * K * (T - 3 * K - 1) ** 2 * (T - 2 * K - 3) / (low**2 * (T - 3 * K - 5))).mean()
    return np.asarray(np.sqrt(len(T)) * (bar - mean) / np.sqrt(variance))


def _choose(series: UnitSeries, rule: str, most: int) -> int:
    """The K of 1..most with the least mean criterion, all on the rows of the longest; one decomposition for all K."""
    A = _lagged(series.values, series.length, most)
    order = [0, *(j for lag in range(1, most + 1) for j in (lag, most + lag)), 2 * most + 1]
    y = np.square(triangles(A[..., order])[..., -1])
    tail = np.cumsum(y[:, ::-1], axis=1)[:, ::-1]
    m = (series.length - most).astype(np.float64)
    price = {"aic": np.full_like(m, 2.0), "bic": np.log(m), "hqic": 2 * np.log(np.log(m))}[rule]
    scores = []
    for K in range(1, most + 1):
        ssr = np.maximum(tail[:, 1 + 2 * K], np.finfo(np.float64).tiny)
        scores.append(float((np.log(ssr / m) + price * (2 * K + 1) / m).mean()))
    return int(np.argmin(scores)) + 1


# --- bootstrap -------------------------------------------------------------------------------------------


def _bootstrap_rows(
    series: UnitSeries, K: int, choice: Bootstrap, rows: list[TestResult]
) -> tuple[list[TestResult], dict[str, FloatArray]]:
    """The rows of Z-tilde and Z-bar once more, with bootstrap p values; and the Z* by row."""
    if not series.balanced:
        raise EstimationError("E521", f"the bootstrap of {TEST} needs the same periods for all units")
    if choice.draws < 1:
        raise EstimationError("E523", f"a bootstrap needs at least one draw, not {choice.draws}")
    bars = _resampled(series, K, choice)
    bars = bars[np.isfinite(bars)]
    lost = choice.draws - len(bars)
    if not len(bars):
        raise none_left(series.name, ())
    N = series.count
    found, drawn = [], {}
    for row in rows:
        star = _z_tilde(bars, series.length, K) if row.statistic == "Z-tilde" else np.sqrt(N / (2 * K)) * (bars - K)
        drawn[f"{row.statistic}, bootstrap"] = np.asarray(star)
        p = float(np.mean(np.abs(star) >= abs(row.value)))
        notices = tuple(notice for notice in row.notices if notice.kind != "W525")
        if lost:
            message = f"{lost} of {choice.draws} bootstrap samples had no statistic"
            notices += (Notice("W521", f"{TEST}: {message}"),)
        found.append(
            replace(
                row,
                statistic=f"{row.statistic}, bootstrap",
                p_value=p,
                p_bounds=(0.0, 1 / len(bars)) if p == 0 else None,
                reference="bootstrap",
                default=False,
                convention=f"{len(bars)} draws of whole periods, {told(choice.seed)}; share of |Z*| >= |Z|",
                notices=notices,
                details={"95% of |Z*|": float(np.quantile(np.abs(star), 0.95))},
            )
        )
    return found, drawn


def _resampled(series: UnitSeries, K: int, choice: Bootstrap) -> FloatArray:
    """(draws,) W-bar of samples made under the null: residuals of y on its own lags, drawn by whole periods for all
    units together, y built up from a random block of K observed periods, x as it is. NaN where a draw has none."""
    Y, X = series.values[:, :, 0], series.values[:, :, 1]
    N, T = Y.shape
    m = T - K
    lagged = np.stack([np.ones((N, m)), *(Y[:, K - lag : T - lag] for lag in range(1, K + 1))], axis=2)
    coefficients = np.stack([np.linalg.lstsq(lagged[i], Y[i, K:], rcond=None)[0] for i in range(N)])
    residuals = Y[:, K:] - np.einsum("ntk,nk->nt", lagged, coefficients)
    rng = generator(choice.seed)
    chunk = max(1, CELLS // (N * T * (2 * K + 2)))
    bars = np.empty(choice.draws)
    for at in range(0, choice.draws, chunk):
        B = min(chunk, choice.draws - at)
        start = rng.integers(T - K + 1, size=B)
        periods = rng.integers(m, size=(B, m))
        path = np.empty((B, N, T))
        for t in range(K):
            path[:, :, t] = Y[:, start + t].T
        drawn = residuals[:, periods].transpose(1, 0, 2)
        with np.errstate(over="ignore", invalid="ignore"):
            for t in range(K, T):
                path[:, :, t] = coefficients[:, 0] + drawn[:, :, t - K]
                for lag in range(1, K + 1):
                    path[:, :, t] += coefficients[:, lag] * path[:, :, t - lag]
        usable = np.isfinite(path).all(axis=(1, 2))
        path[~usable] = 0.0
        Z = np.stack([path, np.broadcast_to(X, path.shape)], axis=3)
        W, bad = _wald(_lagged(Z, series.length, K), series.length, K)
        bars[at : at + B] = np.where(bad.any(axis=1) | ~usable, np.nan, W.mean(axis=1))
    return bars
