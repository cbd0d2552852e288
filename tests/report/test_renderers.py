"""Every format: escaped, stamped, complete; the files of a run."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from rich.console import Console
from tests.report import factory as f

from carbonspec.lang.spec import CallItem, Hypothesis, ResultItem, Selection, Study, Table
from carbonspec.report.compose.study import COMPOSERS, compose, compose_table
from carbonspec.report.document import FACTS, Cell, Column, Row
from carbonspec.report.document import Table as Composed
from carbonspec.report.files import file_stem, files
from carbonspec.report.renderers import csv as csv_renderer
from carbonspec.report.renderers import html, latex, markdown
from carbonspec.report.renderers.layout import width, wrap
from carbonspec.report.renderers.registry import RENDERERS
from carbonspec.report.renderers.terminal import plain_table, show, show_summary
from carbonspec.report.run import Expectation, Failure, LedgerEntry, Run

NASTY = "<script>alert(1)</script> & \"q\" 'a' | `b` \\end{document} $x$ %# ~^_{} 省份 *bold* [l](u)"


def simulated() -> Run:
    return f.run(simulated="simulated by simulate.py, seed 1")


def table_of(run: Run) -> Composed:
    return compose_table(run, run.spec.tables[0])[0]


def nasty() -> Run:
    """Every text that a stranger's spec could choose, chosen badly."""
    table = Table("5<x>", NASTY, (ResultItem(Selection("m"), NASTY),), notes=(NASTY,))
    spec = f.study_spec(study=Study(NASTY, NASTY), tables=(table,), models=())
    fit = f.fit({NASTY: (1.0, 0.1), "=1+1": (1.0, 0.1)}, NASTY, definitions={"r2_within": NASTY})
    failure = Failure("m[2]", "E502", NASTY)
    models = {"m": (f.column(1, fit, "m", split="s", split_value=NASTY), f.column(2, None, "m", failure=failure))}
    return f.run(
        spec,
        models,
        labels={NASTY: NASTY},
        simulated=NASTY,
        ledger=(LedgerEntry(NASTY, 1, 1, NASTY),),
        expectations=(Expectation(NASTY, NASTY, NASTY, False, 3, NASTY),),
    )


# --- csv -------------------------------------------------------------------------------------------------


def test_csv_has_the_published_layout() -> None:
    lines = csv_renderer.render_table(table_of(f.run())).splitlines()
    assert lines[0] == "column,outcome,term,estimate,in_parentheses,stars"
    assert lines[1] == "1,Ce,Open,-4937.897,-2.43,**"
    assert lines[-1] == "5,Ce,R² within,0.245,,"
    rows = list(csv.DictReader(lines))
    assert sum(row["term"] == "N" and row["estimate"] == "270" for row in rows) == 5
    assert not any(row["estimate"] == "Yes" for row in rows)


def test_csv_of_simulated_data_says_so_in_every_row_and_parses_as_published() -> None:
    rows = list(csv.DictReader(csv_renderer.render_table(table_of(simulated())).splitlines()))
    assert {row["data"] for row in rows} == {"simulated"}
    assert rows[0]["term"] == "Open"


def test_csv_round_trips_through_the_scorecard() -> None:
    run = f.run()
    rows = tuple(csv.DictReader(csv_renderer.render_table(table_of(run)).splitlines()))
    from carbonspec.report.scorecard import MATCH, scorecard

    card = scorecard(replace(run, published={"5": rows}))
    assert card.total == card.count(MATCH) == 65


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@x", "\tx", "=HYPERLINK(a)"])
def test_csv_text_is_never_a_formula(text: str) -> None:
    table = Composed(FACTS, "", (Column("a"),), ((Row(text, (Cell(text),)),),), stub=text)
    for row in csv.reader(io.StringIO(csv_renderer.render_table(table))):
        assert all(not value.startswith(("=", "+", "-", "@", "\t")) for value in row)


def test_csv_negative_numbers_stay_numbers() -> None:
    assert ",-4937.897,-2.43," in csv_renderer.render_table(table_of(f.run()))


