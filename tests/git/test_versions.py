"""`carbonspec diff` between revisions, files and the work tree."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.git.repositories import DATA, SPEC, Repo

EARLY = ("year <= 2016", "year <= 2015")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path, installed=False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("HEAD:specs/paper.cspec", "specs/paper.cspec"),
        ("HEAD:./specs/paper.cspec", "specs/paper.cspec"),
        ("HEAD", "specs/paper.cspec"),
        ("specs/paper.cspec",),
        ("HEAD",),
        (),
    ],
)
def test_every_way_to_name_two_versions(repo: Repo, arguments: tuple[str, ...]) -> None:
    repo.edit(EARLY)
    done = repo.run("diff", *arguments)
    assert done.stdout == (
        "HEAD:specs/paper.cspec → specs/paper.cspec\n\n"
        "~ model early  [estimates]\n    where: year ≤ 2016 → ≤ 2015\n    reaches Table 2\n"
        "1 change (estimates 1); reached: Table 2\n"
    ), done.stderr
    assert done.returncode == 0


def test_revisions_ranges_and_the_index(repo: Repo) -> None:
    repo.edit(EARLY)
    repo.git("add", "-A")
    assert "→ ≤ 2015" in repo.run("diff", "HEAD:specs/paper.cspec", ":specs/paper.cspec").stdout
    repo.git("commit", "-qm", "second")
    repo.git("mv", "specs/paper.cspec", "specs/article.cspec")
    repo.commit("third")
    for arguments in (("HEAD~2", "HEAD"), ("HEAD~2..HEAD",), ("HEAD~2..",)):
        done = repo.run("diff", *arguments)
        assert done.stdout.startswith("HEAD~2:specs/paper.cspec → HEAD:specs/article.cspec\n"), done.stderr
        assert "→ ≤ 2015" in done.stdout
    gone = repo.run("diff", "HEAD", "HEAD~2", "--json")
    assert [spec["before"] for spec in json.loads(gone.stdout)["specs"]] == ["HEAD:specs/article.cspec"]


def test_the_exit_status_is_gits(repo: Repo) -> None:
    assert repo.run("diff", "--exit-code").returncode == 0
    repo.write("specs/paper.cspec", "# a comment\n" + SPEC)
    assert repo.run("diff", "--exit-code").returncode == 0
    repo.edit(('"Early"', '"Early years"'))
    assert repo.run("diff", "--exit-code").returncode == 1
    assert repo.run("diff").returncode == 0
    repo.edit(("y ~ x", "y ~ ~ x"))
    done = repo.run("diff")
    assert done.returncode == 2
    assert "--> specs/paper.cspec:10:" in done.stderr
    assert repo.run("diff", "a", "b", "c").returncode == 4


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nowhere",), "E632", "`nowhere` is neither a file nor a revision"),
        (("HEAD~7:specs/paper.cspec", "specs/paper.cspec"), "E632", "no revision `HEAD~7`"),
        (("HEAD:specs/papr.cspec", "specs/paper.cspec"), "E633", "did you mean `HEAD:specs/paper.cspec`?"),
        (("missing.cspec", "specs/paper.cspec"), "E601", "no such file"),
        (("--output=x", "specs/paper.cspec"), "", "unrecognized arguments"),
    ],
)
def test_what_is_not_there_is_named(repo: Repo, arguments: tuple[str, ...], code: str, said: str) -> None:
    done = repo.run("diff", *arguments)
    assert done.returncode == (2 if code else 4)
    assert code in done.stderr
    assert said in done.stderr


def test_data_are_the_revisions_own_where_it_tracks_them(repo: Repo) -> None:
    repo.write("specs/firms.csv", DATA.replace(",x,", ",w,").replace("1,2010,", "1,2010,9", 1))
    repo.edit(("y ~ x", "y ~ w"), ("base[1].x", "base[1].w"))
    done = repo.run("diff")
    assert "understood" not in done.stderr
    assert "terms: x → w" in done.stdout
    assert "~ data firms: other content  [estimates]\n    firms.csv" in done.stdout
    assert "mistake" not in done.stdout  # `x` is a column of the older file, `w` of the newer


def test_data_that_no_revision_tracks_are_the_work_trees(tmp_path: Path) -> None:
    repo = Repo(tmp_path, installed=False)
    repo.git("rm", "-q", "--cached", "specs/firms.csv")
    repo.git("commit", "-qm", "no data")
    repo.edit(EARLY)
    done = repo.run("diff", "specs/paper.cspec")
    assert "not in HEAD, so the work tree's was read: specs/firms.csv" in done.stdout
    assert "→ ≤ 2015" in done.stdout


def test_numbers_side_by_side_run_only_what_is_missing(repo: Repo) -> None:
    repo.edit(EARLY)
    done = repo.run("diff", "--results", "--json")
    (spec,) = json.loads(done.stdout)["specs"]
    (model,) = spec["results"]["models"]
    assert model["model"] == "early"
    assert model["tables"] == ["2"]
    assert model["sentence"].startswith("sample −8 rows (56 → 48), x from ")
    assert spec["results"]["unchanged"] == 1
    stored = {path: path.read_text(encoding="utf-8") for path in repo.path("out").rglob("*.json")}
    text = repo.run("diff", "--results").stdout
    assert "Table 2 · early: sample −8 rows (56 → 48), x from " in text
    assert stored == {path: path.read_text(encoding="utf-8") for path in repo.path("out").rglob("*.json")}
    assert not repo.path("out/.store/last").exists()  # neither version was run for itself
    assert "1 column of models unchanged" in text


def test_variants_are_compared_with_their_bases(repo: Repo) -> None:
    repo.write("specs/variants/short.cspec", 'extends "../paper.cspec"\n\nmodel early: base where year <= 2013\n')
    repo.commit("variant")
    done = repo.run("diff", "specs/paper.cspec", "specs/variants/short.cspec")
    assert "where: year ≤ 2016 → ≤ 2013\n    reaches Table 2\n1 change" in done.stdout
    repo.edit(("x + controls", "x"))
    repo.commit("base")
    done = repo.run("diff", "HEAD~1", "HEAD")
    assert "HEAD~1:specs/variants/short.cspec → HEAD:specs/variants/short.cspec" in done.stdout
    assert done.stdout.count("terms: − controls") == 2


@pytest.mark.parametrize("where", ["../secret.csv", "link.csv", "ABSOLUTE"])
def test_a_spec_of_a_revision_reads_no_more_than_it_could_by_itself(repo: Repo, where: str) -> None:
    repo.write("secret.csv", DATA)
    repo.path("specs/link.csv").symlink_to("../secret.csv")
    where = str(repo.path("secret.csv")) if where == "ABSOLUTE" else where
    repo.edit(('from "firms.csv"', f'from "{where}"'))
    repo.commit("a stranger's")
    done = repo.run("diff", "HEAD~1", "HEAD", "--results")
    assert done.returncode in (2, 3)
    assert "sample" not in done.stdout


def test_a_folder_that_is_allowed_is_allowed_in_a_revision_too(repo: Repo) -> None:
    repo.write("shared/firms.csv", DATA)
    repo.edit(('from "firms.csv"', 'from "../shared/firms.csv"'))
    repo.commit("shared")
    repo.edit(EARLY)
    done = repo.run("diff", "specs/paper.cspec", "--results", "--allow", "shared")
    assert "Table 2 · early: sample −8 rows" in done.stdout, done.stderr


def test_nothing_is_left_in_the_folder_for_temporary_files(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    repo.edit(EARLY)
    assert "→ ≤ 2015" in repo.run("diff", TMPDIR=str(tmp_path / "temporary")).stdout
    assert list((tmp_path / "temporary").iterdir()) == []
    assert repo.path("specs/firms.csv").exists()


def test_a_file_is_compared_in_its_own_repository_wherever_one_is(repo: Repo, tmp_path: Path) -> None:
    repo.edit(EARLY)
    place = str(repo.path("specs/paper.cspec"))
    for arguments in ((place,), ("HEAD", place)):
        done = subprocess.run(
            [sys.executable, "-m", "carbonspec", "diff", *arguments],
            cwd=tmp_path.parent,
            env=repo.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "→ ≤ 2015" in done.stdout, done.stderr


def test_a_spec_that_cannot_be_read_keeps_no_other_from_being_compared(repo: Repo) -> None:
    repo.write("specs/other.cspec", SPEC)
    repo.commit("other")
    repo.edit(EARLY)
    repo.edit(("y ~ x", "y ~ ~ x"), name="specs/other.cspec")
    done = repo.run("diff")
    assert done.returncode == 2
    assert "→ ≤ 2015" in done.stdout
    assert done.stderr.count("error[") == 1
    assert "--> specs/other.cspec:9:" in done.stderr
    assert len(json.loads(repo.run("diff", "--json").stdout)["specs"]) == 1
    repo.commit("broken", "--no-verify")
    gone = repo.run("diff", "HEAD:specs/other.cspec", "specs/paper.cspec").stderr
    assert "--> HEAD:specs/other.cspec:9:" in gone


def test_problems_of_a_revision_do_not_name_where_it_was_read(repo: Repo) -> None:
    repo.write("specs/variants/short.cspec", 'extends "../paper.cspec"\n\nmodel early: base where year <= 2013\n')
    repo.git("mv", "specs/paper.cspec", "specs/article.cspec")
    repo.commit("moved", "--no-verify")
    done = repo.run("diff", "HEAD:specs/variants/short.cspec", "specs/article.cspec")
    assert (
        "cannot read `HEAD:specs/paper.cspec`: no such file\n  --> HEAD:specs/variants/short.cspec:1:9" in done.stderr
    )
    assert "help" not in done.stderr
