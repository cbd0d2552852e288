"""After a change of the paper's spec only what it reaches runs again: counted on the plan, without running anything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from carbonspec import api
from carbonspec.planner.reasons import Done, Past, Reason, reasons
from carbonspec.planner.task import STORED, Plan

PAPER = "paper.cspec"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, specs: Path) -> Path:
    place = tmp_path_factory.mktemp("specs")
    shutil.copytree(specs, place, dirs_exist_ok=True)
    return place


def planned(folder: Path, name: str, text: str) -> Plan:
    (folder / name).write_text(text, encoding="utf-8")
    study = api.check(str(folder / name))
    assert study.ok, study.diagnostics
    return api.plan(study)


def after(folder: Path, *changes: tuple[str, str], name: str = "changed.cspec") -> dict[str, Reason]:
    """The reasons of the changed paper, after a whole run of the paper as it is."""
    text = (folder / PAPER).read_text(encoding="utf-8")
    before = planned(folder, PAPER, text)
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    plan = planned(folder, name, text)
    past = Past(before.engine, {t.name: Done(t.key, t.definition, t.files) for t in before.tasks})
    known = {task.key: STORED for task in before.tasks if task.stored}
    return {reason.task.name: reason for reason in reasons(plan, known, past)}


def running(found: dict[str, Reason]) -> set[str]:
    return {name for name, reason in found.items() if reason.runs and reason.task.stored}


def test_an_unchanged_spec_runs_nothing(folder: Path) -> None:
    assert running(after(folder)) == set()


def estimates(found: dict[str, Reason], model: str) -> set[int]:
    """The columns of a model that run."""
    prefix = f"estimate {model}["
    return {int(name[len(prefix) : -1]) for name in running(found) if name.startswith(prefix)}


def test_a_control_of_one_model_reaches_its_columns_alone(folder: Path) -> None:
    found = after(folder, ("model to_2018: benchmark where", "model to_2018: benchmark - Rpc where"))
    assert estimates(found, "to_2018") == {1, 2, 3, 4, 5}
    others = {name for name in running(found) if not name.startswith("estimate to_2018[")}
    assert others == {"check to_2018"}
    made = {name for name, reason in found.items() if reason.runs and name.startswith("column ")}
    assert made == {f"column {name}" for name in ("Ce", "Open", "Ei", "Fin", "Gdp", "Ind")}  # no customs records
    assert {found[f"estimate to_2018[{i}]"].cause for i in range(1, 6)} == {"its definition changed"}


def test_a_control_of_the_benchmark_reaches_what_is_derived_from_it(folder: Path) -> None:
    found = after(folder, ("csw0(Ei, Fin, Gdp, Ind)", "csw0(Ei, Fin, Gdp, log(Ind))"))
    assert estimates(found, "benchmark") == estimates(found, "to_2018") == {5}
    assert estimates(found, "by_coast") == estimates(found, "by_belt") == {1}
    assert not any(name.startswith(("measure", "figure", "draw", "describe")) for name in running(found))


def test_a_variable_reaches_what_reads_it_and_the_root_is_named(folder: Path) -> None:
    old = 'var Fin "Financial strength" = budget_expenditure / gdp'
    found = after(folder, (old, old.removesuffix(" / gdp")))
    assert estimates(found, "benchmark") == estimates(found, "to_2018") == {3, 4, 5}
    assert "describe table 3[1]" in running(found)
    assert "mediate via_tech" in running(found)
    figures = {name for name in running(found) if name.startswith(("figure", "draw"))}
    assert figures == {"figure 1", "draw figure 1"}  # the paths of three mediations, which control for it
    assert not any(name.startswith("measure") for name in running(found))
    assert found["estimate by_belt[1]"].text == "an input changed: column Fin (definition changed)"


def test_standard_errors_of_one_model_reach_its_estimates_and_nothing_else(folder: Path) -> None:
    found = after(folder, ("benchmark where year <= 2018", "benchmark se iid where year <= 2018"))
    assert running(found) == {f"estimate to_2018[{i}]" for i in range(1, 6)} | {"check to_2018"}


@pytest.mark.parametrize(
    "change",
    [
        ('var Rpc "Regional production capacity"', 'var Rpc "Capacity"'),
        ('unit "kgce/yuan"', 'unit "kgce per yuan"'),
        ('levels 0 "Non-coastal", 1 "Coastal"', 'levels 0 "Inland", 1 "Coast"'),
        ("  parentheses t #", "  digits 4\n  parentheses t #"),
        ('table 5 "Benchmark model"', 'table 5 "Main results"'),
        ('hypothesis H1 "Opening up reduces emissions"', 'hypothesis H1 "H1"'),
        (" at 10%\n", " at 5%\n"),
        ("within 0.5%", "within 0.4%"),
        ('  published "published/table_05_benchmark.csv"\n', ""),
        ("# --- claims", "# claims"),
        ('study "Does China still need to deepen its opening up?"', 'study "Another title"'),
        ("table 6 ", "table 60 "),
    ],
    ids=lambda change: change[1].strip()[:30],
)
def test_labels_digits_and_layout_reach_nothing(folder: Path, change: tuple[str, str]) -> None:
    assert running(after(folder, change)) == set()


@pytest.mark.parametrize("change", ["  parentheses p #", "  stars 5%, 1%\n  parentheses t #"])
def test_stars_and_parentheses_are_drawn_where_a_figure_has_them(folder: Path, change: str) -> None:
    assert running(after(folder, ("  parentheses t #", change))) == {"draw figure 1"}


def test_a_label_of_a_measure_is_drawn_and_told_anew_and_nothing_is_estimated(folder: Path) -> None:
    found = after(folder, ('measure Open "Level of opening up"', 'measure Open "Openness"'))
    assert {name.split()[0] for name in running(found)} == {"check", "measure", "draw"}


def test_a_changed_file_reaches_what_stands_on_it(folder: Path) -> None:
    path = folder / "data" / "broda_weinstein.csv"
    before = path.read_bytes()
    plan = planned(folder, PAPER, (folder / PAPER).read_text(encoding="utf-8"))
    past = Past(plan.engine, {t.name: Done(t.key, t.definition, t.files) for t in plan.tasks})
    known = {task.key: STORED for task in plan.tasks if task.stored}
    try:
        path.write_bytes(before + b"\n")
        changed = planned(folder, PAPER, (folder / PAPER).read_text(encoding="utf-8"))
    finally:
        path.write_bytes(before)
    found = {reason.task.name: reason for reason in reasons(changed, known, past)}
    assert found["read provinces"].detail != "data/broda_weinstein.csv"
    assert found["read broda"].text == "data file changed: data/broda_weinstein.csv"
    assert found["estimate benchmark[1]"].text == "data file changed: data/broda_weinstein.csv"


def test_a_moved_file_is_no_change_to_an_estimate(folder: Path) -> None:
    shutil.copy(folder / "data" / "provinces.csv", folder / "moved.csv")
    assert running(after(folder, ('from "data/provinces.csv"', 'from "moved.csv"'))) == {"check"}
