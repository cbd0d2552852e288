"""Mistakes in `extends` and `without`."""

from __future__ import annotations

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.lang.mistakes.place import Place


def base_as_text(place: Place) -> Diagnostic | None:
    """`extends ../paper.cspec`, `extends = "paper.cspec"`, `extends "a.cspec", "b.cspec"`."""
    if place.keyword != "extends" or place.token is None:
        return None
    tokens = place.line.tokens[1:]
    texts = [token for token in tokens if token.kind == "STRING"]
    if len(texts) > 1 and place.text(0) == ",":
        return place.error("E250", "a file extends one other file", "that one may extend a further one itself")
    written = texts[0].text if texts else '"' + "".join(t.text for t in tokens if t.text not in ("=", ":")) + '"'
    help_ = f"write `extends {written}`"
    return place.error("E250", "`extends` takes the path of one spec in double quotes", help_)


def withdrawn_text(place: Place) -> Diagnostic | None:
    """`without "expect"`, `without table "5"`."""
    if place.keyword != "without" or place.kind(0) != "STRING":
        return None
    plain = place.text(0).strip('"')
    return place.error("E101", "`without` takes names, and a text is none", f"write it without quotes: `{plain}`")
