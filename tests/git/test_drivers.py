"""`git diff`, `git log -p`, `git merge` and `git commit` with carbonspec set up, in real repositories."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.git.repositories import SPEC, Repo

from carbonspec.git.install import ATTRIBUTES

EARLY = ("year <= 2016", "year <= 2015")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path)


# --- diff -------------------------------------------------------------------------------------------------------


def test_git_diff_shows_what_changed_and_what_it_reaches(repo: Repo) -> None:
    repo.edit(EARLY, ("let controls = z", "# only one\nlet controls = z"))
    assert repo.git("diff").stdout == (
        "diff --carbonspec a/specs/paper.cspec b/specs/paper.cspec\n"
        "~ model early  [estimates]\n"
        "    where: year ≤ 2016 → ≤ 2015\n"
        "    reaches Table 2\n"
        "1 change (estimates 1); reached: Table 2\n\n"
    )


def test_git_diff_speaks_of_moved_new_lost_and_renamed_specs(repo: Repo) -> None:
    text = repo.read()
    repo.write("specs/paper.cspec", text.replace('table 1 "Benchmark": base\n', "") + 'table 1 "Benchmark": base\n')
    assert "no change of meaning" in repo.git("diff").stdout
    repo.write("specs/paper.cspec", text)
    repo.write("specs/second.cspec", text)
    repo.git("add", "-N", "specs/second.cspec")
    shown = repo.git("diff").stdout
    assert "diff --carbonspec a/specs/second.cspec b/specs/second.cspec" in shown
    assert "+ model early: base where year ≤ 2016  [estimates]" in shown
    repo.git("reset", "-q")
    repo.path("specs/second.cspec").unlink()
    repo.git("mv", "specs/paper.cspec", "specs/article.cspec")
    repo.edit(EARLY, name="specs/article.cspec")
    repo.git("add", "-A")
    shown = repo.git("diff", "--cached", "-M").stdout
    assert "diff --carbonspec a/specs/paper.cspec b/specs/article.cspec" in shown
    assert "where: year ≤ 2016 → ≤ 2015" in shown
    repo.git("rm", "-q", "-f", "specs/article.cspec")
    assert "− model base: y ~ x + controls | fe(id)" in repo.git("diff", "--cached", "--no-renames").stdout


def test_git_diff_of_a_broken_spec_falls_back_to_lines(repo: Repo) -> None:
    repo.edit(("y ~ x", "y ~ ~ x"))
    done = repo.git("diff")
    assert "so the lines are shown" in done.stdout
    assert "+model base: y ~ ~ x + controls | fe(id)" in done.stdout


def test_git_diff_of_a_spec_with_a_mistake_compares_its_statements(repo: Repo) -> None:
    repo.edit(("early: base", "early: bse"))
    shown = repo.git("diff").stdout
    assert "terms: base → bse" in shown
    assert "specs/paper.cspec has a mistake (line 10): E210" in shown
    assert str(repo.folder) not in shown
    assert "carbonspec-" not in shown


def test_git_log_shows_meaning_by_lines_and_with_ext_diff_as_git_diff_does(repo: Repo) -> None:
    moved = repo.read().replace("model early", "# why\nmodel early")
    repo.write("specs/paper.cspec", moved)
    repo.edit(EARLY, ("fe(id)", "fe(id, year)"))
    repo.commit("second")
    shown = repo.git("log", "-p", "-1").stdout
    changed = [line for line in shown.splitlines() if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]
    assert changed == ["+  fe: year", "-  where: year <= 2016", "+  where: year <= 2015"]
    assert "\n model early\n" in shown or "@@ model early" in shown
    assert "where: year ≤ 2016 → ≤ 2015" in repo.git("log", "-p", "-1", "--ext-diff").stdout
    assert "where: year <= 2015" in repo.git("show", "HEAD").stdout


def test_a_patch_is_still_a_patch(repo: Repo) -> None:
    repo.edit(EARLY)
    patch = repo.git("diff", "--no-ext-diff", "--no-textconv").stdout
    assert "+model early: base where year <= 2015" in patch
    repo.commit("second")
    assert "+model early: base where year <= 2015" in repo.git("format-patch", "-1", "--stdout").stdout


def test_git_diff_is_coloured_where_a_pager_is_in_use(repo: Repo) -> None:
    repo.edit(EARLY)
    assert "\x1b[" not in repo.git("diff").stdout
    assert "\x1b[" in repo.git("diff", GIT_PAGER_IN_USE="true").stdout
    assert "\x1b[" not in repo.git("diff", GIT_PAGER_IN_USE="true", NO_COLOR="1").stdout


# --- merge ------------------------------------------------------------------------------------------------------


def branches(repo: Repo, ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    repo.git("checkout", "-q", "-b", "draft")
    repo.edit(theirs)
    repo.commit("theirs", "--no-verify")
    repo.git("checkout", "-q", "main")
    repo.edit(ours)
    repo.commit("ours", "--no-verify")


def test_branches_that_change_different_statements_merge_even_on_neighbouring_lines(repo: Repo) -> None:
    ours = ("model base: y ~ x + controls | fe(id)", "model base: y ~ x + controls | fe(id, year) # both")
    branches(repo, ours, EARLY)
    done = repo.git("merge", "-q", "--no-edit", "draft")
    assert done.returncode == 0
    assert repo.read() == SPEC.replace(*ours).replace(*EARLY)
    (repo.folder / "plain").mkdir()
    plain = Repo(repo.folder / "plain", installed=False)
    branches(plain, ours, EARLY)
    assert plain.git("merge", "-q", "--no-edit", "draft", ok=False).returncode == 1  # git alone cannot


def test_branches_that_change_one_statement_conflict_with_both_versions_shown(repo: Repo) -> None:
    branches(repo, ("year <= 2016", "year <= 2014"), EARLY)
    done = repo.git("merge", "-q", "--no-edit", "draft", ok=False)
    assert done.returncode == 1
    assert "specs/paper.cspec: 1 statement changed by both sides" in done.stderr + done.stdout
    assert (
        "<<<<<<< ours\nmodel early: base where year <= 2014\n=======\nmodel early: base where year <= 2015\n"
        ">>>>>>> theirs\n"
    ) in repo.read()
    assert "UU specs/paper.cspec" in repo.git("status", "--short").stdout


def test_a_merge_that_leaves_a_name_without_its_declaration_stops(repo: Repo) -> None:
    branches(
        repo,
        ("model base: y ~ x + controls", "model base: y ~ x + z"),
        ("table 1", "model more: y ~ controls\ntable 1"),
    )
    repo.edit(("let controls = z\n", ""))
    repo.commit("no controls", "--no-verify")
    done = repo.git("merge", "-q", "--no-edit", "draft", ok=False)
    assert done.returncode == 1
    assert "`controls` is used by one side" in done.stderr + done.stdout


def test_a_merge_of_broken_specs_is_gits_own(repo: Repo) -> None:
    branches(repo, ("y ~ x", "y ~ ~ x"), EARLY)
    repo.git("merge", "-q", "--no-edit", "draft", ok=False)
    assert "y ~ ~ x" in repo.read()
    assert "year <= 2015" in repo.read()


def test_both_branches_add_a_spec(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "draft")
    repo.write("new.cspec", SPEC.replace("specs/", "").replace('table 2 "Early": early\n', ""))
    repo.commit("theirs", "--no-verify")
    repo.git("checkout", "-q", "main")
    repo.write("new.cspec", SPEC)
    repo.commit("ours", "--no-verify")
    repo.git("merge", "-q", "--no-edit", "draft")
    assert repo.read("new.cspec") == SPEC


# --- hook -------------------------------------------------------------------------------------------------------


def test_the_hook_refuses_wrong_and_unformatted_specs_and_looks_at_what_is_staged(repo: Repo) -> None:
    repo.edit(("y ~ x", "y ~ q"))
    repo.git("add", "-A")
    done = repo.git("commit", "-m", "wrong", ok=False)
    assert done.returncode == 1
    assert "no variable called `q`" in done.stderr
    assert "specs/paper.cspec:9:" in done.stderr
    repo.write("specs/paper.cspec", SPEC.replace("let controls = z", "let  controls =  z"))
    repo.git("add", "-A")
    done = repo.git("commit", "-m", "odd", ok=False)
    assert "specs/paper.cspec: not in canonical form" in done.stderr
    repo.write("specs/paper.cspec", SPEC.replace(*EARLY))
    repo.git("add", "-A")
    repo.write("specs/paper.cspec", "not staged, and no spec at all")
    repo.git("commit", "-q", "-m", "right")
    repo.write("notes.txt", "nothing to check")
    repo.git("add", "notes.txt")
    repo.git("commit", "-q", "-m", "notes")


# --- install and uninstall --------------------------------------------------------------------------------------


def test_uninstall_takes_exactly_out_what_install_wrote(tmp_path: Path) -> None:
    repo = Repo(tmp_path, installed=False)
    for attributes in (None, "*.csv text\n", "*.csv text"):
        repo.path(".gitattributes").unlink(missing_ok=True)
        if attributes is not None:
            repo.write(".gitattributes", attributes)
        config = repo.read(".git/config")
        told = repo.run("git", "install").stdout
        assert "diff driver and merge driver" in told
        assert "*.cspec diff=carbonspec merge=carbonspec" in told
        assert repo.git("check-attr", "diff", "merge", "--", "specs/paper.cspec").stdout.count("carbonspec") == 2
        assert repo.path(".git/hooks/pre-commit").exists()
        assert "had the line already" in repo.run("git", "install").stdout  # twice is once
        told = repo.run("git", "uninstall").stdout
        assert "taken out" in told
        assert repo.read(".git/config") == config
        assert not repo.path(".git/hooks/pre-commit").exists()
        found = repo.read(".gitattributes") if repo.path(".gitattributes").exists() else None
        assert found == attributes
    assert "nothing to take out" in repo.run("git", "uninstall").stdout


def test_uninstall_finds_its_line_among_windows_line_ends(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.path(".gitattributes").write_bytes(b"*.csv text\r\n" + ATTRIBUTES.encode() + b"\r\n*.tex text\r\n")
    assert "the line taken out" in repo.run("git", "uninstall").stdout
    assert repo.path(".gitattributes").read_bytes() == b"*.csv text\r\n*.tex text\r\n"


def test_a_hook_of_others_is_left_alone(tmp_path: Path) -> None:
    repo = Repo(tmp_path, installed=False)
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n")
    told = repo.run("git", "install").stdout
    assert "was left alone" in told
    assert "git pre-commit || exit 1" in told
    assert repo.read(".git/hooks/pre-commit") == "#!/bin/sh\nexit 0\n"
    repo.run("git", "uninstall")
    assert repo.read(".git/hooks/pre-commit") == "#!/bin/sh\nexit 0\n"


def test_outside_a_repository_it_says_so(tmp_path: Path) -> None:
    repo = Repo(tmp_path, installed=False)
    (tmp_path / "elsewhere").mkdir()
    repo.path(".git").rename(tmp_path / "was")
    done = repo.run("git", "install", "--repo", "elsewhere")
    assert done.returncode == 2
    assert "error[E631]: `elsewhere` is not in a git repository" in done.stderr


def test_names_with_spaces_and_umlauts(repo: Repo) -> None:
    name = "specs/zweite Fassung ä.cspec"
    repo.write(name, SPEC)
    repo.commit("named")
    repo.edit(EARLY, name=name)
    assert "where: year ≤ 2016 → ≤ 2015" in repo.git("diff").stdout
    assert repo.run("diff", "HEAD", name).returncode == 0


def test_git_diff_of_a_conflict_shows_both_sides_of_it_and_nothing_else(repo: Repo) -> None:
    branches(repo, ("year <= 2016", "year <= 2014"), EARLY)
    repo.edit(('"Early"', '"Early years"'))
    repo.commit("a label")
    assert repo.git("merge", "draft", ok=False).returncode == 1
    shown = repo.git("diff").stdout
    assert "++<<<<<<< ours\n +  where: year <= 2014\n++=======\n+   where: year <= 2015\n++>>>>>>> theirs\n" in shown
    assert sum(line.startswith(("++", "--", " +", " -", "+ ", "- ")) for line in shown.splitlines()[4:]) == 5
    done = repo.run("check", "specs/paper.cspec")
    assert done.returncode == 2
    assert done.stderr.count("error[") == done.stderr.count("error[E123]") == 1


def test_the_hook_looks_at_the_variants_of_what_is_staged(repo: Repo) -> None:
    repo.write("specs/variants/short.cspec", 'extends "../paper.cspec"\n\nmodel early: base where year <= 2013\n')
    repo.commit("variant")
    repo.git("mv", "specs/paper.cspec", "specs/article.cspec")
    done = repo.git("commit", "-m", "moved", ok=False)
    assert done.returncode == 1
    assert "cannot read `specs/paper.cspec`: no such file\n  --> specs/variants/short.cspec:1:9" in done.stderr
    repo.edit(("../paper", "../article"), name="specs/variants/short.cspec")
    repo.commit("moved")
    repo.edit(("+ controls", "+ controls +"), name="specs/article.cspec")
    done = repo.git("commit", "-am", "broken", ok=False)
    assert done.returncode == 1
    assert done.stderr.count("error[") == 1
    assert "specs/variants/short.cspec: 1 error\n" in done.stderr


def test_git_difftool_opens_the_tool_that_was_asked_for(repo: Repo) -> None:
    repo.edit(("year <= 2016", "year <= 2015"))
    shown = repo.git("difftool", "-y", "-x", "diff -u").stdout
    assert "-model early: base where year <= 2016\n+model early: base where year <= 2015\n" in shown
