"""Clauses: which words a statement takes, how many values, and reading plain values."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.problems import Problems, listed, plural, suggestion, written
from carbonspec.signature import Parameter
from carbonspec.source import from_folder

_SE = Parameter("se", "covariance")
_WHERE = Parameter("where", "condition")
_LABELS = (
    Parameter("levels", "levels", many=True),
    Parameter("unit", "text"),
)

CLAUSES: dict[str, tuple[Parameter, ...]] = {
    "study": (
        Parameter("cite", "text"),
        Parameter("seed", "integer", minimum=0),
        _SE,
        Parameter("level", "share"),
        Parameter("stars", "share", many=True),
        Parameter("digits", "integer", minimum=0, maximum=15),
        Parameter("parentheses", "word", words=("se", "t", "p", "interval")),
    ),
    "data": (
        Parameter("from", "path", required=True),
        Parameter("text", "variable", many=True),
        Parameter("encoding", "text"),
        Parameter("sheet", "literal"),
        _WHERE,
        Parameter("join", "join"),
    ),
    "panel": (
        Parameter("id", "variable", required=True, many=True),
        Parameter("time", "variable", required=True),
        Parameter("join", "join"),
        _WHERE,
    ),
    "var": _LABELS,
    "let": (),
    "winsorize": (
        Parameter("at", "share", required=True, many=True),
        Parameter("by", "key", many=True),
        Parameter("quantile", "integer", minimum=1, maximum=9),
    ),
    "trim": (
        Parameter("at", "share", required=True, many=True),
        Parameter("by", "key", many=True),
        Parameter("quantile", "integer", minimum=1, maximum=9),
    ),
    "require": (),
    "model": (
        _SE,
        _WHERE,
        Parameter("split", "variable"),
        Parameter("weights", "expression"),
        Parameter("sample", "word", words=("common",)),
        Parameter("using", "estimator", many=True),
    ),
    "mediate": (
        Parameter("with", "term", many=True),
        Parameter("moderator", "variable"),
        Parameter("stage", "word", many=True, words=("first", "second", "both", "direct")),
        Parameter("levels", "word", words=("sd", "percentiles")),
        Parameter("bootstrap", "any", many=True),
        Parameter("interval", "word", words=("percentile", "bca", "basic", "normal")),
        _SE,
        _WHERE,
        Parameter("split", "variable"),
        Parameter("weights", "expression"),
    ),
    "hypothesis": (Parameter("at", "share"),),
    "expect": (Parameter("within", "literal"),),
    "table": (
        Parameter("rows", "term", many=True),
        Parameter("stats", "word", many=True),
        Parameter("columns", "literal", many=True),
        Parameter("by", "variable"),
        Parameter("total", "word", words=("pooled", "mean")),
        Parameter("parentheses", "word", words=("se", "t", "p", "interval")),
        Parameter("digits", "integer", minimum=0, maximum=15),
        Parameter("notes", "text", many=True),
        Parameter("published", "path"),
    ),
    "figure": (
        Parameter("at", "literal", many=True),
        Parameter("by", "variable"),
        Parameter("over", "variable"),
        Parameter("interval", "share"),
        Parameter("shapes", "path"),
        Parameter("notes", "text", many=True),
    ),
}
REPEATABLE = frozenset(("join", "where", "notes"))
QUALIFIERS = {"join": ("on",)}
_HABITS = {
    "cluster": "standard errors are chosen by `se cluster(…)`",
    "vce": "standard errors are chosen by `se cluster(id)`, `se hc1`, …",
    "vcov": "standard errors are chosen by `se cluster(id)`, `se hc1`, …",
    "robust": "write `se hc1`",
    "if": "conditions are written `where year <= 2018`",
    "filter": "conditions are written `where year <= 2018`",
    "subset": "conditions are written `where year <= 2018`",
    "absorb": "fixed effects follow the formula: `| fe(id, year)`",
    "fe": "fixed effects follow the formula after a bar: `| fe(id, year)`",
    "re": "random effects follow the formula after a bar: `| re(id)`",
    "noconstant": "write `- 1` in the formula",
    "keep": "choose the rows of a table with `rows`",
    "label": "a label follows the name it labels, in double quotes",
    "fsplit": "write `split`; the whole sample is the model without it",
    "weight": "write `weights`",
    "control": "controls of a mediation follow `with`",
    "controls": "controls of a mediation follow `with`",
    "reps": "write `bootstrap 1000`",
    "boot": "write `bootstrap 1000`",
    "bootsims": "write `bootstrap 1000`",
    "replications": "write `bootstrap 1000`",
    "sims": "write `bootstrap 1000`",
    "ci": "write `interval percentile`, `interval bca`, …",
    "moderated": "write `moderator coastal`, and which arrows it moves: `stage first`",
    "groupby": "write `by`",
}


class Clauses:
    """The clauses of one statement by word; wrong ones are reported and left out."""

    def __init__(
        self, statement: ast.Statement, problems: Problems, known_clauses: tuple[Parameter, ...] | None = None
    ) -> None:
        """`known_clauses` are those of what the statement calls, where they depend on it."""
        self._problems = problems
        self.found: dict[str, list[ast.Clause]] = {}
        if not statement.clauses:
            return
        known = {p.name: p for p in (CLAUSES[statement.keyword] if known_clauses is None else known_clauses)}
        for clause in statement.clauses:
            word = clause.word.text
            parameter = known.get(word)
            if parameter is None:
                self._unknown(statement, clause, tuple(known))
                continue
            earlier = self.found.get(word)
            if earlier and word not in REPEATABLE:
                self._problems.error(
                    "E304",
                    f"`{word}` stands twice",
                    clause.word.span,
                    "keep one of them",
                    related=(Related(earlier[0].word.span, "first here"),),
                )
                continue
            self._qualifiers(clause)
            if len(clause.values) > 1 and not parameter.many and word != "join":
                self._problems.error(
                    "E305",
                    f"`{word}` takes one value, not {len(clause.values)}",
                    clause.values[1].span.to(clause.values[-1].span),
                )
            self.found.setdefault(word, []).append(clause)

    def _unknown(self, statement: ast.Statement, clause: ast.Clause, known: tuple[str, ...]) -> None:
        word = clause.word.text
        help_ = _HABITS.get(word, "") if word not in known else ""
        if not help_:
            help_ = suggestion(word, known)
        if not help_:
            shown = f"its clauses are {listed(known)}"
            help_ = shown if known else f"`{statement.keyword}` takes no clause"
        self._problems.error("E212", f"`{statement.keyword}` has no clause `{word}`", clause.word.span, help_)

    def _qualifiers(self, clause: ast.Clause) -> None:
        allowed = QUALIFIERS.get(clause.word.text, ())
        for qualifier in clause.qualifiers:
            if qualifier.word.text not in allowed:
                self._problems.error(
                    "E212",
                    f"on this line `{qualifier.word.text}` would qualify `{clause.word.text}`, which has no such part",
                    qualifier.word.span,
                    f"put `{qualifier.word.text}` on its own line",
                )

    def one(self, word: str) -> ast.Value | None:
        """The first value of a clause."""
        found = self.found.get(word)
        return plain(found[0].values[0], self._problems) if found and found[0].values else None

    def values(self, word: str) -> tuple[ast.Value, ...]:
        """All values of a clause."""
        return tuple(value for clause in self.found.get(word, ()) for value in clause.values)

    def word(self, word: str) -> ast.Name | None:
        """The clause's word, to point at."""
        found = self.found.get(word)
        return found[0].word if found else None


