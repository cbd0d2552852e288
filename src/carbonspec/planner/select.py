"""A part of a study: the named tables, figures, models and claims, and what they need."""

from __future__ import annotations

from collections.abc import Iterable

from carbonspec.lang.spec import ResultItem, Spec
from carbonspec.planner.lower import claimed_models


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
    return spec.replace(
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
