"""Whole-command times of `carbonspec run` after a change of the paper's spec, results of the run before being stored.

    python benchmarks/only_what_changed.py [--rounds 5]

Goal: after a change of one control in one model the whole command takes under 1.5 s. A changed label or digit
estimates nothing. The counts are held by tests; here is the time.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SPECS = Path(__file__).parent.parent / "specs"
CHANGES = {
    "nothing changed": (),
    "a label": (('var Rpc "Regional production capacity"', 'var Rpc "Capacity"'),),
    "digits": (("  parentheses t #", "  digits 4\n  parentheses t #"),),
    "one control of one model": (("model to_2018: benchmark where", "model to_2018: benchmark - Rpc where"),),
    "a control of the model others derive from": (("csw0(Ei, Fin, Gdp, Ind)", "csw0(Ei, Fin, Gdp, log(Ind))"),),
    "standard errors of one model": (("benchmark where year <= 2018", "benchmark se iid where year <= 2018"),),
}


def run(folder: Path, *specs: str) -> tuple[float, float, str]:
    """(seconds from fork to exit, of them processor time, the lines that say how much was estimated)."""
    command = [sys.executable, "-m", "carbonspec", "run", *specs, "--quiet"]
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1), done.stderr  # 1: a change may well miss an `expect`
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (
        seconds,
        processor,
        "; ".join(line.split(" s ·")[0] for line in done.stdout.splitlines() if " reused, " in line),
    )


def tell(what: str, rounds: list[tuple[float, float, str]]) -> None:
    """One line: medians over the rounds."""
    seconds = statistics.median(wall for wall, _, _ in rounds)
    processor = statistics.median(cpu for _, cpu, _ in rounds)
    print(f"{what:<44} {seconds:6.2f} s, processor {processor:5.2f} s  {rounds[-1][2]}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shutil.copytree(SPECS, folder, dirs_exist_ok=True)
        text = (folder / "paper.cspec").read_text(encoding="utf-8")
        tell("cold", [run(folder, "paper.cspec")])
        shutil.copytree(folder / "out", folder / "kept")
        for what, changes in CHANGES.items():
            changed = text
            for before, after in changes:
                assert before in changed, before
                changed = changed.replace(before, after)
            (folder / "paper.cspec").write_text(changed, encoding="utf-8")
            times = []
            for _ in range(rounds):
                shutil.rmtree(folder / "out")
                shutil.copytree(folder / "kept", folder / "out")
                times.append(run(folder, "paper.cspec"))
            tell(what, times)
        (folder / "paper.cspec").write_text(text, encoding="utf-8")
        shutil.rmtree(folder / "out")
        copies = [f"copy_{number}.cspec" for number in range(3)]
        for number, name in enumerate(copies):
            where = f"model to_2018: benchmark where year <= {2016 + number}"
            (folder / name).write_text(text.replace("model to_2018: benchmark where year <= 2018", where), "utf-8")
        tell("three variants side by side, cold", [run(folder, *copies)])


if __name__ == "__main__":
    main()
