"""Terms of a formula → columns of X: numbers, products `:`, and categories `i(x)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.engine import problems
from carbonspec.engine.cells import number_in
from carbonspec.engine.frame import PanelData
from carbonspec.engine.table import Column, FloatArray, IntArray, Text, take
from carbonspec.engine.wording import value_text, wording
from carbonspec.lang.spec import Apply, Expr, Literal, Ref, Term

MOST_CATEGORIES = 2000
"""More categories than this belong into `fe(…)`: as columns they would fill the memory and say nothing."""

Values = Callable[[Expr], Column]
Part = list[tuple[str, FloatArray]]


@dataclass(frozen=True)
class Category:
    """A category on some rows: `codes` (n,) into `values`, which stand in their declared order or sorted."""

    codes: IntArray
    values: tuple[float | str, ...]


def factors(expression: Expr) -> tuple[Expr, ...]:
    """What `:` multiplies in a term, in order; the term itself when there is no `:`."""
    if isinstance(expression, Apply) and expression.function == ":":
        return tuple(factor for argument in expression.arguments for factor in factors(argument))
    return (expression,)


def is_category(expression: Expr) -> bool:
    """Whether a factor is `i(…)`."""
    return isinstance(expression, Apply) and expression.function == "i"


def ingredients(expression: Expr) -> Iterator[Expr]:
    """The expressions whose missing values take a row out, in order."""
    for factor in factors(expression):
        if is_category(factor):
            assert isinstance(factor, Apply)
            yield from factor.arguments
        else:
            yield factor


def category(data: PanelData, expression: Expr, column: Column) -> Category:
    """The values a column takes (it has no missing cell), in the declared order, else sorted."""
    if isinstance(column, Text):
        used, codes = np.unique(column.codes, return_inverse=True)
        present: list[float | str] = [column.values[code] for code in used]
    else:
        values, codes = np.unique(column, return_inverse=True)
        present = [float(value) for value in values]
    declared = [level.value for level in data.levels(expression)]
    known = set(present)
    order = list(dict.fromkeys((*(value for value in declared if value in known), *present)))
    number = {value: code for code, value in enumerate(order)}
    place = np.array([number[value] for value in present], dtype=np.int64)
    return Category(place[codes] if present else codes.astype(np.int64), tuple(order))


def term_columns(
    data: PanelData,
    term: Term,
    rows: IntArray,
    values: Values,
    every_category: bool = False,
    whole_slope: Callable[[tuple[Expr, ...]], bool] = lambda _rest: False,
) -> Part:
    """The named columns (n,) of a term on `rows`; `values` gives an expression on all rows of the panel.

    A category leaves out its first value, or the one that `ref` names; with `every_category` it leaves out none, nor
    where `whole_slope` says that the numbers it is multiplied by have no slope of their own.

    Raises
    ------
    DataError: E425 `ref` names a value that is not there, E426 text without `i()`, E427 too many categories.
    """
    parts = factors(term.expression)
    names = _factor_names(term, len(parts))
    result: Part = []
    for factor, name in zip(parts, names, strict=True):
        if is_category(factor):
            assert isinstance(factor, Apply)
            rest = tuple(other for other in parts if other is not factor)
            every = every_category or (not any(map(is_category, rest)) and bool(rest) and whole_slope(rest))
            piece = _category_columns(data, factor, name, rows, values, every)
        else:
            piece = [(name, _numeric(data, factor, take(values(factor), rows), rows))]
        result = [(f"{a}:{b}", x * y) for a, x in result for b, y in piece] if result else piece
    return result


def _numeric(data: PanelData, factor: Expr, column: Column, rows: IntArray) -> FloatArray:
    if isinstance(column, Text):
        name = wording(factor)
        wrong = np.flatnonzero(np.array([number_in(value) is None for value in column.values])[column.codes])
        if not 0 < wrong.size * 2 <= column.codes.size:
            raise DataError((problems.text_regressor(name, factor.span),))
        cells = [(data.shown(int(rows[row])), column.values[column.codes[row]]) for row in wrong[: problems.SHOWN]]
        facts = [f"{place}: {cell}" for place, cell in cells]
        numeric = column.codes.size - wrong.size
        raise DataError((problems.text_as_number(name, numeric, column.codes.size, facts, factor.span),))
    return column


def _category_columns(
    data: PanelData, factor: Apply, name: str, rows: IntArray, values: Values, every_category: bool
) -> Part:
    inside = factor.arguments[0]
    found = category(data, inside, take(values(inside), rows))
    label = _inner_name(name, inside)
    if len(found.values) > MOST_CATEGORIES:
        raise DataError((problems.too_many_categories(label, len(found.values), factor.span),))
    slope = factor.arguments[1] if len(factor.arguments) > 1 else None
    reference = _reference(factor)
    if reference is not None and reference not in found.values:
        known = [value_text(value) for value in found.values]
        raise DataError((problems.unknown_level(label, value_text(reference), known, factor.span),))
    left_out: float | str | None = reference
    if reference is None and slope is None and not every_category and found.values:
        left_out = found.values[0]
    columns: Part = []
    slopes = None if slope is None else _numeric(data, slope, take(values(slope), rows), rows)
    for code, value in enumerate(found.values):
        if value == left_out:
            continue
        dummy = (found.codes == code).astype(np.float64)
        title = f"{label}[{value_text(value)}]"
        if slope is None or slopes is None:
            columns.append((title, dummy))
        else:
            columns.append((f"{title}:{_slope_name(name, slope)}", dummy * slopes))
    return columns


def _reference(factor: Apply) -> float | str | None:
    for key, value in factor.named:
        if key == "ref":
            if isinstance(value, Literal):
                return value.value
            if isinstance(value, Apply) and value.function == "neg" and isinstance(value.arguments[0], Literal):
                return -float(value.arguments[0].value)
            if isinstance(value, Ref):  # a bare word is the category's own text
                return value.name
    return None


# --- names --------------------------------------------------------------------------------------------


def _factor_names(term: Term, count: int) -> list[str]:
    """The parts of a term's canonical name between its `:`, else what the factors themselves read as."""
    pieces = split_outside(term.name, ":")
    if len(pieces) == count:
        return pieces
    return [wording(factor) for factor in factors(term.expression)]


def _inner_name(name: str, inside: Expr) -> str:
    """What stands first inside `i(…)` of a name."""
    if name.startswith("i(") and name.endswith(")"):
        return split_outside(name[2:-1], ",")[0].strip()
    return wording(inside)


def _slope_name(name: str, slope: Expr) -> str:
    if name.startswith("i(") and name.endswith(")"):
        pieces = split_outside(name[2:-1], ",")
        if len(pieces) > 1 and "=" not in pieces[1]:
            return pieces[1].strip()
    return wording(slope)


def split_outside(text: str, sign: str) -> list[str]:
    """The pieces of a text between signs that stand outside brackets, quotes and backquotes."""
    pieces, depth, quote, start = [], 0, "", 0
    for position, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in '"`':
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == sign and depth == 0:
            pieces.append(text[start:position])
            start = position + 1
    return [*pieces, text[start:]]
