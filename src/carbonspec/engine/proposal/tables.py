"""The files named on the command line → tables, looked at as a run would read them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from carbonspec.diagnostics.model import ERROR, DataError, Diagnostic
from carbonspec.diagnostics.suggestions import did_you_mean
from carbonspec.engine import problems
from carbonspec.engine.cells import Reading
from carbonspec.engine.formats import DataBytes, FileColumns, read_file
from carbonspec.engine.paths import neighbours
from carbonspec.engine.proposal.large import Part, key_columns, part_of
from carbonspec.engine.proposal.spelling import sayable
from carbonspec.engine.table import Column, Text, as_text, stacked
from carbonspec.lang.resolve.tables import FORMATS
from carbonspec.lang.spec import DataTable
from carbonspec.source import NOWHERE

TEXT_FILES = ("csv", "tsv", "txt")


@dataclass
class Table:
    """A table of the proposal.

    `columns` are those of the rows looked at; `rows` counts all rows (of a large file: once `whole` was asked).
    `partial` says which part of a large file was looked at, "" for the whole.
    """

    location: str
    paths: tuple[str, ...]
    source: DataTable
    columns: dict[str, Column]
    rows: int
    readings: dict[str, Reading] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, tuple[tuple[float, str], ...]] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    remarks: list[str] = field(default_factory=list)
    partial: str = ""
    name: str = ""

    @property
    def title(self) -> str:
        """The file as people call it; the pattern of several."""
        return os.path.basename(self.paths[0] if len(self.paths) == 1 else self.location)

    def whole(self, names: Sequence[str]) -> dict[str, Column]:
        """Columns in all rows: of a large file these alone are read."""
        if not self.partial:
            return {name: self.columns[name] for name in names}
        made, self.rows = key_columns(self.paths[0], self.source, tuple(self.columns), names)
        return made


def look(paths: Sequence[str], location: str, encoding: str | None = None, sheet: str | None = None) -> Table:
    """Read the files of one table (several are stacked); a large one in part.

    Raises
    ------
    DataError: E401 no such file, E403 and E404 it cannot be read, E406 it is no table.
    """
    kind = _kind(paths[0])
    sheets: tuple[str, ...] = ()
    if kind == "xlsx":
        sheets, largest = _sheets(paths[0])
        sheet = sheet or (largest if len(sheets) > 1 else None)
    source = DataTable(
        "table", location, encoding=encoding if kind in TEXT_FILES else None, sheet=sheet if sheets else None
    )
    part = part_of(paths[0], source) if len(paths) == 1 else None
    found = part.file if part is not None else _stack(paths, source)
    codes = _codes(found)
    if codes:
        source = source.replace(text_columns=codes)
        if part is None:
            found = _stack(paths, source)
        else:
            part = part_of(paths[0], source)
            found = part.file if part is not None else _stack(paths, source)
    if not found.columns or not found.rows:
        message = f'"{os.path.basename(paths[0])}" has a header and no rows' if found.columns else ""
        raise DataError((_plain(problems.no_rows(os.path.basename(paths[0]), NOWHERE), message),))
    for name, column in found.columns.items():
        if not isinstance(column, Text) and np.isinf(column).any():
            found.columns[name] = np.where(np.isinf(column), np.nan, column)
    return _table(tuple(paths), location, source, found, sheets, part)


def _table(
    paths: tuple[str, ...],
    location: str,
    source: DataTable,
    found: FileColumns,
    sheets: tuple[str, ...],
    part: Part | None,
) -> Table:
    table = Table(location, paths, source, found.columns, found.rows, found.readings, found.labels)
    table.value_labels, table.sheets = found.value_labels, sheets
    table.partial = part.which if part is not None else ""
    for code, message, _ in found.said:
        if code == "N441" and "GB18030" in message:
            table.source = table.source.replace(encoding="gb18030")
            table.remarks.append(
                f"{message}. If that is not what the file says, give its own encoding, for example "
                'encoding "latin1" in place of "gb18030".'
            )
        elif code == "N441" and not sheets:
            table.remarks.append(f"{message}.")
    return table


def read_again(table: Table, text: Sequence[str]) -> Table:
    """The same table with more columns as text."""
    source = table.source.replace(text_columns=tuple(dict.fromkeys((*table.source.text_columns, *text))))
    part = part_of(table.paths[0], source) if table.partial else None
    found = part.file if part is not None else _stack(table.paths, source)
    again = _table(table.paths, table.location, source, found, table.sheets, part)
    again.remarks, again.name = table.remarks, table.name
    return again


def _codes(found: FileColumns) -> tuple[str, ...]:
    """Columns of codes: their leading zeros would be lost."""
    return tuple(name for name, reading in found.readings.items() if reading.leading_zeros and sayable(name))


def _stack(paths: Sequence[str], source: DataTable) -> FileColumns:
    """One file, or several of one form below each other."""
    parts = []
    for path in paths:
        try:
            with open(path, "rb") as stream:
                content = stream.read()
        except OSError as failure:
            raise DataError((unreadable(path, failure),)) from None
        try:
            parts.append(read_file(DataBytes(os.path.basename(path), path, content), source))
        except DataError as problem:
            raise DataError(tuple(_for_init(d) for d in problem.diagnostics)) from None
    first = parts[0]
    if len(parts) == 1:
        return first
    for path, part in zip(paths[1:], parts[1:], strict=True):
        lost = [name for name in first.columns if name not in part.columns]
        more = [name for name in part.columns if name not in first.columns]
        if lost or more:
            names = os.path.basename(paths[0]), os.path.basename(path)
            raise DataError((_plain(problems.different_columns(*names, lost, more, NOWHERE)),))
    for name in first.columns:
        pieces = [part.columns[name] for part in parts]
        if any(isinstance(piece, Text) for piece in pieces):
            pieces = [as_text(piece) for piece in pieces]
        first.columns[name] = stacked(pieces)
        for part in parts[1:]:
            again = part.readings.get(name)
            if again is not None and again.leading_zeros:
                first.readings.setdefault(name, Reading()).leading_zeros = again.leading_zeros
    first.rows = sum(part.rows for part in parts)
    return first


def _sheets(path: str) -> tuple[tuple[str, ...], str]:
    """The sheets of a workbook, and the one with the most cells."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        cells = {sheet.title: (sheet.max_row or 0) * (sheet.max_column or 0) for sheet in book.worksheets}
        book.close()
    except OSError as failure:
        raise DataError((unreadable(path, failure),)) from None
    except Exception as failure:  # a damaged workbook raises whatever it likes
        reason = str(failure).split("\n")[0][:160] or type(failure).__name__
        raise DataError((_plain(problems.damaged(os.path.basename(path), reason, NOWHERE)),)) from None
    return tuple(cells), max(cells, key=lambda name: cells[name])


