"""`test`: a hypothesis test of the catalogue, on variables, on columns of models or on coefficients."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve import habits
from carbonspec.lang.resolve.claiming.quantities import Quantities
from carbonspec.lang.resolve.clauses import Clauses
from carbonspec.lang.resolve.names import TEST as DECLARED
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.printing.outputs import Outputs
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.terms import simple
from carbonspec.lang.resolve.testing.rows import TestRows, methods
from carbonspec.lang.resolve.testing.settings import TestSettings
from carbonspec.lang.resolve.testing.subjects import RowKeys, TestSubjects
from carbonspec.lang.spec import Quantity, Test
from carbonspec.lang.unparse import unparse_expression
from carbonspec.signature import FIGURE, TABLE, TEST, Signature

RANDOM = frozenset(("permute", "bootstrap"))
"""Clauses that make a test draw random numbers."""


class Tests:
    """Resolves tests when first asked for, so that statements may stand in any order."""

    __test__ = False

    def __init__(self, scope: Scope, outputs: Outputs, quantities: Quantities) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.outputs = outputs
        self.quantities = quantities
        self._subjects = TestSubjects(outputs, quantities)
        self._settings = TestSettings(scope, outputs.expressions)
        self._numbers = TestRows(scope)
        self._rows: dict[str, tuple[RowKeys, ...] | None] = {}
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
        subjects = self._subjects.read(call, signature)
        settings = self._settings.read(statement, clauses, signature)
        if subjects is None or settings is None:
            return None
        text = unparse_expression(call)
        words = {setting.word for setting in settings}
        made = Test(
            name or text,
            signature.name,
            statement.label.value if statement.label is not None else "",
            subjects.terms,
            subjects.selections,
            subjects.coefficients,
            subjects.quantities,
            settings,
            (name or text) if words & RANDOM else "",
            text,
            span=statement.span,
        )
        self._rows[made.name] = self._told_apart(made, subjects.rows)
        return made

    def _told_apart(self, test: Test, rows: tuple[RowKeys, ...] | None) -> tuple[RowKeys, ...] | None:
        """What the default rows are told apart by: for unit roots also by method, for effects also by test."""
        if rows is None:
            return None
        if test.function == "unitroot":
            return tuple((*keys, ("test", method)) for keys in rows for method in methods(test))
        if test.function == "effects":
            return tuple((*keys, ("test", name)) for keys in rows for name in ("f", "breusch_pagan"))
        return rows

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
            help_ = habits.test(name, known) or suggestion(name, known) or f"the tests are {listed(known)}"
            other = next((kind for kind in (TABLE, FIGURE) if catalogue.find(kind, name) is not None), "")
            if other:
                help_ = f"`{name}` is a {other}: write `{other} 1: {written(call)}`"
            self.problems.error("E211", f"no test called `{name}`", call.function.span, help_)
            return None
        if not signature.available:
            self.problems.later(name, call.function.span)
            return None
        if name == "hausman" and len(call.arguments) == 2:
            first = written(call.arguments[0])
            help_ = f"one column is enough, `hausman({first})`: both are estimated on its sample"
            self.problems.error("E301", "`hausman` takes 1 argument and has 2", call.span, help_)
            return None
        return (call, signature) if self.outputs.expressions.calls.shape(call, signature) else None

    # --- quantities ---------------------------------------------------------------------------------

    def quantity(self, head: ast.Expr, members: list[ast.Expr], whole: ast.Expr) -> Quantity | None:
        """`fe_or_re.p`: a number of a test; None after an error."""
        name = head.target if isinstance(head, ast.Index) else head
        assert isinstance(name, ast.Name)
        self.scope.use(name.text)
        test = self.build(name.text)
        if test is None:
            return None
        return self._numbers.quantity(test, self._rows.get(name.text), head, members, whole)
