"""Everything the data may have against a study, found at once before the first estimate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.econometrics.design import Design, Groups
from carbonspec.econometrics.transforms import group_first
from carbonspec.engine import problems
from carbonspec.engine.anchors import anchor
from carbonspec.engine.check_warnings import FEW_CLUSTERS, FEW_MATTER
from carbonspec.engine.design import BuiltDesign, build_design, split_values
from carbonspec.engine.frame import PanelData
from carbonspec.engine.requirements import broken
from carbonspec.engine.table import FloatArray, Text
from carbonspec.engine.terms import factors, is_category
from carbonspec.engine.wording import value_text, wording
from carbonspec.lang.spec import Apply, CallItem, Column, Level, Model, Ref, Spec, Variable
from carbonspec.report.run import FewClusters
from carbonspec.source import NOWHERE, Span


def check_study(spec: Spec, data: PanelData) -> tuple[Diagnostic, ...]:
    """All diagnostics of a study on its data but those of its models: errors that stop the run, warnings, and notes on
    what was interpreted.
    """
    found: dict[Diagnostic, None] = {}
    for step in (_variables, _requirements, _descriptions, _tests, _gaps):
        found.update(dict.fromkeys(step(spec, data)))
    return (*dict.fromkeys((*data.notices, *found)),)


def check_model(model: Model, data: PanelData) -> tuple[tuple[Diagnostic, ...], tuple[FewClusters, ...]]:
    """The diagnostics of one model, and its clusters where they are few: these are told of all models together."""
    return _heard(data, model, _model)


def check_mediation(model: Model, data: PanelData) -> tuple[tuple[Diagnostic, ...], tuple[FewClusters, ...]]:
    """The same of a mediation's rows: those of the outcome's equation, which holds every variable."""
    return _heard(data, model, _mediation)


def _heard(
    data: PanelData, model: Model, step: Callable[[PanelData, Model, _Clusters], Iterator[Diagnostic]]
) -> tuple[tuple[Diagnostic, ...], tuple[FewClusters, ...]]:
    clusters = _Clusters(model)
    with data.hearing() as heard:
        found = tuple(step(data, model, clusters))
    return tuple(dict.fromkeys((*heard, *found))), clusters.few()


def _variables(spec: Spec, data: PanelData) -> Iterator[Diagnostic]:
    for variable in spec.variables:
        try:
            if variable.expression is None and variable.name not in data.variables.limits:
                yield from _labelled(data, variable)
            else:
                data.variable(variable.name)
        except DataError as problem:
            yield from problem.diagnostics
    for name in dict.fromkeys((*data.variables.measures, *data.variables.limits)):
        try:
            data.variable(name)
        except DataError as problem:
            yield from problem.diagnostics


def _labelled(data: PanelData, variable: Variable) -> Iterator[Diagnostic]:
    """A `var` that only labels a raw column: the column must be there, and its values among the declared levels."""
    ref = Ref(variable.name, span=variable.span)
    if variable.name in (*data.panel.id, data.panel.time):
        return
    joined = data.joined_of(ref)
    if not variable.levels or (joined is not None and joined.many):
        return
    column = data.raw(ref)
    known = {level.value for level in variable.levels}
    if isinstance(column, Text):
        values: list[float | str] = [column.values[c] for c in np.unique(column.codes[data.sample]) if c >= 0]
    else:
        inside = column[data.sample]
        values = [float(value) for value in np.unique(inside[~np.isnan(inside)])]
    other = [value_text(value) for value in values if value not in known]
    absent = [value_text(level.value) for level in variable.levels if level.value not in values]
    if other:
        message = f"`{variable.name}` also takes values that are not among its levels: {problems.listed(other)}"
        yield problems.warning("W437", message, variable.span, ("add them to `levels`, or correct the data",))
    if absent:
        message = f"no row of the sample has `{variable.name}` = {problems.listed(absent)}"
        yield problems.warning("W437", message, variable.span)


def _requirements(spec: Spec, data: PanelData) -> Iterator[Diagnostic]:
    for requirement in spec.requirements:
        yield from broken(data, requirement)


def _descriptions(spec: Spec, data: PanelData) -> Iterator[Diagnostic]:
    for table in spec.tables:
        for item in table.items:
            if not isinstance(item, CallItem):
                continue
            for term in item.arguments:
                try:
                    if isinstance(data.values(term.expression), Text):
                        yield problems.text_as_number(term.name, 0, 0, (), term.span)
                except DataError as problem:
                    yield from problem.diagnostics


def _tests(spec: Spec, data: PanelData) -> Iterator[Diagnostic]:
    if spec.tests:
        from carbonspec.engine.testing.checks import check_tests

        yield from check_tests(spec, data)


def _gaps(_spec: Spec, data: PanelData) -> Iterator[Diagnostic]:
    gaps = np.where(data.sample, data.gaps(), 0.0)
    rows = np.flatnonzero(gaps)
    if rows.size:
        units = int(np.unique(data.unit[rows]).size)
        message = (
            f"{problems.counted(int(gaps.sum()), 'period')} missing inside the history of "
            f"{problems.counted(units, 'unit')}: lags and differences across a gap are missing"
        )
        facts = [f"{int(gaps[row])} before {data.shown(int(row))}" for row in rows[: problems.SHOWN]]
        yield Diagnostic("N440", "note", message, data.panel.span, (), (), tuple(facts))
    if data.clock.step != 1:
        unit = data.clock.unit or "of the time column"
        message = f"the panel's clock moves in steps of {data.clock.step} {unit}{'s' if data.clock.unit else ''}"
        yield Diagnostic("N440", "note", message + ": `L.x` is one step back", data.panel.span)


# --- models -------------------------------------------------------------------------------------------


def _model(data: PanelData, model: Model, clusters: _Clusters) -> Iterator[Diagnostic]:
    try:
        values = split_values(data, model)
    except DataError as problem:
        yield from problem.diagnostics
        return
    if not values:
        assert model.split is not None
        yield problems.empty_column(f"any value of `{model.split.name}`", (), model.span)
    for column in model.columns:
        for value in values:
            yield from _column(data, model, column, value, clusters)


def _mediation(data: PanelData, model: Model, clusters: _Clusters) -> Iterator[Diagnostic]:
    try:
        for value in split_values(data, model):
            level = None if value is None else value.value
            built = build_design(data, model, model.columns[-1], level)
            clusters.add(built.design.clusters, f"`{model.name}`")
    except DataError as problem:
        yield from problem.diagnostics


def _column(
    data: PanelData, model: Model, column: Column, value: Level | None, clusters: _Clusters
) -> Iterator[Diagnostic]:
    try:
        built = build_design(data, model, column, None if value is None else value.value)
    except DataError as problem:
        yield from problem.diagnostics
        return
    place = f"`{model.name}`"
    if value is not None and model.split is not None:
        place += f" where {model.split.name} = {value_text(value.value)}"
        yield from _few_rows(model, built, place)
    yield from _absorbed(model, column, built.design, place)
    yield from _instruments(column, built, place)
    yield from _one_category(data, column, built, place)
    clusters.add(built.design.clusters, place)


def _few_rows(model: Model, built: BuiltDesign, place: str) -> Iterator[Diagnostic]:
    design = built.design
    needed = len(design.terms) + 1 + sum(effect.groups.count for effect in design.effects)
    if design.y.size <= needed:
        message = f"{place} has {problems.counted(design.y.size, 'row')} for {needed} coefficients and effects"
        yield problems.warning("W436", message, model.span, ("join categories of the split, or leave this one out",))


def _absorbed(model: Model, column: Column, design: Design, place: str) -> Iterator[Diagnostic]:
    if np.ptp(design.y) == 0:
        message = f"the outcome `{design.outcome}` is {design.y[0]:g} in every row of {place}"
        yield problems.warning("W432", message, column.outcome.span)
    spans = {term.name: term.span for term in column.regressors}
    for name, x in zip(design.terms, design.X.T, strict=True):
        span = spans.get(name, model.span)
        if np.ptp(x) == 0:
            message = f"`{name}` is {x[0]:g} in every row of {place}, so it has no coefficient and is left out"
            yield problems.warning("W432", message, span)
            continue
        transformed = _transformed(model, column)
        effect = _absorbing(design, x, transformed=transformed)
        if effect:
            absorbed = "differences take it out" if transformed else "the effects absorb it"
            message = f"`{name}` never changes within a value of `{effect}` in {place}: {absorbed}"
            help_ = f"it is left out; interact it with something that changes, or leave `{effect}` out of the effects"
            if transformed:
                help_ = "it is left out; interact it with something that changes"
                help_ += ", or take the equation in levels along: `using system`" if column.structure.gmm else ""
            yield problems.warning("W433", message, span, (help_,))


def _instruments(column: Column, built: BuiltDesign, place: str) -> Iterator[Diagnostic]:
    """Instruments of `iv` of which nothing is left."""
    given = built.instruments
    if given is None or column.structure.instrumented is None:
        return
    spans = {term.name: term.span for term in column.structure.instrumented.instruments}
    absorbed: dict[tuple[str, Span], list[str]] = {}
    for name, z in zip(given.terms, given.Z.T, strict=True):
        span = spans.get(name, column.structure.instrumented.span)
        effect = _absorbing(built.design, z)
        if np.ptp(z) == 0:
            message = f"the instrument `{name}` is {z[0]:g} in every row of {place}, and is left out"
            yield problems.warning("W432", message, span)
        elif effect:
            absorbed.setdefault((effect, span), []).append(name)
    for (effect, span), names in absorbed.items():
        one = len(names) == 1
        shown = problems.listed(f"`{name}`" for name in names)
        message = f"the instrument{'' if one else 's'} {shown} never "
        message += f"change{'s' if one else ''} within a value of `{effect}` in {place}, and "
        message += f"{'is' if one else 'are'} left out"
        yield problems.warning("W433", message, span, ("take one that varies within the effects",))


def _transformed(model: Model, column: Column) -> bool:
    """Whether nothing that is constant over time can have a coefficient."""
    return column.structure.kind == "fd" or (bool(column.structure.gmm) and not model.gmm.system)


def _absorbing(design: Design, x: FloatArray, *, transformed: bool = False) -> str:
    """The effect within whose groups x is constant, "" when there is none."""
    groups = [effect.groups for effect in design.effects if effect.intercept]
    if transformed:
        groups.append(design.unit)
    for group in groups:
        if group.count < x.size and bool((group_first(x, group.codes, group.count)[group.codes] == x).all()):
            return group.name
    return ""


def _one_category(data: PanelData, column: Column, built: BuiltDesign, place: str) -> Iterator[Diagnostic]:
    mask = np.zeros(data.rows, dtype=bool)
    mask[built.rows] = True
    for term in column.regressors:
        for factor in factors(term.expression):
            if isinstance(factor, Apply) and is_category(factor):
                inside = data.coded(factor.arguments[0], mask)[0][built.rows]
                if np.ptp(inside) == 0:
                    name = wording(factor.arguments[0])
                    message = f"`{name}` has a single value in {place}, so `{term.name}` has nothing to compare"
                    yield problems.warning("W435", message, term.span)


class _Clusters:
    """The numbers of clusters of a model's columns."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._found: dict[str, dict[str, int]] = {}

    def add(self, clusters: tuple[Groups, ...], place: str) -> None:
        """The clusters of one column, called `place`."""
        for cluster in clusters:
            if self._model.covariance.kind in FEW_MATTER and cluster.count < FEW_CLUSTERS:
                counts = self._found.setdefault(cluster.name, {})
                counts[place] = min(counts.get(place, FEW_CLUSTERS), cluster.count)

    def few(self) -> tuple[FewClusters, ...]:
        """Those that are few, by the variable clustered by."""
        covariance = self._model.covariance
        written = covariance.span is not NOWHERE
        place = anchor(problems.warning("W434", "", covariance.span if written else self._model.span))
        wild = _least_squares(self._model)
        return tuple(
            FewClusters(covariance.kind, name, wild, written, place, tuple(counts.items()))
            for name, counts in self._found.items()
        )


def _least_squares(model: Model) -> bool:
    """Whether all columns are pooled or fixed effects regressions, which a wild bootstrap can test."""
    structures = [column.structure for column in model.columns]
    plain = all(s.kind in ("pooled", "fe") and s.instrumented is None and not s.gmm for s in structures)
    return plain and not model.estimator
