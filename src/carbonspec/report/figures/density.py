"""Densities of draws: the curve, the estimate, zero, and the interval as a band."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from carbonspec.report.figures.colours import INK, SOFT
from carbonspec.report.figures.fonts import Lettering
from carbonspec.report.figures.manner import Manner, short
from carbonspec.report.figures.maps import ticks
from carbonspec.report.figures.page import WIDTH, Page
from carbonspec.report.figures.problems import FigureError
from carbonspec.report.run import FigureData, FigureSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TALL = 2.3
CURVE, BAND = "#0b4f8a", "#0b4f8a"


def draw_density(data: FigureData, manner: Manner, simulated: bool, say: Lettering) -> Page:
    """A chart for each series, two abreast; one alone has the whole width.

    Raises FigureError E863 without series.
    """
    if not data.series:
        raise FigureError("E863", "there are no draws to show")
    alone = len(data.series) == 1
    rows = math.ceil(len(data.series) / 2)
    page = Page(WIDTH, rows * TALL + (0.4 if alone else 0.0), simulated)
    for index, series in enumerate(data.series):
        width = WIDTH - 0.4 if alone else WIDTH / 2 - 0.35
        left = 0.2 + (index % 2) * WIDTH / 2
        tall = TALL - 0.72 + (0.4 if alone else 0.0)
        axes = page.axes(left, (index // 2) * TALL + 0.36, width, tall)
        _chart(axes, series, manner, say)
    return page


def _chart(axes: Axes, series: FigureSeries, manner: Manner, say: Lettering) -> None:
    x = np.array([float(name) for name in series.names])
    y = np.array(series.values)
    estimate, low, high = series.marks
    if not math.isnan(low):
        inside = (x >= low) & (x <= high)
        grid = np.concatenate([[low], x[inside], [high]])
        axes.fill_between(grid, np.interp(grid, x, y), color=BAND, alpha=0.18, linewidth=0)
        for end in (low, high):
            axes.vlines(end, 0, np.interp(end, x, y), color=CURVE, linewidth=0.8)
    axes.plot(x, y, color=CURVE, linewidth=1.5)
    top = float(y.max())
    axes.vlines(estimate, 0, top * 1.04, color=INK, linewidth=1.4)
    if min(x[0], 0) == 0 or x[0] <= 0 <= x[-1]:
        axes.vlines(0.0, 0, top * 1.04, color=SOFT, linewidth=1.0, linestyle=(0, (4, 3)))
    axes.set_ylim(0, top * 1.12)
    spread = [v for v in (x[0], x[-1], estimate, low, high) if not math.isnan(v)]
    axes.set_xlim(min(spread), max(spread))
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.set_yticks([])
    axes.set_xticks(*ticks(*axes.get_xlim()))
    axes.tick_params(axis="x", length=3, width=0.7, labelsize=7.5)
    name, _, effect = series.title.partition(": ")
    heading = f"{manner.title(name)}: {effect}" if effect else manner.title(name)
    text = f"{short(estimate)}" + (f" [{short(low)}, {short(high)}]" if not math.isnan(low) else "")
    axes.text(0.0, 1.1, say(heading), transform=axes.transAxes, fontsize=8.5, fontweight="bold", ha="left", va="bottom")
    axes.text(0.0, 1.09, say(text), transform=axes.transAxes, fontsize=7.6, color=SOFT, ha="left", va="top")
