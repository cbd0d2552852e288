"""What nothing uses, and what a declared name hides."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.names import DATA, LET, LOST, MEASURE, MODEL, VAR, Scope
from carbonspec.lang.resolve.tables import panel_table

_WHY = {
    VAR: "no model, table or other variable uses it",
    MEASURE: "no model, table or other variable uses it",
    LET: "no formula uses it",
    MODEL: "no table, claim or other model uses it",
    DATA: "it is neither the panel nor joined",
}


def report_unused(scope: Scope) -> None:
    """W240 for declarations that nothing refers to; those of a base are for its own check to judge."""
    if scope.damaged:
        return
    used = set(scope.used)
    panel = next((s for s in scope.file.statements if s.keyword == "panel"), None)
    name = panel_table(panel) if panel is not None else None
    if name is not None:
        used.add(name.text)
    for declared in scope.declarations.values():
        if declared.kind not in _WHY or declared.name in used or declared.span.source.level:
            continue
        if declared.kind == VAR and _only_labels(declared.statement):
            continue
        scope.problems.warning(
            "W240", f"the {declared.kind} `{declared.name}` is never used: {_WHY[declared.kind]}", declared.span
        )


def _only_labels(statement: ast.Statement | None) -> bool:
    return statement is not None and not statement.body


def report_hidden(scope: Scope) -> None:
    """N241 for declared names that hide a raw column."""
    for declared in scope.declarations.values():
        if declared.kind == LOST or (declared.kind == VAR and _only_labels(declared.statement)):
            continue
        tables = scope.raw_tables(declared.name)
        if tables:
            scope.problems.note(
                "N241",
                f"the {declared.kind} `{declared.name}` hides the column of that name in `{tables[0]}`",
                declared.span,
                f"the column itself is `{tables[0]}.{declared.name}`",
            )
