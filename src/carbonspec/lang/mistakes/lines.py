"""Mistakes at the start of a line."""

from __future__ import annotations

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.diagnostics.suggestions import did_you_mean
from carbonspec.lang.layout import GOES_ON
from carbonspec.lang.mistakes.place import OPERANDS, Place
from carbonspec.lang.mistakes.words import CLAUSE_WORDS, COMMANDS, EXAMPLES, LOOPS, NEEDLESS


def comment_sign(place: Place) -> Diagnostic | None:
    """`// comment`, `* comment`, `/* … */`, `-- comment`."""
    for first in (0, -1):
        pair = place.text(first) + place.text(first + 1)
        if pair in ("//", "/*") or (pair == "--" and place.index == 0):
            message = f"`{pair}` does not start a comment"
            return place.error("E103", message, "comments start with `#`", at=first, to=first + 1)
    if place.index == 0 and place.text(0) == "*":
        return place.error("E103", "`*` does not start a comment", "comments start with `#`")
    return None


def row_starts_with_operator(place: Place) -> Diagnostic | None:
    if place.index > 0 or place.text(0) not in GOES_ON:
        return None
    sign = place.text(0)
    message = f"a line cannot start with `{sign}`"
    return place.error("E117", message, f"put the `{sign}` at the end of the line above: that line then goes on here")


def unknown_statement(place: Place) -> Diagnostic | None:
    if place.index > 0 or not place.keyword:
        return None
    word = place.text(0)
    if place.kind(0) not in ("NAME", "QUOTED"):
        helps = ("an indented line is a clause, or goes on where the line above ended in an operator or comma",)
        return place.error("E110", f"a statement starts with a word, not with `{place.shown(0)}`", *helps)
    message = f"no statement starts with `{word}`"
    close = did_you_mean(word, place.keywords)
    if place.text(1) == "~":
        return place.error("E110", message, f"a formula belongs to a model: `model m: {word} ~ …`")
    if place.text(1) == "=" or (place.text(1) + place.text(2)) in ("<-", ":="):
        helps = (f"a variable is declared by `var {word} = …`, a list of terms by `let {word} = …`",)
        return place.error("E110", message, *helps)
    if word in COMMANDS:
        keyword = COMMANDS[word]
        if keyword == "model":
            return place.error("E110", message, f"write a `model` statement: `{_as_model(place)}`")
        return place.error("E110", message, f"write a `{keyword}` statement: `{EXAMPLES[keyword]}`")
    if word in LOOPS:
        helps = ("a spec has no loops or conditions; several columns come from `csw0(…)`, `split` or `multiverse`",)
        return place.error("E110", message, *helps)
    if word in NEEDLESS:
        return place.error("E110", message, "a spec needs nothing of this kind: take the line out")
    if word in CLAUSE_WORDS:
        return place.error("E110", message, f"`{word}` is a clause: indent it by two below its statement")
    if word in ("keep", "drop", "filter", "subset"):
        return place.error("E110", message, "rows are chosen by a `where` clause of `data`, `panel` or `model`")
    if close:
        return place.error("E110", message, f"did you mean `{close}`?")
    return place.error("E110", message, "the statements are: " + ", ".join(EXAMPLES))


def _as_model(place: Place) -> str:
    """`reg y x z, r` → `model m: y ~ x + z`."""
    names = []
    for token in place.line.tokens[1:]:
        if token.kind != "NAME":
            break
        names.append(token.text)
    if len(names) > 1 and len(names) + 1 in (len(place.line.tokens), _first_comma(place)):
        return f"model m: {names[0]} ~ {' + '.join(names[1:])}"
    return EXAMPLES["model"]


def _first_comma(place: Place) -> int:
    texts = [token.text for token in place.line.tokens]
    return texts.index(",") if "," in texts else -1


def clause_starts_with_no_word(place: Place) -> Diagnostic | None:
    if place.index > 0:
        return None
    helps = ["a clause is a word and its values: `where year <= 2018`"]
    if place.kind(0) in OPERANDS:
        helps.append("to go on with the line above, end that one in an operator or a comma")
    return place.error("E101", f"a clause starts with a word, not with `{place.shown(0)}`", *helps)
