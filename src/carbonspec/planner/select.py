"""A part of a study: the named tables, figures, models and claims, and what they need."""

from __future__ import annotations

from collections.abc import Iterable

from carbonspec.lang.spec import CallItem, ResultItem, Spec
from carbonspec.planner.lower import claimed_models
from carbonspec.planner.references import (
    Columns,
    call_references,
    figure_references,
    model_references,
    references,
)


def names(spec: Spec) -> tuple[str, ...]:
    """Everything that can be asked for alone."""
    tables = tuple(f"table {table.number}" for table in spec.tables)
    figures = tuple(f"figure {figure.number}" for figure in spec.figures)
    return (*tables, *figures, *(m.name for m in spec.models), *(h.name for h in spec.hypotheses))


def select(spec: Spec, wanted: Iterable[str]) -> Spec:
    """The study with only the wanted tables ("table 5"), figures, models and hypotheses, and the models these read."""
    chosen = set(wanted)
    tables = tuple(t for t in spec.tables if f"table {t.number}" in chosen)
    hypotheses = tuple(h for h in spec.hypotheses if h.name in chosen)
    models = chosen | {item.selection.model for t in tables for item in t.items if isinstance(item, ResultItem)}
    models |= {model for h in hypotheses for model in claimed_models(h.claim)}
    kept = {h.name for h in hypotheses}
    part = spec.replace(
        tables=tables,
        figures=tuple(f for f in spec.figures if f"figure {f.number}" in chosen),
        hypotheses=hypotheses,
        models=tuple(m for m in spec.models if m.name in models),
        expectations=tuple(
            e
            for e in spec.expectations
            if e.hypothesis in kept or (not e.hypothesis and set(claimed_models(e.quantity)) <= models)
        ),
    )
    return _without_unused_measures(part)


def _without_unused_measures(spec: Spec) -> Spec:
    """The study without measures that nothing in it reads: one may take as long as all the rest."""
    refs = [ref for model in spec.models for ref in model_references(model)]
    for table in spec.tables:
        refs += [ref for item in table.items if isinstance(item, CallItem) for ref in call_references(item)]
        refs += references(table.by)
    refs += [ref for figure in spec.figures for ref in figure_references(figure)]
    refs += [ref for requirement in spec.requirements for ref in references(requirement.condition)]
    refs += references(spec.panel.where if spec.panel is not None else None)
    refs += [ref for variable in spec.variables for ref in references(variable.expression)]
    needed = Columns(spec).reached(refs)
    lost = {measure.name for measure in spec.measures if measure.name not in needed}
    limits = (w.replace(variables=tuple(v for v in w.variables if v not in lost)) for w in spec.winsorizing)
    return spec.replace(
        measures=tuple(measure for measure in spec.measures if measure.name not in lost),
        winsorizing=tuple(w for w in limits if w.variables),
    )
