"""Cross-section dependence: Breusch and Pagan's (1980) LM, Pesaran's (2004, 2015) CD, Baltagi, Feng and Kao's (2012)
corrected LM."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.design import Design, FloatArray, Groups
from carbonspec.econometrics.grouping import compact, same
from carbonspec.econometrics.hypothesis_tests.distributions import chi2_right, normal_two_sided
from carbonspec.econometrics.hypothesis_tests.regressions import residuals
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.results import EstimationError, Notice

COMMON = 3
"""Two units need this many periods in common for a correlation."""

BLOCK = 256
LONG = "for many periods, then many units"


def of_variable(values: FloatArray, unit: Groups, period: Groups, variable: str) -> TestReport:
    """CD (default row), LM and scaled LM of a variable (n,), rows with NaN left out (Stata `xtcd`).

    Raises
    ------
    EstimationError: E520 no pair of units has a correlation, E524 infinite values.
    """
    if np.isinf(values).any():
        raise EstimationError("E524", f"{variable} has infinite values")
    there = np.flatnonzero(~np.isnan(values))
    notices: tuple[Notice, ...] = ()
    if len(there) < len(values):
        lost = len(values) - len(there)
        notices = (Notice("N521", f"{lost} rows without a value of {variable} left out"),)
    if not len(there):
        raise EstimationError("E520", f"{variable} has no values")
    kept = compact(unit, there)
    return TestReport(_rows(values[there], kept, compact(period, there), variable, notices, fixed_effects=False))


def of_residuals(design: Design) -> TestReport:
    """CD (default row), LM and scaled LM of the residuals of a regression (Stata `xtcsd`).

    Balanced panels with unit effects alone also have the corrected LM.

    Raises
    ------
    EstimationError: E520 no pair of units has a correlation; and those of the regression.
    """
    found = residuals(design)
    sample = found.sample
    by_unit = any(same(effect.groups, design.unit) for effect in design.effects)
    by_period = any(np.array_equal(effect.groups.codes, design.period.codes) for effect in design.effects)
    notices: tuple[Notice, ...] = ()
    if by_period:
        message = "residuals of a model with period effects correlate to about zero on average: CD has little power"
        notices = (Notice("W529", message),)
    name = f"residuals of {design.outcome}"
    one_way = by_unit and not by_period
    return TestReport(_rows(found.e, sample.unit, compact(sample.period, None), name, notices, fixed_effects=one_way))


@dataclass(frozen=True)
class _Sums:
    """Over the pairs with a correlation: Σ√T ρ, Σ T ρ², Σ|ρ|, Σρ, and how many pairs there are and were left out."""

    cd: float
    squares: float
    absolute: float
    plain: float
    pairs: int
    skipped: int


def _pairs(values: FloatArray, unit: Groups, period: Groups) -> _Sums:
    """Correlations of all pairs of units over their common periods, each pair centred on these."""
    mean = np.bincount(unit.codes, values, unit.count) / np.maximum(unit.sizes, 1)
    X = np.zeros((unit.count, period.count))
    M = np.zeros_like(X)
    X[unit.codes, period.codes] = values - mean[unit.codes]
    M[unit.codes, period.codes] = 1.0
    size = np.abs(values).max(initial=0.0)
    S = np.square(X)
    totals = np.zeros(4)
    pairs = skipped = 0
    for at in range(0, unit.count, BLOCK):
        rows = slice(at, at + BLOCK)
        x, m, s = X[rows], M[rows], S[rows]
        T = m @ M.T
        n = np.maximum(T, 1.0)
        sum_i, sum_j = x @ M.T, m @ X.T
        cross = x @ X.T - sum_i * sum_j / n
        own_i, own_j = s @ M.T - sum_i**2 / n, m @ S.T - sum_j**2 / n
        upper = np.arange(unit.count) > np.arange(at, at + len(x))[:, None]
        least = n * (1e-10 * size) ** 2
        usable = upper & (T >= COMMON) & (own_i > least) & (own_j > least)
        rho = np.clip(cross[usable] / np.sqrt(own_i[usable] * own_j[usable]), -1.0, 1.0)
        t = T[usable]
        totals += [(np.sqrt(t) * rho).sum(), (t * rho**2).sum(), np.abs(rho).sum(), rho.sum()]
        pairs += len(rho)
        skipped += int(np.count_nonzero(upper)) - len(rho)
    cd, squares, absolute, plain = totals.tolist()
    return _Sums(cd, squares, absolute, plain, pairs, skipped)


def _rows(
    values: FloatArray, unit: Groups, period: Groups, name: str, notices: tuple[Notice, ...], fixed_effects: bool
) -> tuple[TestResult, ...]:
    found = _pairs(values, unit, period)
    if not found.pairs:
        raise EstimationError("E520", f"no two units of {name} vary over {COMMON} common periods")
    if found.skipped:
        total = found.skipped + found.pairs
        message = f"{found.skipped} of {total} pairs of units left out: fewer than {COMMON} common periods or constant"
        notices += (Notice("N522", message),)
    T = unit.sizes
    pairs = found.pairs
    cd = found.cd / np.sqrt(pairs)
    scaled = (found.squares - pairs) / np.sqrt(2 * pairs)
    base = TestResult(
        test="Cross-section dependence",
        statistic="CD",
        value=float(cd),
        p_value=normal_two_sided(float(cd)),
        reference="normal",
        null=f"no correlation between units in {name}",
        alternative="units are correlated",
        tail="two-sided",
        variable=name,
        n=len(values),
        n_units=unit.count,
        t_min=int(T.min()),
        t_max=int(T.max()),
        convention="Pesaran (2004), each pair over its common periods",
        notices=notices,
        details={
            "mean correlation": found.plain / pairs,
            "mean absolute correlation": found.absolute / pairs,
            "pairs": float(pairs),
        },
    )
    lm = replace(
        base,
        statistic="LM",
        value=found.squares,
        p_value=chi2_right(found.squares, pairs),
        reference="chi2",
        df=(float(pairs),),
        tail="right",
        default=False,
        convention="Breusch-Pagan (1980), for many periods and few units",
    )
    if unit.count > period.count:
        message = (
            f"LM and scaled LM need more periods than units; with N = {unit.count} and T = {period.count} they reject"
        )
        notice = Notice("W525", f"{message} too often: read CD, or the corrected LM")
        lm = replace(lm, notices=(*notices, notice))
        scaled_row = replace(_normal(base, "scaled LM", float(scaled), LONG), notices=(*notices, notice))
    else:
        scaled_row = _normal(base, "scaled LM", float(scaled), LONG)
    rows = [base, lm, scaled_row]
    if fixed_effects and len(values) == unit.count * period.count and not found.skipped:
        corrected = float(scaled) - unit.count / (2 * (period.count - 1))
        how = "Baltagi, Feng and Kao (2012), for residuals of fixed effects"
        rows.append(_normal(base, "corrected LM", corrected, how))
    return tuple(rows)


def _normal(base: TestResult, statistic: str, value: float, convention: str) -> TestResult:
    return replace(
        base,
        statistic=statistic,
        value=value,
        p_value=normal_two_sided(value),
        default=False,
        convention=convention,
    )
