"""Measures and figures in the plan: what each needs, and which keys a change reaches."""

from __future__ import annotations

from tests.lang.resolve.studies import CATALOGUE

from carbonspec.lang.parse import parse
from carbonspec.lang.resolve.study import resolve
from carbonspec.lang.spec import Spec
from carbonspec.planner.lower import lower
from carbonspec.planner.select import names, select
from carbonspec.planner.show import outline
from carbonspec.source import Source

TEXT = """data firms from "firms.csv"
data customs from "customs.parquet"
data broda from "broda.csv"
data factors from "factors.csv"
data energy from "energy.csv"
panel firms
  id firm
  time year
  join customs on firm, year
  join energy on firm, year
measure Ce "Emissions" = emissions(energy)
  factors factors
  fuel peat unit "t"
measure Quality = quality(customs)
  product hs6
  quantity kg
  value usd
  sigma broda.sigma on hs6
measure Open "Opening" = index(equal)
  group A "Scale" = x + K
measure K = stock(z)
  growth 5%
  depreciation 15%
winsorize Ce, K at 1%, 99%
model m: Ce ~ Open
model other: y ~ Quality
table 1: m
table 2: weights(Open)
figure 1 "Map": map(Open) at 2012
figure 2: trend(y) by coastal
var coastal "Coastal" levels 0 "Inland", 1 "Coastal"
"""
TABLES = ("firms", "customs", "broda", "factors", "energy")


def spec(text: str = TEXT) -> Spec:
    parsed = parse(Source("s.cspec", text))
    found = resolve(parsed.value, CATALOGUE, dict.fromkeys(TABLES))
    assert found.ok, [(d.code, d.message) for d in found.diagnostics]
    return found.value


def keys(text: str, files: dict[str, str] | None = None, shapes: str = "") -> dict[str, str]:
    given = {name: ((name, (files or {}).get(name, "1")),) for name in TABLES}
    return {task.name: task.key for task in lower(spec(text), given, "1", {"a.geojson": shapes}).tasks}


def changed(text: str, **files: str) -> set[str]:
    """The stored results that a change reaches."""
    before, after = keys(TEXT), keys(text, files)
    kinds = ("estimate", "measure", "figure", "draw", "describe")
    return {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name) and name.startswith(kinds)
    }


def test_a_measure_reads_its_tables_and_columns() -> None:
    tasks = lower(spec(), {}, "1").named()
    assert set(tasks["column Ce"].inputs) == {"panel", "read factors"}
    assert set(tasks["column Quality"].inputs) == {"panel", "read broda"}
    assert set(tasks["column Open"].inputs) == {"panel", "column K"}
    assert tasks["measure Open"].inputs == ("column Open",)
    assert tasks["draw figure 1"].inputs == ("figure 1",)
    assert tasks["table 2"].inputs == ("measure Open",)
    assert {f"column {name}" for name in ("Ce", "Quality", "Open", "K")} <= set(tasks["check"].inputs)
    done: set[str] = set()
    for name, task in tasks.items():
        assert done.issuperset(task.inputs), name
        done.add(name)


def test_a_clause_reaches_what_the_measure_is_used_in() -> None:
    reached = changed(TEXT.replace("growth 5%", "growth 6%"))
    assert reached == {"measure K", "measure Open", "estimate m[1]", "figure 1", "draw figure 1"}


def test_a_table_reaches_the_measure_that_reads_it() -> None:
    assert {"measure Quality", "estimate other[1]"} <= changed(TEXT, broda="2")
    assert "estimate m[1]" not in changed(TEXT, broda="2")
    assert {"measure Ce", "estimate m[1]"} <= changed(TEXT, factors="2")


def test_labels_reach_reports_and_drawings_only() -> None:
    assert changed(TEXT.replace('"Scale"', '"Size"')) == {"measure Open"}
    assert changed(TEXT.replace('"Inland"', '"Interior"')) == {"draw figure 2"}
    assert changed(TEXT.replace('figure 1 "Map"', 'figure 1 "A map"')) == {"draw figure 1"}
    text = TEXT.replace("map(Open) at 2012", 'map(Open) at 2012 shapes "a.geojson"')
    before, after = keys(text, shapes="1"), keys(text, shapes="2")
    assert {name for name in before if before[name] != after[name]} == {"draw figure 1"}


