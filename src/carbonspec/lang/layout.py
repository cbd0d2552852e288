"""The layout filter: text → lines of tokens, with their comments.

A line that ends in an operator or comma, or inside brackets, goes on in the next, which must be indented: column 0
always starts a statement. Comments are taken out of the token stream and kept beside the line they belong to.
"""

from __future__ import annotations

from carbonspec.lang.lalr import BAD, Tables, Token

GOES_ON = frozenset("+ - * / ^ : ~ | = == != < <= > >= .. -> , and or not in".split(" "))  # noqa: SIM905
"""What cannot end a line: the line below it continues it."""
OPENING = {"(": ")", "[": "]"}
CLOSING = {")": "(", "]": "["}

ODD_SPACES = (
    "\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200E)))
    + ("\u2028\u2029\u202f\u205f\u2060\u3000\ufeff")
)
"""Spaces other than the space, and signs of no width."""

Comments = list[tuple[int, str]]
"""Comment lines as (indent, text); the text is "" for a blank line."""


class Line:
    """One statement or clause line, its continuations included.

    `above` holds the comment lines above it, `comment` the one at the end of its first row, `inner` those further in.
    `bad` are its characters that start no token; `unclosed` its brackets that are never closed; `stray` those that
    close nothing, or the wrong one (with the bracket that is open there, if any).
    """

    __slots__ = ("above", "bad", "comment", "indent", "inner", "stray", "tokens", "unclosed")

    def __init__(self, indent: int, above: Comments) -> None:
        self.indent = indent
        self.above = above
        self.comment = ""
        self.inner: list[str] = []
        self.tokens: list[Token] = []
        self.bad: list[Token] = []
        self.unclosed: list[Token] = []
        self.stray: list[tuple[Token, Token | None]] = []


def lines(text: str, tables: Tables) -> tuple[list[Line], Comments]:
    """The lines of a text, and the comments below the last one."""
    found: list[Line] = []
    waiting: Comments = []  # comment and blank rows since the last row of code
    line = Line(0, [])
    row_starts = True
    first_row = True
    indent = 0
    end = len(text)
    # A line break in front of the text makes its first row like all others; offsets are counted without it.
    for token in tables.tokens("\n" + text):
        kind = token.kind
        if kind == "SPACE":
            at = token.text.find("#")
            if at >= 0 and row_starts:
                waiting.append((indent, token.text[at:].rstrip()))
            elif at >= 0 and first_row:
                line.comment = token.text[at:].rstrip()
            elif at >= 0:
                line.inner.append(token.text[at:].rstrip())
            continue
        token.start -= 1
        token.end -= 1
        if kind == "BREAK":
            row = token.text[1:]
            content = row.lstrip(" ")
            indent = len(row) - len(content)
            row_starts = True
            if content or (token.end < end and text[token.end] == "\n"):
                waiting.append((indent, content.rstrip()))
            continue
        if row_starts:
            row_starts = False
            if indent and line.tokens and (line.unclosed or line.tokens[-1].text in GOES_ON):
                first_row = False
                line.inner += [comment for _, comment in waiting if comment]
            else:
                line = Line(indent, waiting)
                found.append(line)
                first_row = True
            waiting = []
        line.tokens.append(token)
        if kind == BAD:
            line.bad.append(token)
        elif token.text in OPENING:
            line.unclosed.append(token)
        elif token.text in CLOSING:
            if line.unclosed and line.unclosed[-1].text == CLOSING[token.text]:
                line.unclosed.pop()
            else:
                line.stray.append((token, line.unclosed.pop() if line.unclosed else None))
    return found, waiting
