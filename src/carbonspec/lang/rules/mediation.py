"""Rules on `mediate`: what it has not in common with the benchmark, and what its bootstrap draws."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import WARNING, Diagnostic, Related
from carbonspec.lang.resolve.terms import canonical
from carbonspec.lang.rules.reading import Study
from carbonspec.lang.spec import Column, Covariance, Expr, Mediation, Model, Spec, Structure, Term


def benchmark_of(spec: Spec, mediation: Mediation) -> tuple[Model, int] | None:
    """The first model that explains the mediation's outcome by its treatment, and the last such column (from 0)."""
    outcome, treatment = canonical(mediation.outcome.expression), canonical(mediation.treatment.expression)
    for model in spec.models:
        fitting = [
            index
            for index, column in enumerate(model.columns)
            if canonical(column.outcome.expression) == outcome and treatment in _terms(column)
        ]
        if fitting:
            return model, fitting[-1]
    return None


def differs_from_benchmark(study: Study) -> Iterator[Diagnostic]:
    """W551: rows, effects, controls, weights or standard errors that the benchmark does not have."""
    for mediation in study.spec.mediations:
        found = benchmark_of(study.spec, mediation)
        if found is None:
            continue
        model, index = found
        parts = _differences(mediation, model, model.columns[index])
        if not parts:
            continue
        message = f"`{mediation.name}` is not the model `{model.name}`, so its total effect is another number"
        helps = ("give both the same sample, effects, controls and standard errors, or say why they differ",)
        related = (Related(model.span, "the benchmark"),)
        yield Diagnostic("W551", WARNING, message, mediation.span, helps, related, tuple(parts))


def _differences(mediation: Mediation, model: Model, benchmark: Column) -> list[str]:
    mine = mediation.model
    total = mine.columns[0]
    parts = []
    if _effects(total.structure) != _effects(benchmark.structure):
        parts.append(f"{_effects(total.structure)} against {_effects(benchmark.structure)}")
    if _errors(mine.covariance) != _errors(model.covariance):
        parts.append(f"`se {_errors(mine.covariance)}` against `se {_errors(model.covariance)}`")
    for word, ours, theirs in (("where", mine.where, model.where), ("weights", mine.weights, model.weights)):
        if _key(ours) != _key(theirs):
            parts.append(f"another `{word}`" if ours is not None and theirs is not None else f"`{word}` in one only")
    mediators = {canonical(m.expression) for m in mediation.mediators}
    missing = [t.name for k, t in _terms(benchmark).items() if k not in _terms(total) and k not in mediators]
    extra = [t.name for k, t in _terms(total).items() if k not in _terms(benchmark)]
    if missing:
        parts.append(f"without {', '.join(missing)}")
    if extra:
        parts.append(f"with {', '.join(extra)}")
    return parts


def single_rows(study: Study) -> Iterator[Diagnostic]:
    """W552: the bootstrap draws single rows of a panel."""
    for mediation in study.spec.mediations:
        if mediation.bootstrap is not None and mediation.bootstrap.resampling == "rows":
            message = "drawing single rows takes the periods of a unit as independent: standard errors become too small"
            help_ = f"draw units: `bootstrap {mediation.bootstrap.replications}, cluster(id)`"
            yield Diagnostic("W552", WARNING, message, mediation.bootstrap.span, (help_,))


def _terms(column: Column) -> dict[str, Term]:
    return {canonical(term.expression): term for term in column.regressors}


def _effects(structure: Structure) -> str:
    if structure.kind == "pooled":
        return "pooled"
    names = sorted(dimension.name for dimension in structure.dimensions)
    return f"`{structure.kind}({', '.join(names) or 'id'})`"


def _errors(covariance: Covariance) -> str:
    names = [c.span.text for c in covariance.clusters if c.span.text]
    keys = names or (["id"] if covariance.clusters else [])
    return f"{covariance.kind}({', '.join(keys)})" if covariance.kind == "cluster" else covariance.kind


def _key(expression: Expr | None) -> str:
    return "" if expression is None else canonical(expression)


RULES = (differs_from_benchmark, single_rows)
