"""Functions of several rows: over the panel's rows (`by = …`), or over a joined table's rows (`sum(customs.value)`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.transforms import GROUP_FUNCTIONS
from carbonspec.engine import problems
from carbonspec.engine.columns import evaluate
from carbonspec.engine.keys import combine, encode, pairs_of
from carbonspec.engine.table import BoolArray, Column, FloatArray, IntArray, TableData, Text, is_missing, take
from carbonspec.engine.tablescope import TableScope
from carbonspec.engine.wording import wording
from carbonspec.lang.spec import KEY, RAW, Apply, Expr, Ref
from carbonspec.planner.references import references

if TYPE_CHECKING:
    from carbonspec.engine.deferred import PendingJoin
    from carbonspec.engine.frame import Joined, PanelData

COUNTING = ("sum", "count")


def aggregate(data: PanelData, call: Apply, checked: BoolArray) -> Column:
    """The column of an aggregate, one value for each row of the panel.

    Without `by`, columns of a joined table are put together over the rows it has for the panel's row: no such row
    gives 0 for `sum` and `count`, else missing. All else runs over the panel's rows: with `by = id` over all of them,
    otherwise over the sample, and every row of a group gets the group's value. Missing values are skipped.
    """
    if call.function == "unique":
        return _unique(data, call)
    joined = _joined_table(data, call)
    if joined is None:
        return _over_panel(data, call)
    return _over_joined(data, call, joined, checked)


def by_keys(call: Apply) -> tuple[Expr, ...]:
    """The expressions of `by`, none without."""
    for name, value in call.named:
        if name == "by":
            return value.arguments if isinstance(value, Apply) and value.function == "set" else (value,)
    return ()


def _joined_table(data: PanelData, call: Apply) -> Joined | PendingJoin | None:
    """The joined table whose rows an aggregate runs over, None for the panel's own rows."""
    tables = {}
    for argument in call.arguments:
        for ref in references(argument):
            if ref.kind == RAW:
                joined = data.joined_of(ref)
                if joined is not None:
                    tables[joined.table.name] = joined
    many = [joined for joined in tables.values() if joined.many]
    by = by_keys(call)
    if len(many) > 1:
        why = f"mixes columns of {problems.listed(j.table.name for j in many)}"
        helps = ("put each table's rows together on its own: `sum(a.x) * sum(b.y)`",)
        raise DataError((problems.mixed_aggregate(wording(call), why, helps, call.span),))
    if many and by:
        why = f"has a `by`, which groups the panel's rows, but `{many[0].table.name}` has many rows for each of those"
        helps = (f"first `var total = {wording(call.replace(named=()))}`, then `{call.function}(total, by = …)`",)
        raise DataError((problems.mixed_aggregate(wording(call), why, helps, call.span),))
    if many:
        return many[0]
    if len(tables) == 1 and not by and call.function in COUNTING:
        return next(iter(tables.values()))
    if tables and not by:
        why = f"could mean the rows of `{next(iter(tables))}`, here one for each row of the panel, or the whole panel"
        ways = ("declare a `var` of the column and aggregate that", "or name the rows to put together: `by = …`")
        raise DataError((problems.mixed_aggregate(wording(call), why, ways, call.span),))
    return None


def _over_panel(data: PanelData, call: Apply) -> Column:
    by = by_keys(call)
    history = any(isinstance(key, Ref) and key.kind == KEY and key.name == "id" for key in by)
    pool = np.ones(data.rows, dtype=bool) if history else data.sample
    if by:
        codes, count = combine([encode(evaluate(key, data, pool)) for key in by])
    else:
        codes, count = np.zeros(data.rows, dtype=np.int64), 1
    values: Column = np.ones(data.rows)
    if call.arguments:
        values = evaluate(call.arguments[0], data, pool)
    return take(_grouped(call, values, np.where(pool, codes, -1), count), codes)


def _over_joined(data: PanelData, call: Apply, joined: Joined | PendingJoin, checked: BoolArray) -> Column:
    inside = call.arguments[0]
    wanted = np.zeros(joined.count + 1, dtype=bool)
    wanted[joined.left_codes[checked]] = True
    wanted[-1] = False
    foreign = any(not data.is_column_of(ref, joined) for ref in references(inside))
    if not foreign:
        scope = TableScope(joined.table)
        values = evaluate(inside, scope, wanted[joined.right_codes])
        groups, count = joined.right_codes, joined.count
    else:
        rows, found = pairs_of(joined.left_codes, joined.right_codes, joined.count)
        expanded = TableData(joined.table.name, joined.table.take(found), int(found.size))
        scope = TableScope(
            expanded, lambda ref: None if data.is_column_of(ref, joined) else take(data.reference(ref), rows)
        )
        values = evaluate(inside, scope, checked[rows])
        groups, count = rows, data.rows
    data.notes(scope.notes)
    result = _grouped(call, values, groups, count)
    spread = take(result, np.arange(data.rows) if foreign else joined.left_codes)
    if call.function in COUNTING and not isinstance(spread, Text):
        rows_found = np.append(np.bincount(joined.right_codes[joined.right_codes >= 0], minlength=joined.count), 0)
        spread = np.where(rows_found[joined.left_codes] == 0, 0.0, spread)
    return spread


def _grouped(call: Apply, values: Column, codes: IntArray, count: int) -> Column:
    """One value for each group; text can be counted, and its first and last value taken."""
    function = GROUP_FUNCTIONS[call.function]
    if not isinstance(values, Text):
        return function(values, codes, count)
    numbers: FloatArray = np.where(is_missing(values), np.nan, values.codes.astype(np.float64))
    if call.function == "count":
        return function(numbers, codes, count)
    if call.function not in ("first", "last"):
        raise DataError((problems.text_as_number(wording(call.arguments[0]), 0, 0, (), call.span),))
    found = function(numbers, codes, count)
    return Text(np.where(np.isnan(found), -1, np.nan_to_num(found)).astype(np.int64), values.values)


def _unique(data: PanelData, call: Apply) -> FloatArray:
    """1 where a row of the sample is the only one with its combination of values, 0 where others share it."""
    columns = [encode(evaluate(argument, data, data.sample)) for argument in call.arguments]
    codes, count = combine(columns)
    inside = np.where(data.sample, codes, -1)
    n = np.append(np.bincount(inside[inside >= 0], minlength=count), 0)
    return np.where(codes >= 0, (n[codes] == 1).astype(np.float64), np.nan)
