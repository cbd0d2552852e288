"""The clauses of a measure: which there are, how often, and the readers that several methods share."""

from __future__ import annotations

from collections.abc import Callable

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import literal, number, plain
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import listed, plural, suggestion, written
from carbonspec.lang.spec import Expr, Literal, Ref, Setting, SettingValue
from carbonspec.signature import Parameter, Signature

Reader = Callable[[ast.Clause, Parameter], Setting | None]
RANGE_LIMIT = 1000


class Settings:
    """Reads all clauses of one measure. A method adds the readers of its own clauses to `special`."""

    def __init__(
        self,
        scope: Scope,
        expressions: Expressions,
        statement: ast.Statement,
        signature: Signature,
        table: str,
        keys: dict[str, str],
        word: str,
    ) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.statement = statement
        self.signature = signature
        self.table = table
        self.keys = keys
        self.word = word
        self.known = {p.name: p for p in signature.clauses}
        self.clauses: dict[str, list[ast.Clause]] = {}
        self.misspelt: set[str] = set()
        self.unit = ""
        self.sound = True

    # --- what a method adds -------------------------------------------------------------------------

    def special(self) -> dict[str, Reader]:
        """Readers of what only this method has, by `accepts`."""
        return {}

    def check(self) -> None:
        """What concerns several clauses at once."""

    # --- all of them --------------------------------------------------------------------------------

    def all(self) -> tuple[Setting, ...] | None:
        """The settings in the order of the file; None after an error."""
        self._collect()
        readers = {**self._readers(), **self.special()}
        made: list[Setting] = []
        for clause in self.statement.clauses:
            word = clause.word.text
            if clause not in self.clauses.get(word, ()):
                continue
            parameter = self.known[word]
            found = readers[parameter.accepts](clause, parameter)
            if found is None:
                self.sound = False
            elif word == "unit":
                self.unit = _text(found)
            else:
                made.append(found)
        lost = [p.name for p in self.signature.clauses if p.required and p.name not in self.clauses]
        if not self.statement.broken:
            self.missing(*lost)
        self.check()
        return tuple(made) if self.sound else None

    def _collect(self) -> None:
        for clause in self.statement.clauses:
            word = clause.word.text
            parameter = self.known.get(word)
            if parameter is None:
                help_ = suggestion(word, self.known)
                self.misspelt.update(name for name in self.known if help_ == suggestion(word, (name,)))
                help_ = help_ or f"its clauses are {listed(self.known, 20)}"
                self.error("E212", f"`{self.signature.name}` has no clause `{word}`", clause.word.span, help_)
                continue
            earlier = self.clauses.get(word)
            if earlier and not parameter.repeat:
                related = (Related(earlier[0].word.span, "first here"),)
                self.error("E304", f"`{word}` stands twice", clause.word.span, "keep one of them", related=related)
                continue
            for at, qualifier in enumerate(clause.qualifiers):
                first = next((q for q in clause.qualifiers[:at] if q.word.text == qualifier.word.text), None)
                if first is not None:
                    message = f"`{first.word.text}` stands twice on this line"
                    related = (Related(first.word.span, "first here"),)
                    self.error("E304", message, qualifier.word.span, "keep one of them", related=related)
                if qualifier.word.text not in parameter.qualifiers:
                    name = qualifier.word.text
                    help_ = suggestion(name, parameter.qualifiers) or f"put `{name}` on its own line"
                    message = f"on this line `{name}` would qualify `{word}`, which has no such part"
                    self.error("E212", message, qualifier.word.span, help_)
            if len(clause.values) > 1 and not parameter.many:
                span = clause.values[1].span.to(clause.values[-1].span)
                self.error("E305", f"`{word}` takes one value, not {len(clause.values)}", span)
                continue
            self.clauses.setdefault(word, []).append(clause)

    def _readers(self) -> dict[str, Reader]:
        return {
            "text": self._texts,
            "word": self._word,
            "number": self._number,
            "share": self._share,
            "column": self._column,
            "period": self._periods,
            "expression": self._expression,
        }

    # --- messages -----------------------------------------------------------------------------------

    def error(self, code: str, message: str, span: object, *helps: str, related: tuple[Related, ...] = ()) -> None:
        """An error of this measure."""
        self.sound = False
        self.problems.error(code, message, span, *helps, related=related)  # type: ignore[arg-type]

    def missing(self, *words: str, why: str = "") -> None:
        """E307: clauses that the method cannot do without, unless they stand there misspelt."""
        self.sound = self.sound and not words
        lost = [word for word in words if word not in self.misspelt]
        if not lost:
            return
        name = self.statement.name
        assert name is not None
        method = self.signature.name
        message = f"`{method}` does not say its {listed(lost)}{why}"
        self.error("E307", message, name.span, *(EXAMPLES.get(word, "") for word in lost))

    # --- readers ------------------------------------------------------------------------------------

    def qualifier(self, clause: ast.Clause, word: str) -> ast.Value | None:
        """The value of a qualifier, None without one."""
        found = next((q for q in clause.qualifiers if q.word.text == word), None)
        if found is None:
            return None
        if len(found.values) > 1:
            self.error("E305", f"`{word}` takes one value", found.values[1].span)
        return found.values[0]

    def resolved(self, expr: ast.Expr) -> Expr | None:
        """An expression where the method looks: the table's columns, or the panel's variables."""
        if self.table:
            return self.expressions.of_table(expr, self.table, self.keys)
        return self.expressions.value(expr)

    def chosen(self, value: ast.Value, words: tuple[str, ...], what: str) -> Setting | None:
        """One of some words, as a text."""
        given = written(value.value)
        if given in words:
            return one(what, Literal(given, span=value.span), value)
        options = ", ".join(f"`{w}`" for w in words)
        one_of = "one of " if len(words) > 1 else ""
        self.error("E303", f"`{what}` takes {one_of}{options}", value.span, suggestion(given, words))
        return None

    def _word(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        return self.chosen(plain(clause.values[0], self.problems), parameter.words, parameter.name)

    def _texts(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        values = []
        for value in clause.values:
            if not isinstance(plain(value, self.problems).value, ast.Text):
                self.error("E303", f"`{parameter.name}` takes a text in double quotes", value.span)
                return None
            values.append(SettingValue(Literal(literal(value.value) or "", span=value.span), span=value.span))
        return Setting(parameter.name, tuple(values), span=clause.span)

    def bounded(self, value: ast.Value, parameter: Parameter) -> float | None:
        """A number within a parameter's bounds."""
        given = number(value.value)
        low, high = parameter.minimum, parameter.maximum
        if given is not None and (low is None or given >= low) and (high is None or given <= high):
            return given
        if low is not None and low == high:
            self.error("E303", f"`{parameter.name}` takes {low:g} (without it, 44/12)", value.span)
            return None
        bounds = "" if low is None else f" from {low:g} up" if high is None else f" from {low:g} to {high:g}"
        percent = given is not None and high == 1 and 1 < given <= 100 and not written(value.value).endswith("%")
        help_ = f"write `{given:g}%`" if percent else ""
        self.error("E303", f"`{parameter.name}` takes a number{bounds}", value.span, help_)
        return None

    def _number(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        value = plain(clause.values[0], self.problems)
        given = self.bounded(value, parameter)
        return None if given is None else one(parameter.name, Literal(given, span=value.span), value)

    def _share(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        """`unit_values 1%, 99%`."""
        given = [number(plain(value, self.problems).value) for value in clause.values]
        span = clause.values[0].span.to(clause.values[-1].span)
        if len(given) != 2 or any(g is None or not 0 <= g <= 1 for g in given):
            help_ = f"for example `{parameter.name} 1%, 99%`"
            self.error("E305", f"`{parameter.name}` takes the lower and the upper quantile", span, help_)
            return None
        low, high = given
        if low is not None and high is not None and low >= high:
            self.error("E325", "the lower quantile comes first", span)
            return None
        values = zip(given, clause.values, strict=True)
        return Setting(
            parameter.name,
            tuple(SettingValue(Literal(float(g or 0), span=v.span), span=v.span) for g, v in values),
            span=clause.span,
        )

    def column(self, value: ast.Value, what: str) -> Ref | None:
        """A column of the measure's table, by its bare name."""
        expr = plain(value, self.problems).value
        if not isinstance(expr, ast.Name):
            help_ = "what has to be computed first stands in the table, or comes in by its `join`"
            self.error("E303", f"`{what}` takes a column of `{self.table}`", value.span, help_)
            return None
        found = self.resolved(expr)
        if not isinstance(found, Ref):
            self.sound = False
            return None
        return found

    def _column(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        found = self.column(clause.values[0], parameter.name)
        return None if found is None else one(parameter.name, found, clause.values[0])

    def _periods(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        values: list[SettingValue] = []
        for value in clause.values:
            expr = plain(value, self.problems).value
            if isinstance(expr, ast.Binary) and expr.operator == ".." and parameter.many:
                ends = self.expressions.range_ends(expr)
                if ends is None or ends[1] - ends[0] > RANGE_LIMIT or any(end != int(end) for end in ends):
                    self.sound = False
                    return None
                years = range(int(ends[0]), int(ends[1]) + 1)
                values += [SettingValue(Literal(float(year), span=value.span), span=value.span) for year in years]
                continue
            given = literal(expr)
            if given is None:
                self.error("E303", f"`{parameter.name}` takes a period such as `2010`", value.span)
                return None
            values.append(SettingValue(Literal(given, span=value.span), span=value.span))
        return Setting(parameter.name, tuple(values), span=clause.span)

    def _expression(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        value = clause.values[0]
        found = self.resolved(plain(value, self.problems).value)
        return None if found is None else one(parameter.name, found, value)


EXAMPLES = {
    "product": "for example `product hs6`",
    "quantity": "for example `quantity kg`",
    "value": "for example `value usd`",
    "sigma": "for example `sigma 5`, or `sigma sigma` for a column of elasticities",
    "depreciation": "for example `depreciation 15%`",
    "growth": "for example `growth 5%`, or `growth own` for each unit's own",
    "group": 'a line a group: `group SC "Scale" = firms + capital - tariffs`',
}


def one(word: str, value: Expr, at: ast.Value, label: bool = False) -> Setting:
    """A setting of one value."""
    text = at.label.value if label and at.label is not None else ""
    return Setting(word, (SettingValue(value, "", text, span=at.span),), span=at.span)


def few_words(words: tuple[str, ...]) -> str:
    """`one of a, b`, for help."""
    return f"{plural(len(words), 'word')}: {listed(words, 20)}"


def _text(setting: Setting) -> str:
    value = setting.values[0].value
    return str(value.value) if isinstance(value, Literal) else ""
