"""Which regressors of a GMM column are instrumented by `gmm(…)` and `iv(…)`, and which are their own instruments."""

from __future__ import annotations

from carbonspec.lang.resolve.terms import canonical
from carbonspec.lang.spec import KEY, Apply, Column, Expr, Literal, Ref, Term

SHIFTS = frozenset(("L", "F", "D", "S"))


def unshifted(expression: Expr) -> Expr:
    """A variable without the lags, leads and differences around it."""
    while isinstance(expression, Apply) and expression.function in SHIFTS:
        expression = expression.arguments[0]
    return expression


def own_instruments(column: Column) -> tuple[Term, ...]:
    """The regressors that are their own instruments, in order.

    `gmm(w, …)` instruments w, its lags, leads and differences; `iv(x ~ z)` instruments x; every other regressor stands
    for itself, one column each.
    """
    structure = column.structure
    taken = {canonical(unshifted(block.variable.expression)) for block in structure.gmm}
    endogenous = structure.instrumented.endogenous if structure.instrumented is not None else ()
    named = {canonical(term.expression) for term in endogenous}
    return tuple(
        term
        for term in column.regressors
        if canonical(term.expression) not in named and canonical(unshifted(term.expression)) not in taken
    )


def lagged_outcomes(column: Column) -> tuple[Term, ...]:
    """The regressors that are lags of the outcome, nearest first."""
    found = []
    for term in column.regressors:
        expression = term.expression
        if (
            isinstance(expression, Apply)
            and expression.function == "L"
            and expression.arguments[0] == column.outcome.expression
            and isinstance(expression.arguments[1], Literal)
        ):
            found.append((float(expression.arguments[1].value), term))
    return tuple(term for _, term in sorted(found, key=lambda pair: pair[0]))


def is_period(term: Term) -> bool:
    """Whether a term is the dummies of the panel's time: the same for all units."""
    expression = term.expression
    if not (isinstance(expression, Apply) and expression.function == "i" and len(expression.arguments) == 1):
        return False
    inside = expression.arguments[0]
    return isinstance(inside, Ref) and inside.kind == KEY and inside.name == "time"
