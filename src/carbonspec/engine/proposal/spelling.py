"""How names and texts of a data file are written in a spec."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable

from carbonspec.lang import ast
from carbonspec.lang.layout import ODD_SPACES
from carbonspec.lang.parse import clean, parse
from carbonspec.source import Source

WIDTH = 100
KEYS = ("id", "time")
RESERVED = frozenset(("and", "or", "not", "in"))
_PLAIN = re.compile(r"[^\W\d]\w*")
_TIME_OPERATOR = re.compile(r"[LFDS]\d*")


def quoted(name: str) -> str:
    """A column as it stands in a spec: as it is, or in backquotes."""
    plain = _PLAIN.fullmatch(name) is not None and name not in RESERVED
    return name if plain else f"`{name}`"


def shown(name: str) -> str:
    """A column as it stands in a comment: always in backquotes, without signs that a line cannot hold."""
    return f"`{one_line(name)}`"


def together(names: Iterable[str]) -> str:
    """`a`, `b` and `c`."""
    *most, last = map(shown, names)
    return f"{', '.join(most)} and {last}" if most else last


def sayable(name: str) -> bool:
    """Whether a spec can name a column: what is written is what is read."""
    text = f"let a = {quoted(name)}\n"
    if clean(text) != text:
        return False
    parsed = parse(Source("", text))
    if not parsed.ok or len(parsed.value.statements) != 1:
        return False
    body = parsed.value.statements[0].body
    return len(body) == 1 and isinstance(body[0].value, ast.Name) and body[0].value.text == name


def declarable(name: str) -> bool:
    """Whether a `var` can carry the name: it is none of the panel's keys and no time operator."""
    return name not in KEYS and _TIME_OPERATOR.fullmatch(name) is None


def one_line(text: str) -> str:
    """A text without line breaks, odd spaces and signs that nobody sees."""
    text = unicodedata.normalize("NFC", text)
    seen = (" " if sign in ODD_SPACES or unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join("".join(seen).split())


def string(text: str) -> str:
    """A text in double quotes."""
    return '"' + one_line(text).replace('"', '""') + '"'


def free_name(wanted: str, taken: Iterable[str], ending: str = "data") -> str:
    """A name for something declared: `wanted` made an identifier, and changed until it is not taken."""
    taken = {*taken, *KEYS, *RESERVED}
    name = re.sub(r"\W+", "_", one_line(wanted)).strip("_")
    if not name or name[0].isdigit():
        name = f"{ending}_{name}".strip("_")
    start, number = name, 1
    while name in taken or not declarable(name) or not sayable(name):
        name = f"{start}_{ending}" if number == 1 else f"{start}_{ending}{number}"
        number += 1
    return name


def comment(text: str, indent: str = "") -> list[str]:
    """A remark as comment lines."""
    return textwrap.wrap(
        one_line(text),
        WIDTH,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )
