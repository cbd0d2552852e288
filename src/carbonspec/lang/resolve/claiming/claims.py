"""`hypothesis` and `expect`: what is said about results."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.claiming.quantities import Quantities, interacted, peel
from carbonspec.lang.resolve.clauses import Clauses, Plain, number
from carbonspec.lang.resolve.expressions import ARITHMETIC, Expressions
from carbonspec.lang.resolve.names import HYPOTHESIS, LATER, LOST, Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.sorts import COMPARISONS
from carbonspec.lang.resolve.terms import simple
from carbonspec.lang.spec import Apply, Expect, Expr, Hypothesis, Literal

VERDICTS = ("supported", "unsupported", "contradicted")


class Claims:
    """Resolves hypotheses and expectations."""

    def __init__(self, scope: Scope, expressions: Expressions, quantities: Quantities) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.quantities = quantities

    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """All hypotheses."""
        found = []
        for statement in self.scope.file.statements:
            if statement.keyword != "hypothesis":
                continue
            clauses = Clauses(statement, self.problems)
            level = Plain(clauses, self.problems).share("at")
            if level is not None and level > 0.5:
                at = clauses.one("at")
                assert at is not None
                self.problems.error(
                    "E306",
                    f"at {level:.0%} nearly everything is significant",
                    at.span,
                    f"`at` is the probability of an error: write `at {1 - level:.0%}`",
                )
            if not isinstance(statement.name, ast.Name):
                self.problems.error(
                    "E307",
                    "a hypothesis needs a name",
                    statement.span,
                    'for example `hypothesis H1 "…": benchmark.Open < 0`',
                )
                continue
            if len(statement.body) != 1:
                span = statement.body[1].span if statement.body else statement.span
                self.problems.error("E305", "a hypothesis is one claim; several parts are joined by `and`", span)
                continue
            value = statement.body[0]
            if value.name is not None:
                self.problems.error(
                    "E330",
                    "`=` gives a value to a name; a claim compares with `<`, `>` or `==`",
                    value.span,
                    "that a figure comes out as printed is an `expect`",
                )
                continue
            claim = self._claim(value.value)
            if claim is None:
                continue
            label = statement.label.value if statement.label is not None else ""
            found.append(Hypothesis(statement.name.text, claim, label, level, written(value), span=statement.span))
        return tuple(found)

    def _claim(self, expr: ast.Expr) -> Expr | None:
        expr = simple(expr)
        if isinstance(expr, ast.Binary) and expr.operator == "and":
            left, right = self._claim(expr.left), self._claim(expr.right)
            return None if left is None or right is None else Apply("and", (left, right), span=expr.span)
        if isinstance(expr, ast.Binary) and expr.operator in COMPARISONS:
            return self._comparison(expr)
        if isinstance(expr, ast.Binary) and expr.operator == "in":
            return self._equivalence(expr)
        if (isinstance(expr, ast.Binary) and expr.operator == "or") or (
            isinstance(expr, ast.Unary) and expr.operator == "not"
        ):
            self.problems.error("E327", "a claim joins its parts by `and` only", expr.span, "declare two hypotheses")
            return None
        if not self._silent_later(expr):
            found = self.scope.declarations.get(expr.text) if isinstance(expr, ast.Name) else None
            if found is not None and found.kind == HYPOTHESIS:
                self.scope.wrong_kind(expr, found, "a number")  # type: ignore[arg-type]
                return None
            self.problems.error(
                "E327",
                f"`{written(expr)}` says nothing that could be true or false",
                expr.span,
                f"compare it with something: `{written(expr)} < 0`",
            )
        return None

    def _silent_later(self, expr: ast.Expr) -> bool:
        head, _, _ = peel(interacted(expr)[0])
        name = head.target if isinstance(head, ast.Index) else head
        found = self.scope.declarations.get(name.text) if isinstance(name, ast.Name) else None
        return found is not None and (found.kind in LATER or found.kind == LOST)

    def _comparison(self, expr: ast.Binary) -> Expr | None:
        sides = [self._side(expr.left), self._side(expr.right)]
        if any(side is None for side in sides):
            return None
        left, right = sides
        assert left is not None
        assert right is not None
        if isinstance(left, Literal) and isinstance(right, Literal):
            self.problems.error("E327", f"`{written(expr)}` compares two numbers of the file, not a result", expr.span)
            return None
        return Apply(expr.operator, (left, right), span=expr.span)

    def _side(self, expr: ast.Expr) -> Expr | None:
        inner = simple(expr)
        given = number(inner)
        if given is not None:
            return Literal(given, span=inner.span)
        if isinstance(inner, ast.Text):
            self.problems.error("E327", "a claim compares numbers, and this is a text", inner.span)
            return None
        if isinstance(inner, ast.Binary) and inner.operator in COMPARISONS:
            self.problems.error(
                "E320", "comparisons cannot be chained", inner.span, "join two by `and`: `a > 0 and a < 1`"
            )
            return None
        computes = isinstance(inner, ast.Binary) and inner.operator in ARITHMETIC
        if computes or isinstance(inner, ast.Unary):
            text = written(inner)
            self.problems.error(
                "E327",
                f"`{text}` combines estimates; a claim compares single ones",
                inner.span,
                f"for coefficients of one column declare `test combined: delta({text})` and cite `combined.estimate`",
                "two quantities are compared directly: `a.x > b.x`",
            )
            return None
        return self.quantities.quantity(inner)

    def _equivalence(self, expr: ast.Binary) -> Expr | None:
        found = self._side(expr.left)
        right = simple(expr.right)
        if not isinstance(right, ast.Binary) or right.operator != "..":
            self.problems.error(
                "E327", "a claim with `in` takes a range", right.span, "for example `benchmark.Open in -0.1..0.1`"
            )
            return None
        ends = self.expressions.range_ends(right)
        if found is None or ends is None:
            return None
        limits = Apply(
            "range", (Literal(ends[0], span=right.left.span), Literal(ends[1], span=right.right.span)), span=right.span
        )
        return Apply("in", (found, limits), span=expr.span)

    # --- expectations -------------------------------------------------------------------------------

    def expectations(self) -> tuple[Expect, ...]:
        """All `expect` lines."""
        found = []
        for statement in self.scope.file.statements:
            if statement.keyword != "expect":
                continue
            clauses = Clauses(statement, self.problems)
            made = self._expect(statement, clauses)
            if made is not None:
                found.append(made)
        return tuple(found)

    def _expect(self, statement: ast.Statement, clauses: Clauses) -> Expect | None:
        left, right = _equation(statement)
        if left is None or right is None:
            body = statement.body[0] if statement.body else None
            span = body.span if body is not None else statement.span
            help_ = "for example `expect benchmark.Open = -0.52 within 1%` or `expect H1 = supported`"
            compares = isinstance(body.value, ast.Binary) if body is not None else False
            if (
                compares
                and body is not None
                and isinstance(body.value, ast.Binary)
                and body.value.operator in COMPARISONS
            ):
                if body.value.operator == "==":
                    help_ = f"write `{written(body.value.left)} = {written(body.value.right)}`"
                else:
                    help_ = "a comparison is a claim: declare it as a `hypothesis` and expect its verdict"
            self.problems.error("E328", "`expect` names a result and, after `=`, its value", span, help_)
            return None
        text = f"{written(left)} = {written(right)}"
        tolerance, relative = self._tolerance(clauses)
        if clauses.word("within") is not None and tolerance is None:
            return None
        if tolerance is not None:
            within = clauses.one("within")
            assert within is not None
            text += f" within {written(within)}"
        if isinstance(left, ast.Name):
            declared = self.scope.declarations.get(left.text)
            if declared is not None and declared.kind == HYPOTHESIS:
                return self._verdict(statement, left, right, clauses, text)
        value = number(right)
        if value is None:
            if self._silent_later(left):
                return None
            self._not_a_number(left, right)
            return None
        quantity = self.quantities.quantity(left)
        if quantity is None:
            return None
        return Expect(quantity, "", value, tolerance, relative, text, span=statement.span)

    def _not_a_number(self, left: ast.Expr, right: ast.Expr) -> None:
        word = right.text if isinstance(right, ast.Name) else ""
        if isinstance(left, ast.Name) and left.text not in self.scope.declarations:
            hypotheses = self.scope.of_kind(HYPOTHESIS)
            help_ = self.scope.close(left.text, hypotheses) or (
                f"the hypotheses are {listed(hypotheses)}" if hypotheses else ""
            )
            self.problems.error("E210", f"no hypothesis called `{left.text}`", left.span, help_)
            return
        help_ = "a verdict is expected of a hypothesis: `expect H1 = supported`" if word in VERDICTS else ""
        self.problems.error("E328", f"`{written(right)}` is not a number", right.span, help_)

    def _verdict(
        self, statement: ast.Statement, left: ast.Name, right: ast.Expr, clauses: Clauses, text: str
    ) -> Expect | None:
        self.scope.use(left.text)
        word = right.text if isinstance(right, ast.Name) else written(right)
        if word not in VERDICTS:
            help_ = suggestion(word, VERDICTS) or f"the verdicts are {listed(VERDICTS)}"
            self.problems.error("E328", f"`{word}` is not a verdict", right.span, help_)
            return None
        within = clauses.word("within")
        if within is not None:
            self.problems.error("E328", "a verdict has no tolerance", within.span)
            return None
        return Expect(None, left.text, word, None, False, text, span=statement.span)

    def _tolerance(self, clauses: Clauses) -> tuple[float | None, bool]:
        value = clauses.one("within")
        if value is None:
            return None, False
        given = number(value.value)
        if given is None or given <= 0:
            self.problems.error(
                "E303",
                "`within` takes a positive tolerance",
                value.span,
                "`within 0.5%` is relative, `within 0.005` absolute",
            )
            return None, False
        return given, isinstance(value.value, ast.Number) and value.value.percent


def _equation(statement: ast.Statement) -> tuple[ast.Expr | None, ast.Expr | None]:
    """The two sides of `expect a = b`."""
    if len(statement.body) != 1:
        return None, None
    value = statement.body[0]
    if value.name is not None:
        return value.name, value.value
    if statement.name is not None and statement.sign == "=":
        return statement.name, value.value
    return None, None
