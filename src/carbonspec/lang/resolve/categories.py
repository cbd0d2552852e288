"""`i(x)`: a category as columns of a regression."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import option, positional
from carbonspec.lang.resolve.clauses import literal, spell
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import written
from carbonspec.lang.resolve.sorts import TEXT
from carbonspec.lang.resolve.terms import Factor, simple
from carbonspec.lang.spec import Apply, Expr, Literal, Ref
from carbonspec.signature import FUNCTION


class Categories:
    """Resolves `i(region)`, `i(year, ref = 2012)`, `i(coastal, Open)`."""

    def __init__(self, scope: Scope, expressions: Expressions) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions

    def factor(self, expr: ast.Call) -> Factor | None:
        """The factor of one `i(…)` call."""
        signature = self.scope.catalogue.find(FUNCTION, "i")
        if signature is None or not self.expressions.calls.shape(expr, signature):
            return None
        values = positional(expr)
        found: list[Expr] = []
        for index, value in enumerate(values):
            one = self._variable(value.value) if index == 0 else self.expressions.value(value.value)
            if one is None:
                return None
            found.append(one)
        if len(found) == 2 and self.expressions.sorts.sort(found[1]) == TEXT:
            self.problems.error("E321", f"`{written(values[1])}` is text and has no slope", values[1].span)
            return None
        named: tuple[tuple[str, Expr], ...] = ()
        ref = option(expr, "ref")
        if ref is not None:
            chosen = self._reference(ref, found[0])
            if chosen is None:
                return None
            named = (("ref", chosen),)
        return Factor(expr, Apply("i", tuple(found), named, span=expr.span))

    def _variable(self, expr: ast.Expr) -> Expr | None:
        inner = simple(expr)
        if isinstance(inner, ast.Name):
            return self.expressions.name(inner)
        if isinstance(inner, ast.Member):
            return self.expressions.member(inner)
        self.problems.error(
            "E303",
            f"`i` takes a variable, and `{written(expr)}` is an expression",
            expr.span,
            f"declare it: `var group = {written(expr)}`, and write `i(group)`",
        )
        return None

    def _reference(self, ref: ast.Value, category: Expr) -> Literal | None:
        given = literal(ref.value)
        if given is None:
            text = written(ref.value)
            help_ = f'write `ref = "{text}"`' if isinstance(ref.value, ast.Name) else ""
            self.problems.error("E303", "`ref` takes one value of the category", ref.value.span, help_)
            return None
        if isinstance(category, Ref):
            levels = self.scope.levels.get(category.name, ())
            if levels and given not in [level.value for level in levels]:
                shown = ", ".join(f"`{spell(level.value)}`" for level in levels)
                message = f"`{category.name}` has no level {spell(given)}"
                self.problems.error("E336", message, ref.value.span, f"its declared levels are {shown}")
                return None
        return Literal(given, span=ref.value.span)
