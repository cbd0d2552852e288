"""Large files are hashed once, and a changed one never passes for the old one."""

import hashlib
import os
import time
from pathlib import Path

import pytest
from tests.cli.test_run import SPEC, frame

import carbonspec as cs
from carbonspec.engine import digest
from carbonspec.engine.digest import SMALL, file_digest
from carbonspec.engine.known_files import COARSEST, KnownFiles

pytestmark = pytest.mark.skipif(os.name == "nt", reason="nothing is remembered on Windows")


@pytest.fixture
def clock(monkeypatch):
    """A clock that can be put forward."""
    ahead = [0.0]
    real = time.time
    monkeypatch.setattr("carbonspec.engine.known_files.time.time", lambda: real() + ahead[0])
    return ahead


@pytest.fixture
def hashed(monkeypatch):
    """How often a file's bytes were hashed."""
    count = []
    real = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda stream, kind: count.append(1) or real(stream, kind))
    return count


def large(path, first=b"a"):
    path.write_bytes(first + b"x" * SMALL)
    return str(path)


def known(folder, path):
    found = KnownFiles(str(folder))
    sha = file_digest(path, found)
    found.save()
    return sha


def test_a_large_file_is_hashed_once_and_a_small_one_never_remembered(tmp_path, clock, hashed):
    path = large(tmp_path / "a.csv")
    clock[0] = 2 * COARSEST
    first = known(tmp_path, path)
    assert [known(tmp_path, path) for _ in range(3)] == [first] * 3
    assert len(hashed) == 1
    assert first == hashlib.sha256((tmp_path / "a.csv").read_bytes()).hexdigest()
    (tmp_path / "b.csv").write_bytes(b"small")
    known(tmp_path, str(tmp_path / "b.csv"))
    assert "b.csv" not in (tmp_path / "files.json").read_text()


def test_the_old_size_and_date_put_back_do_not_deceive(tmp_path, clock):
    path = tmp_path / "a.csv"
    name = large(path)
    clock[0] = 2 * COARSEST
    before = path.stat()
    first = known(tmp_path, name)
    large(path, b"b")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert known(tmp_path, name) != first
    other = tmp_path / "other"
    large(other, b"c")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    assert known(tmp_path, name) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_just_written_is_not_remembered(tmp_path, hashed):
    path = large(tmp_path / "a.csv")
    known(tmp_path, path)
    known(tmp_path, path)
    assert len(hashed) == 2
    assert not (tmp_path / "files.json").exists()


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"a": 1}', b'{"PATH": [1, 2, 3, 4, 5, 6]}', b"\xff"])
def test_a_damaged_memory_knows_nothing(tmp_path, clock, content):
    path = large(tmp_path / "a.csv")
    (tmp_path / "files.json").write_bytes(content.replace(b"PATH", path.encode()))
    assert known(tmp_path, path) == hashlib.sha256(Path(path).read_bytes()).hexdigest()


def test_nothing_is_made_where_there_is_no_store(tmp_path, clock):
    path = large(tmp_path / "a.csv")
    clock[0] = 2 * COARSEST
    known(tmp_path / "nowhere", path)
    assert not (tmp_path / "nowhere").exists()


def test_data_that_change_during_a_run_stop_it(tmp_path, monkeypatch):
    """Else results of the new content would be stored under the old one's key."""
    monkeypatch.chdir(tmp_path)
    frame().to_csv("firms.csv", index=False)
    Path("small.cspec").write_text(SPEC, encoding="utf-8")
    real = digest.file_digest

    def hashed_then_written(path, known=None):
        found = real(path, known)
        with Path(path).open("a") as stream:
            stream.write("99,2001,5.0,0.5,1.0,0\n")
        return found

    monkeypatch.setattr(digest, "file_digest", hashed_then_written)
    with pytest.raises(cs.DataError) as stopped:
        cs.run("small.cspec")
    assert stopped.value.diagnostics[0].code == "E432"
    assert "firms.csv" in stopped.value.diagnostics[0].message
    monkeypatch.setattr(digest, "file_digest", real)
    assert cs.run("small.cspec").run.provenance.data[0].rows == 61
