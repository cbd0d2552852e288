"""Mistakes between a statement's keyword and its body."""

from __future__ import annotations

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.lang.mistakes.place import Place
from carbonspec.lang.mistakes.words import EXAMPLES, SIGN_OF


def name_missing(place: Place) -> Diagnostic | None:
    """`model: …`, `model "Label": …`, `model Ce ~ Open`, `study` without its title."""
    if place.index != 1 or not place.keyword:
        return None
    keyword, example = place.keyword, f"`{EXAMPLES[place.keyword]}`"
    if keyword == "study":
        return place.error("E111", "`study` needs a title in double quotes", example, at=0 if place.token else -1)
    if keyword not in SIGN_OF and keyword not in ("data", "panel"):
        if place.token is None:
            return place.error("E111", f"`{keyword}` stands alone", f"for example {example}", at=-1)
        return None
    if place.kind(0) == "STRING":
        if keyword in ("mediate", "test"):
            message = f"a label without a name: `{keyword}` has neither, or a name first"
            return place.error("E112", message, f"for example `{keyword} name {place.shown(0)}: …`")
        name = "1" if keyword in ("table", "figure") else "name"
        helps = (f"write the name first: `{keyword} {name} {place.shown(0)}{_sign(keyword)}`",)
        return place.error("E112", "the label stands after the name it labels", *helps)
    if place.text(0) in ("and", "or", "not", "in"):
        message = f"`{place.text(0)}` is a word of the language and cannot be a name"
        return place.error("E114", message, "choose another name")
    if place.kind(0) == "NUMBER":
        message = f"`{keyword}` needs a name; `{place.shown(0)}` is a number"
        return place.error("E114", message, f"for example {example}")
    if place.token is None or place.text(0) in (":", "=", "~"):
        return place.error("E111", f"`{keyword}` needs a name", f"for example {example}", at=0 if place.token else -1)
    return None


def _sign(keyword: str) -> str:
    return {"=": " = …", ":": ": …"}.get(SIGN_OF.get(keyword, ""), "")


def body_missing(place: Place) -> Diagnostic | None:
    """`model benchmark`, `let x =`."""
    keyword = place.keyword
    sign = SIGN_OF.get(keyword)
    if sign is None:
        return None
    example = f"for example `{EXAMPLES[keyword]}`"
    named = " ".join(token.text for token in place.before[:2])
    ends = place.token is None or place.kind(0) == "NAME"
    if place.in_head and ends and place.index >= 2 and "NUMBER" not in place.expected:
        if place.token is None:
            return place.error("E111", f"`{named}` has no body", example, at=-1)
        return place.error("E118", f"`{sign}` is missing after `{place.shown(-1)}`", example)
    only_head = all(token.kind in ("NAME", "QUOTED", "STRING", "NUMBER") for token in place.before[1:-1])
    if place.token is None and place.text(-1) == sign and only_head:
        helps = (example, "a body on the next line must be indented")
        return place.error("E111", f"nothing follows the `{sign}` of `{named}`", *helps, at=-1)
    return None


def wrong_sign(place: Place) -> Diagnostic | None:
    """`let x: a`, `model m = y ~ x`, `var x == 1`, `var x <- 1`, `model y ~ x`."""
    keyword = place.keyword
    sign = SIGN_OF.get(keyword)
    if sign is None or not place.in_head or place.index < 2 or place.token is None:
        return None
    written = place.text(0)
    pair = written + place.text(1)
    if pair in ("<-", ":="):
        return place.error("E118", f"`{pair}` is written `{sign}` here", f"write `{sign}`", to=1)
    if written == "~" and keyword == "mediate":
        return place.error("E101", "mediation is a path, not a formula", "write `mediate x -> m -> y with controls`")
    if written == "~":
        message = f"`{keyword}` needs a name before the formula"
        return place.error("E118", message, f"for example `{keyword} m: {place.text(-1)} ~ …`")
    if written in ("=", "==", ":") and written != sign:
        message = f"after the name of a `{keyword}` stands `{sign}`, not `{written}`"
        return place.error("E118", message, f"write `{sign}`")
    if written == ".":
        return place.error("E114", "a declared name has no dot", "use `_`, or put the name in backquotes", at=-1, to=1)
    if place.kind(0) == "STRING":
        return place.error("E112", "one label is enough", f"after it stands `{sign}`")
    return None
