"""What a variant takes out of its base although something still uses it."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.names import DATA, DECLARES, Scope
from carbonspec.lang.resolve.problems import plural
from carbonspec.lang.variants.keys import called
from carbonspec.source import Located

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
        users = list(dict.fromkeys(f"`{called(statement)}`" for statement, _ in found))
        more = f", … ({len(users)} in all)" if len(users) > SHOWN else ""
        scope.problems.error(
            "E254",
            f"`{text}` is withdrawn, and {plural(len(users), 'statement')} still "
            f"use{'s' if len(users) == 1 else ''} it: {', '.join(users[:SHOWN])}{more}",
            change.span,
            "withdraw or replace these too, or declare another "
            f"{DECLARES[change.old.keyword]} of that name: it takes the place of the base's",
            related=tuple(Related(used.span, "used here") for _, used in found[:SHOWN]),
        )


def named_in(node: Located) -> Iterator[ast.Name]:
    """Every name in a statement that may refer to something declared: not clause words, functions, or parts."""
    match node:
        case ast.Name():
            yield node
        case ast.Statement():
            if node.keyword == "panel" and isinstance(node.name, ast.Name):
                yield node.name
            for part in (*node.body, *node.clauses):
                yield from named_in(part)
        case ast.Clause():
            for part in (*node.values, *node.qualifiers):
                yield from named_in(part)
        case ast.Member():
            yield from named_in(node.target)
            if not isinstance(node.member, ast.Name):
                yield from named_in(node.member)
        case ast.Call():
            for value in node.arguments:
                yield from named_in(value)
        case ast.Value():
            yield from named_in(node.value)
        case _:
            for value in node.__dict__.values():
                for inner in value if isinstance(value, tuple) else (value,):
                    if isinstance(inner, Located):
                        yield from named_in(inner)


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
