"""Names of terms: when two are the same, and what a reader calls them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from carbonspec.lang.spec import Spec

CONSTANT = "Constant"

_SHIFTED = re.compile(r"^([LFDS])(\d*)\.(.+)$", re.DOTALL)
_CATEGORY = re.compile(r"^(.+)\[(.+)\]$", re.DOTALL)
_PAIRS = {"(": ")", "[": "]"}


def factors(name: str) -> tuple[str, ...]:
    """The parts of an interaction: `Open:coastal` → (Open, coastal). A colon inside brackets or quotes is none."""
    found, depth, quote, start = [], 0, "", 0
    for at, sign in enumerate(name):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in '"`':
            quote = sign
        elif sign in _PAIRS:
            depth += 1
        elif sign in _PAIRS.values():
            depth -= 1
        elif sign == ":" and not depth:
            found.append(name[start:at])
            start = at + 1
    return tuple(_plain(part) for part in (*found, name[start:]))


def _plain(part: str) -> str:
    part = part.strip()
    if len(part) > 2 and part[0] == part[-1] == "`" and "`" not in part[1:-1]:
        part = part[1:-1]
    return re.sub(r"^([LFD])1\.", r"\1.", part)


def term_key(name: str) -> tuple[str, ...]:
    """Equal for names of one term: the order of an interaction does not count, `L1.x` is `L.x`."""
    return tuple(sorted(factors(name)))


def stem(name: str) -> str:
    """The variable behind lags and categories: `L2.Ce` → Ce, `region["east"]` → region."""
    shifted = _SHIFTED.match(name)
    if shifted:
        return stem(shifted[3])
    category = _CATEGORY.match(name)
    return _plain(category[1]) if category else _plain(name)


class Labels:
    """What variables, their lags, categories and interactions are called in a table."""

    def __init__(self, labels: Mapping[str, str], levels: Mapping[str, Mapping[str, str]]) -> None:
        self._labels = labels
        self._levels = levels

    @staticmethod
    def of(spec: Spec, labels: Mapping[str, str], values: Mapping[str, Mapping[str, str]] | None = None) -> Labels:
        """The labels of a study: `labels` by variable, `values` those that its files give to values; its own `levels`
        go before them."""
        levels = dict(values or {}) | {
            v.name: {value_text(level.value): level.label for level in v.levels} for v in spec.variables if v.levels
        }
        return Labels(labels, levels)

    def term(self, name: str) -> str:
        """The label of a term; the term as written where nothing in it has a label."""
        if name in self._labels:
            return self._labels[name]
        parts = factors(name)
        if not any(self._known(part) for part in parts):
            return name
        return " × ".join(self._part(part) for part in parts)

    def value(self, variable: str, value: float | str) -> str:
        """The label of a category's value, or the value."""
        text = value_text(value)
        return self._levels.get(variable, {}).get(text) or text

    def _known(self, part: str) -> bool:
        base = stem(part)
        return base in self._labels or base in self._levels

    def _part(self, part: str) -> str:
        if part in self._labels:
            return self._labels[part]
        shifted = _SHIFTED.match(part)
        if shifted:
            inner, order = self._part(shifted[3]), shifted[2] or "1"
            if shifted[1] in "LF":
                return f"{inner} (t{'−' if shifted[1] == 'L' else '+'}{order})"
            return f"Δ{order if order != '1' else ''} {inner}"
        category = _CATEGORY.match(part)
        if category:
            base, value = _plain(category[1]), category[2].strip().strip('"')
            return f"{self._labels.get(base, base)}: {self._levels.get(base, {}).get(value) or value}"
        return part


def value_text(value: float | str) -> str:
    """A category's value as a reader writes it: 1.0 → "1"."""
    if isinstance(value, str):
        return value
    return str(int(value)) if float(value).is_integer() else repr(float(value))
