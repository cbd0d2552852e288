"""A model to be edited: the first columns of the file that a fixed-effects regression can take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from carbonspec.engine.keys import dense
from carbonspec.engine.table import BoolArray, FloatArray, IntArray

MOST = 3
"""Regressors of the placeholder."""
ROUNDS = 60
"""Alternating means for two effects: enough to see whether anything is left of a column."""
NOTHING = 1e-7
"""A column of which the effects and the others leave less than this share is left out."""

TINY = 1e-20
"""The same against rounding, of columns whose largest value is 1."""

Coded = tuple[IntArray, int]


@dataclass(frozen=True)
class Placeholder:
    """Outcome, regressors and effects ("id", "time") of the model."""

    outcome: str
    regressors: tuple[str, ...]
    effects: tuple[str, ...]


def placeholder(
    columns: Mapping[str, FloatArray], order: Sequence[str], unit: Coded, period: Coded
) -> Placeholder | None:
    """The first outcome with regressors whose model can be estimated; None when there is none.

    `columns` (rows,) are numbers with NaN for missing; `unit` and `period` the rows' codes, -1 without keys.
    """
    for effects in (("id", "time"), ("id",)):
        groups = [unit, period] if effects == ("id", "time") else [unit]
        for share in (0.5, 0.0):
            for start, outcome in enumerate(order[:6]):
                rest = (*order[start + 1 :], *order[:start])
                regressors = _regressors(columns, outcome, rest, groups, unit, share)
                if regressors:
                    return Placeholder(outcome, regressors, effects)
    return None


def _regressors(
    columns: Mapping[str, FloatArray],
    outcome: str,
    rest: Sequence[str],
    groups: list[Coded],
    unit: Coded,
    share: float,
) -> tuple[str, ...]:
    """Regressors that keep enough complete rows and are no combination of the others and the effects."""
    complete = ~np.isnan(columns[outcome]) & (unit[0] >= 0)
    chosen: list[str] = []
    for name in rest[:30]:
        kept = complete & ~np.isnan(columns[name])
        if kept.sum() < share * complete.sum():
            continue
        if _estimable([columns[c] for c in (outcome, *chosen, name)], kept, groups):
            complete = kept
            chosen.append(name)
        if len(chosen) == MOST:
            break
    return tuple(chosen)


def _estimable(columns: Sequence[FloatArray], complete: BoolArray, groups: list[Coded]) -> bool:
    """Whether outcome (the first) and regressors vary on their own beyond the effects, with rows to spare."""
    rows = _without_singletons(np.flatnonzero(complete), groups)
    inside = [dense(codes[rows]) for codes, _ in groups]
    spent = len(columns) + sum(count for _, count in inside)
    if rows.size < spent + 5 or inside[0][1] < 3:
        return False
    left: list[FloatArray] = []
    for column in (*columns[1:], columns[0]):
        values = column[rows] / (float(np.abs(column[rows]).max()) or 1.0)
        rest = _residual(values, inside)
        for other in left:
            rest = rest - other * (other @ rest) / (other @ other)
        centred = values - values.mean()
        if float(rest @ rest) <= NOTHING * float(centred @ centred) + TINY:
            return False
        left.append(rest)
    return True


def _residual(values: FloatArray, groups: list[Coded]) -> FloatArray:
    """What the effects leave of a column."""
    rest = values
    for _ in range(ROUNDS if len(groups) > 1 else 1):
        for codes, count in groups:
            means = np.bincount(codes, rest, count) / np.bincount(codes, minlength=count)
            rest = rest - means[codes]
    return np.asarray(rest, dtype=np.float64)


def _without_singletons(rows: IntArray, groups: list[Coded]) -> IntArray:
    """Rows whose unit and period have other rows too."""
    while rows.size:
        keep = np.ones(rows.size, dtype=bool)
        for codes, count in groups:
            keep &= np.bincount(codes[rows], minlength=count)[codes[rows]] > 1
        if keep.all():
            break
        rows = rows[keep]
    return rows
