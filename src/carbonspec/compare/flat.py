"""A spec as lines of meaning, for git's own line diff: a term, a key, a clause a line, in an order of its own.

What moved or was only written otherwise gives the same lines, so that `git log -p` shows what changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonspec.compare.fields import BODY, item_text, terms_of
from carbonspec.compare.statements import bare, name_of, subject
from carbonspec.lang import ast
from carbonspec.lang.unparse import unparse_expression

ORDER = (
    *("extends", "without", "study", "data", "panel", "measure", "var", "let", "winsorize", "trim", "require"),
    *("model", "mediate", "test", "hypothesis", "expect", "multiverse", "table", "figure"),
)
STEPS = frozenset(("sw", "sw0", "csw", "csw0", "fe", "re", "be", "fd"))
"""Calls whose arguments stand one a line."""


def flat(file: ast.File) -> str:
    """The lines of a file."""
    blocks = []
    for statement in map(bare, file.statements):
        head = f"{statement.keyword} {_name(statement)}".strip()
        lines = [f"  {line}" for line in _lines(statement)]
        rank = ORDER.index(statement.keyword) if statement.keyword in ORDER else len(ORDER)
        blocks.append((rank, _sortable(_name(statement)), [head, *lines]))
    return "\n".join("".join(f"{line}\n" for line in lines) for _, _, lines in sorted(blocks))


def both_sides(ours: str, theirs: str) -> str:
    """Two such texts as one, git's markers where they differ: a merge is still to be settled there."""
    from difflib import SequenceMatcher

    one, other = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    found: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            found += one[a:b]
        else:
            found += ["<<<<<<< ours\n", *one[a:b], "=======\n", *other[c:d], ">>>>>>> theirs\n"]
    return "".join(found)


def _name(statement: ast.Statement) -> str:
    return subject(statement) if statement.keyword == "expect" else name_of(statement)


def _sortable(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isascii() and name.isdigit() else (0, name)


def _lines(statement: ast.Statement) -> Iterator[str]:
    if statement.label is not None:
        yield f"label: {unparse_expression(statement.label)}"
    if statement.keyword == "expect" and statement.body:
        yield f"is: {unparse_expression(statement.body[0].value)}"
    else:
        yield from _values(BODY.get(statement.keyword, "") or "is", statement.body)
    for clause in statement.clauses:
        yield from _clause(clause)


def _clause(clause: ast.Clause) -> Iterator[str]:
    word = unparse_expression(clause.word)
    if clause.qualifiers:
        values = ", ".join(unparse_expression(value) for value in clause.values)
        more = " ".join(line.replace(": ", " ", 1) for q in clause.qualifiers for line in _clause(q))
        yield f"{word}: {values} {more}"
    else:
        yield from _values(word, clause.values)


def _values(word: str, values: Sequence[ast.Value]) -> Iterator[str]:
    for value in values:
        plain = value.label is None and value.name is None
        yield from _expression(word, value.value) if plain else (f"{word}: {unparse_expression(value)}",)


def _expression(word: str, expr: ast.Expr) -> Iterator[str]:
    if isinstance(expr, ast.Formula):
        if expr.left is not None:
            yield f"outcome: {unparse_expression(expr.left)}"
        for part in (expr.right, *expr.parts):
            yield from _expression(word, part)
    elif isinstance(expr, ast.Call) and expr.function.text in STEPS:
        for argument in expr.arguments:
            yield f"{expr.function.text}: {unparse_expression(argument)}"
    elif isinstance(expr, ast.Binary) and expr.operator in ("+", "-"):
        for term in terms_of(expr):
            if isinstance(term, ast.Call):
                yield from _expression(word, term)
            else:
                yield f"{word}: {item_text(term)}"
    else:
        yield f"{word}: {unparse_expression(expr)}"
