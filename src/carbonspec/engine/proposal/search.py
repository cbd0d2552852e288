"""The panel's keys: which columns together name every row once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.engine.keys import combine, encode
from carbonspec.engine.panelkeys import PanelKeys, panel_keys
from carbonspec.engine.proposal.candidates import (
    STRONG,
    Candidate,
    is_time,
    is_unit,
    time_candidates,
    unit_candidates,
)
from carbonspec.engine.proposal.facts import Facts, value_shown
from carbonspec.engine.proposal.tables import Table
from carbonspec.engine.table import Column, IntArray, TableData
from carbonspec.lang.spec import Panel

MOST = 8
"""So many candidates of a kind are tried."""
HEAD = 50_000
"""Keys that repeat among so many rows need not be looked for in the others."""
PERIODS = 1.3
"""A unit is seen so often on average, or there is no panel."""

Coded = tuple[IntArray, int]


@dataclass(frozen=True)
class Keys:
    """Columns that could be a panel's keys."""

    units: tuple[str, ...]
    time: str
    score: float

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.units, self.time)


@dataclass(frozen=True)
class Duplicates:
    """How far keys are from naming every row once: rows that share their keys, groups of them, one such group."""

    keys: tuple[str, ...]
    rows: int
    groups: int
    example: str
    copies: int = 0


@dataclass(frozen=True)
class Found:
    """The panel that was found. `others` are further keys that would do: (keys, whether they name the same units)."""

    keys: Keys
    columns: dict[str, Column]
    panel: PanelKeys
    others: tuple[tuple[Keys, bool], ...]


@dataclass(frozen=True)
class NotFound:
    """No panel: the candidates there were, and the keys that came nearest.

    `series` are times and `section` units of which every value occurs once.
    """

    times: tuple[Candidate, ...]
    units: tuple[Candidate, ...]
    nearest: Duplicates | None
    series: tuple[str, ...] = ()
    section: tuple[str, ...] = ()


