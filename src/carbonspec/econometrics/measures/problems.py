"""A measure that cannot be computed, and how its messages list what they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from carbonspec.diagnostics.suggestions import did_you_mean
from carbonspec.econometrics.design import FloatArray, IntArray

LISTED = 5
"""So many items a message lists before it counts the rest."""


class MeasureError(Exception):
    """A measure that cannot be computed: a code of `diagnostics.codes` (E8xx), one sentence, and its facts.

    `facts` may hold `rows` (positions from 0), `count`, `known` (the words there are), `suggestion` (the nearest of
    them), `subject` (the fuel, indicator or unit it speaks of), `named` (where the facts are a list of names).
    """

    def __init__(self, code: str, message: str, facts: Mapping[str, object] | Sequence[str] = ()) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
        known = facts if isinstance(facts, Mapping) else {"named": tuple(facts)} if facts else {}
        self.facts: dict[str, object] = dict(known)


def listed(items: Iterable[object]) -> str:
    """`a, b, c, d, e and 3 more`."""
    texts = [str(item) for item in items]
    more = len(texts) - LISTED
    return ", ".join(texts[:LISTED]) + (f" and {more} more" if more > 0 else "")


def counted(count: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def places(rows: IntArray, labels: Sequence[str] = ()) -> str:
    """`2 rows (Beijing 2012, Hebei 2013)`; without labels rows are numbered from 1."""
    names = (labels[row] if labels else str(row + 1) for row in rows.tolist())
    return f"{counted(len(rows), 'row')} ({listed(names)})"


def where(mask: NDArray[np.bool_]) -> IntArray:
    """Positions of the rows that are true."""
    return np.flatnonzero(mask).astype(np.int64)


def chosen(word: str, known: Sequence[str], what: str) -> None:
    """Raises E800 unless `word` is one of the `known` words for `what`."""
    if word in known:
        return
    near = did_you_mean(word, known)
    hint = f"; did you mean {near}?" if near else ""
    message = f"{what} is one of {', '.join(known)}, not {word!r}{hint}"
    raise MeasureError("E800", message, {"known": tuple(known), "suggestion": near, "subject": word})


def column(values: object, n: int, what: str) -> FloatArray:
    """(n,) floats from a number or from n values.

    Raises MeasureError E819 for another length, E822 for infinite values.
    """
    found = np.asarray(values, dtype=np.float64)
    if found.ndim == 0:
        found = np.full(n, float(found))
    if found.shape != (n,):
        raise MeasureError("E819", f"{what} has {found.size} values for {counted(n, 'row')}", {"subject": what})
    wrong = where(np.isinf(found))
    if wrong.size:
        message = f"{what} is infinite in {places(wrong)}"
        raise MeasureError("E822", message, {"rows": tuple(wrong.tolist()), "subject": what})
    return found
