"""`carbonspec fmt`."""

from __future__ import annotations

import sys
from argparse import Namespace

from carbonspec import api
from carbonspec.console import counted, tell
from carbonspec.diagnostics.model import SpecError
from carbonspec.exit_status import FAILED, FINE, WRONG_SPEC


def main(options: Namespace) -> int:
    """Options → exit status."""
    if options.spec == ["-"]:
        text, parsed = api.format_text(sys.stdin.read())
        tell(parsed.diagnostics)
        if parsed.ok:
            print(text, end="")
        return FINE if parsed.ok else WRONG_SPEC
    status, changed = FINE, 0
    for path in options.spec:
        try:
            text, parsed = api.fmt(path)
        except SpecError as problem:
            tell(problem.diagnostics)
            status = WRONG_SPEC
            continue
        if not parsed.ok:
            tell(parsed.diagnostics)
            print(f"{path}: {counted(parsed.diagnostics)}; not formatted", file=sys.stderr)
            status = WRONG_SPEC
        elif text != api.read_text(path):
            changed += 1
            if options.check:
                print(f"{path}: would be rewritten")
            else:
                api.write_text(path, text)
                print(f"{path}: rewritten")
    if options.check and changed and status == FINE:
        return FAILED
    return status
