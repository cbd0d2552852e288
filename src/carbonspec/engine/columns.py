"""Expressions → columns. A scope says what a name means and which rows there are; this file knows the operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.econometrics.transforms import (
    DOMAINS,
    GROUP_FUNCTIONS,
    SAMPLE_FUNCTIONS,
    TIME_OPERATORS,
    VALUE_FUNCTIONS,
)
from carbonspec.engine import problems
from carbonspec.engine.cells import number_in
from carbonspec.engine.keys import combine, encode
from carbonspec.engine.table import BoolArray, Column, FloatArray, IntArray, Text, is_missing, show_number, take
from carbonspec.engine.wording import wording
from carbonspec.lang.spec import Apply, Expr, Literal, Ref


class Scope(Protocol):
    """Rows, and what a name means on them."""

    @property
    def rows(self) -> int: ...

    def reference(self, ref: Ref, /) -> Column:
        """The column behind a name."""

    def lagged(self, call: Apply, k: int, /) -> IntArray:
        """(rows,) the row k ticks earlier, -1 where there is none."""

    def aggregate(self, call: Apply, checked: BoolArray, /) -> Column:
        """A function of several rows."""

    def pooled(self) -> BoolArray:
        """The rows over which `center` and `scale` take their statistics."""

    def shown(self, row: int, /) -> str:
        """A row as messages call it: `Beijing, 2012`."""

    def note(self, diagnostic: Diagnostic, /) -> None:
        """Something to be told that is no error."""


def evaluate(expression: Expr, scope: Scope, checked: BoolArray) -> Column:
    """The column (rows,) of an expression. Conditions give 1, 0 or missing.

    `checked` are the rows whose value is wanted: only there is a logarithm of zero an error.

    Raises
    ------
    DataError: E408 unknown column, E413 several rows, E420 text as a number, E421 outside a function's domain, ….
    """
    found = _value(expression, scope, checked)
    if isinstance(found, Text):
        if found.codes.shape == ():
            return Text(np.full(scope.rows, int(found.codes)), found.values)
        return found
    return np.broadcast_to(found, (scope.rows,))


def condition(expression: Expr, scope: Scope, checked: BoolArray) -> tuple[BoolArray, BoolArray]:
    """(holds, missing) of a condition, row by row."""
    values = numbers(expression, scope, checked)
    values = np.broadcast_to(values, (scope.rows,))
    missing = np.isnan(values)
    return ~missing & (values != 0), missing


def numbers(expression: Expr, scope: Scope, checked: BoolArray) -> FloatArray:
    """The expression as numbers; text is an error that shows the cells that are none."""
    found = _value(expression, scope, checked)
    if isinstance(found, Text):
        raise DataError((_not_numbers(expression, found, scope),))
    return found


def _not_numbers(expression: Expr, found: Text, scope: Scope) -> Diagnostic:
    wrong = np.array([number_in(value) is None for value in found.values] + [False])
    codes = np.broadcast_to(found.codes, (scope.rows,))
    rows = np.flatnonzero(wrong[codes])
    cells = int((codes >= 0).sum())
    few = rows.size * 2 <= cells
    facts = [f"{scope.shown(int(row))}: {found.values[codes[row]]}" for row in rows[: problems.SHOWN]] if few else []
    name = wording(expression)
    if not rows.size:  # digits kept as text
        return problems.text_as_number(name, 0, cells, (), expression.span)
    return problems.text_as_number(name, cells - rows.size if few else 0, cells, facts, expression.span)


def _value(expression: Expr, scope: Scope, checked: BoolArray) -> Column:
    if isinstance(expression, Ref):
        return scope.reference(expression)
    if isinstance(expression, Literal):
        if isinstance(expression.value, str):
            return Text(np.array(0), (expression.value,))
        return np.array(float(expression.value))
    assert isinstance(expression, Apply)
    name = expression.function
    if name in _OPERATORS:
        return _OPERATORS[name](expression, scope, checked)
    if name in TIME_OPERATORS:
        return _moved(expression, scope, checked)
    if name in GROUP_FUNCTIONS or name == "unique":
        with np.errstate(over="ignore", invalid="ignore"):
            found = scope.aggregate(expression, checked)
        if isinstance(found, Text) or not np.isinf(found).any():
            return found
        return _finite(found, [np.where(np.isinf(found), 0.0, np.nan)], expression, scope, checked)
    if name in SAMPLE_FUNCTIONS:
        values = np.broadcast_to(numbers(expression.arguments[0], scope, checked | scope.pooled()), (scope.rows,))
        return _finite(SAMPLE_FUNCTIONS[name](values, scope.pooled()), [values], expression, scope, checked)
    if name in VALUE_FUNCTIONS:
        return _function(expression, scope, checked)
    raise DataError((problems.cannot_compute(name, expression.span),))


# --- arithmetic ---------------------------------------------------------------------------------------


def _divide(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(np.divide(a, b))


_ARITHMETIC: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    ":": np.multiply,
    "/": _divide,
    "^": np.power,
}


def _arithmetic(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    operands = [numbers(argument, scope, checked) for argument in call.arguments]
    operate = _ARITHMETIC[call.function]
    with np.errstate(all="ignore"):
        result = operands[0]
        for operand in operands[1:]:
            result = operate(result, operand)
    return _finite(result, operands, call, scope, checked)


def _negative(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    return np.negative(numbers(call.arguments[0], scope, checked))


def _finite(
    result: FloatArray, operands: list[FloatArray], call: Apply, scope: Scope, checked: BoolArray
) -> FloatArray:
    """The result with infinities and undefined values made missing; those in wanted rows are noted."""
    result = np.asarray(result, dtype=np.float64)
    broken = ~np.isfinite(result)
    if not broken.any():
        return result
    for operand in operands:
        broken = broken & ~np.isnan(operand)
    if broken.any():
        wanted = np.broadcast_to(broken, (scope.rows,)) & checked
        count = int(wanted.sum())
        if count:
            why = "divides by zero" if call.function == "/" else "has no finite value"
            first = scope.shown(int(np.flatnonzero(wanted)[0]))
            message = f"`{wording(call)}` {why} in {problems.counted(count, 'row')} (first: {first}): missing there"
            scope.note(Diagnostic("W446", "warning", message, call.span))
        result = np.where(np.isfinite(result), result, np.nan)
    return result


def _function(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    argument = call.arguments[0]
    if call.function == "missing":
        return is_missing(evaluate(argument, scope, checked)).astype(np.float64)
    if call.function == "I":
        return _value(argument, scope, checked)
    values = numbers(argument, scope, checked)
    if call.function in DOMAINS:
        said, outside = DOMAINS[call.function]
        wrong = np.broadcast_to(outside(values), (scope.rows,)) & checked
        if wrong.any():
            every = np.broadcast_to(values, (scope.rows,))
            rows = np.flatnonzero(wrong)
            facts = [f"{scope.shown(int(row))}: {show_number(float(every[row]))}" for row in rows[: problems.SHOWN]]
            raise DataError((problems.outside_domain(wording(call), said, rows.size, facts, call.span),))
        return VALUE_FUNCTIONS[call.function](values)
    return _finite(VALUE_FUNCTIONS[call.function](values), [values], call, scope, checked)


# --- time ---------------------------------------------------------------------------------------------


def _moved(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    argument = call.arguments[0]
    order = call.arguments[1] if len(call.arguments) > 1 else Literal(1.0)
    assert isinstance(order, Literal)
    k = int(float(order.value))
    if call.function in ("L", "F"):
        rows = scope.lagged(call, k if call.function == "L" else -k)
        return take(evaluate(argument, scope, _sources(rows, checked)), rows)
    if call.function == "S":
        rows = scope.lagged(call, k)
        values = np.broadcast_to(numbers(argument, scope, checked | _sources(rows, checked)), (scope.rows,))
        return np.asarray(values - np.asarray(take(values, rows)))
    rows = scope.lagged(call, 1)
    wanted = checked
    for _ in range(k):
        wanted = wanted | _sources(rows, wanted)
    values = np.broadcast_to(numbers(argument, scope, wanted), (scope.rows,))
    for _ in range(k):
        values = values - np.asarray(take(values, rows))
    return np.asarray(values)


def _sources(rows: IntArray, checked: BoolArray) -> BoolArray:
    """The rows that feed the checked ones through a lag."""
    fed = np.zeros(checked.shape, dtype=bool)
    used = rows[checked]
    fed[used[used >= 0]] = True
    return fed


# --- conditions ---------------------------------------------------------------------------------------

_COMPARISONS: dict[str, Callable[[FloatArray, FloatArray], BoolArray]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


def _compared(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    left, right = call.arguments
    return _comparison(call.function, left, _value(left, scope, checked), right, scope, checked)


def _comparison(operator: str, left: Expr, a: Column, right: Expr, scope: Scope, checked: BoolArray) -> FloatArray:
    b = _value(right, scope, checked)
    if isinstance(a, Text) != isinstance(b, Text):
        raise DataError((_mixed(left, a, right),))
    if isinstance(a, Text) and isinstance(b, Text):
        if a.values != b.values:
            a, b = _shared(a, b)
        missing = (a.codes < 0) | (b.codes < 0)
        holds = _COMPARISONS[operator](a.codes.astype(np.float64), b.codes.astype(np.float64))
    else:
        assert not isinstance(a, Text)
        assert not isinstance(b, Text)
        missing = np.isnan(a) | np.isnan(b)
        holds = _COMPARISONS[operator](a, b)
    return np.where(missing, np.nan, holds)


def _shared(a: Text, b: Text) -> tuple[Text, Text]:
    values = tuple(sorted({*a.values, *b.values}))
    place = {value: code for code, value in enumerate(values)}
    both = []
    for text in (a, b):
        renumber = np.array([*(place[value] for value in text.values), -1], dtype=np.int64)
        both.append(Text(np.asarray(renumber[text.codes]), values))
    return both[0], both[1]


def _mixed(left: Expr, a: Column, right: Expr) -> Diagnostic:
    text, number = (left, right) if isinstance(a, Text) else (right, left)
    shown = f"{wording(text)} and {wording(number)}"
    if isinstance(text, Literal):
        digits = number_in(str(text.value)) is not None
        help_text = f"write {text.value} without quotes" if digits else f"`{wording(number)}` holds numbers"
    elif isinstance(number, Literal):
        help_text = f'write "{wording(number)}" in quotes'
    else:
        help_text = f"read both the same way (`text` on the `data` statement): {shown}"
    return problems.mixed_comparison(wording(text), wording(number), help_text, left.span)


def _contained(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    left, members = call.arguments
    assert isinstance(members, Apply)
    values = _value(left, scope, checked)
    if members.function == "range":
        low, high = members.arguments
        above = _comparison(">=", left, values, low, scope, checked)
        below = _comparison("<=", left, values, high, scope, checked)
        return np.where(np.isnan(above) | np.isnan(below), np.nan, (above == 1) & (below == 1))
    found = np.zeros(1, dtype=bool)
    missing = is_missing(values)
    for member in members.arguments:
        if isinstance(member, Apply) and member.function == "range":
            inside = _contained(call.replace(arguments=(left, member)), scope, checked)
            found = found | (np.asarray(inside) == 1)
        else:
            found = found | (_comparison("==", left, values, member, scope, checked) == 1)
    return np.where(missing, np.nan, found)


def _not_contained(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    inside = np.asarray(_contained(call, scope, checked))
    return np.asarray(1 - inside)


def _truth(expression: Expr, scope: Scope, checked: BoolArray) -> FloatArray:
    values = numbers(expression, scope, checked)
    return np.where(np.isnan(values), np.nan, values != 0)


def _and(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    parts = [_truth(argument, scope, checked) for argument in call.arguments]
    result = parts[0]
    for part in parts[1:]:
        result = np.where((result == 0) | (part == 0), 0.0, result * part)
    return result


def _or(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    parts = [_truth(argument, scope, checked) for argument in call.arguments]
    result = parts[0]
    for part in parts[1:]:
        result = np.where((result == 1) | (part == 1), 1.0, result * part)
    return result


def _not(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    return np.asarray(1 - _truth(call.arguments[0], scope, checked))


def _combined(call: Apply, scope: Scope, checked: BoolArray) -> Column:
    """`^` is a power of numbers; of text it is the combination of categories."""
    parts = [evaluate(argument, scope, checked) for argument in call.arguments]
    if not any(isinstance(part, Text) for part in parts):
        return _arithmetic(call, scope, checked)
    codes, count = combine([encode(part) for part in parts])
    width = len(str(count))
    return Text(codes, tuple(f"{code:0{width}d}" for code in range(count)))


_Operator = Callable[[Apply, Scope, BoolArray], Column]
_OPERATORS: dict[str, _Operator] = {
    **dict.fromkeys(("+", "-", "*", "/", ":"), _arithmetic),
    "^": _combined,
    "neg": _negative,
    **dict.fromkeys(_COMPARISONS, _compared),
    "in": _contained,
    "not in": _not_contained,
    "and": _and,
    "or": _or,
    "not": _not,
}
