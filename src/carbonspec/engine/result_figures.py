"""The numbers of figures that show results: path diagrams, draws, coefficients."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from carbonspec.diagnostics.model import ERROR, DataError, Diagnostic
from carbonspec.econometrics.design import FloatArray
from carbonspec.engine.assemble import findings_of_values
from carbonspec.lang.spec import Figure, Quantity, Spec
from carbonspec.report.effects import EffectError, outcome_of, value_of
from carbonspec.report.inference import estimates, inverted_p
from carbonspec.report.quantities import QuantityError, find, select
from carbonspec.report.run import (
    FigureData,
    FigureSeries,
    Findings,
    MediatedEffect,
    MediationOutcome,
    PathArrow,
    PathPanel,
)
from carbonspec.report.terms import value_text

POINTS = 161


def figure_of_results(spec: Spec, figure: Figure, values: Mapping[str, Any], simulated: str) -> FigureData:
    """What a figure shows of results; `values` are those of finished tasks, by name.

    Raises
    ------
    DataError: E863 a result that is not there.
    """
    findings = findings_of_values(spec, values)
    try:
        made = _KINDS[figure.function](spec, figure, findings)
    except (EffectError, QuantityError) as problem:
        helps = ("mend what it shows, or take it out of the figure",)
        raise DataError((Diagnostic("E863", ERROR, problem.message, figure.span, helps),)) from problem
    return replace(made, simulated=simulated)


# --- path diagrams ---------------------------------------------------------------------------------------


def _paths(spec: Spec, figure: Figure, findings: Findings) -> FigureData:
    panels = []
    for quantity in figure.quantities:
        for outcome in _outcomes(quantity, findings):
            panels.append(_panel(spec, outcome))
    return FigureData("paths", "", (), panels=tuple(panels))


def _outcomes(quantity: Quantity, findings: Findings) -> Iterable[MediationOutcome]:
    filters = quantity.selection.filters
    for outcome in findings.mediations[quantity.selection.model]:
        if all(f.value in (outcome.split_value, outcome.split_label) for f in filters):
            if outcome.failure is not None:
                raise EffectError(f"the mediation `{outcome.name}` could not be done: {outcome.failure.message}")
            yield outcome


def _panel(spec: Spec, outcome: MediationOutcome) -> PathPanel:
    label = next((m.label for m in spec.mediations if m.name == outcome.name), "")
    title = label or outcome.name
    if outcome.split:
        title += f", {outcome.split} = {outcome.split_label or value_text(outcome.split_value)}"
    inside = {outcome.treatment, *outcome.mediators, outcome.moderator}
    arrows = []
    for index, column in enumerate(outcome.columns):
        assert column.fit is not None
        for e in estimates(column.fit, outcome.level):
            parts = set(e.term.split(":"))
            if e.term != outcome.moderator and parts <= inside and (index or e.term == outcome.treatment):
                kind = "total" if index == 0 else "path" if e.term in inside else "moderated"
                arrows.append(PathArrow(e.term, column.outcome, kind, e.estimate, e.std_error, e.statistic, e.p_value))
    effects = tuple(e for e in outcome.effects if e.kind == "indirect")
    n = outcome.columns[0].fit.n if outcome.columns[0].fit is not None else 0
    return PathPanel(
        title,
        outcome.treatment,
        outcome.mediators,
        outcome.outcome,
        outcome.kind == "parallel",
        tuple(arrows),
        effects,
        outcome.moderator,
        n,
        outcome.interval if outcome.replications else "",
        outcome.level,
    )


# --- draws -----------------------------------------------------------------------------------------------


def _density(_spec: Spec, figure: Figure, findings: Findings) -> FigureData:
    series, notes = [], []
    for quantity in figure.quantities:
        for title, draws, effect, note in _drawn(quantity, findings):
            grid, heights = smoothed(draws)
            names = tuple(f"{x:.6g}" for x in grid)
            marks = (effect.estimate, effect.conf_low, effect.conf_high)
            series.append(FigureSeries(title, names, tuple(heights.tolist()), marks=marks))
            notes.append(note)
    return FigureData("density", "", tuple(series), tuple(dict.fromkeys(notes)))


def _drawn(quantity: Quantity, findings: Findings) -> Iterable[tuple[str, FloatArray, MediatedEffect, str]]:
    name = quantity.selection.model
    if name in findings.tests:
        test = findings.tests[name]
        if not test.draws:
            why = "it failed" if not test.rows else "it permutes or draws nothing"
            raise QuantityError(f"the test `{name}` has no draws: {why}")
        for what, values in test.draws.items():
            draws = np.sort(np.asarray(values, dtype=float)[np.isfinite(values)])
            row = next((r for r in test.rows if r.default), test.rows[0])
            effect = MediatedEffect(what, "test", row.value)
            yield name if len(test.draws) == 1 else f"{name}: {what}", draws, effect, f"{len(draws)} draws of {name}"
        return
    chosen: list[tuple[MediationOutcome, MediatedEffect | None]]
    if quantity.effect:
        chosen = [(outcome_of(quantity, findings), value_of(quantity, findings)[1])]
    else:
        chosen = [(o, e) for o in _outcomes(quantity, findings) for e in o.effects if e.kind == "indirect"]
    for outcome, shown in chosen:
        if shown is None or shown.name not in outcome.draws:
            raise EffectError(f"`{quantity.text}` has no draws: give the mediation a `bootstrap 1000`")
        part = f" [{outcome.split} = {outcome.split_label or value_text(outcome.split_value)}]" if outcome.split else ""
        note = f"{outcome.name}: {outcome.replications} draws of {outcome.resampling}, {outcome.interval} interval"
        yield f"{outcome.name}{part}: {shown.name}", outcome.draws[shown.name], shown, note


def smoothed(draws: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A grid (p,) and the Gaussian kernel density (p,) of draws, Silverman's bandwidth."""
    draws = np.asarray(draws, dtype=float)
    spread = min(float(draws.std()), float(np.subtract(*np.percentile(draws, (75, 25)))) / 1.349 or math.inf)
    if not spread > 0:
        raise QuantityError("all draws are one number: there is no distribution to show")
    width = 0.9 * spread * len(draws) ** -0.2
    low, high = np.percentile(draws, (0.1, 99.9))
    grid = np.linspace(low - 3 * width, high + 3 * width, POINTS)
    heights = np.exp(-0.5 * np.square((grid[:, None] - draws) / width)).sum(axis=1)
    return grid, heights / (len(draws) * width * math.sqrt(2 * math.pi))