def test_summary_csv_is_named_by_variable() -> None:
    tables = (Table("3", "D", (CallItem("summary", (f.term("Ce"), f.term("Open"))),)),)
    run = f.run(f.study_spec(tables=tables), descriptions={"table 3 item 0": f.summary()})
    assert csv_renderer.render_table(table_of(run)).splitlines() == [
        "variable,n,mean,sd,median,min,max",
        "Ce,270,25824.2,17649.4,20113.7,1699.1,74482.0",
        "Open,270,0.38412,0.29648,0.2871,0.04431,0.97712",
    ]


# --- escaping --------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The tags of a page; complains about what is closed but not open."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_well_formed_and_runs_nothing() -> None:
    page = html.render(compose(nasty()))
    tags = Tags()
    tags.feed(page)
    assert not tags.open
    assert not tags.seen & {"script", "link", "img", "iframe", "object", "l"}
    assert not any(name.startswith("on") or (value or "").startswith("http") for name, value in tags.attributes)
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 5


def test_html_links_reach_their_tables() -> None:
    tags = Tags()
    tags.feed(html.render(compose(nasty())))
    ids = {value for name, value in tags.attributes if name == "id"}
    links = {(value or "")[1:] for name, value in tags.attributes if name == "href"}
    assert links
    assert links <= ids


def test_latex_escapes_every_special_character() -> None:
    text = latex.escape(NASTY)
    assert "\\end{document}" not in text
    assert "\\textbackslash{}end\\{document\\}" in text
    assert "\\carbonspechan{省份}{U+7701 U+4EFD}" in text
    assert latex.escape("50% of $x_1$ & 2² — µ “ok” × é α") == (
        "50\\% of \\$x\\_1\\$ \\& 2$^{2}$ --- µ ``ok'' $\\times$ é $\\alpha$"
    )


def test_latex_braces_balance() -> None:
    for run in (nasty(), simulated()):
        text = latex.render(compose(run)).replace("\\{", "").replace("\\}", "")
        assert text.count("{") == text.count("}")
        assert text.count("\\begin{") == text.count("\\end{")
        assert text.count("\\end{document}") == 1


def test_markdown_rows_all_have_the_same_number_of_cells() -> None:
    for run in (nasty(), simulated()):
        text = markdown.render_table(table_of(run))
        bars = {line.replace("\\|", "").count("|") for line in text.splitlines() if line.startswith("|")}
        assert len(bars) == 1
    assert "<script>" not in markdown.render(compose(nasty()))


def test_json_is_json_whatever_the_names_are() -> None:
    found = json.loads(files(nasty())["results.json"])
    assert found["tidy"][0]["term"] == NASTY


# --- stamps and files ------------------------------------------------------------------------------------


def test_every_file_of_simulated_data_says_so() -> None:
    for name, text in files(simulated()).items():
        assert ("simulated" if name.endswith(".csv") else "SIMULATED DATA") in text, name
    assert not any("SIMULATED" in text for text in files(f.run()).values())


def test_the_files_of_a_run() -> None:
    assert sorted(files(f.run())) == [
        "report.html", "report.md", "report.tex", "results.json",
        "tables/table_05.csv", "tables/table_05.md", "tables/table_05.tex",
    ]  # fmt: skip
    assert {extension for extension, _ in RENDERERS.values()} == {"html", "md", "tex"}


@pytest.mark.parametrize(
    ("number", "stem"),
    [("5", "table_05"), ("12", "table_12"), ("A1", "table_A1"), ("../x", "table_x"), ("", "table_x")],
)
def test_file_names_stay_in_their_folder(number: str, stem: str) -> None:
    assert file_stem(number, set()) == stem


def test_two_tables_never_share_a_file() -> None:
    used: set[str] = set()
    assert [file_stem(number, used) for number in ("a/1", "a?1", "A_1")] == ["table_a_1", "table_a_1_2", "table_A_1_3"]


def test_results_json_carries_broom_names_verdicts_and_provenance() -> None:
    spec = f.study_spec(hypotheses=(Hypothesis("H1", f.compare(f.quantity("benchmark", "Open", first=-1), "<", 0)),))
    found = json.loads(files(f.run(spec))["results.json"])
    assert list(found["tidy"][0]) == [
        "model", "column", "outcome", "term", "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high",
    ]  # fmt: skip
    assert len(found["tidy"]) == 25
    glance = found["glance"][0]
    assert [glance[k] for k in ("n", "n_ids", "n_clusters", "r2_within", "vcov")] == [270, 30, 30, 0.199, "cluster(id)"]
    assert glance["r2_between"] is None
    assert found["hypotheses"][0]["verdict"] == "unsupported"
    assert found["provenance"]["data"][0]["sha256"] == "ab" * 32
    assert found["ledger"][1]["rows_after"] == 270


