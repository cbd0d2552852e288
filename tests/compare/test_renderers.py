"""What is printed, held by golden files in the three formats (`pytest --update-golden` rewrites them)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.compare.comparing import STUDY, changes, edited

from carbonspec.compare.changes import Changes, DataChange, Output
from carbonspec.compare.movement import ColumnMove, ModelMove, Movement, TermMove, Value, VerdictMove
from carbonspec.compare.renderers import json as as_json
from carbonspec.compare.renderers import markdown, terminal
from carbonspec.compare.renderers.terminal import columns

GOLDEN = Path(__file__).parents[1] / "golden" / "diff"
EDITS = (
    ('"Growth"\n  se cluster(id)', '"Growth, again"\n  se iid'),
    ("a + b + c\n", "a + b\n"),
    ("fe(id, year)", "fe(id)"),
    ("base where year <= 2018", "base where year <= 2017 se hc1"),
    ("model alone: y ~ share\n", 'model later: y ~ share\nvar lz "Log *z*" = log(z)\n'),
    ('H1 "x helps"', 'H1 "x | y"'),
    ("table 3", "table 4"),
    ("summary(y, share)", "summary(y)"),
)
MOVEMENT = Movement(
    (
        ModelMove(
            "base",
            ("2", "3"),
            (
                ColumnMove(
                    5,
                    4,
                    270,
                    210,
                    "iid",
                    "cluster(id)",
                    (
                        TermMove("Open", Value(-3641.121, 1500.2, "*"), Value(-4015.4, 1490.1, "**")),
                        TermMove("D.lx:z", Value(0.00012, 0.0001, ""), None),
                        TermMove("Constant", Value(1.0, 1.0, ""), Value(2.0, 1.0, "**")),
                    ),
                ),
                ColumnMove(1, 0, 270, None, "iid", ""),
                ColumnMove(2, 2, 270, None, "iid", "", split="coastal = Inland", failure="failed: singular"),
            ),
            "sample −60 rows (270 → 210), SE from iid to cluster(id), Open from −3641 to −4015 in column 4, "
            "1 star gained (Open), 1 column gone",
        ),
    ),
    (VerdictMove("H1", "supported", "unsupported", True), VerdictMove("expect m.N = 270", "met", "missed (210)", True)),
    ("Table 3: 4 of 54 numbers moved",),
    3,
    "made by a program",
)


def rich() -> Changes:
    found = edited(*EDITS)
    assert found.understood
    data = DataChange("firms", ("data/firms.csv",), "estimates", (Output("table", "2", "numbers"),))
    return found.replace(data=(data,), notes=("not in HEAD, so the work tree's was read: data/w.csv",))


def shown(name: str) -> str:
    both = [(rich(), MOVEMENT), (changes(STUDY, STUDY), None)]
    if name.endswith(".md"):
        return markdown.render_all(both)
    if name.endswith(".json"):
        return as_json.render_all(both)
    return terminal.render_all(both, width=80, colour=False)


@pytest.mark.parametrize("name", ["changes.txt", "changes.md", "changes.json"])
def test_the_three_formats(name: str, request: pytest.FixtureRequest) -> None:
    path = GOLDEN / name
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown(name), encoding="utf-8")
    assert shown(name) == path.read_text(encoding="utf-8")


def test_a_terminal_of_80_columns_is_wide_enough() -> None:
    assert max(columns(line) for line in shown("changes.txt").splitlines()) <= 80


def test_colours_add_nothing_but_colours() -> None:
    import re

    plain = terminal.render(rich(), movement=MOVEMENT)
    coloured = terminal.render(rich(), movement=MOVEMENT, colour=True)
    assert coloured != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_markdown_tables_have_as_many_cells_in_every_row() -> None:
    import re

    rows = [line for line in markdown.render(rich(), MOVEMENT).splitlines() if line.startswith("|")]
    counts = [len(re.findall(r"(?<!\\)\|", row)) - 1 for row in rows]
    assert set(counts) == {4, 6}


def test_json_is_json() -> None:
    content = json.loads(shown("changes.json"))
    assert content["format"] == 1
    assert [spec["understood"] for spec in content["specs"]] == [True, True]
    assert content["specs"][0]["results"]["verdicts"][0]["flipped"] is True
