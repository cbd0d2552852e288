"""`figure`: the picture, its note, and the numbers behind it."""

from __future__ import annotations

import math

from carbonspec.lang.spec import Figure as FigureSpec
from carbonspec.report.compose.notes import reached, sentence, winsorizing
from carbonspec.report.document import (
    DECIMAL,
    EMPTY,
    FACTS,
    LEFT,
    NUMBER,
    STAMP,
    Cell,
    Column,
    Figure,
    Row,
    Table,
    Tiles,
)
from carbonspec.report.figures.colours import ink_on, position, shade
from carbonspec.report.figures.provinces import PROVINCES, recognise
from carbonspec.report.inference import stars
from carbonspec.report.numbers import effect_p, fixed, moment_decimals, probability, row_decimals
from carbonspec.report.run import FigureData, Run
from carbonspec.report.stems import file_stem
from carbonspec.report.terms import Labels


def compose_figures(run: Run) -> tuple[Figure, ...]:
    """Every figure of a study, drawn or with the reason why not."""
    used: set[str] = set()
    return tuple(_figure(run, spec, file_stem(spec.number, used, "figure")) for spec in run.spec.figures)


def _figure(run: Run, spec: FigureSpec, stem: str) -> Figure:
    data, drawing = run.figures.get(spec.number), run.drawings.get(spec.number)
    found = [*(data.notes if data is not None else ()), *(drawing.notes if drawing is not None else ())]
    names = [term.name for term in spec.arguments]
    found += winsorizing(run, reached(run.spec.variables, names))
    notes = [*(sentence(note, names) for note in found), *spec.notes]
    if run.simulated:
        notes.append(f"{STAMP}: {run.simulated.strip().rstrip('.')}. No number here is an empirical result.")
    label = spec.label or _label(run, names)
    return Figure(
        number=spec.number,
        label=label,
        stem=stem,
        files=dict(drawing.files) if drawing is not None else {},
        alternative=drawing.alternative if drawing is not None else "",
        notes=tuple(dict.fromkeys(notes)),
        stamp=STAMP if run.simulated else "",
        failure="" if drawing is not None else _failure(run, spec),
        numbers=_numbers(run, spec, data) if data is not None else None,
        panels=_panels(spec, data) if data is not None and drawing is not None else (),
    )


def _label(run: Run, names: list[str]) -> str:
    return ", ".join(run.labels.get(name, name) for name in names)


def _title(run: Run, spec: FigureSpec, title: str) -> str:
    """What a series is called: the label of a value of `by`, or of a variable."""
    labels = Labels.of(run.spec, run.labels)
    return labels.value(spec.by.name, title) if spec.by is not None else labels.term(title) if title else ""


def _failure(run: Run, spec: FigureSpec) -> str:
    failure = next((f for f in run.failures if f.task == f"figure {spec.number}"), None)
    return f"{failure.message} ({failure.code})" if failure is not None else "it was not drawn"


def _numbers(run: Run, spec: FigureSpec, data: FigureData) -> Table:
    """A row a unit or period, a column a series, with its band."""
    if data.kind == "paths":
        return _path_numbers(run, spec, data)
    if data.kind == "coefficients":
        return _coefficient_numbers(run, spec, data)
    columns: list[Column] = []
    values: list[dict[str, float]] = []
    for series in data.series:
        title = _title(run, spec, series.title) or _label(run, [data.variable])
        name = series.title or data.variable
        parts = (
            ("", "", series.values),
            ("low", "lower quartile", series.low),
            ("high", "upper quartile", series.high),
        )
        for ending, words, numbers in parts:
            if numbers:
                heading = f"{title}, {words}" if words else title
                columns.append(Column(heading, f"{name} {ending}".strip(), align=DECIMAL))
                values.append(dict(zip(series.names, numbers, strict=True)))
    names = dict.fromkeys(name for series in data.series for name in series.names)
    decimals = moment_decimals(v for numbers in values for v in numbers.values())
    rows = tuple(
        Row(name, tuple(_cell(numbers.get(name, math.nan), decimals) for numbers in values), name) for name in names
    )
    axis = {"map": "unit", "density": "value"}.get(data.kind, "period")
    panel = run.panel
    key = axis
    if panel is not None and axis != "value":
        key = panel.id if axis == "unit" else panel.time
    label = f"Numbers of figure {spec.number}"
    stamp = STAMP if run.simulated else ""
    return Table(FACTS, label, tuple(columns), (rows,), stub=key, key=key, stamp=stamp, folded=True)


