"""Series by unit as one rectangle, so that the regressions of all units are one batched solve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.design import FloatArray, Groups, IntArray
from carbonspec.econometrics.hypothesis_tests.results import Excluded
from carbonspec.econometrics.results import EstimationError, Notice

BoolArray = NDArray[np.bool_]

FLAT = 1e-12
"""A series whose range is below this share of its largest value is constant up to rounding."""


@dataclass(frozen=True)
class UnitSeries:
    """Series without holes, all beginning in column 0.

    values (N, T, q): q variables of N units, zero behind a unit's last period. length (N,), start (N,) first period
    code, units (N,) codes in the panel's `Groups`. `excluded` are the units that could not be used.
    """

    name: str
    values: FloatArray
    length: IntArray
    start: IntArray
    units: IntArray
    excluded: tuple[Excluded, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def count(self) -> int:
        return len(self.units)

    @property
    def balanced(self) -> bool:
        """Whether all series have the same periods."""
        return bool((self.length == self.length[0]).all() and (self.start == self.start[0]).all())

    def inside(self, width: int, skip: int = 0) -> FloatArray:
        """(N, width - skip) 1 where column `skip`, … of a rectangle of `width` columns is a period of the unit."""
        return (np.arange(skip, width) < self.length[:, None]).astype(np.float64)

    def keep(self, kept: IntArray, reasons: tuple[Excluded, ...]) -> UnitSeries:
        """The series of the units at positions `kept` (indices); the others' reasons are added.

        Raises EstimationError E520 where none is left.
        """
        at = kept
        excluded = self.excluded + reasons
        if not len(at):
            raise none_left(self.name, excluded)
        return UnitSeries(
            self.name, self.values[at], self.length[at], self.start[at], self.units[at], excluded, self.notices
        )


def none_left(name: str, excluded: tuple[Excluded, ...]) -> EstimationError:
    """The error for a test that no unit can take part in."""
    reasons = sorted({item.reason for item in excluded})
    return EstimationError("E520", f"no unit is left to test {name}: {'; '.join(reasons) or 'no rows'}")


def collect(
    values: FloatArray,
    unit: Groups,
    period: Groups,
    name: str,
    *,
    shortest: int = 1,
    gaps: bool = False,
    vary: tuple[int, ...] | None = None,
    demean: bool = False,
) -> UnitSeries:
    """Rows (n,) or (n, q) of a panel as series by unit.

    Parameters
    ----------
    values: variables; rows with a missing value (NaN) are left out and counted.
    unit, period: keys of the rows, in any order; `period.codes` count clock ticks, so a hole is a gap.
    shortest: a unit with fewer periods is excluded.
    gaps: False excludes units with a period missing between others; True closes their ranks.
    vary: columns that must not be constant within a unit (all by default); units where one is are excluded.
    demean: subtract the mean of each period over all rows, before the series are cut out.

    Raises
    ------
    EstimationError: E520 no unit is left, E524 infinite values.
    """
    Z = values.reshape(len(values), -1)
    if np.isinf(Z).any():
        raise EstimationError("E524", f"{name} has infinite values")
    there = np.asarray(~np.isnan(Z).any(axis=1), dtype=np.bool_)
    notices: tuple[Notice, ...] = ()
    codes, ticks = unit.codes, period.codes
    if not there.all():
        lost = int(np.count_nonzero(~there))
        notices = (Notice("N521", f"{lost} rows without a value of {name} left out"),)
        Z, codes, ticks = Z[there], codes[there], ticks[there]
    order = np.lexsort((ticks, codes))
    Z, codes, ticks = Z[order], codes[order], ticks[order]
    length = np.bincount(codes, minlength=unit.count)
    first = np.cumsum(length) - length
    used = length > 0
    safe = np.where(used, first, 0)
    last = np.where(used, first + length - 1, 0)
    whole = np.zeros(unit.count, dtype=np.int64)
    if len(ticks):
        whole = ticks[last] - ticks[safe] + 1
    top = _by_unit(np.maximum, Z, first, used)
    low = _by_unit(np.minimum, Z, first, used)
    tested = list(range(Z.shape[1])) if vary is None else list(vary)
    size = np.maximum(np.abs(top), np.abs(low))
    flat = _flat(top - low, size, tested)
    rows = (Z, codes, ticks)
    if demean:
        Z = _without_period_means(Z, ticks)
        spread = _by_unit(np.maximum, Z, first, used) - _by_unit(np.minimum, Z, first, used)
        level = _flat(spread, size, tested)
    else:
        level = flat
    excluded, kept = [], []
    for i in range(unit.count):
        reason = ""
        if not used[i]:
            reason = "without a value"
        elif length[i] < shortest:
            reason = f"with T = {length[i]}, the test needs {shortest}"
        elif not gaps and whole[i] != length[i]:
            reason = "with gaps in time"
        elif flat[i]:
            reason = "constant"
        elif level[i]:
            reason = "constant once the period means are taken out"
        if reason:
            excluded.append(Excluded(i, reason))
        else:
            kept.append(i)
    if not kept:
        raise none_left(name, tuple(excluded))
    units = np.array(kept, dtype=np.int64)
    rectangle = _rectangle(Z, rows[1], first, length, units)
    return UnitSeries(name, rectangle, length[units], ticks[first[units]], units, tuple(excluded), notices)


def _by_unit(reduce: np.ufunc, Z: FloatArray, first: IntArray, used: BoolArray) -> FloatArray:
    out = np.zeros((len(first), Z.shape[1]))
    if len(Z):
        out[used] = reduce.reduceat(Z, first[used], axis=0)
    return out


def _flat(spread: FloatArray, size: FloatArray, tested: list[int]) -> BoolArray:
    return np.asarray((spread[:, tested] <= FLAT * size[:, tested]).any(axis=1), dtype=np.bool_)


def _rectangle(Z: FloatArray, codes: IntArray, first: IntArray, length: IntArray, units: IntArray) -> FloatArray:
    place = np.full(len(first), -1, dtype=np.int64)
    place[units] = np.arange(len(units))
    row = place[codes]
    column = np.arange(len(Z)) - first[codes]
    out = np.zeros((len(units), int(length[units].max()), Z.shape[1]))
    here = row >= 0
    out[row[here], column[here]] = Z[here]
    return out


def _without_period_means(Z: FloatArray, ticks: IntArray) -> FloatArray:
    count = np.maximum(np.bincount(ticks), 1)
    out = np.empty_like(Z)
    for j in range(Z.shape[1]):
        out[:, j] = Z[:, j] - (np.bincount(ticks, Z[:, j]) / count)[ticks]
    return out


def triangles(A: FloatArray) -> FloatArray:
    """R (N, q, q) with A_i'A_i = R_i'R_i of matrices A (N, rows, q), rows >= q; rows of zeros change nothing."""
    return np.asarray(np.linalg.qr(A, mode="r"))


def deficient(R: FloatArray, columns: int, tolerance: float = 1e-9) -> BoolArray:
    """(N,) whether one of the first `columns` columns is explained by those before it, in triangles R (N, q, q)."""
    norms = np.sqrt(np.square(R[:, :, :columns]).sum(axis=1))
    pivots = np.abs(np.diagonal(R, axis1=1, axis2=2)[:, :columns])
    return np.asarray((pivots <= tolerance * norms).any(axis=1))
