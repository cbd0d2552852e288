"""Data tables: files → columns, with everything that was interpreted, left out or joined counted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.engine import problems
from carbonspec.engine.cells import Reading
from carbonspec.engine.columns import condition
from carbonspec.engine.digest import frame_digest
from carbonspec.engine.formats import DataBytes, FileColumns, frame_columns, read_file
from carbonspec.engine.keys import match, pairs_of
from carbonspec.engine.paths import locate
from carbonspec.engine.table import Column, TableData, Text, is_missing, stacked, take
from carbonspec.engine.tablescope import TableScope
from carbonspec.engine.wording import wording
from carbonspec.lang.spec import DataTable, Expr, Join
from carbonspec.planner.references import references
from carbonspec.report.run import DataFile, LedgerEntry

SIMULATED = "simulated"
"""A table is simulated when its column of this name has cells other than empty, 0, false and no; all output says so."""


def read(
    table: DataTable, root: str, allowed: tuple[str, ...] = (), tables: Mapping[str, TableData] | None = None
) -> TableData:
    """Read a `data` table.

    Parameters
    ----------
    root: the spec's folder; `allowed` are further folders it may read.
    tables: the tables already read, for `join` inside the table.

    Raises
    ------
    DataError: a file is missing, out of bounds or damaged, files of a glob differ, a column is missing.
    """
    parts, files = [], []
    for name, path in locate(table, root, allowed):
        with open(path, "rb") as stream:
            content = stream.read()
        part = read_file(DataBytes(name, path, content), table)
        files.append(DataFile(name, hashlib.sha256(content).hexdigest(), part.rows, len(part.columns)))
        parts.append(part)
    return _finished(table, parts, files, tables or {})


def from_frame(table: DataTable, frame: Any, tables: Mapping[str, TableData] | None = None) -> TableData:
    """A data frame that was handed over, in place of a table's file. Its index is not read."""
    part = frame_columns(frame, table)
    files = [DataFile(f"frame {table.name}", frame_digest(frame), part.rows, len(part.columns))]
    return _finished(table, [part], files, tables or {})


def _finished(
    table: DataTable, parts: list[FileColumns], files: list[DataFile], tables: Mapping[str, TableData]
) -> TableData:
    columns = _stack(table, parts, files)
    rows = sum(part.rows for part in parts)
    _known_text(table, columns)
    notices = [*_said(table, parts), *_readings(table, parts), *_without_infinities(table, columns)]
    ledger = [LedgerEntry(f"data {table.name}", rows, rows, f"{problems.counted(len(files), 'file')} read")]
    data = TableData(table.name, columns, rows)
    early = table.where is not None and all(ref.name in columns for ref in references(table.where))
    if table.where is not None and early:
        data = _kept(table, table.where, data, ledger, notices)
    simulated = said_of_simulation(columns)
    for join in table.joins:
        other = tables[join.table]
        data = _joined(table, join, data, other, ledger, notices)
        simulated = simulated or other.simulated
    if table.where is not None and not early:
        data = _kept(table, table.where, data, ledger, notices)
    value_labels = {name: labels for part in parts for name, labels in part.value_labels.items()}
    labels = {name: label for part in parts for name, label in part.labels.items()}
    return TableData(
        table.name,
        data.columns,
        data.rows,
        tuple(files),
        tuple(ledger),
        tuple(notices),
        simulated,
        value_labels,
        labels,
    )


def _stack(table: DataTable, parts: list[FileColumns], files: list[DataFile]) -> dict[str, Column]:
    first = parts[0]
    for part, file in zip(parts[1:], files[1:], strict=True):
        lost = [name for name in first.columns if name not in part.columns]
        more = [name for name in part.columns if name not in first.columns]
        if lost or more:
            raise DataError((problems.different_columns(files[0].name, file.name, lost, more, table.span),))
    if len(parts) == 1:
        return dict(first.columns)
    columns = {}
    for name in first.columns:
        pieces = [part.columns[name] for part in parts]
        texts = [isinstance(piece, Text) for piece in pieces]
        if any(texts) and not all(texts):
            for index, piece in enumerate(pieces):
                if not isinstance(piece, Text) and np.isnan(piece).all():
                    pieces[index] = Text(np.full(piece.size, -1, np.int64), ())
            texts = [isinstance(piece, Text) for piece in pieces]
            if not all(texts):
                where = files[texts.index(False)].name, files[texts.index(True)].name
                raise DataError((problems.different_types(name, *where, table.span),))
        columns[name] = stacked(pieces)
    return columns


def _known_text(table: DataTable, columns: dict[str, Column]) -> None:
    for name in table.text_columns:
        if name not in columns:
            raise DataError((problems.unknown_column(name, table.name, columns, table.span),))


def _said(table: DataTable, parts: list[FileColumns]) -> list[Diagnostic]:
    said = dict.fromkeys(entry for part in parts for entry in part.said)
    return [problems.reading_note(code, message, table.span, helps) for code, message, helps in said]


