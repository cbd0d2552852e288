"""What a variant takes out of its base although another statement still names it."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.variants.keys import NAMED
from carbonspec.lang.variants.mentions import named_in
from carbonspec.record import Record


class Leftover(Record):
    """A declared name that is gone, and the first place in each statement that names it."""

    change: ast.Change
    uses: tuple[tuple[ast.Statement, ast.Name], ...]


def leftovers(file: ast.File) -> dict[str, Leftover]:
    """The names that are withdrawn, not declared anew, and still used."""
    gone = _withdrawn(file)
    if not gone:
        return {}
    uses: dict[str, list[tuple[ast.Statement, ast.Name]]] = {name: [] for name in gone}
    for statement in file.statements:
        here: dict[str, ast.Name] = {}
        for name in named_in(statement):
            if name.text in gone and _can_mean(statement, name, gone[name.text]):
                here.setdefault(name.text, name)
        for used in here.values():
            uses[used.text].append((statement, used))
    return {name: Leftover(gone[name], tuple(found)) for name, found in uses.items() if found}


def _withdrawn(file: ast.File) -> dict[str, ast.Change]:
    """Declared names that are gone. Without its label a raw column is still there."""
    declared = {s.name.text for s in file.statements if s.keyword in NAMED and isinstance(s.name, ast.Name)}
    return {
        change.old.name.text: change
        for change in file.changes
        if change.by is None
        and change.old.keyword in NAMED
        and isinstance(change.old.name, ast.Name)
        and change.old.name.text not in declared
        and (change.old.keyword != "var" or change.old.body)
    }


def _can_mean(statement: ast.Statement, name: ast.Name, change: ast.Change) -> bool:
    """Whether a name can be what was withdrawn: tables of data are named in joins, before a dot and by measures."""
    table = change.old.keyword == "data"
    if statement.keyword == "data":
        return table and any(
            clause.word.text == "join" and clause.values and clause.values[0].value is name
            for clause in statement.clauses
        )
    if statement.keyword == "panel":
        joined = (c.values[0].value for c in statement.clauses if c.word.text == "join" and c.values)
        return (name is statement.name or any(name is other for other in joined)) == table
    return True
