"""Text → syntax tree, with every syntax error of the file at once."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import Any

from carbonspec.diagnostics.model import Checked, Diagnostic
from carbonspec.lang import ast
from carbonspec.lang.build_tree import Builder
from carbonspec.lang.lalr import Tables, Unexpected
from carbonspec.lang.layout import GOES_ON, ODD_SPACES, Comments, Line, lines
from carbonspec.source import Located, Source, Span

LONG = 100
"""A line of fewer signs cannot nest deeper than Python follows."""

DEEPEST = 500


def clean(text: str) -> str:
    """A text as the compiler wants it: no byte order mark, `\\n` at line ends, Unicode NFC."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        from unicodedata import normalize

        text = normalize("NFC", text)
    return text


def parse(source: Source) -> Checked[ast.File]:
    """The syntax tree of a file whose text is `clean`.

    A statement with a syntax error is left out of the tree; one with a wrong clause line stays, marked `broken`.
    """
    reader = _Reader(source)
    found, below = lines(reader.text(), reader.tables)
    statements: list[ast.Statement] = []
    current: _Statement | None = None
    for line in found:
        node = reader.read(line)
        if isinstance(node, ast.Clause):
            if current is not None:
                current.clauses.append(_commented_clause(node, line))
        elif node is None and line.indent:
            if current is not None:
                current.broken = True
        else:
            if current is not None:
                line.above = current.keep_indented(line.above)
                statements.append(current.finished())
            current = None if node is None else _Statement(node, line)
    if current is not None:
        below = current.keep_indented(below)
        statements.append(current.finished())
    if statements and statements[0].before[:1] == ("",):
        statements[0] = statements[0].replace(before=statements[0].before[1:])
    after = _texts(below)
    if after[-1:] == ("",):
        after = after[:-1]
    if not statements and after[:1] == ("",):
        after = after[1:]
    diagnostics = sorted(reader.diagnostics, key=lambda d: d.span.start if d.span is not None else 0)
    return Checked(ast.File(tuple(statements), after, span=Span(source, 0, len(source.text))), tuple(diagnostics))


class _Reader:
    """Parses the lines of one source and collects what is wrong with them."""

    def __init__(self, source: Source) -> None:
        self.tables = parser_tables()
        self.diagnostics: list[Diagnostic] = []
        self._source = source
        self._functions = Builder(source).functions
        self._begun = False
        self._lost = False  # whether the line above had a syntax error
        self._goes_on = False  # whether it ended as if it went on here

    def text(self) -> str:
        """The source's text. Tabs and other odd spaces are reported, and read as spaces; of a conflict that a merge
        left, which is reported too, our version is read.
        """
        text = self._source.text
        if any(sign in text for sign in ODD_SPACES):
            from carbonspec.lang.mistakes.tokens import odd_spaces

            text = odd_spaces(self._source, self.diagnostics)
        if "<<<<<<<" in text:
            from carbonspec.lang.conflicts import has_conflicts, unresolved

            text = unresolved(self._source, text, self.diagnostics) if has_conflicts(text) else text
        return text

    def read(self, line: Line) -> ast.Statement | ast.Clause | None:
        """The statement or clause of a line; None when it has a syntax error."""
        begun, self._begun = self._begun, True
        if self._lost and self._belongs_above(line):
            return None
        node = self._read(line, begun)
        self._lost = node is None
        self._goes_on = line.tokens[-1].text in GOES_ON | {"\\"}
        return node

    def _belongs_above(self, line: Line) -> bool:
        """Whether a line is the rest of the wrong one above it: one mistake, not two."""
        first = line.tokens[0].text
        if not line.indent and first in self.tables.keywords:
            return False
        return self._goes_on or (line.indent > 0 and first in GOES_ON)

    def _read(self, line: Line, begun: bool) -> ast.Statement | ast.Clause | None:
        if line.bad or line.stray or line.unclosed:
            from carbonspec.lang.mistakes.tokens import wrong_tokens

            self.diagnostics += wrong_tokens(self._source, line)
            return None
        if line.indent and (not begun or line.tokens[0].text in self.tables.keywords):
            return self._misplaced(line, begun)
        return self._node(line, "clause_line" if line.indent else "statement")

    def _node(self, line: Line, start: str) -> ast.Statement | ast.Clause | None:
        try:
            node: ast.Statement | ast.Clause = self.tables.parse(line.tokens, start, self._functions)
        except Unexpected as problem:
            from carbonspec.lang.syntax_errors import unexpected

            self.diagnostics.append(unexpected(self._source, line, problem, self.tables))
            return None
        if len(line.tokens) > LONG and not self._shallow(node):
            return None
        return node

    def _shallow(self, node: ast.Statement | ast.Clause) -> bool:
        """Whether a long statement nests no deeper than everything that reads it can follow."""
        if depth(node) > DEEPEST:
            message = f"this nests more than {DEEPEST} signs and brackets in each other"
            helps = ("take it apart: name its pieces with `var` or `let`",)
            self.diagnostics.append(Diagnostic("E122", "error", message, node.span, helps))
            return False
        sys.setrecursionlimit(max(sys.getrecursionlimit(), 20 * DEEPEST))
        return True

    def _misplaced(self, line: Line, begun: bool) -> ast.Statement | ast.Clause | None:
        """An indented line that has no statement above it, or starts with a statement's keyword."""
        from carbonspec.lang.syntax_errors import clause_alone, indented_statement

        try:
            statement: ast.Statement = self.tables.parse(line.tokens, "statement", self._functions)
        except Unexpected:
            if begun:
                return self._node(line, "clause_line")
            self.diagnostics.append(clause_alone(self._source, line))
            return None
        self.diagnostics.append(indented_statement(self._source, line))
        return statement


