"""A map with true boundaries, from the polygons of a GeoJSON file (RFC 7946)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonspec.report.figures.colours import HATCH, NO_DATA
from carbonspec.report.figures.fonts import Lettering
from carbonspec.report.figures.maps import HATCHING
from carbonspec.report.figures.problems import FigureError
from carbonspec.report.figures.projection import Ring, project
from carbonspec.report.figures.provinces import recognise
from carbonspec.report.figures.scale import Scale
from carbonspec.report.figures.tile_grid import listed
from carbonspec.report.run import FigureData, FigureSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

Polygon = list[Ring]
"""Rings of one polygon, its outline first, then its holes; each (n, 2)."""

FINEST = 1 / 1500
"""Share of the map's size below which two points of an outline are one."""
LABELLED = 4.0
"""Inches from which on a panel names its units."""
LETTER = 6.5
"""Points of a name."""
EDGE = "#868f98"
NARROWEST, WIDEST = 0.55, 2.2
"""Width over height of a panel."""


class Boundaries:
    """The shapes of a file with the units of a figure laid over them; `notes` tell of what found no partner.

    The property that names most units is taken. Raises FigureError E861 for a file that is no GeoJSON or whose shapes
    no unit matches.
    """

    title_inside = False

    def __init__(self, path: str, data: FigureData) -> None:
        features = _features(path)
        names = list(dict.fromkeys(name for series in data.series for name in series.names))
        wanted = {_key(name): name for name in names}
        field, keys = _naming(features, wanted)
        shown = [_text(properties.get(field)) for properties, _ in features]
        polygons = project([shape for _, shape in features])
        self._keys = frozenset(keys)
        self._names = wanted
        low, high = _extent(polygons)
        self._low, self._high = low, high
        size = np.maximum(high - low, 1e-12)
        least = float(size.max()) * FINEST
        self.shapes = [(key, [_thinned(p, least) for p in shape]) for key, shape in zip(keys, polygons, strict=True)]
        self.aspect = float(min(WIDEST, max(NARROWEST, size[0] / size[1])))
        absent = [name for key, name in wanted.items() if key not in keys]
        empty = [text for text, key in zip(shown, keys, strict=True) if key not in wanted]
        notes = [f"Boundaries matched by their property `{field}`."]
        if absent:
            notes.append(f"Without a shape, so not on the map: {listed(absent)}.")
        if empty:
            notes.append(f"Shapes without data, hatched: {listed(list(dict.fromkeys(empty)))}.")
        self.notes = tuple(notes)

    def holds(self, name: str) -> bool:
        """Whether a unit of the data has a shape."""
        return _key(name) in self._keys

    def paint(self, axes: Axes, series: FigureSeries, scale: Scale, width: float, say: Lettering) -> int:
        from matplotlib.collections import PathCollection

        pairs = zip(series.names, series.values, strict=True)
        values = {_key(name): value for name, value in pairs if math.isfinite(value)}
        axes.set_aspect("equal")
        pad = 0.01 * (self._high - self._low)
        axes.set_xlim(self._low[0] - pad[0], self._high[0] + pad[0])
        axes.set_ylim(self._low[1] - pad[1], self._high[1] + pad[1])
        known = [(shape, values[key]) for key, shape in self.shapes if key in values]
        empty = [shape for key, shape in self.shapes if key not in values]
        line = 0.2 + 0.06 * width
        axes.add_collection(
            PathCollection(
                [_path(shape) for shape in empty],
                facecolors=NO_DATA,
                edgecolors=HATCH,
                linewidths=line,
                hatch=HATCHING,
            ),
            autolim=False,
        )
        axes.add_collection(
            PathCollection(
                [_path(shape) for shape, _ in known],
                facecolors=[scale.colour(value) for _, value in known],
                edgecolors=EDGE,
                linewidths=line,
            ),
            autolim=False,
        )
        if width >= LABELLED:
            points = 72 * width / float(1.02 * (self._high - self._low)[0])
            for key, shape in self.shapes:
                value = values.get(key)
                if value is not None:
                    _label(axes, say(self._names[key]), shape, points, scale.ink(value))
        return len(empty)


def _label(axes: Axes, text: str, shape: list[Polygon], points: float, ink: str) -> None:
    """A unit's name in the middle of its largest part, where it has room. `points` is the length of 1 in print."""
    from matplotlib.path import Path

    outline, *holes = max(shape, key=lambda polygon: abs(_area(polygon[0])))
    room = (outline.max(axis=0) - outline.min(axis=0)) * points
    letters = sum(2 if sign >= "\u2e80" else 1 for sign in text)
    if 0.62 * LETTER * letters > 0.85 * room[0] or room[1] < 2.5 * LETTER:
        return
    x, y = outline[:, 0] - outline[0, 0], outline[:, 1] - outline[0, 1]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    total = 3 * cross.sum()
    middle = outline[0] + [((x + np.roll(x, -1)) @ cross) / total, ((y + np.roll(y, -1)) @ cross) / total]
    if not Path(outline).contains_point(middle) or any(Path(hole).contains_point(middle) for hole in holes):
        return
    axes.text(middle[0], middle[1], text, fontsize=LETTER, color=ink, ha="center", va="center")


