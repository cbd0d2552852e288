"""Sorts of values, as far as a file says: numbers, texts, conditions."""

from __future__ import annotations

from collections.abc import Callable

from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import spell
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import written
from carbonspec.lang.spec import KEY, VARIABLE, Apply, Expr, Literal, Ref

NUMBER = "number"
TEXT = "text"
CONDITION = "condition"
ANY = "any"

COMPARISONS = frozenset(("<", "<=", ">", ">=", "==", "!="))
LOGIC = frozenset(("and", "or"))
SAME_TYPE = frozenset(("first", "last", "min", "max", "L", "F"))


class Sorts:
    """Knows the sort of an expression, and what sort an operand must have."""

    def __init__(self, scope: Scope, sort_of_variable: Callable[[str], str]) -> None:
        self.scope = scope
        self.problems = scope.problems
        self._sort_of_variable = sort_of_variable

    def sort(self, expr: Expr) -> str:
        """number, text or condition, as far as the file says; raw columns are "any"."""
        if isinstance(expr, Literal):
            return TEXT if isinstance(expr.value, str) else NUMBER
        if isinstance(expr, Ref):
            return self._sort_of_variable(expr.name) if expr.kind == VARIABLE else ANY
        if isinstance(expr, Apply):
            name = expr.function
            if name in COMPARISONS or name in LOGIC or name in ("not", "in", "missing", "unique"):
                return CONDITION
            if name in SAME_TYPE and expr.arguments:
                return self.sort(expr.arguments[0])
            return NUMBER
        return ANY

    def is_number(self, found: Expr, at: ast.Expr, operator: str) -> bool:
        if self.sort(found) != TEXT:
            return True
        self.problems.error(
            "E321",
            f"`{written(at)}` is text, and `{operator}` computes with numbers",
            at.span,
            "a text column enters a formula as `i(…)`" if isinstance(found, Ref) else "",
        )
        return False

    def is_condition(self, found: Expr, at: ast.Expr, operator: str) -> bool:
        sort = self.sort(found)
        if sort in (CONDITION, ANY) and not (isinstance(found, Ref) and found.kind == KEY):
            return True
        what = sort if sort != ANY else NUMBER
        help_ = ""
        if isinstance(found, Literal):
            help_ = "repeat the variable on both sides: `x == 1 or x == 2`, or write `x in (1, 2)`"
        self.problems.error("E320", f"`{operator}` joins conditions, and `{written(at)}` is a {what}", at.span, help_)
        return False

    def comparable(self, left: Expr, right: Expr, expr: ast.Binary) -> bool:
        for side, at in ((left, expr.left), (right, expr.right)):
            if self.sort(side) == CONDITION and isinstance(at, ast.Binary) and at.operator in COMPARISONS:
                self.problems.error(
                    "E320",
                    "comparisons cannot be chained",
                    expr.span,
                    "write `x > 0 and x < 1`, or `x in 0..1` (ends included)",
                )
                return False
        if isinstance(right, Literal):
            return self.fits(left, right, expr)
        if isinstance(left, Literal):
            return self.fits(right, left, expr)
        return self._same_sort(self.sort(left), self.sort(right), expr)

    def _same_sort(self, left: str, right: str, expr: ast.Binary) -> bool:
        if {left, right} in ({TEXT, NUMBER}, {TEXT, CONDITION}):
            self.problems.error("E321", f"`{written(expr)}` compares a text with a number", expr.span)
            return False
        return True

    def fits(self, column: Expr, value: Literal, expr: ast.Binary) -> bool:
        """Whether a column can have a value, as far as its declared levels say."""
        if isinstance(column, Ref) and column.kind == VARIABLE and column.name in self.scope.levels:
            levels = [level.value for level in self.scope.levels[column.name]]
            if expr.operator in ("==", "!=", "in", "not in") and levels and value.value not in levels:
                in_range = isinstance(expr.right, ast.Binary)
                if not in_range:
                    shown = ", ".join(f"`{spell(v)}`" for v in levels)
                    self.problems.error(
                        "E336",
                        f"`{column.name}` has no level {spell(value.value)}",
                        value.span,
                        f"its declared levels are {shown}",
                    )
                    return False
        return self._same_sort(self.sort(column), self.sort(value), expr)
