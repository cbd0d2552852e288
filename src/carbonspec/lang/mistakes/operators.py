"""Mistakes of operators, formulas and brackets."""

from __future__ import annotations

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.lang.mistakes.place import ENDS_OPERAND, Place
from carbonspec.lang.mistakes.words import CLAUSE_WORDS, FUNCTIONS

_COMPARISONS = frozenset(("<", "<=", ">", ">=", "==", "!=", "in"))
_PAIRS = {
    "**": ("`**` is written `^` here", "write `^`"),
    "||": ("`||` is written `or` here", "write `or`"),
    "|>": ("there are no pipes here", "name the steps: each is a `var` or a `model` of its own"),
    "<>": ("`<>` is written `!=` here", "write `!=`"),
    "~=": ("`~=` is written `!=` here", "write `!=`"),
    "=<": ("`=<` is written `<=` here", "write `<=`"),
    "=>": ("`=>` is written `>=` here", "write `>=`"),
    "=~": ("there are no patterns here", 'compare with a set: `x in ("a", "b")`'),
    "===": ("`===` is written `==` here", "write `==`"),
    ":=": ("`:=` is written `=` here", "write `=`"),
    "::": ("functions have no package here", "write the function's name alone"),
    "<-": ("`<-` is written `=` here", "write `=`"),
    "++": ("one `+` is enough", "take the other out"),
    "...": ("a range has two dots", "write `2012..2020`"),
}


def operator_pair(place: Place) -> Diagnostic | None:
    """Two signs that together mean something elsewhere."""
    for first in (-1, 0):
        one, two = place.at(first), place.at(first + 1)
        if one is None or two is None or one.end != two.start:
            continue
        found = _PAIRS.get(one.text + two.text)
        if one.text + two.text == "=>" and place.keyword == "mediate":
            found = ("the arrow of a path is written `->`", "write `->`")
        if found is not None:
            return place.error("E103", found[0], found[1], at=first, to=first + 1)
    return None


def bar_as_or(place: Place) -> Diagnostic | None:
    """`a | b` for "or"; `| id + year` for fixed effects."""
    bar = next((offset for offset in (0, -1, -2) if place.text(offset) == "|"), None)
    if bar is None:
        return None
    for offset in range(bar - 2, -len(place.before) - 1, -1):
        if place.text(offset) in FUNCTIONS and place.kind(offset + 1) == "NAME":
            name, argument = place.text(offset), place.text(offset + 1)
            helps = (f"write `{name}({argument})`",)
            return place.error("E120", f"`{name}` is a function", *helps, at=offset, to=offset + 1)
    formula = place.keyword in ("model", "mediate") and place.depth == 0 and not _clause_words(place)
    if not formula:
        return place.error("E119", '`|` is not "or": it sets off the structure of a model', "write `or`", at=bar)
    instruments = _instruments(place, place.index + bar + 1)
    if instruments:
        message = "after `|` stands a structure, and a formula is none"
        return place.error("E119", message, f"instruments are written `| iv({instruments})`", at=bar + 1)
    words: list[str] = []
    for token in place.line.tokens[place.index + bar + 1 :]:
        if token.text in CLAUSE_WORDS - {"id", "time"} or token.kind not in ("NAME", "PLUS"):
            break
        if token.kind == "NAME":
            words.append(token.text)
    message = "after `|` stands a structure such as `fe(…)`"
    helps = (f"write `| fe({', '.join(words)})`" if words else "for example `| fe(id, year)`",)
    return place.error("E119", message, *helps, at=min(bar + 1, 0) if place.token else -1)


def _instruments(place: Place, start: int) -> str:
    """`Open ~ z` right after a bar, as R's fixest has it; "" for anything else."""
    texts: list[str] = []
    for token in place.line.tokens[start:]:
        if token.kind == "NAME" and texts and texts[-1] not in ("~", "+", "(") and not texts[-1].endswith("."):
            break
        if token.text in ("|", ","):
            break
        texts.append(token.text)
    text = "".join(f" {t} " if t in ("~", "+") else t for t in texts)
    return text if "~" in texts and texts[0] != "~" else ""


def _clause_words(place: Place) -> bool:
    """Whether a clause has begun: a name right after the end of an operand."""
    pairs = zip(place.before[2:], place.before[3:], strict=False)
    return any(two.kind == "NAME" and one.kind in ENDS_OPERAND for one, two in pairs)


def open_range(place: Place) -> Diagnostic | None:
    if place.text(-1) == ".." and place.wants_operand:
        ends = (f"write `>= {place.text(-2)}` in a condition", f"elsewhere `{place.text(-2)}..last`")
        return place.error("E113", "a range has two ends", *ends, at=-1)
    if place.text(0) == ".." and place.wants_operand:
        return place.error("E113", "a range has two ends", f"write `1..{place.text(1)}`")
    if place.text(0) == ".." and ".." in (token.text for token in place.before):
        helps = ("write `2012..2020`, or a set: `(2012, 2015, 2018)`",)
        return place.error("E113", "a range has two ends and no step", *helps)
    return None