def _path(shape: list[Polygon]) -> Path:
    """One closed path of all rings; outlines run one way and holes the other, so that holes stay open."""
    from matplotlib.path import Path

    vertices, codes = [], []
    for polygon in shape:
        for index, ring in enumerate(polygon):
            turned = ring if (_area(ring) > 0) == (index == 0) else ring[::-1]
            vertices.append(np.vstack([turned, turned[:1]]))
            codes += [Path.MOVETO, *[Path.LINETO] * (len(ring) - 1), Path.CLOSEPOLY]
    return Path(np.vstack(vertices), codes)


def _area(ring: Ring) -> float:
    """Twice the area inside a ring, positive where it runs against the clock."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1))


def _extent(polygons: list[list[Polygon]]) -> tuple[Ring, Ring]:
    points = np.vstack([polygon[0] for shape in polygons for polygon in shape])
    return points.min(axis=0), points.max(axis=0)


def _thinned(polygon: Polygon, least: float) -> Polygon:
    """The polygon without points closer than `least` to the one before, and without holes that small."""
    kept = [_apart(ring, least) for ring in polygon]
    return [kept[0] if len(kept[0]) >= 3 else polygon[0], *(ring for ring in kept[1:] if len(ring) >= 3)]


def _apart(ring: Ring, least: float) -> Ring:
    found, last = [0], ring[0]
    for index in range(1, len(ring)):
        point = ring[index]
        if abs(point[0] - last[0]) + abs(point[1] - last[1]) >= least:
            found.append(index)
            last = point
    return ring[found]


# --- the file --------------------------------------------------------------------------------------------


def _features(path: str) -> list[tuple[dict[str, Any], list[Polygon]]]:
    """Properties and polygons of every feature that has an area."""
    help_text = "`shapes` takes a GeoJSON FeatureCollection of polygons with longitude and latitude"
    try:
        with open(path, encoding="utf-8-sig") as stream:
            content = json.load(stream)
    except (OSError, ValueError, RecursionError) as problem:
        raise FigureError("E861", f"the shapes cannot be read as GeoJSON: {problem}", help_text) from None
    listing = content.get("features") if isinstance(content, dict) else None
    if not isinstance(listing, list):
        raise FigureError("E861", "the shapes are no GeoJSON FeatureCollection", help_text)
    found = []
    for feature in listing:
        if not isinstance(feature, dict):
            continue
        properties = feature.get("properties")
        shape = [p for p in _polygons(feature.get("geometry")) if p]
        if shape and isinstance(properties, dict):
            found.append(({**properties, **({"id": feature["id"]} if "id" in feature else {})}, shape))
    if not found:
        raise FigureError("E861", "the file of shapes has no polygon with properties", help_text)
    return found


def _polygons(geometry: Any) -> Iterator[Polygon]:
    if not isinstance(geometry, dict):
        return
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "GeometryCollection":
        for part in geometry.get("geometries") or ():
            yield from _polygons(part)
    elif kind in ("Polygon", "MultiPolygon") and isinstance(coordinates, list):
        for polygon in [coordinates] if kind == "Polygon" else coordinates:
            rings = [ring for ring in map(_ring, polygon if isinstance(polygon, list) else ()) if ring is not None]
            if rings:
                yield rings


def _ring(points: Any) -> Ring | None:
    """(n, 2) without the closing point; None for what is no ring."""
    try:
        ring = np.array([(float(p[0]), float(p[1])) for p in points])
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    if len(ring) > 1 and (ring[0] == ring[-1]).all():
        ring = ring[:-1]
    return ring if len(ring) >= 3 and np.isfinite(ring).all() else None


# --- names -----------------------------------------------------------------------------------------------


def _naming(features: list[tuple[dict[str, Any], list[Polygon]]], wanted: dict[str, str]) -> tuple[str, list[str]]:
    """The property whose values name most units, and the key of every feature by it."""
    fields = dict.fromkeys(name for properties, _ in features for name in properties)
    best, most = "", 0
    for field in fields:
        hits = {_key(_text(properties.get(field))) for properties, _ in features} & set(wanted)
        if len(hits) > most:
            best, most = field, len(hits)
    if not most:
        names = listed(list(wanted.values()))
        known = listed(list(fields))
        message = f"no shape is called like a unit of the data: {names}; the properties of the shapes are {known}"
        raise FigureError("E861", message, "one property must hold the names as the data write them")
    return best, [_key(_text(properties.get(best))) for properties, _ in features]


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else "" if value is None or isinstance(value, list | dict) else str(value)


def _key(name: str) -> str:
    """Equal for the names of one unit: case and blanks do not count, and a Chinese province has one key."""
    found = recognise(name)
    return f"\0{found.code}" if found is not None else " ".join(name.casefold().split())
