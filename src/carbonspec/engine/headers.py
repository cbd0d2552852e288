"""Column names of data tables without reading them, so that `check` can look names up at once."""

from __future__ import annotations

from carbonspec.diagnostics.model import DataError
from carbonspec.engine.delimited import read_header
from carbonspec.engine.paths import locate
from carbonspec.lang.spec import DataTable

Columns = tuple[str, ...] | None


def headers(tables: tuple[DataTable, ...], root: str, allowed: tuple[str, ...] = ()) -> dict[str, Columns]:
    """The columns of each table, those it gets by its own joins included.

    None where they cannot be known cheaply (binary formats, a missing file): the data check speaks of those.
    """
    own = {table.name: _own(table, root, allowed) for table in tables}
    declared = {table.name: table for table in tables}
    return {table.name: _joined(table, own, declared, ()) for table in tables}


def _own(table: DataTable, root: str, allowed: tuple[str, ...]) -> Columns:
    try:
        _, path = locate(table, root, allowed)[0]
    except (DataError, OSError):
        return None
    name = path.lower().removesuffix(".bz2")
    if not name.endswith((".csv", ".tsv", ".txt", ".tab")):
        return None
    return read_header(path, table.encoding, name.endswith((".tsv", ".tab"))) or None


def _joined(
    table: DataTable, own: dict[str, Columns], declared: dict[str, DataTable], seen: tuple[str, ...]
) -> Columns:
    names = own[table.name]
    if names is None or table.name in seen:
        return None
    for join in table.joins:
        other = declared.get(join.table)
        more = _joined(other, own, declared, (*seen, table.name)) if other is not None else None
        if more is None:
            return None
        keys = {right for _, right in join.keys}
        names = (*names, *(name for name in more if name not in keys and name not in names))
    return names
