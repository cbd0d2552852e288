"""Indicators of a composite index: their direction, and how they are brought to 0..1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.problems import MeasureError, places, where

BoolArray = NDArray[np.bool_]

FLAT = 1e-12
"""A column whose range is this small next to its values is constant: what is left is rounding."""


@dataclass(frozen=True)
class Indicator:
    """A column of the index: `direction` 1 where more is better, -1 where less is; `group` its primary indicator.

    `weight` is the declared one, for `weights="declared"`.
    """

    name: str
    direction: int = 1
    group: str = ""
    weight: float | None = None


@dataclass(frozen=True)
class Limits:
    """What is frozen of the sample: smallest and largest value (m,), and which columns do not vary."""

    low: FloatArray
    high: FloatArray
    constant: BoolArray

    def standardise(self, X: FloatArray, direction: FloatArray) -> FloatArray:
        """z (n, m): (x - min)/(max - min), or (max - x)/(max - min) where less is better; 0 for a constant column.

        Rows that were not in the sample may fall outside 0..1.
        """
        spread = np.where(self.constant, 1.0, self.high - self.low)
        z = np.where(direction > 0, X - self.low, self.high - X) / spread
        return np.where(self.constant, 0.0, z)


def limits(X: FloatArray) -> Limits:
    """Limits of complete rows X (n, m)."""
    low, high = X.min(axis=0), X.max(axis=0)
    constant = (high - low) <= FLAT * np.maximum(np.abs(low), np.abs(high))
    return Limits(low, high, constant)


def directions(indicators: Sequence[Indicator]) -> FloatArray:
    """(m,) of 1 and -1."""
    return np.array([indicator.direction for indicator in indicators], dtype=np.float64)


def zero_one(X: FloatArray) -> BoolArray:
    """(m,) which columns of complete rows hold 0 and 1 and nothing else."""
    only: BoolArray = np.all((X == 0) | (X == 1), axis=0)
    both: BoolArray = np.any(X == 0, axis=0) & np.any(X == 1, axis=0)
    return only & both


def checked(X: FloatArray, indicators: Sequence[Indicator], labels: Sequence[str]) -> FloatArray:
    """X as (n, m) floats.

    Raises MeasureError E819 (shape), E820 (an indicator twice), E822 (infinite values), E833 (a direction that is
    neither 1 nor -1, no indicators).
    """
    found = np.asarray(X, dtype=np.float64)
    names = [indicator.name for indicator in indicators]
    if not names:
        raise MeasureError("E833", "an index needs at least one indicator")
    if found.ndim != 2 or found.shape[1] != len(names):
        raise MeasureError("E819", f"{len(names)} indicators are named, the data have shape {found.shape}")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MeasureError("E820", f"{', '.join(twice)} enters the index twice", {"subject": twice[0]})
    for j, indicator in enumerate(indicators):
        if indicator.direction not in (1, -1):
            message = f"the direction of {indicator.name} is 1 (more is better) or -1, not {indicator.direction}"
            raise MeasureError("E833", message, {"subject": indicator.name})
        infinite = where(np.isinf(found[:, j]))
        if infinite.size:
            facts = {"rows": tuple(infinite.tolist()), "subject": indicator.name}
            raise MeasureError("E822", f"{indicator.name} is infinite in {places(infinite, labels)}", facts)
    return found
