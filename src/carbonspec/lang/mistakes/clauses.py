"""Mistakes of clauses and options, and operands side by side."""

from __future__ import annotations

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.lang.layout import GOES_ON
from carbonspec.lang.mistakes.place import ENDS_OPERAND, OPERANDS, Place
from carbonspec.lang.mistakes.words import CLAUSE_WORDS, FUNCTIONS, OPTIONS


def clause_without_value(place: Place) -> Diagnostic | None:
    """`using system twostep`; also a term without its operator."""
    if place.depth > 0 or not place.after_word or place.kind(0) in OPERANDS:
        return None
    word, before = place.text(-1), place.text(-2)
    if place.kind(-2) == "NUMBER" and any(token.text == "levels" for token in place.before):
        return place.error("E120", "a label stands in double quotes", f'write `{before} "{word}"`', at=-1)
    if any(token.text == "using" for token in place.before[:-1]):
        helps: tuple[str, ...] = (f"options follow `using` after a comma: `using {before}, {word}`",)
        return place.error("E120", f"`{word}` would be a clause, and a clause has a value", *helps, at=-1)
    if word in OPTIONS:
        helps = (f"it is an option and follows `using`: `using {word}`",)
        return place.error("E120", f"`{word}` would be a clause, and a clause has a value", *helps, at=-1)
    if word in CLAUSE_WORDS or place.line.indent or place.index == 1:
        found = f", found `{place.shown(0)}`" if place.token is not None else ""
        return place.error("E120", f"`{word}` needs a value{found}", "there is no clause without a value", at=-1)
    if before in FUNCTIONS:
        return place.error("E120", f"`{before}` is a function", f"write `{before}({word})`", at=-2, to=-1)
    helps = (f"an operator or a comma may be missing: `{before} + {word}`", f"or, if `{word}` is a clause, its value")
    return place.error("E120", f"`{word}` stands after `{before}` without an operator", *helps, at=-1)


def option_without_sign(place: Place) -> Diagnostic | None:
    """`unitroot(Ce, lags 1)`, `fe(id year)`."""
    if place.depth == 0 or place.kind(0) not in OPERANDS or place.kind(-1) not in ENDS_OPERAND:
        return None
    one, two = place.shown(-1), place.shown(0)
    if place.kind(-1) == "NAME" and place.kind(0) in ("NUMBER", "STRING"):
        return place.error("E120", "inside brackets an option is named with `=`", f"write `{one} = {two}`", at=-1, to=0)
    helps = (f"write `{one}, {two}`", f"inside brackets an option is named: `{one} = …`")
    return place.error("E101", f"a comma or an operator is missing between `{one}` and `{two}`", *helps)


def reserved_word(place: Place) -> Diagnostic | None:
    word = place.text(0)
    wanted = place.wants_operand or ("NAME" in place.expected and "PLUS" not in place.expected)
    if word not in ("and", "or", "in") or not wanted:
        return None
    if place.previous is not None and place.previous.text in GOES_ON | {"(", "["} | place.keywords:
        helps = ("a column of this name stands in backquotes",)
        return place.error("E101", f"expected an expression before `{word}`", *helps)
    return None


def two_operands(place: Place) -> Diagnostic | None:
    """`Ce ~ 2 Open`, `x "a" "b"`."""
    if place.depth > 0 or place.kind(0) not in OPERANDS - {"NAME"} or "PLUS" not in place.expected:
        return None
    if place.kind(-1) not in ENDS_OPERAND:
        return None
    one, two = place.shown(-1), place.shown(0)
    if one in CLAUSE_WORDS and place.text(-2) == ",":
        return place.error("E101", f"no comma stands before the clause `{one}`", "take the comma out", at=-2)
    return place.error("E101", f"an operator or a comma is missing between `{one}` and `{two}`")
