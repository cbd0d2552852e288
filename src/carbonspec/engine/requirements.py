"""`require`: data contracts, with the rows that break them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.engine import problems
from carbonspec.engine.columns import condition, evaluate
from carbonspec.engine.table import BoolArray, Column, IntArray, Text, show_number
from carbonspec.engine.wording import wording
from carbonspec.lang.spec import Apply, Expr, Ref, Require
from carbonspec.planner.references import references

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData


class _Before:
    """The panel as a requirement sees it: its variables before `winsorize` and `trim`."""

    def __init__(self, data: PanelData) -> None:
        self.data = data

    @property
    def rows(self) -> int:
        return self.data.rows

    def reference(self, ref: Ref) -> Column:
        return self.data.before_limits(ref)

    def lagged(self, call: Apply, k: int) -> IntArray:
        return self.data.lagged(call, k)

    def aggregate(self, call: Apply, checked: BoolArray) -> Column:
        return self.data.aggregate(call, checked)

    def pooled(self) -> BoolArray:
        return self.data.pooled()

    def shown(self, row: int) -> str:
        return self.data.shown(row)

    def note(self, diagnostic: Diagnostic) -> None:
        self.data.note(diagnostic)


def broken(data: PanelData, requirement: Require) -> Iterator[Diagnostic]:
    """The diagnostic of a requirement that does not hold in every row of the sample, none when it does.

    A missing condition does not hold: `or missing(x)` lets it pass.
    """
    scope = _Before(data)
    try:
        holds, missing = condition(requirement.condition, scope, data.sample)
    except DataError as problem:
        yield from problem.diagnostics
        return
    failing = data.sample & ~holds
    if not failing.any():
        return
    rows = np.flatnonzero(failing)
    shown = _values(requirement.condition, scope, data.sample)
    facts = []
    for row in rows[: problems.SHOWN]:
        cells = ", ".join(f"{name} = {_cell(column, int(row))}" for name, column in shown)
        facts.append(f"{data.shown(int(row))}: {cells}" if cells else data.shown(int(row)))
    if rows.size > problems.SHOWN:
        facts.append(f"… and {rows.size - problems.SHOWN:,} more")
    text = requirement.text or wording(requirement.condition)
    without = int((missing & failing).sum())
    yield problems.broken_requirement(text, int(rows.size) - without, without, facts, requirement.span)


def _values(expression: Expr, scope: _Before, checked: BoolArray) -> list[tuple[str, Column]]:
    """The columns that a condition speaks of, each once."""
    found: dict[str, Column] = {}
    for ref in references(expression):
        if ref.name not in found:
            found[ref.name] = evaluate(ref, scope, checked)
    return list(found.items())


def _cell(column: Column, row: int) -> str:
    if isinstance(column, Text):
        return column.values[column.codes[row]] if column.codes[row] >= 0 else "missing"
    return "missing" if np.isnan(column[row]) else show_number(float(column[row]))
