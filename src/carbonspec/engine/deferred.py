"""Parquet tables that are read when their cells are first asked for.

Customs records may be larger than memory, and a measure reads them in batches. Such a table has names and a number of
rows; the first cell that anything else asks for reads it whole, as any table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from carbonspec.diagnostics.model import DataError
from carbonspec.engine import problems
from carbonspec.engine.digest import file_digest
from carbonspec.engine.paths import locate
from carbonspec.engine.read import SIMULATED, read, said_of_simulation
from carbonspec.engine.table import Column, TableData, Text
from carbonspec.lang.spec import DataTable, Join
from carbonspec.report.run import DataFile, LedgerEntry


class DeferredColumns(Mapping[str, Column]):
    """Columns by name; `paths` are the table's files, `own` the columns that stand in them."""

    def __init__(self, names: tuple[str, ...], own: tuple[str, ...], paths: tuple[str, ...], load: Loader) -> None:
        self.names, self.own, self.paths = dict.fromkeys(names), frozenset(own), paths
        self._load = load
        self._table: TableData | None = None

    @property
    def waiting(self) -> bool:
        """Whether nothing has asked for a cell yet."""
        return self._table is None

    @property
    def table(self) -> TableData:
        """The whole table, read now if it was not."""
        if self._table is None:
            self._table = self._load()
        return self._table

    def __getitem__(self, name: str) -> Column:
        return self.table.columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


Loader = Callable[[], TableData]


def deferred(
    table: DataTable, root: str, allowed: tuple[str, ...], tables: MutableMapping[str, TableData]
) -> TableData | None:
    """A table of Parquet files whose cells are not read yet; None where it must be read at once.

    Once read, the whole table takes its place in `tables`.
    """
    if table.where is not None or table.package:
        return None
    located = locate(table, root, allowed)
    if not all(path.lower().endswith(".parquet") for _, path in located):
        return None
    files, names, said = _opened(located)
    if not names:
        return None
    own = tuple(names)
    for join in table.joins:
        keys = {key for _, key in join.keys}
        names += [name for name in tables[join.table].columns if name not in keys and name not in names]
        said = said or tables[join.table].simulated

    def load() -> TableData:
        tables[table.name] = read(table, root, allowed, tables)
        return tables[table.name]

    columns = DeferredColumns(tuple(names), own, tuple(path for _, path in located), load)
    rows = sum(file.rows for file in files)
    entry = LedgerEntry(f"data {table.name}", rows, rows, f"{problems.counted(len(files), 'file')} read in batches")
    return TableData(table.name, columns, rows, files, (entry,), (), said)


def _opened(located: tuple[tuple[str, str], ...]) -> tuple[tuple[DataFile, ...], list[str], str]:
    """The files, their columns (none where they differ or cannot be read: an ordinary reading says why), and what they
    say of being simulated."""
    import pyarrow as pa
    from pyarrow import parquet

    files: list[DataFile] = []
    names: list[str] = []
    said = ""
    for name, path in located:
        try:
            with parquet.ParquetFile(path) as file:
                found = list(file.schema_arrow.names)
                rows = int(file.metadata.num_rows)
                if SIMULATED in found and not said:
                    said = _said(file)
        except (OSError, pa.ArrowException):
            return (), [], ""
        if names and found != names:
            return (), [], ""
        names = found
        files.append(DataFile(name, file_digest(path), rows, len(found)))
    return tuple(files), names, said


def _said(file: Any) -> str:
    values: dict[str, None] = {}
    for batch in file.iter_batches(columns=[SIMULATED]):
        values.update(dict.fromkeys(str(v) for v in batch.column(0).unique().to_pylist() if v is not None))
    return said_of_simulation({SIMULATED: Text.of(list(values))}) if values else ""


class PendingJoin:
    """A join whose table waits: made when its rows are first asked for, and from then on like any other."""

    def __init__(self, table: TableData, join: Join, make: Callable[[], Any]) -> None:
        self._waiting, self.join, self._make = table, join, make
        self._made: Any = None

    @property
    def table(self) -> TableData:
        return self._waiting if self._made is None else self._made.table

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._made is None:
            self._made = self._make()
        return getattr(self._made, name)


def checked_keys(join: Join, other: TableData) -> None:
    """E408 for a key of a join that its table has not."""
    lost = [theirs for _, theirs in join.keys if theirs not in other.columns]
    if lost:
        raise DataError(tuple(problems.unknown_column(n, other.name, other.columns, join.span) for n in lost))
