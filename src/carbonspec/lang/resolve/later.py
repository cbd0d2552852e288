"""Statements that this version knows by name and does not run."""

from __future__ import annotations

from carbonspec.lang.resolve.names import Scope

NOT_YET = frozenset(("multiverse",))


def refuse(scope: Scope) -> None:
    """E900 for each statement of a kind that has no engine yet, on its keyword."""
    for statement in scope.file.statements:
        if statement.keyword in NOT_YET:
            start = statement.span.start
            word = statement.span.replace(end=start + len(statement.keyword))
            scope.problems.later(statement.keyword, word)