class Search:
    """Looks for keys in one table."""

    def __init__(self, table: Table, facts: dict[str, Facts]) -> None:
        self.table = table
        self.facts = facts
        self.times = time_candidates(table.columns, facts)
        self.units = unit_candidates(table.columns, facts, table.value_labels)
        self._codes: dict[str, Coded] = {}
        self._whole: dict[str, Column] = {}
        self._nearest: tuple[float, Keys] | None = None

    def run(self) -> Found | NotFound:
        """The best keys that name every row once."""
        good: list[Keys] = []
        for tried in self._rounds():
            good = sorted((keys for keys in tried if self._holds(keys)), key=lambda keys: -keys.score)
            while good:
                found = self._found(good)
                if found is not None:
                    return found
                good = good[1:]
        return self._not_found()

    def _rounds(self) -> Iterator[Iterator[Keys]]:
        """Single columns that look like a unit; then pairs and triples of them; then any column."""
        strong = [c for c in self.units if c.score >= STRONG][:MOST]
        weak = [c for c in self.units if c.score < STRONG][:MOST]
        for size in (1, 2, 3):
            yield self._tried(combinations(strong, size))
        yield self._tried(combinations(weak, 1))

    def _tried(self, sets: Iterator[tuple[Candidate, ...]]) -> Iterator[Keys]:
        for units in sets:
            for time in self.times[:MOST]:
                names = tuple(unit.name for unit in units)
                if time.name not in names:
                    yield Keys(names, time.name, sum(u.score for u in units) / len(units) + time.score)

    # --- one set of keys ----------------------------------------------------------------------------

    def _coded(self, name: str) -> Coded:
        if name not in self._codes:
            self._codes[name] = encode(self.table.columns[name])
        return self._codes[name]

    def _holds(self, keys: Keys) -> bool:
        """Whether the keys name every row looked at once, over several periods."""
        coded = [self._coded(name) for name in keys.all]
        codes, count = combine([(part[:HEAD], size) for part, size in coded])
        rows = int((codes >= 0).sum())
        if count == rows and len(coded[0][0]) > HEAD:
            codes, count = combine(coded)
            rows = int((codes >= 0).sum())
        if rows < 2 or rows < len(codes) / 2:
            return False
        units = combine([self._coded(name) for name in keys.units])[0][: len(codes)]
        seen = int(np.unique(units[codes >= 0]).size)
        periods = int(np.unique(self._coded(keys.time)[0][: len(codes)][codes >= 0]).size)
        if count == rows:
            return bool(self.table.partial) or (seen >= 2 and periods >= 2 and rows / seen >= PERIODS)
        if rows / seen >= PERIODS:
            self._near(keys, rows, count)
        return False

    def _near(self, keys: Keys, rows: int, count: int) -> None:
        """Remember keys that few rows share; likelier names and fewer columns make up for some of them."""
        missed = (rows - count) / rows - 0.02 * keys.score + 0.05 * len(keys.units)
        if self._nearest is None or missed < self._nearest[0]:
            self._nearest = (missed, keys)

    def _rows(self, names: Sequence[str]) -> dict[str, Column]:
        """Columns in all rows of the file."""
        unread = [name for name in names if name not in self._whole]
        if unread:
            self._whole.update(self.table.whole(unread))
        return {name: self._whole[name] for name in names}

    def _found(self, good: list[Keys]) -> Found | None:
        """The first of some keys as a panel in all rows; None when it is none there."""
        keys = good[0]
        columns = self._rows(keys.all)
        try:
            panel = panel_keys(
                Panel("table", keys.units, keys.time), TableData("table", columns, len(columns[keys.time]))
            )
        except DataError:
            codes, count = combine([encode(columns[name]) for name in keys.all])
            self._near(keys, max(int((codes >= 0).sum()), 1), count)
            return None
        periods = int(np.unique(panel.ticks).size)
        if panel.unit_count < 2 or periods < 2 or panel.order.size / panel.unit_count < PERIODS:
            return None
        others = []
        for other in good[1:6]:
            if other.score < keys.score - 6:
                continue
            same = other.time == keys.time and self._same_units(keys.units, other.units)
            others.append((other, same))
        return Found(keys, columns, panel, tuple(others))

    def _same_units(self, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        first, second = (combine([self._coded(name) for name in names]) for names in (one, other))
        together = combine([first, second])[1]
        return together == first[1] == second[1]

    # --- none ---------------------------------------------------------------------------------------

    def _not_found(self) -> NotFound:
        nearest = self._duplicates(self._nearest[1]) if self._nearest is not None else None
        once = [one for one in self.facts.values() if one.distinct == one.rows - one.missing > 1]
        series = tuple(one.name for one in once if is_time(self.table.columns[one.name], one))
        section = tuple(one.name for one in once if is_unit(one) and one.name not in series)
        return NotFound(self.times, self.units, nearest, series, section)

    def _duplicates(self, keys: Keys) -> Duplicates | None:
        columns = self._rows(keys.all)
        codes, count = combine([encode(columns[name]) for name in keys.all])
        sizes = np.bincount(codes[codes >= 0], minlength=count)
        shared = sizes > 1
        if not shared.any():
            return None
        group = int(np.argmax(sizes))
        rows = np.flatnonzero(codes == group)
        cells = ", ".join(value_shown(columns[name], int(rows[0])) for name in keys.all)
        numbers = ", ".join(f"{row + 1:,}" for row in rows[:3]) + (", …" if rows.size > 3 else "")
        example = f"{cells} stands in {rows.size:,} rows: {numbers}"
        return Duplicates(keys.all, int(sizes[shared].sum()), int(shared.sum()), example, self._copies())

    def _copies(self) -> int:
        """Rows that repeat another in every column, 0 when the file is looked at in part."""
        if self.table.partial:
            return 0
        coded = []
        for name in self.table.columns:
            codes, count = self._coded(name)
            coded.append((codes + 1, count + 1))
        codes, count = combine(coded)
        return len(codes) - count
