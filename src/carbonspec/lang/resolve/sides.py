"""Right sides while they are being expanded: a step for each column."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.terms import Entry, simple
from carbonspec.source import Span


class Step:
    """The right side of one column. `origin` is the column of the base model it comes from."""

    __slots__ = ("constant", "entries", "origin")

    def __init__(self, entries: tuple[Entry, ...], constant: bool | None = None, origin: int = 0) -> None:
        self.entries = entries
        self.constant = constant
        self.origin = origin


class Side:
    """A right side: one step for each column. `stepping` is the step call or model that made several."""

    __slots__ = ("base", "stepping", "steps")

    def __init__(self, steps: list[Step], stepping: Span | None = None, base: Span | None = None) -> None:
        self.steps = steps
        self.stepping = stepping
        self.base = base


def stepped(word: str, parts: list[tuple[Entry, ...]], nothing: tuple[Entry, ...]) -> list[tuple[Entry, ...]]:
    """The columns of `sw`, `sw0`, `csw`, `csw0`."""
    columns = [nothing] if word.endswith("0") else []
    total: tuple[Entry, ...] = ()
    for part in parts:
        total = (*total, *part)
        columns.append(total if word.startswith("c") else part)
    return columns


def crossed(expr: ast.Expr) -> list[ast.Expr]:
    if isinstance(expr, ast.Binary) and expr.operator == "*":
        return [*crossed(expr.left), *crossed(expr.right)]
    return [expr]


def _operand(expr: ast.Expr) -> ast.Expr:
    """What can stand after `L.` without changing meaning."""
    inner = simple(expr)
    if isinstance(inner, (ast.Binary, ast.Unary, ast.Member)):
        return ast.Group((inner,), span=inner.span)
    return inner


def shifted(expr: ast.Lag) -> ast.Expr:
    """`L.L2.x` as `L3.x`, `L.F.x` as `x`."""
    inner = simple(expr.operand)
    if expr.letter in "LF" and isinstance(inner, ast.Lag) and inner.letter in "LF":
        total = (expr.order if expr.letter == "L" else -expr.order) + (
            inner.order if inner.letter == "L" else -inner.order
        )
        if total == 0:
            return inner.operand
        return shifted(ast.Lag("L" if total > 0 else "F", abs(total), inner.operand, span=expr.span))
    return ast.Lag(expr.letter, expr.order, _operand(expr.operand), span=expr.span)
