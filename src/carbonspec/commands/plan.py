"""`carbonspec plan`."""

from __future__ import annotations

from argparse import Namespace

from carbonspec import api
from carbonspec.console import tell
from carbonspec.diagnostics.model import SpecError
from carbonspec.exit_status import FINE, WRONG_SPEC


def main(options: Namespace) -> int:
    """Options → exit status."""
    from carbonspec.planner.reasons import REUSED
    from carbonspec.planner.show import mermaid, outline, why, why_json

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
        return FINE
    found = api.reasons(made, options.spec, options.out)
    if options.json:
        print(why_json(found, options.spec), end="")
    elif options.why:
        print(why(found), end="")
    else:
        print(outline(made, {reason.task.key for reason in found if reason.cause == REUSED}), end="")
    return FINE
