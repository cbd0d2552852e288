"""Path diagrams: boxes for variables, arrows with coefficients and stars, a panel for each mediation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from carbonspec.report.figures.colours import INK, SOFT
from carbonspec.report.figures.fonts import Lettering
from carbonspec.report.figures.manner import Manner, short, wrapped
from carbonspec.report.figures.page import WIDTH, Page
from carbonspec.report.figures.problems import FigureError
from carbonspec.report.run import FigureData, MediatedEffect, PathArrow, PathPanel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Spot = tuple[float, float]

BOX_WIDTH, BOX_HEIGHT = 1.08, 0.42
"""Inches of a variable's box."""
NARROW, TALL = 3.2, 2.3
"""Inches of a panel of one mediator, two abreast, and its height."""
FEW = 0.10
"""Arrows with a larger p are dashed."""


def draw_paths(data: FigureData, manner: Manner, simulated: bool, say: Lettering) -> Page:
    """A sheet of panels; those of one mediator stand two abreast.

    Raises FigureError E863 without panels.
    """
    if not data.panels:
        raise FigureError("E863", "there is no path to draw")
    places, height = _places(data.panels)
    page = Page(WIDTH, height + 0.2, simulated)
    for index, (panel, (left, top, width, tall)) in enumerate(zip(data.panels, places, strict=True)):
        axes = page.axes(left, top, width, tall)
        axes.set_xlim(0, width)
        axes.set_ylim(0, tall)
        axes.axis("off")
        letter = f"({chr(97 + index)}) " if len(data.panels) > 1 else ""
        _panel(axes, panel, f"{letter}{manner.title(panel.title)}", manner, say, width, tall)
    page.figure.text(
        0.1 / page.width,
        0.12 / page.height,
        say(_key(data.panels, manner)),
        fontsize=7,
        color=SOFT,
        va="center",
        ha="left",
    )
    return page


def _places(panels: tuple[PathPanel, ...]) -> tuple[list[tuple[float, float, float, float]], float]:
    """(left, top, width, height) of each panel in inches, and the height of all."""
    places: list[tuple[float, float, float, float]] = []
    top = waiting = 0.0
    for index, panel in enumerate(panels):
        several = len(panel.mediators)
        tall = _tall(panel)
        alone = several > 1 or len(panels) == 1
        if alone:
            top += waiting
            waiting = 0.0
            width = min(WIDTH - 0.1, NARROW + 1.6 + (1.2 * (several - 1) if not panel.parallel else 0.6))
            places.append(((WIDTH - width) / 2, top, width, tall))
            top += tall
        elif waiting:
            places.append((WIDTH / 2, top, NARROW, tall))
            top, waiting = top + max(tall, waiting), 0.0
        else:
            last = index == len(panels) - 1 or len(panels[index + 1].mediators) > 1
            places.append(((WIDTH - NARROW) / 2 if last and index else 0.05, top, NARROW, tall))
            waiting = 0.0 if last else tall
            top += tall if last else 0.0
    return places, top + waiting


def _tall(panel: PathPanel) -> float:
    """Inches of a panel's height."""
    count = len(panel.mediators)
    return (TALL if count == 1 or not panel.parallel else 1.35 + 0.78 * count) + _further(panel)


def _further(panel: PathPanel) -> float:
    """Inches that indirect effects beyond the first take."""
    return 0.14 * (len(panel.indirect[:3]) - 1) if panel.indirect else 0.0


def _key(panels: tuple[PathPanel, ...], manner: Manner) -> str:
    ordered = sorted(manner.stars, reverse=True)
    marks = ", ".join(f"{'*' * (i + 1)} p < {t:g}" for i, t in enumerate(ordered))
    beside = manner.beside if manner.parentheses == "t" else f"{manner.beside[0].upper()}{manner.beside[1:]}"
    text = f"{beside} in parentheses; {marks}; dashed: p ≥ {FEW:g}"
    intervals = {panel.interval for panel in panels if panel.interval}
    if intervals:
        text += f"; indirect effects with {100 * (1 - panels[0].level):g}% bootstrap intervals"
    return text


def _spots(panel: PathPanel, width: float, tall: float) -> dict[str, Spot]:
    """Where boxes stand: treatment left, outcome right, a chain along the top, parallel mediators in the middle."""
    half = BOX_WIDTH / 2
    count = len(panel.mediators)
    spots: dict[str, Spot] = {}
    if panel.parallel and count > 1:
        middle = (tall - 0.25) / 2 + 0.1
        spots[panel.treatment], spots[panel.outcome] = (half + 0.05, middle), (width - half - 0.05, middle)
        for index, name in enumerate(panel.mediators):
            high = tall - 0.62 - index * 0.78 - (0.78 if index >= count / 2 else 0.0)
            spots[name] = (width / 2, high)
        return spots
    bottom, top = 0.7 + _further(panel), tall - 0.56
    spots[panel.treatment], spots[panel.outcome] = (half + 0.05, bottom), (width - half - 0.05, bottom)
    for index, name in enumerate(panel.mediators):
        at = width / 2 if count == 1 else half + 0.55 + index * (width - 2 * half - 1.1) / (count - 1)
        spots[name] = (at, top)
    return spots


