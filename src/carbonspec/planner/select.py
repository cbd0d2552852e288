"""A part of a study: the named tables, figures, models and claims, and what they need."""

from __future__ import annotations

from collections.abc import Iterable

from carbonspec.lang.spec import CallItem, ResultItem, Spec
from carbonspec.planner.lower import claimed_results
from carbonspec.planner.references import (
    Columns,
    call_references,
    figure_references,
    mediation_references,
    model_references,
    references,
    references_of_test,
)


def names(spec: Spec) -> tuple[str, ...]:
    """Everything that can be asked for alone."""
    tables = tuple(f"table {table.number}" for table in spec.tables)
    figures = tuple(f"figure {figure.number}" for figure in spec.figures)
    results = (*(m.name for m in spec.models), *(m.name for m in spec.mediations), *(t.name for t in spec.tests))
    return (*tables, *figures, *results, *(h.name for h in spec.hypotheses))


def select(spec: Spec, wanted: Iterable[str]) -> Spec:
    """The study with only the wanted tables ("table 5"), figures, results and hypotheses, and what these read."""
    chosen = set(wanted)
    tables = tuple(t for t in spec.tables if f"table {t.number}" in chosen)
    hypotheses = tuple(h for h in spec.hypotheses if h.name in chosen)
    results = chosen | {item.selection.model for t in tables for item in t.items if isinstance(item, ResultItem)}
    calls = [item for t in tables for item in t.items if isinstance(item, CallItem)]
    results |= {selection.model for item in calls for selection in item.selections}
    shown = [f for f in spec.figures if f"figure {f.number}" in chosen]
    results |= {quantity.selection.model for f in shown for quantity in f.quantities}
    results |= {name for h in hypotheses for name in claimed_results(h.claim)}
    tests = tuple(t for t in spec.tests if t.name in results)
    results |= {selection.model for t in tests for selection in t.selections}
    results |= {name for t in tests for quantity in t.quantities for name in claimed_results(quantity)}
    kept = {h.name for h in hypotheses}
    part = spec.replace(
        tables=tables,
        figures=tuple(f for f in spec.figures if f"figure {f.number}" in chosen),
        hypotheses=hypotheses,
        models=tuple(m for m in spec.models if m.name in results),
        tests=tests,
        mediations=tuple(m for m in spec.mediations if m.name in results),
        expectations=tuple(
            e
            for e in spec.expectations
            if e.hypothesis in kept or (not e.hypothesis and set(claimed_results(e.quantity)) <= results)
        ),
    )
    return _without_unused_measures(part)


def _without_unused_measures(spec: Spec) -> Spec:
    """The study without measures that nothing in it reads: one may take as long as all the rest."""
    refs = [ref for model in spec.models for ref in model_references(model)]
    for table in spec.tables:
        refs += [ref for item in table.items if isinstance(item, CallItem) for ref in call_references(item)]
        refs += references(table.by)
    refs += [ref for test in spec.tests for ref in references_of_test(test)]
    refs += [ref for mediation in spec.mediations for ref in mediation_references(mediation)]
    refs += [ref for figure in spec.figures for ref in figure_references(figure)]
    refs += [ref for requirement in spec.requirements for ref in references(requirement.condition)]
    refs += references(spec.panel.where if spec.panel is not None else None)
    refs += [ref for variable in spec.variables for ref in references(variable.expression)]
    columns = Columns(spec)
    needed = columns.reached(refs)
    needed |= {whole.name for name in needed if (whole := columns.whole(name)) is not None}
    lost = {measure.name for measure in spec.measures if measure.name not in needed}
    lost |= {v.name for v in spec.variables if (whole := columns.whole(v.name)) is not None and whole.name in lost}
    limits = (w.replace(variables=tuple(v for v in w.variables if v not in lost)) for w in spec.winsorizing)
    return spec.replace(
        measures=tuple(measure for measure in spec.measures if measure.name not in lost),
        variables=tuple(variable for variable in spec.variables if variable.name not in lost),
        winsorizing=tuple(w for w in limits if w.variables),
    )
