"""The golden specs, and trees in a short form."""

from __future__ import annotations

from pathlib import Path

from carbonspec.lang import ast
from carbonspec.lang.parse import clean, parse
from carbonspec.record import Record
from carbonspec.source import Source

OK = sorted((Path(__file__).parents[1] / "golden" / "ok").glob("*.cspec"))


def tree(text: str) -> ast.File:
    """The tree of a text without mistakes."""
    checked = parse(Source("test.cspec", clean(text)))
    assert checked.diagnostics == ()
    return checked.value


def statement(text: str) -> ast.Statement:
    """The tree of one statement."""
    (found,) = tree(text).statements
    return found


def nodes(value: object) -> list[ast.Located]:
    """A node and all below it."""
    found: list[ast.Located] = []
    if isinstance(value, ast.Located):
        found.append(value)
    if isinstance(value, Record):
        for name in value._fields:
            if name != "span":
                found += nodes(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            found += nodes(item)
    return found


def short(value: object) -> str:
    """A tree on one line: operators first, as in `(+ a (* b c))`."""
    match value:
        case ast.Name():
            return f"`{value.text}`" if value.quoted else value.text
        case ast.Number():
            return value.text
        case ast.Text():
            return repr(value.value)
        case ast.Lag():
            return f"({value.letter}{value.order} {short(value.operand)})"
        case ast.Call():
            return f"({' '.join(['call', short(value.function), *map(short, value.arguments)])})"
        case ast.Index():
            return f"({' '.join(['index', short(value.target), *map(short, value.items)])})"
        case ast.Member():
            return f"(. {short(value.target)} {short(value.member)})"
        case ast.Group():
            return f"({' '.join(['group', *map(short, value.items)])})"
        case ast.Unary():
            return f"({value.operator} {short(value.operand)})"
        case ast.Binary():
            return f"({value.operator} {short(value.left)} {short(value.right)})"
        case ast.Arrow():
            return f"({' '.join(['->', *map(short, value.steps)])})"
        case ast.Formula():
            left = "_" if value.left is None else short(value.left)
            return f"({' '.join(['~', left, short(value.right), *map(short, value.parts)])})"
        case ast.Value():
            name = "" if value.name is None else f"{short(value.name)}{_label(value.name_label)}="
            return f"{name}{short(value.value)}{_label(value.label)}"
        case ast.Clause():
            later = "".join(f" {short(qualifier)}" for qualifier in value.qualifiers)
            return f"[{value.word.text} {', '.join(map(short, value.values))}{later}]"
        case ast.Statement():
            name = "" if value.name is None else f" {short(value.name)}"
            head = f"{value.keyword}{name}{_label(value.label)}{value.sign}"
            body = f" {', '.join(map(short, value.body))}" if value.body else ""
            return head + body + "".join(f" {short(clause)}" for clause in value.clauses)
    raise TypeError(type(value).__name__)


def _label(label: ast.Text | None) -> str:
    return "" if label is None else f"@{label.value!r}"
