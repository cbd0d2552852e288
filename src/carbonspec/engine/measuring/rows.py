"""Whose rows a measure works on: the panel's, or those of a table that the panel joins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.measures.keys import Keys, number_names
from carbonspec.econometrics.transforms import GROUP_FUNCTIONS
from carbonspec.engine import problems
from carbonspec.engine.aggregates import by_keys
from carbonspec.engine.columns import evaluate
from carbonspec.engine.keys import combine, encode
from carbonspec.engine.table import BoolArray, Column, FloatArray, IntArray, TableData, Text, take
from carbonspec.engine.tablescope import TableScope
from carbonspec.engine.wording import wording
from carbonspec.lang.spec import Apply, Expr

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData


class Names(Sequence[str]):
    """What messages call each row, made only for the rows they show."""

    def __init__(self, rows: int, name: Callable[[int], str]) -> None:
        self._rows, self._name = rows, name

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, row: int) -> str: ...

    @overload
    def __getitem__(self, row: slice) -> list[str]: ...

    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self._name(one) for one in range(*row.indices(self._rows))]
        if not -self._rows <= row < self._rows:
            raise IndexError(row)
        return self._name(row % self._rows)


class MeasureScope(TableScope):
    """All rows of a table as a scope; unlike elsewhere, `sum(x, by = year)` runs over the table's own rows."""

    def aggregate(self, call: Apply, checked: BoolArray) -> Column:
        if call.function not in GROUP_FUNCTIONS:
            return super().aggregate(call, checked)
        by = by_keys(call)
        codes, count = np.zeros(self.rows, dtype=np.int64), 1
        if by:
            codes, count = combine([encode(evaluate(key, self, checked)) for key in by])
        values = evaluate(call.arguments[0], self, checked)
        if isinstance(values, Text):
            raise DataError((problems.text_as_number(wording(call.arguments[0]), 0, 0, (), call.span),))
        return take(GROUP_FUNCTIONS[call.function](values, codes, count), codes)


class TableRows:
    """The rows of the table a measure reads, and how a value of theirs gets to the panel's rows."""

    def __init__(self, data: PanelData, name: str) -> None:
        self.data = data
        self.joined = data.joins.get(name)
        self.table: TableData = data.table if self.joined is None else self.joined.table
        self.scope = MeasureScope(self.table)
        self._panel_row: IntArray | None = None

    @property
    def names(self) -> Names:
        """The panel's name of each row, `Beijing 2012`; of rows the panel does not use, their number in the table."""
        return Names(self.table.rows, self._name)

    def _name(self, row: int) -> str:
        if self._panel_row is None:
            self._panel_row = np.full(self.table.rows + 1, -1, dtype=np.int64)
            found = self.data.order if self.joined is None else self.joined.row
            self._panel_row[found] = np.arange(self.data.rows)  # -1 lands on the last place
            self._panel_row[-1] = -1
        panel = int(self._panel_row[row])
        if panel < 0:
            return f"row {row + 1:,} of {self.table.name}"
        return self.data.shown(panel).replace(", ", " ")

    def values(self, expression: Expr) -> FloatArray:
        """(table rows,) numbers of an expression over the table's columns."""
        found = evaluate(expression, self.scope, np.ones(self.table.rows, dtype=bool))
        if isinstance(found, Text):
            raise DataError((problems.text_as_number(wording(expression), 0, 0, (), expression.span),))
        return np.array(found, dtype=np.float64)

    def to_panel(self, values: FloatArray) -> FloatArray:
        """(panel rows,): the value of the one row found, or the sum over several; missing without one."""
        if self.joined is None:
            return np.asarray(take(values, self.data.order), dtype=np.float64)
        if not self.joined.many:
            return np.asarray(take(values, self.joined.row), dtype=np.float64)
        codes: Any = self.joined.right_codes
        inside = codes >= 0
        sums = np.bincount(codes[inside], values[inside], minlength=self.joined.count + 1)
        rows = np.bincount(codes[inside], minlength=self.joined.count + 1)
        sums = np.where(rows > 0, sums, np.nan)
        sums[-1] = np.nan
        return np.asarray(sums[self.joined.left_codes], dtype=np.float64)

    @property
    def several(self) -> int:
        """The most rows of the table that one row of the panel finds."""
        return 1 if self.joined is None else max(1, self.joined.most)


def panel_values(data: PanelData, expression: Expr) -> FloatArray:
    """(rows,) numbers of an expression over the panel, also outside the sample, which a stock sees."""
    found = data.values(expression, np.ones(data.rows, dtype=bool))
    if isinstance(found, Text):
        raise DataError((problems.text_as_number(wording(expression), 0, 0, (), expression.span),))
    return np.array(found, dtype=np.float64)


def keys_of(data: PanelData) -> Keys:
    """The panel's rows as the library names them."""
    first = np.searchsorted(data.unit, np.arange(data.unit_count))
    return Keys(data.unit, data.ticks, _texts(take(data.key("id"), first)), period_names(data))


def period_names(data: PanelData) -> tuple[str, ...]:
    """What each tick of the clock is called."""
    last = int(data.ticks.max())
    if not data.clock.unit:
        return number_names(data.clock, last)
    row = np.full(last + 1, -1, dtype=np.int64)
    row[data.ticks[::-1]] = np.arange(data.rows)[::-1]
    names = _texts(take(data.key("time"), row))
    return tuple(name or f"period {tick + 1}" for tick, name in enumerate(names))


def periods(data: PanelData) -> IntArray:
    """(rows,) the period of each row as a whole number: the year where the clock counts years."""
    return data.ticks * data.clock.step + data.clock.origin


def _texts(column: Column) -> tuple[str, ...]:
    from carbonspec.engine.table import as_text

    found = as_text(column)
    return tuple(found.values[code] if code >= 0 else "" for code in found.codes.tolist())
