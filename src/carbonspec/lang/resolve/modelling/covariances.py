"""`se`: how standard errors are made."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.bootstraps import single_key
from carbonspec.lang.resolve.calls import option, positional
from carbonspec.lang.resolve.clauses import number
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.modelling.drawn_errors import DrawnErrors
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import suggestion, written
from carbonspec.lang.spec import KEY, Apply, Covariance, Expr, Ref
from carbonspec.signature import COVARIANCE

CORRECTIONS = ("none", "nested", "full", "hc0")
_HABITS = {
    "robust": "heteroskedasticity-robust errors are `se hc1`; in a panel use `se cluster(id)`",
    "hetero": "write `se hc1`",
    "HC1": "write `se hc1`",
    "HC3": "write `se hc3`",
    "white": "write `se hc0` or `se hc1`",
    "ols": "write `se iid`",
    "standard": "write `se iid`",
    "unadjusted": "write `se iid`",
    "clustered": "write `se cluster(id)`",
    "CRV1": "write `se cluster(id)`",
    "twoway": "write `se cluster(id, time)`",
    "DK": "write `se driscoll_kraay`",
    "xtscc": "write `se driscoll_kraay`",
    "NW": "write `se newey_west`",
    "hac": "write `se newey_west` (within units) or `se driscoll_kraay`",
    "jackknife": "the cluster jackknife is `se crv3(id)`",
    "CRV3": "write `se crv3(id)`",
    "CV3": "write `se crv3(id)`",
    "boot": "write `se bootstrap(999)`",
    "boottest": "write `se wild(9999)`",
    "wcr": "write `se wild(9999)`",
    "wildboottest": "write `se wild(9999)`",
}
DEFAULT = Covariance("cluster", (Ref("id", KEY),))


class Covariances:
    """Resolves the values of `se` clauses."""

    def __init__(self, scope: Scope, expressions: Expressions) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.drawn = DrawnErrors(expressions, scope)

    def resolve(self, value: ast.Value) -> Covariance | None:
        """A covariance; None after an error."""
        expr = value.value
        name = expr.function if isinstance(expr, ast.Call) else expr
        if not isinstance(name, ast.Name):
            self.problems.error("E303", "`se` takes `iid`, `hc1`, `cluster(id)`, `driscoll_kraay`, …", value.span)
            return None
        signature = self.scope.catalogue.find(COVARIANCE, name.text)
        if signature is None:
            known = self.scope.catalogue.names(COVARIANCE)
            help_ = _HABITS.get(name.text) or suggestion(name.text, known)
            if not help_ and name.text in (*self.scope.declarations, "id", "time", *self.scope.raw_names()):
                help_ = f"to cluster by it write `se cluster({name.text})`"
            help_ = help_ or f"the kinds are {', '.join(f'`{k}`' for k in known)}"
            self.problems.error("E214", f"no standard errors called `{name.text}`", name.span, help_)
            return None
        if not isinstance(expr, ast.Call):
            if signature.arguments:
                what = "how many draws" if name.text in ("bootstrap", "wild") else "by what"
                help_ = f"for example `{signature.example}`"
                self.problems.error("E301", f"`{name.text}` does not say {what}", name.span, help_)
                return None
            return Covariance(name.text, span=value.span)
        if not self.expressions.calls.shape(expr, signature):
            return None
        if name.text == "cluster":
            return self._cluster(expr, value)
        if name.text == "crv3":
            key = single_key(expr, "crv3", self.expressions, self.problems)
            return None if key is None else Covariance("crv3", (key,), span=value.span)
        if name.text == "wild":
            return self.drawn.wild(expr, value, signature)
        if name.text == "bootstrap":
            return self.drawn.bootstrap(expr, value, signature)
        lags = option(expr, "lags")
        if lags is None:
            return Covariance(name.text, span=value.span)
        count = number(lags.value)
        if count is None or count != int(count) or count < 0:
            self.problems.error("E303", "`lags` takes a whole number of at least 0", lags.value.span)
            return None
        return Covariance(name.text, (), int(count), span=value.span)

    def _cluster(self, expr: ast.Call, value: ast.Value) -> Covariance | None:
        given = positional(expr)
        if len(given) > 2:
            self.problems.error(
                "E900",
                f"`cluster` of {len(given)} keys is not in this version",
                expr.span,
                "cluster by one or two keys",
            )
            return None
        keys: list[Expr] = []
        for item in given:
            parts = self.expressions.key(item.value)
            if parts is None:
                return None
            keys.append(parts[0] if len(parts) == 1 else Apply("^", tuple(parts), span=item.span))
        if len(set(keys)) < len(keys):
            self.problems.error("E304", f"`{written(given[1])}` stands twice in `cluster`", given[1].span)
            return None
        correction = option(expr, "correction")
        if correction is None:
            return Covariance("cluster", tuple(keys), span=value.span)
        word = written(correction.value)
        if word not in CORRECTIONS:
            self.problems.error(
                "E303",
                f"`correction` takes one of {', '.join(f'`{c}`' for c in CORRECTIONS)}",
                correction.value.span,
                suggestion(word, CORRECTIONS),
            )
            return None
        return Covariance("cluster", tuple(keys), None, word, span=value.span)
