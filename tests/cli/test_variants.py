"""Variants on the command line: run, check, plan, fmt, flatten."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.cli.test_run import SPEC, frame

import carbonspec as cs
from carbonspec import api
from carbonspec.cli import main

VARIANT = """\
# One more column.
extends "../small.cspec"

model more: main[2] + sales
table 3 "More": more
expect main[2].N = 60
"""


@pytest.fixture
def variant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for folder in (".git", "variants"):
        Path(folder).mkdir()
    frame().to_csv("firms.csv", index=False)
    Path("small.cspec").write_text(SPEC, encoding="utf-8")
    Path("variants/more.cspec").write_text(VARIANT, encoding="utf-8")
    return Path("variants/more.cspec")


def test_it_runs_from_any_folder_and_reports_both_files(variant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(variant)]) == 0
    results = json.loads(Path("out/more/results.json").read_text(encoding="utf-8"))
    assert results["provenance"]["spec"] == "more.cspec"
    assert [name for name, _ in results["provenance"]["extends"]] == ["../small.cspec"]
    assert results["provenance"]["data"][0]["name"] == "../firms.csv"
    assert "which extends" not in capsys.readouterr().out
    assert "../small.cspec" in Path("out/more/report.md").read_text(encoding="utf-8")
    os.chdir("variants")
    assert main(["run", "more.cspec", "--out", "../out2"]) == 0


def test_results_that_base_and_variant_share_are_computed_once(variant: Path) -> None:
    assert cs.run("small.cspec").run.provenance.tasks_run == 4
    facts = cs.run(variant).run.provenance
    assert (facts.tasks_run, facts.tasks_reused) == (1, 4)
    base, whole = (api.plan(api.check(path)).named() for path in ("small.cspec", str(variant)))
    same = [name for name, task in base.items() if name in whole and whole[name].key == task.key]
    assert set(base) - set(same) == {"check", "within 1"}  # these are of all models together
    assert whole["read firms"].payload != base["read firms"].payload


def test_what_is_overridden_is_estimated_anew_with_all_that_derives_from_it(variant: Path) -> None:
    cs.run("small.cspec")
    variant.write_text('extends "../small.cspec"\nmodel main: profit ~ size + csw0(sales) | fe(id, year)\n')
    facts = cs.run(variant).run
    assert (facts.provenance.tasks_run, facts.provenance.tasks_reused) == (2, 2)
    assert [c.regressors for c in facts.spec.models[1].columns] == [facts.spec.models[0].columns[1].regressors]


def test_warnings_about_data_find_their_line_in_the_base(variant: Path) -> None:
    data = frame()
    data["debt"] = 1.0
    data.to_csv("firms.csv", index=False)
    for run in (cs.run(variant).run, cs.run(variant).run):  # the second is restored from the store
        found = next(d for d in run.warnings if d.code == "W432")
        assert found.span is not None
        assert found.span.source.name == "small.cspec"
        assert "debt" in found.span.source.line(found.span.line)


def test_check_names_the_file_of_a_mistake(variant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variant.write_text('extends "../small.cspec"\nmodel main: profit ~ sizes | fe(id, year)\n')
    assert main(["check", "--json", str(variant)]) == 2
    found = json.loads(capsys.readouterr().out)
    first = next(d for d in found if d["code"] == "E210")
    assert first["place"]["file"] == str(variant)
    assert first["related"][0]["place"]["file"] == "small.cspec"
    variant.write_text('extends "../small.cspec"\nmodel main: profit ~ size | fe(id, year)\n')
    assert main(["check", "--json", str(variant)]) == 2
    beyond = next(d for d in json.loads(capsys.readouterr().out) if d["code"] == "E216")
    assert beyond["place"]["file"] == "small.cspec"
    assert main(["check", "--show", "spec", "small.cspec"]) == 0


def test_check_shows_the_whole_study(variant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--show", "spec", str(variant)]) == 0
    shown = capsys.readouterr().out
    assert "'more'" in shown
    assert "'split_up'" in shown
    assert "../firms.csv" in shown


def test_what_is_said_of_the_base_is_said_once(variant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.cspec").write_text(
        SPEC + "let spare = sales\nmodel wide: profit ~ size | fe(id, year) se iid\ntable 9: wide\n"
    )
    Path("variants/other.cspec").write_text('extends "../small.cspec"\nwithout table 2\n')
    assert main(["check", "small.cspec", str(variant), "variants/other.cspec"]) == 0
    printed = capsys.readouterr()
    assert printed.err.count("W702") == 1
    assert "variants/other.cspec: 1 warning (1 shown above)" in printed.out
    assert main(["check", "--json", "small.cspec", str(variant)]) == 0
    assert capsys.readouterr().out.count("W702") == 2


def test_plan_of_a_variant(variant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(variant)]) == 0
    assert "more[1]" in capsys.readouterr().out


def test_fmt_touches_the_variants_own_text_alone(variant: Path) -> None:
    variant.write_text(VARIANT.replace("main[2] + sales", "main[2]+sales"))
    before = Path("small.cspec").read_bytes()
    assert main(["fmt", "--check", str(variant)]) == 1
    assert main(["fmt", str(variant)]) == 0
    assert variant.read_text() == VARIANT
    assert Path("small.cspec").read_bytes() == before


def test_flatten_prints_and_writes(variant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flatten", str(variant)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith('# One more column.\n\nstudy "Small"\n')
    assert 'from "../firms.csv"' in printed
    assert main(["flatten", str(variant), "-o", "whole.cspec"]) == 0
    assert 'from "firms.csv"' in Path("whole.cspec").read_text()
    assert main(["flatten", str(variant), "-o", "whole.cspec"]) == 1
    assert main(["flatten", str(variant), "-o", "whole.cspec", "--force"]) == 0
    cs.run(variant)
    facts = cs.run("whole.cspec").run.provenance
    assert (facts.tasks_run, facts.tasks_reused) == (0, 5)


def test_flatten_with_mistakes_writes_nothing(variant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variant.write_text('extends "../small.cspec"\nwithout maine\n')
    assert main(["flatten", str(variant), "-o", "whole.cspec"]) == 2
    assert not Path("whole.cspec").exists()
    assert "did you mean `main`?" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["nowhere/whole.cspec", "whole.txt", "variants"])
def test_flatten_writes_specs_into_folders_that_exist(
    variant: Path, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    assert main(["flatten", str(variant), "-o", out]) == 1
    assert "E622" in capsys.readouterr().err


def test_a_flattened_variant_in_its_folder_needs_the_flag(variant: Path) -> None:
    assert main(["flatten", str(variant), "-o", "variants/whole.cspec"]) == 0
    assert main(["check", "variants/whole.cspec"]) == 2
    assert main(["check", "--allow", ".", "variants/whole.cspec"]) == 0
