"""`hypothesis` and `expect`: numbers of models, and what is said about them."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import Clauses, Plain, literal, number
from carbonspec.lang.resolve.expressions import ARITHMETIC, COMPARISONS, spell
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.models import ModelBuilder
from carbonspec.lang.resolve.names import DATA, HYPOTHESIS, LATER, LOST, MODEL, Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.selections import Pick
from carbonspec.lang.resolve.terms import Entry, Factor, canonical, simple
from carbonspec.lang.spec import (
    Apply,
    Column,
    Expect,
    Expr,
    Hypothesis,
    Literal,
    Model,
    Quantity,
    Ref,
    Term,
)
from carbonspec.signature import STATISTIC

PARTS = ("estimate", "se", "t", "p", "low", "high")
VERDICTS = ("supported", "unsupported", "contradicted")
CONSTANT = "Constant"
_PART_HABITS = {
    "coef": "estimate",
    "b": "estimate",
    "std_error": "se",
    "stderr": "se",
    "tstat": "t",
    "t_stat": "t",
    "z": "t",
    "pvalue": "p",
    "p_value": "p",
    "pval": "p",
}
_STATISTIC_HABITS = {
    "n": "N",
    "nobs": "N",
    "n_obs": "N",
    "obs": "N",
    "n_ids": "groups",
    "N_g": "groups",
    "r2_a": "r2_adj",
    "adj_r2": "r2_adj",
    "r2_w": "r2_within",
    "F": "f",
    "rmse": "sigma",
}


class Claims:
    """Resolves quantities, hypotheses and expectations."""

    def __init__(self, scope: Scope, formulas: Formulas, models: ModelBuilder) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.formulas = formulas
        self.models = models
        self._said = False  # whether the last look for a term has reported why there is none

    # --- quantities ---------------------------------------------------------------------------------

    def quantity(self, expr: ast.Expr) -> Quantity | None:
        """`benchmark[5].Open.se`; None after an error, or silently when an earlier error covers it."""
        factors = _interacted(simple(expr))
        head, members, category = _peel(factors[0])
        pick = self.columns(head, expr)
        if pick is None:
            return None
        model, found = pick
        if not members:
            help_ = f"name a term or a statistic: `{written(head)}.N`"
            if found.columns and model.columns[found.columns[0]].regressors:
                help_ = f"name a term or a statistic: `{written(head)}.{model.columns[found.columns[0]].regressors[0].name}`"
            self.problems.error("E327", f"`{written(expr)}` is a model, not a number", expr.span, help_)
            return None
        columns = [model.columns[c] for c in found.columns]
        named = self._named(members, factors[1:], category, columns, model, head)
        if named is None:
            return None
        if found.count is not None and found.count != 1:
            self._several(expr, head, model, found)
            return None
        term, part = named
        return Quantity(found.selection, term, part, written(expr), span=expr.span)

    def columns(self, head: ast.Expr, whole: ast.Expr) -> tuple[Model, Pick] | None:
        """The columns of a model that `benchmark` or `benchmark[5]` means."""
        name = head.target if isinstance(head, ast.Index) else head
        if not isinstance(name, ast.Name):
            self.problems.error(
                "E327",
                f"`{written(whole)}` is no result",
                whole.span,
                "a result is written `benchmark[5].Open` or `benchmark.N`",
            )
            return None
        found = self.scope.declarations.get(name.text)
        if found is None:
            if not self.scope.rest_unknown:
                known = self.scope.of_kind(MODEL, LOST, *LATER)
                help_ = self.scope.close(name.text, known)
                models = self.scope.of_kind(MODEL)
                if not help_ and models:
                    help_ = f"the models are {listed(models)}"
                self.problems.error("E210", f"no model called `{name.text}`", name.span, help_)
            return None
        self.scope.use(name.text)
        if found.kind in LATER or found.kind == LOST:
            return None
        if found.kind != MODEL:
            self.scope.wrong_kind(name, found, "a model")
            return None
        built = self.models.build(name.text)
        if built is None:
            return None
        items = head.items if isinstance(head, ast.Index) else ()
        pick = self.models.selections.pick(built.model, items, head.span)
        return None if pick is None else (built.model, pick)

    def _several(self, expr: ast.Expr, head: ast.Expr, model: Model, found: Pick) -> None:
        rest = written(expr)[len(written(head)) :]
        lines = self.models.selections.describe(model, found.columns)
        example = lines[-1].split("  ")[0] if not lines[-1].startswith("…") else f"{model.name}[last]"
        self.problems.error(
            "E217",
            f"`{written(expr)}` is {found.count} numbers, one a column, and one is needed",
            expr.span,
            f"say which column, for example `{example}{rest}`",
            facts=lines,
        )

    def _named(
        self,
        members: list[ast.Expr],
        others: list[ast.Expr],
        category: ast.Index | None,
        columns: list[Column],
        model: Model,
        head: ast.Expr,
    ) -> tuple[str, str] | None:
        """(term, part) or ("", statistic)."""
        members, others, part = _split_part(self._qualified(members), others)
        if part is not None and part.text not in PARTS:
            help_ = (
                f"did you mean `{_PART_HABITS[part.text]}`?"
                if part.text in _PART_HABITS
                else suggestion(part.text, PARTS)
            )
            self.problems.error(
                "E218", f"a coefficient has no part `{part.text}`", part.span, help_ or f"its parts are {listed(PARTS)}"
            )
            return None
        first = members[0]
        if category is None and not others and isinstance(first, ast.Name):
            return self._plain(first, part, members, columns, model, head)
        term = self._term(first, others, category, columns)
        if term is None:
            if not self._said:
                self._no_term(first, others, columns, model, head)
            return None
        return term, part.text if part is not None else "estimate"

    def _qualified(self, members: list[ast.Expr]) -> list[ast.Expr]:
        """`provinces`, `gdp` after a model are one term when `provinces` is a data table."""
        first = members[0]
        name = first.operand if isinstance(first, ast.Lag) else first
        if len(members) > 1 and isinstance(name, ast.Name):
            found = self.scope.declarations.get(name.text)
            if found is not None and found.kind == DATA:
                whole = ast.Member(first, members[1], span=first.span.to(members[1].span))
                return [whole, *members[2:]]
        return members

    def _plain(
        self,
        first: ast.Name,
        part: ast.Name | None,
        members: list[ast.Expr],
        columns: list[Column],
        model: Model,
        head: ast.Expr,
    ) -> tuple[str, str] | None:
        """A bare name: a term, the constant, or a statistic."""
        ending = part.text if part is not None else "estimate"
        self._said = False
        term = self._term(first, [], None, columns)
        if term is not None:
            return term, ending
        if self._said:
            return None
        if first.text == CONSTANT and any(column.constant for column in columns):
            return CONSTANT, ending
        catalogue = self.scope.catalogue
        name = first.text if part is None else f"{first.text}_{part.text}"
        statistic = catalogue.find(STATISTIC, name) or (
            catalogue.find(STATISTIC, first.text) if part is not None else None
        )
        if statistic is None:
            self._no_term(first, [], columns, model, head)
            return None
        if not statistic.available:
            self.problems.later(first.text, first.span)
            return None
        if part is not None and statistic.name != name:
            self.problems.error("E218", f"the statistic `{first.text}` has no part `{part.text}`", part.span)
            return None
        return "", statistic.name

    def _term(
        self, first: ast.Expr, others: list[ast.Expr], category: ast.Index | None, columns: list[Column]
    ) -> str | None:
        """The name of the term that a claim cites, or None when no column has it."""
        self._said = False
        written_factors = [first, *others]
        if category is not None or any(isinstance(o, ast.Index) for o in others):
            return self._category(written_factors, category, columns)
        factors: list[Factor] = []
        with self.problems.quietly():
            for one in written_factors:
                factor = self.formulas.factor(one)
                if factor is None:
                    return None
                factors.append(factor)
        entry = Entry(tuple(factors), first.span)
        term = self.formulas.terms.term(entry)
        return next((t.name for c in columns for t in c.regressors if t == term), None)

    def _category(
        self, written_factors: list[ast.Expr], category: ast.Index | None, columns: list[Column]
    ) -> str | None:
        """`region["east"]`, alone or interacted: the coefficient of one value of `i(region)`."""
        names: list[str] = []
        keys: list[str] = []
        for position, one in enumerate(written_factors):
            index = category if position == 0 else (one if isinstance(one, ast.Index) else None)
            with self.problems.quietly():
                if index is None:
                    factor = self.formulas.factor(one)
                    if factor is None:
                        return None
                    keys.append(factor.key)
                    names.append(factor.name)
                    continue
                target = one if position == 0 else index.target
                variable = self.formulas.expressions.value(target)
            value = literal(index.items[0].value) if len(index.items) == 1 and index.items[0].name is None else None
            if value is None:
                self._said = True
                text = written(index.items[0]) if index.items else ""
                self.problems.error(
                    "E215",
                    f"`{written(target)}[…]` takes one value of the category",
                    index.span,
                    f'a text value stands in double quotes: `["{text}"]`' if text.isidentifier() else "",
                )
                return None
            if not isinstance(variable, Ref):
                return None
            levels = self.scope.levels.get(variable.name, ())
            if levels and value not in [level.value for level in levels]:
                self._said = True
                shown = ", ".join(f"`{spell(level.value)}`" for level in levels)
                self.problems.error(
                    "E336",
                    f"`{variable.name}` has no level {spell(value)}",
                    index.items[0].span,
                    f"its levels are {shown}",
                )
                return None
            keys.append(f"i:{_category_key(variable)}")
            names.append(f"{written(target)}[{spell(value)}]")
        wanted = sorted(keys)
        for column in columns:
            for term in column.regressors:
                if _category_keys(term) == wanted:
                    reference = _reference(term)
                    if reference is not None and any(name.endswith(f"[{spell(reference)}]") for name in names):
                        self._said = True
                        self.problems.error(
                            "E215",
                            f"{spell(reference)} is the reference of `{term.name}`: its coefficient is zero by definition",
                            written_factors[0].span,
                        )
                        return None
                    return ":".join(names)
        return None

    def cited(self, expr: ast.Expr, columns: list[Column]) -> str | None:
        """`region["east"]`, alone or interacted, as the coefficient of one of the columns; None when it is none."""
        parts = _interacted(simple(expr))
        if not any(isinstance(part, ast.Index) for part in parts):
            return None
        with self.problems.quietly():
            first = parts[0]
            if isinstance(first, ast.Index):
                return self._category([first.target, *parts[1:]], first, columns)
            return self._category(parts, None, columns)

    def _no_term(
        self, first: ast.Expr, others: list[ast.Expr], columns: list[Column], model: Model, head: ast.Expr
    ) -> None:
        text = ":".join(written(e) for e in (first, *others))
        terms = list(dict.fromkeys(t.name for c in columns for t in c.regressors))
        constant = [CONSTANT] if any(c.constant for c in columns) else []
        statistics = self.scope.catalogue.names(STATISTIC)
        span = first.span.to(others[-1].span) if others else first.span
        helps: list[str] = []
        elsewhere = [
            str(i + 1)
            for i, c in enumerate(model.columns)
            if text in [t.name for t in c.regressors] and c not in columns
        ]
        if text in _STATISTIC_HABITS:
            helps.append(f"did you mean `{_STATISTIC_HABITS[text]}`?")
        elif text in ("_cons", "(Intercept)", "Intercept", "const", "constant", "cons"):
            helps.append(f"the constant is called `{CONSTANT}`" if constant else "this model has no constant")
        elif elsewhere and model.split is None:
            helps.append(f"it stands in column {', '.join(elsewhere)}: `{model.name}[{elsewhere[-1]}].{text}`")
        else:
            helps.append(suggestion(text, [*terms, *constant, *statistics]))
        if terms and not helps[0]:
            helps = [f"its terms are {listed([*terms, *constant])}; statistics are `N`, `r2_within`, …"]
        declared = self.scope.declarations.get(model.name)
        related = (Related(declared.span, "the model"),) if declared is not None else ()
        self.problems.error(
            "E215", f"`{written(head)}` has no term or statistic `{text}`", span, *helps, related=related
        )

    # --- claims -------------------------------------------------------------------------------------

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
        if (
            isinstance(expr, ast.Binary)
            and expr.operator == "or"
            or isinstance(expr, ast.Unary)
            and expr.operator == "not"
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
        head, _, _ = _peel(_interacted(expr)[0])
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
            self.problems.error(
                "E900",
                f"`{written(inner)}` combines estimates, which is not in this version",
                inner.span,
                "compare two quantities directly: `a.x > b.x`",
            )
            return None
        return self.quantity(inner)

    def _equivalence(self, expr: ast.Binary) -> Expr | None:
        found = self._side(expr.left)
        right = simple(expr.right)
        if not isinstance(right, ast.Binary) or right.operator != "..":
            self.problems.error(
                "E327", "a claim with `in` takes a range", right.span, "for example `benchmark.Open in -0.1..0.1`"
            )
            return None
        ends = self.formulas.expressions.range_ends(right)
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
        quantity = self.quantity(left)
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


def _interacted(expr: ast.Expr) -> list[ast.Expr]:
    """The factors of `m.a:b:c`, the first with the model in front."""
    if isinstance(expr, ast.Binary) and expr.operator == ":":
        return [*_interacted(expr.left), *_interacted(expr.right)]
    return [expr]


def _peel(expr: ast.Expr) -> tuple[ast.Expr, list[ast.Expr], ast.Index | None]:
    """`m[5].x.se` → (`m[5]`, [x, se], None); `m.region["east"].se` → (`m`, [region, se], the index)."""
    members: list[ast.Expr] = []
    category: ast.Index | None = None
    while True:
        if isinstance(expr, ast.Member):
            members.insert(0, expr.member)
            expr = expr.target
        elif isinstance(expr, ast.Index) and isinstance(expr.target, ast.Member):
            category = expr
            expr = expr.target
        else:
            return expr, members, category


def _split_part(
    members: list[ast.Expr], others: list[ast.Expr]
) -> tuple[list[ast.Expr], list[ast.Expr], ast.Name | None]:
    """Take the part (`.se`) off the end of what follows the model; in `m.a:b.se` it stands on the last factor."""
    if others:
        last = others[-1]
        if isinstance(last, ast.Member) and isinstance(last.member, ast.Name):
            return members, [*others[:-1], last.target], last.member
        return members, others, None
    if len(members) > 1 and isinstance(members[-1], ast.Name):
        return members[:-1], [], members[-1]
    return members, others, None


def _category_key(variable: Ref) -> str:
    return f"{variable.kind}:{variable.table or ''}.{variable.name}"


def _category_keys(term: Term) -> list[str]:
    """The factors of a term, categories by their variable alone."""
    expression = term.expression
    parts = expression.arguments if isinstance(expression, Apply) and expression.function == ":" else (expression,)
    keys: list[str] = []
    for part in parts:
        if isinstance(part, Apply) and part.function == "i":
            variable = part.arguments[0]
            if isinstance(variable, Ref):
                keys.append(f"i:{_category_key(variable)}")
            keys += [canonical(slope) for slope in part.arguments[1:]]
        else:
            keys.append(canonical(part))
    return sorted(keys)


def _reference(term: Term) -> float | str | None:
    expression = term.expression
    parts = expression.arguments if isinstance(expression, Apply) and expression.function == ":" else (expression,)
    for part in parts:
        if isinstance(part, Apply) and part.function == "i":
            for word, value in part.named:
                if word == "ref" and isinstance(value, Literal):
                    return value.value
    return None
