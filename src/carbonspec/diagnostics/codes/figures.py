"""Codes of figures: what keeps one from being drawn."""

from __future__ import annotations

from carbonspec.diagnostics.codes.model import Code

CODES: tuple[Code, ...] = (
    Code(
        id="E860",
        title="the units are not on the tile map",
        why="Without boundaries a map is the grid of China's provincial units, recognised by English or Chinese name, "
        "pinyin, letters or GB code. Fewer than half of this panel's units are among them.",
        fix="give the boundaries of your regions as a GeoJSON file with the clause `shapes`",
        example='figure 2 "Map": map(gdp) at 2020\n  shapes "regions.geojson"',
    ),
    Code(
        id="E861",
        title="the shapes cannot be used",
        why="A map with boundaries needs a GeoJSON FeatureCollection of polygons, one property of which holds the "
        "units' names as the data write them. This file is not one, or no name in it is a unit's.",
        fix="export the boundaries as GeoJSON in longitude and latitude, with the names of the data as a property",
        example='{"type": "FeatureCollection", "features": [\n  {"type": "Feature", "properties": {"name": "Beijing"}, '
        '"geometry": {"type": "Polygon", "coordinates": [[…]]}}]}',
    ),
    Code(
        id="E862",
        title="two units are one place on the map",
        why="Two names of the data are recognised as the same provincial unit, such as `Tibet` and `Xizang`.",
        fix="give the unit one name in the data",
        example="Tibet, 2012, 0.11\nXizang, 2013, 0.12    # the same unit as Tibet",
    ),
    Code(
        id="E863",
        title="there is nothing to draw",
        why="The variable has no value in the periods of the figure.",
        fix="look at the periods after `at`, and at how many values are missing (the sample ledger says)",
        example='figure 2 "Map": map(Open) at 2012, 2020',
    ),
)
