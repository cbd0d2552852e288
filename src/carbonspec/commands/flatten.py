"""`carbonspec flatten`."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from carbonspec import api
from carbonspec.commands.places import no_place
from carbonspec.console import counted, tell
from carbonspec.diagnostics.model import SpecError
from carbonspec.exit_status import FAILED, FINE, WRONG_SPEC


def main(options: Namespace) -> int:
    """Options → exit status."""
    out = options.out
    hindered = None if out is None else no_place(out, options.force)
    if hindered is not None:
        tell((hindered,))
        return FAILED
    folder = None if out is None else os.path.dirname(out) or os.curdir
    try:
        text, parsed = api.flatten(options.spec, folder, tuple(options.allow))
    except SpecError as problem:
        tell(problem.diagnostics)
        return WRONG_SPEC
    tell(parsed.diagnostics)
    if not parsed.ok:
        print(f"{options.spec}: {counted(parsed.diagnostics)}; not flattened", file=sys.stderr)
        return WRONG_SPEC
    if out is None:
        print(text, end="")
        return FINE
    api.write_text(out, text)
    print(f"{out}: written")
    return FINE
