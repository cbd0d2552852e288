"""Further files: on which columns they join the panel, and how many rows each row finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carbonspec.engine.keys import combine, encode, match
from carbonspec.engine.proposal.facts import value_shown
from carbonspec.engine.proposal.search import Found
from carbonspec.engine.proposal.spelling import sayable
from carbonspec.engine.proposal.tables import Table, read_again
from carbonspec.engine.table import Column, IntArray, Text, is_missing

Pair = tuple[str, str]


@dataclass(frozen=True)
class Joined:
    """A table and the columns it is joined on, (panel's, its own).

    `row` (rows of the panel's table,) is the one row found, -1 for none; `most` the most rows that a row finds;
    `matched` how many rows of the panel find any; `idle` how many rows of the table none finds; `repeated` says that
    several rows of the panel find the same.
    """

    table: Table
    keys: tuple[Pair, ...]
    row: IntArray
    most: int
    matched: int
    idle: int
    repeated: bool


@dataclass(frozen=True)
class Apart:
    """A table that cannot be joined, and why."""

    table: Table
    why: str


def join(panel: Table, found: Found, other: Table) -> Joined | Apart:
    """The join of a further file to the panel."""
    pairs = _shared(panel, other)
    if not pairs:
        return Apart(other, f"no column has the name of a column of {panel.title}")
    keys = _keys(found, pairs)
    if keys and not _unique(other, keys):
        keys = next(
            ((*keys, p) for p in pairs if p not in keys and _is_key(other, p) and _unique(other, (*keys, p))), keys
        )
    if not keys:
        keys = next(((p,) for p in pairs if _is_key(other, p) and _unique(other, (p,))), ())
    if not keys:
        names = ", ".join(f"`{left}`" for left, _ in pairs)
        return Apart(other, f"it shares {names} with {panel.title}, and none of them names its rows")
    panel, other = _same_kind(panel, other, keys)
    left, right = panel.whole([a for a, _ in keys]), other.whole([b for _, b in keys])
    for a, b in keys:
        if isinstance(left[a], Text) != isinstance(right[b], Text):
            return Apart(other, f"`{a}` is {_kind(left[a])} in {panel.title} and {_kind(right[b])} here")
    joined = _matched(other, keys, [left[a] for a, _ in keys], [right[b] for _, b in keys])
    if not joined.matched:
        a, b = keys[0]
        values = f"{_example(left[a])} there, {_example(right[b])} here"
        return Apart(
            other,
            f"no value of `{a}` is the same as in {panel.title} ({values})"
            if len(keys) == 1
            else f"no row has the {' and '.join(x for x, _ in keys)} of a row of {panel.title} (`{a}`: {values})",
        )
    return joined


def _shared(panel: Table, other: Table) -> list[Pair]:
    """Columns of the same name, capitals and signs aside."""
    plain = {_plain(name): name for name in reversed(other.columns)}
    found = []
    for name in panel.columns:
        same = name if name in other.columns else plain.get(_plain(name))
        if same is not None and sayable(name) and sayable(same):
            found.append((name, same))
    return found


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum()) or name


def _keys(found: Found, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The panel's keys among the shared columns; in place of its units others that name the same."""
    shared = dict(pairs)
    sets = [found.keys.units, *(other.units for other, same in found.others if same)]
    units = next((names for names in sets if all(name in shared for name in names)), None)
    if units is None:
        units = tuple(name for name in found.keys.units if name in shared)
    names = (*units, found.keys.time) if found.keys.time in shared else units
    return tuple((name, shared[name]) for name in names)


def _is_key(other: Table, pair: Pair) -> bool:
    """Whether a column can be a key: text or whole numbers that repeat or are few."""
    column = other.columns[pair[1]]
    return isinstance(column, Text) or bool((np.isnan(column) | (column == np.round(column))).all())


def _unique(other: Table, keys: Sequence[Pair]) -> bool:
    codes, count = combine([encode(other.columns[right]) for _, right in keys])
    return int((codes >= 0).sum()) == count > 0


def _same_kind(panel: Table, other: Table, keys: Sequence[Pair]) -> tuple[Table, Table]:
    """Numbers on one side and text on the other: both are read as text."""
    for a, b in keys:
        left, right = panel.columns[a], other.columns[b]
        if isinstance(left, Text) and not isinstance(right, Text):
            other = read_again(other, (b,))
    return panel, other


def _kind(column: Column) -> str:
    return "text" if isinstance(column, Text) else "a number"


def _example(column: Column) -> str:
    rows = np.flatnonzero(~is_missing(column))
    return f"`{value_shown(column, int(rows[0]))}`" if rows.size else "nothing"


def _matched(other: Table, keys: tuple[Pair, ...], left: list[Column], right: list[Column]) -> Joined:
    left_codes, right_codes, count = match(left, right)
    size = np.append(np.bincount(right_codes[right_codes >= 0], minlength=count), 0)
    finds = size[left_codes]
    row = np.full(count + 1, -1, dtype=np.int64)
    row[right_codes[::-1]] = np.arange(right_codes.size)[::-1]
    row[-1] = -1
    idle = int(right_codes.size - np.isin(right_codes, left_codes[left_codes >= 0]).sum())
    used = left_codes[finds > 0]
    repeated = bool(np.unique(used).size < used.size)
    return Joined(other, keys, row[left_codes], int(finds.max()), int((finds > 0).sum()), idle, repeated)
