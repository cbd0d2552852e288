"""A mediation of a study carried out: its rows as arrays, handed to the library, and its answer with names."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from carbonspec.diagnostics.model import ERROR, DataError
from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.intervals import Bootstrapped
from carbonspec.econometrics.bootstrap.processes import Processes
from carbonspec.econometrics.bootstrap.replications import Settings
from carbonspec.econometrics.bootstrap.resampling import Resampling, stream
from carbonspec.econometrics.design import CovarianceChoice, FloatArray, Groups
from carbonspec.econometrics.mediation import paths as algebra
from carbonspec.econometrics.mediation.analysis import mediate
from carbonspec.econometrics.mediation.inputs import Inputs
from carbonspec.econometrics.mediation.paths import Paths
from carbonspec.econometrics.mediation.results import Effect
from carbonspec.econometrics.mediation.results import Mediation as Analysis
from carbonspec.econometrics.results import Dropped, EstimationError
from carbonspec.engine.design import BuiltDesign, build_design, split_values
from carbonspec.engine.drawn_errors import Drawing
from carbonspec.engine.frame import PanelData
from carbonspec.lang.spec import Covariance, Expr, Mediation, Term
from carbonspec.planner.lower import mediate_name
from carbonspec.planner.task import MediateWork
from carbonspec.report.inference import inverted_p, two_sided
from carbonspec.report.run import Failure, JointLine, MediatedEffect, MediationOutcome, ModelColumn, ProductLine

KEPT = 20_000
"""Draws of an effect that are kept with the result; of more, evenly spaced order statistics."""
MANY = 20_000
"""From so many draws on a bootstrap runs on several threads."""

Told = Callable[[int, int], object]


def carry_out(
    data: PanelData,
    work: MediateWork,
    seed: int,
    level: float,
    jobs: int,
    progress: Told | None = None,
    processes: Processes | None = None,
) -> tuple[MediationOutcome, ...]:
    """What a mediation gives, for each value of its split (one without). A failing one says why.

    `jobs` threads make the draws, `processes` share those that must be refitted. `progress` is told the draws done and
    asked for; what it raises ends the bootstrap.
    """
    values = split_values(data, work.mediation.model)
    how = Drawing(jobs, processes, progress)
    return tuple(_one(data, work.mediation, value, seed, level, how) for value in values)


def _one(data: PanelData, mediation: Mediation, value: Any, seed: int, level: float, how: Drawing) -> MediationOutcome:
    found = MediationOutcome(
        mediation.name,
        mediation.kind,
        mediation.treatment.name,
        tuple(m.name for m in mediation.mediators),
        mediation.outcome.name,
        interval=mediation.interval,
        level=level,
        moderator=mediation.moderation.moderator.name if mediation.moderation is not None else "",
    )
    split = mediation.model.split
    if split is not None and value is not None:
        found = replace(found, split=split.name, split_value=value.value, split_label=value.label)
    try:
        rows = _Rows(data, mediation, None if value is None else value.value)
        paths = _paths(mediation)
        found = replace(found, rows_before=rows.built.rows_before, dropped=rows.built.dropped)
        task = mediate_name(mediation.stream) + (f" {found.split} = {found.split_value}" if found.split else "")
        settings = _settings(mediation, rows, stream(seed, task), level, how)
        covariance = mediation.model.covariance
        moderation = mediation.moderation
        analysis = mediate(
            rows.inputs,
            paths,
            CovarianceChoice(covariance.kind, covariance.lags, covariance.correction),
            settings,
            seed=stream(seed, f"{task} simulated"),
            level=1 - level,
            moderator_at="percentiles" if moderation is not None and moderation.levels == "percentiles" else "sd",
        )
    except DataError as problem:
        first = next(d for d in problem.diagnostics if d.severity == ERROR)
        return _failed(found, Failure("", first.code, "; ".join((first.message, *first.facts))))
    except EstimationError as problem:
        return _failed(found, Failure("", problem.code, problem.message))
    return _told(found, analysis)


def _failed(found: MediationOutcome, failure: Failure) -> MediationOutcome:
    """Every column says why."""
    outcomes = (found.outcome, *found.mediators, found.outcome)
    columns = tuple(_column(found, outcome, index) for index, outcome in enumerate(outcomes))
    return replace(found, failure=failure, columns=tuple(replace(c, failure=failure) for c in columns))


# --- rows and settings -----------------------------------------------------------------------------------


class _Rows:
    """The complete rows of a mediation: one regression that holds every variable of its path."""

    def __init__(self, data: PanelData, mediation: Mediation, split_value: float | str | None) -> None:
        model = mediation.model
        own = model.covariance.clusters if model.covariance.kind == "cluster" else ()
        drawn = mediation.bootstrap.clusters if mediation.bootstrap is not None else ()
        keys: tuple[Expr, ...] = (*own, *drawn)
        terms = [mediation.treatment, *_beside(mediation), *mediation.mediators, *mediation.controls]
        column = model.columns[0].replace(regressors=tuple(terms))
        every = Covariance("cluster", keys) if keys else Covariance("iid")
        whole = model.replace(columns=(column,), covariance=every, common_sample=False)
        self.built: BuiltDesign = build_design(data, whole, column, split_value)
        design = self.built.design
        columns = {name: np.ascontiguousarray(design.X[:, j]) for j, name in enumerate(design.terms)}
        inside = [mediation.treatment, *_beside(mediation), *mediation.mediators]
        controls = tuple(name for name in design.terms if name not in {term.name for term in inside})
        self.groups: tuple[Groups, ...] = design.clusters[len(own) :]
        self.period = design.period
        self.count = len(design.y)
        self.inputs = Inputs(
            columns={**columns, design.outcome: design.y},
            controls=controls,
            unit=design.unit,
            period=design.period,
            effects=design.effects,
            clusters=design.clusters[: len(own)],
            weights=design.weights,
            constant=design.constant,
        )


def _beside(mediation: Mediation) -> tuple[Term, ...]:
    moderation = mediation.moderation
    if moderation is None or moderation.moderator.name == mediation.treatment.name:
        return ()
    return (moderation.moderator,)


def _paths(mediation: Mediation) -> Paths:
    x, y = mediation.treatment.name, mediation.outcome.name
    names = tuple(m.name for m in mediation.mediators)
    moderation = mediation.moderation
    if moderation is not None:
        return algebra.moderated(x, names[0], y, moderation.moderator.name, moderation.stage, moderation.direct)
    if mediation.kind == "parallel":
        return algebra.parallel(x, names, y)
    return algebra.chain(x, names, y)


def _settings(
    mediation: Mediation, rows: _Rows, rng: np.random.Generator, level: float, how: Drawing
) -> Settings | None:
    asked = mediation.bootstrap
    if asked is None:
        return None
    return Settings(
        _resampling(mediation, rows),
        asked.replications,
        rng,
        1 - level,
        mediation.interval,
        redraw=asked.redraw,
        workers=max(how.jobs, 1) if asked.replications >= MANY else 1,
        progress=how.progress,
        processes=how.processes,
    )


def _resampling(mediation: Mediation, rows: _Rows) -> Resampling:
    asked = mediation.bootstrap
    assert asked is not None
    if asked.resampling == "rows":
        return resampling.rows(rows.count)
    if asked.resampling == "blocks":
        return resampling.blocks(rows.period, asked.length)
    if asked.resampling == "wild":
        return resampling.wild(rows.groups[0], asked.multiplier)
    return resampling.clusters(rows.groups[0])


# --- the answer ------------------------------------------------------------------------------------------


def _told(found: MediationOutcome, analysis: Analysis) -> MediationOutcome:
    columns = []
    for index, fit in enumerate(analysis.fits):
        column = _column(found, fit.outcome, index)
        columns.append(replace(column, fit=fit, rows_before=found.rows_before, dropped=found.dropped))
    replications = analysis.replications
    return replace(
        found,
        columns=tuple(columns),
        effects=tuple(_effect(effect, found, analysis) for effect in analysis.effects),
        products=tuple(
            ProductLine(t.name, t.route, t.estimate, t.std_error, t.z, t.p_value) for t in analysis.product_tests
        ),
        joint=tuple(JointLine(j.route, j.p_value) for j in analysis.joint),
        replications=replications.asked if replications is not None else 0,
        failed_draws=replications.failed if replications is not None else 0,
        resampling=replications.resampling.label if replications is not None else "",
        suppression=analysis.suppression,
        verdict=analysis.verdict,
        draws={e.name: thinned(e.bootstrapped.draws) for e in analysis.effects if e.bootstrapped is not None},
        facts=_facts(analysis),
        notices=analysis.notices,
        dropped=(*found.dropped, *_lost(analysis, found)),
    )


def _lost(analysis: Analysis, found: MediationOutcome) -> tuple[Dropped, ...]:
    return tuple(dropped for dropped in analysis.dropped if dropped not in found.dropped)


def _column(found: MediationOutcome, outcome: str, index: int) -> ModelColumn:
    step = 2 if index and outcome == found.outcome else 1
    return ModelColumn(found.name, index + 1, outcome, step, found.split, found.split_value, found.split_label)


def thinned(draws: FloatArray) -> FloatArray:
    """(k,) the ascending draws, or evenly spaced ones of them."""
    if len(draws) <= KEPT:
        return draws
    return draws[np.linspace(0, len(draws) - 1, KEPT).round().astype(np.int64)]


def _facts(analysis: Analysis) -> dict[str, float]:
    facts = {}
    if analysis.identity_gap is not None:
        facts["identity_gap"] = analysis.identity_gap
        facts["ratio"] = analysis.ratio
    sensitivity = analysis.sensitivity
    if sensitivity is not None:
        facts["rho_zero"] = sensitivity.rho_zero
        facts["r2_product"] = sensitivity.r2_product
        facts["r2_total"] = sensitivity.r2_total
    return facts


def _effect(effect: Effect, found: MediationOutcome, analysis: Analysis) -> MediatedEffect:
    quantity = effect.quantity
    level = effect.name.partition(" = ")[2] if quantity.kind in ("indirect", "direct") else ""
    made = MediatedEffect(
        effect.name, quantity.kind, effect.estimate, route=quantity.route, level=level, at=_number(level)
    )
    simulated = effect.simulated
    intervals: tuple[tuple[str, float, float], ...] = ()
    if simulated is not None:
        intervals = (("monte_carlo", simulated.low, simulated.high),)
    draws = effect.bootstrapped
    if draws is not None:
        return _bootstrapped(made, draws, found.interval, intervals)
    made = replace(made, intervals=intervals)
    return _without_draws(made, effect, analysis)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _bootstrapped(
    made: MediatedEffect, draws: Bootstrapped, method: str, others: tuple[tuple[str, float, float], ...]
) -> MediatedEffect:
    ends = draws.interval(method)
    p = draws.p_value
    if method == "percentile":
        p = draws.p_percentile
    elif method in ("bca", "basic"):
        p = inverted_p(draws.draws, draws.estimate, 0.0, method, draws.z0, draws.acceleration)
    return replace(
        made,
        std_error=draws.std_error,
        z=draws.z,
        p_normal=draws.p_value,
        p_value=p,
        conf_low=ends.low,
        conf_high=ends.high,
        inference=method,
        bias=draws.bias,
        jackknife_error=draws.jackknife_error,
        z0=draws.z0,
        acceleration=draws.acceleration,
        intervals=(*((i.method, i.low, i.high) for i in draws.intervals), *others),
        replications=draws.replications,
    )


def _without_draws(made: MediatedEffect, effect: Effect, analysis: Analysis) -> MediatedEffect:
    """Standard error and p without a bootstrap: the column's own t test for total and direct effects, Sobel's test for
    one route, else the simulated distribution's spread."""
    paths = analysis.paths
    fit = {"total": analysis.total, "direct": analysis.outcome}.get(made.name)
    if fit is not None and paths.treatment in fit.terms:
        error = float(fit.std_errors[fit.terms.index(paths.treatment)])
        z = made.estimate / error if error > 0 else math.nan
        p = two_sided(z, fit)
        return replace(made, std_error=error, z=z, p_normal=p, p_value=p, inference="t")
    route = made.route or (paths.routes[0] if made.name == "indirect" and len(paths.routes) == 1 else ())
    sobel = next((t for t in analysis.product_tests if t.name == "Sobel" and t.route == route), None)
    if sobel is not None:
        error, z, p = sobel.std_error, sobel.z, sobel.p_value
        return replace(made, std_error=error, z=z, p_normal=p, p_value=p, inference="Sobel")
    simulated = effect.simulated
    if simulated is None or not simulated.std_error > 0 or made.kind == "share":
        return made
    z = made.estimate / simulated.std_error
    p = math.erfc(abs(z) / math.sqrt(2))
    low, high = simulated.low, simulated.high
    return replace(
        made,
        std_error=simulated.std_error,
        z=z,
        p_normal=p,
        p_value=p,
        conf_low=low,
        conf_high=high,
        inference="Monte Carlo",
    )
