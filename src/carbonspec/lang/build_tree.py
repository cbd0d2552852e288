"""Nodes of the syntax tree from the children the parser hands over: one function for each name in the grammar.

Nodes are filled directly, without `Record.__init__`, because parsing makes thousands of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from carbonspec.lang import ast
from carbonspec.lang.lalr import Build
from carbonspec.source import Located, Source, Span

Node = TypeVar("Node", bound=Located)

SIGNS = {"var": "=", "let": "=", "measure": "="} | dict.fromkeys(
    ("model", "mediate", "test", "hypothesis", "multiverse", "table", "figure"), ":"
)
"""What stands between a statement's name and its body; the others have none."""


class Builder:
    """Builds the nodes of one source. `functions` is what `Tables.parse` wants."""

    def __init__(self, source: Source) -> None:
        self._source = source
        statements = dict.fromkeys(
            (*SIGNS, "study", "data", "panel", "winsorize", "trim", "require", "expect", "extends", "without"),
            self.statement,
        )
        self.functions: Mapping[str, Build] = {
            **statements,
            "path": self.path,
            "unnamed": self.unnamed,
            "withdrawn": self.withdrawn,
            "clause_line": self.clause_line,
            "clause": self.clause,
            "word": self.name,
            "named": self.named,
            "labelled": self.labelled,
            "label": self.text,
            "formula": self.formula,
            "derived": self.derived,
            "arrow": self.arrow,
            "binary": self.binary,
            "unary": self.unary,
            "index": self.index,
            "member": self.member,
            "call": self.call,
            "function": self.name,
            "lag": self.lag,
            "group": self.group,
            "name": self.name,
            "number": self.number,
            "text": self.text,
        }

    def _node(self, kind: type[Node], start: int, end: int, fields: dict[str, Any]) -> Node:
        span = object.__new__(Span)
        span.__dict__.update(source=self._source, start=start, end=end)
        node = object.__new__(kind)
        values = node.__dict__
        values["span"] = span
        values.update(fields)
        return node

    # --- what stands for itself -----------------------------------------------------------------------------

    def name(self, start: int, end: int, children: list[Any]) -> ast.Name:
        text = children[0].text
        quoted = text[0] == "`"
        return self._node(ast.Name, start, end, {"text": text[1:-1] if quoted else text, "quoted": quoted})

    def number(self, start: int, end: int, children: list[Any]) -> ast.Number:
        text = children[0].text
        return self._node(ast.Number, start, end, {"text": text, "value": value_of(text)})

    def text(self, start: int, end: int, children: list[Any]) -> ast.Text:
        return self._node(ast.Text, start, end, {"value": children[0].text[1:-1].replace('""', '"')})

    def lag(self, start: int, end: int, children: list[Any]) -> ast.Lag:
        sign, operand = children
        order = int(sign.text[1:-1] or 1)
        return self._node(ast.Lag, start, end, {"letter": sign.text[0], "order": order, "operand": operand})

    def call(self, start: int, end: int, children: list[Any]) -> ast.Call:
        return self._node(ast.Call, start, end, {"function": children[0], "arguments": tuple(children[1:])})

    def index(self, start: int, end: int, children: list[Any]) -> ast.Index:
        return self._node(ast.Index, start, end, {"target": children[0], "items": tuple(children[1:])})

    def member(self, start: int, end: int, children: list[Any]) -> ast.Member:
        return self._node(ast.Member, start, end, {"target": children[0], "member": children[1]})

    def group(self, start: int, end: int, children: list[Any]) -> ast.Group:
        return self._node(ast.Group, start, end, {"items": tuple(children)})

    # --- operators ------------------------------------------------------------------------------------------

    def unary(self, start: int, end: int, children: list[Any]) -> ast.Unary:
        return self._node(ast.Unary, start, end, {"operator": children[0].text, "operand": children[1]})

    def binary(self, start: int, end: int, children: list[Any]) -> ast.Binary:
        operator = " ".join(token.text for token in children[1:-1])  # `not in` is two tokens
        return self._node(ast.Binary, start, end, {"operator": operator, "left": children[0], "right": children[-1]})

    def arrow(self, start: int, end: int, children: list[Any]) -> ast.Arrow:
        return self._node(ast.Arrow, start, end, {"steps": tuple(children)})

    def formula(self, start: int, end: int, children: list[Any]) -> ast.Formula:
        left, right, *parts = children
        return self._node(ast.Formula, start, end, {"left": left, "right": right, "parts": tuple(parts)})

    def derived(self, start: int, end: int, children: list[Any]) -> ast.Formula:
        right, *parts = children
        return self._node(ast.Formula, start, end, {"left": None, "right": right, "parts": tuple(parts)})

    # --- values ---------------------------------------------------------------------------------------------

    def _value(
        self, start: int, end: int, value: ast.Expr, label: Any = None, name: Any = None, name_label: Any = None
    ) -> ast.Value:
        return self._node(
            ast.Value, start, end, {"value": value, "label": label, "name": name, "name_label": name_label}
        )

    def labelled(self, start: int, end: int, children: list[Any]) -> ast.Value:
        return self._value(start, end, children[0], children[1] if len(children) > 1 else None)

    def named(self, start: int, end: int, children: list[Any]) -> ast.Value:
        left, right = children
        return self._value(start, end, right.value, right.label, left.value, left.label)

    def unnamed(self, start: int, end: int, children: list[Any]) -> ast.Value:
        return self._value(start, end, children[0])

    def path(self, start: int, end: int, children: list[Any]) -> ast.Value:
        value = self.derived(start, end, children) if len(children) > 1 else children[0]
        return self._value(start, end, value)

    def withdrawn(self, start: int, end: int, children: list[Any]) -> ast.Value:
        return self._value(start, end, children[-1], name=children[0] if len(children) > 1 else None)

    # --- clauses and statements -----------------------------------------------------------------------------

    def clause(self, start: int, end: int, children: list[Any]) -> ast.Clause:
        word, *values = children
        fields = {"word": word, "values": tuple(values), "qualifiers": (), "before": (), "comment": ""}
        return self._node(ast.Clause, start, end, fields)

    def clause_line(self, start: int, end: int, children: list[Any]) -> ast.Clause:
        first: ast.Clause = children[0]
        if len(children) == 1:
            return first
        fields = {**first.__dict__, "qualifiers": tuple(children[1:])}
        return self._node(ast.Clause, start, end, fields | {"span": Span(self._source, start, end)})

    def statement(self, start: int, end: int, children: list[Any]) -> ast.Statement:
        name = label = None
        body: list[ast.Value] = []
        clauses: list[ast.Clause] = []
        for child in children:
            if isinstance(child, ast.Clause):
                clauses.append(child)
            elif isinstance(child, ast.Value):
                body.append(child)
            elif isinstance(child, ast.Text):
                label = child
            else:
                name = child
        text = self._source.text
        keyword = text[start : _word_end(text, start)]
        fields = {
            "keyword": keyword,
            "name": name,
            "label": label,
            "sign": SIGNS.get(keyword, "") if name is not None and body else "",
            "body": tuple(body),
            "clauses": tuple(clauses),
            "before": (),
            "comment": "",
            "after": (),
            "broken": False,
        }
        return self._node(ast.Statement, start, end, fields)


def _word_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end].isalpha():
        end += 1
    return end


def value_of(number: str) -> float:
    """`1_000` → 1000.0, `5%` → 0.05. The decimal digits are divided, so `5%` is exactly the float 0.05."""
    if not number.endswith("%"):
        return float(number)
    digits = number[:-1].replace("_", "")
    mantissa, _, exponent = digits.lower().partition("e")
    return float(f"{mantissa}e{int(exponent or 0) - 2}")
