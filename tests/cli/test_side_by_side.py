"""Several specs in one run: shared work, one table, and one that fails stops no other."""

import csv
import json
from pathlib import Path

import pytest
from tests.cli.test_run import SPEC, frame

import carbonspec as cs
from carbonspec.cli import main
from carbonspec.engine import read


def variant(**changes):
    text = SPEC
    for before, after in changes.values():
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame().to_csv("firms.csv", index=False)
    Path("paper.cspec").write_text(SPEC, encoding="utf-8")
    iid = variant(se=("\ndata firms", "\n  se iid\n\ndata firms"))
    early = variant(
        where=("  time year\n", "  time year\n  where year <= 2004\n"), n=("main[1].N = 60", "main[1].N = 48")
    )
    Path("iid.cspec").write_text(iid, encoding="utf-8")
    Path("early.cspec").write_text(early, encoding="utf-8")
    return tmp_path


def numbers(path="out/comparison.json"):
    return json.loads(Path(path).read_text(encoding="utf-8"))["numbers"]


def test_one_table_of_the_hypotheses(folder, capsys):
    assert main(["run", "paper.cspec", "iid.cspec", "early.cspec"]) == 0
    shown = capsys.readouterr().out
    assert "H1 Size pays" in shown
    assert shown.count("supported") == 3
    assert "cluster(id) in paper, early; iid in iid" in shown
    found = numbers()
    assert [n["spec"] for n in found] == ["paper", "iid", "early"]
    assert [n["n"] for n in found] == [60, 60, 48]
    assert found[0]["estimate"] == found[1]["estimate"] != found[2]["estimate"]
    assert found[0]["std_error"] != found[1]["std_error"]
    for name in ("paper", "iid", "early"):
        alone = cs.run(f"{name}.cspec")["main"].tidy()
        row = alone[(alone.column == 2) & (alone.term == "size")].iloc[0]
        here = next(n for n in found if n["spec"] == name)
        assert (here["estimate"], here["std_error"], here["p_value"]) == (row.estimate, row.std_error, row.p_value)
    assert {p.name for p in Path("out").glob("comparison.*")} == {
        f"comparison.{e}" for e in ["html", "md", "tex", "csv", "json"]
    }
    with Path("out/comparison.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["estimate"]) for row in rows] == [n["estimate"] for n in found]
    assert all((Path("out") / name / "report.html").exists() for name in ("paper", "iid", "early"))


def test_shared_work_is_done_once(folder, monkeypatch):
    opened = []
    real = read.read_file
    monkeypatch.setattr(read, "read_file", lambda file, table: opened.append(file.name) or real(file, table))
    together = cs.run_all(["paper.cspec", "iid.cspec", "early.cspec"])
    assert opened == ["firms.csv"]
    assert together["paper"].run.provenance.tasks_run == 4
    assert together["iid"].run.provenance.tasks_reused == 1  # its descriptives are the paper's
    again = cs.run_all(["early.cspec", "paper.cspec", "iid.cspec"])
    assert sum(again[name].run.provenance.tasks_run for name in again) == 0
    assert list(again) == ["early", "paper", "iid"]
    assert len(again.tidy()) == 3


def test_one_that_fails_stops_no_other_and_the_status_is_the_worst(folder, capsys):
    Path("wrong.cspec").write_text(SPEC.replace("profit ~ size", "profit ~ sise"), encoding="utf-8")
    Path("nodata.cspec").write_text(SPEC.replace("firms.csv", "gone.csv"), encoding="utf-8")
    Path("missed.cspec").write_text(SPEC.replace("N = 60", "N = 61"), encoding="utf-8")
    assert main(["run", "missed.cspec", "paper.cspec"]) == 1
    capsys.readouterr()
    assert main(["run", "paper.cspec", "wrong.cspec", "missed.cspec"]) == 2
    assert main(["run", "nodata.cspec", "wrong.cspec", "gone.cspec", "paper.cspec"]) == 3
    shown = capsys.readouterr()
    assert "expect main[1].N = 61: obtained 60" in shown.out
    assert "wrong.cspec: 1 error" in shown.err
    found = numbers()
    assert [bool(n["reason"]) for n in found] == [True, True, True, False]
    assert "not there" in shown.out
    assert "wrong: " in shown.out
    assert not Path("out/wrong").exists()


def test_what_is_compared_can_be_chosen(folder, capsys):
    chosen = "split_up[group = 1].size, main[1].N,H1"
    assert main(["run", "paper.cspec", "early.cspec", "--compare", chosen, "--compare", "main[1].size.p"]) == 0
    wanted = ["split_up[group = 1].size", "main[1].N", "main[2].size", "main[1].size.p"]
    assert [n["quantity"] for n in numbers()] == wanted * 2
    assert [n["estimate"] for n in numbers() if n["quantity"] == "main[1].N"] == [60, 48]
    assert "60" in capsys.readouterr().out
    other = SPEC.replace("csw0(debt)", "debt").replace("main[2]", "main[1]")
    Path("other.cspec").write_text(other, encoding="utf-8")
    assert main(["run", "paper.cspec", "other.cspec", "--compare", "main[2].debt"]) == 0
    assert [n["estimate"] is None for n in numbers()] == [False, True]
    assert "other: `main[2].debt` is not there" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "said"),
    [("main[1].sise", "E215"), ("main", "E327"), ("main.size", "E217"), ("H2", "E210"), ("1 +", "E1"), ("1", "E")],
)
def test_what_nothing_has_is_a_mistake_on_its_own_text(folder, capsys, asked, said):
    assert main(["run", "paper.cspec", "iid.cspec", "--compare", asked]) == 4
    err = capsys.readouterr().err
    assert f"error[{said}" in err
    assert f"1 | {asked}" in err
    assert not Path("out").exists()  # it is said before anything is estimated