def depth(node: Located) -> int:
    """How many nodes stand in each other."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        one, level = waiting.pop()
        deepest = max(deepest, level)
        for value in one.__dict__.values():
            for inner in value if isinstance(value, tuple) else (value,):
                if isinstance(inner, Located):
                    waiting.append((inner, level + 1))
    return deepest


class _Statement:
    """A statement while its clause lines are being read."""

    def __init__(self, node: ast.Statement, line: Line) -> None:
        self.clauses: list[ast.Clause] = []
        self.broken = False
        self._node = node
        self._line = line
        self._after: tuple[str, ...] = ()

    def keep_indented(self, comments: Comments) -> Comments:
        """Keep the indented comments that follow the statement; the rest is handed back."""
        keep = 0
        for index, (indent, text) in enumerate(comments):
            if text and not indent:
                break
            if text:
                keep = index + 1
        self._after = _texts(comments[:keep])
        return comments[keep:]

    def finished(self) -> ast.Statement:
        node, line = self._node, self._line
        if not (self.clauses or self.broken or self._after or line.comment or line.above or line.inner):
            return node
        span = node.span.to(self.clauses[-1].span) if self.clauses else node.span
        return node.replace(
            clauses=(*node.clauses, *self.clauses),
            before=_texts(line.above, line.inner),
            comment=line.comment,
            after=self._after,
            broken=self.broken,
            span=span,
        )


def _commented_clause(node: ast.Clause, line: Line) -> ast.Clause:
    if not (line.above or line.inner or line.comment):
        return node
    return node.replace(before=_texts(line.above, line.inner), comment=line.comment)


def _texts(comments: Comments, inner: list[str] | tuple[()] = ()) -> tuple[str, ...]:
    """Comment lines without their indents, and no two blank lines in a row."""
    kept: list[str] = []
    for _, text in comments:
        if text or not kept or kept[-1]:
            kept.append(text)
    return (*kept, *inner)


# --- the tables ---------------------------------------------------------------------------------------------


@cache
def parser_tables() -> Tables:
    """The parse tables: those made when the package was built, or new ones if the grammar has changed since."""
    made = _made_tables()
    path = grammar_path()
    if path is None:
        if made is None:
            raise FileNotFoundError("carbonspec is not installed whole: cspec.lark and its tables are both missing")
        return Tables(**made)
    with open(path, encoding="utf-8") as stream:
        grammar = stream.read()
    if made is not None and made["grammar"] == grammar:
        return Tables(**made)
    from carbonspec.lang.compile_tables import compile_tables

    return Tables(**compile_tables(grammar))


def _made_tables() -> dict[str, Any] | None:
    try:
        from carbonspec.lang import _tables  # type: ignore[attr-defined,unused-ignore]
    except ImportError:
        return None
    tables: dict[str, Any] = _tables.TABLES
    return tables


def grammar_path() -> str | None:
    """Where the grammar lies: beside this file (installed) or in the checkout (editable); None when it is nowhere."""
    here = os.path.dirname(os.path.abspath(__file__))
    checkout = os.path.join(here, "..", "..", "..", "grammar", "cspec.lark")
    for path in (os.path.join(here, "cspec.lark"), os.path.normpath(checkout)):
        if os.path.isfile(path):
            return path
    return None
