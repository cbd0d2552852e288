"""`measure`: a column by a method of the catalogue."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import positional
from carbonspec.lang.resolve.clauses import literal
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.measuring.clauses import Settings
from carbonspec.lang.resolve.measuring.emissions import Emission
from carbonspec.lang.resolve.measuring.index_groups import Index
from carbonspec.lang.resolve.measuring.quality import Quality
from carbonspec.lang.resolve.measuring.stock import Stock
from carbonspec.lang.resolve.names import DATA, LOST, Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.spec import Measure, Panel
from carbonspec.signature import MEASURE, Signature

METHODS: dict[str, type[Settings]] = {"emissions": Emission, "index": Index, "quality": Quality, "stock": Stock}
"""Who reads the clauses of a method, where `Settings` alone does not know all of them."""


class Measures:
    """Resolves the measures of a file."""

    def __init__(self, scope: Scope, expressions: Expressions, panel: Panel | None) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.panel = panel

    def all(self) -> tuple[Measure, ...]:
        """All sound measures, in the order of the file."""
        found = []
        for statement in self.scope.file.statements:
            name = statement.name
            if statement.keyword != "measure" or not isinstance(name, ast.Name):
                continue
            declared = self.scope.declarations.get(name.text)
            if declared is not None and declared.statement is statement:
                made = self._measure(statement, name)
                if made is not None:
                    found.append(made)
        return tuple(found)

    def _measure(self, statement: ast.Statement, name: ast.Name) -> Measure | None:
        method = self._method(statement)
        if method is None:
            return None
        call, signature = method
        argument, takes = positional(call)[0], signature.arguments[0]
        table, word, expression = "", "", None
        keys: dict[str, str] = {}
        sound = True
        if takes.accepts == "table":
            reached = self._table(argument, signature)
            if reached is None:
                return None
            table, keys = reached
        elif takes.accepts == "word":
            word = self._word(argument, signature)
            sound = bool(word)
        else:
            expression = self.expressions.value(argument.value)
            sound = expression is not None
        reader = METHODS.get(signature.name, Settings)
        read = reader(self.scope, self.expressions, statement, signature, table, keys, word)
        settings = read.all()
        if settings is None or not sound:
            return None
        return Measure(
            name.text,
            signature.name,
            statement.label.value if statement.label is not None else "",
            table,
            expression,
            word,
            read.unit,
            settings,
            span=statement.span,
        )

    def _method(self, statement: ast.Statement) -> tuple[ast.Call, Signature] | None:
        known = self.scope.catalogue.names(MEASURE)
        example = "for example `measure Tech = stock(spending)`"
        if len(statement.body) != 1 or statement.body[0].name is not None:
            span = statement.body[1].span if len(statement.body) > 1 else statement.span
            self.problems.error("E305", "a `measure` is one call of a method", span, example)
            return None
        call = statement.body[0].value
        if not isinstance(call, ast.Call):
            help_ = f"a column by a formula is a `var`; the methods are {listed(known)}"
            self.problems.error("E303", f"`{written(call)}` is no method", call.span, help_)
            return None
        signature = self.scope.catalogue.find(MEASURE, call.function.text)
        if signature is None:
            help_ = suggestion(call.function.text, known) or f"the methods are {listed(known)}"
            self.problems.error("E211", f"no method called `{call.function.text}`", call.function.span, help_)
            return None
        if not signature.available:
            self.problems.later(signature.name, call.function.span)
            return None
        return (call, signature) if self.expressions.calls.shape(call, signature) else None

    def _word(self, argument: ast.Value, signature: Signature) -> str:
        """The method's own word, "" for one it does not know."""
        words = signature.arguments[0].words
        given = written(argument.value)
        if given in words:
            return given
        help_ = suggestion(given, words) or f"the weights are {listed(words)}"
        self.problems.error("E800", f"`index` has no weights called `{given}`", argument.span, help_)
        return ""

    def _table(self, argument: ast.Value, signature: Signature) -> tuple[str, dict[str, str]] | None:
        """The table a measure reads, and which of its columns are the panel's `id` and `time`."""
        name, scope = argument.value, self.scope
        example = f"for example `{signature.example}`"
        if not isinstance(name, ast.Name) or literal(name) is not None:
            self.problems.error("E303", f"`{signature.name}` takes a data table", argument.span, example)
            return None
        declared = scope.declarations.get(name.text)
        scope.use(name.text)
        if declared is None:
            help_ = suggestion(name.text, scope.of_kind(DATA)) or f"declare it: `data {name.text} from …`"
            if not scope.rest_unknown:
                self.problems.error("E220", f"no data table called `{name.text}`", name.span, help_)
            return None
        if declared.kind == LOST or self.panel is None:
            return None
        if declared.kind != DATA:
            scope.wrong_kind(name, declared, "a data table")
            return None
        panel = self.panel
        if name.text == panel.table:
            keys = {"time": panel.time}
            return name.text, keys if len(panel.id) > 1 else {**keys, "id": panel.id[0]}
        join = next((j for j in panel.joins if j.table == name.text), None)
        if join is None:
            if not scope.reach_unknown:
                self.problems.error(
                    "E206",
                    f"`{name.text}` is not joined to the panel, so it has no value for a unit and period",
                    name.span,
                    f"add `join {name.text} on …` to `panel {panel.table}`",
                )
            return None
        columns = dict(join.keys)
        own = {"time": panel.time, "id": panel.id[0] if len(panel.id) == 1 else ""}
        keys = {key: columns.get(column) or columns.get(key, "") for key, column in own.items()}
        return name.text, {key: column for key, column in keys.items() if column}