def test_without_hypotheses_the_first_regressors_are_compared(folder):
    text = SPEC.replace('hypothesis H1 "Size pays": main[2].size > 0 at 5%\nexpect H1 = supported\n', "")
    for name in ("a", "b"):
        Path(f"{name}.cspec").write_text(text, encoding="utf-8")
    made = cs.run_all(["a.cspec", "b.cspec"])
    assert [s.quantities for s in made.subjects] == [("main[last].size",), ("split_up[last].size",)]
    assert made.tidy().estimate.notna().all()


def test_hypotheses_that_differ_are_said(folder):
    Path("other.cspec").write_text(
        SPEC.replace("main[2].size > 0", "main[1].size < 0").replace("expect H1 = supported\n", "")
    )
    made = cs.run_all(["paper.cspec", "other.cspec"])
    text = made.table().markdown()
    assert "H1 is not the same claim everywhere" in text
    assert list(made.tidy().verdict) == ["supported", "contradicted"]


def test_two_of_one_name_are_refused(folder, capsys):
    Path("more").mkdir()
    Path("more/paper.cspec").write_text(SPEC, encoding="utf-8")
    assert main(["run", "paper.cspec", "more/paper.cspec"]) == 4
    assert "E614" in capsys.readouterr().err
    assert main(["run", "paper.cspec", "paper.cspec"]) == 4
    assert not Path("out").exists()


def test_only_and_json_print_and_write_nothing(folder, capsys):
    assert main(["run", "paper.cspec", "iid.cspec", "--only", "H1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [s["ran"] for s in found["specs"]] == [True, True]
    assert not Path("out/comparison.html").exists()


def test_outputs_that_cannot_be_written_leave_the_table_on_the_screen(folder, capsys, monkeypatch):
    assert main(["run", "paper.cspec", "iid.cspec"]) == 0
    before = Path("out/comparison.html").read_bytes()

    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("carbonspec.engine.wholefile.replace_file", full)
    assert main(["run", "paper.cspec", "iid.cspec", "--compare", "main[1].N"]) == 1
    shown = capsys.readouterr()
    assert "E613" in shown.err
    assert "main[1].N" in shown.out
    assert Path("out/comparison.html").read_bytes() == before
