"""Which declared names a statement may mean."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.lang import ast
from carbonspec.source import Located


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
                if isinstance(part, ast.Value) and part.name is not None:  # `expect H1 = supported`
                    yield from named_in(part.name)
        case ast.Index():
            yield from named_in(node.target)
            for value in node.items:
                yield from named_in(value)
                if value.name is not None:  # `m[coastal = 1]`
                    yield from named_in(value.name)
        case ast.Clause():
            for part in (*node.values, *node.qualifiers):
                yield from named_in(part)
                if isinstance(part, ast.Value) and part.name is not None and node.word.text == "swap":
                    yield from named_in(part.name)
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


def reached_from(statement: ast.Statement, file: ast.File) -> tuple[str, ...]:
    """The names a statement mentions, and those that their statements mention in turn, the nearest first."""
    declared = {s.name.text: s for s in file.statements if isinstance(s.name, ast.Name)}
    found: dict[str, None] = {}
    waiting = [statement]
    while waiting:
        for name in named_in(waiting.pop(0)):
            if name.text not in found:
                found[name.text] = None
                if name.text in declared:
                    waiting.append(declared[name.text])
    return tuple(found)
