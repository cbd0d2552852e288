"""`test`: a hypothesis test of the catalogue, on variables, on columns of models or on quantities."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import positional
from carbonspec.lang.resolve.clauses import Clauses
from carbonspec.lang.resolve.names import TEST as DECLARED
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.outputs import Outputs
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.quantities import Quantities
from carbonspec.lang.resolve.terms import simple
from carbonspec.lang.spec import Expr, Literal, Quantity, Selection, Setting, SettingValue, Term, Test
from carbonspec.lang.unparse import unparse_expression
from carbonspec.record import Record
from carbonspec.signature import FIGURE, TABLE, TEST, Signature

PARTS = ("p", "statistic", "estimate", "se", "df", "low", "high")
"""What a claim may cite of a test: `fe_or_re.p`."""
_HABITS = {
    "pvalue": "p",
    "p_value": "p",
    "stat": "statistic",
    "value": "statistic",
    "chi2": "statistic",
    "F": "statistic",
}


class Subjects(Record):
    """What the brackets of a test hold."""

    terms: tuple[Term, ...] = ()
    selections: tuple[Selection, ...] = ()
    quantities: tuple[Expr, ...] = ()


class Tests:
    """Resolves tests when first asked for, so that statements may stand in any order."""

    __test__ = False

    def __init__(self, scope: Scope, outputs: Outputs, quantities: Quantities) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.outputs = outputs
        self.quantities = quantities
        self._built: dict[str, Test | None] = {}
        self._open: list[str] = []
        quantities.tests = self

    def all(self) -> tuple[Test, ...]:
        """All sound tests, in the order of the file."""
        found: list[Test] = []
        for statement in self.scope.file.statements:
            if statement.keyword != "test":
                continue
            if isinstance(statement.name, ast.Name):
                declared = self.scope.declarations.get(statement.name.text)
                made = self.build(statement.name.text) if declared and declared.statement is statement else None
            else:
                made = self._test(statement, "")
                if made is not None and any(made.name == other.name for other in found):
                    self.problems.error("E304", f"`{made.name}` stands twice", statement.span, "keep one of them")
                    made = None
            if made is not None:
                found.append(made)
        return tuple(found)

    def build(self, name: str) -> Test | None:
        """A test by name; None when it is unsound (said where it stands)."""
        if name not in self._built:
            declared = self.scope.declarations.get(name)
            if declared is None or declared.kind != DECLARED or declared.statement is None or name in self._open:
                return None
            self._open.append(name)
            self._built[name] = self._test(declared.statement, name)
            self._open.pop()
        return self._built[name]

    # --- one test -----------------------------------------------------------------------------------

    def _test(self, statement: ast.Statement, name: str) -> Test | None:
        called = self._called(statement)
        if called is None:
            return None
        call, signature = called
        clauses = Clauses(statement, self.problems, signature.clauses)
        subjects = self._subjects(call, signature)
        settings = self._settings(clauses)
        if subjects is None or settings is None:
            return None
        text = unparse_expression(call)
        return Test(
            name or text,
            signature.name,
            statement.label.value if statement.label is not None else "",
            subjects.terms,
            subjects.selections,
            subjects.quantities,
            settings,
            "",
            text,
            span=statement.span,
        )

    def _called(self, statement: ast.Statement) -> tuple[ast.Call, Signature] | None:
        catalogue = self.scope.catalogue
        known = catalogue.names(TEST)
        if len(statement.body) != 1 or statement.body[0].name is not None:
            span = statement.body[1].span if len(statement.body) > 1 else statement.span
            self.problems.error("E305", "a `test` is one call", span, "for example `test roots: unitroot(Ce, Open)`")
            return None
        call = simple(statement.body[0].value)
        if not isinstance(call, ast.Call):
            self.problems.error("E303", f"`{written(call)}` is no test", call.span, f"the tests are {listed(known)}")
            return None
        name = call.function.text
        signature = catalogue.find(TEST, name)
        if signature is None:
            help_ = suggestion(name, known) or f"the tests are {listed(known)}"
            other = next((kind for kind in (TABLE, FIGURE) if catalogue.find(kind, name) is not None), "")
            if other:
                help_ = f"`{name}` is a {other}: write `{other} 1: {written(call)}`"
            self.problems.error("E211", f"no test called `{name}`", call.function.span, help_)
            return None
        if not signature.available:
            self.problems.later(name, call.function.span)
            return None
        return (call, signature) if self.outputs.expressions.calls.shape(call, signature) else None

    def _subjects(self, call: ast.Call, signature: Signature) -> Subjects | None:
        """What the brackets hold, as the signature's first argument says."""
        accepts = signature.arguments[0].accepts
        sound = True
        terms: list[Term] = []
        selections: list[Selection] = []
        for value in positional(call):
            if accepts == "variable":
                described = self.outputs.described(value.value, signature.name)
                sound = sound and described is not None
                terms += described or ()
            elif accepts == "result":
                picked = self.quantities.columns(simple(value.value), value.value)
                sound = sound and picked is not None
                if picked is not None:
                    selections.append(picked[1].selection)
        return Subjects(tuple(terms), tuple(selections)) if sound else None

    def _settings(self, clauses: Clauses) -> tuple[Setting, ...] | None:
        """The clauses as they stand: words and numbers."""
        settings = []
        for word, found in clauses.found.items():
            values = []
            for value in (value for clause in found for value in clause.values):
                inner = simple(value.value)
                if isinstance(inner, ast.Number):
                    values.append(SettingValue(Literal(inner.value, span=inner.span), span=value.span))
                else:
                    values.append(SettingValue(Literal(written(inner), span=inner.span), span=value.span))
            settings.append(Setting(word, tuple(values), span=found[0].span))
        return tuple(settings)

    # --- quantities ---------------------------------------------------------------------------------

    def quantity(self, head: ast.Expr, members: list[ast.Expr], whole: ast.Expr) -> Quantity | None:
        """`fe_or_re.p`: a number of a test; None after an error."""
        name = head.target if isinstance(head, ast.Index) else head
        assert isinstance(name, ast.Name)
        self.scope.use(name.text)
        test = self.build(name.text)
        if test is None:
            return None
        if len(members) != 1 or not isinstance(members[0], ast.Name):
            help_ = f"for example `{name.text}.p`"
            self.problems.error("E327", f"`{written(whole)}` is no number of a test", whole.span, help_)
            return None
        part = members[0].text
        if part not in PARTS:
            help_ = f"did you mean `{_HABITS[part]}`?" if part in _HABITS else suggestion(part, PARTS)
            message = f"a test has no part `{part}`"
            self.problems.error("E218", message, members[0].span, help_ or f"its parts are {listed(PARTS)}")
            return None
        return Quantity(Selection(name.text, span=head.span), "", part, written(whole), span=whole.span)