def _readings(table: DataTable, parts: list[FileColumns]) -> list[Diagnostic]:
    """Notes on cells that were interpreted, one for each kind, columns listed."""
    by_column: dict[str, list[Reading]] = {}
    for part in parts:
        for name, reading in part.readings.items():
            by_column.setdefault(name, []).append(reading)
    spelled: list[str] = []
    kinds: dict[str, list[str]] = {}
    for name, readings in by_column.items():
        missing: Counter[str] = sum((r.missing for r in readings), Counter())
        if any(spelling for spelling in missing):
            shown = ", ".join(f"{n} " + (f"`{s}`" if s else "empty") for s, n in missing.most_common())
            spelled.append(f"{name} ({shown})")
        for kind in ("thousands", "full_width", "decimal_commas", "truth"):
            total = sum(getattr(reading, kind) for reading in readings)
            if total:
                kinds.setdefault(kind, []).append(f"{name} ({total:,})")
        for kind in ("leading_zeros", "too_long"):
            example = next((getattr(r, kind) for r in readings if getattr(r, kind)), "")
            if example:
                kinds.setdefault(kind, []).append(f"{name} (`{example}`)")
    notes = []
    if spelled:
        message = f"`{table.name}`: cells read as missing in {problems.listed(spelled, 12)}"
        notes.append(problems.reading_note("N442", message, table.span, ("`text` columns keep such cells",)))
    for kind, columns in kinds.items():
        code, what, helps = _KINDS[kind]
        message = f"`{table.name}`: {what} {problems.listed(columns, 12)}"
        notes.append(problems.reading_note(code, message, table.span, helps))
    return notes


def _without_infinities(table: DataTable, columns: dict[str, Column]) -> list[Diagnostic]:
    """Make infinite numbers missing, in place, and say where there were some."""
    found = []
    for name, column in columns.items():
        if not isinstance(column, Text):
            endless = np.isinf(column)
            if endless.any():
                found.append(f"{name} ({int(endless.sum()):,})")
                columns[name] = np.where(endless, np.nan, column)
    if not found:
        return []
    message = f"`{table.name}`: infinite numbers read as missing in {problems.listed(found, 12)}"
    return [problems.reading_note("N442", message, table.span)]


_KINDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "thousands": ("N443", "thousands separators taken off the numbers of", ()),
    "full_width": ("N443", "full-width signs read as half-width ones in", ()),
    "decimal_commas": ("N443", "commas read as decimal points in", ()),
    "truth": ("N443", "TRUE and FALSE read as 1 and 0 in", ()),
    "leading_zeros": ("N444", "leading zeros lost in", ("list the column under `text` to keep them",)),
    "too_long": ("N444", "kept as text, because the numbers are too long to be exact:", ()),
}


def _kept(
    table: DataTable, where: Expr, data: TableData, ledger: list[LedgerEntry], notices: list[Diagnostic]
) -> TableData:
    """The rows for which the table's own `where` holds; the others are never read."""
    scope = TableScope(data)
    holds, missing = condition(where, scope, np.ones(data.rows, dtype=bool))
    notices += scope.notes
    rows = np.flatnonzero(holds)
    undecided = int(missing.sum())
    reason = f"{problems.counted(data.rows - rows.size - undecided, 'row')} outside"
    if undecided:
        reason += f", {problems.counted(undecided, 'row')} with missing values"
    ledger.append(LedgerEntry(f"data {table.name} where {wording(where)}", data.rows, int(rows.size), reason))
    return TableData(data.name, data.take(rows), int(rows.size))


def _joined(
    table: DataTable,
    join: Join,
    data: TableData,
    other: TableData,
    ledger: list[LedgerEntry],
    notices: list[Diagnostic],
) -> TableData:
    """A left join: every row is kept, once for each row it finds; one that finds none gets missing values."""
    left = [_key(data.columns, key, table.name, join) for key, _ in join.keys]
    right = [_key(other.columns, key, other.name, join) for _, key in join.keys]
    for a, b, (x, y) in zip(left, right, join.keys, strict=True):
        if isinstance(a, Text) != isinstance(b, Text):
            names = f"{table.name}.{x}", f"{other.name}.{y}"
            raise DataError((problems.key_types(*names, isinstance(a, Text), join.span),))
    left_codes, right_codes, count = match(left, right)
    rows, found = pairs_of(left_codes, right_codes, count)
    alone = np.setdiff1d(np.arange(data.rows), rows, assume_unique=False)
    order = np.argsort(np.concatenate([rows, alone]), kind="stable")
    rows = np.concatenate([rows, alone])[order]
    found = np.concatenate([found, np.full(alone.size, -1)])[order]
    columns = data.take(rows)
    keys = {key for _, key in join.keys}
    hidden = [name for name in other.columns if name not in keys and name in columns]
    for name, column in other.columns.items():
        if name not in keys and name not in columns:
            columns[name] = take(column, found)
    if hidden:
        message = f"`{table.name}` has {problems.listed(hidden)} of its own: those of `{other.name}` are not used"
        notices.append(Diagnostic("W449", "warning", message, join.span, ("rename the columns in one of the files",)))
    reason = f"{problems.counted(int(alone.size), 'row')} without a match"
    ledger.append(LedgerEntry(f"data {table.name} join {other.name}", data.rows, int(rows.size), reason))
    return TableData(data.name, columns, int(rows.size))


def _key(columns: Mapping[str, Column], name: str, table: str, join: Join) -> Column:
    if name not in columns:
        raise DataError((problems.unknown_column(name, table, columns, join.span),))
    return columns[name]


def said_of_simulation(columns: Mapping[str, Column]) -> str:
    """What the table says of being simulated, "" when it says nothing."""
    column = columns.get(SIMULATED)
    if column is None or is_missing(column).all():
        return ""
    if not isinstance(column, Text):
        return "simulated" if bool(np.any(column[~np.isnan(column)] != 0)) else ""
    used: Iterable[str] = (column.values[code] for code in np.unique(column.codes[column.codes >= 0]))
    said = [value for value in used if value.strip().lower() not in ("0", "false", "no", "f", "n")]
    if not said:
        return ""
    return "simulated" if said[0].strip().lower() in ("1", "true", "yes", "t", "y") else "; ".join(said[:3])
