"""`carbonspec run`."""

from __future__ import annotations

import sys
from argparse import Namespace

from carbonspec import api
from carbonspec.commands.writing import written
from carbonspec.console import ShownProgress, counted, show_run, tell
from carbonspec.diagnostics.model import DataError, SpecError
from carbonspec.exit_status import FAILED, FINE, WRONG_DATA, WRONG_SPEC


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
