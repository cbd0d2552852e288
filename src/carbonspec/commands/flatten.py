"""`carbonspec flatten`."""

from __future__ import annotations

import os
from argparse import Namespace

from carbonspec import api
from carbonspec.console import counted, tell
from carbonspec.diagnostics.model import Diagnostic, SpecError
from carbonspec.exit_status import FAILED, FINE, WRONG_SPEC


def main(options: Namespace) -> int:
    """Options → exit status."""
    out = options.out
    if out is not None and os.path.exists(out) and not options.force:
        helps = ("choose another name with `-o`, or add `--force`",)
        tell((Diagnostic("E622", "error", f"`{out}` exists already and was left alone", None, helps),))
        return FAILED
    folder = None if out is None else os.path.dirname(out) or os.curdir
    try:
        text, parsed = api.flatten(options.spec, folder, tuple(options.allow))
    except SpecError as problem:
        tell(problem.diagnostics)
        return WRONG_SPEC
    tell(parsed.diagnostics)
    if not parsed.ok:
        print(f"{options.spec}: {counted(parsed.diagnostics)}; not flattened")
        return WRONG_SPEC
    if out is None:
        print(text, end="")
        return FINE
    api.write_text(out, text)
    print(f"{out}: written")
    return FINE
