"""Regressors and outcomes: what makes two of them the same, and what a reader calls them."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.spec import Apply, Expr, Literal, Ref, Term
from carbonspec.lang.unparse import unparse_expression
from carbonspec.source import Span


def canonical(expression: Expr) -> str:
    """A text that two expressions share exactly when they are the same; interactions in any order."""
    if isinstance(expression, Ref):
        return f"{expression.kind}:{expression.table or ''}.{expression.name}"
    if isinstance(expression, Literal):
        return repr(expression.value)
    if isinstance(expression, Apply):
        inner = [canonical(argument) for argument in expression.arguments]
        if expression.function == ":":
            inner.sort()
        inner += [f"{name}={canonical(value)}" for name, value in expression.named]
        return f"{expression.function}({', '.join(inner)})"
    return repr(expression)


def has_category(term: Term) -> bool:
    """Whether a term is `i(x)` or holds one: then it stands for several columns."""
    expression = term.expression
    parts = expression.arguments if isinstance(expression, Apply) and expression.function == ":" else (expression,)
    return any(isinstance(part, Apply) and part.function == "i" for part in parts)


class Factor:
    """One variable of a term: `Open` in `Open:coastal`."""

    __slots__ = ("expression", "key", "name", "written")

    def __init__(self, written: ast.Expr, expression: Expr) -> None:
        self.written = written
        self.expression = expression
        self.key = canonical(expression)
        self.name = unparse_expression(simple(written))


class Entry:
    """A term of a formula: one factor, or several interacted. `span` is where the formula names it."""

    __slots__ = ("factors", "key", "span")

    def __init__(self, factors: tuple[Factor, ...], span: Span) -> None:
        self.factors = factors
        self.span = span
        self.key = factors[0].key if len(factors) == 1 else ":".join(sorted(f.key for f in factors))

    def at(self, place: Span) -> Entry:
        """The same term named elsewhere."""
        other = Entry.__new__(Entry)
        other.factors, other.span, other.key = self.factors, place, self.key
        return other

    @property
    def name(self) -> str:
        return ":".join(f.name for f in self.factors)


class Terms:
    """All terms of a study, so that `Open:coastal` and `coastal:Open` are one term with one name."""

    def __init__(self) -> None:
        self._known: dict[str, Term] = {}

    def term(self, entry: Entry) -> Term:
        """The term of an entry, named as where it was first written; what is said of it is said of this place."""
        known = self._known.get(entry.key)
        if known is not None and known.span is entry.span:
            return known
        expressions = tuple(f.expression for f in entry.factors)
        whole = expressions[0] if len(expressions) == 1 else Apply(":", expressions, span=entry.span)
        if known is None:
            known = self._known[entry.key] = Term(whole, entry.name, span=entry.span)
            return known
        return Term(whole if whole == known.expression else known.expression, known.name, span=entry.span)


def simple(expr: ast.Expr) -> ast.Expr:
    """Without superfluous parentheses around the whole."""
    while isinstance(expr, ast.Group) and len(expr.items) == 1:
        expr = expr.items[0]
    return expr
