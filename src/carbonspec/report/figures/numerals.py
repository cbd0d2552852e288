"""Numbers in figures: one form for all values of a picture, short enough for a tile."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

_POWER = re.compile(r"\^(-?\d{1,3})(?![\d.])")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset(text: str) -> str:
    """A title as it is printed: `10^4 t` with its power raised."""
    return _POWER.sub(lambda found: found[1].translate(_RAISED), text)


class Numerals:
    """Writes the values of one figure with the same decimals, about three digits of the largest."""

    def __init__(self, values: Iterable[float]) -> None:
        sizes = [abs(v) for v in values if math.isfinite(v)]
        largest = max(sizes, default=0.0)
        self._power = math.floor(math.log10(largest)) if largest > 0 else 0
        self._decimals = min(4, max(0, 2 - max(self._power, 0)))
        if -4 <= self._power < -1:
            self._decimals = min(5, 1 - self._power)

    def text(self, value: float) -> str:
        """ "0.38", "25,824", "1.23M", "1.2e-07"; with a minus and not a hyphen."""
        if self._power < -4 or self._power >= 9:
            shown = f"{value:.1e}"
        elif self._power >= 6:
            shown = f"{value / 1e6:.{max(0, 8 - self._power)}f}M"
        elif self._power >= 4:
            shown = f"{value:,.0f}"
        else:
            shown = f"{value:.{self._decimals}f}"
        return shown.replace("-", "−") if shown.strip("-0.M") else shown.lstrip("-")
