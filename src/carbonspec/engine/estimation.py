"""One column of a model: from the panel's data to a fit, for every value of its `split`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from carbonspec.diagnostics.model import ERROR, DataError
from carbonspec.econometrics.bootstrap.processes import Processes
from carbonspec.econometrics.catalogue import ENTRIES
from carbonspec.econometrics.design import CovarianceChoice, Design
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError, Fit
from carbonspec.engine.design import BuiltDesign, build_design, split_values
from carbonspec.engine.frame import PanelData
from carbonspec.engine.instrumenting import Estimated, dynamic, instrumented
from carbonspec.engine.wording import value_text
from carbonspec.lang.spec import Column, Covariance, Model
from carbonspec.planner.task import EstimateWork
from carbonspec.report.run import Failure, ModelColumn
from carbonspec.signature import ESTIMATOR, STRUCTURE

POOLED = "estimators.pooled"
DRAWN = ("bootstrap", "wild", "crv3")
"""Kinds of standard errors that are made by drawing from a column's rows, or leaving some out."""
MODULES = {entry.name: entry.module for entry in ENTRIES if entry.kind == STRUCTURE}
ESTIMATORS = {entry.name: entry.module for entry in ENTRIES if entry.kind == ESTIMATOR}


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


def ordinary(covariance: Covariance) -> CovarianceChoice:
    """The standard errors a column is first estimated with: those asked for, or clustered by what is drawn."""
    if covariance.kind not in DRAWN:
        return CovarianceChoice(covariance.kind, covariance.lags, covariance.correction)
    return CovarianceChoice("cluster" if covariance.clusters else "iid")


def _again(module: str, design: Design) -> Fit:
    """A refit for its coefficients alone, by an estimator's module: its name, so that other processes find it."""
    fit: Fit = importlib.import_module(module).fit(design, CovarianceChoice("iid"), None)
    return fit


def estimate(
    data: PanelData,
    work: EstimateWork,
    shared: SharedWithin | None,
    jobs: int = 1,
    progress: Callable[[int, int], object] | None = None,
    processes: Processes | None = None,
) -> tuple[ModelColumn, ...]:
    """The fits of one column, one for each value of the model's split (one without). A failing one says why.

    `jobs` threads make the draws of a bootstrap, `processes` share those that must be refitted, and `progress` is told
    how many are done.
    """
    values = split_values(data, work.model)
    return tuple(_estimate_one(data, work, value, shared, jobs, progress, processes) for value in values)


def _estimate_one(
    data: PanelData,
    work: EstimateWork,
    value: Any,
    shared: SharedWithin | None,
    jobs: int,
    progress: Callable[[int, int], object] | None,
    processes: Processes | None,
) -> ModelColumn:
    model = work.model
    column = model.columns[work.index]
    found = ModelColumn("", 0, column.outcome.name, 0)
    if model.split is not None and value is not None:
        found = replace(found, split=model.split.name, split_value=value.value, split_label=value.label)
    try:
        built = build_design(data, model, column, None if value is None else value.value)
    except DataError as problem:
        first = next(d for d in problem.diagnostics if d.severity == ERROR)
        return replace(found, failure=Failure("", first.code, "; ".join((first.message, *first.facts))))
    found = replace(found, rows_before=built.rows_before, dropped=built.dropped)
    try:
        made = _estimated(data, built, model, column, ordinary(model.covariance), shared)
        if model.covariance.kind in DRAWN:
            from carbonspec.engine.drawn_errors import Drawing, drawn_errors

            part = "" if value is None else value_text(value.value)
            again = (made.problem, made.again)
            fit = drawn_errors(made.fit, made.design, again, work, part, Drawing(jobs, processes, progress))
            made = replace(made, fit=fit)
    except EstimationError as problem:
        return replace(found, failure=Failure("", problem.code, problem.message))
    return replace(
        found, fit=made.fit, first_stages=made.first_stages, reduced_form=made.reduced_form, subsets=made.subsets
    )


def _estimated(
    data: PanelData,
    built: BuiltDesign,
    model: Model,
    column: Column,
    choice: CovarianceChoice,
    shared: SharedWithin | None,
) -> Estimated:
    """The fit of a column, what comes with it, and how it is made again in a bootstrap."""
    if column.structure.gmm:
        return dynamic(data, built, model, column, choice)
    if built.instruments is not None:
        return instrumented(built.design, built.instruments, choice)
    name = MODULES.get(column.structure.kind, POOLED)
    if model.estimator:
        name = ESTIMATORS[model.estimator]
    place = f"carbonspec.econometrics.{name}"
    module = importlib.import_module(place)
    projection = shared.projection(built) if shared is not None else None
    fit = module.fit(built.design, choice, projection)
    return Estimated(fit, built.design, built.design, partial(_again, place))
