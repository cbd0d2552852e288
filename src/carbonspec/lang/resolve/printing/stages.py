"""`first_stage(m)`, `reduced_form(m)`: regressions behind a model with instruments, as columns of a table."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import positional
from carbonspec.lang.resolve.claiming.quantities import Quantities
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import written
from carbonspec.lang.resolve.terms import simple
from carbonspec.lang.spec import Column, ResultItem
from carbonspec.signature import TABLE

FIRST_STAGE, REDUCED_FORM = "first_stage", "reduced_form"
PARTS = frozenset((FIRST_STAGE, REDUCED_FORM))
Found = tuple[ResultItem, tuple[Column, ...], int | None]


class Stages:
    """Resolves those calls as items of a table."""

    def __init__(self, scope: Scope, quantities: Quantities) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.quantities = quantities

    def items(self, expr: ast.Call, label: str, value: ast.Value) -> list[Found] | None:
        """An item for each model named, the columns it prints and their number; None after an error."""
        word = expr.function.text
        signature = self.scope.catalogue.find(TABLE, word)
        assert signature is not None
        if not self.quantities.formulas.expressions.calls.shape(expr, signature):
            return None
        found: list[Found] = []
        for argument in positional(expr):
            inner = simple(argument.value)
            picked = self.quantities.columns(inner, inner)
            if picked is None:
                return None
            model, pick = picked
            columns = [model.columns[c] for c in pick.columns]
            bare = next((c for c in columns if c.structure.instrumented is None or c.structure.gmm), None)
            if bare is not None:
                why = "it is estimated by GMM" if bare.structure.gmm else "it has no `iv(…)`"
                self.problems.error(
                    "E333",
                    f"`{written(inner)}` has no {word.replace('_', ' ')}: {why}",
                    argument.span,
                    "two-stage least squares has one: `| iv(x ~ z)`, alone or beside `fe(…)`",
                )
                return None
            made = [column for c in columns for column in _auxiliary(c, word)]
            count = None if pick.count is None else pick.count * len(made) // max(len(columns), 1)
            item = ResultItem(pick.selection, label, word, span=value.span)
            found.append((item, tuple(made), count))
        return found


def _auxiliary(column: Column, word: str) -> list[Column]:
    """The regressions behind a column: endogenous regressors, or the outcome, on all instruments."""
    instrumented = column.structure.instrumented
    assert instrumented is not None
    exogenous = tuple(term for term in column.regressors if term not in instrumented.endogenous)
    outcomes = instrumented.endogenous if word == FIRST_STAGE else (column.outcome,)
    regressors = (*exogenous, *instrumented.instruments)
    return [column.replace(outcome=outcome, regressors=regressors) for outcome in outcomes]
