"""Real git repositories in temporary folders, with carbonspec set up in them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import carbonspec

SOURCE = str(Path(carbonspec.__file__).parents[1])
DATA = "firm,year,y,x,z\n" + "".join(
    f"{firm},{year},{firm * 3 + year % 7 + firm * year % 5},{firm + year % 3},{(firm * year) % 11}\n"
    for firm in range(1, 9)
    for year in range(2010, 2018)
)
SPEC = """study "Growth"

data firms from "firms.csv"
panel firms
  id firm
  time year

let controls = z
model base: y ~ x + controls | fe(id)
model early: base where year <= 2016

hypothesis H1: base[1].x > 0
table 1 "Benchmark": base
table 2 "Early": early
"""


class Repo:
    """A repository with one spec and its data, committed on `main`."""

    def __init__(self, folder: Path, *, installed: bool = True) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main", ".")
        self.write("specs/paper.cspec", SPEC)
        self.write("specs/firms.csv", DATA)
        if installed:
            self.run("git", "install")
        self.commit("first")

    @property
    def env(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") and k != "NO_COLOR"}
        who = {f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        return (
            kept
            | who
            | {
                "PYTHONPATH": SOURCE,
                "HOME": str(self.folder),
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_CONFIG_NOSYSTEM": "1",
                "COLUMNS": "80",
            }
        )

    def git(self, *arguments: str, ok: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=self.env | env, capture_output=True, text=True, check=False
        )
        assert not ok or done.returncode == 0, done.stdout + done.stderr
        return done

    def run(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """A carbonspec command."""
        return subprocess.run(
            [sys.executable, "-m", "carbonspec", *arguments],
            cwd=self.folder,
            env=self.env | env,
            capture_output=True,
            text=True,
            check=False,
        )

    def path(self, name: str) -> Path:
        return self.folder / name

    def read(self, name: str = "specs/paper.cspec") -> str:
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(text, encoding="utf-8")

    def edit(self, *edits: tuple[str, str], name: str = "specs/paper.cspec") -> None:
        text = self.read(name)
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new)
        self.write(name, text)

    def commit(self, message: str, *options: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message, *options)
