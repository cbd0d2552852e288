"""How a run tells what it is doing. The engine calls it; the console shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told about every task of a plan, from whichever thread does it."""

    def begin(self, total: int, reused: int) -> None:
        """`total` tasks will be done; `reused` results are there already."""

    def start(self, task: str) -> None: ...

    def part(self, task: str, done: int, total: int) -> None:
        """So many of a task's draws are done."""

    def finish(self, task: str, failed: bool) -> None: ...


class Silent:
    """Says nothing."""

    def begin(self, total: int, reused: int) -> None:
        """Nothing to show."""

    def start(self, task: str) -> None:
        """Nothing to show."""

    def part(self, task: str, done: int, total: int) -> None:
        """Nothing to show."""

    def finish(self, task: str, failed: bool) -> None:
        """Nothing to show."""
