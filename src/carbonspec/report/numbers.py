"""Numbers as text: enough digits to read, the same decimals along a row."""

from __future__ import annotations

import math
from collections.abc import Iterable

LEAST_DECIMALS = 3
MOST_DECIMALS = 7
MOST_DIGITS = 9
SCIENTIFIC = -1
"""In place of a number of decimals: too small to be written out."""


def magnitude(x: float) -> int:
    """Floor of log10 |x|; x not zero."""
    return math.floor(math.log10(abs(x)))


def row_decimals(pairs: Iterable[tuple[float, float]]) -> int:
    """Decimals for a row of (estimate, standard error).

    At least three, and as many as show three digits of the larger of the two and two of the standard error; fewer
    where a number would get more than nine digits.
    """
    need, largest = LEAST_DECIMALS, 0.0
    for estimate, error in pairs:
        size = max(abs(estimate), error)
        if not math.isfinite(size) or size == 0:
            continue
        need = max(need, 2 - magnitude(size))
        if error > 0:
            need = max(need, min(1 - magnitude(error), 6 - magnitude(size)))
        largest = max(largest, size)
    if need > MOST_DECIMALS:
        return SCIENTIFIC
    if largest >= 1:
        need = min(need, max(0, MOST_DIGITS - 1 - magnitude(largest)))
    return need


def moment_decimals(values: Iterable[float]) -> int:
    """Decimals for descriptive statistics: four significant digits of the largest of `values` (means and SDs)."""
    sizes = [abs(v) for v in values if math.isfinite(v) and v != 0]
    if not sizes:
        return LEAST_DECIMALS
    need = 3 - magnitude(max(sizes))
    return SCIENTIFIC if need > MOST_DECIMALS else max(0, need)


def fixed(x: float, decimals: int) -> str:
    """x with `decimals` decimals; never "-0.000". Empty for a missing number."""
    if math.isnan(x):
        return ""
    if math.isinf(x):
        return "∞" if x > 0 else "-∞"
    if decimals == SCIENTIFIC:
        return f"{x:.2e}"
    text = f"{x:.{decimals}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def count(x: float) -> str:
    """A whole number, with separators from 10,000 on."""
    return f"{int(x):,}" if abs(x) >= 10_000 else str(int(x))


def probability(p: float, decimals: int = 3) -> str:
    """A p value; below the last printed digit "<0.001"."""
    if math.isnan(p):
        return ""
    smallest = 10.0**-decimals
    return f"<{smallest:.{decimals}f}" if p < smallest else f"{p:.{decimals}f}"


def effect_p(p: float, draws: int) -> str:
    """A p value counted from draws: "<2/1000" where none lies on the other side."""
    return f"<2/{draws}" if p == 0 and draws else probability(p)


def share(x: float) -> str:
    """0.05 → "5%"."""
    return f"{100 * x:g}%"


def general(x: float, digits: int = 7) -> str:
    """A number in running text, at most `digits` significant digits, whole numbers whole."""
    if math.isnan(x):
        return "none"
    if float(x).is_integer() and abs(x) < 1e15:
        return str(int(x))
    text = f"{x:.{digits}g}"
    if "e" in text and 1e-4 <= abs(x) < 1e15:
        return f"{x:.0f}"
    return text


def half_unit(printed: str) -> float:
    """Half a unit of the last digit of a printed number: "0.0351" → 0.00005, "816" → 0.5, "1e-3" → 0.0005."""
    text = printed.strip().replace("_", "").replace(",", "").lstrip("+-−")
    percent = text.endswith("%")
    text = text.rstrip("%")
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    power = (int(exponent) if exponent else 0) - decimals - (2 if percent else 0)
    return 0.5 * float(10.0**power)


def within_printed(obtained: float, value: float, printed: str) -> bool:
    """Whether `obtained` lies within half a unit of the last printed digit of `value`."""
    half = half_unit(printed)
    return abs(obtained - value) <= half * (1 + 1e-9) + 4e-16 * abs(value)


def printed_number(text: str) -> float | None:
    """The number in a printed cell: "(-2.43)" → -2.43, "12,502.278***" → 12502.278; None where there is none."""
    cleaned = text.strip().strip("()[]*†").replace(",", "").replace("−", "-").replace("_", "").strip()
    percent = cleaned.endswith("%")
    try:
        value = float(cleaned.rstrip("%"))
    except ValueError:
        return None
    return value / 100 if percent else value
