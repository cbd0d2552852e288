"""Means over time: a line a group, the middle half of the units as a band, names at the lines' ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonspec.report.figures.colours import GRID, LINES, SOFT
from carbonspec.report.figures.fonts import Lettering
from carbonspec.report.figures.maps import ticks
from carbonspec.report.figures.page import WIDTH, Page
from carbonspec.report.figures.problems import FigureError
from carbonspec.report.run import FigureData, FigureSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 3.5
HALF = 2.4
"""Inches of a row of charts two abreast."""
LEFT, BOTTOM, ABOVE = 0.62, 0.36, 0.42
"""Inches around the field of the chart."""
LETTER = 0.075
"""Inches that a letter of a label takes, about."""
MOST_TICKS = 12
KEY: tuple[str, Any, str] = (SOFT, "-", "")


def draw_trend(data: FigureData, heading: str, simulated: bool, apart: bool, say: Lettering) -> Page:
    """A sheet with a line for each series, or, `apart`, with a chart for each, on a scale of its own.

    Raises FigureError E863 where there is no number.
    """
    drawn = [series for series in data.series if any(math.isfinite(v) for v in series.values)]
    if not drawn:
        raise FigureError("E863", f"{data.variable} has no values to draw")
    periods = _Periods(list(dict.fromkeys(name for series in data.series for name in series.names)))
    if not apart or len(drawn) == 1:
        labels = [say(series.title) for series in drawn]
        right = 0.15 + (LETTER * max(map(_wide, labels)) + 0.15 if any(labels) else 0.0)
        page = Page(WIDTH, HEIGHT, simulated)
        axes = page.axes(LEFT, ABOVE, WIDTH - LEFT - min(right, 2.2), HEIGHT - ABOVE - BOTTOM)
        _chart(axes, say(heading), drawn, labels, periods, MOST_TICKS, say)
        if any(series.low and series.high for series in drawn):
            _key(axes, LINES[0] if len(drawn) == 1 else KEY)
        return page
    down = math.ceil(len(drawn) / 2)
    page = Page(WIDTH, down * HALF + (0.25 if drawn[0].low else 0.0), simulated)
    for index, series in enumerate(drawn):
        left, top = (index % 2) * WIDTH / 2 + LEFT, (index // 2) * HALF + ABOVE
        axes = page.axes(left, top, WIDTH / 2 - LEFT - 0.15, HALF - ABOVE - BOTTOM)
        _chart(axes, say(series.title), [series], [""], periods, MOST_TICKS // 2, say)
    if drawn[0].low:
        _key(page.figure, LINES[0])
    return page


def _chart(
    axes: Axes,
    heading: str,
    drawn: list[FigureSeries],
    labels: list[str],
    periods: _Periods,
    most: int,
    say: Lettering,
) -> None:
    """Lines and bands of the series in one field, under a heading, with `labels` at their ends."""
    ends = []
    for index, series in enumerate(drawn):
        colour, dashes, marker = LINES[index % len(LINES)]
        order = sorted(range(len(series.names)), key=lambda i: periods.places[series.names[i]])
        x = np.array([periods.places[series.names[i]] for i in order], dtype=float)
        y = np.array([series.values[i] for i in order])
        if series.low and series.high:
            low, high = (np.array([band[i] for i in order]) for band in (series.low, series.high))
            axes.fill_between(x, low, high, color=colour, alpha=0.16 if len(drawn) < 3 else 0.1, linewidth=0)
        axes.plot(
            x, y, color=colour, linestyle=dashes, marker=marker, markersize=4, linewidth=1.6, mec="white", mew=0.6
        )
        last = np.flatnonzero(np.isfinite(y))[-1]
        ends.append((float(x[last]), float(y[last]), labels[index], colour))
    _dress(axes, heading, periods, most, say)
    if any(labels):
        _name(axes, ends)


class _Periods:
    """Where periods stand on the axis: at their number, or one after the other where they are no numbers."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.numbers = _numbers(names)
        self.places = dict(zip(names, self.numbers or map(float, range(len(names))), strict=True))

    def marks(self, most: int, say: Lettering) -> tuple[list[float], list[str]]:
        """At most `most` periods to write under the axis, the last one among them."""
        pairs = sorted((place, name) for name, place in self.places.items())
        shown = pairs[::-1][:: math.ceil(len(pairs) / most)][::-1]
        texts = [f"{place:g}" if self.numbers else say(name) for place, name in shown]
        return [place for place, _ in shown], texts


