"""Which columns an expression, a model or a table reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from carbonspec.lang.spec import (
    COMPONENT,
    RAW,
    VARIABLE,
    Apply,
    CallItem,
    Covariance,
    Expr,
    Figure,
    Literal,
    Measure,
    Mediation,
    Model,
    Ref,
    Spec,
    Structure,
    Term,
    Test,
    Variable,
    Winsorize,
    expressions_of,
)


def references(expression: Expr | None) -> Iterator[Ref]:
    """Every column an expression reads, in order, repeats included."""
    if isinstance(expression, Ref):
        yield expression
    elif isinstance(expression, Apply):
        for argument in expression.arguments:
            yield from references(argument)
        for _, argument in expression.named:
            yield from references(argument)


def model_references(model: Model) -> Iterator[Ref]:
    """Every column a model reads: outcomes, regressors, effects, clusters, sample, split, weights."""
    for column in model.columns:
        yield from references(column.outcome.expression)
        for term in column.regressors:
            yield from references(term.expression)
        yield from structure_references(column.structure)
    for expression in (model.where, model.weights, model.split):
        yield from references(expression)
    yield from covariance_references(model.covariance)


def structure_references(structure: Structure) -> Iterator[Ref]:
    for dimension in structure.dimensions:
        for key in dimension.keys:
            yield from references(key)
        for slope in dimension.slopes:
            yield from references(slope.expression)
    for term in instrument_terms(structure):
        yield from references(term.expression)


def instrument_terms(structure: Structure) -> tuple[Term, ...]:
    """What a structure reads beside the regressors: excluded instruments, and the variables of GMM instruments."""
    outside = structure.instrumented.instruments if structure.instrumented is not None else ()
    return (*outside, *(block.variable for block in structure.gmm))


def covariance_references(covariance: Covariance) -> Iterator[Ref]:
    for cluster in covariance.clusters:
        yield from references(cluster)


def call_references(call: CallItem) -> Iterator[Ref]:
    for term in call.arguments:
        yield from references(term.expression)


def figure_references(figure: Figure) -> Iterator[Ref]:
    for term in figure.arguments:
        yield from references(term.expression)
    yield from references(figure.by)


def references_of_test(test: Test) -> Iterator[Ref]:
    """Every column a test reads itself; those of the models it speaks of are theirs."""
    for term in test.terms:
        yield from references(term.expression)
    for setting in test.settings:
        for value in setting.values:
            yield from references(value.value)


def mediation_references(mediation: Mediation) -> Iterator[Ref]:
    """Every column a mediation reads."""
    yield from model_references(mediation.model)
    for cluster in mediation.bootstrap.clusters if mediation.bootstrap is not None else ():
        yield from references(cluster)


def measure_tables(measure: Measure, names: Iterable[str]) -> tuple[str, ...]:
    """The data tables a measure reads beside its own: factors, elasticities."""
    found: dict[str, None] = {}
    for expression in expressions_of(measure):
        for ref in references(expression):
            if ref.table is not None and ref.kind == RAW:
                found[ref.table] = None
    for setting in measure.settings:
        if setting.word == "factors":
            found.update((str(v.value.value), None) for v in setting.values if isinstance(v.value, Literal))
    return tuple(name for name in names if name in found and name != measure.table)


class Columns:
    """The variables and measures of a study: what defines each, and what each needs."""

    def __init__(self, spec: Spec) -> None:
        self.definitions: dict[str, Variable] = {v.name: v for v in spec.variables}
        self.measures: dict[str, Measure] = {m.name: m for m in spec.measures}
        self.limits: dict[str, tuple[Winsorize, ...]] = {}
        for statement in spec.winsorizing:
            for name in statement.variables:
                mine = statement.replace(variables=(name,))
                self.limits[name] = (*self.limits.get(name, ()), mine)

    def is_made(self, ref: Ref) -> bool:
        """Whether a reference is to something computed (a formula or a winsorized column), not read as it is."""
        definition = self.definitions.get(ref.name)
        return ref.kind == VARIABLE and (
            ref.name in self.limits
            or ref.name in self.measures
            or (definition is not None and definition.expression is not None)
        )

    def whole(self, name: str) -> Measure | None:
        """The measure that a variable is a component of."""
        definition = self.definitions.get(name)
        made = definition.expression if definition is not None else None
        if not isinstance(made, Ref) or made.kind != COMPONENT or made.table is None:
            return None
        return self.measures.get(made.table)

    def needs(self, name: str) -> tuple[str, ...]:
        """Names of made columns that `name`'s definition and limits read, each once."""
        definition = self.definitions.get(name)
        found: dict[str, None] = {}
        expressions = [definition.expression] if definition is not None else []
        measure = self.measures.get(name) or self.whole(name)
        if measure is not None:
            expressions = [*expressions_of(measure)]
        expressions += [by for statement in self.limits.get(name, ()) for by in statement.by]
        for expression in expressions:
            for ref in references(expression):
                if self.is_made(ref) and ref.name != name:
                    found[ref.name] = None
        return tuple(found)

    def reached(self, refs: Iterable[Ref]) -> set[str]:
        """Names of everything made that some references need, through definitions too."""
        seen: set[str] = set()
        queue = [ref.name for ref in refs if self.is_made(ref)]
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                queue.extend(self.needs(name))
        return seen
