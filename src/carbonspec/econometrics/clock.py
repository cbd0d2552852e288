"""The panel's clock: time values as whole ticks, and rows moved by ticks, so that a gap stays a gap."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_QUARTER = re.compile(r"(\d{4})[- ]?[Qq]([1-4])$")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


LATEST = 1e11
"""Whole numbers beyond this are no time; it also keeps unit x tick inside 64 bits."""


@dataclass(frozen=True)
class Clock:
    """How time values became ticks: tick = (value - origin) / step, in units of `unit`.

    `unit` is "" for plain numbers such as years, else day, month or quarter.
    """

    origin: int
    step: int
    unit: str = ""


@dataclass(frozen=True)
class Ticks:
    """Ticks (n,) of the rows, from 0 for the first time value, and the clock behind them."""

    ticks: IntArray
    clock: Clock


class TimeError(ValueError):
    """Values that are no time: `values` shows some of them."""

    def __init__(self, values: tuple[str, ...]) -> None:
        super().__init__(", ".join(values))
        self.values = values


def number_ticks(values: FloatArray) -> Ticks:
    """Ticks of whole numbers such as years; the step is the greatest common divisor of their differences.

    Raises
    ------
    TimeError: a value is not a whole number, or larger than any time.
    """
    distinct = np.unique(values)
    bad = distinct[(distinct != np.round(distinct)) | (np.abs(distinct) > LATEST)]
    if bad.size:
        raise TimeError(tuple(repr(float(v)) for v in bad[:5]))
    return _ticked(values.astype(np.int64), distinct.astype(np.int64), "")


def text_ticks(codes: IntArray, values: tuple[str, ...]) -> Ticks:
    """Ticks of dates written as text: `2012-01-31`, `2012-01`, `2012Q1`, or years.

    Days that always fall on the same day of the month, or on its last, count as months.

    Raises
    ------
    TimeError: a value is no date.
    """
    numbers, unit = _dates(values)
    table = np.array(numbers or [0], dtype=np.int64)
    return _ticked(table[codes], np.unique(table), unit)


def _ticked(values: IntArray, distinct: IntArray, unit: str) -> Ticks:
    origin = int(distinct[0]) if distinct.size else 0
    step = math.gcd(*(int(d) for d in np.unique(np.diff(distinct)))) if distinct.size > 1 else 1
    return Ticks((values - origin) // step, Clock(origin, step, unit))


def _dates(values: tuple[str, ...]) -> tuple[list[int], str]:
    found: list[tuple[str, int, int, int]] = [_date(value) for value in values]
    bad = tuple(value for value, parts in zip(values, found, strict=True) if not parts[0])
    kinds = {parts[0] for parts in found}
    if bad or len(kinds) > 1:
        raise TimeError(bad[:5] or tuple(values[:5]))
    kind = next(iter(kinds), "year")
    if kind == "year":
        return [year for _, year, _, _ in found], ""
    if kind == "quarter":
        return [4 * year + quarter - 1 for _, year, quarter, _ in found], "quarter"
    days = {day for _, _, _, day in found}
    if kind == "month" or len(days) == 1 or all(_last_day(year, month) == day for _, year, month, day in found):
        return [12 * year + month - 1 for _, year, month, _ in found], "month"
    return [date(year, month, day).toordinal() for _, year, month, day in found], "day"


def _date(text: str) -> tuple[str, int, int, int]:
    """(kind, year, month or quarter, day); kind "" when it is no date."""
    day = _DAY.match(text)
    if day:
        year, month, number = (int(part) for part in day.groups())
        try:
            date(year, month, number)
        except ValueError:
            return ("", 0, 0, 0)
        return ("day", year, month, number)
    quarter = _QUARTER.match(text)
    if quarter:
        return ("quarter", int(quarter[1]), int(quarter[2]), 0)
    if re.fullmatch(r"\d{4}", text):
        return ("year", int(text), 0, 0)
    month_match = re.fullmatch(r"(\d{4})(?:[-/.]|[Mm])(\d{1,2})", text)
    if month_match and 1 <= int(month_match[2]) <= 12:
        return ("month", int(month_match[1]), int(month_match[2]), 0)
    return ("", 0, 0, 0)


def _last_day(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following.toordinal() - date(year, month, 1).toordinal()) if month else 0


def lagged_rows(units: IntArray, ticks: IntArray, k: int) -> IntArray:
    """(n,) the row of the same unit k ticks earlier (later when k < 0), -1 where there is none.

    Rows are sorted by unit, then tick, each pair once.
    """
    n = units.size
    rows = np.arange(n, dtype=np.int64)
    if k == 0 or n == 0:
        return rows
    guess = rows - k
    inside = (guess >= 0) & (guess < n)
    safe = np.where(inside, guess, 0)
    same = inside & (units[safe] == units)
    hit = same & (ticks - ticks[safe] == k)
    result = np.where(hit, safe, -1)
    open_rows = np.flatnonzero(~hit)  # near a unit's start, or near a gap
    if open_rows.size:
        span = int(ticks.max()) + abs(k) + 1
        key = units * (2 * span) + ticks
        wanted = units[open_rows] * (2 * span) + ticks[open_rows] - k
        place = np.minimum(np.searchsorted(key, wanted), n - 1)
        ok = (key[place] == wanted) & (units[place] == units[open_rows])
        result[open_rows[ok]] = place[ok]
    return result
