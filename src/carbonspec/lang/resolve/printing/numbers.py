"""Numbers of tables and figures."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.names import Scope


def numbered(scope: Scope, keyword: str) -> Iterator[tuple[ast.Statement, str]]:
    """Every statement of a keyword with its number; a number that stands twice is reported and counts once."""
    seen: dict[str, ast.Statement] = {}
    for statement in scope.file.statements:
        if statement.keyword != keyword:
            continue
        number = _number_of(statement)
        first = seen.setdefault(_plain(number), statement)
        if number and first is not statement and statement.name is not None:
            scope.problems.error(
                "E201",
                f"{keyword} {number} is declared twice",
                statement.name.span,
                related=(Related((first.name or first).span, "first declared here"),),
            )
            continue
        yield statement, number


def _number_of(statement: ast.Statement) -> str:
    return statement.name.text if isinstance(statement.name, ast.Number | ast.Name) else ""


def _plain(number: str) -> str:
    """`01` and `1` are one number: a reader could not tell the two tables apart."""
    return number.lstrip("0") if number.isdigit() else number
