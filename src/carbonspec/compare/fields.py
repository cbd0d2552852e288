"""Two versions of a statement → the fields that differ, down to the item of a list and the term of a sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from carbonspec.compare.changes import FieldChange
from carbonspec.lang import ast
from carbonspec.lang.unparse import unparse_expression

MINUS = "−"
COMPARISONS = frozenset(("<", "<=", ">", ">=", "==", "!=", "in", "not in"))
BODY = {"model": "terms", "let": "", "var": "", "winsorize": "", "trim": "", "table": "shows", "figure": "shows"}
"""What the body of a statement is called; "" is the body itself."""

Item = TypeVar("Item", bound=ast.Expr)


def changed_fields(before: ast.Statement, after: ast.Statement) -> tuple[FieldChange, ...]:
    """Where two bare statements differ, in the order of the statement."""
    found: list[FieldChange] = []
    one, other = (unparse_expression(s.label) if s.label is not None else "" for s in (before, after))
    if one != other:
        found.append(FieldChange("title" if before.keyword == "study" else "label", one, other))
    found += _body(before, after)
    found += _clauses(before.clauses, after.clauses, "")
    return tuple(found)


def _body(before: ast.Statement, after: ast.Statement) -> list[FieldChange]:
    field = BODY.get(after.keyword, "")
    if after.keyword in ("panel", "extends") and before.name != after.name:
        return [_replaced("table" if after.keyword == "panel" else "", before.name, after.name)]
    if after.keyword == "expect":
        return _expected(before, after)
    if before.body == after.body:
        return []
    if len(before.body) == len(after.body) == 1:
        return _values(field, before.body[0], after.body[0])
    return _list(field, before.body, after.body)


def _expected(before: ast.Statement, after: ast.Statement) -> list[FieldChange]:
    """`expect m.N = 270`: the name is what it speaks of."""
    found = []
    if before.name != after.name:
        found.append(_replaced("of", before.name, after.name))
    if before.body != after.body:
        one, other = ((s.body[0] if s.body else None) for s in (before, after))
        if one is not None and other is not None and one.name != other.name:
            found.append(_replaced("", one, other))
        else:
            values = (v.value if isinstance(v, ast.Value) else v for v in (one, other))
            found.append(_replaced("", *values))
    return found


def _replaced(name: str, one: ast.Expr | None, other: ast.Expr | None) -> FieldChange:
    """One expression for another; None for none."""
    texts = ["" if node is None else unparse_expression(node) for node in (one, other)]
    return FieldChange(name, texts[0], texts[1])


# --- clauses --------------------------------------------------------------------------------------------------


def _clauses(before: Sequence[ast.Clause], after: Sequence[ast.Clause], within: str) -> list[FieldChange]:
    found: list[FieldChange] = []
    for one, other in pair_clauses(before, after):
        if one == other:
            continue
        clause = other or one
        assert clause is not None
        word = unparse_expression(clause.word)
        name = f"{within}{word}"
        if one is None or other is None:
            texts = ["" if c is None else clause_text(c) for c in (one, other)]
            found.append(FieldChange(name, texts[0], texts[1]))
            continue
        several = sum(c.word == clause.word for c in after) > 1 or sum(c.word == clause.word for c in before) > 1
        if several and one.values and one.values[0] == other.values[0]:
            name += f" {_first(one)}"
        elif several and one.values[0].name is None and one.values[0].name == other.values[0].name:
            pass
        elif several and _first(one) == _first(other):
            name += f" {_first(one)}"
        if one.values == other.values:
            pass
        elif len(one.values) == len(other.values) == 1:
            found += _values(name, one.values[0], other.values[0])
        else:
            found += _list(name, one.values, other.values)
        found += _clauses(one.qualifiers, other.qualifiers, f"{name} ")
    return found


def pair_clauses(
    before: Sequence[ast.Clause], after: Sequence[ast.Clause]
) -> list[tuple[ast.Clause | None, ast.Clause | None]]:
    """Which clause became which: like ones, then by word and first value, then by word in order."""
    left = list(before)
    partner: dict[int, ast.Clause] = {}
    for rule in (_same, _same_first, _same_word):
        for index, clause in enumerate(after):
            if index not in partner:
                found = next((c for c in left if rule(c, clause)), None)
                if found is not None:
                    partner[index] = found
                    left = [c for c in left if c is not found]
    pairs: list[tuple[ast.Clause | None, ast.Clause | None]]
    pairs = [(partner.get(index), clause) for index, clause in enumerate(after)]
    return [*pairs, *((clause, None) for clause in left)]


def _same(one: ast.Clause, other: ast.Clause) -> bool:
    return one == other


def _same_first(one: ast.Clause, other: ast.Clause) -> bool:
    return one.word == other.word and bool(one.values and other.values) and _first(one) == _first(other)


def _same_word(one: ast.Clause, other: ast.Clause) -> bool:
    return one.word == other.word


def _first(clause: ast.Clause) -> str:
    """What a repeated clause is known by: the name of its first value, else the value."""
    value = clause.values[0]
    return unparse_expression(value.name if value.name is not None else value.value)


def clause_text(clause: ast.Clause) -> str:
    """The values of a clause and its qualifiers, without its word."""
    values = ", ".join(unparse_expression(value) for value in clause.values)
    more = [f"{unparse_expression(q.word)} {clause_text(q)}" for q in clause.qualifiers]
    return " ".join((values, *more))


# --- expressions ----------------------------------------------------------------------------------------------


def _values(name: str, one: ast.Value, other: ast.Value) -> list[FieldChange]:
    """Two values with what surrounds them."""
    if one.name != other.name:
        return [_replaced(name, one, other)]
    inner = unparse_expression(one.name) if one.name is not None else ""
    found = _expressions(f"{name} {inner}".strip(), one.value, other.value)
    for labels in ((one.name_label, other.name_label), (one.label, other.label)):
        if labels[0] != labels[1]:
            known = inner or (unparse_expression(one.value) if one.value == other.value else "")
            found.append(_replaced(f"{name} {known} label".replace("  ", " ").strip(), *labels))
    return found


def _expressions(name: str, one: ast.Expr, other: ast.Expr) -> list[FieldChange]:
    if one == other:
        return []
    if isinstance(one, ast.Formula) or isinstance(other, ast.Formula):
        return _formulas(name, _formula(one), _formula(other))
    if isinstance(one, ast.Call) and isinstance(other, ast.Call) and one.function == other.function:
        return _list(_joined(name, one.function.text), one.arguments, other.arguments)
    if isinstance(one, ast.Group) and isinstance(other, ast.Group):
        return _list(name, one.items, other.items)
    if isinstance(one, ast.Index) and isinstance(other, ast.Index) and one.target == other.target:
        return [_replaced(name, one, other)]
    if isinstance(one, ast.Binary) and isinstance(other, ast.Binary) and one.left == other.left:
        compared = one.operator in COMPARISONS and other.operator in COMPARISONS
        if compared:  # `year <= 2020 → <= 2018`
            return [FieldChange(name, unparse_expression(one), f"{other.operator} {unparse_expression(other.right)}")]
    for split in (terms_of, _conjunction):
        items, others = split(one), split(other)
        if len(items) + len(others) > 2 and (set(map(_key, items)) & set(map(_key, others))):
            return _list(name, items, others)
    return [_replaced(name, one, other)]


def _joined(name: str, function: str) -> str:
    return function if name in ("", "terms", "structure", "shows", function) else f"{name} {function}"


def _operator(expr: ast.Expr) -> str:
    return expr.operator if isinstance(expr, ast.Binary) else ""


def _formula(expr: ast.Expr) -> ast.Formula:
    return expr if isinstance(expr, ast.Formula) else ast.Formula(None, expr)


def _formulas(name: str, one: ast.Formula, other: ast.Formula) -> list[FieldChange]:
    found: list[FieldChange] = []
    if one.left != other.left:
        if one.left is None or other.left is None:
            return [_replaced(name, one, other)]
        found += _expressions("outcome", one.left, other.left)
    found += _expressions(name, one.right, other.right)
    parts, others = list(one.parts), list(other.parts)
    for part in others:
        mine = next((p for p in parts if _word(p) == _word(part)), None)
        if mine is None:
            continue
        parts.remove(mine)
        found += _expressions("structure", mine, part)
    fresh = [p for p in others if not any(_word(p) == _word(q) for q in one.parts)]
    if parts or fresh:
        texts = [" | ".join(map(unparse_expression, side)) for side in (parts, fresh)]
        found.append(FieldChange("structure", texts[0], texts[1]))
    return found


def _word(part: ast.Expr) -> str:
    return part.function.text if isinstance(part, ast.Call) else unparse_expression(part)


class _Signed(ast.Expr):
    """A term of a sum that is taken away."""

    operand: ast.Expr


def terms_of(expr: ast.Expr) -> list[ast.Expr]:
    """The terms of a sum; those behind a minus are marked."""
    if isinstance(expr, ast.Binary) and expr.operator in ("+", "-"):
        right = terms_of(expr.right) if expr.operator == "+" else [_Signed(expr.right)]
        return [*terms_of(expr.left), *right]
    return [expr]


def _conjunction(expr: ast.Expr) -> list[ast.Expr]:
    if isinstance(expr, ast.Binary) and expr.operator == "and":
        return [*_conjunction(expr.left), *_conjunction(expr.right)]
    return [expr]


def _key(expr: ast.Expr) -> str:
    """What an item is known by when its inside may have changed: a call by its function."""
    value = expr.value if isinstance(expr, ast.Value) else expr
    if isinstance(value, ast.Call):
        return f"{value.function.text}(…)"
    return item_text(expr)


def item_text(expr: ast.Expr) -> str:
    return f"- {unparse_expression(expr.operand)}" if isinstance(expr, _Signed) else unparse_expression(expr)


def _list(name: str, before: Sequence[Item], after: Sequence[Item]) -> list[FieldChange]:
    """Items that went and came; calls of one function and values of one name are looked into."""
    lost, fresh = list(before), []
    for item in after:
        if item in lost:
            lost.remove(item)
        else:
            fresh.append(item)
    if not lost and not fresh:
        if len(before) > 1:
            shown = [", ".join(map(item_text, side)) for side in (before, after)]
            return [FieldChange(name, shown[0], shown[1], order=True)]
        return []
    found: list[FieldChange] = []
    for item in list(fresh):
        mine = next((other for other in lost if _related(other, item)), None)
        if mine is not None:
            lost.remove(mine)
            fresh.remove(item)
            if isinstance(mine, ast.Value) and isinstance(item, ast.Value):
                found += _values(name, mine, item)
            else:
                found += _expressions(name, mine, item)
    if len(lost) == len(fresh) == 1:
        return [*found, FieldChange(name, item_text(lost[0]), item_text(fresh[0]))]
    if lost or fresh:
        found.append(FieldChange(name, removed=tuple(map(item_text, lost)), added=tuple(map(item_text, fresh))))
    return found


def _related(one: ast.Expr, other: ast.Expr) -> bool:
    if isinstance(one, ast.Value) and isinstance(other, ast.Value):
        if one.name is not None or other.name is not None:
            return one.name == other.name
        return one.value == other.value or _related(one.value, other.value)
    return isinstance(one, ast.Call) and isinstance(other, ast.Call) and one.function == other.function


# --- as text --------------------------------------------------------------------------------------------------

_SIGNS = (("<=", "≤"), (">=", "≥"), ("!=", "≠"))


def field_text(change: FieldChange) -> str:
    """`csw0: − Ind`, `se: iid → cluster(id)`, `+ where year ≤ 2018`."""
    lead = f"{change.name}: " if change.name else ""
    if change.removed or change.added:
        items = [f"{MINUS} {pretty(item)}" for item in change.removed] + [f"+ {pretty(item)}" for item in change.added]
        return lead + ", ".join(items)
    if change.order:
        return f"{lead}order {pretty(change.before)} → {pretty(change.after)}"
    if not change.before:
        return f"+ {change.name} {pretty(change.after)}".replace("  ", " ")
    if not change.after:
        return f"{MINUS} {change.name} {pretty(change.before)}".replace("  ", " ")
    return f"{lead}{pretty(change.before)} → {pretty(change.after)}"


def pretty(code: str) -> str:
    """Code with the signs a paper prints; what stands in quotes is kept."""
    pieces = code.split('"')
    for index in range(0, len(pieces), 2):
        for written, printed in _SIGNS:
            pieces[index] = pieces[index].replace(written, printed)
    return '"'.join(pieces)
