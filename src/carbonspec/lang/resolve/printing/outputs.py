"""`table`: what is printed, in which rows, columns and form."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import positional
from carbonspec.lang.resolve.claiming.quantities import Quantities
from carbonspec.lang.resolve.claiming.selections import Pick
from carbonspec.lang.resolve.clauses import Clauses, Plain, path, plain
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.names import LATER, LET, LOST, MEASURE, MEDIATION, MODEL, VAR, Scope
from carbonspec.lang.resolve.names import TEST as DECLARED_TEST
from carbonspec.lang.resolve.printing.numbers import numbered
from carbonspec.lang.resolve.printing.stages import PARTS, Stages
from carbonspec.lang.resolve.printing.table_clauses import TableClauses
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.settings import PARENTHESES
from carbonspec.lang.resolve.terms import canonical, simple
from carbonspec.lang.spec import CallItem, Column, ResultItem, Selection, Table, Term
from carbonspec.signature import FIGURE, TABLE, TEST

_RANGE_LIMIT = 1000


class Outputs:
    """Resolves tables."""

    def __init__(self, scope: Scope, expressions: Expressions, formulas: Formulas, quantities: Quantities) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.formulas = formulas
        self.quantities = quantities
        self.clauses = TableClauses(scope, expressions, formulas, quantities)
        self.stages = Stages(scope, quantities)

    def tables(self) -> tuple[Table, ...]:
        """All sound tables."""
        found: list[Table] = []
        for statement, number in numbered(self.scope, "table"):
            made = self._table(statement, number)
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
            if isinstance(expr, ast.Call) and expr.function.text in PARTS:
                stages = self.stages.items(expr, label, value)
                sound = sound and stages is not None
                for item, columns, count in stages or ():
                    items.append(item)
                    picks.append((columns, count))
                continue
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
        by = self.clauses.by(clauses, items)
        total = plain_clauses.choice("total", ("pooled", "mean"))
        word = clauses.word("total")
        if total is not None and word is not None and "by" not in clauses.found:
            self.problems.error("E333", "`total` says what the last row of `by` is, and there is no `by`", word.span)
        if sound:
            self.clauses.only_for_results(clauses, bool(columns), ("rows", "stats"))
        rows = self.clauses.rows(clauses, columns) if columns and sound else ()
        published = clauses.one("published")
        location = ""
        if published is not None:
            if isinstance(published.value, ast.Text):
                location = path(published.value, self.problems, outside=self.scope.outside)
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
            self.clauses.statistics(clauses),
            self.clauses.headings(clauses, picks, sound, any(isinstance(i, CallItem) for i in items)),
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
            wanted = "summary" if found is not None and found.kind in (VAR, MEASURE, LET) else ""
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
            if found is not None and found.kind == DECLARED_TEST:
                return self._test(head, expr, label, value)
        picked = self.quantities.columns(expr, expr)
        if picked is None:
            return None
        model, pick = picked
        columns = tuple(model.columns[c] for c in pick.columns)
        return ResultItem(pick.selection, label, span=value.span), columns, pick

    def _test(
        self, head: ast.Name, expr: ast.Expr, label: str, value: ast.Value
    ) -> tuple[ResultItem, tuple[Column, ...], Pick] | None:
        """All rows of a test."""
        self.scope.use(head.text)
        if isinstance(expr, ast.Index):
            self.problems.error("E333", f"`{head.text}` is a test and has no columns", expr.span, "name the test alone")
            return None
        if self.quantities.tests is None or self.quantities.tests.build(head.text) is None:
            return None
        selection = Selection(head.text, span=expr.span)
        return ResultItem(selection, label, span=value.span), (), Pick(selection, (), 0)

    def _is_column(self, name: ast.Name) -> bool:
        return bool(self.scope.key(name.text) or self.scope.raw_tables(name.text))

    def _call(self, expr: ast.Call, label: str, value: ast.Value) -> CallItem | None:
        name = expr.function.text
        catalogue = self.scope.catalogue
        signature = catalogue.find(TABLE, name)
        if signature is None:
            if catalogue.find(TEST, name) is not None:
                help_ = f"declare it and print it by its name: `test {name}_test: {written(expr)}`"
                self.problems.error("E303", f"`{name}` is a test, not a table", expr.function.span, help_)
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
        if not self.expressions.calls.shape(expr, signature):
            return None
        if name == "mediation":
            selections = self.mediations(expr)
            return None if selections is None else CallItem(name, (), label, selections, span=value.span)
        terms: list[Term] = []
        sound = True
        for argument in positional(expr):
            found = self.described(argument.value, name)
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
        if name == "weights" and sound and not self._is_index(terms):
            return None
        if name == "correlation" and sound and len(terms) < 2:
            self.problems.error("E301", "`correlation` needs two variables or more", expr.span)
            return None
        return CallItem(name, tuple(terms), label, span=value.span) if sound else None

    def mediations(self, expr: ast.Call) -> tuple[Selection, ...] | None:
        """The mediations that a call names; None after an error."""
        found: list[Selection] = []
        name = expr.function.text
        known = self.scope.of_kind(MEDIATION)
        for value in positional(expr):
            inner = simple(value.value)
            head = inner.target if isinstance(inner, ast.Index) else inner
            declared = self.scope.declarations.get(head.text) if isinstance(head, ast.Name) else None
            if not isinstance(head, ast.Name) or declared is None or declared.kind not in (MEDIATION, LOST):
                text = written(value.value)
                help_ = suggestion(text, known) or (
                    f"the mediations are {listed(known)}" if known else "declare one: `mediate via: Open -> Tech -> Ce`"
                )
                if declared is None and isinstance(head, ast.Name):
                    self.problems.error("E210", f"no mediation called `{head.text}`", head.span, help_)
                else:
                    kind = declared.kind if declared is not None else "call"
                    message = f"`{name}` takes mediations, and `{text}` is a {kind}"
                    self.problems.error("E205", message, value.span, help_)
                return None
            picked = self.quantities.columns(inner, inner)
            if picked is None:
                return None
            selection = picked[1].selection
            if selection.first is not None:
                help_ = f"name the whole mediation: `{head.text}`"
                self.problems.error("E333", f"`{name}` takes mediations, not their columns", value.span, help_)
                return None
            if any(selection.model == other.model and selection.filters == other.filters for other in found):
                self.problems.error("E304", f"`{written(value)}` stands twice in `{name}`", value.span, "keep one")
                return None
            found.append(selection)
        return tuple(found)

    def _is_index(self, terms: list[Term]) -> bool:
        """Whether `weights` speaks of an index; anything else is reported."""
        known = {}
        for name in self.scope.of_kind(MEASURE):
            statement = self.scope.declarations[name].statement
            body = statement.body[0].value if statement is not None and statement.body else None
            known[name] = isinstance(body, ast.Call) and body.function.text == "index"
        if all(known.get(term.name) for term in terms):
            return True
        term = next(term for term in terms if not known.get(term.name))
        indexes = [name for name, is_index in known.items() if is_index]
        help_ = f"the indexes are {listed(indexes)}" if indexes else "declare one: `measure Open = index(entropy)`"
        self.problems.error("E303", f"`weights` takes an index, and `{term.name}` is none", term.span, help_)
        return False

    def described(self, expr: ast.Expr, what: str) -> list[Term] | None:
        """The variables an argument of `summary` stands for."""
        inner = simple(expr)
        if isinstance(inner, ast.Binary) and inner.operator not in ("+", ":"):
            text = written(inner)
            self.problems.error("E310", f"`{text}` computes", inner.span, f"declare it: `var name = {text}`")
            return None
        if isinstance(inner, ast.Name):
            found = self.scope.declarations.get(inner.text)
            if (
                found is not None
                and found.kind not in (VAR, MEASURE, LET, LOST)
                and found.kind in (*LATER, MODEL, MEDIATION)
            ):
                self.scope.use(inner.text)
                if found.kind not in LATER:
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
