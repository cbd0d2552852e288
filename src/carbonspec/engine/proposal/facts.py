"""What one column is: kind, gaps, spread, and how it moves within units and periods."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from carbonspec.engine.cells import number_in
from carbonspec.engine.keys import combine, encode
from carbonspec.engine.table import Column, FloatArray, IntArray, Text, is_missing, show_number

LARGEST_YEAR = 2100
SKEWED = 2.0


@dataclass(frozen=True)
class Facts:
    """One column in the rows looked at.

    `numeric` counts the cells of a text column that are numbers, `others` shows the rest with their counts.
    `steady` says that it never changes within a unit, `common` that it is the same for all units of a period.
    """

    name: str
    text: bool
    rows: int
    missing: int
    distinct: int
    low: float = np.nan
    high: float = np.nan
    whole: bool = False
    skewed: bool = False
    numeric: int = 0
    others: tuple[tuple[str, int], ...] = ()
    steady: bool = False
    common: bool = False

    @property
    def share_missing(self) -> float:
        return self.missing / self.rows if self.rows else 0.0

    @property
    def empty(self) -> bool:
        return self.missing == self.rows

    @property
    def constant(self) -> bool:
        return self.distinct == 1

    @property
    def binary(self) -> bool:
        """0 and 1, both of them."""
        return not self.text and self.distinct == 2 and (self.low, self.high) == (0.0, 1.0)

    @property
    def mostly_numbers(self) -> bool:
        """Text, although most of its cells are numbers."""
        return self.text and self.numeric > (self.rows - self.missing) / 2

    @property
    def varies(self) -> bool:
        return not (self.empty or self.constant or self.steady or self.common)


def facts_of(
    name: str,
    column: Column,
    unit: tuple[IntArray, int] | None = None,
    period: tuple[IntArray, int] | None = None,
) -> Facts:
    """The facts of a column; `unit` and `period` are the rows' codes where there is a panel."""
    codes, distinct = encode(column)
    rows = len(column)
    missing = int((codes < 0).sum())
    steady = distinct > 1 and unit is not None and _depends_on(codes, distinct, unit)
    common = distinct > 1 and period is not None and _depends_on(codes, distinct, period)
    if isinstance(column, Text):
        numeric, others = _numbers_in(column)
        return Facts(name, True, rows, missing, distinct, numeric=numeric, others=others, steady=steady, common=common)
    values = column[~is_missing(column)]
    if not values.size:
        return Facts(name, False, rows, missing, 0)
    return Facts(
        name,
        False,
        rows,
        missing,
        distinct,
        float(values.min()),
        float(values.max()),
        bool((values == np.round(values)).all()),
        _skewed(values),
        steady=steady,
        common=common,
    )


def _depends_on(codes: IntArray, distinct: int, group: tuple[IntArray, int]) -> bool:
    """Whether the value follows from the group, in groups of several rows at that."""
    inside = (codes >= 0) & (group[0] >= 0)
    pairs, count = combine([group, (codes, distinct)])
    groups = int(np.unique(group[0][inside]).size)
    return count == groups and groups < int(inside.sum()) and int((pairs >= 0).sum()) > 0


def _numbers_in(column: Text) -> tuple[int, tuple[tuple[str, int], ...]]:
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.values)).tolist()
    numeric, others = 0, Counter[str]()
    for value, count in zip(column.values, counts, strict=True):
        if number_in(value) is not None:
            numeric += count
        elif count:
            others[value] = count
    return numeric, tuple(others.most_common(4))


def _skewed(values: FloatArray) -> bool:
    """Positive, with a long right tail that a logarithm takes off."""
    if values.size < 20 or values.min() <= 0 or values.max() / values.min() < 10:
        return False
    with np.errstate(all="ignore"):
        return skewness(values) > SKEWED and abs(skewness(np.log(values))) < skewness(values) / 2


def skewness(values: FloatArray) -> float:
    """The third standardised moment; 0 for a constant."""
    centred = values / np.abs(values).max()
    centred = centred - centred.mean()
    spread = float(np.sqrt(np.mean(centred**2)))
    return float(np.mean((centred / spread) ** 3)) if spread > 1e-12 else 0.0


def value_shown(column: Column, row: int) -> str:
    """A cell as people write it."""
    if isinstance(column, Text):
        return column.values[column.codes[row]] if column.codes[row] >= 0 else "missing"
    return "missing" if np.isnan(column[row]) else show_number(float(column[row]))