def _numbers(periods: list[str]) -> list[float] | None:
    try:
        found = [float(period) for period in periods]
    except ValueError:
        return None
    return found if all(map(math.isfinite, found)) else None


def _wide(text: str) -> int:
    return sum(2 if sign >= "\u2e80" else 1 for sign in text)


def _dress(axes: Axes, heading: str, periods: _Periods, most: int, say: Lettering) -> None:
    """Axes, grid and heading."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.tick_params(axis="x", length=3, width=0.7, labelsize=8)
    axes.margins(x=0.03, y=0.08)
    axes.set_xticks(*periods.marks(most, say))
    if len(periods.names) == 1:
        only = periods.places[periods.names[0]]
        axes.set_xlim(only - 1, only + 1)
    low, high = axes.get_ylim()
    marks, texts = ticks(low, high)
    axes.set_yticks(marks, texts)
    axes.set_ylim(low, high)
    axes.text(0.0, 1.0, heading, transform=_above(axes), fontsize=9, fontweight="bold", ha="left", va="bottom")


def _key(place: Axes | Figure, look: tuple[str, Any, str]) -> None:
    """What line and band are: above the right end of a field, or at the foot of a sheet of several."""
    from matplotlib.figure import Figure as Sheet
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    colour, dashes, marker = look
    line = Line2D([], [], color=colour, linestyle=dashes, marker=marker, markersize=4, mec="white", mew=0.6)
    band = Patch(facecolor=colour, alpha=0.2, linewidth=0)
    place.legend(
        [line, band],
        ["mean", "middle half of the units"],
        loc="lower right",
        bbox_to_anchor=(0.98, 0.0) if isinstance(place, Sheet) else (1.0, 1.0),
        ncols=2,
        frameon=False,
        fontsize=7.5,
        handlelength=1.8,
        borderaxespad=0.1,
        columnspacing=1.2,
    )


def _above(axes: Axes) -> object:
    """The axes' own measure, moved to the sheet's left margin and a little up."""
    from matplotlib.transforms import ScaledTranslation

    return axes.transAxes + ScaledTranslation(0.1 - LEFT, 0.07, axes.figure.dpi_scale_trans)


def _name(axes: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Names at the right of the lines' ends, moved apart where they would touch."""
    low, high = axes.get_ylim()
    right = axes.get_xlim()[1]
    height = axes.get_window_extent().height / axes.figure.dpi * 72
    least = 10.5 / height * (high - low)
    order = sorted(range(len(ends)), key=lambda i: ends[i][1])
    spots = _apart([ends[i][1] for i in order], least, low, high)
    for i, y in zip(order, spots, strict=True):
        x, end, label, colour = ends[i]
        axes.annotate(
            label,
            xy=(x, end),
            xytext=(right, y),
            fontsize=8.5,
            color=colour,
            va="center",
            ha="left",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.5, "shrinkA": 1, "shrinkB": 4, "alpha": 0.6}
            if abs(y - end) > 0.4 * least or x < right - 0.1 * (right - axes.get_xlim()[0])
            else None,
        )


def _apart(values: list[float], least: float, low: float, high: float) -> list[float]:
    """The rising values moved as little as needed to stand `least` apart, between low and high if they can."""
    spots = list(values)
    for _ in range(200):
        moved = False
        for a in range(len(spots) - 1):
            short = least - (spots[a + 1] - spots[a])
            if short > 1e-9 * least:
                spots[a] -= short / 2
                spots[a + 1] += short / 2
                moved = True
        if not moved:
            break
    if spots and (len(spots) - 1) * least <= high - low:
        shift = max(0.0, low - spots[0]) - max(0.0, spots[-1] - high)
        spots = [spot + shift for spot in spots]
    return spots
