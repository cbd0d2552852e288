"""`bootstrap 1000, cluster(id)`: how often, and what is drawn."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import positional
from carbonspec.lang.resolve.clauses import Clauses, number
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.spec import KEY, Apply, Bootstrap, Expr, Ref

KINDS = ("cluster", "rows", "blocks", "wild")
WORDS = (*KINDS, "redraw", "weights")
MULTIPLIERS = ("webb", "rademacher", "mammen")
MOST = 1_000_000_000
EXAMPLE = "for example `bootstrap 1000, cluster(id)`"
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


class Bootstraps:
    """Resolves `bootstrap` clauses."""

    def __init__(self, scope: Scope, expressions: Expressions) -> None:
        self.problems = scope.problems
        self.scope = scope
        self.expressions = expressions

    def resolve(self, clauses: Clauses) -> Bootstrap | None:
        """None after an error, and without the clause."""
        values = clauses.values("bootstrap")
        if not values:
            return None
        counts = [value for value in values if value.name is None and number(value.value) is not None]
        span = values[0].span.to(values[-1].span)
        if not counts:
            self.problems.error("E303", "`bootstrap` does not say how many draws", span, EXAMPLE)
            return None
        if len(counts) > 1:
            self.problems.error("E305", "`bootstrap` takes one number of draws", counts[1].span, EXAMPLE)
            return None
        replications = self._count(counts[0])
        made = Bootstrap(replications or 0, clusters=(Ref("id", KEY),), span=span)
        given: dict[str, ast.Value] = {}
        for value in values:
            if value is counts[0]:
                continue
            word = _word(value)
            if word not in WORDS or (value.name is not None and word not in ("blocks", "weights")):
                self._unknown(value, word)
                return None
            if word in given:
                self.problems.error("E304", f"`{word}` stands twice", value.span, "keep one of them")
                return None
            given[word] = value
        if replications is None or not self._agree(given):
            return None
        return self._made(made, given)

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

    def _made(self, made: Bootstrap, given: dict[str, ast.Value]) -> Bootstrap | None:
        made = made.replace(redraw="redraw" in given)
        for word in ("rows", "wild", "redraw"):
            if word in given and not isinstance(given[word].value, ast.Name):
                self.problems.error("E301", f"`{word}` takes no argument", given[word].span, f"write `{word}`")
                return None
        if "rows" in given:
            return made.replace(resampling="rows", clusters=())
        if "blocks" in given:
            return self._blocks(made, given["blocks"])
        if "cluster" in given:
            keys = self._key(given["cluster"])
            if keys is None:
                return None
            made = made.replace(clusters=keys)
        if "wild" not in given:
            return made
        multiplier = self._multiplier(given["weights"]) if "weights" in given else "webb"
        return None if multiplier is None else made.replace(resampling="wild", multiplier=multiplier)

    def _count(self, value: ast.Value) -> int | None:
        given = number(value.value)
        assert given is not None
        if given != int(given) or given > MOST:
            self.problems.error("E303", "the number of draws is a whole number", value.span, EXAMPLE)
            return None
        if given < 2:
            what = f"`bootstrap {written(value)}` has no draws to compare"
            if given == 1:
                what = "a single draw has no standard error"
            help_ = "write `bootstrap 1000`, or leave the clause out for an analysis without a bootstrap"
            self.problems.error("E554", what, value.span, help_)
            return None
        return int(given)

    def _unknown(self, value: ast.Value, word: str) -> None:
        help_ = f"write `{_HABITS[word]}`" if word in _HABITS else suggestion(word, WORDS)
        if not help_ and isinstance(value.value, ast.Name) and self._is_variable(word):
            help_ = f"to draw its values whole write `cluster({word})`"
        help_ = help_ or "it draws `cluster(id)` (the default), `rows`, `blocks = 3` or `wild`"
        self.problems.error("E211", f"a bootstrap cannot draw `{written(value)}`", value.span, help_)

    def _is_variable(self, word: str) -> bool:
        return bool(self.scope.key(word) or word in self.scope.declarations or self.scope.raw_tables(word))

    def _blocks(self, made: Bootstrap, value: ast.Value) -> Bootstrap | None:
        length = number(value.value) if value.name is not None else None
        if length is None or length != int(length) or length < 1:
            help_ = "for example `bootstrap 1000, blocks = 3`"
            self.problems.error("E303", "`blocks` takes the number of periods of a block", value.span, help_)
            return None
        return made.replace(resampling="blocks", clusters=(), length=int(length))

    def _key(self, value: ast.Value) -> tuple[Expr, ...] | None:
        call = value.value
        if not isinstance(call, ast.Call):
            self.problems.error("E301", "`cluster` does not say by what", value.span, "for example `cluster(id)`")
            return None
        given = positional(call)
        if len(given) != 1 or len(call.arguments) != 1:
            help_ = "a combination of keys is `cluster(city^industry)`"
            self.problems.error("E301", "a bootstrap draws the values of one key", value.span, help_)
            return None
        parts = self.expressions.key(given[0].value)
        if parts is None:
            return None
        return (parts[0] if len(parts) == 1 else Apply("^", tuple(parts), span=given[0].span),)

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
