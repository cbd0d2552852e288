"""`carbonspec run`."""

from __future__ import annotations

import sys
from argparse import Namespace

from carbonspec import api
from carbonspec.console import ShownProgress, counted, show_run, tell
from carbonspec.diagnostics.model import DataError, Diagnostic, SpecError
from carbonspec.exit_status import FAILED, FINE, WRONG_DATA, WRONG_SPEC


def main(options: Namespace) -> int:
    """Options → exit status."""
    from carbonspec.engine.write import NotOurFolder

    try:
        with ShownProgress(quiet=options.quiet or options.json) as progress:
            result = api.run(
                options.spec,
                out=options.out,
                fresh=options.fresh,
                jobs=options.jobs,
                allowed=tuple(options.allow),
                only=tuple(options.only),
                progress=progress,
            )
    except SpecError as problem:
        tell(problem.diagnostics)
        print(f"{options.spec}: {counted(problem.diagnostics)}; nothing was estimated", file=sys.stderr)
        return WRONG_SPEC
    except DataError as problem:
        tell(problem.diagnostics)
        print(f"{options.spec}: {counted(problem.diagnostics)} in the data; nothing was estimated", file=sys.stderr)
        return WRONG_DATA
    try:
        folder = None if options.only else result.write(options.out)
    except NotOurFolder as problem:
        helps = ("choose another folder with --out, or move the files away",)
        message = f"`{problem}` holds files and none says that carbonspec made it; nothing was written"
        tell((Diagnostic("E603", "error", message, None, helps),))
        return FAILED
    except OSError as problem:
        print(f"carbonspec: the results could not be written: {problem}", file=sys.stderr)
        return FAILED
    if options.json:
        from carbonspec.report.renderers.json import render

        print(render(result.run), end="")
    else:
        show_run(result, folder, quiet=options.quiet)
    return FINE if result.ok else FAILED