def _path_numbers(run: Run, spec: FigureSpec, data: FigureData) -> Table:
    """A row an arrow, the indirect effects below each panel's."""
    study = run.spec.study
    columns = (
        Column("From", "from", align=LEFT),
        Column("To", "to", align=LEFT),
        Column("Kind", "kind", align=LEFT),
        Column("Estimate", "estimate"),
        Column("Std. err.", "std_error"),
        Column("p", "p_value"),
        Column("Low", "conf_low"),
        Column("High", "conf_high"),
    )
    groups = []
    for panel in data.panels:
        rows = []
        for a in panel.arrows:
            decimals = row_decimals(((a.estimate, a.std_error),))
            marks = "" if math.isnan(a.p_value) else stars(a.p_value, study.stars)
            number = Cell(fixed(a.estimate, decimals), marks, kind=NUMBER, value=a.estimate)
            error, p = _cell(a.std_error, decimals), Cell(probability(a.p_value), kind=NUMBER, value=a.p_value)
            ends = (Cell(kind=EMPTY), Cell(kind=EMPTY))
            rows.append(Row(panel.title, (Cell(a.cause), Cell(a.effect), Cell(a.kind), number, error, p, *ends)))
        for e in panel.indirect:
            decimals = row_decimals(((e.estimate, e.std_error),))
            cells = (
                *(_cell(e.estimate, decimals), _cell(e.std_error, decimals)),
                Cell(effect_p(e.p_value, e.replications), kind=NUMBER, value=e.p_value),
                *(_cell(e.conf_low, decimals), _cell(e.conf_high, decimals)),
            )
            rows.append(Row(panel.title, (Cell(panel.treatment), Cell(panel.outcome), Cell(e.name), *cells)))
        groups.append(tuple(rows))
    return _told(run, spec, columns, tuple(groups), "Panel")


def _coefficient_numbers(run: Run, spec: FigureSpec, data: FigureData) -> Table:
    """A row a coefficient with its interval."""
    columns = (
        Column("Term", "term", align=LEFT),
        Column("Estimate", "estimate"),
        Column("Low", "conf_low"),
        Column("High", "conf_high"),
    )
    groups = []
    for series in data.series:
        rows = []
        for name, *numbers in zip(series.names, series.values, series.low, series.high, strict=True):
            decimals = row_decimals(((numbers[0], abs(numbers[2] - numbers[1]) / 4),))
            rows.append(Row(series.title, (Cell(name), *(_cell(number, decimals) for number in numbers))))
        groups.append(tuple(rows))
    return _told(run, spec, columns, tuple(groups), "Result")


def _told(
    run: Run, spec: FigureSpec, columns: tuple[Column, ...], groups: tuple[tuple[Row, ...], ...], stub: str
) -> Table:
    label, stamp = f"Numbers of figure {spec.number}", STAMP if run.simulated else ""
    return Table(FACTS, label, columns, groups, stub=stub, key=stub.lower(), stamp=stamp, folded=True)


def _cell(value: float, decimals: int) -> Cell:
    if math.isnan(value):
        return Cell(kind=EMPTY)
    return Cell(fixed(value, decimals), kind=NUMBER, value=value)


def _panels(spec: FigureSpec, data: FigureData) -> tuple[Tiles, ...]:
    """The tile grid of a map of Chinese provinces, for a terminal."""
    if data.kind != "map" or spec.shapes:
        return ()
    values = [v for series in data.series for v in series.values if math.isfinite(v)]
    if not values:
        return ()
    low, high = min(values), max(values)
    panels = []
    for series in data.series:
        known = {
            unit.code: (unit, value)
            for name, value in zip(series.names, series.values, strict=True)
            if (unit := recognise(name)) is not None
        }
        tiles = []
        for unit in dict.fromkeys((*PROVINCES, *(unit for unit, _ in known.values()))):
            value = known[unit.code][1] if unit.code in known else math.nan
            t = position(value, low, high)
            face, ink = (shade(t), ink_on(t)) if math.isfinite(value) else ("", "")
            tiles.append((unit.row, unit.column, unit.letters, face, ink))
        panels.append(Tiles(series.title, tuple(tiles)))
    return tuple(panels)
