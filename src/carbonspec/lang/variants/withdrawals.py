"""`without`: which statements of the base a variant takes out."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.diagnostics.model import ERROR, Checked, Diagnostic, Related
from carbonspec.diagnostics.suggestions import did_you_mean
from carbonspec.lang import ast
from carbonspec.lang.variants.keys import ADDING_UP, NAMED, NUMBERED, ONE, key_of, number
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
        if not kind and word in KEYWORDS:
            self._which(word, span)
            return
        what = f"{kind} {word}" if kind else word
        self._error(f"the base has no `{what}`", span, self._instead(kind, word))

    def _which(self, keyword: str, span: Span) -> None:
        """A keyword alone, where the base has none of that kind, or none without a name."""
        names = [f"{keyword} {name}" if keyword in NUMBERED else name for name in self._names(keyword)]
        if names and keyword not in ADDING_UP:
            by = "number" if keyword in NUMBERED else "name"
            message = f"which {keyword}? A {keyword} is withdrawn by its {by}"
        else:
            message = f"the base has no `{keyword}`{' without a name' if names else ''}"
        self._error(message, span, f"the base has {_listed(names)}" if names else "")

    def _instead(self, kind: str, word: str) -> str:
        """What to write for a name that the base does not have."""
        if (kind if kind in NUMBERED else "", word) in self._own:
            return "it is declared in this file: delete it there"
        if kind in ADDING_UP - NAMED:
            return f"a `{kind}` has no name: `without {kind}` takes all of the base's out"
        other = next((s for s in self.base.statements if key_of(s) == ("", word)), None)
        if other is not None:
            return f"`{word}` is a `{other.keyword}`: write `without {word}`"
        names = self._names(kind) if kind else [name for known in sorted(NAMED) for name in self._names(known)]
        numbered = [f"{known} {name}" for known in sorted(NUMBERED) for name in self._names(known)]
        kinds = [known for known in sorted(ADDING_UP | ONE) if any(s.keyword == known for s in self.base.statements)]
        close = did_you_mean(word, names if kind else [*names, *kinds, *numbered])
        if close:
            return f"did you mean `{f'{kind} {close}' if kind else close}`?"
        return f"the base has {_listed([f'{kind} {name}' for name in names] if kind else names)}" if names else ""

    def _names(self, keyword: str) -> list[str]:
        """Names or numbers of the base's statements of a kind."""
        keys = [key_of(s) for s in self.base.statements if s.keyword == keyword]
        return [key[1] for key in keys if key is not None and key[1]]

    def _error(self, message: str, span: Span, *helps: str, related: tuple[Related, ...] = ()) -> None:
        self.found.append(Diagnostic("E253", ERROR, message, span, tuple(h for h in helps if h), related))


def _listed(names: list[str], limit: int = 12) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:limit])
    return shown + (", …" if len(names) > limit else "")
