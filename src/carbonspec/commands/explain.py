"""`carbonspec explain`."""

from __future__ import annotations

import sys
from argparse import Namespace

from carbonspec.exit_status import FINE, USAGE


def main(options: Namespace) -> int:
    """Options → exit status."""
    from carbonspec.diagnostics.codes.all import CODES
    from carbonspec.diagnostics.explanation import explanation

    if options.code is None:
        for code in sorted(CODES):
            print(f"{code}  {CODES[code].title}")
        return FINE
    found = CODES.get(options.code.upper())
    if found is None:
        from carbonspec.diagnostics.suggestions import did_you_mean

        close = did_you_mean(options.code.upper(), CODES)
        hint = f"; did you mean {close}?" if close else "; `carbonspec explain` lists all"
        print(f"carbonspec: there is no code {options.code}{hint}", file=sys.stderr)
        return USAGE
    print(explanation(found), end="")
    return FINE
