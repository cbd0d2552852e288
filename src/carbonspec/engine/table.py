"""A table in memory: numbers as float arrays (NaN missing), text as codes into its sorted values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.report.run import DataFile, LedgerEntry

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Text:
    """A text column: `values` sorted and distinct, `codes` (n,) into them, -1 where the cell is missing."""

    __slots__ = ("codes", "values")

    def __init__(self, codes: IntArray, values: tuple[str, ...]) -> None:
        self.codes = codes
        self.values = values

    @classmethod
    def of(cls, cells: Iterable[str | None]) -> Text:
        """From the cells themselves; None is missing."""
        cells = list(cells)
        values = sorted({cell for cell in cells if cell is not None})
        place: dict[str | None, int] = {value: code for code, value in enumerate(values)}
        place[None] = -1
        return cls(np.fromiter((place[cell] for cell in cells), np.int64, len(cells)), tuple(values))

    @classmethod
    def coded(cls, codes: IntArray, values: Iterable[str | None]) -> Text:
        """From codes into `values` in any order, with repeats or None among them."""
        values = list(values)
        kept = sorted({value for value in values if value is not None})
        place = {value: code for code, value in enumerate(kept)}
        renumber = np.array([place[v] if v is not None else -1 for v in values] + [-1], dtype=np.int64)
        return cls(renumber[codes], tuple(kept))

    def __len__(self) -> int:
        return int(self.codes.size)

    def objects(self) -> NDArray[np.object_]:
        """The cells as Python strings, None where missing."""
        values = np.array([*self.values, None], dtype=object)
        return np.asarray(values[self.codes], dtype=object)


Column = FloatArray | Text


def take(column: Column, rows: IntArray) -> Column:
    """The column at `rows`; row -1 gives a missing cell."""
    if isinstance(column, Text):
        if not len(column):
            return Text(np.full(rows.shape, -1, np.int64), ())
        return Text(np.where(rows >= 0, column.codes[rows], -1), column.values)
    if not column.size:
        return np.full(rows.shape, np.nan)
    return np.asarray(np.where(rows >= 0, column[rows], np.nan), dtype=np.float64)


def is_missing(column: Column) -> BoolArray:
    """(n,) True where the cell is missing."""
    if isinstance(column, Text):
        return np.asarray(column.codes < 0)
    return np.asarray(np.isnan(column))


def stacked(parts: list[Column]) -> Column:
    """Columns of several files, one below the other; text when any part is text and none holds numbers."""
    if all(isinstance(part, Text) for part in parts):
        values: list[str] = []
        codes = []
        for part in parts:
            assert isinstance(part, Text)
            codes.append(np.where(part.codes >= 0, part.codes + len(values), -1))
            values.extend(part.values)
        return Text.coded(np.concatenate(codes), values)
    return np.concatenate([np.asarray(part, dtype=np.float64) for part in parts if not isinstance(part, Text)])


def as_text(column: Column) -> Text:
    """A column as text: a whole number as its digits, others as Python prints them."""
    if isinstance(column, Text):
        return column
    values, codes = np.unique(column, return_inverse=True)
    return Text.coded(codes.astype(np.int64), [None if np.isnan(v) else show_number(float(v)) for v in values])


def show_number(value: float) -> str:
    """2012.0 as `2012`, 0.25 as `0.25`."""
    return str(int(value)) if np.isfinite(value) and value == int(value) and abs(value) < 1e15 else repr(float(value))


@dataclass(frozen=True)
class TableData:
    """A `data` table that was read.

    `simulated` is non-empty when the table says that it is simulated: the text of its column `simulated`.
    `value_labels` and `labels` come from labelled Stata and SPSS files: numeric codes stay numbers and keep their
    labels, in the file's order. `key` names what a row is in messages ("row 12 of data/x.csv").
    """

    name: str
    columns: Mapping[str, Column]
    rows: int
    files: tuple[DataFile, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    notices: tuple[Diagnostic, ...] = ()
    simulated: str = ""
    value_labels: dict[str, tuple[tuple[float, str], ...]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def take(self, rows: IntArray) -> dict[str, Column]:
        """All columns at `rows`."""
        return {name: take(column, rows) for name, column in self.columns.items()}
