"""Figures in every output, from hand-made drawings."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from tests.report import factory as f
from tests.report.test_renderers import NASTY, Tags

from carbonspec.engine.write import write_whole
from carbonspec.lang.spec import Figure as FigureSpec
from carbonspec.report.compose.study import compose
from carbonspec.report.document import Figure
from carbonspec.report.figure_view import figure_view
from carbonspec.report.files import files
from carbonspec.report.renderers import html, latex, markdown
from carbonspec.report.renderers.terminal import show, tile_lines
from carbonspec.report.run import Drawing, Failure, FigureData, Run

SVG = (
    '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><!-- label --><style>*{x}</style>'
    '<defs><path id="p" d="M0 0"/></defs><use xlink:href="#p" clip-path="url(#p)"/></svg>'
)


def drawing(number: str = "2", alternative: str = "A map.", notes: tuple[str, ...] = ()) -> Drawing:
    made = {"svg": SVG.encode(), "pdf": b"%PDF", "png": b"\x89PNG\x00\xff"}
    return Drawing(number, {k: base64.b64encode(v).decode() for k, v in made.items()}, alternative, notes)


def figure_of(run: Run) -> Figure:
    blocks = next(section.blocks for section in compose(run).sections if section.anchor == "figures")
    assert isinstance(blocks[0], Figure)
    return blocks[0]


def one(simulated: str = "", data: FigureData | None = None) -> Run:
    return f.drawn(data or f.map_data(missing=1), drawing(notes=("gdp: one note",)), simulated)


def on_screen(run: Run, colour: bool = False) -> str:
    stream = io.StringIO()
    system = "truecolor" if colour else None
    show(run, Console(file=stream, width=100, highlight=False, force_terminal=colour, color_system=system))
    return stream.getvalue()


def test_every_output_has_the_figure_with_title_words_and_note() -> None:
    document = compose(one("made up"))
    page, text, paper = html.render(document), markdown.render(document), latex.render(document)
    assert '<figure id="figure-2">' in page
    assert 'aria-label="A map."' in page
    assert '<a href="#figure-2">Figure 2. Regional opening up</a>' in page
    assert '<use href="#figure-2-p" clip-path="url(#figure-2-p)"/>' in page
    assert "![A map.](figures/figure_02.png)" in text
    assert "\\carbonspecpicture{figures/figure_02.pdf}" in paper
    assert "\\caption{Regional opening up [SIMULATED DATA]}\\label{fig:2}" in paper
    for output in (page, text.replace("\\", ""), paper, on_screen(one("made up"))):
        assert "SIMULATED DATA" in output
        assert "gdp: one note." in output
    assert "figures/figure_02.* (svg, pdf, png)" in on_screen(one())


def test_files_hold_the_pictures_and_their_numbers(tmp_path: Path) -> None:
    found = files(one())
    assert found["figures/figure_02.png"] == b"\x89PNG\x00\xff"
    assert found["figures/figure_02.svg"] == SVG.encode()
    table = found["figures/figure_02.csv"]
    assert isinstance(table, str)
    rows = list(csv.DictReader(table.splitlines()))
    assert rows[0] == {"province": "Beijing", "2012": "", "2020": ""}
    assert rows[1] == {"province": "Tianjin", "2012": "0.03125", "2020": "0.0625"}
    write_whole(found, tmp_path / "out")
    assert (tmp_path / "out/figures/figure_02.png").read_bytes() == b"\x89PNG\x00\xff"


def test_a_trends_file_has_its_band() -> None:
    table = files(one("made up", f.trend_data("Coastal")))["figures/figure_02.csv"]
    assert isinstance(table, str)
    assert table.splitlines()[0] == "year,Coastal,Coastal low,Coastal high,data"


def test_results_json_has_the_numbers_of_figures_and_measures() -> None:
    found = json.loads(str(files(one())["results.json"]))
    figure = found["figures"][0]
    assert [figure[k] for k in ("figure", "kind", "variable", "alternative")] == ["2", "map", "Open", "A map."]
    assert figure["series"][0]["names"][:2] == ["Beijing", "Tianjin"]
    assert figure["series"][0]["values"][:2] == [None, 0.03125]
    measure = json.loads(str(files(f.measured())["results.json"]))["measures"][0]
    assert measure["weights"][8]["weight"] == 0.5681


def test_a_figure_that_could_not_be_drawn_says_why_everywhere() -> None:
    run = f.drawn(f.map_data(), None)
    run = f.replace(run, failures=(Failure("figure 2", "E860", "none of them is a province"),))
    document = compose(run)
    for output in (html.render(document), markdown.render(document), latex.render(document), on_screen(run)):
        assert "failed: none of them is a province (E860)" in output.replace("\\", "")
    assert "figures/figure_02.png" not in files(run)
    assert "figures/figure_02.csv" in files(run)


def test_a_stranger_cannot_write_markup_through_a_figure() -> None:
    data = f.map_data((NASTY,), (NASTY, "Beijing"))
    run = f.drawn(data, drawing("2<x>", NASTY, (NASTY,)), NASTY, number="2<x>", label=NASTY, notes=(NASTY,))
    run = f.replace(run, figures={"2<x>": data}, drawings={"2<x>": drawing("2<x>", NASTY, (NASTY,))})
    page = html.render(compose(run))
    tags = Tags()
    tags.feed(page)
    assert not tags.open
    assert not tags.seen & {"script", "link", "img", "iframe", "object", "l", "x", "style2"}
    assert not any(name.startswith("on") or (value or "").startswith("http") for name, value in tags.attributes)
    paper = latex.render(compose(run)).replace("\\{", "").replace("\\}", "")
    assert paper.count("{") == paper.count("}")
    assert paper.count("\\end{document}") == 1
    assert {name for name in files(run) if name.startswith("figures/")} == {
        f"figures/figure_2_x.{ending}" for ending in ("svg", "pdf", "png", "csv")
    }


def test_the_terminal_draws_a_map_where_it_has_colours() -> None:
    shown = on_screen(one(), colour=True)
    assert " HL " in shown
    assert "(BJ)" in shown  # without data
    assert "\x1b[" in shown
    assert " SD \x1b[0m\n" in shown  # the last tile of a line is as wide as the others
    assert " HL " not in on_screen(one())


@pytest.mark.parametrize("screen", [40, 80, 140])
def test_terminal_maps_keep_to_the_screen(screen: int) -> None:
    panels = figure_of(one(data=f.map_data(("2012", "2015", "2020")))).panels
    lines = ["".join(text for text, _ in line).rstrip() for line in tile_lines(panels, screen)]
    assert max(map(len, lines)) <= screen
    assert sum("2015" in line for line in lines) == 1


def test_maps_with_shapes_and_trends_draw_nothing_on_the_terminal() -> None:
    assert figure_of(f.drawn(f.map_data(), drawing(), shapes="a.geojson")).panels == ()
    assert figure_of(f.drawn(f.trend_data(), drawing())).panels == ()
    empty = f.map_data(("2020",), ("Beijing",), missing=1)
    assert math.isnan(empty.series[0].values[0])
    assert figure_of(f.drawn(empty, drawing())).panels == ()


# --- in Python -------------------------------------------------------------------------------------------


def test_a_figure_for_a_notebook_and_for_files(tmp_path: Path) -> None:
    run = f.run(f.study_spec(figures=(FigureSpec("2", "map", "Opening", (f.term("Open"),)),)))
    run = replace(run, drawings={"2": drawing()}, figures={"2": f.map_data()})
    view = figure_view(run, "2")
    assert view.svg() == SVG
    assert view.png().startswith(b"\x89PNG")
    assert view._repr_png_() == view.png()
    assert view.save(tmp_path / "a.PDF").read_bytes() == b"%PDF" == view.pdf()
    assert "A map." in view._repr_html_()
    assert repr(view) == "<Figure 2. Opening>"
    numbers = view.tidy()
    assert numbers.shape == (len(f.map_data().series[0].names), len(f.map_data().series))
    with pytest.raises(ValueError, match="a figure is saved as"):
        view.save(tmp_path / "a.jpg")
    with pytest.raises(KeyError, match="this study has: 2"):
        figure_view(run, "7")


def test_a_figure_that_was_not_drawn_says_why() -> None:
    run = f.run(f.study_spec(figures=(FigureSpec("2", "map", "Opening", (f.term("Open"),)),)))
    run = replace(run, failures=(Failure("figure 2", "E450", "no such period"),))
    view = figure_view(run, "2")
    assert view._repr_png_() is None
    assert "no such period" in view._repr_html_()
    with pytest.raises(RuntimeError, match="no such period"):
        view.svg()
