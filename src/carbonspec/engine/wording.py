"""A resolved expression as a reader would write it, for messages and the names of terms."""

from __future__ import annotations

from carbonspec.engine.table import show_number
from carbonspec.lang.spec import KEY, VARIABLE, Apply, Expr, Literal, Ref

_STRENGTH = {
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "in", "not in"), 4),
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "neg": 8,
    ":": 9,
    "^": 10,
}


def wording(expression: Expr) -> str:
    """The expression as text: `L.Ce`, `log(gdp / population)`, `year in 2012..2020`."""
    return _text(expression, 0)


def value_text(value: float | str) -> str:
    """A value inside brackets: `2013`, `"east"`."""
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else show_number(value)


def _name(text: str) -> str:
    return text if text.isidentifier() else f"`{text}`"


def _reference(ref: Ref) -> str:
    """A key by the word the file used (`year`), a column of a named table or a component of a measure with it."""
    written = ref.span.text
    if written and (ref.kind == KEY or written.endswith(f".{ref.name}")) and len(written) < 80:
        return written
    if ref.kind == VARIABLE and " ".join(written.split()) == ref.name:
        return ref.name  # `Ce.Electricity`
    return _name(ref.name)


def _text(expression: Expr, around: int) -> str:
    if isinstance(expression, Ref):
        return _reference(expression)
    if isinstance(expression, Literal):
        return value_text(expression.value)
    assert isinstance(expression, Apply)
    name, arguments = expression.function, expression.arguments
    if name in ("L", "F", "D", "S") and arguments:
        return _time(name, arguments)
    if name == "set":
        return "(" + ", ".join(_text(a, 0) for a in arguments) + ")"
    if name == "range":
        return "..".join(_text(a, 5) for a in arguments)
    strength = _STRENGTH.get(name)
    if strength is None:
        parts = [_text(a, 0) for a in arguments] + [f"{key} = {_text(value, 0)}" for key, value in expression.named]
        return f"{name}({', '.join(parts)})"
    if name in ("neg", "not"):
        inner = ("-" if name == "neg" else "not ") + _text(arguments[0], strength)
    elif name in (":", "^"):
        inner = name.join(_text(a, strength) for a in arguments)
    else:
        right = [_text(a, strength + 1) for a in arguments[1:]]
        inner = f" {name} ".join([_text(arguments[0], strength), *right])
    return f"({inner})" if strength < around else inner


def _time(name: str, arguments: tuple[Expr, ...]) -> str:
    order = arguments[1] if len(arguments) > 1 else None
    k = int(float(order.value)) if isinstance(order, Literal) else 1
    prefix = name if k == 1 else f"{name}{k}"
    operand = arguments[0]
    if isinstance(operand, Apply) and operand.function in _STRENGTH:
        return f"{prefix}.({_text(operand, 0)})"
    return f"{prefix}.{_text(operand, 0)}"
