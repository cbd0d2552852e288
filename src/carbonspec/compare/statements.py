"""Which statement of one file is which of another: by name, by content where it was renamed, by what it speaks of."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from carbonspec.lang import ast
from carbonspec.lang.unparse import unparse, unparse_expression
from carbonspec.lang.variants.keys import NUMBERED, number
from carbonspec.record import Record
from carbonspec.source import Located

Node = TypeVar("Node")

ONCE = frozenset(("study", "panel", "extends"))
"""Statements of which a file has one."""
LEAST_ALIKE = 0.34
"""The share of words that two nameless statements have in common when one is taken for the other, edited."""
_COMMENTS = frozenset(("before", "comment", "after"))
_WORD = re.compile(r"[^\W\d]\w*")


class Pair(Record):
    """A statement before and after; None where it was added or removed. Both are `bare`; `old` and `new` as written."""

    before: ast.Statement | None
    after: ast.Statement | None
    old: ast.Statement | None = None
    new: ast.Statement | None = None
    renamed: bool = False

    @property
    def known(self) -> ast.Statement:
        """The newer of the two."""
        found = self.after or self.before
        assert found is not None
        return found


def bare(node: Node) -> Node:
    """A tree without comments and superfluous parentheses: equal for two texts that only look different."""
    if isinstance(node, tuple):
        return tuple(bare(item) for item in node)  # type: ignore[return-value]
    if isinstance(node, ast.Group) and len(node.items) == 1:
        return bare(node.items[0])  # type: ignore[return-value]
    if isinstance(node, ast.Number):
        return ast.Number(node.text.replace("_", ""), node.value, span=node.span)  # type: ignore[return-value]
    if isinstance(node, Record):
        kept = {
            name: value if name == "span" else () if name in _COMMENTS and name != "comment" else bare(value)
            for name, value in node.__dict__.items()
        }
        if "comment" in kept:
            kept["comment"] = ""
        return type(node)(**kept)
    return node


def name_of(statement: ast.Statement) -> str:
    """Its name, or the number of a table or figure; "" without one."""
    if statement.keyword in NUMBERED and isinstance(statement.name, ast.Name | ast.Number):
        return number(statement.name)
    return unparse_expression(statement.name) if statement.name is not None else ""


def text_of(statement: ast.Statement) -> str:
    """Its canonical text, without comments."""
    plain = statement.replace(
        before=(), comment="", after=(), clauses=tuple(_plain(clause) for clause in statement.clauses)
    )
    return unparse(ast.File((plain,))).rstrip("\n")


def _plain(clause: ast.Clause) -> ast.Clause:
    return clause.replace(before=(), comment="")


# --- which is which -------------------------------------------------------------------------------------------


def match(before: ast.File, after: ast.File) -> tuple[Pair, ...]:
    """All statements of both files in pairs, as they stand in `after`; what was removed stands where it stood."""
    old = [bare(s) for s in before.statements]
    new = [bare(s) for s in after.statements]
    partner: dict[int, int] = {}  # index in `new` → index in `old`
    left = set(range(len(old)))
    for rule in (_same, _same_result, _same_name, _same_content):
        for index, statement in enumerate(new):
            if index not in partner:
                found = next((i for i in sorted(left) if rule(old[i], statement)), None)
                if found is not None and not (rule is _same_result and not _once(statement, old, new)):
                    partner[index] = found
                    left.discard(found)
    _alike(old, new, partner, left)
    return _ordered(before.statements, after.statements, old, new, partner)


def _same(one: ast.Statement, other: ast.Statement) -> bool:
    return one == other


def _same_name(one: ast.Statement, other: ast.Statement) -> bool:
    if one.keyword != other.keyword:
        return False
    return one.keyword in ONCE or (one.name is not None and name_of(one) == name_of(other) and one.sign == other.sign)


def _same_result(one: ast.Statement, other: ast.Statement) -> bool:
    """A table or figure that shows the same under another number."""
    return one.keyword in NUMBERED and one.keyword == other.keyword and bool(one.body) and one.body == other.body


def _once(statement: ast.Statement, old: list[ast.Statement], new: list[ast.Statement]) -> bool:
    return all(sum(_same_result(s, statement) for s in file) == 1 for file in (old, new))


def _same_content(one: ast.Statement, other: ast.Statement) -> bool:
    """Another name, the same definition."""
    return (
        one.keyword == other.keyword
        and one.keyword not in NUMBERED
        and one.name is not None
        and other.name is not None
        and bool(one.body or one.keyword == "data")
        and one.body == other.body
        and one.clauses == other.clauses
    )


def _alike(old: list[ast.Statement], new: list[ast.Statement], partner: dict[int, int], left: set[int]) -> None:
    """Nameless statements that were edited: the most alike first; an `expect` by what it speaks of."""
    pairs = []
    for index, statement in enumerate(new):
        if index in partner or (statement.name is not None and statement.keyword != "expect"):
            continue
        for other in left:
            share = alike(old[other], statement)
            if share >= LEAST_ALIKE:
                pairs.append((-share, abs(index - other), index, other))
    for _, _, index, other in sorted(pairs):
        if index not in partner and other in left:
            partner[index] = other
            left.discard(other)


def alike(one: ast.Statement, other: ast.Statement) -> float:
    """How much two nameless statements share, 0 to 1."""
    if one.keyword != other.keyword:
        return 0.0
    if one.keyword == "expect":
        return float(subject(one) == subject(other))
    words, others = (set(_WORD.findall(text_of(s))) - {s.keyword, "at"} for s in (one, other))
    return len(words & others) / len(words | others) if words | others else 0.0


def subject(statement: ast.Statement) -> str:
    """What an `expect` speaks of: the left side of its `=`."""
    if statement.name is not None:
        return unparse_expression(statement.name)
    value = statement.body[0] if statement.body else None
    if value is None:
        return ""
    return unparse_expression(value.name if value.name is not None else value.value)


def _ordered(
    before: tuple[ast.Statement, ...],
    after: tuple[ast.Statement, ...],
    old: list[ast.Statement],
    new: list[ast.Statement],
    partner: dict[int, int],
) -> tuple[Pair, ...]:
    pairs: list[Pair] = []
    kept = set(partner.values())
    removed = [i for i in range(len(old)) if i not in kept]
    for index, statement in enumerate(new):
        if index in partner:
            at = partner[index]
            while removed and removed[0] < at:
                gone = removed.pop(0)
                pairs.append(Pair(old[gone], None, before[gone], None))
            renamed = old[at].keyword not in ONCE and _renamed(old[at], statement)
            pairs.append(Pair(old[at], statement, before[at], after[index], renamed))
        else:
            pairs.append(Pair(None, statement, None, after[index]))
    return (*pairs, *(Pair(old[i], None, before[i], None) for i in removed))


def _renamed(one: ast.Statement, other: ast.Statement) -> bool:
    return one.keyword != "expect" and name_of(one) != name_of(other)


# --- other names ----------------------------------------------------------------------------------------------


def rename(file: ast.File, names: dict[str, str]) -> ast.File:
    """The file with some declared names replaced wherever they are meant."""
    tables = frozenset(s.name.text for s in file.statements if s.keyword == "data" and isinstance(s.name, ast.Name))
    return file.replace(statements=tuple(_statement_renamed(s, names, tables) for s in file.statements))


Said = tuple[tuple[ast.Statement, frozenset[str]], ...]
"""Statements of a file with every name in them."""


def said(file: ast.File) -> Said:
    """The statements that can hang on others."""
    return tuple((s, mentioned(s)) for s in file.statements if s.keyword not in ("study", "panel", "data"))


def hanging_on(said: Said, statement: ast.Statement) -> frozenset[tuple[str, str]]:
    """(kind, name) of the outputs of a file that speak of a statement, also through others; itself among them.

    A nameless one is reached by the names in it: `winsorize Ce` redefines Ce.
    """
    names = {statement.name.text} if isinstance(statement.name, ast.Name) else set(mentioned(statement))
    reached = {id(s) for s, _ in said if s.keyword == statement.keyword and name_of(s) == name_of(statement)}
    more = True
    while more and statement.keyword not in NUMBERED:
        more = False
        for other, words in said:
            if id(other) not in reached and words & names:
                reached.add(id(other))
                if isinstance(other.name, ast.Name) and other.keyword != "expect":
                    names.add(other.name.text)
                more = True
    found = set()
    for other, _ in said:
        if id(other) in reached:
            kind = other.keyword
            found.add((kind, expected_text(other) if kind == "expect" else name_of(other)))
    return frozenset(found)


def expected_text(statement: ast.Statement) -> str:
    """An `expect` without its keyword, as the plan calls it."""
    return text_of(statement).removeprefix("expect ")


def mentioned(node: Located) -> frozenset[str]:
    """Every name that stands anywhere in a file or statement."""
    found: set[str] = set()
    waiting: list[Any] = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
        elif isinstance(node, ast.Name):
            found.add(node.text)
        elif isinstance(node, Record):
            waiting.extend(value for name, value in node.__dict__.items() if name != "span")
    return frozenset(found)


def _statement_renamed(statement: ast.Statement, names: dict[str, str], tables: frozenset[str]) -> ast.Statement:
    return statement.replace(
        name=_name_renamed(statement.name, names, tables),
        body=tuple(_renamed_in(value, names, tables) for value in statement.body),
        clauses=tuple(_clause_renamed(clause, names, tables) for clause in statement.clauses),
    )


def _clause_renamed(clause: ast.Clause, names: dict[str, str], tables: frozenset[str]) -> ast.Clause:
    return clause.replace(
        values=tuple(_renamed_in(value, names, tables) for value in clause.values),
        qualifiers=tuple(_clause_renamed(q, names, tables) for q in clause.qualifiers),
    )


def _name_renamed(node: ast.Expr | None, names: dict[str, str], tables: frozenset[str]) -> Any:
    return None if node is None else _renamed_in(node, names, tables)


def _renamed_in(node: Any, names: dict[str, str], tables: frozenset[str]) -> Any:
    """A function's word stays, and so does a raw column of a data table."""
    if isinstance(node, tuple):
        return tuple(_renamed_in(item, names, tables) for item in node)
    if isinstance(node, ast.Name):
        return node.replace(text=names[node.text]) if node.text in names else node
    if isinstance(node, ast.Call):
        return node.replace(arguments=_renamed_in(node.arguments, names, tables))
    if isinstance(node, ast.Member) and isinstance(node.target, ast.Name) and node.target.text in tables:
        return node.replace(target=_renamed_in(node.target, names, tables))
    if isinstance(node, Record):
        return type(node)(**{k: v if k == "span" else _renamed_in(v, names, tables) for k, v in node.__dict__.items()})
    return node
