"""How often and what a bootstrap draws: `bootstrap 1000, cluster(id)` of a mediation, `se bootstrap(999, rows)`."""

from __future__ import annotations

from collections.abc import Sequence

from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import positional
from carbonspec.lang.resolve.clauses import Clauses, number
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import Problems, listed, suggestion, written
from carbonspec.lang.spec import KEY, Apply, Bootstrap, Expr, Ref
from carbonspec.record import Record

KINDS = ("cluster", "rows", "blocks", "wild")
MULTIPLIERS = ("webb", "rademacher", "mammen")
MOST = 1_000_000_000
_HABITS = {
    "clusters": "cluster(id)",
    "row": "rows",
    "obs": "rows",
    "case": "rows",
    "pairs": "cluster(id)",
    "block": "blocks = 3",
    "strata": "cluster(id)",
    "rademacher": "wild, weights = rademacher",
    "webb": "wild, weights = webb",
    "mammen": "wild, weights = mammen",
}


def single_key(expr: ast.Call, word: str, expressions: Expressions, problems: Problems) -> Expr | None:
    """The one key of `crv3(id)`, or of the `cluster(id)` inside a bootstrap; None after an error."""
    given = positional(expr)
    if len(given) != 1 or len(expr.arguments) != 1:
        problems.error(
            "E303",
            f"`{word}` takes one key, and has {len(expr.arguments) or 'none'}",
            expr.span,
            "for the combination of two write `a^b`",
        )
        return None
    parts = expressions.key(given[0].value)
    if parts is None:
        return None
    return parts[0] if len(parts) == 1 else Apply("^", tuple(parts), span=given[0].span)


class Form(Record):
    """How a bootstrap is written: how its examples begin and end, what it takes, what to do about no draws."""

    start: str
    end: str
    words: tuple[str, ...]
    without: str

    def example(self, rest: str = "cluster(id)") -> str:
        return f"for example `{self.start}, {rest}{self.end}`"


CLAUSE = Form(
    "bootstrap 1000",
    "",
    (*KINDS, "redraw", "weights"),
    "write `bootstrap 1000`, or leave the clause out for an analysis without a bootstrap",
)
CALL = Form("bootstrap(999", ")", (*KINDS, "weights"), "write `bootstrap(999)`")


