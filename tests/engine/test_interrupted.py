"""Real processes: two runs at once, one killed in the middle of a write, a disk that is full."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.test_run import SPEC, frame

from carbonspec.engine.wholefile import ABANDONED, UNFINISHED

RUN = [sys.executable, "-m", "carbonspec", "run", "small.cspec", "--quiet"]

KILLED = """
import os, signal, sys
from carbonspec.engine import {module} as place
real = {call}
count = 0
def stop(*arguments, **named):
    global count
    count += 1
    if count == {after}:
        {half}
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **named)
{call} = stop
from carbonspec.cli import main
sys.exit(main(["run", "small.cspec", "--quiet"]))
"""


CHANGED = SPEC.replace("csw0(debt)", "csw0(I(debt^2))")


def study(folder, text=SPEC):
    folder.mkdir(exist_ok=True)
    frame().to_csv(folder / "firms.csv", index=False)
    (folder / "small.cspec").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    return study(tmp_path)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory):
    """The numbers of both texts, of runs that nothing disturbed."""
    made = []
    for text in (SPEC, CHANGED):
        place = study(tmp_path_factory.mktemp("quiet"), text)
        assert run(place).returncode == 0
        made.append(numbers(place))
    assert made[0] != made[1]
    return made


def run(folder, *more, **settings):
    return subprocess.run([*RUN, *more], cwd=folder, capture_output=True, text=True, check=False, **settings)


def numbers(folder):
    """What a run found, without what a clock or the store decides, to ten digits: columns that share work with others
    may differ from those computed alone in the last bit."""
    out = folder / "out" / "small"
    assert (out / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    results = json.loads((out / "results.json").read_text(encoding="utf-8"), parse_float=lambda x: f"{float(x):.10g}")
    del results["provenance"]
    return json.dumps(results).replace('"reused": true', '"reused": false')


def leftovers(folder):
    return [p for p in folder.rglob("*") if p.name.startswith((UNFINISHED, ".carbonspec-old-"))]


def test_two_runs_at_once_get_the_same_and_lose_nothing(folder, wanted):
    for _ in range(2):
        both = [subprocess.Popen(RUN, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
        said = [process.communicate()[1] for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        assert numbers(folder) == wanted[0]
        assert leftovers(folder) == []
        shutil.rmtree(folder / "out" / "small")
    again = run(folder)
    assert "nothing estimated, 4 reused" in again.stdout


HALF_ENTRY = "os.write(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])"


@pytest.mark.parametrize(
    ("module", "call", "after", "half"),
    [
        ("wholefile", "os.write", 1, HALF_ENTRY),
        ("wholefile", "os.replace", 2, "pass"),
        ("write", "place.exchange", 1, "pass"),
        ("write", "place.shutil.rmtree", 1, "pass"),
        ("write", "place.Path.write_bytes", 5, "pass"),
    ],
)
def test_a_run_killed_in_the_middle_of_a_write_costs_nothing(folder, wanted, module, call, after, half):
    assert run(folder).returncode == 0
    study(folder, CHANGED)
    program = KILLED.format(module=module, call=call, after=after, half=half)
    killed = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert numbers(folder) == wanted[call == "place.shutil.rmtree"]  # whole: the old ones, or the new ones
    for path in leftovers(folder):
        then = time.time() - 2 * ABANDONED
        os.utime(path, (then, then))
    later = run(folder, "--json")
    assert later.returncode == 0
    assert later.stderr.count("N611") == 0  # half an entry never bears an entry's name
    assert leftovers(folder) == []
    assert numbers(folder) == wanted[1]


def test_damaged_entries_are_computed_anew_and_counted(folder):
    assert run(folder).returncode == 0
    before = numbers(folder)
    entries = sorted((folder / "out" / ".store").glob("??/*.json"))
    entries[0].write_bytes(entries[0].read_bytes()[:-20])
    flipped = bytearray(entries[1].read_bytes())
    flipped[len(flipped) // 2] ^= 1
    entries[1].write_bytes(bytes(flipped))
    entries[2].write_bytes(b"")
    plan = subprocess.run(
        [sys.executable, "-m", "carbonspec", "plan", "--why", "small.cspec"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert plan.stdout.count("its entry is damaged") == 3
    after = run(folder)
    assert after.returncode == 0
    assert "3 stored results were damaged and computed anew" in after.stderr
    assert numbers(folder) == before
    assert "N611" not in run(folder).stderr


def small_files():
    """Files of this process can have 300 bytes: its disk is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))


def test_a_full_disk_costs_neither_the_results_nor_the_outputs_of_before(folder, wanted):
    assert run(folder).returncode == 0
    study(folder, CHANGED)
    full = subprocess.run([*RUN[:-1]], cwd=folder, capture_output=True, text=True, check=False, preexec_fn=small_files)
    assert full.returncode == 1
    assert full.stderr.count("N612") == 1
    assert full.stderr.count("E613") == 1
    assert "Table 1" in full.stdout
    assert "H1  supported" in full.stdout
    assert numbers(folder) == wanted[0]
    assert leftovers(folder) == []
    after = run(folder)
    assert after.returncode == 0
    assert "N611" not in after.stderr


def test_a_read_only_folder_still_gives_its_results(folder):
    assert run(folder).returncode == 0
    if os.geteuid() == 0:
        pytest.skip("nothing is read-only for the superuser")
    for path in (folder / "out" / ".store").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert "4 reused" in run(folder).stdout
    fresh = run(folder, "--fresh")
    assert fresh.returncode == 0
    assert fresh.stderr.count("N612") == 1


def test_the_store_is_shown_bounded_and_cleared(folder):
    assert run(folder).returncode == 0

    def store(*more):
        command = [sys.executable, "-m", "carbonspec", "store", *more]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    known = json.loads(store("--json").stdout)
    entries = list((folder / "out" / ".store").glob("??/*.json"))
    assert known["results"] == len(entries)
    assert known["bytes"] == sum(p.stat().st_size for p in entries)
    assert known["limit"] == 1 << 30
    assert "of at most 1 GB" in store().stdout
    assert store("--limit", "much").returncode == 4
    assert "of at most 1 KB" in store("--limit", "1k").stdout
    assert len(list((folder / "out" / ".store").glob("??/*.json"))) < len(entries)
    assert run(folder).returncode == 0
    assert "nothing estimated, 4 reused" in run(folder).stdout  # what a run needs stays, whatever the limit
    assert f"{len(entries)} results removed" in store("--clear").stdout
    assert json.loads(store("--json").stdout)["results"] == 0
    assert Path(folder / "out" / "small" / "report.md").exists()


def test_a_store_that_cannot_be_cleared_says_so(monkeypatch, capsys, tmp_path):
    from carbonspec.cli import main
    from carbonspec.engine import store

    monkeypatch.chdir(tmp_path)
    store.Store("out/.store").put("ab" * 32, "{}")
    monkeypatch.setattr(store.os, "unlink", lambda path: (_ for _ in ()).throw(PermissionError(13, "not allowed")))
    assert main(["store", "--clear"]) == 1
    said = capsys.readouterr()
    assert "0 results removed" in said.out
    assert "1 result in `out/.store` cannot be removed" in said.err
