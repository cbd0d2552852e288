"""Rules on instruments: absorbed, dated too late, or not meant as what they are."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import WARNING, Diagnostic
from carbonspec.lang.dynamic import lagged_outcomes, own_instruments, unshifted
from carbonspec.lang.resolve.terms import canonical
from carbonspec.lang.rules.reading import Study, absorbing, columns
from carbonspec.lang.spec import Apply, Column, Expr, Literal, Ref
from carbonspec.source import NOWHERE


def absorbed_instruments(study: Study) -> Iterator[Diagnostic]:
    """W720: an instrument of `iv` that the effects contain."""
    for model, column in columns(study.spec):
        instrumented = column.structure.instrumented
        if instrumented is None:
            continue
        for term in instrumented.instruments:
            fixed_by = study.determinants(term.expression)
            for written, keys in absorbing(column):
                if fixed_by <= keys:
                    message = f"the instrument `{term.name}` is the same within every group of `{written}`: "
                    message += f"`{model.name}` absorbs it"
                    yield Diagnostic(
                        "W720", WARNING, message, term.span, ("it moves nothing that is left: leave it out",)
                    )
                    break


def lagged_outcome_alone(study: Study) -> Iterator[Diagnostic]:
    """W721: GMM without instruments for the lagged outcome."""
    for model, column in columns(study.spec):
        if not column.structure.gmm:
            continue
        own = own_instruments(column)
        for term in lagged_outcomes(column):
            if term in own:
                outcome = column.outcome.name
                message = f"`{term.name}` is its own instrument in `{model.name}`, and once unit effects are taken out "
                message += "it is correlated with the error"
                helps = (f"instrument it by its past: `gmm({outcome}, lags = 2..last)`",)
                yield Diagnostic("W721", WARNING, message, term.span, helps)


def dated_too_late(study: Study) -> Iterator[Diagnostic]:
    """W722: levels of the outcome from t-1 or t on."""
    for model, column in columns(study.spec):
        for block in column.structure.gmm:
            behind = _lag_of_outcome(block.variable.expression, column)
            if behind is not None and behind + block.first < 2:
                dated = f"t-{behind + block.first}" if behind + block.first else "t"
                message = (
                    f"`{block.variable.name}` dated {dated} is an instrument in `{model.name}`, and the outcome of "
                )
                message += f"{dated} holds an error of the differenced equation"
                helps = (f"start at lag {2 - behind}: `lags = {2 - behind}..last`",)
                yield Diagnostic("W722", WARNING, message, block.span, helps)


def without_lagged_outcome(study: Study) -> Iterator[Diagnostic]:
    """W726: `gmm(y, …)` in a model of y without a lag of y."""
    for model, column in columns(study.spec):
        if lagged_outcomes(column):
            continue
        for block in column.structure.gmm:
            if _lag_of_outcome(block.variable.expression, column) is not None:
                outcome = column.outcome.name
                message = (
                    f"`{model.name}` instruments by the past of `{outcome}`, and no lag of `{outcome}` is among its "
                )
                message += "regressors"
                helps = (f"a dynamic model has one: `{outcome} ~ L.{outcome} + …`",)
                yield Diagnostic("W726", WARNING, message, block.span, helps)


def logarithm_in_poisson(study: Study) -> Iterator[Diagnostic]:
    """W725: `using ppml` for a logarithm."""
    for model, column in columns(study.spec):
        outcome = column.outcome.expression
        inner = study.definition(outcome) if isinstance(outcome, Ref) else outcome
        if model.estimator and isinstance(inner, Apply) and inner.function in ("log", "log1p", "asinh"):
            name = column.outcome.name
            message = (
                f"`{model.name}` models the expectation of `{name}` as an exponential, and it is a logarithm already"
            )
            helps = ("take the level, zeros included: the coefficients are those of its logarithm",)
            yield Diagnostic("W725", WARNING, message, column.outcome.span, helps)


def _lag_of_outcome(expression: Expr, column: Column) -> int | None:
    """By how many periods an expression is the outcome's past; None when it is something else."""
    if expression == column.outcome.expression:
        return 0
    if isinstance(expression, Apply) and expression.function == "L" and isinstance(expression.arguments[1], Literal):
        order = expression.arguments[1].value
        if expression.arguments[0] == column.outcome.expression and not isinstance(order, str):
            return int(order)
    return None


def made_of_endogenous(study: Study) -> Iterator[Diagnostic]:
    """W723: a product or function of a variable that `gmm` instruments, left to itself."""
    for model, column in columns(study.spec):
        taken = {canonical(unshifted(block.variable.expression)) for block in column.structure.gmm}
        if not taken:
            continue
        for term in own_instruments(column):
            found = next((part for part in _parts(term.expression) if canonical(unshifted(part)) in taken), None)
            if found is not None:
                message = f"`{term.name}` is made of a variable that `gmm` instruments, and stands for itself in "
                message += f"`{model.name}`, as if it were exogenous"
                helps = (f"name it in `gmm(…)` too: `gmm({term.name}, lags = 2..4)`",)
                yield Diagnostic("W723", WARNING, message, term.span, helps)


def _parts(expression: Expr) -> Iterator[Expr]:
    """What an expression is computed from, itself left out."""
    if isinstance(expression, Apply):
        for argument in expression.arguments:
            yield argument
            if not isinstance(argument, Ref):
                yield from _parts(argument)


def plain_errors(study: Study) -> Iterator[Diagnostic]:
    """W724: `se iid` with GMM; once for each `se` written."""
    seen: set[tuple[int, int]] = set()
    for model in study.spec.models:
        covariance = model.covariance
        if covariance.kind != "iid" or not any(column.structure.gmm for column in model.columns):
            continue
        span = covariance.span if covariance.span is not NOWHERE else model.span
        if (span.start, span.end) in seen:
            continue
        seen.add((span.start, span.end))
        steps = "and those of two steps are too small" if model.gmm.two_step else "whatever the first step was"
        message = f"`se iid` of `{model.name}` takes errors as homoskedastic, {steps}"
        helps = ("without it standard errors are robust, and Windmeijer's after two steps",)
        yield Diagnostic("W724", WARNING, message, span, helps)
