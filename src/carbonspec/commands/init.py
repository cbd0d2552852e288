"""`carbonspec init`."""

from __future__ import annotations

import os
import shlex
import sys
from argparse import Namespace

from carbonspec import api
from carbonspec.commands.places import no_place
from carbonspec.console import tell
from carbonspec.diagnostics.model import DataError
from carbonspec.exit_status import FAILED, FINE, WRONG_DATA


def main(options: Namespace) -> int:
    """Options → exit status."""
    out = options.out
    if out is not None:
        if os.path.isdir(out) or out.endswith(os.sep):
            named = (
                os.path.splitext(os.path.basename(options.data[0]))[0] if os.path.exists(options.data[0]) else "study"
            )
            out = os.path.join(out, named + ".cspec")
        problem = no_place(out, options.force)
        if problem is not None:
            tell((problem,))
            return FAILED
    folder = None if out is None else os.path.dirname(out) or os.curdir
    try:
        text = api.init(*options.data, folder=folder, encoding=options.encoding, sheet=options.sheet)
    except DataError as failure:
        tell(failure.diagnostics)
        return WRONG_DATA
    if out is None:
        print(text, end="")
        if sys.stdout.isatty():
            print("carbonspec: nothing was written; `-o study.cspec` keeps this text", file=sys.stderr)
        return FINE
    api.write_text(out, text)
    print(f"{out}: written; now edit it, then `carbonspec check --data {shlex.quote(out)}`")
    return FINE
