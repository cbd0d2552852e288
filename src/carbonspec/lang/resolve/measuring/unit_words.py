"""Units of amounts, as far as `check` has to know them: which dimension a text such as `10^4 t` has."""

from __future__ import annotations

import re

_MULTIPLE = re.compile(r"(?:10\s*(?:\^|\*\*)\s*\d{1,2}|10[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[1-9]\d{0,15}|万|亿|thousand|million|billion)")


def symbol(text: str) -> str:
    """A unit without its multiple: `10^4 t`, `10⁴ t`, `10000 t`, `万吨` are all of `t` or `吨`."""
    plain = " ".join(text.replace("·", " ").replace("×", " ").split())
    found = _MULTIPLE.match(plain)
    rest = plain[found.end() :].strip(" *") if found is not None else plain
    return rest.replace("³", "3")


def dimension(text: str, words: tuple[str, ...], sorts: tuple[str, ...]) -> str:
    """The dimension of a unit among known symbols, "" for one that is not known."""
    known = dict(zip(words, sorts, strict=True))
    return known.get(symbol(text), "")
