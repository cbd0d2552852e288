"""The scale of a map: one for all panels, with round ends for its bar."""

from __future__ import annotations

import math
from collections.abc import Iterable

from carbonspec.report.figures.colours import ink_on, position, shade
from carbonspec.report.figures.numerals import Numerals


class Scale:
    """Values → colours, light for the smallest of all panels and dark for the largest; `numerals` writes them."""

    def __init__(self, values: Iterable[float]) -> None:
        known = [v for v in values if math.isfinite(v)]
        self.low, self.high = min(known), max(known)
        self.numerals = Numerals(known)

    @property
    def flat(self) -> bool:
        """Whether all values are one."""
        return self.high <= self.low

    def colour(self, value: float) -> str:
        return shade(position(value, self.low, self.high))

    def ink(self, value: float) -> str:
        """The colour of a text on the colour of `value`."""
        return ink_on(position(value, self.low, self.high))
