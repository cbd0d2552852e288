"""`se bootstrap(999, …)` and `se wild(9999, …)`: standard errors, p values and intervals from random draws."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.bootstraps import CALL, Bootstraps, Form
from carbonspec.lang.resolve.calls import option, positional
from carbonspec.lang.resolve.clauses import number
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.spec import KEY, Covariance, Expr, Ref
from carbonspec.signature import Signature

UNIT = (Ref("id", KEY),)
_WILD = Form("wild(9999", ")", ("cluster", "weights"), "write `wild(9999)`")


class DrawnErrors:
    """Resolves calls of `bootstrap` and `wild`."""

    def __init__(self, expressions: Expressions, scope: Scope) -> None:
        self.problems = scope.problems
        self.bootstraps = Bootstraps(scope, expressions)

    def wild(self, expr: ast.Call, value: ast.Value, signature: Signature) -> Covariance | None:
        """The wild cluster bootstrap-t; None after an error."""
        first, *others = positional(expr)
        if number(first.value) is None:
            message = f"`wild` takes the number of draws first, and `{written(first)}` is none"
            self.problems.error("E303", message, first.span, "for example `wild(9999)`")
            return None
        draws = self.bootstraps.count(first, _WILD)
        keys: tuple[Expr, ...] | None = UNIT
        for item in others:
            if not isinstance(item.value, ast.Call) or item.value.function.text != "cluster":
                message = f"`wild` draws a number for each cluster, and `{written(item)}` is none"
                self.problems.error("E303", message, item.span, f"for example `{signature.example}`")
                return None
            keys = self.bootstraps.key(item)
        multiplier = self._choice(expr, "weights", signature, "webb")
        if draws is None or keys is None or multiplier is None:
            return None
        return Covariance("wild", keys, draws=draws, multiplier=multiplier, span=value.span)

    def bootstrap(self, expr: ast.Call, value: ast.Value, signature: Signature) -> Covariance | None:
        """A bootstrap of clusters, rows, blocks of periods, or wild; None after an error."""
        interval = self._choice(expr, "interval", signature, "normal")
        drawn = [item for item in expr.arguments if item is not option(expr, "interval")]
        made = self.bootstraps.read(drawn, CALL)
        if interval is None or made is None:
            return None
        return Covariance(
            "bootstrap",
            made.clusters,
            draws=made.replications,
            drawn=made.resampling,
            length=made.length,
            interval=interval,
            multiplier=made.multiplier if made.resampling == "wild" else "",
            span=value.span,
        )

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
