"""The equations of a dynamic panel: complete rows in levels, and a matrix that takes the unit effects out of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from carbonspec.econometrics.clock import lagged_rows
from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.dynamic_design import GmmDesign, complete
from carbonspec.econometrics.grouping import starts
from carbonspec.econometrics.results import EstimationError


@dataclass(frozen=True)
class Equations:
    """`rows` (l,) of the panel that are complete; D (r, l) makes the r transformed rows of them.

    `unit`, `period` (r,) of the transformed rows: instruments are dated from `period`. `level_unit`, `level_period`
    (l,) those of the complete rows. Units are numbered without holes over complete rows.
    """

    rows: IntArray
    D: csr_matrix
    unit: IntArray
    period: IntArray
    level_unit: IntArray
    level_period: IntArray
    units: int


def check_finite(design: GmmDesign) -> None:
    """Raise E508 for an infinite value; missing ones are left to the equations."""
    columns = [(design.outcome, design.y), *zip(design.terms, design.X.T, strict=True)]
    columns += [(spec.name, spec.values) for spec in design.gmm]
    for own in design.own:
        columns += zip(own.names, own.values.T, strict=True)
    for name, values in columns:
        if np.isinf(values).any():
            raise EstimationError("E508", f"{name} has values that are infinite")


def equations(design: GmmDesign, transform: str) -> Equations:
    """Complete rows and their transformation.

    Raises
    ------
    EstimationError: E507 no complete row, E533 no unit with the rows that a transformation needs.
    """
    rows = np.flatnonzero(complete(design))
    if not len(rows):
        raise EstimationError("E507", f"no complete rows are left for {design.outcome} and its lags")
    known, unit = np.unique(design.unit.codes[rows], return_inverse=True)
    unit = unit.reshape(-1).astype(np.int64)
    period = design.period.codes[rows].astype(np.int64)
    if transform == "difference":
        D, made, dates = differences(unit, period)
    elif transform == "orthogonal":
        D, made, dates = orthogonal_deviations(unit, period, len(known))
    else:
        raise ValueError(f"no transformation called {transform}")
    if not len(made):
        what = "two complete periods in a row" if transform == "difference" else "two complete periods"
        longest = int(np.bincount(design.unit.codes).max())
        raise EstimationError(
            "E533", f"no unit has {what} of {design.outcome} and its lags (units have at most {longest} periods)"
        )
    return Equations(rows, D, made, dates, unit, period, len(known))


def differences(unit: IntArray, period: IntArray) -> tuple[csr_matrix, IntArray, IntArray]:
    """D with -1 and 1 for every pair of adjacent periods of a unit, and unit and later period of each pair."""
    before = lagged_rows(unit, period, 1)
    later = np.flatnonzero(before >= 0)
    r = len(later)
    at = np.tile(np.arange(r), 2)
    D = csr_matrix((np.repeat([1.0, -1.0], r), (at, np.concatenate([later, before[later]]))), shape=(r, len(unit)))
    return D, unit[later], period[later]


def orthogonal_deviations(unit: IntArray, period: IntArray, units: int) -> tuple[csr_matrix, IntArray, IntArray]:
    """Forward orthogonal deviations (Arellano and Bover 1995): sqrt(c/(c + 1)) times a row less the mean of the c
    complete rows of its unit that follow. Rows of D are orthonormal.

    Each is dated one period after its own row, as in Stata's xtabond2, so that lag 2 of an instrument means the same
    as with differences.
    """
    n = len(unit)
    end = starts(np.bincount(unit, minlength=units))[1:][unit]
    following = end - np.arange(n) - 1
    own = np.flatnonzero(following > 0)
    count = following[own]
    scale = np.sqrt(count / (count + 1.0))
    r = len(own)
    offsets = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    data = np.concatenate([scale, np.repeat(-scale / count, count)])
    row = np.concatenate([np.arange(r), np.repeat(np.arange(r), count)])
    column = np.concatenate([own, np.repeat(own, count) + 1 + offsets])
    return csr_matrix((data, (row, column)), shape=(r, n)), unit[own], period[own] + 1


def unit_sums(values: FloatArray, unit: IntArray, units: int) -> FloatArray:
    """(units,) sums of values (n,) by unit."""
    return np.asarray(np.bincount(unit, values, units), dtype=np.float64)
