"""`without`: which statements of the base a variant takes out."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import ERROR, Checked, Diagnostic, Related
from carbonspec.diagnostics.suggestions import did_you_mean
from carbonspec.lang import ast
from carbonspec.lang.variants.keys import ADDING_UP, NAMED, NUMBERED, ONE, called, key_of, number
from carbonspec.source import Span

KEYWORDS = NAMED | NUMBERED | ADDING_UP | ONE


def withdrawals(base: ast.File, variant: ast.File) -> Checked[tuple[ast.Change, ...]]:
    """The statements of the base that are withdrawn, each with the item that says so."""
    work = _Withdrawing(base, variant)
    for statement in variant.statements:
        if statement.keyword == "without":
            for item in statement.body:
                work.take(item)
    return Checked(tuple(work.changes), tuple(work.found))


class _Withdrawing:
    def __init__(self, base: ast.File, variant: ast.File) -> None:
        self.base = base
        self.changes: list[ast.Change] = []
        self.found: list[Diagnostic] = []
        self._own = {key_of(s) for s in variant.statements}
        self._said: dict[tuple[str, str], Span] = {}

    def take(self, item: ast.Value) -> None:
        """One item: `expect`, `iv`, `table 12`, `model iv`."""
        word = number(item.value) if isinstance(item.value, (ast.Name, ast.Number)) else ""
        kind = item.name.text if isinstance(item.name, ast.Name) else ""
        first = self._said.setdefault((kind, word), item.span)
        if first is not item.span:
            self._error(f"`{item.span.text}` is withdrawn twice", item.span, related=(Related(first, "first here"),))
            return
        taken = list(self._meant(kind, word, isinstance(item.value, ast.Name) and item.value.quoted))
        if not taken:
            self._nothing(kind, word, item.span)
        self.changes += [ast.Change(statement, span=item.span) for statement in taken]

    def _meant(self, kind: str, word: str, quoted: bool) -> Iterator[ast.Statement]:
        """The base's statements that an item means. A declared name comes before a kind of statement of that name."""
        if kind in NUMBERED:
            yield from (s for s in self.base.statements if key_of(s) == (kind, word))
            return
        named = [s for s in self.base.statements if key_of(s) == ("", word) and kind in ("", s.keyword)]
        yield from named
        if not named and not kind and not quoted and word in ADDING_UP | ONE:
            yield from (s for s in self.base.statements if s.keyword == word and (word in ONE or s.name is None))

    # --- what hits nothing --------------------------------------------------------------------------

    def _nothing(self, kind: str, word: str, span: Span) -> None:
        """E253, with what may have been meant."""
        names = self._names(kind) if kind else [*self._names(""), *(k for k in sorted(ADDING_UP | ONE) if self._has(k))]
        if not kind and word in KEYWORDS:
            known = [called(s).replace(s.keyword + " ", "", 1) for s in self.base.statements if s.keyword == word]
            if word in NUMBERED:
                known = [f"{word} {name}" for name in known]
            plain = word in ADDING_UP
            message = f"the base has no `{word}`{' without a name' if plain and known else ''}"
            if known and not plain:
                message = f"which {word}? A {word} is withdrawn by its {'number' if word in NUMBERED else 'name'}"
            self._error(message, span, f"the base has {_listed(known)}" if known else "")
            return
        what = f"{kind} {word}" if kind else word
        mine = (kind if kind in NUMBERED else "", word) in self._own
        close = did_you_mean(word, names)
        help_ = f"did you mean `{f'{kind} {close}' if kind else close}`?" if close else ""
        if mine:
            help_ = "it is declared in this file: delete it there"
        elif not close and names:
            help_ = f"the base has {_listed([f'{kind} {n}' for n in names] if kind else names)}"
        self._error(f"the base has no `{what}`", span, help_)

    def _names(self, kind: str) -> list[str]:
        """Names of the base's statements of a kind; "": all that declare a name."""
        keys = [(s.keyword, key_of(s)) for s in self.base.statements]
        return [
            key[1] for word, key in keys if key is not None and key[1] and (word == kind or (not kind and not key[0]))
        ]

    def _has(self, keyword: str) -> bool:
        return any(s.keyword == keyword for s in self.base.statements)

    def _error(self, message: str, span: Span, *helps: str, related: tuple[Related, ...] = ()) -> None:
        self.found.append(Diagnostic("E253", ERROR, message, span, tuple(h for h in helps if h), related))


def _listed(names: list[str], limit: int = 12) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:limit])
    return shown + (", …" if len(names) > limit else "")
