"""Coefficients and effects with intervals: a row each, a field a result, zero as a line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from carbonspec.report.figures.colours import GRID, INK, SOFT
from carbonspec.report.figures.fonts import Lettering
from carbonspec.report.figures.manner import Manner, short
from carbonspec.report.figures.maps import ticks
from carbonspec.report.figures.page import WIDTH, Page
from carbonspec.report.figures.problems import FigureError
from carbonspec.report.run import FigureData, FigureSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, ABOVE, BELOW = 0.24, 0.36, 0.34
"""Inches of a row, and above and below the rows of a field."""
NUMBERS = 1.55
"""Inches for the numbers at the right."""
LETTER = 0.068


def draw_coefficients(data: FigureData, manner: Manner, simulated: bool, say: Lettering) -> Page:
    """A field for each result, below each other, each on a scale of its own.

    Raises FigureError E863 without a number.
    """
    drawn = [series for series in data.series if any(math.isfinite(v) for v in series.values)]
    if not drawn:
        raise FigureError("E863", "there is no coefficient to draw")
    heights = [ABOVE + ROW * len(series.names) + BELOW for series in drawn]
    longest = max(len(_name(manner, name)) for series in drawn for name in series.names)
    left = min(2.6, LETTER * longest + 0.25)
    page = Page(WIDTH, sum(heights), simulated)
    top = 0.0
    for series, height in zip(drawn, heights, strict=True):
        axes = page.axes(left, top + ABOVE, WIDTH - left - NUMBERS, height - ABOVE - BELOW)
        _field(axes, series, manner, say, left)
        top += height
    return page


def _name(manner: Manner, name: str) -> str:
    place, _, term = name.rpartition("] ")
    return f"{place}] {manner.title(term)}" if place else manner.title(name)


def _field(axes: Axes, series: FigureSeries, manner: Manner, say: Lettering, left: float) -> None:
    rows = list(zip(series.names, series.values, series.low, series.high, strict=True))
    for index, (_, value, low, high) in enumerate(rows):
        y = len(rows) - index - 0.5
        shown = low > 0 or high < 0
        colour = INK if shown else SOFT
        axes.hlines(y, low, high, color=colour, linewidth=1.4 if shown else 1.0)
        axes.plot(
            [value], [y], marker="o", markersize=4.5, color=colour, mfc=colour if shown else "white", mew=1.1, zorder=3
        )
        interval = f"{short(value)} [{short(low)}, {short(high)}]" if not math.isnan(low) else short(value)
        axes.annotate(
            interval, (1.0, y), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
            fontsize=7.2, color=colour, va="center", ha="left", annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(0, len(rows))
    axes.axvline(0.0, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.set_yticks([len(rows) - i - 0.5 for i in range(len(rows))], [say(_name(manner, row[0])) for row in rows])
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.tick_params(axis="x", length=3, width=0.7, labelsize=7.5)
    axes.margins(x=0.06)
    axes.grid(axis="x", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xticks(*ticks(*axes.get_xlim()))
    axes.annotate(
        say(manner.title(series.title)), (0.0, 1.0), xycoords="axes fraction", xytext=(-72 * (left - 0.1), 6),
        textcoords="offset points", fontsize=8.5, fontweight="bold", color=INK, ha="left", va="bottom",
        annotation_clip=False,
    )  # fmt: skip
