"""`carbonspec check`."""

from __future__ import annotations

from argparse import Namespace

from carbonspec import api
from carbonspec.console import counted, said, tell
from carbonspec.diagnostics.model import DataError, Diagnostic, SpecError
from carbonspec.exit_status import FINE, WRONG_DATA, WRONG_SPEC


def main(options: Namespace) -> int:
    """Options → exit status."""
    status = FINE
    everything: list[Diagnostic] = []
    shown: set[tuple[object, ...]] = set()
    for path in options.spec:
        try:
            study = api.check(path, allowed=tuple(options.allow))
            found = list(study.diagnostics)
            if study.ok and options.data:
                found += api.check_data(study, allowed=tuple(options.allow))
        except (SpecError, DataError) as problem:
            study, found = None, list(problem.diagnostics)
        wrong = [d for d in found if d.severity == "error"]
        if wrong:
            in_data = all(d.code.startswith("E4") for d in wrong)
            status = max(status, WRONG_DATA) if in_data and status != WRONG_SPEC else WRONG_SPEC
        everything += found
        if not options.json:
            new = [diagnostic for diagnostic in found if said(diagnostic) not in shown]
            shown.update(map(said, new))
            tell(new, concise=options.concise)
            above = f" ({len(found) - len(new)} shown above)" if len(new) < len(found) else ""
            print(f"{path}: {counted(found)}{above}")
        if options.show and study is not None:
            from carbonspec.record import outline

            print(outline(study.tree if options.show == "file" else study.spec))
    if options.json:
        from carbonspec.diagnostics.renderers.json import render

        print(render(tuple(everything)), end="")
    return status