class Bootstraps:
    """Reads what a bootstrap draws."""

    def __init__(self, scope: Scope, expressions: Expressions) -> None:
        self.problems = scope.problems
        self.scope = scope
        self.expressions = expressions

    def resolve(self, clauses: Clauses) -> Bootstrap | None:
        """The `bootstrap` clause; None after an error, and without the clause."""
        values = clauses.values("bootstrap")
        return self.read(values, CLAUSE) if values else None

    def read(self, values: Sequence[ast.Value], form: Form) -> Bootstrap | None:
        """At least one value; None after an error."""
        counts = [value for value in values if value.name is None and number(value.value) is not None]
        span = values[0].span.to(values[-1].span)
        if not counts:
            self.problems.error("E303", "`bootstrap` does not say how many draws", span, form.example())
            return None
        if len(counts) > 1:
            self.problems.error("E305", "`bootstrap` takes one number of draws", counts[1].span, form.example())
            return None
        replications = self.count(counts[0], form)
        made = Bootstrap(replications or 0, clusters=(Ref("id", KEY),), span=span)
        given: dict[str, ast.Value] = {}
        for value in values:
            if value is counts[0]:
                continue
            word = _word(value)
            if word not in form.words or (value.name is not None and word not in ("blocks", "weights")):
                self._unknown(value, word, form)
                return None
            if word in given:
                self.problems.error("E304", f"`{word}` stands twice", value.span, "keep one of them")
                return None
            given[word] = value
        if replications is None or not self._agree(given):
            return None
        return self._made(made, given, form)

    def _agree(self, given: dict[str, ast.Value]) -> bool:
        """One way of drawing: rows, blocks, wild or clusters; wild may name its clusters."""
        ways = [word for word in given if word in ("rows", "blocks", "wild")]
        if "cluster" in given and ways != ["wild"]:
            ways.append("cluster")
        if len(ways) > 1:
            message = f"`{ways[0]}` and `{ways[1]}` exclude each other"
            self.problems.error("E304", message, given[ways[1]].span, "a bootstrap draws one of them")
            return False
        if "weights" in given and "wild" not in given:
            message = "`weights` are what a wild bootstrap multiplies by, and this is none"
            self.problems.error("E333", message, given["weights"].span, "add `wild`")
            return False
        return True

    def _made(self, made: Bootstrap, given: dict[str, ast.Value], form: Form) -> Bootstrap | None:
        made = made.replace(redraw="redraw" in given)
        for word in ("rows", "wild", "redraw"):
            if word in given and not isinstance(given[word].value, ast.Name):
                self.problems.error("E301", f"`{word}` takes no argument", given[word].span, f"write `{word}`")
                return None
        if "rows" in given:
            return made.replace(resampling="rows", clusters=())
        if "blocks" in given:
            return self._blocks(made, given["blocks"], form)
        if "cluster" in given:
            keys = self.key(given["cluster"])
            if keys is None:
                return None
            made = made.replace(clusters=keys)
        if "wild" not in given:
            return made
        multiplier = self._multiplier(given["weights"]) if "weights" in given else "webb"
        return None if multiplier is None else made.replace(resampling="wild", multiplier=multiplier)

    def count(self, value: ast.Value, form: Form) -> int | None:
        """The number of draws; None after an error."""
        given = number(value.value)
        assert given is not None
        if given != int(given) or given > MOST:
            self.problems.error("E303", "the number of draws is a whole number", value.span, form.example())
            return None
        if given < 2:
            what = "a single draw has no standard error" if given == 1 else "without draws there is nothing to compare"
            self.problems.error("E554", what, value.span, form.without)
            return None
        return int(given)

    def _unknown(self, value: ast.Value, word: str, form: Form) -> None:
        help_ = f"write `{_HABITS[word]}`" if word in _HABITS else suggestion(word, form.words)
        if not help_ and isinstance(value.value, ast.Name) and self._is_variable(word):
            help_ = f"to draw its values whole write `cluster({word})`"
        help_ = help_ or "it draws `cluster(id)` (the default), `rows`, `blocks = 3` or `wild`"
        self.problems.error("E211", f"a bootstrap cannot draw `{written(value)}`", value.span, help_)

    def _is_variable(self, word: str) -> bool:
        return bool(self.scope.key(word) or word in self.scope.declarations or self.scope.raw_tables(word))

    def _blocks(self, made: Bootstrap, value: ast.Value, form: Form) -> Bootstrap | None:
        length = number(value.value) if value.name is not None else None
        if length is None or length != int(length) or length < 1:
            help_ = form.example("blocks = 3")
            self.problems.error("E303", "`blocks` takes the number of periods of a block", value.span, help_)
            return None
        return made.replace(resampling="blocks", clusters=(), length=int(length))

    def key(self, value: ast.Value) -> tuple[Expr, ...] | None:
        """The one key of `cluster(…)`; None after an error."""
        call = value.value
        if not isinstance(call, ast.Call):
            self.problems.error("E301", "`cluster` does not say by what", value.span, "for example `cluster(id)`")
            return None
        key = single_key(call, "cluster", self.expressions, self.problems)
        return None if key is None else (key,)

    def _multiplier(self, value: ast.Value) -> str | None:
        word = written(value.value)
        if value.name is None or word not in MULTIPLIERS:
            message = f"`weights` of a wild bootstrap are {listed(MULTIPLIERS)}"
            self.problems.error("E303", message, value.span, suggestion(word, MULTIPLIERS))
            return None
        return word


def _word(value: ast.Value) -> str:
    if value.name is not None:
        return written(value.name)
    expr = value.value
    if isinstance(expr, ast.Call):
        return expr.function.text
    return expr.text if isinstance(expr, ast.Name) else written(value)
