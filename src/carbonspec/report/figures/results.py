"""Figures that show results: path diagrams, densities of draws, coefficients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from carbonspec.lang import spec
from carbonspec.report.figures.coefficients import draw_coefficients
from carbonspec.report.figures.density import draw_density
from carbonspec.report.figures.fonts import Lettering
from carbonspec.report.figures.manner import Manner
from carbonspec.report.figures.page import Page, settings
from carbonspec.report.figures.paths import draw_paths
from carbonspec.report.run import Drawing, FigureData

__all__ = ["Manner", "draw_results"]


@dataclass(frozen=True)
class _Painter:
    draw: Callable[[FigureData, Manner, bool, Lettering], Page]
    alternative: Callable[[FigureData, Mapping[str, str]], str]


def draw_results(data: FigureData, figure: spec.Figure, manner: Manner, simulated: str) -> Drawing:
    """Draw a figure of results; FigureError E863 where there is nothing to draw."""
    say = Lettering()
    painter = PAINTERS[data.kind]
    with settings(f"carbonspec figure {figure.number}"):
        page = painter.draw(data, manner, bool(simulated), say)
        files = page.files(plain=say.plain)
    return Drawing(figure.number, files, painter.alternative(data, manner.titles), say.notes())


def _in_paths(data: FigureData, titles: Mapping[str, str]) -> str:
    sentences = []
    for panel in data.panels:
        arrows = ", ".join(
            f"{titles.get(a.cause, a.cause)} to {titles.get(a.effect, a.effect)} {a.estimate:.4g} (p {a.p_value:.3f})"
            for a in panel.arrows
            if a.kind != "total"
        )
        sentences.append(f"{panel.title}: {arrows}")
    return f"Path diagram. {'; '.join(sentences)}."


def _in_density(data: FigureData, _titles: Mapping[str, str]) -> str:
    parts = [f"{s.title}: estimate {s.marks[0]:.4g}" for s in data.series]
    return f"Density of draws. {'; '.join(parts)}."


def _in_coefficients(data: FigureData, titles: Mapping[str, str]) -> str:
    parts = [
        f"{titles.get(name, name)} {value:.4g} ({low:.4g} to {high:.4g})"
        for s in data.series
        for name, value, low, high in zip(s.names, s.values, s.low, s.high, strict=True)
    ]
    return f"Coefficients with intervals. {'; '.join(parts)}."


PAINTERS = {
    "paths": _Painter(draw_paths, _in_paths),
    "density": _Painter(draw_density, _in_density),
    "coefficients": _Painter(draw_coefficients, _in_coefficients),
}
"""What draws a kind of figure, and what says it in words."""
