"""`let`: a piece of a formula is checked where it stands, also when nothing uses it."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import Clauses, plain
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.names import LET, Scope


def check_lets(scope: Scope, formulas: Formulas) -> None:
    """Resolve every piece once."""
    used = set(scope.used)
    for statement in scope.file.statements:
        if statement.keyword != "let" or not isinstance(statement.name, ast.Name):
            continue
        Clauses(statement, scope.problems)
        declared = scope.declarations.get(statement.name.text)
        if declared is None or declared.kind != LET or declared.statement is not statement:
            continue
        if len(statement.body) > 1:
            scope.problems.error(
                "E305", "a `let` is one sum of terms", statement.body[1].span, "terms are joined by `+`"
            )
            continue
        for value in statement.body:
            plain(value, scope.problems)
        if isinstance(statement.body[0].value, ast.Formula):
            scope.problems.error(
                "E311",
                "a `let` holds terms, not a whole formula",
                statement.body[0].span,
                "a formula with an outcome is a `model`",
            )
            continue
        formulas.right_side(ast.Name(statement.name.text, span=statement.name.span))
    lets = set(scope.of_kind(LET))
    scope.used = used | {name for name in scope.used if name not in lets}