def plain(value: ast.Value, problems: Problems, what: str = "") -> ast.Value:
    """A value that carries neither name nor label; what it carries is reported."""
    if value.name is not None:
        message = f"`=` gives a value to a name, and {what or 'nothing here'} takes none"
        help_ = f"to compare, write `{written(value.name)} == {written(value.value)}`"
        problems.error("E330", message, value.name.span.to(value.value.span), help_)
    elif value.label is not None:
        problems.error("E305", "a label cannot stand here", value.label.span)
    return value


def number(expr: ast.Expr) -> float | None:
    """A number as written, with its sign."""
    if isinstance(expr, ast.Number):
        return expr.value
    if isinstance(expr, ast.Group) and len(expr.items) == 1:
        return number(expr.items[0])
    if isinstance(expr, ast.Unary) and expr.operator == "-":
        inner = number(expr.operand)
        return None if inner is None else -inner
    return None


def literal(expr: ast.Expr) -> float | str | None:
    """A number or a text."""
    return expr.value if isinstance(expr, ast.Text) else number(expr)


class Plain:
    """Reads the values of simple clauses, with a message when they are of the wrong sort."""

    def __init__(self, clauses: Clauses, problems: Problems) -> None:
        self._clauses = clauses
        self._problems = problems

    def text(self, word: str) -> str | None:
        """A text in double quotes."""
        value = self._clauses.one(word)
        if value is None:
            return None
        if isinstance(value.value, ast.Text):
            return value.value.value
        self._problems.error("E303", f"`{word}` takes a text in double quotes", value.value.span)
        return None

    def integer(self, word: str, minimum: int = 0, maximum: int | None = None) -> int | None:
        """A whole number within bounds."""
        value = self._clauses.one(word)
        if value is None:
            return None
        given = number(value.value)
        bounds = f"from {minimum} to {maximum}" if maximum is not None else f"of at least {minimum}"
        fits = given is not None and given == int(given) and given >= minimum and (maximum is None or given <= maximum)
        if given is None or not fits:
            self._problems.error("E303", f"`{word}` takes a whole number {bounds}", value.value.span)
            return None
        return int(given)

    def share(self, word: str, value: ast.Value | None = None) -> float | None:
        """A share such as 5%, between 0 and 1, ends excluded."""
        value = value or self._clauses.one(word)
        if value is None:
            return None
        given = number(value.value)
        if given is None or not 0 < given < 1:
            help_ = f"write `{given:g}%`" if given is not None and 1 <= given < 100 else ""
            self._problems.error("E303", f"`{word}` takes a share such as `5%`", value.value.span, help_)
            return None
        return given

    def choice(self, word: str, words: tuple[str, ...]) -> str | None:
        """One of some words."""
        value = self._clauses.one(word)
        if value is None:
            return None
        given = value.value.text if isinstance(value.value, ast.Name) else written(value.value)
        if given in words:
            return given
        options = ", ".join(f"`{w}`" for w in words)
        self._problems.error(
            "E303",
            f"`{word}` takes {'one of ' if len(words) > 1 else ''}{options}",
            value.value.span,
            suggestion(given, words),
        )
        return None


