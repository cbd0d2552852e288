"""`iv(…)` and `gmm(…)`: what stands after `|` beside the effects."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve import habits
from carbonspec.lang.resolve.calls import option, positional
from carbonspec.lang.resolve.clauses import number
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import written
from carbonspec.lang.resolve.terms import Terms, canonical, has_category, simple
from carbonspec.lang.spec import Instrumented, LaggedLevels, Term
from carbonspec.source import Span


class InstrumentParts:
    """Resolves the calls `iv` and `gmm`."""

    def __init__(self, scope: Scope, expressions: Expressions, formulas: Formulas) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.formulas = formulas
        self.terms: Terms = formulas.terms

    def iv(self, part: ast.Call) -> Instrumented | None:
        """`iv(Open + Tech ~ L.Open + L.Tech)`; None after an error."""
        endogenous: list[Term] = []
        instruments: list[Term] = []
        for value in positional(part):
            formula = value.value
            if not isinstance(formula, ast.Formula) or formula.left is None or formula.parts:
                self.problems.error(
                    "E303",
                    f"`iv` takes a formula, and `{written(value)}` is none",
                    value.span,
                    "the endogenous regressors stand left of `~`, their instruments right: `iv(Open ~ L.Open + z)`",
                )
                return None
            left, right = self._sum(formula.left, "iv"), self._sum(formula.right, "iv")
            if left is None or right is None:
                return None
            endogenous += left
            instruments += right
        if not self._distinct(endogenous, "is instrumented twice") or not self._distinct(instruments, "stands twice"):
            return None
        named = {canonical(term.expression): term for term in endogenous}
        for term in instruments:
            if canonical(term.expression) in named:
                self.problems.error(
                    "E341",
                    f"`{term.name}` stands on both sides of `~`: it is endogenous and cannot be its own instrument",
                    term.span,
                    f"take it from the right side, or use its past: `L.{term.name}`",
                )
                return None
        return Instrumented(tuple(endogenous), tuple(instruments), span=part.span)

    def gmm(self, part: ast.Call) -> tuple[LaggedLevels, ...] | None:
        """`gmm(n + w, lags = 2..4)`: one for each variable; None after an error."""
        ends = self._lags(part)
        if ends is None:
            return None
        found: list[Term] = []
        for value in positional(part):
            terms = self._sum(value.value, "gmm")
            if terms is None:
                return None
            found += terms
        if not self._distinct(found, "stands twice"):
            return None
        for term in found:
            if has_category(term):
                self.problems.error(
                    "E311",
                    f"`{term.name}` is a category, and `gmm` takes variables whose past levels are instruments",
                    term.span,
                    "period dummies need no `gmm`: they are their own instruments",
                )
                return None
        return tuple(LaggedLevels(term, *ends, span=term.span) for term in found)

    def _sum(self, expr: ast.Expr, what: str) -> list[Term] | None:
        """The terms of a right side that has one column and no constant."""
        side = self.formulas.right_side(expr)
        if self.formulas.failed:
            return None
        step = side.steps[0]
        if side.base is not None or side.stepping is not None or step.constant is not None:
            self.problems.error(
                "E311",
                f"`{written(expr)}` cannot stand in `{what}`",
                expr.span,
                "it takes variables joined by `+`",
            )
            return None
        if not step.entries:
            self.problems.error("E301", f"`{written(expr)}` names no variable", expr.span)
            return None
        return [self.terms.term(entry) for entry in step.entries]

    def _distinct(self, terms: list[Term], what: str) -> bool:
        seen: set[str] = set()
        for term in terms:
            key = canonical(term.expression)
            if key in seen:
                self.problems.error("E304", f"`{term.name}` {what}", term.span, "keep one of them")
                return False
            seen.add(key)
        return True

    def _lags(self, part: ast.Call) -> tuple[int, int | None] | None:
        given = option(part, "lags")
        if given is None:
            self.problems.error("E301", "`gmm` does not say which lags", part.span, _example(part))
            return None
        expr = simple(given.value)
        low: float | None
        high: float | None
        if isinstance(expr, ast.Binary) and expr.operator == "..":
            low = number(expr.left)
            if isinstance(expr.right, ast.Name) and expr.right.text == "last":
                return None if not self._whole(low, expr.left.span) else (int(low or 0), None)
            ends = self.expressions.range_ends(expr)
            if ends is None:
                return None
            low, high = ends
        else:
            low = high = number(expr)
            if low is None:
                help_ = habits.colon(expr) if isinstance(expr, ast.Binary) else habits.function(expr)
                if isinstance(expr, ast.Group) and len(expr.items) == 2:
                    help_ = f"a range is written `{written(expr.items[0])}..{written(expr.items[1])}`"
                self.problems.error(
                    "E303", "`lags` takes a range of lags", expr.span, help_ or "for example `lags = 2..last`"
                )
                return None
        if not self._whole(low, expr.span) or not self._whole(high, expr.span):
            return None
        return int(low), int(high or 0)

    def _whole(self, value: float | None, span: Span) -> bool:
        if value is not None and value == int(value) and value >= 0:
            return True
        self.problems.error("E303", "lags are whole numbers of at least 0", span, "for example `lags = 2..4`")
        return False


def _example(part: ast.Call) -> str:
    """The call as it was probably meant: lags that were written some other way named."""
    lags, names = "2..4", []
    for value in part.arguments:
        expr = value.value
        inside = expr.arguments[-1].value if isinstance(expr, ast.Call) and expr.arguments else expr
        if isinstance(inside, ast.Binary) and inside.operator == "..":
            lags = written(inside)
            names += [written(other) for other in expr.arguments[:-1]] if isinstance(expr, ast.Call) else []
        else:
            names.append(written(value))
    return f"for example `gmm({', '.join(names) or 'y'}, lags = {lags})`; all there are: `lags = 2..last`"
