"""A spec reads below its own folder and nowhere else."""

import os

import pytest
from tests.engine.studies import only

from carbonspec.diagnostics.model import DataError
from carbonspec.engine.digest import digest
from carbonspec.engine.paths import locate
from carbonspec.lang.spec import DataTable


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "study"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "in.csv").write_text("x\n1\n")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "out.csv").write_text("x\n2\n")
    (tmp_path / "study2").mkdir()
    (tmp_path / "study2" / "out.csv").write_text("x\n3\n")
    os.symlink(tmp_path / "secret" / "out.csv", folder / "data" / "link.csv")
    os.symlink(tmp_path / "secret", folder / "door")
    return folder


def find(root, location, allowed=()):
    return locate(DataTable("t", location), str(root), allowed)


def test_a_file_below_the_folder_is_found(root):
    assert find(root, "data/in.csv") == (("data/in.csv", str(root / "data" / "in.csv")),)


@pytest.mark.parametrize(
    "location",
    [
        "../secret/out.csv",
        "data/../../secret/out.csv",
        "../study2/out.csv",
        "/etc/passwd",
        "data/link.csv",
        "door/out.csv",
        "door/*.csv",
        "../secret/*.csv",
        "data/../in.csv",
        "*/../../secret/out.csv",
    ],
)
def test_nothing_outside_is_read(root, location):
    with pytest.raises(DataError) as caught:
        find(root, location)
    assert only(caught.value).code in ("E402", "E401")
    assert digest(DataTable("t", location), str(root)) == ()


def test_leaving_the_folder_is_named_as_such(root):
    for location in ("../secret/out.csv", "data/link.csv", "/etc/passwd"):
        with pytest.raises(DataError) as caught:
            find(root, location)
        assert only(caught.value).code == "E402"
        assert any("--allow" in line for line in only(caught.value).helps)


def test_an_allowed_folder_may_be_read(root):
    secret = str(root.parent / "secret")
    assert len(find(root, "../secret/out.csv", (secret,))) == 1
    assert len(find(root, "../secret/*.csv", (secret,))) == 1
    assert len(find(root, secret + "/out.csv", (secret,))) == 1
    assert len(find(root, "data/link.csv", (secret,))) == 1
    with pytest.raises(DataError):
        find(root, "../study2/out.csv", (secret,))


@pytest.mark.parametrize("location", ["data/im.csv", "data", "nowhere/x.csv", "a\0b.csv", "none-*.csv", ""])
def test_missing_files(root, location):
    with pytest.raises(DataError) as caught:
        find(root, location)
    assert only(caught.value).code == "E401"


def test_a_near_name_is_proposed(root):
    with pytest.raises(DataError) as caught:
        find(root, "data/im.csv")
    assert only(caught.value).helps == ("did you mean `in.csv`?",)


def test_digest_follows_the_content(root):
    table = DataTable("t", "data/i*.csv")
    before = digest(table, str(root))
    assert [name for name, _ in before] == ["data/in.csv"]
    (root / "data" / "in.csv").write_text("x\n9\n")
    assert digest(table, str(root)) != before
    assert len(digest(DataTable("g", "statsmodels:grunfeld", package=True), str(root))) == 1