def test_results_json_has_null_for_what_does_not_exist() -> None:
    models = {"m": (f.column(1, f.fit({"x": (1.0, 0.0)}, reference="normal", df_reference=float("inf")), "m"),)}
    found = json.loads(files(f.run(f.study_spec(tables=(), models=()), models))["results.json"])
    assert found["tidy"][0]["statistic"] is None
    assert found["columns"][0]["df_reference"] is None


def test_every_available_table_word_has_a_composer() -> None:
    from carbonspec.report.catalogue import TABLES

    assert set(COMPOSERS) == {word.name for word in TABLES if word.module.startswith("compose")}


# --- terminal --------------------------------------------------------------------------------------------


def on_screen(run: Run, columns: int) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=columns, highlight=False)
    show(run, console)
    show_summary(run, console)
    return stream.getvalue()


@pytest.mark.parametrize("columns", [60, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    for run in (simulated(), nasty()):
        for line in plain_table(table_of(run), columns).splitlines():
            assert width(line) <= columns, line


def test_a_wide_table_is_split_into_panels_of_whole_columns() -> None:
    text = plain_table(table_of(f.run()), 80)
    assert text.count("Table 5, continued") == 1
    assert text.count("Level of opening up") == 2
    first, second = text.split("Table 5, continued")
    assert all(f"({n})" in first for n in (1, 2, 3))
    assert all(f"({n})" in second for n in (4, 5))
    assert "Ind" not in first.split()
    assert "continued" not in plain_table(table_of(f.run()), 120)


def test_decimal_points_stand_under_each_other() -> None:
    lines = plain_table(table_of(f.run()), 120).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("Level of opening up"))
    points = [[i for i, sign in enumerate(line) if sign == "."] for line in lines[at : at + 2]]
    assert points[0] == points[1]


def test_the_summary_tells_verdicts_misses_scores_and_failures() -> None:
    claim = f.compare(f.quantity("benchmark", "Open", first=-1), "<", 0)
    spec = f.study_spec(hypotheses=(Hypothesis("H1", claim, "Opening up reduces emissions", 0.10),))
    missed = Expectation("benchmark[5].N = 271", "271", "270", False, 12, "off by -1 (-0.37%)")
    rows = ({"column": "5", "outcome": "Ce", "term": "N", "estimate": "270"},)
    failure = Failure("table 3 item 0", "E440", "`Ce` has no values")
    text = on_screen(f.run(spec, expectations=(missed,), published={"5": rows}, failures=(failure,)), 100)
    assert "✓ H1  supported     Opening up reduces emissions" in text
    assert "p = 0.079 (at 10%)" in text
    assert "0 of 1 expectations met" in text
    assert "line 12: expect benchmark[5].N = 271: obtained 270, off by -1 (-0.37%)" in text
    assert "Published figures: 1 printed in 1 table: 1 matches, 0 agree" in text
    assert "failed E440  table 3 item 0: `Ce` has no values" in text


def test_the_screen_is_stamped() -> None:
    assert on_screen(simulated(), 100).count("SIMULATED DATA") >= 3


def test_markup_in_a_label_is_only_text() -> None:
    assert "[bold red]x[/]" in on_screen(f.run(f.study_spec(study=Study("[bold red]x[/]"))), 100)


def test_wide_characters_take_two_cells() -> None:
    assert width("省份 a") == 6
    assert wrap("省份省份 ab", 4) == ["省份", "省份", "ab"]
    assert wrap("", 5) == [""]
    assert wrap("without_free_trade_zone", 20) == ["without_free_trade_", "zone"]
    assert wrap("abcdefgh", 5) == ["abcde", "fgh"]


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, "ascii", write_through=True), width=100, highlight=False)
    show(simulated(), console)
    text = raw.getvalue().decode("ascii")
    assert "=====" in text
    assert "-3641.121*" in text
