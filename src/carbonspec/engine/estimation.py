"""One column of a model: from the panel's data to a fit, for every value of its `split`."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Any

from carbonspec.diagnostics.model import ERROR, DataError
from carbonspec.econometrics.catalogue import ENTRIES
from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError
from carbonspec.engine.design import BuiltDesign, build_design, split_values
from carbonspec.engine.frame import PanelData
from carbonspec.planner.task import EstimateWork
from carbonspec.report.run import Failure, ModelColumn
from carbonspec.signature import STRUCTURE

POOLED = "estimators.pooled"
MODULES = {entry.name: entry.module for entry in ENTRIES if entry.kind == STRUCTURE}


class SharedWithin:
    """Within-transformations that several columns share: one for each sample they turn out to have."""

    def __init__(self) -> None:
        self._projections: dict[bytes, Projection] = {}

    def projection(self, built: BuiltDesign) -> Projection:
        """The projection on a design's effects. Columns of one group have equal effects and weights by construction
        (the planner puts them together), so the rows used tell them apart."""
        key = built.rows.tobytes()
        if key not in self._projections:
            design = built.design
            self._projections[key] = Projection(design.effects, design.weights, design.singletons)
        return self._projections[key]


def estimate(data: PanelData, work: EstimateWork, shared: SharedWithin | None) -> tuple[ModelColumn, ...]:
    """The fits of one column, one for each value of the model's split (one without). A failing one says why."""
    model = work.model
    column = model.columns[work.index]
    values = split_values(data, model)
    return tuple(_estimate_one(data, work, value, shared, column.outcome.name) for value in values)


def _estimate_one(
    data: PanelData, work: EstimateWork, value: Any, shared: SharedWithin | None, outcome: str
) -> ModelColumn:
    model = work.model
    column = model.columns[work.index]
    found = ModelColumn("", 0, outcome, 0)
    if model.split is not None and value is not None:
        found = replace(found, split=model.split.name, split_value=value.value, split_label=value.label)
    try:
        built = build_design(data, model, column, None if value is None else value.value)
    except DataError as problem:
        first = next(d for d in problem.diagnostics if d.severity == ERROR)
        return replace(found, failure=Failure("", first.code, "; ".join((first.message, *first.facts))))
    found = replace(found, rows_before=built.rows_before, dropped=built.dropped)
    choice = CovarianceChoice(model.covariance.kind, model.covariance.lags, model.covariance.correction)
    name = MODULES.get(column.structure.kind, POOLED)
    module = importlib.import_module(f"carbonspec.econometrics.{name}")
    projection = shared.projection(built) if shared is not None else None
    try:
        fit = module.fit(built.design, choice, projection)
    except EstimationError as problem:
        return replace(found, failure=Failure("", problem.code, problem.message))
    return replace(found, fit=fit)
