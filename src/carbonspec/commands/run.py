"""`carbonspec run`."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from carbonspec import api
from carbonspec.console import ShownProgress, counted, show_run, tell
from carbonspec.diagnostics.model import DataError, Diagnostic, SpecError
from carbonspec.exit_status import FAILED, FINE, WRONG_DATA, WRONG_SPEC

if TYPE_CHECKING:
    from pathlib import Path

    from carbonspec.results import StudyResult


def main(options: Namespace) -> int:
    """Options → exit status."""
    if len(options.spec) > 1 or options.compare:
        from carbonspec.commands.side_by_side import side_by_side

        return side_by_side(options)
    spec = options.spec[0]
    try:
        with ShownProgress(quiet=options.quiet or options.json) as progress:
            result = api.run(
                spec,
                out=options.out,
                fresh=options.fresh,
                jobs=options.jobs,
                allowed=tuple(options.allow),
                only=tuple(options.only),
                progress=progress,
            )
    except SpecError as problem:
        tell(problem.diagnostics)
        print(f"{spec}: {counted(problem.diagnostics)}; nothing was estimated", file=sys.stderr)
        return WRONG_SPEC
    except DataError as problem:
        tell(problem.diagnostics)
        print(f"{spec}: {counted(problem.diagnostics)} in the data; nothing was estimated", file=sys.stderr)
        return WRONG_DATA
    folder, failure = written(result, options)
    tell(result.remarks)
    if options.json:
        from carbonspec.report.renderers.json import render

        print(render(result.run), end="")
    else:
        show_run(result, folder, quiet=options.quiet)
    if failure is not None:
        tell((failure,))
    return FINE if result.ok and failure is None else FAILED


def written(result: StudyResult, options: Namespace) -> tuple[Path | None, Diagnostic | None]:
    """Where the outputs were written, and why they could not be."""
    from carbonspec.engine.write import NotOurFolder

    if options.only:
        return None, None
    try:
        return result.write(options.out), None
    except NotOurFolder as problem:
        helps = ("choose another folder with --out, or move the files away",)
        message = f"`{problem}` holds files and none says that carbonspec made it; nothing was written"
        return None, Diagnostic("E603", "error", message, None, helps)
    except OSError as problem:
        helps = ("free some space or choose another folder with --out; the results are stored, if that was possible",)
        message = f"the outputs cannot be written below `{options.out}` ({problem.strerror}); what was there stays"
        return None, Diagnostic("E613", "error", message, None, helps)