def chained_comparison(place: Place) -> Diagnostic | None:
    if place.text(0) not in _COMPARISONS | {"not"} or "PLUS" not in place.expected:
        return None
    earlier = [token.text for token in place.before if token.text in _COMPARISONS]
    if not earlier:
        return None
    low, one, x, two, high = (place.text(offset) for offset in range(-3, 2))
    if place.index < 3 or not all(place.kind(offset) in ("NAME", "NUMBER") for offset in (-3, -1, 1)):
        low, one, x, two, high = "1", "<", "x", "<", "2"
    helps = [f"write `{low} {one} {x} and {x} {two} {high}`"]
    if one == two == "<=":
        helps.append(f"or `{x} in {low}..{high}`")
    return place.error("E115", "comparisons cannot be chained", *helps)


def names_or_compares(place: Place) -> Diagnostic | None:
    """`=` inside a condition."""
    if place.text(0) != "=":
        return None
    if place.depth == 0 and place.kind(-1) == "NAME" and place.after_word:
        word = place.text(-1)
        message = f"a clause has no `=`: `{word}` is followed by its value"
        return place.error("E120", message, f"write `{word} …` without it")
    if "PLUS" in place.expected or place.expected & {"EQUAL"}:
        return place.error("E121", "`=` names a value; it does not compare", "write `==`")
    return None


def missing_value_dot(place: Place) -> Diagnostic | None:
    """`x != .`, `.5`."""
    if place.text(0) != "." or not place.wants_operand:
        return None
    if place.kind(1) == "NUMBER":
        return place.error("E108", "a number starts with a digit", f"write `0.{place.text(1)}`", to=1)
    helps = ("a missing value is found by `missing(x)`; comparisons with it are missing too",)
    return place.error("E103", "`.` is not a value", *helps)


def lag_of_nothing(place: Place) -> Diagnostic | None:
    """`L.2`, `L.`."""
    if place.kind(-1) != "LAG":
        return None
    sign = place.text(-1)
    found = f", found `{place.shown(0)}`" if place.token is not None else ""
    helps = (f"write `{sign[0]}2.x` for an order of two, or `{sign}(a / b)`",)
    return place.error("E101", f"expected a variable after `{sign}`{found}", *helps, at=-1)


def not_without_in(place: Place) -> Diagnostic | None:
    """`a not b`."""
    if place.text(-1) != "not" or place.wants_operand:
        return None
    return place.error("E101", "expected `in` after `not`", "write `x not in (1, 2)`", at=-1)


def dot_of_nothing(place: Place) -> Diagnostic | None:
    if place.text(-1) != "." or place.wants_operand:
        return None
    helps = ("a model's columns are counted in brackets: `m[5]`", "a name with a dot in it stands in backquotes")
    return place.error("E101", "expected a name after `.`", *helps, at=-1 if place.token is None else 0)


def two_formulas(place: Place) -> Diagnostic | None:
    if place.text(0) != "~":
        return None
    if "~" in (token.text for token in place.before):
        helps = ("instruments are named after a bar: `| iv(x ~ z)`",)
        return place.error("E101", "a formula has one `~`", *helps)
    if place.wants_operand:
        return place.error("E101", "a formula needs an outcome before the `~`", "write `y ~ x`")
    return place.error("E101", "a formula cannot stand here", "formulas belong to `model` and to `iv(x ~ z)`")


def path_of_expressions(place: Place) -> Diagnostic | None:
    if "->" not in (place.text(0), place.text(-1)) and (place.keyword != "mediate" or "ARROW" not in place.expected):
        return None
    if place.keyword == "mediate" and place.text(0) == "~":
        return place.error("E101", "mediation is a path, not a formula", "write `mediate x -> m -> y with controls`")
    helps = ("a path is `x -> m -> y`; several mediators are `x -> (m1, m2) -> y`; other terms are `with controls`",)
    return place.error("E101", "a step of a path is one variable", *helps)


def comma(place: Place) -> Diagnostic | None:
    """`y ~ x, cluster(id)`; a comma without a value before it."""
    if place.text(0) != "," or place.depth > 0:
        return None
    if len(place.text(1)) == 3 and _whole(place.text(-1), place.text(1)):
        whole = place.text(-1) + place.text(1)
        return place.error("E108", "a number has no comma inside", f"write `{whole}` or `{int(whole):_}`", at=-1, to=1)
    if "PLUS" in place.expected and place.keyword:
        helps = ("clauses follow without a comma: `se cluster(id)`", "terms are added by `+`")
        return place.error("E101", f"the body of `{place.keyword}` ends here: no comma can follow", *helps)
    return None


def _whole(*texts: str) -> bool:
    """Whether texts are digits alone: `095` is, `95%` is not."""
    return all(text.isascii() and text.isdigit() for text in texts)


def bracket_without_content(place: Place) -> Diagnostic | None:
    if place.text(0) not in (")", "]") or not place.wants_operand:
        return None
    if place.text(-1) in ("(", "["):
        return place.error("E101", f"nothing stands between `{place.text(-1)}` and `{place.text(0)}`", at=-1, to=0)
    if place.text(-1) == ",":
        message = f"expected an expression between `,` and `{place.text(0)}`"
        return place.error("E101", message, "take the comma out", at=-1)
    return None
