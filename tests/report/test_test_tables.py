"""Tables of tests: the printed layouts, their CSV and JSON, the difference beside a split model, the scorecard."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.engine.testing import grunfeld as g

from carbonspec.report.compose.study import compose_table, compose_tests
from carbonspec.report.document import TEST, Table
from carbonspec.report.renderers import csv as as_csv
from carbonspec.report.renderers import json as as_json
from carbonspec.report.renderers.terminal import plain_table
from carbonspec.report.scorecard import MATCH, scorecard

LINES = """var invest "Investment"
test roots: unitroot(invest, value) using llc, fisher_adf, cips lags 1
test cause: granger(value -> invest, invest -> value) bootstrap 50
test h: hausman(m)
test ser: serial(m)
test v: vif(pooled)
test gap: difference(small.value) permute 100
test shown "By its label": effects(m)
test dependence(m)
table 1 "Roots": roots
  published "roots.csv"
table 2 "Cause": cause
  published "cause.csv"
table 3 "Battery": h, ser
table 4 "Inflation": v
table 5 "Groups": small, gap
table 6 "The difference alone": gap
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> g.cs.api.Any:
    folder = tmp_path_factory.mktemp("tables")
    roots = "variable,test,statistic,p_value,name\ninvest,LLC,2.205,0.986,\nInvestment,Fisher-ADF,-0.969,0.83,Pm\n"
    (folder / "roots.csv").write_text(roots + "value,Fisher-ADF,38.849,0.01,\n", encoding="utf-8")
    (folder / "cause.csv").write_text(
        "statistic,value,p_value\nlag order,1,\nW-bar,3.023,\nZ-bar,4.6,0.000\n", encoding="utf-8"
    )
    return g.run(folder, LINES)


def table(run: g.cs.api.Any, number: str) -> Table:
    (spec,) = (t for t in run.spec.tables if t.number == number)
    (made,) = compose_table(run, spec)
    return made


def lines(made: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv.render_table(made))))


def test_unit_roots_by_variable(run: g.cs.api.Any) -> None:
    made = table(run, "1")
    assert made.kind == TEST
    assert [[row.label for row in group] for group in made.groups] == [
        ["Investment", *[""] * 5], ["value", *[""] * 5]
    ]  # fmt: skip
    assert [row.cells[0].text for row in made.groups[0]] == ["LLC", "Fisher-ADF", "", "", "", "CIPS"]
    assert made.groups[0][-1].cells[3].text == "0.05 to 0.1"
    rows = lines(made)
    assert list(rows[0])[:4] == ["variable", "test", "statistic", "p_value"]
    assert float(rows[0]["statistic"]) == pytest.approx(2.204936, abs=1e-6)
    assert [row["default"] for row in rows[:6]] == ["yes", "yes", "no", "no", "no", "yes"]
    note = " ".join(made.notes)
    assert "outside the table of adjustments" in note
    assert "rejected far too often" in note
    assert "H0: all series have a unit root." in note


def test_granger_has_two_columns_a_direction(run: g.cs.api.Any) -> None:
    made = table(run, "2")
    assert [heading.text for heading in made.spans[0]] == ["value → Investment", "Investment → value"]
    labels = [row.label for row in made.groups[0]]
    assert labels[:3] == ["Lag order", "W-bar", "Z-bar"]
    assert {"Z-bar, bootstrap p", "Z-bar tilde, bootstrap p"} <= set(labels)
    rows = lines(made)
    assert {(row["cause"], row["outcome"]) for row in rows} == {("value", "invest"), ("invest", "value")}
    assert float(rows[1]["value"]) == pytest.approx(3.289600, abs=1e-6)


def test_the_scorecard_reads_both_layouts(run: g.cs.api.Any) -> None:
    first, second = scorecard(run).tables
    assert [figure.outcome for figure in first.figures] == [MATCH] * 6
    assert [(f.term, f.column, f.outcome == MATCH) for f in second.figures] == [
        ("lag order", "value", True), ("W-bar", "value", True), ("Z-bar", "value", False), ("Z-bar", "p_value", True)
    ]  # fmt: skip


