"""`carbonspec plan`."""

from __future__ import annotations

import os
from argparse import Namespace

from carbonspec import api
from carbonspec.console import tell
from carbonspec.diagnostics.model import SpecError
from carbonspec.exit_status import FINE, WRONG_SPEC
from carbonspec.planner.task import STORED


def main(options: Namespace) -> int:
    """Options → exit status."""
    try:
        study = api.check(options.spec, allowed=tuple(options.allow))
        if not study.ok:
            raise SpecError(study.diagnostics)
        made = api.plan(study, allowed=tuple(options.allow), store=os.path.join(options.out, api.STORE))
    except SpecError as problem:
        tell(problem.diagnostics)
        return WRONG_SPEC
    if options.mermaid:
        from carbonspec.planner.show import mermaid

        print(mermaid(made), end="")
    elif options.json or options.why:
        from carbonspec.planner.why import why, why_json

        found = api.reasons(made, options.spec, options.out)
        print(why_json(found, options.spec) if options.json else why(found), end="")
    else:
        from carbonspec.planner.show import outline

        known = {key for key, state in api.states(made, options.out).items() if state == STORED}
        print(outline(made, known), end="")
    return FINE
