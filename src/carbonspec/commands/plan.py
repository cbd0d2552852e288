"""`carbonspec plan`."""

from __future__ import annotations

from argparse import Namespace

from carbonspec import api
from carbonspec.console import tell
from carbonspec.diagnostics.model import SpecError
from carbonspec.exit_status import FINE, WRONG_SPEC


def main(options: Namespace) -> int:
    """Options → exit status."""
    from carbonspec.planner.show import mermaid, outline

    try:
        study = api.check(options.spec, allowed=tuple(options.allow))
        if not study.ok:
            raise SpecError(study.diagnostics)
        made = api.plan(study, allowed=tuple(options.allow))
    except SpecError as problem:
        tell(problem.diagnostics)
        return WRONG_SPEC
    if options.mermaid:
        print(mermaid(made), end="")
    else:
        known = api.stored_keys(made, options.out)
        print(outline(made, known), end="")
    return FINE
