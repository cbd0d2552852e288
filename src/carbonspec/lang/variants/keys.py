"""By what a statement of a variant finds the one it replaces."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.source import Span

ONE = frozenset(("study", "panel"))
"""Statements of which a file has one."""
NUMBERED = frozenset(("table", "figure"))
ADDING_UP = frozenset(("winsorize", "trim", "require", "expect", "mediate", "test"))
"""Statements that may go without a name: these add up, and `without` takes all of a kind."""
NAMED = frozenset(("data", "var", "let", "measure", "model", "mediate", "test", "hypothesis", "multiverse"))
"""Statements that declare a name of the one namespace."""

Key = tuple[str, str]


def key_of(statement: ast.Statement) -> Key | None:
    """What two statements must share for one to replace the other; None for those without a name."""
    if statement.keyword in ONE:
        return statement.keyword, ""
    if isinstance(statement.name, (ast.Name, ast.Number)):
        if statement.keyword in NUMBERED:
            return statement.keyword, number(statement.name)
        if statement.keyword in NAMED and isinstance(statement.name, ast.Name):
            return "", statement.name.text
    return None


def number(name: ast.Name | ast.Number) -> str:
    """The number of a table or figure; 01 is 1."""
    return name.text if isinstance(name, ast.Name) else name.text.lstrip("0") or "0"


def like(clause: ast.Clause) -> tuple[str, str]:
    """What two clauses of `study` or `panel` must share for one to replace the other: the word, of a join its table."""
    first = clause.values[0].value if clause.values else None
    joins = clause.word.text == "join" and isinstance(first, ast.Name)
    return clause.word.text, first.text if joins and isinstance(first, ast.Name) else ""


def head(statement: ast.Statement) -> Span:
    """Keyword and name of a statement."""
    span = statement.span
    if statement.name is not None:
        return span.replace(end=statement.name.span.end)
    return span.replace(end=span.start + len(statement.keyword))


def called(statement: ast.Statement) -> str:
    """What a reader calls a statement: `model benchmark`, `table 5`, `winsorize`."""
    name = statement.name
    if isinstance(name, ast.Name):
        return f"{statement.keyword} `{name.text}`" if name.quoted else f"{statement.keyword} {name.text}"
    return f"{statement.keyword} {name.text}" if isinstance(name, ast.Number) else statement.keyword
