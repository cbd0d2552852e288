"""`check`, `fmt`, `plan` and `explain` never load a numerical library."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SPECS = Path(__file__).parents[2] / "specs"
HEAVY = ("numpy", "pandas", "scipy", "statsmodels", "linearmodels", "rich", "pyarrow", "numba", "dataclasses")
PROGRAM = """
import json, sys
from carbonspec.cli import main
status = main(sys.argv[1:])
print(json.dumps([status, sorted(sys.modules)]))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", str(SPECS / "paper.cspec")],
        ["fmt", "--check", str(SPECS / "paper.cspec")],
        ["plan", str(SPECS / "paper.cspec")],
        ["explain", "E210"],
        ["diff", str(SPECS / "paper.cspec"), str(SPECS / "grunfeld.cspec")],
        ["git", "textconv", str(SPECS / "paper.cspec")],
        ["check", "--json", str(SPECS / "grunfeld.cspec")],
    ],
    ids=lambda arguments: arguments[0],
)
def test_static_commands_load_no_numerical_library(arguments):
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    status, modules = json.loads(done.stdout.splitlines()[-1])
    assert status == 0, done.stdout + done.stderr
    assert [name for name in HEAVY if name in modules] == []
    assert "carbonspec.lang.parse" in modules or arguments[0] == "explain"


def test_importing_the_package_loads_nothing():
    program = "import sys; import carbonspec; print(sorted(m for m in sys.modules if m.startswith('carbonspec')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['carbonspec']"


def test_a_warm_run_reads_no_data(tmp_path):
    run = ["run", str(SPECS / "paper.cspec"), "--quiet", "--out", str(tmp_path / "out")]
    subprocess.run([sys.executable, "-c", PROGRAM, *run], capture_output=True, check=True)
    done = subprocess.run([sys.executable, "-c", PROGRAM, *run], capture_output=True, text=True, check=True)
    status, modules = json.loads(done.stdout.splitlines()[-1])
    assert status == 0, done.stdout + done.stderr
    assert [name for name in ("pandas", "statsmodels", "linearmodels", "pyarrow") if name in modules] == []
