"""What a variant takes out of its base although something still uses it."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.names import DATA, DECLARES, Scope
from carbonspec.lang.resolve.problems import plural
from carbonspec.lang.variants.keys import called
from carbonspec.lang.variants.mentions import named_in

SHOWN = 4
"""Of many uses the first are underlined, the others counted."""


def report_withdrawn(scope: Scope) -> None:
    """E254 for each declared name that `without` takes out and another statement names."""
    gone = {name: change for name, change in scope.withdrawn.items() if scope.declarations[name].span is change.span}
    if not gone:
        return
    uses: dict[str, list[tuple[ast.Statement, ast.Name]]] = {name: [] for name in gone}
    for statement in scope.file.statements:
        here: dict[str, ast.Name] = {}
        for name in named_in(statement):
            if name.text in gone and _can_mean(statement, name, gone[name.text]):
                here.setdefault(name.text, name)
        for used in here.values():
            uses[used.text].append((statement, used))
    for text, found in uses.items():
        if not found:
            continue
        change = gone[text]
        joined = any(statement.keyword == "panel" for statement, _ in found) and change.old.keyword == "data"
        users = list(dict.fromkeys(f"`{called(statement)}`" for statement, _ in found))
        more = f", … ({len(users)} in all)" if len(users) > SHOWN else ""
        scope.problems.error(
            "E254",
            f"`{text}` is withdrawn, and {plural(len(users), 'statement')} still "
            f"use{'s' if len(users) == 1 else ''} it: {', '.join(users[:SHOWN])}{more}",
            change.span,
            "withdraw or replace these too, or declare another "
            f"{DECLARES[change.old.keyword]} of that name: it takes the place of the base's",
            "a `join` goes with its panel: `without panel`, and declare the panel anew" if joined else "",
            related=tuple(Related(used.span, "used here") for _, used in found[:SHOWN]),
        )


def _can_mean(statement: ast.Statement, name: ast.Name, change: ast.Change) -> bool:
    """Whether a name can be what was withdrawn: tables of data are named in joins, before a dot and by measures."""
    table = DECLARES[change.old.keyword] == DATA
    if statement.keyword == "data":
        return table and any(
            clause.word.text == "join" and clause.values and clause.values[0].value is name
            for clause in statement.clauses
        )
    if statement.keyword == "panel":
        joined = (c.values[0].value for c in statement.clauses if c.word.text == "join" and c.values)
        return (name is statement.name or any(name is other for other in joined)) == table
    return True
