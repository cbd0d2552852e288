"""A figure from its numbers: svg, pdf and png, with a sentence for those who cannot see it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from carbonspec.lang import spec
from carbonspec.report.figures.fonts import Lettering
from carbonspec.report.figures.numerals import Numerals, typeset
from carbonspec.report.figures.page import Page, settings
from carbonspec.report.figures.problems import FigureError
from carbonspec.report.run import Drawing, FigureData


def draw(
    data: FigureData, figure: spec.Figure, label: str, unit: str, simulated: str, shapes: str | None = None
) -> Drawing:
    """Draw a figure.

    Parameters
    ----------
    data: its numbers; `kind` is map or trend.
    figure: the statement; its number makes the ids in the files. A trend of several variables has a chart for each.
    label, unit: what the variable is called and measured in ("" for none).
    simulated: what the data say of themselves where they are simulated, else "": the picture is stamped.
    shapes: a GeoJSON file that may be read, for a map with boundaries; without it the tile grid of China.

    Raises
    ------
    FigureError: E860 units that are not on the tile grid, E861 a shape file without use, E862 two names of one unit,
        E863 nothing to draw.
    """
    if data.kind not in PAINTERS:
        raise FigureError("E863", f"there is no drawing of a {data.kind}")
    say = Lettering()
    heading = typeset(f"{label or data.variable}{f' ({unit})' if unit else ''}")
    data = replace(data, series=tuple(replace(s, title=typeset(s.title)) for s in data.series))
    with settings(f"carbonspec figure {figure.number}"):
        page, shown, notes = PAINTERS[data.kind](data, figure, heading, bool(simulated), shapes, say)
        files = page.files(plain=say.plain)
    sentence = alternative(shown, label or data.variable, unit)
    lacking = say.notes()
    return Drawing(figure.number, files, sentence, (*notes, *lacking), provisional=bool(lacking))


Painted = tuple[Page, FigureData, tuple[str, ...]]
"""The sheet, the numbers that are on it, notes."""


def _map(
    data: FigureData, _figure: spec.Figure, heading: str, simulated: bool, shapes: str | None, say: Lettering
) -> Painted:
    from carbonspec.report.figures.choropleth import Boundaries
    from carbonspec.report.figures.maps import draw_map, on_map
    from carbonspec.report.figures.tile_grid import TileGrid

    ground = Boundaries(shapes, data) if shapes else TileGrid(data)
    shown = on_map(data, ground)
    return draw_map(shown, ground, heading, simulated, say), shown, ground.notes


def _trend(
    data: FigureData, figure: spec.Figure, heading: str, simulated: bool, _shapes: str | None, say: Lettering
) -> Painted:
    from carbonspec.report.figures.trend import draw_trend

    several = len(figure.arguments) > 1 and figure.by is None
    empty = [series.title for series in data.series if not any(math.isfinite(v) for v in series.values)]
    notes = tuple(f"No value to draw: {title}." for title in empty)
    return draw_trend(data, heading, simulated, several, say), data, notes


PAINTERS: dict[str, Callable[[FigureData, spec.Figure, str, bool, str | None, Lettering], Painted]] = {
    "map": _map,
    "trend": _trend,
}
"""What draws a kind of figure."""


def alternative(data: FigureData, label: str, unit: str) -> str:
    """What the figure shows, in a sentence or two."""
    of = f"{label}{f' in {unit}' if unit else ''}"
    found = [(v, n, s.title) for s in data.series for n, v in zip(s.names, s.values, strict=True) if math.isfinite(v)]
    if not found:
        return f"Figure of {of} without data."
    numerals = Numerals(v for v, _, _ in found)
    (low, low_name, low_title), (high, high_name, high_title) = min(found), max(found)
    titles = [series.title for series in data.series if series.title]
    if data.kind == "map":
        units = len({name for series in data.series for name in series.names})
        missing = sum(len(s.names) for s in data.series) - len(found)
        when = f", {_listed(titles)}" if titles else ""
        text = f"Map of {of} for {units} units{when}: from {numerals.text(low)} in {_place(low_name, low_title)} "
        text += f"to {numerals.text(high)} in {_place(high_name, high_title)}."
        return text + (f" {missing} value{'s are' if missing > 1 else ' is'} missing." if missing else "")
    parts = []
    for series in data.series:
        known = [(n, v) for n, v in zip(series.names, series.values, strict=True) if math.isfinite(v)]
        if known:
            name = f"{series.title}: " if series.title else ""
            (first, start), (last, end) = known[0], known[-1]
            parts.append(f"{name}{numerals.text(start)} in {first}, {numerals.text(end)} in {last}")
    return f"Line chart of the mean of {of} by period. {'; '.join(parts)}."


def _place(name: str, title: str) -> str:
    return f"{name} ({title})" if title else name


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
