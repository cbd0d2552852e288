"""`figure`: a map or a trend of variables."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import positional
from carbonspec.lang.resolve.clauses import Clauses, Plain, literal, path, plain
from carbonspec.lang.resolve.names import MODEL, TEST, Scope
from carbonspec.lang.resolve.printing.numbers import numbered
from carbonspec.lang.resolve.printing.outputs import Outputs
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.terms import simple
from carbonspec.lang.spec import Figure, Quantity, Ref, Selection, Term
from carbonspec.signature import FIGURE, TABLE, Signature

RANGE_LIMIT = 200


class Figures:
    """Resolves figures."""

    def __init__(self, scope: Scope, outputs: Outputs) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.outputs = outputs

    def all(self) -> tuple[Figure, ...]:
        """All sound figures."""
        found: list[Figure] = []
        for statement, number in numbered(self.scope, "figure"):
            made = self._figure(statement, number)
            if made is not None:
                found.append(made)
        return tuple(found)

    def _figure(self, statement: ast.Statement, number: str) -> Figure | None:
        call = self._call(statement)
        if call is None:
            return None
        expr, signature = call
        clauses = Clauses(statement, self.problems)
        allowed = {p.name for p in signature.clauses} | {"notes"}
        sound = True
        for word, found in clauses.found.items():
            if word not in allowed:
                message = f"`{word}` is no clause of `{signature.name}`"
                self.problems.error("E333", message, found[0].word.span, f"it takes {listed(sorted(allowed))}")
                sound = False
        accepts = signature.arguments[0].accepts
        shows_results = accepts in ("result", "quantity")
        quantities = self._results(expr, signature) if shows_results else ()
        terms = () if shows_results else self._terms(expr, signature)
        interval = Plain(clauses, self.problems).share("interval")
        if "interval" in clauses.found and interval is None:
            sound = False
        at = self._periods(clauses)
        by, fine = self._by(clauses, terms or ())
        notes = []
        for value in clauses.values("notes"):
            if isinstance(value.value, ast.Text):
                notes.append(value.value.value)
            else:
                self.problems.error("E303", "`notes` takes texts in double quotes", value.span)
        shapes, file = "", clauses.one("shapes")
        if file is not None:
            if isinstance(file.value, ast.Text):
                shapes = path(file.value, self.problems, outside=self.scope.outside)
            else:
                self.problems.error("E303", "`shapes` takes the path of a GeoJSON file in double quotes", file.span)
        if not sound or not fine or terms is None or at is None or quantities is None:
            return None
        label = statement.label.value if statement.label is not None else ""
        return Figure(
            number,
            signature.name,
            label,
            terms,
            at,
            by,
            shapes,
            tuple(notes),
            quantities,
            interval,
            span=statement.span,
        )

    def _call(self, statement: ast.Statement) -> tuple[ast.Call, Signature] | None:
        catalogue = self.scope.catalogue
        known = catalogue.names(FIGURE)
        if len(statement.body) != 1:
            span = statement.body[1].span if statement.body else statement.span
            self.problems.error("E305", "a figure is one call", span, 'for example `figure 2 "Opening up": map(Open)`')
            return None
        value = plain(statement.body[0], self.problems)
        expr = simple(value.value)
        if not isinstance(expr, ast.Call):
            help_ = f"the figures are {listed(known)}"
            self.problems.error("E303", f"`{written(expr)}` is no figure", expr.span, help_)
            return None
        name = expr.function.text
        signature = catalogue.find(FIGURE, name)
        if signature is None:
            help_ = suggestion(name, known) or f"the figures are {listed(known)}"
            if catalogue.find(TABLE, name) is not None:
                help_ = f"`{name}` is a table"
            self.problems.error("E211", f"no figure called `{name}`", expr.function.span, help_)
            return None
        if not signature.available:
            self.problems.later(name, expr.function.span)
            return None
        return (expr, signature) if self.outputs.expressions.calls.shape(expr, signature) else None

    def _terms(self, expr: ast.Call, signature: Signature) -> tuple[Term, ...] | None:
        found: list[Term] = []
        for argument in positional(expr):
            terms = self.outputs.described(argument.value, signature.name)
            if terms is None:
                return None
            found += terms
        if signature.name == "map" and len(found) != 1:
            self.problems.error("E301", "`map` shows one variable", expr.span, "write a figure for each")
            return None
        return tuple(found)

    def _results(self, expr: ast.Call, signature: Signature) -> tuple[Quantity, ...] | None:
        """What a figure shows of results: whole ones, or numbers of them."""
        if signature.name == "paths":
            selections = self.outputs.mediations(expr)
            if selections is None:
                return None
            return tuple(Quantity(s, "", "", s.model, span=s.span) for s in selections)
        found: list[Quantity] = []
        for argument in positional(expr):
            inner = simple(argument.value)
            one = self._whole(inner, signature.name) if isinstance(inner, (ast.Name, ast.Index)) else None
            if one is None and not isinstance(inner, (ast.Name, ast.Index)):
                one = self.outputs.quantities.quantity(inner)
            if one is None:
                return None
            statistic = one.part not in ("estimate", "") or (signature.name == "density" and bool(one.term))
            if statistic:
                what = "draws of tests and of effects" if signature.name == "density" else "coefficients and effects"
                message = f"`{signature.name}` shows {what}, and `{written(inner)}` is none"
                self.problems.error("E333", message, argument.span)
                return None
            found.append(one)
        return tuple(found)

    def _whole(self, inner: ast.Expr, what: str) -> Quantity | None:
        """A result by name: all its effects or coefficients, all its draws."""
        head = inner.target if isinstance(inner, ast.Index) else inner
        declared = self.scope.declarations.get(head.text) if isinstance(head, ast.Name) else None
        if isinstance(head, ast.Name) and declared is not None and declared.kind == TEST and what == "density":
            self.scope.use(head.text)
            tests = self.outputs.quantities.tests
            if tests is None or tests.build(head.text) is None:
                return None
            return Quantity(Selection(head.text, span=inner.span), "", "", written(inner), span=inner.span)
        if what == "density" and declared is not None and declared.kind == MODEL:
            help_ = "a mediation with `bootstrap`, or a test that permutes"
            self.problems.error("E333", "`density` shows draws, and a model has none", inner.span, help_)
            return None
        picked = self.outputs.quantities.columns(inner, inner)
        if picked is None:
            return None
        return Quantity(picked[1].selection, "", "", written(inner), span=inner.span)

    def _periods(self, clauses: Clauses) -> tuple[float | str, ...] | None:
        periods: list[float | str] = []
        for value in clauses.values("at"):
            expr = simple(plain(value, self.problems).value)
            if isinstance(expr, ast.Binary) and expr.operator == "..":
                ends = self.outputs.expressions.range_ends(expr)
                if ends is None:
                    return None
                if any(end != int(end) for end in ends) or ends[1] - ends[0] > RANGE_LIMIT:
                    self.problems.error("E329", f"`{written(expr)}` is no range of periods", expr.span)
                    return None
                periods += [float(n) for n in range(int(ends[0]), int(ends[1]) + 1)]
                continue
            given = literal(expr)
            if given is None:
                self.problems.error("E303", "`at` takes periods such as `2012, 2020`", expr.span)
                return None
            if given in periods:
                self.problems.error("E304", f"`{written(expr)}` stands twice", expr.span, "keep one of them")
            periods.append(given)
        return tuple(periods)

    def _by(self, clauses: Clauses, terms: tuple[Term, ...]) -> tuple[Ref | None, bool]:
        """(the variable of `by`, whether all is well)."""
        value = clauses.one("by")
        if value is None:
            return None, True
        expr = simple(value.value)
        expressions = self.outputs.expressions
        if not isinstance(expr, (ast.Name, ast.Member)):
            self.problems.error("E303", "`by` takes a variable", value.span)
            return None, False
        if len(terms) > 1:
            help_ = "one variable with `by`; write a figure for each"
            self.problems.error("E333", "`by` draws one variable for each value of another", value.span, help_)
            return None, False
        found = expressions.name(expr) if isinstance(expr, ast.Name) else expressions.member(expr)
        return (found, True) if isinstance(found, Ref) else (None, False)