def _kind(path: str) -> str:
    """The file's kind by the end of its name, after checking that the file is there."""
    if os.path.isdir(path):
        several = (f"name a file in it, or several: `{os.path.join(path, '*.csv')}`",)
        raise DataError((Diagnostic("E401", ERROR, f"`{path}` is a folder", None, several),))
    if not os.path.isfile(path):
        close = did_you_mean(os.path.basename(path), neighbours(os.path.abspath(path)))
        meant = os.path.join(os.path.dirname(path), close) if close else ""
        helps = (f"did you mean `{meant}`?",) if meant else ()
        raise DataError((Diagnostic("E401", ERROR, f"there is no file `{path}`", None, helps),))
    kind = path.lower().rpartition(".")[2]
    if kind not in FORMATS:
        raise DataError((_plain(problems.unknown_format(os.path.basename(path), NOWHERE)),))
    return kind


def unreadable(path: str, failure: OSError) -> Diagnostic:
    """A file that the operating system does not give."""
    return Diagnostic("E403", ERROR, f"`{path}` cannot be read: {failure.strerror or failure}")


def _plain(diagnostic: Diagnostic, message: str = "") -> Diagnostic:
    """A diagnostic without a place in a spec."""
    return diagnostic.replace(span=None, message=message or diagnostic.message)


def _for_init(diagnostic: Diagnostic) -> Diagnostic:
    helps = diagnostic.helps
    if diagnostic.code == "E404":
        helps = ("name its encoding: `--encoding latin1`",)
    return diagnostic.replace(span=None, helps=helps)
