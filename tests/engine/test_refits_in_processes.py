"""Columns whose draws are refitted by several processes: from any kind of program, interrupted, one number of jobs or
another."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.engine.test_drawn_errors import HEAD, frame

import carbonspec as cs
from carbonspec.econometrics.bootstrap import processes as place

BODIES = {
    "random effects": "model m: y ~ x + z | re(firm) se bootstrap(40, interval = bca)",
    "instruments": "model m: y ~ x | fe(firm) | iv(x ~ z) se bootstrap(40)",
    "gmm": "model m: y ~ L.y | gmm(y, lags = 2..3) using difference, twostep, collapse se bootstrap(40)",
    "ppml": "model m: count ~ x + z | fe(firm) using ppml se bootstrap(40)",
    "jackknife": "model m: y ~ x + z | re(firm) se crv3(firm)",
}

PROGRAM = """
import os, signal, sys
import carbonspec.econometrics.bootstrap.processes as place
place.WORTH = place.LEAST = place.RUNNING_LEAST = -1.0
start = place._started
def noted():
    worker = start()
    print(worker.process.pid, flush=True)
    return worker
place._started = noted
"""
RUN = "import carbonspec as cs\ncs.run('s.cspec', jobs=2, fresh=True)\nprint('once')\n"


def study(folder, body):
    data = frame(units=30, periods=8)
    data["count"] = np.random.default_rng(1).poisson(np.exp(0.3 * data["x"].clip(-3, 3)))
    data.to_csv(folder / "firms.csv", index=False)
    text = HEAD + body + "\ntable 1: m\n"
    (folder / "s.cspec").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_number_of_jobs_moves_no_bit(body, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("WORTH", "LEAST", "RUNNING_LEAST"):
        monkeypatch.setattr(place, name, -1.0)
    prepare, began = place.Processes.prepare, place._Worker.give
    helped = []

    def ready(self, solve):
        content = prepare(self, solve)
        end = time.monotonic() + 60
        while content is not None and self.free(content) is None:
            assert time.monotonic() < end
            time.sleep(0.01)
        return content

    monkeypatch.setattr(place.Processes, "prepare", ready)
    monkeypatch.setattr(place._Worker, "give", lambda *a: helped.append(1) or began(*a))
    study(tmp_path, body)
    alone = cs.run("s.cspec", jobs=1, fresh=True).run.models["m"][0]
    assert alone.failure is None, alone.failure
    assert not helped
    both = cs.run("s.cspec", jobs=2, fresh=True).run.models["m"][0]
    assert both.failure is None, both.failure
    assert helped
    np.testing.assert_array_equal(alone.fit.vcov, both.fit.vcov)
    if alone.fit.resampled is not None:
        for name in ("p_values", "low", "high", "bias"):
            np.testing.assert_array_equal(getattr(alone.fit.resampled, name), getattr(both.fit.resampled, name))


@pytest.mark.parametrize("how", ["script", "command", "standard input"])
def test_any_program_may_run_a_study(tmp_path, how):
    """A program without an `if __name__ == "__main__"` is run once, not once by each process."""
    study(tmp_path, BODIES["gmm"])
    (tmp_path / "program.py").write_text(PROGRAM + RUN, encoding="utf-8")
    command = {"script": ["program.py"], "command": ["-c", PROGRAM + RUN], "standard input": ["-"]}[how]
    given = PROGRAM + RUN if how == "standard input" else None
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == ["once"]
    assert not done.stderr


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes where Linux shows them")
@pytest.mark.parametrize("sign", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_an_interrupted_run_leaves_no_process(tmp_path, sign):
    study(tmp_path, BODIES["random effects"].replace("(40", "(1000000"))
    stop = f"""
real = place._Worker.give
def give(*arguments):
    os.kill(os.getpid(), signal.{sign})
    return real(*arguments)
place._Worker.give = give
from carbonspec.cli import main
sys.exit(main(["run", "s.cspec", "--jobs", "2", "--quiet"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM + stop], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    if sign == "SIGINT":
        assert done.returncode == 130
        assert done.stderr == "carbonspec: interrupted; nothing was written\n"
    else:
        assert done.returncode < 0
    assert not (tmp_path / "out" / "s").exists()
    (pid,) = done.stdout.split()
    end = time.monotonic() + 30
    while alive(pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(pid):
    """Whether a process runs; one that only waits for its end to be noted does not."""
    try:
        stat = Path("/proc", pid, "stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z" and int(pid) != os.getpid()
