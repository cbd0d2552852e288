"""Large files: three stretches are looked at, and the keys alone are read in all rows."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.engine.cells import parse
from carbonspec.engine.delimited import UnreadableTextError, decode, header, rows, separator
from carbonspec.engine.formats import DataBytes, FileColumns, read_file
from carbonspec.engine.table import Column
from carbonspec.lang.spec import DataTable

LARGE_BYTES = 50_000_000
"""Text files above this are looked at in part."""
LARGE_CELLS = 10_000_000
"""The same for parquet and feather: rows times columns."""
STRETCH_BYTES = 4_000_000
STRETCH_ROWS = 50_000


@dataclass(frozen=True)
class Part:
    """The rows looked at as one table, and which they are, in words."""

    file: FileColumns
    which: str


def part_of(path: str, source: DataTable) -> Part | None:
    """Three stretches of a large file; None when it is not large, or can only be read whole."""
    kind = path.lower().rpartition(".")[2]
    try:
        if kind in ("csv", "tsv", "txt") and os.path.getsize(path) > LARGE_BYTES:
            content = _stretches(path)
            if content is None:
                return None
            found = read_file(DataBytes(os.path.basename(path), path, content), source)
            return Part(found, f"three stretches of it, {found.rows:,} rows from its start, middle and end")
        if kind in ("parquet", "feather"):
            return _arrow_part(path, kind, source)
    except (DataError, OSError):
        return None  # the whole file is read in its place, and says what is wrong
    return None


def _stretches(path: str) -> bytes | None:
    """The header and three stretches of whole lines."""
    size = os.path.getsize(path)
    with open(path, "rb") as stream:
        start = stream.read(STRETCH_BYTES)
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            return None
        pieces = [start[: start.rfind(b"\n") + 1]]
        for place in (size // 2, size - STRETCH_BYTES):
            stream.seek(place)
            piece = stream.read(STRETCH_BYTES)
            pieces.append(piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1])
    return b"".join(pieces)


def _arrow_part(path: str, kind: str, source: DataTable) -> Part | None:
    import pyarrow as pa
    from pyarrow import parquet

    if kind == "feather":
        with pa.memory_map(path) as mapped:
            try:
                table = pa.ipc.open_file(mapped).read_all()
            except pa.ArrowInvalid:
                return None
            if table.num_rows * table.num_columns <= LARGE_CELLS:
                return None
            starts = (0, table.num_rows // 2, max(table.num_rows - STRETCH_ROWS, 0))
            pieces = [table.slice(start, STRETCH_ROWS) for start in starts]
            return _as_file(pa.concat_tables(pieces), path, source)
    try:
        file = parquet.ParquetFile(path)
    except pa.ArrowInvalid:
        return None
    facts = file.metadata
    if facts.num_rows * facts.num_columns <= LARGE_CELLS:
        return None
    groups = sorted({0, facts.num_row_groups // 2, facts.num_row_groups - 1})
    batches = [next(file.iter_batches(STRETCH_ROWS, row_groups=[group])) for group in groups]
    return _as_file(pa.Table.from_batches(batches), path, source)


def _as_file(table: Any, path: str, source: DataTable) -> Part:
    found = _read_arrow(table, path, source)
    return Part(found, f"{found.rows:,} rows from its start, middle and end")


def _read_arrow(table: Any, path: str, source: DataTable) -> FileColumns:
    from pyarrow import parquet

    packed = io.BytesIO()
    parquet.write_table(table, packed)
    name = os.path.basename(path).rpartition(".")[0] + ".parquet"
    return read_file(DataBytes(name, name, packed.getvalue()), source)


def key_columns(
    path: str, source: DataTable, names: tuple[str, ...], wanted: Sequence[str]
) -> tuple[dict[str, Column], int]:
    """Some columns in all rows of a large file, and how many rows it has."""
    kind = path.lower().rpartition(".")[2]
    if kind == "parquet":
        from pyarrow import parquet

        found = _read_arrow(parquet.read_table(path, columns=list(wanted)), path, source)
        return found.columns, found.rows
    if kind == "feather":
        from pyarrow import feather

        found = _read_arrow(feather.read_table(path, columns=list(wanted)), path, source)
        return found.columns, found.rows
    streamed = _streamed(path, source, names, wanted)
    if streamed is not None:
        return streamed
    with open(path, "rb") as stream:
        found = read_file(DataBytes(os.path.basename(path), path, stream.read()), source)
    return {name: found.columns[name] for name in wanted}, found.rows


def _streamed(
    path: str, source: DataTable, names: tuple[str, ...], wanted: Sequence[str]
) -> tuple[dict[str, Column], int] | None:
    """Columns of a text file read batch by batch; None when pyarrow does not like the file."""
    import pyarrow as pa
    from pyarrow import csv

    with open(path, "rb") as stream:
        head = stream.read(1 << 16)
    try:
        text = decode(head, source.encoding, partial=True)
    except UnreadableTextError:
        return None
    sign = "\t" if path.lower().endswith(".tsv") else separator(text.text)
    first = next(iter(rows(text.text.split("\n", 1)[0], sign)), [])
    if header(first) != names or sign == " ":
        return None
    numbers = {name: str(names.index(name)) for name in wanted}
    encoding = source.encoding or ("utf8" if text.encoding == "UTF-8" else text.encoding)
    try:
        reader = csv.open_csv(
            path,
            csv.ReadOptions(column_names=[str(i) for i in range(len(names))], skip_rows=1, encoding=encoding),
            csv.ParseOptions(delimiter=sign),
            csv.ConvertOptions(
                include_columns=list(numbers.values()), column_types={n: pa.string() for n in numbers.values()}
            ),
        )
        place: dict[str, dict[str, int]] = {name: {} for name in wanted}
        codes: dict[str, list[Any]] = {name: [] for name in wanted}
        for batch in reader:
            for name, number in numbers.items():
                cells = batch.column(number).dictionary_encode()
                known = place[name]
                renumber = [known.setdefault(cell, len(known)) for cell in cells.dictionary.to_pylist()]
                codes[name].append(np.array(renumber, dtype=np.int64)[cells.indices.to_numpy()])
    except (pa.ArrowInvalid, OSError):
        return None
    made = {}
    for name in wanted:
        joined = np.concatenate(codes[name]) if codes[name] else np.zeros(0, dtype=np.int64)
        made[name] = parse(joined, list(place[name]), text=name in source.text_columns)[0]
    return made, max((len(column) for column in made.values()), default=0)
