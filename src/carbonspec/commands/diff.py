"""`carbonspec diff`."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from carbonspec.console import counted, said, tell
from carbonspec.diagnostics.model import ERROR, DataError, Diagnostic, SpecError
from carbonspec.exit_status import FAILED, FINE, USAGE, WRONG_DATA, WRONG_SPEC
from carbonspec.git.repository import GitError
from carbonspec.versions.comparing import diff


def main(options: Namespace) -> int:
    """Options → exit status."""
    if len(options.versions) > 2:
        print("carbonspec diff: at most two versions are compared", file=sys.stderr)
        return USAGE
    unread: list[Diagnostic] = []
    try:
        results = options.out if options.results else None
        found = diff(*options.versions, results=results, allowed=tuple(options.allow), unread=unread)
    except SpecError as problem:
        tell(problem.diagnostics)
        print(f"carbonspec diff: {counted(problem.diagnostics)}; nothing was compared", file=sys.stderr)
        return WRONG_SPEC
    except GitError as problem:
        print(f"carbonspec diff: git says: {problem}", file=sys.stderr)
        return WRONG_SPEC
    except DataError as problem:
        tell(problem.diagnostics)
        print(f"carbonspec diff: {counted(problem.diagnostics)} in the data", file=sys.stderr)
        return WRONG_DATA
    shown = [(one.changes, one.movement) for one in found]
    if options.json:
        from carbonspec.compare.renderers.json import render_all

        print(render_all(shown), end="")
    elif options.markdown:
        from carbonspec.compare.renderers.markdown import render_all as as_markdown

        print(as_markdown(shown), end="")
    else:
        from carbonspec.compare.renderers.terminal import render_all as as_text

        print(as_text(shown, width=_width(), colour=colours()), end="")
    if unread:
        unread = list({said(d): d for d in unread if d.severity == ERROR}.values())
        tell(tuple(unread))
        print(f"carbonspec diff: {counted(unread)}; the specs concerned were not compared", file=sys.stderr)
        return WRONG_SPEC
    return FAILED if options.exit_code and any(changes for changes, _ in shown) else FINE


def _width() -> int:
    try:
        return os.get_terminal_size().columns
    except OSError:
        return 80


def colours() -> bool:
    """Whether what is printed may be coloured: on a terminal or in git's pager, unless NO_COLOR says no."""
    if os.environ.get("NO_COLOR"):
        return False
    return sys.stdout.isatty() or os.environ.get("GIT_PAGER_IN_USE") in ("true", "1")
