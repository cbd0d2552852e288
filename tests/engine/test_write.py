"""An output folder is the old one or the new one, and never somebody else's."""

import os
import time

import pytest

from carbonspec.engine import write
from carbonspec.engine.exchange import exchange
from carbonspec.engine.wholefile import ABANDONED, UNFINISHED, replace_file
from carbonspec.engine.write import OLD, NotOurFolder, write_whole


def listing(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name[0] != ".")


def test_files_of_an_earlier_run_go_and_files_of_the_user_stay(tmp_path):
    folder = tmp_path / "out" / "paper"
    write_whole({"report.md": "one", "tables/table_05.csv": "a"}, folder)
    (folder / "notes.txt").write_text("mine")
    write_whole({"report.md": "two"}, folder)
    assert listing(folder) == ["notes.txt", "report.md"]
    assert (folder / "report.md").read_text() == "two"
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path):
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "thesis.tex").write_text("years of work")
    with pytest.raises(NotOurFolder):
        write_whole({"report.md": "x"}, folder)
    assert listing(folder) == ["thesis.tex"]


def test_a_failing_write_keeps_the_old_folder(tmp_path):
    folder = tmp_path / "paper"
    write_whole({"report.md": "one"}, folder)
    with pytest.raises(UnicodeEncodeError):
        write_whole({"report.md": "two", "bad.md": "\ud800"}, folder)
    assert (folder / "report.md").read_text() == "one"
    assert [p.name for p in tmp_path.iterdir()] == ["paper"]


def test_folders_change_names_in_one_step(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(name)
    if not exchange(str(tmp_path / "one"), str(tmp_path / "other")):
        pytest.skip("this system cannot exchange two names")
    assert listing(tmp_path / "one") == ["other.txt"]
    assert listing(tmp_path / "other") == ["one.txt"]
    assert not exchange(str(tmp_path / "one"), str(tmp_path / "missing"))


@pytest.fixture(params=[True, False], ids=["exchange", "two renames"])
def either_way(request, monkeypatch):
    """With and without a system that can exchange two names."""
    if not request.param:
        monkeypatch.setattr(write, "exchange", lambda one, other: False)


def test_an_outcome_takes_the_place_of_the_one_before(either_way, tmp_path):
    folder = tmp_path / "paper"
    for content in ("one", "two", "three"):
        write_whole({"report.md": content}, folder)
        assert (folder / "report.md").read_text() == content
    assert [p.name for p in tmp_path.iterdir()] == ["paper"]


def test_a_full_disk_keeps_the_old_folder(either_way, tmp_path, monkeypatch):
    folder = tmp_path / "paper"
    write_whole({"report.md": "one"}, folder)
    (folder / "notes.txt").write_text("mine")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copy2", full)
    with pytest.raises(OSError, match="No space"):
        write_whole({"report.md": "two"}, folder)
    assert (folder / "report.md").read_text() == "one"
    assert [p.name for p in tmp_path.iterdir()] == ["paper"]


def test_a_folder_that_a_killed_run_had_moved_aside_comes_back(tmp_path):
    folder = tmp_path / "paper"
    write_whole({"report.md": "one"}, folder)
    (folder / "notes.txt").write_text("mine")
    aside = tmp_path / f"{OLD}x"
    aside.mkdir()
    folder.rename(aside / "paper")
    half = tmp_path / f"{UNFINISHED}y"
    half.mkdir()
    (half / "report.md").write_text("tw")
    file = tmp_path / f"{UNFINISHED}1-1"
    file.write_text("hal")
    then = time.time() - 2 * ABANDONED
    for path in (half, file):
        os.utime(path, (then, then))
    write_whole({"other.md": "of another spec"}, tmp_path / "other")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other", "paper"]
    assert listing(folder) == ["notes.txt", "report.md"]


def test_one_file_is_replaced_whole_and_keeps_its_permissions(tmp_path, monkeypatch):
    path = tmp_path / "a.cspec"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link = tmp_path / "link.cspec"
    link.symlink_to(path)
    replace_file(str(link), b"new")
    assert path.read_bytes() == b"new"
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640

    def full(handle, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(str(path), b"newer")
    assert path.read_bytes() == b"new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.cspec", "link.cspec"]
