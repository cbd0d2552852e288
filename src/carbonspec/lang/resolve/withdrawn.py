"""What a variant takes out of its base although something still uses it."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang.resolve.names import DECLARES, Scope
from carbonspec.lang.resolve.problems import plural
from carbonspec.lang.variants.keys import called

SHOWN = 4
"""Of many uses the first are underlined, the others counted."""


def report_withdrawn(scope: Scope) -> None:
    """E254 for each declared name that `without` takes out and another statement names."""
    for name, leftover in scope.leftovers.items():
        old, uses = leftover.change.old, leftover.uses
        users = list(dict.fromkeys(f"`{called(statement)}`" for statement, _ in uses))
        more = ", …" if len(users) > SHOWN else ""
        joined = old.keyword == "data" and any(statement.keyword == "panel" for statement, _ in uses)
        scope.problems.error(
            "E254",
            f"`{name}` is withdrawn, and {plural(len(uses), 'statement')} still "
            f"use{'s' if len(uses) == 1 else ''} it: {', '.join(users[:SHOWN])}{more}",
            leftover.change.span,
            f"withdraw or replace these too, or declare another {DECLARES[old.keyword]} of that name: it takes the "
            "place of the base's",
            "a `join` goes with its panel: `without panel`, and declare the panel anew" if joined else "",
            related=tuple(Related(used.span, "used here") for _, used in uses[:SHOWN]),
        )
