"""Syntax tree → the one canonical text (`carbonspec fmt`).

Indents by two, never aligns, keeps order, comments and blank lines (never two in a row). Clauses of `study`, `data`
(save a leading `from`), `panel`, `measure`, `table` and `multiverse` stand one a line; those of other statements on the
statement's line while it fits in 100 columns, else one a line. What is longer breaks after its operators and commas,
one term a line, four further in. Comments do not count towards the 100 columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from carbonspec.lang import ast
from carbonspec.record import Record

WIDTH = 100
INDENT = 2
FURTHER = 4
ONE_A_LINE = frozenset(("study", "data", "panel", "measure", "table", "multiverse"))

_OR, _AND, _NOT, _COMPARISON, _RANGE, _SUM, _PRODUCT, _SIGN, _INTERACTION, _POWER, _ATOM = range(1, 12)
LEVELS = {"or": _OR, "and": _AND, "..": _RANGE, ":": _INTERACTION, "^": _POWER}
LEVELS |= dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "in", "not in"), _COMPARISON)
LEVELS |= {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}
TIGHT = frozenset(("..", ":", "^"))
"""Operators without spaces around them."""
_TIME_OPERATOR = re.compile(r"(?<!\w)[LFDS]([1-9][0-9]*)?\Z")


def unparse(file: ast.File) -> str:
    """The canonical text of a file."""
    rows: list[str] = []
    for statement in file.statements:
        rows += statement.before
        rows += _statement(statement)
        rows += _indented(statement.after)
    rows += file.after
    return "".join(row + "\n" for row in rows)


# --- expressions ----------------------------------------------------------------------------------------------


def unparse_expression(expr: ast.Expr) -> str:
    """The canonical text of an expression, on one line, with the parentheses it needs."""
    return _text(expr)


def _text(expr: ast.Expr) -> str:
    match expr:
        case ast.Name():
            return f"`{expr.text}`" if expr.quoted else expr.text
        case ast.Number():
            return expr.text
        case ast.Text():
            return '"' + expr.value.replace('"', '""') + '"'
        case ast.Binary():
            left, right = _operands(expr)
            space = "" if expr.operator in TIGHT else " "
            return f"{left}{space}{expr.operator}{space}{right}"
        case ast.Unary():
            loosest = _NOT if expr.operator == "not" else _SIGN
            return ("not " if expr.operator == "not" else "-") + _within(expr.operand, loosest)
        case ast.Call():
            return f"{_text(expr.function)}({_list(expr.arguments)})"
        case ast.Lag():
            operand = _text(expr.operand)
            stands = isinstance(expr.operand, (ast.Name, ast.Call, ast.Lag, ast.Group))
            return f"{_time_operator(expr)}{operand if stands else f'({operand})'}"
        case ast.Member():
            target = _text(expr.target)
            space = " " if _TIME_OPERATOR.search(target) else ""  # `L .x` is a column of a table `L`, not a lag
            return f"{target}{space}.{_text(expr.member)}"
        case ast.Index():
            return f"{_text(expr.target)}[{_list(expr.items)}]"
        case ast.Group():
            return f"({_list(expr.items)})"
        case ast.Arrow():
            return " -> ".join(_text(step) for step in expr.steps)
        case ast.Formula():
            left = "" if expr.left is None else f"{_text(expr.left)} ~ "
            return left + " | ".join(_text(part) for part in (expr.right, *expr.parts))
        case ast.Value():
            before, after = _around(expr)
            return before + _text(expr.value) + after
    raise TypeError(f"no text for {type(expr).__name__}")


def _list(items: Iterable[ast.Expr]) -> str:
    return ", ".join(_text(item) for item in items)


def _time_operator(lag: ast.Lag) -> str:
    return f"{lag.letter}{lag.order if lag.order > 1 else ''}."


def _level(expr: ast.Expr) -> int:
    if isinstance(expr, ast.Binary):
        return LEVELS[expr.operator]
    if isinstance(expr, ast.Unary):
        return _NOT if expr.operator == "not" else _SIGN
    return _ATOM


def _within(expr: ast.Expr, loosest: int) -> str:
    """The text of an operand; in parentheses when it binds looser than `loosest`."""
    return _text(expr) if _level(expr) >= loosest else f"({_text(expr)})"


def _operands(expr: ast.Binary) -> tuple[str, str]:
    level = _level(expr)
    if level == _POWER:  # to the right; a minus may stand in the exponent: x^-1
        exponent = expr.right
        signed = isinstance(exponent, ast.Unary) and exponent.operator == "-"
        return _within(expr.left, _ATOM), _exponent(exponent) if signed else _within(exponent, _POWER)
    left = level + 1 if level in (_COMPARISON, _RANGE) else level
    return _within(expr.left, left), _within(expr.right, level + 1)


def _exponent(expr: ast.Expr) -> str:
    if isinstance(expr, ast.Unary) and expr.operator == "-":
        return "-" + _exponent(expr.operand)
    return _within(expr, _POWER)


def _around(value: ast.Value) -> tuple[str, str]:
    """What stands before and after a value: `name "label" = ` and ` "label"`."""
    before = ""
    if value.name is not None:
        label = f" {_text(value.name_label)}" if value.name_label is not None else ""
        before = f"{_text(value.name)}{label} = "
    return before, f" {_text(value.label)}" if value.label is not None else ""


# --- long lines -----------------------------------------------------------------------------------------------


class Piece(Record):
    """Something that stands on a row of its own when there is no room: an expression with the signs around it."""

    expr: ast.Expr | None
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        return self.before + (_text(self.expr) if self.expr is not None else "") + self.after


def _pieces(expr: ast.Expr) -> list[Piece]:
    """An expression broken once, after its loosest operators or commas; one piece when it cannot be."""
    match expr:
        case ast.Value():
            inner = _pieces(expr.value)
            return _wrapped(inner, *_around(expr))
        case ast.Formula():
            right = expr.right
            terms = isinstance(right, ast.Arrow) or (isinstance(right, ast.Binary) and right.operator in ("+", "-"))
            pieces = _pieces(right) if terms else [Piece(right)]
            if expr.left is not None:
                pieces = [Piece(expr.left, after=" ~"), *pieces]
            for part in expr.parts:
                pieces[-1] = pieces[-1].replace(after=pieces[-1].after + " |")
                pieces.append(Piece(part))
            return pieces
        case ast.Binary() if expr.operator not in TIGHT:
            return _chain(expr)
        case ast.Call() if expr.arguments:
            return [Piece(None, f"{_text(expr.function)}("), *_separated(expr.arguments, ")")]
        case ast.Group() if len(expr.items) > 1:
            return [Piece(None, "("), *_separated(expr.items, ")")]
        case ast.Group():
            return _wrapped(_pieces(expr.items[0]), "(", ")")
        case ast.Arrow():
            steps = [Piece(step, after=" ->") for step in expr.steps]
            return [*steps[:-1], Piece(expr.steps[-1])]
    return [Piece(expr)]


def _chain(expr: ast.Binary) -> list[Piece]:
    """`a + b - c` → `a +`, `b -`, `c`."""
    level = _level(expr)
    right = Piece(expr.right) if _level(expr.right) > level else Piece(None, f"({_text(expr.right)})")
    left: list[Piece]
    if level not in (_COMPARISON, _RANGE) and isinstance(expr.left, ast.Binary) and _level(expr.left) == level:
        left = _chain(expr.left)
    elif _level(expr.left) > level:
        left = [Piece(expr.left)]
    else:
        left = [Piece(None, f"({_text(expr.left)})")]
    left[-1] = left[-1].replace(after=f"{left[-1].after} {expr.operator}")
    return [*left, right]


def _separated(items: Sequence[ast.Expr], closing: str = "") -> list[Piece]:
    pieces = [Piece(item, after=",") for item in items]
    return [*pieces[:-1], Piece(items[-1], after=closing)]


def _wrapped(pieces: list[Piece], before: str, after: str) -> list[Piece]:
    first, last = pieces[0], pieces[-1]
    pieces = [first.replace(before=before + first.before), *pieces[1:]]
    last = pieces[-1]
    return [*pieces[:-1], last.replace(after=last.after + after)]


def _broken(pieces: Sequence[Piece], indent: int) -> list[str]:
    """One row a piece, the first at `indent` and the others further in; pieces too long are broken again."""
    rows: list[str] = []
    for index, piece in enumerate(pieces):
        space = indent + (FURTHER if index else 0)
        if space + len(piece.text) > WIDTH and piece.expr is not None:
            parts = _pieces(piece.expr)
            if len(parts) > 1:
                rows += _broken(_wrapped(parts, piece.before, piece.after), space)
                continue
        rows.append(" " * space + piece.text)
    return rows


def _rows(head: str, values: Sequence[ast.Expr], tail: str, indent: int) -> list[str]:
    """`head value, value tail` on one row, or broken when that is too long."""
    flat = " ".join(part for part in (head, _list(values), tail) if part)
    if indent + len(flat) <= WIDTH or not values:
        return [" " * indent + flat]
    pieces = _separated(values) if len(values) > 1 else _pieces(values[0])
    if tail:
        pieces = _wrapped(pieces, "", f" {tail}")
    if head.endswith(("=", ":")) and indent + len(head) + 1 + len(pieces[0].text) > WIDTH:
        return [" " * indent + head, *_rows("", values, tail, indent + FURTHER)]
    return _broken(_wrapped(pieces, f"{head} " if head else "", ""), indent)


# --- statements and clauses -----------------------------------------------------------------------------------


def _statement(statement: ast.Statement) -> list[str]:
    head = _head(statement)
    clauses = statement.clauses
    inline = ""
    rest: tuple[ast.Clause, ...]
    if all(map(_plain, clauses)) and statement.keyword not in (*ONE_A_LINE, "without"):
        inline, rest = " ".join(map(_clause_text, clauses)), ()
    elif statement.keyword == "data" and clauses and clauses[0].word.text == "from" and _plain(clauses[0]):
        inline, rest = _clause_text(clauses[0]), clauses[1:]
    else:
        rest = clauses
    body: tuple[ast.Expr, ...] = statement.body
    if statement.keyword == "without":
        flat, body = f"{head} {', '.join(map(_withdrawn, statement.body))}", ()
    else:
        flat = " ".join(part for part in (head, _list(body), inline) if part)
    if inline and len(flat) > WIDTH:
        inline, rest = "", clauses
    rows = _rows(head, body, inline, 0) if statement.keyword != "without" else [flat]
    if statement.comment:
        rows[0] = f"{rows[0]} {statement.comment}"
    for clause in rest:
        rows += _clause(clause)
    return rows


def _head(statement: ast.Statement) -> str:
    parts = [statement.keyword]
    if statement.name is not None:
        parts.append(_text(statement.name))
    if statement.label is not None:
        parts.append(_text(statement.label))
    if statement.sign == "=":
        parts.append("=")
    return " ".join(parts) + (":" if statement.sign == ":" else "")


def _withdrawn(value: ast.Value) -> str:
    return _text(value.value) if value.name is None else f"{_text(value.name)} {_text(value.value)}"


def _plain(clause: ast.Clause) -> bool:
    """Whether a clause may stand on its statement's line."""
    return not (clause.qualifiers or clause.before or clause.comment)


def _clause_text(clause: ast.Clause) -> str:
    words = [f"{_text(part.word)} {_list(part.values)}" for part in (clause, *clause.qualifiers)]
    return " ".join(words)


def _clause(clause: ast.Clause) -> list[str]:
    qualifiers = " ".join(map(_clause_text, clause.qualifiers))
    rows = _rows(_text(clause.word), clause.values, qualifiers, INDENT)
    if clause.comment:
        rows[0] = f"{rows[0]} {clause.comment}"
    return [*_indented(clause.before), *rows]


def _indented(comments: Sequence[str]) -> list[str]:
    return [" " * INDENT + text if text else "" for text in comments]
