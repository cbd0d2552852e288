"""`carbonspec init`: printed or written, never over a file, with an exit status."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from carbonspec.cli import main


@pytest.fixture
def firms(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"firm": np.repeat(range(24), 5), "year": np.tile(range(2001, 2006), 24)})
    frame[["y", "x"]] = rng.normal(size=(120, 2)).round(4)
    Path("data").mkdir()
    frame.to_csv("data/firms.csv", index=False)
    return Path("data/firms.csv")


def test_it_prints_and_writes_nothing(firms, capsys):
    before = sorted(Path().rglob("*"))
    assert main(["init", str(firms)]) == 0
    shown = capsys.readouterr()
    assert 'data firms from "data/firms.csv"' in shown.out
    assert shown.err == ""
    assert sorted(Path().rglob("*")) == before


def test_what_it_writes_is_canonical_checks_and_runs(firms, capsys):
    assert main(["init", str(firms), "-o", "study.cspec"]) == 0
    assert "study.cspec: written" in capsys.readouterr().out
    assert os.stat("study.cspec").st_mode & 0o444 == 0o444
    assert main(["fmt", "--check", "study.cspec"]) == 0
    assert main(["check", "--data", "study.cspec"]) == 0
    assert "study.cspec: no problems" in capsys.readouterr().out
    assert main(["run", "study.cspec"]) == 0
    assert "Table 3. A placeholder" in capsys.readouterr().out


def test_a_folder_gets_a_spec_named_after_the_data(firms, capsys):
    assert main(["init", str(firms), "--out", "data"]) == 0
    assert 'data firms from "firms.csv"' in Path("data/firms.cspec").read_text(encoding="utf-8")
    assert main(["init", "data/*.csv", "-o", "."]) == 0
    assert 'from "data/*.csv"' in Path("study.cspec").read_text(encoding="utf-8")


def test_a_file_is_replaced_only_by_force(firms, capsys):
    Path("study.cspec").write_text("mine", encoding="utf-8")
    assert main(["init", str(firms), "-o", "study.cspec"]) == 1
    assert "error[E622]: `study.cspec` exists already" in capsys.readouterr().err
    assert Path("study.cspec").read_text(encoding="utf-8") == "mine"
    assert main(["init", str(firms), "-o", "study.cspec", "--force"]) == 0
    assert "panel firms" in Path("study.cspec").read_text(encoding="utf-8")
    content = firms.read_bytes()
    assert main(["init", str(firms), "-o", str(firms), "--force"]) == 1
    assert firms.read_bytes() == content
    assert main(["init", str(firms), "-o", "nowhere/study.cspec"]) == 1


def test_wrong_data_end_with_three_and_leave_no_file(firms, capsys):
    assert main(["init", "data/frims.csv", "-o", "study.cspec"]) == 3
    assert "did you mean `data/firms.csv`?" in capsys.readouterr().err
    Path("other").mkdir()
    assert main(["init", str(firms), "-o", "other/study.cspec"]) == 3
    assert "error[E621]" in capsys.readouterr().err
    assert not Path("study.cspec").exists()
    assert not Path("other/study.cspec").exists()


def test_no_data_is_wrong_use():
    done = subprocess.run([sys.executable, "-m", "carbonspec", "init"], capture_output=True, text=True, check=False)
    assert done.returncode == 4
