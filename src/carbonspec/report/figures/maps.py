"""Maps: panels of one scale side by side, its bar below them, units without data hatched."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from carbonspec.report.figures.colours import HATCH, NO_DATA, SOFT, shades
from carbonspec.report.figures.fonts import Lettering
from carbonspec.report.figures.page import WIDTH, Page
from carbonspec.report.figures.problems import FigureError
from carbonspec.report.figures.scale import Scale
from carbonspec.report.run import FigureData, FigureSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.1
GAP = 0.18
BAR = 0.66
"""Inches of the strip with the scale's bar."""
SINGLE = 4.6
"""Width of a map that stands alone."""
DOUBLE = 6.0
"""Width of two maps side by side: two such rows and a caption fit on a page."""
HATCHING = "//////"


class Ground(Protocol):
    """What a map is painted on: a grid of tiles, or shapes."""

    aspect: float
    title_inside: bool
    notes: tuple[str, ...]

    def holds(self, name: str) -> bool:
        """Whether a unit of the data has a place on it."""

    def paint(self, axes: Axes, series: FigureSeries, scale: Scale, width: float, say: Lettering) -> int:
        """Paint a panel `width` inches wide; returns how many places have no value."""


def on_map(data: FigureData, ground: Ground) -> FigureData:
    """The numbers of units that have a place on the map."""
    kept = []
    for series in data.series:
        pairs = [(n, v) for n, v in zip(series.names, series.values, strict=True) if ground.holds(n)]
        kept.append(replace(series, names=tuple(n for n, _ in pairs), values=tuple(v for _, v in pairs)))
    return replace(data, series=tuple(kept))


def draw_map(data: FigureData, ground: Ground, heading: str, simulated: bool, say: Lettering) -> Page:
    """A sheet with a panel for each series. Raises FigureError E863 where there is no number."""
    values = [v for series in data.series for v in series.values if math.isfinite(v)]
    if not values:
        raise FigureError("E863", f"{data.variable} has no values to draw", "look at the periods after `at`")
    scale = Scale(values)
    across = columns(len(data.series))
    down = math.ceil(len(data.series) / across)
    whole = {1: SINGLE, 2: DOUBLE}.get(across, WIDTH)
    width = (whole - 2 * MARGIN - GAP * (across - 1)) / across
    title = 0.0 if ground.title_inside or not any(s.title for s in data.series) else 0.2
    height = width / ground.aspect
    page = Page(whole, MARGIN + down * (height + title + GAP) + BAR, simulated)
    missing = 0
    for index, series in enumerate(data.series):
        left = MARGIN + (index % across) * (width + GAP)
        top = MARGIN + (index // across) * (height + title + GAP) + title
        axes = page.axes(left, top, width, height)
        axes.set_axis_off()
        missing += ground.paint(axes, series, scale, width, say)
        if series.title:
            size = min(12.0, 8 + 1.2 * width)
            place = (0.01, 0.93) if ground.title_inside else (0.0, 1.02)
            axes.text(
                *place, say(series.title), transform=axes.transAxes, fontsize=size, fontweight="bold", va="bottom"
            )
    _bar(page, scale, heading, missing > 0, say)
    return page


def columns(panels: int) -> int:
    """Panels side by side."""
    if panels <= 3:
        return panels
    return 2 if panels == 4 else 3 if panels <= 9 else 4


def _bar(page: Page, scale: Scale, heading: str, missing: bool, say: Lettering) -> None:
    """The scale as a horizontal bar with its label above, and the sign for places without data at its right."""
    from matplotlib.patches import Rectangle

    box = 1.05 if missing else 0.0
    width = min(3.4, page.width - 0.6 - box)
    left = (page.width - width - box) / 2
    axes = page.axes(left, page.height - page.top - BAR + 0.26, width, 0.12)
    axes.set_yticks([])
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_title(say(heading), fontsize=8, pad=4, loc="left")
    for spine in axes.spines.values():
        spine.set_visible(False)
    if scale.flat:
        axes.add_artist(Rectangle((0.4, 0), 0.2, 1, facecolor=scale.colour(scale.low), edgecolor="none"))
        axes.set_xticks([0.5], [scale.numerals.text(scale.low)])
    else:
        colours = shades()[::2]
        for i, colour in enumerate(colours):  # each up to the right end, so that no seam shows between two
            start = i / len(colours)
            axes.add_artist(Rectangle((start, 0), 1 - start, 1, facecolor=colour, edgecolor="none"))
        marks, texts = ticks(scale.low, scale.high)
        axes.set_xticks([(mark - scale.low) / (scale.high - scale.low) for mark in marks], texts)
    axes.tick_params(axis="x", length=2.5, width=0.6, pad=2, labelsize=7)
    if missing:
        place = page.axes(left + width + 0.28, page.height - page.top - BAR + 0.26, 0.2, 0.12)
        place.set_xlim(0, 1)
        place.set_ylim(0, 1)
        place.set_axis_off()
        place.add_artist(
            Rectangle((0, 0), 1, 1, facecolor=NO_DATA, edgecolor=HATCH, hatch=HATCHING, linewidth=0.6, clip_on=False)
        )
        place.text(1.3, 0.45, "no data", fontsize=7, va="center", color=SOFT)


def ticks(low: float, high: float) -> tuple[list[float], list[str]]:
    """Round values inside the scale, and how they are written."""
    from matplotlib.ticker import MaxNLocator

    steps = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    slack = 1e-9 * (high - low)
    marks = [float(v) for v in steps if low - slack <= v <= high + slack]
    return marks, written(marks)


def written(marks: list[float]) -> list[str]:
    """Numbers of an axis, all with the decimals that tell them apart; large ones with a separator."""
    step = min((b - a for a, b in pairwise(marks)), default=0.0)
    largest = max((abs(m) for m in marks), default=0.0)
    if largest >= 1e9 or 0 < largest < 1e-4:
        return [f"{m:.6g}".replace("-", "−") for m in marks]
    decimals = next((d for d in range(8) if all(abs(round(m, d) - m) < 1e-6 * (step or 1) for m in marks)), 8)
    return [f"{m + 0.0:,.{decimals}f}".replace("-", "−") for m in marks]