def test_several_tests_are_one_table(run: g.cs.api.Any) -> None:
    made = table(run, "3")
    assert [len(group) for group in made.groups] == [4, 1]
    assert {row["name"] for row in lines(made)} == {"h", "ser"}
    assert "Test" in plain_table(made)


def test_inflation_has_no_null(run: g.cs.api.Any) -> None:
    made = table(run, "4")
    assert [column.heading for column in made.columns] == ["VIF", "1/VIF"]
    assert not any(note.startswith("H0") for note in made.notes)


def test_a_difference_is_a_column_beside_its_model(run: g.cs.api.Any) -> None:
    made = table(run, "5")
    assert [column.heading for column in made.columns] == ["(1)", "(2)", "Difference"]
    value = next(row for row in made.groups[0] if row.name == "value").cells[2]
    capital = next(row for row in made.groups[0] if row.name == "capital").cells[2]
    assert value.value == pytest.approx(0.032236, abs=1e-6)
    assert value.below_value == pytest.approx(0.030285, abs=1e-6)
    assert capital.text == ""
    note = " ".join(made.notes)
    assert "all 252 splits of 10 units): value 0.690" in note
    assert "large = 1 less large = 0" in note
    assert "clustered by firm" in note
    assert [row["column"] for row in lines(made) if row["term"] == "value"] == ["1", "2", "Difference"]


def test_alone_it_is_a_table_of_its_own(run: g.cs.api.Any) -> None:
    made = table(run, "6")
    assert made.kind == TEST
    assert [c.heading for c in made.columns] == ["", "Estimate", "Std. error", "Statistic", "df", "p", "Units"]


def test_panels_of_a_wide_table_repeat_the_labels(run: g.cs.api.Any) -> None:
    text = plain_table(table(run, "6"), 50)
    panels = text.split("Table 6, continued")
    assert len(panels) > 1
    assert all("value: t" in panel for panel in panels)
    assert "Estimate" in panels[0]
    assert "Estimate" not in panels[1]


def test_the_unit_has_its_own_name(run: g.cs.api.Any) -> None:
    made = next(table for table in compose_tests(run) if table.title == "By its label")
    assert made.groups[0][0].cells[0].text == "F(firm)"
    assert "H0 of F test of effects: the effects of firm are all equal." in made.notes


def test_what_no_table_prints_is_printed_after_them(run: g.cs.api.Any) -> None:
    assert [made.title for made in compose_tests(run)] == ["By its label", "dependence(m)"]


def test_json_has_every_number(run: g.cs.api.Any) -> None:
    tests = {test["name"]: test for test in json.loads(as_json.render(run))["tests"]}
    assert set(tests) == {"roots", "cause", "h", "ser", "v", "gap", "shown", "dependence(m)"}
    first = tests["roots"]["rows"][0]
    assert first["row"] == {"variable": "invest", "test": "llc", "statistic": "t"}
    assert first["details"]["sigma*"] == pytest.approx(0.919)
    assert len(tests["roots"]["by_unit"]["llc of invest"]["units"]) == 10
    assert len(tests["cause"]["draws"]["value -> invest, Z-tilde, bootstrap"]) == 50
    assert len(tests["gap"]["draws"]["by permutation, value"]) == 252


def test_every_format_is_written(tmp_path: Path) -> None:
    path = tmp_path / "g.cspec"
    text = g.WHOLE + LINES.replace('  published "roots.csv"\n', "").replace('  published "cause.csv"\n', "")
    path.write_text(text, encoding="utf-8")
    g.cs.run(path, out=tmp_path / "out", write=True)
    tables = tmp_path / "out" / "g" / "tables"
    for ending in ("csv", "md", "tex"):
        for number in range(1, 7):
            written = (tables / f"table_{number:02}.{ending}").read_text(encoding="utf-8")
            assert "nan" not in written.lower().replace("governance", "")
    assert "By its label" in (tmp_path / "out" / "g" / "report.html").read_text(encoding="utf-8")
