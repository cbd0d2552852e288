"""The clauses of a table: rows, statistics, headings, groups."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.claiming.quantities import CONSTANT, Quantities
from carbonspec.lang.resolve.clauses import Clauses, number, plain, spell
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.names import LATER, LOST, Scope
from carbonspec.lang.resolve.problems import listed, plural, suggestion, written
from carbonspec.lang.resolve.terms import Entry, canonical, simple
from carbonspec.lang.spec import Apply, CallItem, Column, Heading, Ref, ResultItem, Term
from carbonspec.signature import STATISTIC

_RANGE_LIMIT = 1000


class TableClauses:
    """Resolves what qualifies a table."""

    def __init__(self, scope: Scope, expressions: Expressions, formulas: Formulas, quantities: Quantities) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.formulas = formulas
        self.quantities = quantities

    def only_for_results(self, clauses: Clauses, has_results: bool, words: tuple[str, ...]) -> None:
        for word in words:
            name = clauses.word(word)
            if name is not None and not has_results:
                self.problems.error(
                    "E333", f"`{word}` chooses lines of a regression table, and this is none", name.span
                )

    def by(self, clauses: Clauses, items: list[ResultItem | CallItem]) -> Ref | None:
        value = clauses.one("by")
        word = clauses.word("by")
        if value is None or word is None:
            return None
        expr = simple(value.value)
        if not isinstance(expr, (ast.Name, ast.Member)):
            self.problems.error("E303", "`by` takes a variable", value.span)
            return None
        found = self.expressions.name(expr) if isinstance(expr, ast.Name) else self.expressions.member(expr)
        if any(not isinstance(item, CallItem) or item.function != "summary" for item in items):
            help_ = "to estimate by groups, give the model a `split`"
            self.problems.error("E333", "`by` belongs to `summary(…)`", word.span, help_)
            return None
        terms = [term for item in items if isinstance(item, CallItem) for term in item.arguments]
        if len(terms) > 1:
            names = listed(term.name for term in terms)
            help_ = "write a table for each variable, or leave `by` out"
            message = f"`by` takes a table of one variable, and this one has {names}"
            self.problems.error("E333", message, word.span, help_)
            return None
        return found if isinstance(found, Ref) else None

    def rows(self, clauses: Clauses, columns: list[Column]) -> tuple[str, ...]:
        values = clauses.values("rows")
        if not values:
            return ()
        terms: dict[str, Term] = {}
        for column in columns:
            for term in column.regressors:
                terms.setdefault(canonical(term.expression), term)
        rows: list[str] = []
        for value in values:
            for name in self._row(plain(value, self.problems).value, terms, columns):
                if name not in rows:
                    rows.append(name)
        return tuple(rows)

    def _row(self, expr: ast.Expr, terms: dict[str, Term], columns: list[Column]) -> list[str]:
        """The names of the coefficients a row names: a term with its lags, a category, the terms of a let."""
        inner = simple(expr)
        if isinstance(inner, ast.Name) and inner.text == CONSTANT:
            return [CONSTANT]
        if isinstance(inner, ast.Name):
            found = self.scope.declarations.get(inner.text)
            if found is not None and found.kind in LATER | {LOST}:
                return []
        cited = self.quantities.cited(expr, columns)
        if cited:
            return [cited]
        with self.problems.quietly():
            side = self.formulas.right_side(expr)
            failed = self.formulas.failed
        keys = {self._key(entry) for step in side.steps for entry in step.entries}
        if isinstance(inner, ast.Name):
            with self.problems.quietly():
                column = self.expressions.value(inner)
            if column is not None:
                keys.add(canonical(column))
                failed = False
        names: list[str] = []
        for key, term in terms.items():
            if key in keys or _unlagged(term) in keys or _category(term) in keys:
                names += self._coefficients(term)
        if names and not failed:
            return names
        known = [*(t.name for t in terms.values()), *([CONSTANT] if any(c.constant for c in columns) else [])]
        text = written(expr)
        help_ = suggestion(text, known) or f"the terms are {listed(known)}"
        self.problems.error("E215", f"no model of this table has a term `{text}`", expr.span, help_)
        return []

    def _coefficients(self, term: Term) -> list[str]:
        """What the coefficients of a term are called: one name, also for all values of `i(region)`."""
        expression = term.expression
        if not (isinstance(expression, Apply) and expression.function == "i"):
            return [term.name]
        variable = expression.arguments[0]
        assert isinstance(variable, Ref)
        label = term.name[2:-1].split(",")[0].strip()
        if len(expression.arguments) == 1:
            return [label]
        slope = term.name[2:-1].split(",", 1)[1].strip()
        return [f"{label}[{spell(level.value)}]:{slope}" for level in self.scope.levels.get(variable.name, ())]

    def _key(self, entry: Entry) -> str:
        return canonical(self.formulas.terms.term(entry).expression)

    def statistics(self, clauses: Clauses) -> tuple[str, ...]:
        found: list[str] = []
        known = self.scope.catalogue.names(STATISTIC)
        for value in clauses.values("stats"):
            word = value.value.text if isinstance(value.value, ast.Name) else written(value.value)
            signature = self.scope.catalogue.find(STATISTIC, word)
            if signature is None:
                help_ = suggestion(word, known) or f"the statistics are {listed(known, 20)}"
                self.problems.error("E218", f"no statistic called `{word}`", value.value.span, help_)
            elif not signature.available:
                self.problems.later(word, value.value.span)
            elif word in found:
                self.problems.error("E304", f"`{word}` stands twice", value.value.span)
            else:
                found.append(word)
        return tuple(found)

    def headings(
        self,
        clauses: Clauses,
        picks: list[tuple[tuple[Column, ...], int | None]],
        sound: bool,
        with_calls: bool,
    ) -> Heading | None:
        values = clauses.values("columns")
        if not values:
            return None
        texts: list[str] = []
        for value in values:
            more = self._heading(value)
            if more is None:
                return None
            texts += more
        span = values[0].span.to(values[-1].span)
        counts = [count for _, count in picks]
        if sound and not with_calls and None not in counts:
            total = sum(count for count in counts if count is not None)
            if total != len(texts):
                self.problems.error(
                    "E333",
                    f"`columns` has {plural(len(texts), 'heading')} for {plural(total, 'column')}",
                    span,
                )
        return Heading(tuple(texts), span=span)

    def _heading(self, value: ast.Value) -> list[str] | None:
        expr = simple(value.value)
        if isinstance(expr, ast.Text):
            return [expr.value]
        if isinstance(expr, ast.Number):
            return [expr.text]
        if isinstance(expr, ast.Binary) and expr.operator == "..":
            ends = self.expressions.range_ends(expr)
            if ends is None:
                return None
            low, high = ends
            if low != int(low) or high != int(high) or high - low > _RANGE_LIMIT:
                self.problems.error("E329", f"`{written(expr)}` is no range of column numbers", expr.span)
                return None
            return [str(n) for n in range(int(low), int(high) + 1)]
        given = number(expr)
        help_ = f'write `"{written(expr)}"`' if isinstance(expr, ast.Name) else ""
        if given is None or given < 0:
            self.problems.error("E303", "`columns` takes numbers, ranges or texts in double quotes", expr.span, help_)
            return None
        return [written(expr)]


def _unlagged(term: Term) -> str:
    """The key of x for a term that is a lag or lead of x."""
    expression = term.expression
    if isinstance(expression, Apply) and expression.function in ("L", "F"):
        return canonical(expression.arguments[0])
    return ""


def _category(term: Term) -> str:
    """The key of x for the term `i(x)`."""
    expression = term.expression
    if isinstance(expression, Apply) and expression.function == "i" and len(expression.arguments) == 1:
        return canonical(expression.arguments[0])
    return ""
