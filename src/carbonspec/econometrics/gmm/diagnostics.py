"""What shows whether a dynamic panel's instruments can be believed: Sargan, Hansen, its differences, AR(m)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.dynamic_design import SubsetTest
from carbonspec.econometrics.gmm.equations import Equations, differences, unit_sums
from carbonspec.econometrics.gmm.instruments import InstrumentMatrix, pairs
from carbonspec.econometrics.gmm.steps import Problem, Step, inverse


def chi2_p(value: float, df: int) -> float:
    """P(chi2(df) > value)."""
    from scipy.special import chdtrc

    return float(chdtrc(df, max(value, 0.0)))


def rank(Z: NDArray[np.float64]) -> int:
    """Rank of instruments, from their cross-products."""
    return inverse(Z).rank


def serial_correlation(
    problem: Problem,
    found: Step,
    V: FloatArray,
    equations: Equations,
    level: tuple[FloatArray, FloatArray],
    order: int,
    variance: float | None = None,
) -> tuple[float, float] | None:
    """z and two-sided p of Arellano and Bond's (1991, eq. 8) test of differenced errors m periods apart.

    r = sum_i v_i,-m'v_i over its standard deviation, v the differenced residuals whatever the transformation;
    variance sum (v_i,-m'v_i)2 - 2 (sum v_i,-m'X_i) M X'ZW (sum Z_i'e_i v_i'v_i,-m) + (...) V (...)'.

    Parameters
    ----------
    level: outcome (l,) and regressors (l, k) of the level rows, from which differences are made.
    V: the covariance reported, of the same step as `found`.
    variance: of iid errors in levels, for the plain one-step test; None for the one robust to anything within units.

    Returns
    -------
    None where no residuals are m periods apart or the variance is not positive.
    """
    from scipy.special import ndtr

    D, unit, period = differences(equations.level_unit, equations.level_period)
    if not D.shape[0]:
        return None
    v, X = D @ (level[0] - level[1] @ found.b), D @ level[1]
    now, before = pairs(unit, period, order)
    if not len(now):
        return None
    products = unit_sums(v[now] * v[before], unit[now], equations.units)
    crossed = v[before] @ X[now]
    if variance is None:
        own, scores = float(products @ products), problem.by_unit(found.residuals).T @ products
    else:
        lagged = np.zeros(len(v))
        lagged[now] = v[before]
        back = D.T @ lagged
        stacked = np.concatenate([equations.D @ back, back])[: len(problem.y)]
        own, scores = variance * float(back @ back), variance * (problem.Z.T @ stacked)
    total = own - 2 * float(crossed @ found.projection @ scores) + float(crossed @ V @ crossed)
    if not total > 0:
        return None
    z = float(products.sum()) / float(np.sqrt(total))
    return z, float(2 * ndtr(-abs(z)))


def subset_tests(
    problem: Problem, S: FloatArray, matrix: InstrumentMatrix, hansen: float, df: int
) -> tuple[SubsetTest, ...]:
    """Difference-in-Hansen of every subset of instruments that the model can do without.

    Without a subset J is minimised with the same moment covariance S, its rows and columns left out (Hayashi 2000,
    p. 220), so that the difference is never negative.
    """
    found = []
    for name, columns in matrix.subsets:
        rest = np.setdiff1d(np.arange(matrix.count), columns)
        made = _without(problem, S, rest, df, hansen, name, len(columns))
        if made is not None:
            found.append(made)
    return tuple(found)


def _without(
    problem: Problem,
    S: FloatArray,
    rest: NDArray[np.int64],
    df: int,
    hansen: float,
    name: str,
    size: int,
) -> SubsetTest | None:
    k = problem.X.shape[1]
    Z = problem.Z[:, rest]
    free = rank(np.asarray((Z.T @ Z).toarray())) - k if len(rest) else -1
    if free < 0 or free == df:
        return None
    weight = inverse(S[np.ix_(rest, rest)])
    scale = np.sqrt(np.square(problem.X).sum(axis=0))
    white = weight.C.T @ np.column_stack([Z.T @ (problem.X / scale), Z.T @ problem.y])
    b, _, known, _ = np.linalg.lstsq(white[:, :-1], white[:, -1], rcond=1e-10)
    if known < k:
        return None
    g = white[:, -1] - white[:, :-1] @ b
    j = float(g @ g) if free else 0.0
    less = max(hansen - j, 0.0)
    p = chi2_p(j, free) if free else 1.0
    return SubsetTest(name, size, j, free, p, less, df - free, chi2_p(less, df - free))
