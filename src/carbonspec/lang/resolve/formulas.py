"""The right side of a formula: sums, interactions, lets, models, steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve import habits
from carbonspec.lang.resolve.calls import positional
from carbonspec.lang.resolve.categories import Categories
from carbonspec.lang.resolve.clauses import number
from carbonspec.lang.resolve.expressions import ARITHMETIC, STEPS, Expressions
from carbonspec.lang.resolve.names import HYPOTHESIS, LET, LOST, MEDIATION, MODEL, MULTIVERSE, TEST, Scope
from carbonspec.lang.resolve.problems import suggestion, written
from carbonspec.lang.resolve.sides import Side, Step, crossed, shifted, stepped
from carbonspec.lang.resolve.sorts import COMPARISONS, LOGIC, TEXT
from carbonspec.lang.resolve.terms import Entry, Factor, Terms, simple
from carbonspec.lang.spec import KEY, Literal, Ref
from carbonspec.signature import FUNCTION
from carbonspec.source import Span

MOST_CROSSED = 8
"""`a * b * …` of so many variables has 255 terms; each further one doubles them."""


class Models(Protocol):
    """What a formula needs to know of models: the right sides that `benchmark[5]` stands for."""

    def side(self, expr: ast.Expr, place: Span) -> Side | None: ...


class Formulas:
    """Expands right sides. `failed` says whether anything in the last one was wrong."""

    def __init__(self, scope: Scope, expressions: Expressions, terms: Terms) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.terms = terms
        self.categories = Categories(scope, expressions)
        self.models: Models | None = None
        self.failed = False
        self._lets: list[str] = []
        self._rings: set[frozenset[str]] = set()
        self._place: Span | None = None

    def right_side(self, expr: ast.Expr) -> Side:
        """Expand a whole right side; `failed` afterwards says whether it is complete."""
        self.failed = False
        return self._expand(expr)

    # --- the tree -----------------------------------------------------------------------------------

    def _expand(self, expr: ast.Expr) -> Side:
        if isinstance(expr, ast.Group) and len(expr.items) == 1:
            return self._expand(expr.items[0])
        if isinstance(expr, ast.Binary):
            return self._binary(expr)
        if isinstance(expr, ast.Name):
            return self._name(expr)
        if isinstance(expr, ast.Number):
            return self._constant(expr)
        if isinstance(expr, ast.Unary) and expr.operator == "-":
            return self._minus(Side([Step(())]), expr.operand, expr)
        if isinstance(expr, ast.Lag):
            return self._lag(expr)
        if isinstance(expr, ast.Call):
            return self._call(expr)
        if isinstance(expr, ast.Index):
            return self._index(expr)
        if isinstance(expr, ast.Member):
            return self._member(expr)
        message, helps = "cannot be a regressor", ""
        if isinstance(expr, ast.Group):
            helps = "terms are joined by `+`"
        elif isinstance(expr, ast.Unary):
            helps = "declare it: `var name = not x`"
        return self._wrong("E311", f"`{written(expr)}` {message}", expr.span, helps)

    def _wrong(self, code: str, message: str, span: Span, *helps: str) -> Side:
        self.failed = True
        self.problems.error(code, message, span, *helps)
        return Side([Step(())])

    def _nothing(self) -> Side:
        self.failed = True
        return Side([Step(())])

    def _binary(self, expr: ast.Binary) -> Side:
        operator = expr.operator
        if operator == "+":
            left, right = self._expand(expr.left), self._expand(expr.right)
            if any(s.constant is not None for s in left.steps) and any(s.constant is not None for s in right.steps):
                return self._wrong("E315", "the constant is said twice", expr.right.span, "keep one `1` or `0`")
            return self._join(left, right, self._sum)
        if operator == "-":
            return self._minus(self._expand(expr.left), expr.right, expr)
        if operator == ":":
            if number(expr.left) is not None and number(expr.right) is not None:
                return self._wrong("E311", f"`{written(expr)}` is no term", expr.span, habits.colon(expr))
            return self._join(self._expand(expr.left), self._expand(expr.right), self._products(expr))
        if operator == "*":
            return self._cross(expr)
        text = written(expr)
        if operator in ARITHMETIC:
            name = "ratio" if operator == "/" else "squared"
            return self._wrong(
                "E310",
                f"`{text}` computes; in a formula arithmetic stands only inside a call",
                expr.span,
                f"write `I({text})`, or declare `var {name} = {text}`",
            )
        if operator in COMPARISONS or operator in LOGIC or operator in ("in", "not in"):
            return self._wrong(
                "E310",
                f"`{text}` is a condition; in a formula it stands only inside a call",
                expr.span,
                f"write `I({text})`, or declare `var name = {text}`",
            )
        return self._wrong("E311", f"`{text}` cannot be a regressor", expr.span)

    # --- joining sides ------------------------------------------------------------------------------

    def _join(self, left: Side, right: Side, join: Callable[[Step, Step], Step]) -> Side:
        if left.base is not None and right.base is not None:
            self.failed = True
            self.problems.error(
                "E332",
                "a derived model has one base, and this formula names two models",
                right.base,
                "take one of them and add the other's terms by name",
                related=(Related(left.base, "the first one"),),
            )
            return left
        base = left.base or right.base
        if left.stepping is not None and right.stepping is not None:
            self._two_steps(left.stepping, right.stepping)
            return left
        steps = [join(a, b) for a in left.steps for b in right.steps]
        return Side(steps, left.stepping or right.stepping, base)

    def _two_steps(self, first: Span, second: Span) -> None:
        self.failed = True
        help_ = "one step call a formula; every combination of two choices is a `multiverse`"
        if not any(second.text.startswith(word) for word in STEPS) or not any(first.text.startswith(w) for w in STEPS):
            help_ = "choose one column of the model, for example with `[last]`"
        self.problems.error(
            "E317",
            f"`{' '.join(second.text.split())}` makes several columns, and this formula has several already",
            second,
            help_,
            related=(Related(first, "these come from here"),),
        )

    def _sum(self, left: Step, right: Step) -> Step:
        constant = left.constant if right.constant is None else right.constant
        return Step((*left.entries, *right.entries), constant, left.origin or right.origin)

    def _products(self, expr: ast.Binary) -> Callable[[Step, Step], Step]:
        def join(left: Step, right: Step) -> Step:
            if right.constant is not None or left.constant is not None:
                self._wrong("E311", "a number cannot be interacted", expr.span)
            entries = [e for a in left.entries for b in right.entries if (e := self._product(a, b, expr)) is not None]
            return Step(tuple(entries), None, left.origin or right.origin)

        return join

    def _product(self, left: Entry, right: Entry, at: ast.Expr) -> Entry | None:
        mine = {f.key for f in left.factors}
        double = next((f for f in right.factors if f.key in mine), None)
        if double is not None:
            self._wrong(
                "E318",
                f"`{double.name}` is interacted with itself",
                at.span,
                f"a square is `I({double.name}^2)`",
            )
            return None
        return Entry((*left.factors, *right.factors), self._place or left.span.to(right.span))

    def _cross(self, expr: ast.Binary) -> Side:
        if any(number(part) is not None for part in crossed(expr)):
            return self._wrong(
                "E310",
                f"`{written(expr)}`: `*` crosses two variables; it does not multiply by a number",
                expr.span,
                f"write `I({written(expr)})` for the product",
            )
        if len(crossed(expr)) > MOST_CROSSED:
            count = 2 ** min(len(crossed(expr)), 60) - 1
            message = f"`*` crosses {len(crossed(expr))} variables: that is {count:,} terms"
            return self._wrong("E311", message, expr.span, "write the products that are meant with `:`")
        sides = [self._expand(part) for part in crossed(expr)]
        whole = sides[0]
        for side in sides[1:]:
            whole = self._join(whole, side, self._crossing(expr))
        for step in whole.steps:
            step.entries = tuple(sorted(step.entries, key=lambda e: len(e.factors)))
        return whole

    def _crossing(self, expr: ast.Binary) -> Callable[[Step, Step], Step]:
        def join(left: Step, right: Step) -> Step:
            products = [e for a in left.entries for b in right.entries if (e := self._product(a, b, expr)) is not None]
            return Step((*left.entries, *right.entries, *products), None, left.origin or right.origin)

        return join

    def _minus(self, left: Side, operand: ast.Expr, at: ast.Expr) -> Side:
        inner = simple(operand)
        if isinstance(inner, ast.Number):
            if inner.value != 1:
                return self._wrong("E311", "`-` takes a term away; `- 1` takes the constant away", at.span)
            if any(step.constant is False for step in left.steps):
                self._wrong("E315", "the constant is taken away twice", inner.span)
            return Side([Step(s.entries, False, s.origin) for s in left.steps], left.stepping, left.base)
        was_failed, self.failed = self.failed, False
        with self.problems.quietly():
            removed = self._expand(operand)
        if self.failed:
            close = suggestion(written(inner), dict.fromkeys(e.name for s in left.steps for e in s.entries))
            if close:
                text = f"`{written(inner)}` cannot be taken away: it is not in the formula"
                self.problems.error("E316", text, operand.span, close)
            else:
                self._expand(operand)
            return left
        self.failed = was_failed
        if removed.stepping is not None:
            return self._wrong("E317", f"`{written(operand)}` cannot be taken away: it has several steps", operand.span)
        for entry in removed.steps[0].entries:
            if not any(entry.key == e.key for step in left.steps for e in step.entries):
                names = list(dict.fromkeys(e.name for s in left.steps for e in s.entries))
                shown = ", ".join(f"`{n}`" for n in names[:12])
                close = self.scope.close(entry.name, names)
                self._wrong(
                    "E316",
                    f"`{entry.name}` cannot be taken away: it is not in the formula",
                    operand.span,
                    close or (f"the terms left of it are {shown}" if shown else "nothing stands left of it"),
                )
        gone = {entry.key for entry in removed.steps[0].entries}
        steps = [Step(tuple(e for e in s.entries if e.key not in gone), s.constant, s.origin) for s in left.steps]
        return Side(steps, left.stepping, left.base)

    def _constant(self, expr: ast.Number) -> Side:
        if expr.text in ("0", "1"):
            return Side([Step((), expr.text == "1")])
        return self._wrong("E311", f"the number {expr.text} cannot be a regressor", expr.span)

    # --- names --------------------------------------------------------------------------------------

    def _name(self, name: ast.Name) -> Side:
        found = self.scope.declarations.get(name.text)
        if found is not None:
            if found.kind == LET:
                return self._let(name)
            if found.kind == MODEL:
                return self._model(name)
            if found.kind in (HYPOTHESIS, MEDIATION, TEST, MULTIVERSE):
                self.scope.wrong_kind(name, found, "a variable")
                return self._nothing()
            if found.kind == LOST:
                return self._nothing()
        return self._single(name)

    def _let(self, name: ast.Name) -> Side:
        declaration = self.scope.declarations[name.text]
        self.scope.use(name.text)
        if name.text in self._lets:
            ring = self._lets[self._lets.index(name.text) :]
            if frozenset(ring) in self._rings:
                return self._nothing()
            self._rings.add(frozenset(ring))
            shown = " → ".join(f"`{n}`" for n in (*ring, name.text))
            return self._wrong("E203", f"pieces of formulas name each other in a ring: {shown}", name.span)
        statement = declaration.statement
        if statement is None or not statement.body:
            return self._nothing()
        outer = self._place
        self._place = outer or name.span
        self._lets.append(name.text)
        side = self._expand(statement.body[0].value)
        self._lets.pop()
        self._place = outer
        if side.base is not None:
            self._wrong(
                "E332", "a `let` cannot hold a model", side.base, "name the model in the formula that derives from it"
            )
        return side

    def _model(self, expr: ast.Expr) -> Side:
        assert self.models is not None
        if self._lets:
            return self._wrong(
                "E332", "a `let` cannot hold a model", expr.span, "name the model in the formula that derives from it"
            )
        side = self.models.side(expr, expr.span)
        return self._nothing() if side is None else side

    def _single(self, expr: ast.Expr) -> Side:
        factor = self.factor(expr)
        if factor is None:
            return self._nothing()
        return self._of(factor, expr.span)

    def _of(self, factor: Factor, span: Span) -> Side:
        return Side([Step((Entry((factor,), self._place or span),))])

    def factor(self, expr: ast.Expr, what: str = "a regressor") -> Factor | None:
        """One variable or call as a term."""
        found = self.expressions.value(expr)
        if found is None:
            return None
        if isinstance(found, Literal):
            self.problems.error("E311", f"the constant `{written(expr)}` cannot be {what}", expr.span)
            return None
        if isinstance(found, Ref) and found.kind == KEY and (found.name == "id" or what != "a regressor"):
            helps = "unit effects are `| fe(id)`" if found.name == "id" else ""
            self.problems.error(
                "E314",
                f"`{written(expr)}` is the panel's {'unit' if found.name == 'id' else 'time'} and cannot be {what}",
                expr.span,
                helps,
            )
            return None
        if self.expressions.sorts.sort(found) == TEXT:
            helps = f"a category enters as `i({written(expr)})`" if what == "a regressor" else ""
            self.problems.error("E321", f"`{written(expr)}` is text and cannot be {what}", expr.span, helps)
            return None
        return Factor(expr, found)

    # --- lags, calls, columns -----------------------------------------------------------------------

    def _lag(self, expr: ast.Lag) -> Side:
        inner = expr.operand
        if isinstance(inner, ast.Name) and self._is_let(inner):
            side = self._let(inner)
            return self._distribute(side, [(expr.letter, expr.order)], expr)
        factor = self.factor(expr)
        if factor is None:
            return self._nothing()
        return self._of(Factor(shifted(expr), factor.expression), expr.span)

    def _is_let(self, name: ast.Name) -> bool:
        found = self.scope.declarations.get(name.text)
        return found is not None and found.kind == LET

    def _distribute(self, side: Side, shifts: list[tuple[str, int]], at: ast.Expr) -> Side:
        """Lags of every term of a let."""
        steps = []
        for step in side.steps:
            entries = []
            for entry in step.entries:
                for letter, order in shifts:
                    shifted = [self._shift(f, letter, order, at) for f in entry.factors]
                    if any(f is None for f in shifted):
                        self.failed = True
                        continue
                    factors = tuple(f for f in shifted if f is not None)
                    entries.append(Entry(factors, self._place or at.span))
            steps.append(Step(tuple(entries), step.constant, step.origin))
        return Side(steps, side.stepping, side.base)

    def _shift(self, factor: Factor, letter: str, order: int, at: ast.Expr) -> Factor | None:
        if order == 0:
            return factor
        found = self.expressions.lagged(letter, order, factor.expression, at)
        if found is None:
            return None
        return Factor(shifted(ast.Lag(letter, order, factor.written, span=at.span)), found)

    def _call(self, expr: ast.Call) -> Side:
        name = expr.function.text
        if name in STEPS:
            return self._step_call(expr)
        if name == "i":
            category = self.categories.factor(expr)
            return self._nothing() if category is None else self._of(category, expr.span)
        if name == "lag":
            return self._lags(expr)
        return self._single(expr)

    def _step_call(self, expr: ast.Call) -> Side:
        signature = self.scope.catalogue.find(FUNCTION, expr.function.text)
        if signature is None or not self.expressions.calls.shape(expr, signature):
            return self._nothing()
        parts = [self._expand(value.value) for value in positional(expr)]
        for part in parts:
            if part.stepping is not None:
                self._two_steps(expr.function.span, part.stepping)
                return Side([Step(())])
            if part.base is not None:
                return self._wrong("E332", "a model cannot stand inside a step call", part.base)
        steps = stepped(expr.function.text, [part.steps[0].entries for part in parts], ())
        return Side([Step(entries) for entries in steps], expr.span)

    def _lags(self, expr: ast.Call) -> Side:
        signature = self.scope.catalogue.find(FUNCTION, "lag")
        if signature is None or not self.expressions.calls.shape(expr, signature):
            return self._nothing()
        operand, steps = (value.value for value in positional(expr))
        ends: tuple[float, float] | None
        if isinstance(steps, ast.Binary) and steps.operator == "..":
            ends = self.expressions.range_ends(steps)
        else:
            one = number(steps)
            ends = None if one is None else (one, one)
            if one is None:
                self.problems.error(
                    "E303",
                    "`lag` takes a number or a range of lags",
                    steps.span,
                    (habits.colon(steps) if isinstance(steps, ast.Binary) else habits.function(steps))
                    or "for example `lag(x, 1..3)`",
                )
        if ends is None:
            return self._nothing()
        if ends[0] != int(ends[0]) or ends[1] != int(ends[1]) or ends[1] - ends[0] > 100:
            return self._wrong("E303", "lags are whole numbers, at most a hundred of them", steps.span)
        shifts = [("L" if k >= 0 else "F", abs(k)) for k in range(int(ends[0]), int(ends[1]) + 1)]
        if isinstance(operand, ast.Name) and self._is_let(operand):
            return self._distribute(self._let(operand), shifts, expr)
        factor = self.factor(operand)
        if factor is None:
            return self._nothing()
        single = Side([Step((Entry((factor,), self._place or expr.span),))])
        return self._distribute(single, shifts, expr)

    def _index(self, expr: ast.Index) -> Side:
        target = expr.target
        if isinstance(target, ast.Name):
            found = self.scope.declarations.get(target.text)
            if found is not None and found.kind == MODEL:
                return self._model(expr)
            if found is not None and found.kind == LOST:
                return self._nothing()
            if found is None and self.scope.rest_unknown:
                return self._nothing()
            if found is None:
                self.problems.error(
                    "E210",
                    f"no model called `{target.text}`",
                    target.span,
                    self.scope.close(target.text, self.scope.of_kind(MODEL)),
                )
                return self._nothing()
            if target.text in self.scope.declarations or self.scope.key(target.text):
                self.scope.use(target.text)
                return self._wrong(
                    "E311",
                    f"`{written(expr)}`: brackets pick columns of a model, and `{target.text}` is none",
                    expr.span,
                    f"a slope for each value stands in the effects: `| fe({written(expr)})`",
                )
        return self._single(expr)

    def _member(self, expr: ast.Member) -> Side:
        help_ = habits.prefixed(expr)
        if help_ and isinstance(expr.target, ast.Name) and expr.target.text not in self.scope.declarations:
            return self._wrong("E330", f"`{written(expr)}` is Stata's way", expr.span, help_)
        return self._single(expr)
