"""The clauses of a model, its own and those taken over from a base."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import Clauses, Plain
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.modelling.covariances import Covariances
from carbonspec.lang.resolve.modelling.estimators import Estimators, Using
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import written
from carbonspec.lang.resolve.sorts import TEXT
from carbonspec.lang.resolve.terms import Entry, simple
from carbonspec.lang.spec import KEY, Apply, Column, Covariance, Expr, Literal, Model, Ref
from carbonspec.record import Record


class Base(Record):
    """What a derived model starts from: columns of another model and what holds for all of them."""

    model: Model
    columns: tuple[Column, ...]
    entries: tuple[tuple[Entry, ...], ...]  # the terms of each column
    where: Expr | None
    split: Ref | None
    covariance: Covariance | None  # its own or inherited, not the study's


class Settings(Record):
    """The clauses of a model, resolved."""

    where: Expr | None
    split: Ref | None
    weights: Expr | None
    covariance: Covariance | None
    common: bool
    using: Using


class ModelClauses:
    """Resolves `se`, `where`, `split`, `weights`, `sample`, `using`."""

    def __init__(self, scope: Scope, expressions: Expressions, covariances: Covariances) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.covariances = covariances
        self.estimators = Estimators(scope)

    def settings(self, clauses: Clauses, base: Base | None) -> Settings | None:
        """Everything but the formula; None after an error."""
        fine = True
        covariance: Covariance | None = None
        se = clauses.one("se")
        if se is not None:
            covariance = self.covariances.resolve(se)
            fine = covariance is not None
        where = base.where if base is not None else None
        for value in clauses.values("where"):
            found = self.expressions.condition(value)
            fine = fine and found is not None
            where = both(where, found)
        split = base.split if base is not None else None
        given = clauses.one("split")
        if given is not None:
            split = self._split(given)
            fine = fine and split is not None
        weights = base.model.weights if base is not None else None
        given = clauses.one("weights")
        if given is not None:
            weights = self._weights(given)
            fine = fine and weights is not None
        common = base.model.common_sample if base is not None else False
        if "sample" in clauses.found:
            common = Plain(clauses, self.problems).choice("sample", ("common",)) is not None
            fine = fine and common
        using = Using(base.model.estimator, base.model.gmm) if base is not None else Using()
        if "using" in clauses.found:
            said = self.estimators.resolve(clauses.values("using"))
            fine = fine and said is not None
            using = said or using
        return Settings(where, split, weights, covariance, common, using) if fine else None

    def _split(self, value: ast.Value) -> Ref | None:
        expr = simple(value.value)
        if not isinstance(expr, (ast.Name, ast.Member)):
            self.problems.error(
                "E303",
                f"`split` takes a variable, and `{written(expr)}` is an expression",
                value.span,
                f"declare it: `var big = {written(expr)}`, and write `split big`",
            )
            return None
        found = self.expressions.name(expr) if isinstance(expr, ast.Name) else self.expressions.member(expr)
        if found is None:
            return None
        assert isinstance(found, Ref)
        if found.kind == KEY and found.name == "id":
            self.problems.error(
                "E303",
                "`split id` would be a regression for every unit",
                value.span,
                "`split` takes a category with few values",
            )
            return None
        return found

    def _weights(self, value: ast.Value) -> Expr | None:
        found = self.expressions.value(value.value)
        if found is None:
            return None
        if (
            isinstance(found, Literal)
            or self.expressions.sorts.sort(found) == TEXT
            or (isinstance(found, Ref) and found.kind == KEY)
        ):
            self.problems.error(
                "E303",
                f"`{written(value.value)}` cannot be a weight",
                value.span,
                "`weights` takes a positive variable",
            )
            return None
        return found


def both(left: Expr | None, right: Expr | None) -> Expr | None:
    if left is None or right is None:
        return right if left is None else left
    return Apply("and", (left, right), span=right.span)
