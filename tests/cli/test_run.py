"""The whole road: a spec and data in, tables and an exit status out."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import carbonspec as cs
from carbonspec.cli import main

SPEC = """\
study "Small"

data firms from "firms.csv"

panel firms
  id firm
  time year

var size "Size" = log(sales)
var group "Group" levels 0 "Private", 1 "State"

model main: profit ~ size + csw0(debt) | fe(id, year)
model split_up: main[2] split group

hypothesis H1 "Size pays": main[2].size > 0 at 5%
expect H1 = supported
expect main[1].N = 60

table 1 "Profit": main, split_up
table 2 "Descriptives": summary(profit, size)
"""


def frame():
    rng = np.random.default_rng(7)
    firm, year = np.repeat(np.arange(12), 5), np.tile(np.arange(2001, 2006), 12)
    sales = np.exp(rng.normal(3, 1, 60))
    debt = rng.uniform(0, 1, 60)
    profit = 2 * np.log(sales) - debt + 0.3 * firm + rng.normal(0, 0.5, 60)
    return pd.DataFrame(
        {"firm": firm, "year": year, "sales": sales, "debt": debt, "profit": profit, "group": (firm % 2)}
    )


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame().to_csv("firms.csv", index=False)
    Path("small.cspec").write_text(SPEC, encoding="utf-8")
    return Path("small.cspec")


def edit(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def counts(path):
    facts = cs.run(path).run.provenance
    return facts.tasks_run, facts.tasks_reused


def test_a_run_writes_everything_and_says_so(study, capsys):
    assert main(["run", str(study)]) == 0
    shown = capsys.readouterr()
    assert "Table 1. Profit" in shown.out
    assert "H1  supported" in shown.out
    written = {p.relative_to("out/small").as_posix() for p in Path("out/small").rglob("*") if p.is_file()}
    assert {"report.html", "report.md", "report.tex", "results.json", "tables/table_01.csv"} <= written
    results = json.loads(Path("out/small/results.json").read_text(encoding="utf-8"))
    assert results["provenance"]["seed"] == 1
    assert "SIMULATED" not in shown.out


def test_an_unchanged_spec_estimates_nothing_and_one_model_alone_when_it_changes(study):
    assert counts(study) == (4, 0)
    assert counts(study) == (0, 4)
    edit(study, "model split_up: main[2] split group", "model split_up: main[1] split group")
    assert counts(study) == (1, 3)
    edit(study, '"Size"', '"Firm size"')
    edit(study, '"Descriptives"', '"Summary"')
    assert counts(study) == (0, 4)
    assert cs.run(study, fresh=True).run.provenance.tasks_run == 4


def test_reused_results_are_the_same_to_the_last_bit(study):
    first, second = cs.run(study), cs.run(study)
    pd.testing.assert_frame_equal(first["main"].tidy(), second["main"].tidy(), check_exact=True)
    pd.testing.assert_frame_equal(first["main"].glance(), second["main"].glance(), check_exact=True)


def test_a_new_label_is_shown_though_nothing_is_computed(study):
    cs.run(study)
    edit(study, '1 "State"', '1 "State-owned"')
    result = cs.run(study)
    assert result.run.provenance.tasks_run == 0
    assert [c.split_label for c in result.run.models["split_up"]] == ["Private", "State-owned"]
    assert "State-owned" in result.table("1").markdown()


def test_changed_data_are_noticed_by_content(study):
    cs.run(study)
    changed = frame()
    changed.loc[0, "profit"] += 1
    changed.to_csv("firms.csv", index=False)
    assert counts(study) == (4, 0)
    frame().to_csv("firms.csv", index=False)
    assert counts(study) == (0, 4)


def test_a_failing_column_is_shown_in_its_place_and_the_rest_finish(study, capsys):
    edit(study, "table 1", "model none: main[1] | fe(id, size)\n\ntable 3: none, main\ntable 1")
    assert main(["run", str(study)]) == 1
    shown = capsys.readouterr().out
    assert "Table 3" in shown
    result = cs.run(study)
    assert [f.task for f in result.failures] == ["none[1]"]
    assert (result.run.provenance.tasks_run, result.run.provenance.tasks_reused) == (0, 4)  # a failure is no estimate
    assert result.failures[0].message
    assert all(c.fit is not None for c in result.run.models["main"])


def test_a_missed_expectation_makes_the_run_exit_with_1(study, capsys):
    edit(study, "main[1].N = 60", "main[1].N = 61")
    assert main(["run", str(study)]) == 1
    assert "61" in capsys.readouterr().out


def test_a_wrong_spec_exits_with_2_and_wrong_data_with_3(study, capsys):
    edit(study, "log(sales)", "log(sale)")
    assert main(["run", str(study)]) == 2
    assert "E210" in capsys.readouterr().err
    edit(study, "log(sale)", "log(sales)")
    changed = frame()
    changed.loc[3, "sales"] = -1
    pd.concat([changed, changed.head(1)]).to_csv("firms.csv", index=False)
    assert main(["run", str(study)]) == 3
    assert "E4" in capsys.readouterr().err
    assert not Path("out/small").exists()


def test_a_part_of_a_study_is_run_alone_and_writes_nothing(study, capsys):
    assert main(["run", str(study), "--only", "table 2"]) == 0
    shown = capsys.readouterr().out
    assert "Table 2" in shown
    assert "Table 1" not in shown
    assert not Path("out/small").exists()
    assert main(["run", str(study), "--only", "table 9"]) == 2


def test_frames_take_the_place_of_files(study):
    from_file = cs.run(study)["main"].tidy()
    Path("firms.csv").unlink()
    from_frame = cs.run(study, frames={"firms": frame()})
    pd.testing.assert_frame_equal(from_frame["main"].tidy(), from_file, rtol=1e-12)
    again = cs.run(study, frames={"firms": frame()})
    assert again.run.provenance.tasks_run == 0


def test_simulated_data_stamp_every_output(study):
    simulated = frame().assign(simulated="by a test")
    simulated.to_csv("firms.csv", index=False)
    folder = cs.run(study).write()
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            assert "simulated" in path.read_text(encoding="utf-8").lower(), path.name


def test_results_do_not_depend_on_the_number_of_threads(study, monkeypatch):
    monkeypatch.setattr("carbonspec.engine.execute.PARALLEL_ROWS", 1)
    one, four = cs.run(study, fresh=True, jobs=1), cs.run(study, fresh=True, jobs=4)
    pd.testing.assert_frame_equal(one["split_up"].tidy(), four["split_up"].tidy(), check_exact=True)


def test_checking_with_data_reports_what_a_run_would(study, capsys):
    assert main(["check", "--data", str(study)]) == 0
    changed = frame()
    changed.loc[3, "sales"] = 0
    changed.to_csv("firms.csv", index=False)
    assert main(["check", "--data", str(study)]) == 3
    assert "E421" in capsys.readouterr().err


def test_an_output_folder_of_somebody_else_is_left_alone(study, capsys):
    Path("out/small").mkdir(parents=True)
    Path("out/small/thesis.tex").write_text("years of work")
    assert main(["run", str(study)]) == 1
    assert "E603" in capsys.readouterr().err
    assert [p.name for p in Path("out/small").iterdir()] == ["thesis.tex"]


def test_fmt_rewrites_only_what_is_not_canonical(study, capsys):
    assert main(["fmt", "--check", str(study)]) == 0
    edit(study, "model main: profit ~ size", "model main:profit~size")
    assert main(["fmt", "--check", str(study)]) == 1
    assert main(["fmt", str(study)]) == 0
    assert study.read_text(encoding="utf-8") == SPEC


def test_usage_errors_exit_with_4(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["frobnicate"])
    assert stop.value.code == 4
    assert main([]) == 4


def test_a_file_that_is_not_text_is_a_diagnostic(tmp_path, capsys):
    path = tmp_path / "binary.cspec"
    path.write_bytes(b"study \xff\xfe")
    assert main(["check", str(path)]) == 2
    assert "E602" in capsys.readouterr().err


def test_a_store_that_cannot_be_written_costs_no_results(study, monkeypatch):
    def full(handle, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("carbonspec.engine.wholefile.os.write", full)
    result = cs.run(study)
    assert result["main"].glance().n.tolist() == [60, 60]
    assert [d.code for d in result.remarks] == ["N612"]
    assert "N612" not in [d.code for d in result.run.warnings]  # no word of it in the outputs


def test_a_frame_that_nothing_reads_is_an_error(study):
    with pytest.raises(cs.SpecError) as wrong:
        cs.run(study, frames={"firm": frame()})
    assert wrong.value.diagnostics[0].code == "E608"
    assert wrong.value.diagnostics[0].helps == ("did you mean `firms`?",)
    with pytest.raises(cs.SpecError, match="not a pandas data frame"):
        cs.run(study, frames={"firms": "firms.csv"})


def test_many_mistakes_are_not_all_printed(tmp_path, capsys):
    path = tmp_path / "data.csv"
    path.write_text("id,year\n" * 300, encoding="utf-8")
    assert main(["check", str(path)]) == 2
    shown = capsys.readouterr()
    assert "… and 250 errors more" in shown.err
    assert "300 errors" in shown.out


def test_a_chain_without_end_is_a_diagnostic(tmp_path, capsys):
    path = tmp_path / "chain.cspec"
    head = 'data d from "d.csv"\npanel d\n  id i\n  time t\nvar a0 = x\n'
    chain = "".join(f"var a{n} = a{n - 1} + 1\n" for n in range(1, 5000))
    path.write_text(head + chain + "model m: y ~ a4999\ntable 1: m\n", encoding="utf-8")
    assert main(["check", str(path)]) == 2
    assert "E610" in capsys.readouterr().err
