"""Where a line stopped making sense."""

from __future__ import annotations

from collections.abc import Callable

from carbonspec.diagnostics.model import ERROR, Diagnostic
from carbonspec.lang.lalr import Tables, Token, Unexpected
from carbonspec.lang.layout import Line
from carbonspec.lang.mistakes.words import SIGN_OF
from carbonspec.source import Source, Span

OPERANDS = frozenset(("NAME", "NUMBER", "STRING", "QUOTED", "LAG", "LPAR"))
ENDS_OPERAND = frozenset(("NAME", "NUMBER", "STRING", "QUOTED", "RPAR", "RSQB"))


class Place:
    """Where a line stopped making sense. `previous` is the token before, `token` the one that cannot stand there."""

    def __init__(self, source: Source, line: Line, problem: Unexpected, tables: Tables) -> None:
        self.line = line
        self.index = problem.index
        self.expected = tables.expected(line.tokens[: problem.index], "clause_line" if line.indent else "statement")
        self.keywords = tables.keywords
        self._source = source

    def at(self, offset: int) -> Token | None:
        """The token `offset` places from the one that cannot stand there."""
        index = self.index + offset
        return self.line.tokens[index] if 0 <= index < len(self.line.tokens) else None

    @property
    def token(self) -> Token | None:
        return self.at(0)

    @property
    def previous(self) -> Token | None:
        return self.at(-1)

    def text(self, offset: int) -> str:
        """The text of a token, "" where there is none."""
        token = self.at(offset)
        return token.text if token is not None else ""

    def kind(self, offset: int) -> str:
        token = self.at(offset)
        return token.kind if token is not None else ""

    def shown(self, offset: int) -> str:
        """The text of a token, cut when it is long."""
        text = self.text(offset)
        return text if len(text) <= 40 else text[:39] + "…"

    @property
    def keyword(self) -> str:
        """The statement's keyword; "" on a clause line."""
        return "" if self.line.indent else self.line.tokens[0].text

    @property
    def before(self) -> list[Token]:
        """The tokens that were fine."""
        return self.line.tokens[: self.index]

    @property
    def depth(self) -> int:
        """How many brackets are open."""
        opened = sum(token.text in ("(", "[") for token in self.before)
        return opened - sum(token.text in (")", "]") for token in self.before)

    @property
    def in_head(self) -> bool:
        """Whether the statement's `=` or `:` is still to come."""
        heads = ("NAME", "QUOTED", "STRING", "NUMBER")
        return self.keyword in SIGN_OF and all(token.kind in heads for token in self.before[1:])

    @property
    def wants_operand(self) -> bool:
        return "NUMBER" in self.expected and "STRING" in self.expected

    @property
    def after_word(self) -> bool:
        """Whether the token before is a clause's word."""
        if self.kind(-1) != "NAME":
            return False
        if self.index == 1:
            return bool(self.line.indent)
        return (self.kind(-2) in ENDS_OPERAND and self.index > 2) or (self.index == 2 and self.keyword == "study")

    def error(self, code: str, message: str, *helps: str, at: int = 0, to: int | None = None) -> Diagnostic:
        """An error that underlines the tokens from `at` to `to`, counted from the one that cannot stand there."""
        first = self.at(at) or self.line.tokens[-1]
        last = (self.at(to) if to is not None else None) or first
        return Diagnostic(code, ERROR, message, Span(self._source, first.start, last.end), helps)


Mistake = Callable[[Place], Diagnostic | None]
"""Says what is wrong at a place, if it is the mistake that the function knows."""
