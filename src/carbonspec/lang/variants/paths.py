"""Paths of a merged file: those of a base start at the base's folder, and read from another must be rewritten."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.source import from_folder

PATHS = {"data": "from", "table": "published", "figure": "shapes"}
"""The clause of a statement that holds a path."""


def rebased(statement: ast.Statement, seen_from: str = "") -> ast.Statement:
    """A statement whose path starts at the spec's folder; `seen_from` is that folder as another one sees it."""
    word = PATHS.get(statement.keyword)
    if word is None:
        return statement
    clauses = tuple(_clause(c, seen_from) if c.word.text == word else c for c in statement.clauses)
    return statement.replace(clauses=clauses)


def _clause(clause: ast.Clause, seen_from: str) -> ast.Clause:
    values = []
    for value in clause.values:
        text = value.value
        if isinstance(text, ast.Text):
            path = from_folder(seen_from, from_folder(text.span.source.folder, text.value))
            value = value.replace(value=text.replace(value=path))
        values.append(value)
    return clause.replace(values=tuple(values))