def test_a_panel_that_reads_a_measure_reads_its_tables_first() -> None:
    tasks = lower(
        spec(TEXT.replace("on firm, year\nmeasure", "on firm, year\n  where Ce > 0\nmeasure")), {}, "1"
    ).named()
    assert "read factors" in tasks["panel"].inputs


def test_a_part_of_a_study_leaves_other_measures_alone() -> None:
    study = spec()
    assert "figure 1" in names(study)
    part = select(study, ["figure 1"])
    assert [measure.name for measure in part.measures] == ["Open", "K"]
    assert [w.variables for w in part.winsorizing] == [("K",)]
    assert [figure.number for figure in part.figures] == ["1"]
    assert [measure.name for measure in select(study, ["other"]).measures] == ["Quality"]


def test_the_plan_is_printed_with_measures_and_figures() -> None:
    text = outline(lower(spec(), {}, "1"))
    for heading in ("Measures (4)", "Figures (2)", "Draw (2)"):
        assert heading in text


PARTS = (
    TEXT.replace(
        '  fuel peat unit "t"\n',
        '  fuel peat unit "t"\n  electricity kwh unit "kWh" factor broda.ef on grid, year kind average\n'
        '  add lime "Lime"\n  add slag "Slag"\n',
    )
    + "winsorize Ce.Lime at 1%, 99%\nmodel parts: y ~ Ce.Lime + Ce.Slag\nmodel power: y ~ Ce.electricity\n"
)


def parts_changed(text: str, **files: str) -> set[str]:
    before, after = keys(PARTS), keys(text, files)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_a_component_needs_its_measure_but_not_its_limits() -> None:
    tasks = lower(spec(PARTS), {}, "1").named()
    assert set(tasks["column Ce.Lime"].inputs) == {"panel", "read factors", "read broda"}
    reached = parts_changed(PARTS.replace("winsorize Ce, K at 1%, 99%", "winsorize Ce, K at 2%, 98%"))
    assert "estimate m[1]" in reached
    assert not {"column Ce.Lime", "estimate parts[1]", "estimate power[1]"} & reached
    reached = parts_changed(PARTS.replace("winsorize Ce.Lime at 1%, 99%", "winsorize Ce.Lime at 5%, 95%"))
    assert "estimate parts[1]" in reached
    assert not {"column Ce", "estimate m[1]", "estimate power[1]", "measure Ce"} & reached
    assert {"estimate parts[1]", "estimate power[1]", "estimate m[1]"} <= parts_changed(PARTS, factors="2")


def test_labels_that_change_places_change_the_component() -> None:
    turned = PARTS.replace('add lime "Lime"', 'add lime "x"').replace('"Slag"', '"Lime"').replace('"x"', '"Slag"')
    reached = parts_changed(turned)
    assert "estimate parts[1]" in reached
    assert "estimate m[1]" not in reached


def test_a_part_of_a_study_keeps_the_measure_behind_a_component() -> None:
    part = select(spec(PARTS), ["power"])
    assert [measure.name for measure in part.measures] == ["Ce"]
    assert {v.name for v in part.variables} >= {"Ce.electricity"}
    part = select(spec(PARTS), ["other"])
    assert [measure.name for measure in part.measures] == ["Quality"]
    assert not any("." in v.name for v in part.variables)
    assert part.winsorizing == ()


def test_charts_of_several_variables_carry_their_units() -> None:
    text = TEXT.replace("trend(y) by coastal", "trend(K, Ce.peat, Ce)") + 'var z "Spending" unit "yuan"\n'
    text = text.replace("measure K = stock(z)\n", 'measure K "Capital" = stock(z)\n  unit "10^8 yuan"\n')
    titles = lower(spec(text), {}, "1").named()["draw figure 2"].payload.titles
    assert titles == (("K", "Capital (10^8 yuan)"), ("Ce.peat", "Ce.peat (10^4 t)"), ("Ce", "Emissions (10^4 t)"))
    one = lower(spec(text.replace("trend(K, Ce.peat, Ce)", "trend(K)")), {}, "1").named()["draw figure 2"].payload
    assert (one.label, one.unit, one.titles) == ("Capital", "10^8 yuan", (("K", "Capital"),))
