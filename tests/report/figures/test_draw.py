"""Drawn figures: what stands in them, the same bytes again, and what is refused or told."""

from __future__ import annotations

import base64
import itertools
import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure as Sheet
from tests.report import factory as f

from carbonspec.lang.spec import Figure
from carbonspec.report.figures import fonts
from carbonspec.report.figures.draw import draw
from carbonspec.report.figures.inline import inline_svg
from carbonspec.report.figures.problems import FigureError
from carbonspec.report.figures.projection import project
from carbonspec.report.figures.provinces import PROVINCES
from carbonspec.report.figures.trend import _apart
from carbonspec.report.run import Drawing, FigureData, FigureSeries

LABEL = "Level of opening up"


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text on the sheets drawn in a test; only the svg is made."""
    found: list[str] = []
    save = Sheet.savefig

    def noted(self: Sheet, stream: Any, **options: Any) -> None:
        if options["format"] == "svg":
            from matplotlib.text import Text

            found.extend(t.get_text() for t in self.findobj(Text) if t.get_visible() and t.get_text())
            save(self, stream, **options)

    monkeypatch.setattr(Sheet, "savefig", noted)
    return found


def drawn(data: FigureData, unit: str = "", simulated: str = "", shapes: str | None = None) -> Drawing:
    return draw(data, Figure("2", data.kind), LABEL, unit, simulated, shapes)


def content(drawing: Drawing, ending: str) -> bytes:
    return base64.b64decode(drawing.files[ending])


# --- every figure ----------------------------------------------------------------------------------------


def test_the_same_numbers_give_the_same_bytes_without_a_date() -> None:
    data = f.map_data(("2020",), ("Beijing", "天津", "Hebei"))
    first, second = drawn(data), drawn(data)
    assert first == second
    assert content(first, "svg").startswith(b"<?xml")
    assert content(first, "pdf").startswith(b"%PDF")
    assert content(first, "png").startswith(b"\x89PNG")
    for ending in ("svg", "pdf", "png"):
        assert b"CreationDate" not in content(first, ending)
        assert b"dc:date" not in content(first, ending)
        assert b"Matplotlib v" not in content(first, ending).split(b"<defs>", 1)[0][400:]


def test_the_users_own_settings_change_nothing() -> None:
    import matplotlib

    data = f.trend_data()
    before = drawn(data).files["svg"]
    with matplotlib.rc_context({"font.size": 30, "axes.grid": True, "lines.linewidth": 9}):
        assert drawn(data).files["svg"] == before
        assert matplotlib.rcParams["font.size"] == 30


@pytest.mark.parametrize("data", [f.map_data(("2020",)), f.trend_data()], ids=["map", "trend"])
def test_simulated_data_are_stamped_in_the_picture(data: FigureData, texts: list[str]) -> None:
    drawn(data)
    assert "SIMULATED DATA" not in texts
    drawn(data, simulated="made up")
    assert "SIMULATED DATA" in texts


def test_markup_in_a_label_is_only_text(texts: list[str]) -> None:
    data = FigureData("trend", "x", (FigureSeries(r"$\frac{a}{b}$ <b>&", ("2012", "2013"), (1.0, 2.0)),))
    drawing = draw(data, Figure("2", "trend"), r"$\notacommand{", "", "")
    assert r"$\notacommand{" in texts
    assert "<b>" not in base64.b64decode(drawing.files["svg"]).decode().replace("&lt;b&gt;", "")


@pytest.mark.parametrize("kind", ["map", "trend"])
def test_a_figure_without_a_number_is_refused(kind: str) -> None:
    series = FigureSeries("2020", ("Beijing", "Tianjin"), (math.nan, math.nan))
    with pytest.raises(FigureError) as raised:
        drawn(FigureData(kind, "Open", (series,)))
    assert raised.value.code == "E863"


def test_an_inlined_svg_keeps_its_names_to_itself() -> None:
    svg = content(drawn(f.trend_data("a", "b")), "svg").decode()
    inlined = inline_svg(svg, "figure-2", "what it shows")
    assert inlined.startswith('<svg role="img" aria-label="what it shows"')
    assert inlined.rstrip().endswith("</svg>")
    for foreign in ("xmlns", "<!--", "<style", "<metadata", "http", 'id="figure_1"'):
        assert foreign not in inlined
    ids = set(re.findall(r'\bid="([^"]*)"', inlined))
    links = set(re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', inlined))
    assert all(name.startswith("figure-2-") for name in ids)
    assert {a or b for a, b in links} <= ids


# --- the tile grid ---------------------------------------------------------------------------------------


def test_a_map_names_units_values_periods_and_scale(texts: list[str]) -> None:
    drawing = drawn(f.map_data(("2012", "2020")), unit="share")
    assert {unit.letters for unit in PROVINCES} <= set(texts)
    assert {"2012", "2020", f"{LABEL} (share)", "0.97"} <= set(texts)
    assert "no data" not in texts
    assert drawing.alternative == (
        f"Map of {LABEL} in share for 31 units, 2012 and 2020: from 0.02 in Beijing (2012) to 0.97 in Xinjiang (2020)."
    )
    assert any("HA Henan" in note for note in drawing.notes)


def test_units_without_a_value_are_hatched_and_explained(texts: list[str]) -> None:
    drawing = drawn(f.map_data(("2020",), missing=2))
    assert "no data" in texts
    assert b"<pattern" in content(drawing, "svg")
    assert "2 values are missing." in drawing.alternative
    drawn(f.map_data(("2020",), [unit.english for unit in PROVINCES[:20]]))
    assert texts.count("no data") == 2


def test_chinese_data_get_chinese_tiles(texts: list[str]) -> None:
    drawing = drawn(f.map_data(("2020",), [unit.chinese for unit in PROVINCES]))
    if fonts.chinese_font():
        assert {unit.chinese for unit in PROVINCES} <= set(texts)
        assert "BJ" not in texts
        assert not any("Chinese font" in note for note in drawing.notes)


def test_without_a_chinese_font_nothing_is_drawn_as_a_box(monkeypatch: pytest.MonkeyPatch, texts: list[str]) -> None:
    monkeypatch.setattr(fonts, "chinese_font", lambda: "")
    data = f.map_data(("2020",), [unit.chinese for unit in PROVINCES])
    drawing = draw(data, Figure("2", "map"), "开放 level", "", "")
    assert {"BJ", "?? level"} <= set(texts)
    assert all(text.isascii() or "\u2212" in text for text in texts)
    told = drawing.notes[-1]
    assert told.startswith("no Chinese font was found, so ")
    assert "apt install fonts-noto-cjk" in told


def test_many_panels_leave_the_numbers_out(texts: list[str]) -> None:
    drawn(f.map_data(tuple(str(year) for year in range(2012, 2021))))
    assert "2016" in texts
    assert "0.97" not in texts
    assert texts.count("BJ") == 9


def test_hong_kong_has_a_tile_when_the_data_have_it(texts: list[str]) -> None:
    drawn(f.map_data(("2020",), ["Beijing", "Hong Kong"]))
    assert "HK" in texts
    assert "MO" not in texts


def test_units_of_other_countries_need_shapes() -> None:
    with pytest.raises(FigureError) as raised:
        drawn(f.map_data(("2020",), [*(f"Region {i}" for i in range(12)), "Beijing"]))
    assert raised.value.code == "E860"
    assert "`Region 0`" in raised.value.message
    assert "and 4 others are none of them" in raised.value.message
    assert "shapes" in raised.value.help


def test_a_unit_that_is_not_on_the_grid_is_named_and_stays_out_of_the_scale(texts: list[str]) -> None:
    data = f.map_data(("2020",), ["Beijing", "Tianjin", "National"])
    drawing = drawn(data)
    assert "Not on the map, as they name no provincial unit: `National`." in drawing.notes
    assert "0.047" not in texts
    assert "to 0.031 in Tianjin" in drawing.alternative


def test_two_names_of_one_unit_are_refused() -> None:
    with pytest.raises(FigureError) as raised:
        drawn(f.map_data(("2020",), ["Tibet", "Xizang", "Beijing"]))
    assert raised.value.code == "E862"
    assert "`Tibet` and `Xizang`" in raised.value.message


# --- shapes ----------------------------------------------------------------------------------------------


def square(x: float, y: float, size: float = 2.0, hole: bool = False) -> list[list[list[float]]]:
    def ring(a: float, b: float, s: float) -> list[list[float]]:
        return [[a, b], [a + s, b], [a + s, b + s], [a, b + s], [a, b]]

    return [ring(x, y, size), *([ring(x + size / 4, y + size / 4, size / 2)] if hole else [])]


def geojson(path: Path, shapes: dict[str, Any]) -> str:
    features = [
        {"type": "Feature", "properties": {"rank": i, "name": name}, "geometry": geometry}
        for i, (name, geometry) in enumerate(shapes.items())
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return str(path)


def regions(path: Path) -> str:
    return geojson(
        path,
        {
            "North": {"type": "Polygon", "coordinates": square(100, 32, hole=True)},
            "south ": {"type": "MultiPolygon", "coordinates": [square(100, 30), square(104, 30, 1)]},
            "West": {"type": "Polygon", "coordinates": square(98, 30)},
        },
    )


def test_shapes_are_matched_by_the_property_that_fits_most(tmp_path: Path, texts: list[str]) -> None:
    data = f.map_data(("2019", "2020"), ["North", "South", "East"])
    drawing = drawn(data, shapes=regions(tmp_path / "r.geojson"))
    assert drawing.notes == (
        "Boundaries matched by their property `name`.",
        "Without a shape, so not on the map: `East`.",
        "Shapes without data, hatched: `West`.",
    )
    assert {"2019", "2020", "no data"} <= set(texts)
    assert "East" not in drawing.alternative


def test_a_single_panel_names_its_regions(tmp_path: Path, texts: list[str]) -> None:
    drawn(f.map_data(("2020",), ["North", "South", "West"]), shapes=regions(tmp_path / "r.geojson"))
    assert "South" in texts
    assert "North" not in texts  # its middle is a hole


def test_a_hole_stays_open(tmp_path: Path) -> None:
    import io

    from matplotlib.image import imread

    one = {"A": {"type": "Polygon", "coordinates": square(100, 30, hole=True)}}
    picture = drawn(f.map_data(("",), ["A"]), shapes=geojson(tmp_path / "a.geojson", one))
    pixels = imread(io.BytesIO(content(picture, "png")))
    height, wide = pixels.shape[:2]
    assert pixels[int(0.42 * height), wide // 2, :3].min() == 1.0
    assert pixels[int(0.42 * height), int(0.12 * wide), :3].min() < 0.9


def test_chinese_and_english_names_of_a_province_meet(tmp_path: Path) -> None:
    one = {"北京市": {"type": "Polygon", "coordinates": square(116, 39)}}
    drawing = drawn(f.map_data(("2020",), ["Beijing"]), shapes=geojson(tmp_path / "b.geojson", one))
    assert drawing.notes[:1] == ("Boundaries matched by their property `name`.",)
    assert len(drawing.notes) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"features": 3}',
        '{"features": [1, {"geometry": null}]}',
        '{"features": [{"properties": {"name": "A"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}',
        '{"features": [{"properties": {"name": "A"}, "geometry": {"type": "Polygon", "coordinates": [[["x", 2]]]}}]}',
        (
            '{"features": [{"properties": {"name": "B"}, "geometry": {"type": "Polygon", "coordinates": '
            "[[[0, 0], [1, 0], [1, 1], [0, 0]]]}}]}"
        ),
    ],
)
def test_a_file_without_use_is_refused_with_a_reason(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(FigureError) as raised:
        drawn(f.map_data(("2020",), ["A"]), shapes=str(tmp_path / "a.geojson"))
    assert raised.value.code == "E861"
    assert raised.value.help


def test_the_projection_keeps_areas() -> None:
    def area(ring: np.ndarray[Any, Any]) -> float:
        x, y = ring.T
        return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2

    def cell(longitude: float, latitude: float) -> np.ndarray[Any, Any]:
        t = np.linspace(0, 1, 200)[:, None]
        corners = np.array([longitude, latitude]) + np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
        return np.vstack([a + t * (b - a) for a, b in itertools.pairwise(corners)])

    found = project([[[cell(75, 20)]], [[cell(110, 35)]], [[cell(130, 52)]]])
    on_the_sphere = [math.sin(math.radians(b + 1)) - math.sin(math.radians(b)) for b in (20, 35, 52)]
    ratios = [area(shape[0][0]) / true for shape, true in zip(found, on_the_sphere, strict=True)]
    assert ratios == pytest.approx([ratios[0]] * 3, rel=1e-4)


def test_coordinates_that_are_no_degrees_stay() -> None:
    ring = np.array([[500000.0, 4e6], [600000.0, 4e6], [600000.0, 5e6]])
    assert project([[[ring]]])[0][0][0] is ring


# --- trends ----------------------------------------------------------------------------------------------


def test_a_trend_names_its_lines_at_their_ends(texts: list[str]) -> None:
    drawing = drawn(f.trend_data("Coastal", "Inland"), unit="share")
    assert {"Coastal", "Inland", "2012", "2013", "2014", f"{LABEL} (share)", "middle half of the units"} <= set(texts)
    assert drawing.alternative == (
        f"Line chart of the mean of {LABEL} in share by period. Coastal: 0.20 in 2012, 0.30 in 2014; "
        "Inland: 0.30 in 2012, 0.40 in 2014."
    )


def test_variables_have_charts_of_their_own(texts: list[str]) -> None:
    data = f.trend_data("Open", "Tech", "Ce")
    empty = FigureSeries("Lost", ("2012",), (math.nan,))
    figure = Figure("3", "trend", arguments=(f.term("Open"), f.term("Tech"), f.term("Ce"), f.term("Lost")))
    drawing = draw(replace(data, series=(*data.series, empty)), figure, "", "", "")
    assert {"Open", "Tech", "Ce"} <= set(texts)
    assert texts.count("2014") == 3
    assert texts.count("mean") == 1
    assert drawing.notes == ("No value to draw: Lost.",)


def test_a_trend_without_a_band_has_no_key(texts: list[str]) -> None:
    data = f.trend_data()
    plain = replace(data, series=tuple(replace(s, low=(), high=()) for s in data.series))
    drawn(plain)
    assert "mean" not in texts


def test_periods_that_are_no_numbers_keep_their_order(texts: list[str]) -> None:
    periods = [f"{year}q{quarter}" for year in range(2010, 2020) for quarter in range(1, 5)]
    drawn(f.trend_data(periods=periods))
    shown = [text for text in texts if "q" in text and text[0] == "2"]
    assert 8 <= len(shown) <= 12
    assert shown == sorted(shown)


def test_a_single_period_and_a_gap_are_drawn() -> None:
    assert drawn(f.trend_data(periods=("2012",))).files
    gap = FigureSeries("", ("2012", "2013", "2014"), (1.0, math.nan, 2.0))
    assert "1.00 in 2012, 2.00 in 2014" in drawn(FigureData("trend", "x", (gap,))).alternative


def test_names_are_moved_apart_in_order() -> None:
    spots = _apart([0.5, 0.5, 0.51, 0.9], 0.1, 0.0, 1.0)
    assert all(b - a >= 0.1 - 1e-6 for a, b in itertools.pairwise(spots))
    assert spots[3] == pytest.approx(0.9)
    assert _apart([0.99, 1.0], 0.1, 0.0, 1.0) == pytest.approx([0.9, 1.0])


def test_powers_of_ten_are_raised_in_headings(texts: list[str]) -> None:
    drawn(f.trend_data(), unit="10^4 t CO2, 10^-3 and 1.5^2.5")
    assert any("10⁴ t CO2, 10⁻³ and 1.5^2.5" in text for text in texts)


def test_a_font_installed_since_matplotlib_looked_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import font_manager

    taken: list[str] = []

    class Manager:
        ttflist: tuple[Any, ...] = ()

        def get_font_names(self) -> list[str]:
            return ["Noto Sans CJK JP"] if taken else ["DejaVu Sans"]

        def addfont(self, path: str) -> None:
            if "broken" in path:
                raise RuntimeError("In FT2Font: unknown file format")
            taken.append(path)

    files = ["/fonts/Vera.ttf", "/fonts/broken-cjk.ttc", "/fonts/NotoSansCJK-Regular.ttc"]
    monkeypatch.setattr(font_manager, "fontManager", Manager())
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: files)
    assert fonts.chinese_font.__wrapped__() == "Noto Sans CJK JP"
    assert taken == files[2:]


def test_a_picture_without_its_font_is_to_be_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not drawn(f.trend_data()).provisional
    monkeypatch.setattr(fonts, "chinese_font", lambda: "")
    assert draw(f.trend_data(), Figure("2", "trend"), "碳排放", "", "").provisional
