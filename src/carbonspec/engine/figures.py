"""The numbers of a figure: values of units at periods, or means over time. Drawing is the report's work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from carbonspec.diagnostics.model import ERROR, DataError, Diagnostic
from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.quantiles import group_quantiles
from carbonspec.econometrics.transforms import group_mean
from carbonspec.engine import problems
from carbonspec.engine.frame import PanelData
from carbonspec.engine.measuring.rows import keys_of
from carbonspec.engine.table import Text, as_text, show_number
from carbonspec.engine.wording import wording
from carbonspec.lang.spec import Figure, Term
from carbonspec.report.run import FigureData, FigureSeries

BAND = (0.25, 0.75)
"""The quantiles around a mean over time: the middle half of the units."""


def figure_data(data: PanelData, figure: Figure) -> FigureData:
    """What a figure shows, over the panel's sample.

    Raises
    ------
    DataError: E420 a variable is text, E450 a period is not in the sample.
    """
    simulated = next((table.simulated for table in data.tables.values() if table.simulated), "")
    return replace(_KINDS[figure.function](data, figure), simulated=simulated)


def _map(data: PanelData, figure: Figure) -> FigureData:
    """A series for each period: every unit of the sample with its value there, NaN where it has none."""
    term = figure.arguments[0]
    values = _numbers(data, term)
    keys = keys_of(data)
    ticks = _wanted(data, figure, keys.period_names)
    units = np.unique(data.unit[data.sample])
    names = tuple(keys.unit_names[unit] for unit in units.tolist())
    series = []
    for tick in ticks:
        found = np.full(data.unit_count, np.nan)
        rows = data.sample & (data.ticks == tick)
        found[data.unit[rows]] = values[rows]
        series.append(FigureSeries(keys.period_names[tick], names, tuple(found[units].tolist())))
    return FigureData("map", term.name, tuple(series))


def _trend(data: PanelData, figure: Figure) -> FigureData:
    """A series for each variable, or for each value of `by`: the mean of each period, quartiles around it."""
    keys = keys_of(data)
    ticks = np.array(_wanted(data, figure, keys.period_names), dtype=np.int64)
    inside = data.sample & np.isin(data.ticks, ticks)
    names = tuple(keys.period_names[tick] for tick in ticks.tolist())
    place = np.full(int(data.ticks.max()) + 1, -1, dtype=np.int64)
    place[ticks] = np.arange(len(ticks))
    notes = ["lines are means over units, bands their middle half (quartiles)"]
    variable = ", ".join(term.name for term in figure.arguments)
    series: list[FigureSeries] = []
    if figure.by is None:
        for term in figure.arguments:
            title = term.name if len(figure.arguments) > 1 else ""
            series.append(_line(title, names, _numbers(data, term)[inside], place[data.ticks[inside]]))
        return FigureData("trend", variable, tuple(series), tuple(notes))
    groups = data.values(figure.by, data.sample)
    order = [level.value for level in data.levels(figure.by)]
    values = _numbers(data, figure.arguments[0])
    text = as_text(groups)
    found = sorted({int(code) for code in text.codes[inside] if code >= 0}, key=lambda code: _rank(text, code, order))
    for code in found:
        rows = inside & (text.codes == code)
        series.append(_line(text.values[code], names, values[rows], place[data.ticks[rows]]))
    lost = int((text.codes[inside] < 0).sum())
    if lost:
        notes.append(f"{problems.counted(lost, 'row')} without {wording(figure.by)} left out")
    return FigureData("trend", variable, tuple(series), tuple(notes))


def _rank(text: Text, code: int, order: list[float | str]) -> tuple[int, float, str]:
    """Declared levels in their order, then others by value."""
    value = text.values[code]
    shown = [level if isinstance(level, str) else show_number(level) for level in order]
    place = shown.index(value) if value in shown else len(shown)
    try:
        return place, float(value), value
    except ValueError:
        return place, 0.0, value


def _line(title: str, names: tuple[str, ...], values: FloatArray, period: IntArray) -> FigureSeries:
    count = len(names)
    known = ~np.isnan(values)
    mean = group_mean(values[known], period[known], count) if known.any() else np.full(count, np.nan)
    mean = np.where(np.bincount(period[known], minlength=count) > 0, mean, np.nan)
    low, high = group_quantiles(values, np.where(known, period, -1), count, BAND, 2)
    return FigureSeries(title, names, tuple(mean.tolist()), tuple(low.tolist()), tuple(high.tolist()))


def _numbers(data: PanelData, term: Term) -> FloatArray:
    values = data.values(term.expression, data.sample)
    if isinstance(values, Text):
        raise DataError((problems.text_as_number(term.name, 0, 0, (), term.span),))
    return np.asarray(values, dtype=np.float64)


def _wanted(data: PanelData, figure: Figure, names: tuple[str, ...]) -> list[int]:
    """Ticks of the periods after `at`; without it the last one of the sample for a map, all for a trend."""
    there = np.unique(data.ticks[data.sample]).tolist()
    if not figure.at:
        return [there[-1]] if figure.function == "map" else there
    by_name = {names[tick]: tick for tick in there}
    asked = [value if isinstance(value, str) else show_number(value) for value in figure.at]
    lost = [name for name in asked if name not in by_name]
    if lost:
        first, last = names[there[0]], names[there[-1]]
        message = f"figure {figure.number} shows {problems.listed(lost)}, and the sample runs from {first} to {last}"
        raise DataError((Diagnostic("E450", ERROR, message, figure.span, ("choose other periods after `at`",)),))
    return [by_name[name] for name in asked]


_KINDS = {"map": _map, "trend": _trend}
