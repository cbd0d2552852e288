"""The panel's keys: rows without keys left out, rows sorted by unit and time, duplicates refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.econometrics.clock import Clock, Ticks, TimeError, number_ticks, text_ticks
from carbonspec.engine import problems
from carbonspec.engine.keys import combine, encode
from carbonspec.engine.table import Column, IntArray, TableData, Text, is_missing, show_number, take
from carbonspec.lang.spec import Panel
from carbonspec.report.run import LedgerEntry


@dataclass(frozen=True)
class PanelKeys:
    """`order` (rows,) are the table's rows in the panel's order; unit codes and ticks go with it."""

    order: IntArray
    unit: IntArray
    unit_count: int
    ticks: IntArray
    clock: Clock
    entries: tuple[LedgerEntry, ...]
    notes: tuple[Diagnostic, ...]


def panel_keys(panel: Panel, table: TableData) -> PanelKeys:
    """Sort a table by the panel's keys.

    Raises
    ------
    DataError: E408 a key is no column, E410 keys that several rows share, E411 a time that is none.
    """
    lost = [name for name in (*panel.id, panel.time) if name not in table.columns]
    if lost:
        raise DataError(tuple(problems.unknown_column(n, table.name, table.columns, panel.span) for n in lost))
    keys = [table.columns[name] for name in (*panel.id, panel.time)]
    missing = np.any([is_missing(key) for key in keys], axis=0)
    rows = np.flatnonzero(~missing)
    entries: list[LedgerEntry] = []
    notes: list[Diagnostic] = []
    if missing.any():
        keys = [take(key, rows) for key in keys]
        names = " or ".join(panel.id) + f" or {panel.time}"
        notes.append(problems.missing_keys(names, int(missing.sum()), panel.span))
        entries.append(LedgerEntry("panel keys", table.rows, int(rows.size), f"{names} missing"))
    if not rows.size:
        raise DataError((problems.empty_sample(f"`{table.name}`", (), panel.span),))
    unit, count = combine([encode(key) for key in keys[:-1]])
    found = _ticks(panel, keys[-1])
    span = int(found.ticks.max()) + 1
    place = unit * span + found.ticks
    order = np.arange(rows.size) if (np.diff(place) > 0).all() else np.argsort(place, kind="stable")
    place = place[order]
    again = np.flatnonzero(np.diff(place) == 0) + 1
    if again.size:
        raise DataError((_duplicates(panel, [take(key, order) for key in keys], rows[order], place, again),))
    return PanelKeys(rows[order], unit[order], count, found.ticks[order], found.clock, tuple(entries), tuple(notes))


def _ticks(panel: Panel, time: Column) -> Ticks:
    try:
        if isinstance(time, Text):
            used = np.unique(time.codes)
            renumber = np.zeros(len(time.values), dtype=np.int64)
            renumber[used] = np.arange(used.size)
            return text_ticks(renumber[time.codes], tuple(time.values[code] for code in used))
        return number_ticks(time)
    except TimeError as failure:
        raise DataError((problems.unusable_time(panel.time, failure.values, panel.span),)) from failure


def _duplicates(panel: Panel, keys: list[Column], rows: IntArray, place: IntArray, again: IntArray) -> Diagnostic:
    groups = np.unique(place[again])
    members = np.isin(place, groups)
    facts = []
    for group in groups[: problems.SHOWN]:
        members_of = np.flatnonzero(place == group)
        cells = ", ".join(_cell(key, int(members_of[0])) for key in keys)
        numbers = problems.listed(f"{row + 1:,}" for row in np.sort(rows[members_of]))
        facts.append(f"{cells}: rows {numbers} of `{panel.table}`")
    if groups.size > problems.SHOWN:
        facts.append(f"… and {groups.size - problems.SHOWN:,} more")
    names = " and ".join((*panel.id, panel.time))
    return problems.duplicate_keys(names, int(members.sum()), int(groups.size), facts, panel.span)


def _cell(key: Column, row: int) -> str:
    return key.values[key.codes[row]] if isinstance(key, Text) else show_number(float(key[row]))
