"""Rules on regressors: absorbed, made of the outcome, interactions without their parts."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import WARNING, Diagnostic
from carbonspec.lang.rules.reading import Study, absorbing, columns, factors, identity
from carbonspec.lang.spec import KEY, Apply, Literal, Ref, Term


def absorbed(study: Study) -> Iterator[Diagnostic]:
    """W701, W704: regressors that the effects contain."""
    for model, column in columns(study.spec):
        removed = list(absorbing(column))
        for term in column.regressors:
            fixed_by = study.determinants(term.expression)
            for written, keys in removed:
                if not fixed_by <= keys:
                    continue
                if keys == {(KEY, "id")}:
                    message = (
                        f"`{term.name}` does not change within a unit, so `{written}` of `{model.name}` absorbs it"
                    )
                    helps = ("its coefficient is not identified; interact it with something that varies over time",)
                    yield Diagnostic("W701", WARNING, message, term.span, helps)
                else:
                    message = f"`{term.name}` is the same within every group of `{written}`: `{model.name}` absorbs it"
                    yield Diagnostic("W704", WARNING, message, term.span, ("leave it out",))
                break


def made_of_outcome(study: Study) -> Iterator[Diagnostic]:
    """W705: a regressor computed from the outcome of the same row."""
    for _, column in columns(study.spec):
        outcome = _innermost(column.outcome)
        if outcome is None:
            continue
        for term in column.regressors:
            if any(identity(ref) == identity(outcome) for ref in study.made_of(term.expression)):
                message = f"the regressor `{term.name}` is computed from the outcome `{outcome.name}`"
                helps = (f"it moves with `{outcome.name}` by construction; take it out, or lag it: `L.{term.name}`",)
                yield Diagnostic("W705", WARNING, message, term.span, helps)


def _innermost(term: Term) -> Ref | None:
    """The variable an outcome is, also inside `log(…)`."""
    expression = term.expression
    while isinstance(expression, Apply) and len(expression.arguments) == 1:
        expression = expression.arguments[0]
    return expression if isinstance(expression, Ref) else None


def lagged_outcome(study: Study) -> Iterator[Diagnostic]:
    """W710: the lagged outcome with unit effects, unless it is instrumented."""
    for model, column in columns(study.spec):
        instrumented = column.structure.instrumented
        endogenous = instrumented.endogenous if instrumented is not None else ()
        if not any(keys == {(KEY, "id")} for _, keys in absorbing(column)):
            continue
        for term in column.regressors:
            expression = term.expression
            if (
                term not in endogenous
                and isinstance(expression, Apply)
                and expression.function == "L"
                and expression.arguments[0] == column.outcome.expression
            ):
                message = f"`{term.name}` is the lagged outcome, and `{model.name}` removes unit effects"
                helps = (
                    "the estimate is biased by an order of 1/T (Nickell 1981): harmless only with many periods",
                    f"with few, take GMM in place of the effects: `| gmm({column.outcome.name}, lags = 2..last)`",
                )
                yield Diagnostic("W710", WARNING, message, term.span, helps)


def interactions(study: Study) -> Iterator[Diagnostic]:
    """W711: `a:b` without a and b, where no effect can stand in for them."""
    for _, column in columns(study.spec):
        if column.structure.kind != "pooled":
            continue
        present = {factor for term in column.regressors for factor in (term.expression,)}
        categories = {one.arguments[0] for one in present if isinstance(one, Apply) and one.function == "i"}
        for term in column.regressors:
            parts = factors(term.expression)
            crossed = [isinstance(part, Apply) and part.function == "i" for part in parts]
            if len(parts) < 2 or (any(crossed) and not all(crossed)):
                continue
            missing = [part for part in parts if part not in present and part not in categories]
            if missing:
                names = [name for part, name in zip(parts, term.name.split(":"), strict=False) if part in missing]
                shown = " and ".join(f"`{name}`" for name in names)
                message = f"`{term.name}` stands without {shown}"
                helps = (f"`{' * '.join(term.name.split(':'))}` stands for the parts and their interaction",)
                yield Diagnostic("W711", WARNING, message, term.span, helps)


def squares(study: Study) -> Iterator[Diagnostic]:
    """W712: `I(x^2)` without x."""
    for _, column in columns(study.spec):
        present = {term.expression for term in column.regressors}
        for term in column.regressors:
            power = term.expression
            if isinstance(power, Apply) and power.function == "I":
                power = power.arguments[0]
            if not (isinstance(power, Apply) and power.function == "^" and power.arguments[1] == Literal(2.0)):
                continue
            linear = power.arguments[0]
            if linear not in present:
                name = linear.name if isinstance(linear, Ref) else "the linear term"
                shown = f"`{name}`" if isinstance(linear, Ref) else name
                message = f"`{term.name}` stands without {shown}"
                yield Diagnostic(
                    "W712",
                    WARNING,
                    message,
                    term.span,
                    (f"add {shown}: without it the turning point is forced to zero",),
                )
