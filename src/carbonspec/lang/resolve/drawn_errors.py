"""`se bootstrap(999, …)` and `se wild(9999, …)`: standard errors, p values and intervals from random draws."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import option, positional
from carbonspec.lang.resolve.clauses import number
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.problems import Problems, listed, suggestion, written
from carbonspec.lang.spec import KEY, Apply, Covariance, Expr, Ref
from carbonspec.signature import Signature

UNIT = (Ref("id", KEY),)
_DRAWN = ("cluster", "rows", "wild")


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


class DrawnErrors:
    """Resolves calls of `bootstrap` and `wild`."""

    def __init__(self, expressions: Expressions, problems: Problems) -> None:
        self.expressions = expressions
        self.problems = problems

    def wild(self, expr: ast.Call, value: ast.Value, signature: Signature) -> Covariance | None:
        """The wild cluster bootstrap-t; None after an error."""
        draws = self._draws(expr)
        keys: tuple[Expr, ...] | None = UNIT
        for item in positional(expr)[1:]:
            if _word(item.value) != "cluster" or not isinstance(item.value, ast.Call):
                self.problems.error(
                    "E303",
                    f"`wild` draws a number for each cluster, and `{written(item)}` is none",
                    item.span,
                    f"for example `{signature.example}`",
                )
                return None
            keys = self._keys(item.value)
        multiplier = self._choice(expr, "weights", signature, "webb")
        if draws is None or keys is None or multiplier is None:
            return None
        return Covariance("wild", keys, draws=draws, multiplier=multiplier, span=value.span)

    def bootstrap(self, expr: ast.Call, value: ast.Value, signature: Signature) -> Covariance | None:
        """A bootstrap of clusters, rows, blocks of periods, or wild; None after an error."""
        draws = self._draws(expr)
        interval = self._choice(expr, "interval", signature, "normal")
        multiplier = self._choice(expr, "weights", signature, "webb")
        keys: tuple[Expr, ...] | None = None
        drawn, length = "", 0
        for item in positional(expr)[1:]:
            word = _word(item.value)
            if word == "cluster" and isinstance(item.value, ast.Call) and keys is None and drawn != "rows":
                keys = self._keys(item.value)
                if keys is None:
                    return None
            elif (
                word in ("rows", "wild")
                and isinstance(item.value, ast.Name)
                and not drawn
                and not (word == "rows" and keys is not None)
            ):
                drawn = word
            else:
                self._no_such(item, word, drawn, keys is not None)
                return None
        blocks = option(expr, "blocks")
        if blocks is not None:
            count = number(blocks.value)
            if count is None or count != int(count) or count < 1:
                self.problems.error("E303", "`blocks` takes a number of periods of at least 1", blocks.value.span)
                return None
            if drawn or keys is not None:
                what = f"`{drawn}`" if drawn else "clusters"
                self.problems.error("E304", f"a bootstrap draws blocks or {what}, not both", blocks.span, "keep one")
                return None
            drawn, length = "blocks", int(count)
        weights = option(expr, "weights")
        if weights is not None and drawn != "wild":
            self.problems.error(
                "E303",
                "`weights` are of a wild bootstrap",
                weights.span,
                "write `bootstrap(999, wild, weights = webb)`",
            )
            return None
        if draws is None or interval is None or multiplier is None:
            return None
        if drawn in ("rows", "blocks"):
            keys = ()
        return Covariance(
            "bootstrap",
            UNIT if keys is None else keys,
            draws=draws,
            drawn=drawn or "clusters",
            length=length,
            interval=interval,
            multiplier=multiplier if drawn == "wild" else "",
            span=value.span,
        )

    def _draws(self, expr: ast.Call) -> int | None:
        name = expr.function.text
        given = positional(expr)[0]
        count = number(given.value)
        if count is None or count != int(count):
            self.problems.error(
                "E303",
                f"`{name}` takes the number of draws first, and `{written(given)}` is none",
                given.span,
                f"for example `{name}(999)`",
            )
            return None
        if count < 2:
            message = "without draws there is nothing to compare" if count < 1 else "a single draw has no spread"
            self.problems.error("E554", message, given.span, f"write `{name}(999)`")
            return None
        return int(count)

    def _keys(self, expr: ast.Call) -> tuple[Expr, ...] | None:
        key = single_key(expr, "cluster", self.expressions, self.problems)
        return None if key is None else (key,)

    def _choice(self, expr: ast.Call, word: str, signature: Signature, default: str) -> str | None:
        given = option(expr, word)
        if given is None:
            return default
        words = next(p.words for p in signature.named if p.name == word)
        chosen = written(given.value)
        if chosen in words:
            return chosen
        message = f"`{word}` is one of {listed(words)}"
        self.problems.error("E303", message, given.value.span, suggestion(chosen, words))
        return None

    def _no_such(self, item: ast.Value, word: str, drawn: str, clustered: bool) -> None:
        if word in _DRAWN and (drawn or clustered):
            message, help_ = "a bootstrap draws one thing", "keep one of `cluster(…)`, `rows`, `wild`"
        elif word == "cluster":
            message, help_ = "`cluster` does not say by what", "for example `bootstrap(999, cluster(id))`"
        elif word == "blocks":
            message, help_ = "`blocks` does not say how long", "for example `bootstrap(999, blocks = 3)`"
        else:
            message = f"a bootstrap draws `cluster(…)`, `rows`, `blocks = 3` or `wild`, not `{written(item)}`"
            help_ = suggestion(word, _DRAWN) or f"to draw clusters write `cluster({written(item)})`"
        self.problems.error("E303", message, item.span, help_)


def _word(expr: ast.Expr) -> str:
    name = expr.function if isinstance(expr, ast.Call) else expr
    return name.text if isinstance(name, ast.Name) else ""
