"""`table`: what is printed, in which rows, columns and form."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.claims import CONSTANT, Claims
from carbonspec.lang.resolve.clauses import Clauses, Plain, number, path, plain
from carbonspec.lang.resolve.expressions import Expressions, positional, spell
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.models import ModelBuilder
from carbonspec.lang.resolve.names import LATER, LET, LOST, MODEL, VAR, Scope
from carbonspec.lang.resolve.problems import listed, plural, suggestion, written
from carbonspec.lang.resolve.selections import Pick
from carbonspec.lang.resolve.settings import PARENTHESES
from carbonspec.lang.resolve.terms import Entry, canonical, simple
from carbonspec.lang.spec import Apply, CallItem, Column, Heading, Ref, ResultItem, Table, Term
from carbonspec.signature import FIGURE, STATISTIC, TABLE, TEST

_RANGE_LIMIT = 1000


class Outputs:
    """Resolves tables."""

    def __init__(
        self, scope: Scope, expressions: Expressions, formulas: Formulas, models: ModelBuilder, claims: Claims
    ) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.formulas = formulas
        self.models = models
        self.claims = claims
        self.outside = False

    def tables(self) -> tuple[Table, ...]:
        """All sound tables."""
        found: list[Table] = []
        seen: dict[str, ast.Statement] = {}
        for statement in self.scope.file.statements:
            if statement.keyword != "table":
                continue
            number_ = _number(statement)
            first = seen.get(number_)
            if number_ and first is not None:
                assert statement.name is not None
                self.problems.error(
                    "E201",
                    f"table {number_} is declared twice",
                    statement.name.span,
                    related=(Related((first.name or first).span, "first declared here"),),
                )
                continue
            seen[number_] = statement
            made = self._table(statement, number_)
            if made is not None:
                found.append(made)
        return tuple(found)

    def _table(self, statement: ast.Statement, number_: str) -> Table | None:
        clauses = Clauses(statement, self.problems)
        if not statement.body:
            self.problems.error(
                "E307", f"table {number_} has nothing in it", statement.span, "for example `table 1: benchmark`"
            )
            return None
        items: list[ResultItem | CallItem] = []
        picks: list[tuple[tuple[Column, ...], int | None]] = []
        sound = True
        for value in statement.body:
            plain_value = value
            if value.name is not None:
                plain(value, self.problems)
                sound = False
                continue
            label = value.label.value if value.label is not None else ""
            expr = simple(plain_value.value)
            if isinstance(expr, ast.Call):
                call = self._call(expr, label, value)
                if call is None:
                    sound = False
                else:
                    items.append(call)
                continue
            result = self._result(expr, label, value)
            if result is None:
                sound = False
            else:
                items.append(result[0])
                picks.append((result[1], result[2].count))
        return self._finish(statement, number_, clauses, items, picks, sound)

    def _finish(
        self,
        statement: ast.Statement,
        number_: str,
        clauses: Clauses,
        items: list[ResultItem | CallItem],
        picks: list[tuple[tuple[Column, ...], int | None]],
        sound: bool,
    ) -> Table | None:
        plain_clauses = Plain(clauses, self.problems)
        columns = [column for group, _ in picks for column in group]
        by = self._by(clauses, items)
        total = plain_clauses.choice("total", ("pooled", "mean"))
        word = clauses.word("total")
        if total is not None and word is not None and "by" not in clauses.found:
            self.problems.error("E333", "`total` says what the last row of `by` is, and there is no `by`", word.span)
        if sound:
            self._only_for_results(clauses, bool(columns), ("rows", "stats"))
        rows = self._rows(clauses, columns) if columns and sound else ()
        published = clauses.one("published")
        location = ""
        if published is not None:
            if isinstance(published.value, ast.Text):
                location = path(published.value, self.problems)
            else:
                self.problems.error("E303", "`published` takes a path in double quotes", published.span)
        notes = []
        for value in clauses.values("notes"):
            if isinstance(value.value, ast.Text):
                notes.append(value.value.value)
            else:
                self.problems.error("E303", "`notes` takes texts in double quotes", value.span)
        made = Table(
            number_,
            statement.label.value if statement.label is not None else "",
            tuple(items),
            rows,
            self._statistics(clauses),
            self._headings(clauses, picks, sound, any(isinstance(i, CallItem) for i in items)),
            by,
            total or "pooled",
            plain_clauses.choice("parentheses", PARENTHESES) or "",
            plain_clauses.integer("digits", 0, 15),
            tuple(notes),
            location,
            span=statement.span,
        )
        return made if sound and items else None

    # --- items --------------------------------------------------------------------------------------

    def _result(
        self, expr: ast.Expr, label: str, value: ast.Value
    ) -> tuple[ResultItem, tuple[Column, ...], Pick] | None:
        if isinstance(expr, (ast.Member, ast.Binary)):
            self.problems.error(
                "E333",
                f"`{written(expr)}` is not a column of a table",
                expr.span,
                "a table prints models: `benchmark`, `benchmark[5]`; choose its rows with `rows`",
            )
            return None
        head = expr.target if isinstance(expr, ast.Index) else expr
        if isinstance(head, ast.Name):
            found = self.scope.declarations.get(head.text)
            wanted = "summary" if found is not None and found.kind in (VAR, LET) else ""
            if wanted or (found is None and self._is_column(head)):
                self.scope.use(head.text)
                kind = found.kind if found is not None else "variable"
                self.problems.error(
                    "E205",
                    f"`{head.text}` is a {kind}, not a model",
                    head.span,
                    f"its descriptive statistics are `summary({head.text})`",
                )
                return None
        picked = self.claims.columns(expr, expr)
        if picked is None:
            return None
        model, pick = picked
        columns = tuple(model.columns[c] for c in pick.columns)
        return ResultItem(pick.selection, label, span=value.span), columns, pick

    def _is_column(self, name: ast.Name) -> bool:
        return bool(self.scope.key(name.text) or self.scope.raw_tables(name.text))

    def _call(self, expr: ast.Call, label: str, value: ast.Value) -> CallItem | None:
        name = expr.function.text
        catalogue = self.scope.catalogue
        signature = catalogue.find(TABLE, name)
        if signature is None:
            if catalogue.find(TEST, name) is not None:
                self.problems.later(name, expr.function.span)
                return None
            help_ = {
                "describe": "did you mean `summary`?",
                "descriptives": "did you mean `summary`?",
                "corr": "did you mean `correlation`?",
                "summarize": "did you mean `summary`?",
                "sum": "did you mean `summary`?",
                "pwcorr": "did you mean `correlation`?",
            }.get(name, "")
            if catalogue.find(FIGURE, name) is not None:
                help_ = f"`{name}` is a figure"
            elif self.scope.declarations.get(name) is not None and self.scope.declarations[name].kind == MODEL:
                help_ = (
                    f"columns of a model stand in brackets: `{name}[{', '.join(written(v) for v in expr.arguments)}]`"
                )
            help_ = (
                help_ or suggestion(name, catalogue.names(TABLE)) or f"the tables are {listed(catalogue.names(TABLE))}"
            )
            self.problems.error("E211", f"no table called `{name}`", expr.function.span, help_)
            return None
        if not signature.available:
            self.problems.later(name, expr.function.span)
            return None
        if not self.expressions.shape(expr, signature):
            return None
        terms: list[Term] = []
        sound = True
        for argument in positional(expr):
            found = self._described(argument.value, name)
            if found is None:
                sound = False
            else:
                terms += found
        seen: set[str] = set()
        for term in terms:
            key = canonical(term.expression)
            if key in seen:
                self.problems.error("E304", f"`{term.name}` stands twice in `{name}`", term.span, "keep one of them")
                sound = False
            seen.add(key)
        if name == "correlation" and sound and len(terms) < 2:
            self.problems.error("E301", "`correlation` needs two variables or more", expr.span)
            return None
        return CallItem(name, tuple(terms), label, span=value.span) if sound else None

    def _described(self, expr: ast.Expr, what: str) -> list[Term] | None:
        """The variables an argument of `summary` stands for."""
        inner = simple(expr)
        if isinstance(inner, ast.Binary) and inner.operator not in ("+", ":"):
            text = written(inner)
            self.problems.error("E310", f"`{text}` computes", inner.span, f"declare it: `var name = {text}`")
            return None
        if isinstance(inner, ast.Name):
            found = self.scope.declarations.get(inner.text)
            if found is not None and found.kind not in (VAR, LET, LOST) and found.kind in (*LATER, MODEL):
                self.scope.use(inner.text)
                if found.kind == MODEL:
                    self.scope.wrong_kind(inner, found, "a variable")
                return None
        if isinstance(inner, ast.Call) and inner.function.text == "i":
            self.problems.error("E311", f"a category has no place in `{what}`", inner.span, "name the variable")
            return None
        side = self.formulas.right_side(expr)
        if self.formulas.failed:
            return None
        if side.stepping is not None or side.steps[0].constant is not None:
            self.problems.error("E311", f"`{written(expr)}` cannot stand in `{what}`", expr.span)
            return None
        return [self.formulas.terms.term(entry) for entry in side.steps[0].entries]

    # --- clauses ------------------------------------------------------------------------------------

    def _only_for_results(self, clauses: Clauses, has_results: bool, words: tuple[str, ...]) -> None:
        for word in words:
            name = clauses.word(word)
            if name is not None and not has_results:
                self.problems.error(
                    "E333", f"`{word}` chooses lines of a regression table, and this is none", name.span
                )

    def _by(self, clauses: Clauses, items: list[ResultItem | CallItem]) -> Ref | None:
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
        return found if isinstance(found, Ref) else None

    def _rows(self, clauses: Clauses, columns: list[Column]) -> tuple[str, ...]:
        values = clauses.values("rows")
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
        cited = self.claims.cited(expr, columns)
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

    def _statistics(self, clauses: Clauses) -> tuple[str, ...]:
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

    def _headings(
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


def _number(statement: ast.Statement) -> str:
    name = statement.name
    if isinstance(name, ast.Number):
        return name.text
    return name.text if isinstance(name, ast.Name) else ""


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
