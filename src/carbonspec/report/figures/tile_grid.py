"""China as a grid of equal tiles, one a provincial unit: no boundary file, and small units as visible as large ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from carbonspec.report.figures.colours import HATCH, NO_DATA, SOFT
from carbonspec.report.figures.fonts import Lettering
from carbonspec.report.figures.maps import HATCHING
from carbonspec.report.figures.problems import FigureError
from carbonspec.report.figures.provinces import COLUMNS, FURTHER, PROVINCES, ROWS, Province, recognise
from carbonspec.report.figures.scale import Scale
from carbonspec.report.run import FigureData, FigureSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SMALLEST = 5.0
"""Points below which a number in a tile could not be read in print."""
SHOWN = 8
"""Names listed before "and 5 others"."""


class TileGrid:
    """The grid for the units of a figure; `notes` tell of units that are not on it.

    Raises FigureError E860 where fewer than half of the units are provincial units of China, E862 where two are one.
    """

    aspect = COLUMNS / ROWS
    title_inside = True

    def __init__(self, data: FigureData) -> None:
        names = list(dict.fromkeys(name for series in data.series for name in series.names))
        self.units: dict[str, Province] = {}
        unknown: list[str] = []
        for name in names:
            found = recognise(name)
            if found is None:
                unknown.append(name)
            else:
                self.units[name] = found
        shapes = 'give their boundaries with the clause `shapes "regions.geojson"`'
        if 2 * len(self.units) < len(names) or not names:
            message = f"the map without boundaries is one of China's provincial units, and {listed(unknown)} "
            message += "is none of them" if len(unknown) == 1 else "are none of them"
            raise FigureError("E860", message, shapes)
        holders: dict[str, str] = {}
        for name, unit in self.units.items():
            other = holders.setdefault(unit.code, name)
            if other != name:
                message = f"`{other}` and `{name}` both name {unit.english}, which has one place on the map"
                raise FigureError("E862", message, "give the unit one name in the data")
        present = {unit.code for unit in self.units.values()}
        self.tiles = (*PROVINCES, *(unit for unit in FURTHER if unit.code in present))
        chinese = sum(any("\u4e00" <= sign <= "\u9fff" for sign in name) for name in names)
        self.chinese = 2 * chinese > len(names)
        self.notes: tuple[str, ...] = ("One tile a provincial unit, placed about as on a map.",)
        if not self.chinese:
            key = ", ".join(f"{unit.letters} {unit.english}" for unit in sorted(self.tiles, key=lambda u: u.letters))
            self.notes += (f"{key}.",)
        if unknown:
            self.notes += (f"Not on the map, as they name no provincial unit: {listed(unknown)}.",)

    def holds(self, name: str) -> bool:
        """Whether a unit of the data has a tile."""
        return name in self.units

    def values(self, series: FigureSeries) -> dict[str, float]:
        """Value by code; units without one are left out."""
        pairs = zip(series.names, series.values, strict=True)
        return {self.units[n].code: v for n, v in pairs if self.holds(n) and math.isfinite(v)}

    def label(self, unit: Province) -> str:
        """What stands in a tile: two letters, or Chinese where the data are."""
        return unit.chinese if self.chinese else unit.letters

    def paint(self, axes: Axes, series: FigureSeries, scale: Scale, width: float, say: Lettering) -> int:
        from matplotlib.patches import FancyBboxPatch

        axes.set_xlim(0, COLUMNS)
        axes.set_ylim(ROWS, 0)
        values = self.values(series)
        points = 72 * width / COLUMNS
        size = min(10.0, max(4.5, points * (0.23 if self.chinese else 0.25)))
        small = min(8.0, points * 0.185)
        longest = max((len(scale.numerals.text(v)) for v in values.values()), default=0)
        numbers = small >= SMALLEST and longest * 0.62 * small < 0.9 * points
        for unit in self.tiles:
            value = values.get(unit.code)
            known = value is not None
            face = scale.colour(value) if value is not None else NO_DATA
            ink = scale.ink(value) if value is not None else SOFT
            axes.add_artist(
                FancyBboxPatch(
                    (unit.column + 0.035, unit.row + 0.035),
                    0.93,
                    0.93,
                    boxstyle="round,pad=0,rounding_size=0.1",
                    facecolor=face,
                    edgecolor="#c9cfd5" if known else HATCH,
                    linewidth=0.4,
                    hatch=None if known else HATCHING,
                )
            )
            text = self.label(unit)
            if not say.prints(text):
                say.missed(text)
                text = unit.letters
            text = say(text)
            middle = unit.column + 0.5
            both = numbers and value is not None
            back = None if known else {"boxstyle": "round,pad=0.15", "facecolor": NO_DATA, "edgecolor": "none"}
            axes.text(
                middle,
                unit.row + (0.36 if both else 0.5),
                text,
                fontsize=size,
                color=ink,
                ha="center",
                va="center",
                fontweight="bold" if not self.chinese else "normal",
                bbox=back,
            )
            if both and value is not None:
                axes.text(
                    middle,
                    unit.row + 0.7,
                    scale.numerals.text(value),
                    fontsize=small,
                    color=ink,
                    ha="center",
                    va="center",
                )
        return len(self.tiles) - len(values)


def listed(names: list[str]) -> str:
    """ "`a`, `b` and 3 others"."""
    shown = [f"`{name}`" for name in names[:SHOWN]]
    if len(names) > SHOWN:
        return f"{', '.join(shown)} and {len(names) - SHOWN} others"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else "nothing"
