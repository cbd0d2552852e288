"""Cells of text → numbers or text, as a person would read them, with a count of everything that was interpreted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from carbonspec.engine.table import Column, IntArray, Text

MISSING = frozenset(
    ["", "NA", "N/A", "n/a", "#N/A", "#NA", "NaN", "nan", "NULL", "null", "None", *".-–—…", "..", "...", "--"]
)
"""Spellings of a missing cell."""

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?([eE][+-]?\d+)?$")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+$")
_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3}){2,}$")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_LEADING_ZERO = re.compile(r"0\d+$")
_TRUTH = {"TRUE": 1.0, "True": 1.0, "true": 1.0, "FALSE": 0.0, "False": 0.0, "false": 0.0}
_EXACT = 2**53


@dataclass
class Reading:
    """What was interpreted in one column: cells by spelling of missing, and by kind of repair."""

    missing: Counter[str] = field(default_factory=Counter)
    thousands: int = 0
    full_width: int = 0
    decimal_commas: int = 0
    truth: int = 0
    leading_zeros: str = ""  # an example of a number that lost its zeros
    too_long: str = ""  # an example of a whole number too long for a float: the column stays text


def parse(codes: IntArray, values: list[str], *, text: bool, decimal_comma: bool = False) -> tuple[Column, Reading]:
    """A column from codes into distinct cells.

    With `text` the cells stay as they are and only empty ones are missing. Otherwise the column is numbers when every
    cell that is not missing is a number, else text.
    """
    counts = np.bincount(codes[codes >= 0], minlength=len(values)).tolist()
    reading = Reading()
    if text:
        kept = [value.strip() or None for value in values]
        reading.missing[""] = sum(n for n, value in zip(counts, kept, strict=True) if value is None)
        return Text.coded(codes, kept), reading
    trimmed = [value.strip() for value in values]
    decimal_comma = decimal_comma and not any(_GROUPS.match(cell) for cell in trimmed)  # `1,234,567` groups thousands
    numbers: list[float] = []
    numeric = True
    for cell, count in zip(trimmed, counts, strict=True):
        plain = unicodedata.normalize("NFKC", cell) if not cell.isascii() else cell
        if plain in MISSING or cell in MISSING:
            reading.missing[cell] += count
            numbers.append(np.nan)
            continue
        number = number_in(plain, decimal_comma)
        if number is None:
            numeric = False
            break
        numbers.append(number)
        _note(reading, cell, plain, count, decimal_comma)
    if numeric and not reading.too_long:
        return np.array([*numbers, np.nan])[codes], reading
    truth = _truth(codes, trimmed, counts)
    if truth is not None:
        return truth
    return _as_text(codes, trimmed, counts, reading.too_long)


def number_in(cell: str, decimal_comma: bool = False) -> float | None:
    """The number a cell shows, None when it shows none."""
    if _NUMBER.match(cell):
        number = float(cell)
        return number if np.isfinite(number) else None
    if decimal_comma and _DECIMAL_COMMA.match(cell):
        return float(cell.replace(",", "."))
    if _THOUSANDS.match(cell):
        return float(cell.replace(",", ""))
    return None


def _note(reading: Reading, cell: str, plain: str, count: int, decimal_comma: bool) -> None:
    if plain != cell:
        reading.full_width += count
    if "," in plain:
        if decimal_comma and _DECIMAL_COMMA.match(plain):
            reading.decimal_commas += count
        else:
            reading.thousands += count
    if not reading.leading_zeros and _LEADING_ZERO.match(plain):
        reading.leading_zeros = cell
    if len(plain) > 15 and plain.isdigit() and int(plain) > _EXACT:
        reading.too_long = cell


def _truth(codes: IntArray, cells: list[str], counts: list[int]) -> tuple[Column, Reading] | None:
    """A column of TRUE and FALSE as 1 and 0."""
    if not any(cell in _TRUTH for cell in cells) or any(cell not in _TRUTH and cell not in MISSING for cell in cells):
        return None
    reading = Reading()
    for cell, count in zip(cells, counts, strict=True):
        if cell in _TRUTH:
            reading.truth += count
        else:
            reading.missing[cell] += count
    return np.array([*(_TRUTH.get(cell, np.nan) for cell in cells), np.nan])[codes], reading


def _as_text(codes: IntArray, cells: list[str], counts: list[int], too_long: str) -> tuple[Column, Reading]:
    reading = Reading(too_long=too_long)
    kept: list[str | None] = []
    for cell, count in zip(cells, counts, strict=True):
        if cell in MISSING:
            reading.missing[cell] += count
        kept.append(None if cell in MISSING else cell)
    return Text.coded(codes, kept), reading
