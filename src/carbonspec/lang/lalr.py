"""Runs the tables that lark makes: tokens by one regular expression, and the LALR(1) loop.

lark's own runtime costs as much start-up time as the rest of `check`; the loop itself is a page. A test holds that
both give the same trees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

END = "$END"
BAD = "_BAD"
"""The kind of a character that starts no token."""


class Token:
    """`text` at `start` to `end` (exclusive)."""

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, kind: str, start: int, end: int, text: str) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.text = text

    def __repr__(self) -> str:
        return f"{self.kind}({self.text!r})"


class Unexpected(Exception):
    """The token at `index` (the number of tokens: the end of the line) cannot stand there."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


Build = Callable[[int, int, list[Any]], Any]
"""Makes a node from its first and last (exclusive) character and its children."""


class Tables:
    """The tables of `compile_tables`, ready to run."""

    def __init__(
        self,
        grammar: str,
        patterns: Sequence[tuple[str, str]],
        fixed: Mapping[str, str],
        ignored: Sequence[str],
        rules: Sequence[tuple[str, int, str, tuple[int, ...], bool]],
        states: Sequence[Mapping[str, int]],
        starts: Mapping[str, int],
        ends: Mapping[str, int],
    ) -> None:
        self.grammar = grammar
        self.fixed = fixed
        self.ignored = frozenset(ignored)
        self.rules = rules
        self.states = states
        self.starts = starts
        self.ends = ends
        self.keywords = frozenset(text for text, name in fixed.items() if name in states[starts["statement"]])
        """The words that start a statement."""
        signs = sorted((text for text in fixed if not text.isidentifier()), key=lambda text: (-len(text), text))
        words = [text for text in fixed if text.isidentifier()]
        # Words are names unless the name pattern refuses them (`and`); then they stand as tokens of their own.
        groups = [f"(?P<{name}>{pattern})" for name, pattern in patterns]
        groups.append(rf"(?P<_WORD>(?:{'|'.join(words)})\b)")
        groups.append(f"(?P<_SIGN>{'|'.join(re.escape(text) for text in signs)})")
        groups.append(rf"(?P<{BAD}>.)")
        self._match = re.compile("|".join(groups), re.DOTALL).finditer

    def tokens(self, text: str) -> Iterator[Token]:
        """All tokens of a text, what is ignored and BAD characters included."""
        fixed = self.fixed
        for match in self._match(text):
            kind = match.lastgroup or BAD
            word = match.group()
            if kind == "_SIGN" or kind == "_WORD":
                kind = fixed[word]
            yield Token(kind, match.start(), match.end(), word)

    def parse(self, tokens: Sequence[Token], start: str, build: Mapping[str, Build]) -> Any:
        """Parse one line.

        A word of the grammar (`model`) is a keyword where the grammar expects it and a name everywhere else.
        Raises Unexpected.
        """
        states, rules, fixed = self.states, self.rules, self.fixed
        end_state = self.ends[start]
        stack = [self.starts[start]]
        values: list[Any] = []
        places: list[tuple[int, int]] = []
        last = tokens[-1].end if tokens else 0
        count = len(tokens)
        index = 0
        while True:
            if index < count:
                token = tokens[index]
                kind = token.kind
                if kind == "NAME" and token.text in fixed and fixed[token.text] in states[stack[-1]]:
                    kind = fixed[token.text]
            else:
                kind = END
            while True:
                action = states[stack[-1]].get(kind)
                if action is None:
                    raise Unexpected(index)
                if action >= 0:
                    stack.append(action)
                    values.append(token)
                    places.append((token.start, token.end))
                    index += 1
                    break
                origin, size, node, kept, alone = rules[-1 - action]
                if size == 1 and alone:  # `atom: number`: nothing to build
                    stack[-1] = states[stack[-2]][origin]
                    if kind is END and stack[-1] == end_state:
                        return values[-1]
                    continue
                if size:
                    children: list[Any] = []
                    under = values[-size:]
                    for position in kept:
                        child = under[position]
                        if type(child) is list:
                            children += child
                        else:
                            children.append(child)
                    first, final = places[-size][0], places[-1][1]
                    del stack[-size:], values[-size:], places[-size:]
                else:
                    children = []
                    first = final = places[-1][1] if places else last
                if not node:
                    value: Any = children
                elif alone and len(children) == 1:
                    value = children[0]
                else:
                    value = build[node](first, final, children)
                stack.append(states[stack[-1]][origin])
                values.append(value)
                places.append((first, final))
                if kind is END and stack[-1] == end_state:
                    return values[-1]

    def expected(self, tokens: Sequence[Token], start: str) -> frozenset[str]:
        """The kinds of token that can follow `tokens`, END among them where the line may end."""
        stack = [self.starts[start]]
        for token in tokens:
            keyword = self.fixed.get(token.text) if token.kind == "NAME" else None
            known = keyword is not None and keyword in self.states[stack[-1]]
            self._shift(stack, keyword if known and keyword is not None else token.kind)
        possible = self.states[stack[-1]]
        return frozenset(kind for kind in possible if not kind.islower() and self._shift(stack.copy(), kind))

    def _shift(self, stack: list[int], kind: str) -> bool:
        """Take one token onto a stack of states, reducing first where the tables say so; False when it cannot stand."""
        while True:
            action = self.states[stack[-1]].get(kind)
            if action is None:
                return False
            if action >= 0:
                stack.append(action)
                return True
            origin, size, *_ = self.rules[-1 - action]
            if size:
                del stack[-size:]
            stack.append(self.states[stack[-1]][origin])
            if kind == END and stack[-1] in self.ends.values():
                return True