def _panel(axes: Axes, panel: PathPanel, title: str, manner: Manner, say: Lettering, width: float, tall: float) -> None:
    spots = _spots(panel, width, tall)
    axes.text(0.05, tall - 0.06, say(title), fontsize=8.5, fontweight="bold", color=INK, va="top", ha="left")
    total = next((a for a in panel.arrows if a.kind == "total"), None)
    moderated = [a for a in panel.arrows if a.kind == "moderated"]
    for arrow in panel.arrows:
        if arrow.kind != "path" or arrow.cause not in spots or arrow.effect not in spots:
            continue
        direct = (arrow.cause, arrow.effect) == (panel.treatment, panel.outcome)
        beside = [m for m in moderated if m.effect == arrow.effect and arrow.cause in m.cause.split(":")]
        _arrow(axes, panel, arrow, spots, manner, say, total if direct else None, beside)
    for name, (x, y) in spots.items():
        _box(axes, say(wrapped(manner.title(name), 17)), x, y)
    _effects(axes, panel, say, spots)


def _box(axes: Axes, text: str, x: float, y: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    lines = text.split("\n")
    longest = max(sum(2 if sign >= "⺀" else 1 for sign in line) for line in lines)
    size = min(8.0, 8.0 * 18.5 / max(longest, 1), 8.0 * 2 / len(lines) if len(lines) > 2 else 8.0)
    axes.add_patch(
        FancyBboxPatch(
            (x - BOX_WIDTH / 2, y - BOX_HEIGHT / 2),
            BOX_WIDTH,
            BOX_HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor="#f4f6f8",
            edgecolor=INK,
            linewidth=0.9,
            zorder=3,
        )
    )
    axes.text(x, y, text, fontsize=size, color=INK, ha="center", va="center", linespacing=1.15, zorder=4)


def _arrow(
    axes: Axes,
    panel: PathPanel,
    arrow: PathArrow,
    spots: dict[str, Spot],
    manner: Manner,
    say: Lettering,
    total: PathArrow | None,
    moderated: list[PathArrow],
) -> None:
    start, end = _cut(spots[arrow.cause], spots[arrow.effect]), _cut(spots[arrow.effect], spots[arrow.cause])
    shown = arrow.p_value < FEW
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>,head_width=0.18,head_length=0.42",
            "linewidth": 1.5 if shown else 0.9,
            "linestyle": "-" if shown else (0, (4, 3)),
            "color": INK if shown else SOFT,
            "shrinkA": 0,
            "shrinkB": 0,
        },
        zorder=2,
    )
    lines = [f"{short(arrow.estimate)}{manner.marks(arrow.p_value)}", _below(arrow, manner)]
    for other in moderated:
        lines.append(f"× {manner.title(panel.moderator)}: {short(other.estimate)}{manner.marks(other.p_value)}")
    far = _share(panel, arrow)
    x, y = start[0] + far * (end[0] - start[0]), start[1] + far * (end[1] - start[1])
    _label(axes, say("\n".join(lines)), x, y, shown)
    if total is not None and total.p_value == total.p_value:
        text = f"total {short(total.estimate)}{manner.marks(total.p_value)} {_below(total, manner)}"
        low = y - 0.32 if not (panel.parallel and len(panel.mediators) > 1) else y - 0.27
        axes.text(x, low, say(text), fontsize=7.2, color=SOFT, ha="center", va="center", zorder=5)


def _share(panel: PathPanel, arrow: PathArrow) -> float:
    """How far along an arrow its label stands: apart from the labels of arrows that cross it."""
    if panel.parallel or len(panel.mediators) == 1:
        return 0.5
    straight = (arrow.cause, arrow.effect) == (panel.treatment, panel.outcome)
    first, last = panel.mediators[0], panel.mediators[-1]
    near = (arrow.cause, arrow.effect) in ((panel.treatment, first), (last, panel.outcome))
    within = arrow.cause in panel.mediators and arrow.effect in panel.mediators
    if straight or near or within:
        return 0.5
    return 0.72 if arrow.cause == panel.treatment else 0.28


def _below(arrow: PathArrow, manner: Manner) -> str:
    return manner.below(arrow.std_error, arrow.statistic, arrow.p_value)


def _label(axes: Axes, text: str, x: float, y: float, shown: bool) -> None:
    axes.text(
        x,
        y,
        text,
        fontsize=7.6,
        color=INK if shown else SOFT,
        ha="center",
        va="center",
        linespacing=1.1,
        zorder=5,
        bbox={"boxstyle": "square,pad=0.12", "facecolor": "white", "edgecolor": "none"},
    )


def _effects(axes: Axes, panel: PathPanel, say: Lettering, spots: dict[str, Spot]) -> None:
    """Indirect effects, below everything."""
    lines = [_indirect(effect) for effect in panel.indirect[:3]]
    x = (spots[panel.treatment][0] + spots[panel.outcome][0]) / 2
    axes.text(x, 0.12, say("\n".join(lines)), fontsize=7.6, color=INK, ha="center", va="bottom", fontweight="bold")


def _indirect(effect: MediatedEffect) -> str:
    where = effect.name.removeprefix("indirect")
    text = f"indirect{where}: {short(effect.estimate)}"
    if not math.isnan(effect.conf_low):
        return f"{text} [{short(effect.conf_low)}, {short(effect.conf_high)}]"
    return f"{text} (p = {effect.p_value:.3f}, {effect.inference})" if not math.isnan(effect.p_value) else text


def _cut(centre: Spot, other: Spot) -> Spot:
    """Where the line from the centre of a box to another leaves the box."""
    dx, dy = other[0] - centre[0], other[1] - centre[1]
    across, up = BOX_WIDTH / 2 + 0.03, BOX_HEIGHT / 2 + 0.03
    scale = min(across / abs(dx) if dx else math.inf, up / abs(dy) if dy else math.inf)
    return centre[0] + scale * dx, centre[1] + scale * dy
