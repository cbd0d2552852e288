"""The rows of one table as a scope: for `where` on `data`, and inside `sum(customs.value * …)`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.engine import problems
from carbonspec.engine.table import BoolArray, Column, IntArray, TableData
from carbonspec.engine.wording import wording
from carbonspec.lang.spec import Apply, Ref

Elsewhere = Callable[[Ref], Column | None]


class TableScope:
    """A table's own rows. `elsewhere` may know names that are no column of it, already on the same rows."""

    def __init__(self, data: TableData, elsewhere: Elsewhere | None = None) -> None:
        self.data = data
        self.elsewhere = elsewhere
        self.notes: list[Diagnostic] = []

    @property
    def rows(self) -> int:
        return self.data.rows

    def reference(self, ref: Ref) -> Column:
        if self.elsewhere is not None:
            found = self.elsewhere(ref)
            if found is not None:
                return found
        if ref.name not in self.data.columns:
            raise DataError((problems.unknown_column(ref.name, self.data.name, self.data.columns, ref.span),))
        return self.data.columns[ref.name]

    def lagged(self, call: Apply, _k: int) -> IntArray:
        why = f"steps through time, but the rows of `{self.data.name}` are no panel"
        helps = ("declare a `var` of the panel and lag that",)
        raise DataError((problems.mixed_aggregate(wording(call), why, helps, call.span),))

    def aggregate(self, call: Apply, _checked: BoolArray) -> Column:
        why = f"puts rows together inside an expression on the rows of `{self.data.name}`"
        helps = ("declare it as a `var` of the panel first",)
        raise DataError((problems.mixed_aggregate(wording(call), why, helps, call.span),))

    def pooled(self) -> BoolArray:
        return np.ones(self.rows, dtype=bool)

    def shown(self, row: int) -> str:
        return f"row {row + 1:,} of {self.data.name}"

    def note(self, diagnostic: Diagnostic) -> None:
        self.notes.append(diagnostic)
