"""Conflicts that a merge left in a spec: git's markers with the versions of both sides between them."""

from __future__ import annotations

import re

from carbonspec.diagnostics.model import ERROR, Diagnostic
from carbonspec.source import Source, Span

_MARKER = re.compile(r"^(<{7,}|\|{7,}|={7,}|>{7,})(?: .*)?$", re.MULTILINE)


def has_conflicts(text: str) -> bool:
    """Whether a line starts as a conflict does."""
    return text.startswith("<<<<<<<") or "\n<<<<<<<" in text


def sides(text: str) -> tuple[str, str]:
    """The versions of both sides."""
    return _without(text, "|=>", blank=False), _without(text, "<|>", blank=False)


def unresolved(source: Source, text: str, diagnostics: list[Diagnostic]) -> str:
    """Reports each conflict, and gives the text with spaces in place of the markers and of what the other side has."""
    helps = ("keep one of the versions or put them together, and take out the lines with the signs; then `git add` it",)
    for found in _MARKER.finditer(text):
        if found[0].startswith("<"):
            message = "a merge left two versions here, and nobody has chosen yet"
            diagnostics.append(Diagnostic("E123", ERROR, message, Span(source, found.start(), found.end()), helps))
    return _without(text, "|=>", blank=True)


def _without(text: str, dropped: str, *, blank: bool) -> str:
    """The text without its markers and without what follows those that begin with one of the signs `dropped`.

    The line that ends a conflict ends what is dropped, too. `blank`: spaces stand in their place.
    """
    kept: list[str] = []
    inside = ""  # the sign of the marker above, "" outside a conflict
    for line in text.splitlines(keepends=True):
        marker = _MARKER.match(line.rstrip("\n"))
        if marker is not None and (inside or line.startswith("<")):
            inside = "" if line.startswith(">") else line[0]
        elif not inside or inside not in dropped:
            kept.append(line)
            continue
        if blank:
            kept.append(" " * (len(line) - line.endswith("\n")) + "\n" * line.endswith("\n"))
    return "".join(kept)
