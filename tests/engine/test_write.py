"""An output folder is the old one or the new one, and never somebody else's."""

import pytest

from carbonspec.engine.write import NotOurFolder, write_whole


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
