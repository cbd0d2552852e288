"""Diagnostics as text: the exact place, also with wide characters, several places, several lines."""

from __future__ import annotations

import json as standard_json

from carbonspec.diagnostics.model import ERROR, NOTE, Diagnostic, Related
from carbonspec.diagnostics.renderers import concise, full, json
from carbonspec.source import Source, Span

TEXT = 'var 开放度 = 进出口 / gdp\nvar b = a\n  unit "t"\n  levels 1\n  more 2\nlast\n'
SOURCE = Source("study.cspec", TEXT)


def span(text: str, source: Source = SOURCE) -> Span:
    start = source.text.index(text)
    return Span(source, start, start + len(text))


def test_the_example_of_the_language() -> None:
    source = Source("paper.cspec", "\n" * 40 + "model benchmark: Ce ~ Opne + Rpc | fe(id, year)\n")
    helps = ("did you mean `Open` (measure, declared on line 27)?",)
    found = Diagnostic("E210", ERROR, "no variable called `Opne`", span("Opne", source), helps)
    assert full.render((found,)) == (
        "error[E210]: no variable called `Opne`\n"
        "  --> paper.cspec:41:23\n"
        "   41 | model benchmark: Ce ~ Opne + Rpc | fe(id, year)\n"
        "      |                       ^^^^\n"
        "   help: did you mean `Open` (measure, declared on line 27)?\n\n"
    )


def test_wide_characters_take_two_columns() -> None:
    lines = full.render((Diagnostic("E1", ERROR, "m", span("进出口")),)).splitlines()
    assert lines[3] == "      | " + " " * len("var ") + "  " * 3 + "   " + "^^" * 3
    assert full.width("省a") == 3
    assert full.width("é") == 1  # e and a combining accent


def test_places_stand_in_the_order_of_the_file() -> None:
    related = (Related(span("开放度"), "first declared here"),)
    lines = full.render((Diagnostic("E1", ERROR, "m", span("b"), (), related),)).splitlines()
    assert [line.split(" | ")[0].strip() for line in lines[2:]] == ["1", "", "2", "", ""]
    assert lines[3].endswith("------ first declared here")
    assert lines[5].endswith("    ^")


def test_two_places_on_one_line_share_it() -> None:
    related = (Related(span("开放度"), "here"),)
    lines = full.render((Diagnostic("E1", ERROR, "m", span("gdp"), (), related),)).splitlines()
    assert lines[2].strip() == "1 | var 开放度 = 进出口 / gdp"
    assert lines[3] == "      |     ------            ^^^"
    assert lines[4] == "      |     here"


def test_several_lines() -> None:
    three = full.render((Diagnostic("E1", ERROR, "m", span('var b = a\n  unit "t"\n  levels 1')),))
    assert [line.count("^") for line in three.splitlines()[3:8:2]] == [9, 8, 8]
    four = full.render((Diagnostic("E1", ERROR, "m", span('var b = a\n  unit "t"\n  levels 1\n  more 2')),))
    assert "…" in four
    assert "unit" not in four
    assert "more 2" in four


def test_a_place_in_another_file() -> None:
    other = Source("base.cspec", "var b = 1\n")
    related = (Related(span("b", other), "first declared here"),)
    text = full.render((Diagnostic("E1", ERROR, "m", span("b"), (), related),))
    assert "  ::: base.cspec:1:5\n    1 | var b = 1\n      |     - first declared here\n" in text


def test_long_lines_are_cut_around_the_place() -> None:
    source = Source("s.cspec", "x + " * 100 + "HERE + " + "y + " * 100)
    lines = full.render((Diagnostic("E1", ERROR, "m", span("HERE", source)),)).splitlines()
    assert len(lines[2]) < 180
    place = lines[3].index("^")
    assert lines[2][place : place + 4] == "HERE"


def test_control_characters_do_not_reach_the_terminal() -> None:
    source = Source("s.cspec", "model \x1b[31mred\n")
    text = full.render((Diagnostic("E1", ERROR, "m", span("model", source)),))
    assert "\x1b" not in text


def test_without_a_place() -> None:
    assert full.render((Diagnostic("E601", ERROR, "cannot read `x`", None, ("look",)),)) == (
        "error[E601]: cannot read `x`\n   help: look\n\n"
    )
    assert concise.render((Diagnostic("E601", ERROR, "cannot read `x`"),)) == "error[E601] cannot read `x`\n"


def test_facts_come_before_help() -> None:
    text = full.render((Diagnostic("E1", ERROR, "m", span("b"), ("fix",), (), ("fact 1", "fact 2")),))
    assert text.endswith("   = fact 1\n   = fact 2\n   help: fix\n\n")


def test_concise() -> None:
    found = Diagnostic("N241", NOTE, "hides", span("gdp"), ("a", "b"))
    assert concise.render((found,)) == "study.cspec:1:17: note[N241] hides (a; b)\n"


def test_json() -> None:
    found = Diagnostic("E1", ERROR, "进", span("gdp"), ("fix",), (Related(span("开放度"), "here"),), ("fact",))
    text = json.render((found, Diagnostic("E2", ERROR, "nowhere")))
    assert "进" in text
    first, second = standard_json.loads(text)
    assert first == {
        "code": "E1",
        "severity": "error",
        "message": "进",
        "place": {"file": "study.cspec", "line": 1, "column": 17, "end_line": 1, "end_column": 20},
        "help": ["fix"],
        "related": [
            {
                "message": "here",
                "place": {"file": "study.cspec", "line": 1, "column": 5, "end_line": 1, "end_column": 8},
            }
        ],
        "facts": ["fact"],
    }
    assert second["place"] is None
