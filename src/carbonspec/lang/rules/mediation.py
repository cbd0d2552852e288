"""Rules on `mediate`, read from the syntax tree."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import WARNING, Diagnostic
from carbonspec.lang import ast


def mediator_as_control(file: ast.File) -> Iterator[Diagnostic]:
    """W703: a mediator among the controls, also inside a `let`."""
    lets = {
        s.name.text: s.body[0].value
        for s in file.statements
        if s.keyword == "let" and isinstance(s.name, ast.Name) and s.body
    }
    for statement in file.statements:
        if statement.keyword != "mediate":
            continue
        mediators = {name for value in statement.body for name in _mediators(value.value)}
        for clause in statement.clauses:
            if clause.word.text != "with":
                continue
            for value in clause.values:
                for name in _names(value.value, lets, ()):
                    if name in mediators:
                        inside = (
                            ""
                            if isinstance(value.value, ast.Name) and value.value.text == name
                            else f" (in `{value.span.text}`)"
                        )
                        message = f"the mediator `{name}` is also a control{inside}"
                        helps = ("controlling for it removes the very path that is measured: take it out",)
                        yield Diagnostic("W703", WARNING, message, value.span, helps)


def _mediators(expr: ast.Expr) -> list[str]:
    if isinstance(expr, ast.Formula):
        return _mediators(expr.right)
    if not isinstance(expr, ast.Arrow):
        return []
    names: list[str] = []
    for step in expr.steps[1:-1]:
        items = step.items if isinstance(step, ast.Group) else (step,)
        names += [item.text for item in items if isinstance(item, ast.Name)]
    return names


def _names(expr: ast.Expr, lets: dict[str, ast.Expr], above: tuple[str, ...]) -> list[str]:
    """The variables of a sum of terms, through lets."""
    if isinstance(expr, ast.Name):
        if expr.text in lets and expr.text not in above:
            return _names(lets[expr.text], lets, (*above, expr.text))
        return [expr.text]
    if isinstance(expr, ast.Binary) and expr.operator in ("+", "*", ":"):
        return [*_names(expr.left, lets, above), *_names(expr.right, lets, above)]
    if isinstance(expr, ast.Group):
        return [name for item in expr.items for name in _names(item, lets, above)]
    return []
