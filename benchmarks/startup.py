"""Whole-process times of the commands, as ratios to a bare interpreter, all in one run.

    python benchmarks/startup.py [--rounds 15]

Goals: `check`, `fmt` and `plan` at most 6 times `python -c pass`; `run specs/paper.cspec` cold under 5 s, warm
under 1.5 s.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAPER = str(ROOT / "specs" / "paper.cspec")
CARBONSPEC = str(Path(sys.executable).parent / "carbonspec")


def seconds(command: list[str]) -> float:
    """Wall time of one process, from fork to exit."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=15)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        out = str(Path(scratch) / "out")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "carbonspec check": [CARBONSPEC, "check", PAPER],
            "carbonspec fmt --check": [CARBONSPEC, "fmt", "--check", PAPER],
            "carbonspec plan": [CARBONSPEC, "plan", PAPER, "--out", out],
            "importing pandas, statsmodels, linearmodels, lark, rich": [
                sys.executable,
                "-c",
                "import pandas, statsmodels.api, linearmodels, lark, rich",
            ],
        }
        for command in commands.values():
            seconds(command)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                times[name].append(seconds(command))
        bare = statistics.median(times["python -c pass"])
        for name, found in times.items():
            middle = statistics.median(found)
            print(f"{name:<56} {middle * 1e3:8.1f} ms  x{middle / bare:.1f}")
        run = [CARBONSPEC, "run", PAPER, "--quiet", "--out", out]
        cold = []
        for _ in range(3):
            shutil.rmtree(out, ignore_errors=True)
            cold.append(seconds(run))
        warm = [seconds(run) for _ in range(5)]
        print(f"{'carbonspec run specs/paper.cspec, cold':<56} {statistics.median(cold):8.2f} s")
        print(f"{'carbonspec run specs/paper.cspec, warm':<56} {statistics.median(warm):8.2f} s")


if __name__ == "__main__":
    main()