def path(text: ast.Text, problems: Problems, *, outside: bool = False) -> str:
    """A path below its own file's folder, as seen from the spec's; another is reported, unless it may lie outside."""
    given = text.value
    if not outside:
        _below(text, problems)
    return from_folder(text.span.source.folder, given)


def _below(text: ast.Text, problems: Problems) -> None:
    given = text.value
    parts = given.replace("\\", "/").split("/")
    if given.startswith(("/", "\\", "~")) or (len(given) > 1 and given[1] == ":"):
        problems.error(
            "E230",
            f"`{given}` is an absolute path",
            text.span,
            "a spec reads only files below its own folder: write the path from there",
        )
    elif ".." in parts:
        problems.error(
            "E230",
            f"`{given}` leads out of the spec's folder",
            text.span,
            "a spec reads only files below its own folder: move the file or the spec",
        )
    elif "://" in given:
        problems.error("E230", f"`{given}` is an address on the net", text.span, "download the file and give its path")
    elif not given.strip():
        problems.error("E230", "the path is empty", text.span)


def arguments(count: int, noun: str = "argument") -> str:
    """`no argument`, `1 argument`, `3 arguments`."""
    return f"no {noun}" if count == 0 else plural(count, noun)


def spell(value: float | str) -> str:
    """A level as a reader writes it: `2012`, `"east"`."""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(value)