# --- coefficients ----------------------------------------------------------------------------------------


def _coefficients(spec: Spec, figure: Figure, findings: Findings) -> FigureData:
    level = spec.study.level if figure.interval is None else 1 - figure.interval
    rows: dict[str, list[tuple[str, float, float, float]]] = {}
    for quantity in figure.quantities:
        rows.setdefault(quantity.selection.model, []).extend(_rows(quantity, findings, level))
    series = []
    for name, found in rows.items():
        names, values, low, high = (tuple(part) for part in zip(*dict.fromkeys(found), strict=True))
        series.append(FigureSeries(name, names, values, low, high))
    return FigureData("coefficients", "", tuple(series), (f"{100 * (1 - level):g}% intervals",))


def _rows(quantity: Quantity, findings: Findings, level: float) -> Iterable[tuple[str, float, float, float]]:
    name = quantity.selection.model
    if name in findings.mediations and (quantity.effect or not quantity.term):
        chosen: list[tuple[MediationOutcome, MediatedEffect | None]]
        if quantity.effect:
            chosen = [(outcome_of(quantity, findings), value_of(quantity, findings)[1])]
        else:
            chosen = [(o, e) for o in _outcomes(quantity, findings) for e in o.effects if e.kind not in ("share",)]
        for outcome, effect in chosen:
            assert effect is not None
            part = (
                f"{outcome.split} = {outcome.split_label or value_text(outcome.split_value)}: " if outcome.split else ""
            )
            shown = f"through {' → '.join(effect.route[1:-1])}" if effect.kind == "route" else effect.name
            yield f"{part}{shown}", effect.estimate, *_ends(outcome, effect, level)
        return
    if quantity.term:
        found = find(quantity, findings, level)
        assert found.estimate is not None
        e = found.estimate
        yield e.term, e.estimate, e.conf_low, e.conf_high
        return
    columns = select(quantity.selection, findings)
    for column in columns:
        if column.fit is None:
            why = column.failure.message if column.failure is not None else "no result"
            raise QuantityError(f"{column.model}[{column.number}] could not be estimated: {why}")
        place = f"[{column.number}] " if len(columns) > 1 else ""
        for e in estimates(column.fit, level):
            if e.term != "Constant":
                yield f"{place}{e.term}", e.estimate, e.conf_low, e.conf_high


def _ends(outcome: MediationOutcome, effect: MediatedEffect, level: float) -> tuple[float, float]:
    """The interval at another level than the study's is found among the draws; without draws it is normal."""
    from scipy.special import ndtri

    if abs(level - outcome.level) < 1e-12 and not math.isnan(effect.conf_low):
        return effect.conf_low, effect.conf_high
    draws = outcome.draws.get(effect.name)
    if draws is None or outcome.interval == "normal":
        far = float(ndtri(1 - level / 2)) * effect.std_error
        return effect.estimate - far, effect.estimate + far
    p = [inverted_p(draws, effect.estimate, x, outcome.interval, effect.z0, effect.acceleration) for x in draws]
    inside = draws[np.array(p) > level]
    if not len(inside):
        return math.nan, math.nan
    return float(inside[0]), float(inside[-1])


_KINDS: dict[str, Callable[[Spec, Figure, Findings], FigureData]] = {
    "paths": _paths,
    "density": _density,
    "coefficients": _coefficients,
}
