"""`carbonspec run` with several specs, or with --compare."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from carbonspec.commands.writing import written
from carbonspec.console import ShownProgress, counted, show_comparison, show_outcome, tell
from carbonspec.diagnostics.model import Diagnostic, SpecError
from carbonspec.exit_status import FAILED, FINE, USAGE, WRONG_DATA, WRONG_SPEC
from carbonspec.side_by_side import run_all

if TYPE_CHECKING:
    from carbonspec.results import Comparison, Outcome


def side_by_side(options: Namespace) -> int:
    """Options → exit status: the worst of all specs."""
    try:
        with ShownProgress(quiet=options.quiet or options.json) as progress:
            made = run_all(
                options.spec,
                compare=[text for given in options.compare for text in _listed(given)],
                out=options.out,
                fresh=options.fresh,
                jobs=options.jobs,
                allowed=tuple(options.allow),
                only=tuple(options.only),
                progress=progress,
            )
    except SpecError as problem:
        tell(problem.diagnostics)
        return USAGE
    told: set[tuple[str, str]] = set()
    status = FINE
    for outcome in made.outcomes:
        status = max(status, _tell(outcome, told, options))
    failure = _write(made, options)
    finished = [outcome.result for outcome in made.outcomes if outcome.result is not None]
    if finished:
        tell(finished[-1].remarks)  # they share a store: the last one knows all that was found
    if options.json:
        from carbonspec.report.renderers.json import render_comparison

        print(render_comparison(made.variants, made.subjects), end="")
    else:
        show_comparison(made, None if options.only or failure else options.out)
    if failure is not None:
        tell((failure,))
        status = max(status, FAILED)
    return status


def _tell(outcome: Outcome, told: set[tuple[str, str]], options: Namespace) -> int:
    """What became of one spec, with the problems that no spec before it had; its exit status."""
    if outcome.result is None:
        tell(outcome.diagnostics)
        where = " in the data" if outcome.in_data else ""
        print(f"{outcome.path}: {counted(outcome.diagnostics)}{where}; nothing was estimated", file=sys.stderr)
        return WRONG_DATA if outcome.in_data else WRONG_SPEC
    warnings = [d for d in outcome.result.run.warnings if (d.code, d.message) not in told]
    told.update((d.code, d.message) for d in warnings)
    tell(warnings)
    folder, failure = written(outcome.result, options)
    if not options.json:
        show_outcome(outcome, folder)
    if failure is not None:
        tell((failure,))
    return FINE if outcome.result.ok and failure is None else FAILED


def _write(made: Comparison, options: Namespace) -> Diagnostic | None:
    """Write the comparison; why that was not possible."""
    if options.only:
        return None
    try:
        made.write_comparison(options.out)
    except OSError as problem:
        place = os.path.join(options.out, "comparison.*")
        message = f"the comparison cannot be written to `{place}` ({problem.strerror}); what was there stays"
        return Diagnostic("E613", "error", message, None, ("free some space or choose another folder with --out",))
    return None


def _listed(text: str) -> list[str]:
    """A list as the person wrote it: commas inside brackets belong to their item."""
    items, depth = [""], 0
    for sign in text:
        depth += (sign in "[(") - (sign in "])")
        if sign == "," and depth == 0:
            items.append("")
        else:
            items[-1] += sign
    return [item.strip() for item in items if item.strip()]
