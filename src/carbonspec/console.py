"""What a person sees in the terminal: problems, progress, results."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from carbonspec.diagnostics.model import Diagnostic

if TYPE_CHECKING:
    from pathlib import Path

    from carbonspec.engine.progress import Progress
    from carbonspec.results import Comparison, Outcome, StudyResult


SHOWN = 50
"""Diagnostics printed at once: nobody mends more before trying again."""


def tell(diagnostics: Iterable[Diagnostic], *, concise: bool = False) -> None:
    """Diagnostics on standard error, as a person reads them."""
    found = tuple(diagnostics)
    if not found:
        return
    if concise:
        from carbonspec.diagnostics.renderers.concise import render
    else:
        from carbonspec.diagnostics.renderers.full import render
    print(render(found[:SHOWN]), file=sys.stderr, end="")
    if len(found) > SHOWN:
        print(f"… and {counted(found[SHOWN:])} more; `check --json` lists all\n", file=sys.stderr)


def counted(diagnostics: Iterable[Diagnostic]) -> str:
    """ "2 errors, 1 warning"."""
    found = tuple(diagnostics)
    parts = []
    for severity in ("error", "warning", "note"):
        number = sum(d.severity == severity for d in found)
        if number:
            parts.append(f"{number} {severity}{'s' if number > 1 else ''}")
    return ", ".join(parts) or "no problems"


def said(diagnostic: Diagnostic) -> tuple[object, ...]:
    """What is the same of a remark on a base, whichever of its variants is read."""
    span = diagnostic.span
    place = (os.path.realpath(span.source.name), span.start, span.end) if span is not None else None
    return diagnostic.code, diagnostic.message, place


class ShownProgress:
    """A live bar on a terminal, nothing elsewhere. It goes away when the run is done."""

    def __init__(self, *, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._bar: Any = None

    def __enter__(self) -> Progress:
        from carbonspec.engine.progress import Silent

        if not self._shown:
            return Silent()
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description:<40.40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._bar.start()
        return Live(self._bar)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


class Live:
    """Progress on a rich bar."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._task = bar.add_task("checking", total=None)
        self._running: dict[str, None] = {}
        from threading import Lock

        self._lock = Lock()

    def begin(self, total: int, reused: int) -> None:
        """The number of tasks is known."""
        text = f"{reused} results reused" if not total else "starting"
        self._bar.update(self._task, total=max(total, 1), completed=0 if total else 1, description=text)

    def start(self, task: str) -> None:
        """A task begins: its name is shown."""
        with self._lock:
            self._running[task] = None
            self._bar.update(self._task, description=task)

    def part(self, task: str, done: int, total: int) -> None:
        """Some of a task's draws are done: how many is shown with its name."""
        self._bar.update(self._task, description=f"{task} {done:,}/{total:,}")

    def finish(self, task: str, failed: bool) -> None:
        """A task is over."""
        with self._lock:
            self._running.pop(task, None)
            shown = next(iter(self._running), task + (" failed" if failed else ""))
            self._bar.update(self._task, advance=1, description=shown)


def show_run(result: StudyResult, folder: Path | None, *, quiet: bool) -> None:
    """Tables, claims and where the files are; warnings on standard error."""
    from rich.console import Console

    from carbonspec.report.renderers.terminal import show, show_summary

    tell(result.run.warnings)
    console = Console(highlight=False)
    if not quiet:
        show(result.run, console)
    show_summary(result.run, console)
    console.print(_last_line(result, folder), style="dim")


def show_outcome(outcome: Outcome, folder: Path | None) -> None:
    """One of several runs: what was missed or failed, and the last line."""
    from rich.console import Console

    from carbonspec.report.renderers.terminal import show_missed

    assert outcome.result is not None
    console = Console(highlight=False)
    console.print(outcome.path, style="bold", markup=False, soft_wrap=True)
    show_missed(outcome.result.run, console)
    console.print(_last_line(outcome.result, folder), style="dim", soft_wrap=True)


def show_comparison(made: Comparison, out: str | None) -> None:
    """The same numbers in all runs, and where they were written."""
    from rich.console import Console

    from carbonspec.report.compose.comparison import compose_comparison
    from carbonspec.report.renderers.terminal import show_table

    console = Console(highlight=False)
    console.print()
    show_table(compose_comparison(made.variants, made.subjects), console)
    if out is not None:
        console.print()
        console.print(f"{os.path.join(os.path.relpath(out), 'comparison.html')}", style="dim", soft_wrap=True)


def _last_line(result: StudyResult, folder: Path | None) -> str:
    facts = result.run.provenance
    estimated = f"{facts.tasks_run} estimated" if facts.tasks_run else "nothing estimated"
    line = f"{estimated}, {facts.tasks_reused} reused, {facts.seconds:.2f} s"
    return line if folder is None else f"{line} · {os.path.relpath(folder)}/report.html"
