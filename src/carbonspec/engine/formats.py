"""Files → columns. One function for each kind of file; each returns numbers or text and what it interpreted."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.engine import problems
from carbonspec.engine.cells import MISSING, Reading, parse
from carbonspec.engine.delimited import UnreadableTextError, decode, header, rows, separator
from carbonspec.engine.packages import PICKLED
from carbonspec.engine.table import Column, FloatArray, Text, as_text, show_number
from carbonspec.lang.spec import DataTable


@dataclass(frozen=True)
class DataBytes:
    """A file as it lies on disk: its name in the spec, its path, its bytes."""

    name: str
    path: str
    content: bytes


LARGE = 4_000_000
"""Above this many bytes a text table is split into cells by pyarrow, which takes a fifth of a second to load."""


@dataclass
class FileColumns:
    """One file as columns. `said` are (code, sentence, help) about the file, `readings` about its columns."""

    columns: dict[str, Column]
    rows: int
    readings: dict[str, Reading] = field(default_factory=dict)
    said: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    value_labels: dict[str, tuple[tuple[float, str], ...]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


def read_file(file: DataBytes, table: DataTable) -> FileColumns:
    """The columns of one file, by the kind its name ends in."""
    packed = file.path.lower().endswith(".bz2")
    pickled = table.package and file.path.endswith(PICKLED)
    kind = file.path.lower().removesuffix(".bz2").rpartition(".")[2]
    reader = READERS.get(kind)
    if reader is None and not pickled:
        raise DataError((problems.unknown_format(file.name, table.span),))
    try:
        if reader is None:
            from carbonspec.engine.pickled import read_frame

            return frame_columns(read_frame(file.content), table)
        if packed:
            import bz2

            file = DataBytes(file.name, file.path, bz2.decompress(file.content))
        return reader(file, table)
    except DataError:
        raise
    except Exception as failure:  # readers of foreign formats raise whatever they like on a damaged file
        reason = str(failure).split("\n")[0][:160] or type(failure).__name__
        raise DataError((problems.damaged(file.name, reason, table.span),)) from failure


# --- text tables --------------------------------------------------------------------------------------


def read_delimited(file: DataBytes, table: DataTable) -> FileColumns:
    """csv, tsv and txt: encoding and separator recognised, cells interpreted."""
    name, path, content = file.name, file.path, file.content
    try:
        decoded = decode(content, table.encoding)
    except UnreadableTextError as failure:
        raise DataError((problems.wrong_encoding(name, failure.encoding, failure.known, table.span),)) from failure
    text = decoded.text
    tab = path.lower().removesuffix(".bz2").endswith((".tsv", ".tab"))
    sign = "\t" if tab else separator(text[:65536])
    large = len(content) > LARGE
    split = _split_fast(text, sign, table.text_columns) if large else None
    if split is None:
        split = _split(name, text, sign, table)
    names, coded, count = split
    _distinct(name, names, table)
    result = FileColumns({}, count)
    if decoded.guessed:
        sample = next((line.strip()[:40] for line in text.splitlines() if not line.isascii()), "")
        message = f'"{name}" is not UTF-8 and was read as GB18030: `{sample}`'
        result.said.append(("N441", message, ('say so with `encoding "gb18030"`, or name the right one',)))
    if sign != "," and not tab:
        shown = {";": "semicolons", "\t": "tabs", "|": "vertical bars", " ": "spaces"}[sign]
        result.said.append(("N441", f'the cells of "{name}" are separated by {shown}', ()))
    commas = sign == ";" and "." not in "".join(line for line in text[:65536].splitlines()[1:])
    for column, (codes, values) in zip(names, coded, strict=True):
        if isinstance(codes, Reading):
            result.columns[column], result.readings[column] = values, codes
        else:
            found = parse(codes, values, text=column in table.text_columns, decimal_comma=commas)
            result.columns[column], result.readings[column] = found
    return result


Split = tuple[tuple[str, ...], list[tuple[Any, Any]], int]


def _split(name: str, text: str, sign: str, table: DataTable) -> Split:
    """Lines → for each column codes into its distinct cells."""
    try:
        lines = rows(text, sign)
    except csv.Error as failure:
        raise DataError((problems.damaged(name, str(failure), table.span),)) from failure
    if not lines:
        raise DataError((problems.no_rows(name, table.span),))
    names, body = header(lines[0]), lines[1:]
    for number, row in enumerate(body, 2):
        if len(row) != len(names):
            if len(row) == len(names) + 1 and not row[-1].strip():
                del row[-1]
                continue
            raise DataError((problems.ragged(name, number, len(row), len(names), table.span),))
    coded = []
    for cells in zip(*body, strict=True) if body else [()] * len(names):
        place: dict[str, int] = {}
        codes = np.fromiter((place.setdefault(cell, len(place)) for cell in cells), np.int64, len(body))
        coded.append((codes, list(place)))
    return names, coded, len(body)


def _split_fast(text: str, sign: str, as_they_are: tuple[str, ...]) -> Split | None:
    """The same by pyarrow, numbers converted at once where they are plain; None when it does not like the file."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as pacsv

    names = header(next(iter(rows(text[: text.find("\n") + 1], sign)), []))
    if len(set(names)) != len(names) or sign == " ":
        return None
    try:
        table = pacsv.read_csv(
            pa.BufferReader(text.encode()),
            pacsv.ReadOptions(column_names=[str(i) for i in range(len(names))], skip_rows=1),
            pacsv.ParseOptions(delimiter=sign, newlines_in_values='"' in text),
            pacsv.ConvertOptions(column_types={str(i): pa.string() for i in range(len(names))}),
        )
    except pa.ArrowInvalid:
        return None
    coded: list[tuple[Any, Any]] = []
    for name, column in zip(names, table.columns, strict=True):
        missing = pc.is_in(column, pa.array(sorted(MISSING)))
        plain = pc.match_substring_regex(column, r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]*)?([eE][+-]?[0-9]+)?$")
        if name not in as_they_are and pc.all(pc.or_(plain, missing)).as_py():
            cells = pc.if_else(missing, None, column)
            spelled = pc.value_counts(column.filter(missing)).to_pylist()
            reading = Reading(Counter({pair["values"]: pair["counts"] for pair in spelled}))
            coded.append((reading, pc.cast(cells, pa.float64()).to_numpy().astype(np.float64)))
        else:
            whole = column.combine_chunks().dictionary_encode()
            if isinstance(whole, pa.ChunkedArray):
                whole = whole.unify_dictionaries().combine_chunks()
            coded.append((whole.indices.to_numpy().astype(np.int64), whole.dictionary.to_pylist()))
    return names, coded, table.num_rows


def _distinct(name: str, names: Iterable[str], table: DataTable) -> None:
    names = list(names)
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        raise DataError((problems.repeated_names(name, twice, table.span),))


# --- workbooks ----------------------------------------------------------------------------------------


def read_workbook(file: DataBytes, table: DataTable) -> FileColumns:
    """xlsx: the sheet asked for (a name, or a number from 1), else the first; formulas by their last value."""
    name = file.name
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(file.content), read_only=True, data_only=True)
    result = FileColumns({}, 0)
    if table.sheet is None:
        sheet = book.worksheets[0]
        if len(book.worksheets) > 1:
            message = f'"{name}" has {len(book.worksheets)} sheets; the first, "{sheet.title}", was read'
            result.said.append(("N441", message, (f'to choose one: `sheet "{book.worksheets[1].title}"`',)))
    elif isinstance(table.sheet, str) and table.sheet in book.sheetnames:
        sheet = book[table.sheet]
    elif not isinstance(table.sheet, str) and table.sheet in range(1, len(book.worksheets) + 1):
        sheet = book.worksheets[int(table.sheet) - 1]
    else:
        wanted = f'"{table.sheet}"' if isinstance(table.sheet, str) else show_number(float(table.sheet))
        raise DataError((problems.unknown_sheet(wanted, [f'"{s}"' for s in book.sheetnames], table.span),))
    lines = [list(row) for row in sheet.iter_rows(values_only=True)]
    lines = [row for row in lines if any(cell is not None for cell in row)]
    if not lines:
        raise DataError((problems.no_rows(name, table.span),))
    width = max((i + 1 for i, cell in enumerate(lines[0]) if cell is not None), default=0)
    width = max(width, *(i + 1 for row in lines for i, cell in enumerate(row) if cell is not None))
    names = header(["" if cell is None else cell_text(cell) for cell in (lines[0] + [None] * width)[:width]])
    _distinct(name, names, table)
    body = [(row + [None] * width)[:width] for row in lines[1:]]
    for index, column in enumerate(names):
        result.columns[column], result.readings[column] = cells_column(
            [row[index] for row in body], column in table.text_columns
        )
    result.rows = len(body)
    return result


def cells_column(cells: list[Any], text: bool) -> tuple[Column, Reading]:
    """A column from typed cells (numbers, dates, text, None)."""
    if not text and not any(isinstance(cell, bool) or not isinstance(cell, int | float | None) for cell in cells):
        return np.array([np.nan if cell is None else float(cell) for cell in cells], dtype=np.float64), Reading()
    place: dict[str, int] = {}
    shown = ["" if cell is None else cell_text(cell) for cell in cells]
    codes = np.fromiter((place.setdefault(cell, len(place)) for cell in shown), np.int64, len(shown))
    return parse(codes, list(place), text=text)


def cell_text(cell: Any) -> str:
    """A typed cell as text: dates in ISO form, whole numbers without a point."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return "" if np.isnan(cell) else show_number(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time(0) else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


# --- Stata, SPSS, Arrow -------------------------------------------------------------------------------


def read_labelled(file: DataBytes, table: DataTable) -> FileColumns:
    """dta and sav. A labelled column keeps its numeric codes, and its value labels beside them."""
    import pyreadstat

    stata = file.path.lower().endswith(".dta")
    reader = pyreadstat.read_dta if stata else pyreadstat.read_sav
    options = {"encoding": table.encoding} if table.encoding else {}
    columns, meta = reader(file.path, output_format="dict", **options)
    result = FileColumns({}, 0)
    for column, cells in columns.items():
        result.columns[str(column)] = _array_column(np.asarray(cells), column in table.text_columns)
        result.rows = len(cells)
    for column, pairs in meta.variable_value_labels.items():
        if not isinstance(result.columns.get(column), Text):
            known = ((float(value), str(label)) for value, label in pairs.items() if isinstance(value, int | float))
            result.value_labels[column] = tuple(sorted(known))
    result.labels = {n: label for n, label in zip(meta.column_names, meta.column_labels, strict=True) if label}
    return result


def read_parquet(file: DataBytes, table: DataTable) -> FileColumns:
    """parquet."""
    import pyarrow as pa
    from pyarrow import parquet

    with parquet.ParquetFile(pa.BufferReader(file.content)) as found:  # `read_table` would load all of pyarrow.dataset
        return _from_arrow(found.read(), table)


def read_feather(file: DataBytes, table: DataTable) -> FileColumns:
    """feather (Arrow)."""
    import pyarrow as pa
    from pyarrow import feather

    return _from_arrow(feather.read_table(pa.BufferReader(file.content)), table)


def _from_arrow(found: Any, table: DataTable) -> FileColumns:
    import pyarrow as pa
    import pyarrow.compute as pc

    numeric = (pa.types.is_boolean, pa.types.is_floating, pa.types.is_integer, pa.types.is_decimal)
    result = FileColumns({}, found.num_rows)
    for column, cells in zip(found.column_names, found.columns, strict=True):
        kind = cells.type
        text = column in table.text_columns
        if pa.types.is_dictionary(kind):
            cells = pc.cast(cells, kind.value_type)
            kind = cells.type
        if any(is_kind(kind) for is_kind in numeric):
            exact = not pa.types.is_integer(kind) or not _too_long(cells)
            if exact and not text:
                made: Column = _arrow_floats(pc.cast(cells, pa.float64()))
            else:
                made = _coded_arrow(pc.cast(cells, pa.string()))
                if not exact:
                    result.readings[column] = Reading(too_long=str(pc.max(cells).as_py()))
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            made = _coded_arrow(cells)
        elif pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            made = Text.of([None if cell is None else cell_text(cell) for cell in cells.to_pylist()])
        elif pa.types.is_null(kind):
            made = np.full(found.num_rows, np.nan)
        else:
            made = Text.of([None if cell is None else str(cell) for cell in cells.to_pylist()])
        result.columns[str(column)] = made
    return result


def _one_chunk(cells: Any) -> Any:
    import pyarrow as pa

    whole = cells.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    return whole


def _buffer(array: Any, kind: Any) -> tuple[Any, Any]:
    """(values, which are there) of an Arrow array of 8-byte numbers. Its own conversion would load pandas."""
    valid, values = array.buffers()
    n, at = len(array), array.offset
    if not n:
        return np.empty(0, dtype=kind), np.empty(0, dtype=bool)
    found = np.frombuffer(values, dtype=kind, count=n, offset=8 * at)
    if not array.null_count:
        return found, np.ones(n, dtype=bool)
    bits = np.unpackbits(np.frombuffer(valid, dtype=np.uint8), bitorder="little")
    return found, bits[at : at + n].astype(bool)


def _arrow_floats(cells: Any) -> FloatArray:
    values, known = _buffer(_one_chunk(cells), np.float64)
    return np.where(known, values, np.nan)


def _too_long(cells: Any) -> bool:
    import pyarrow.compute as pc

    bounds = pc.min_max(cells).as_py()
    return bounds["max"] is not None and max(abs(bounds["max"]), abs(bounds["min"])) > 2**53


def _coded_arrow(cells: Any) -> Text:
    import pyarrow as pa

    whole = _one_chunk(cells).dictionary_encode()
    values, known = _buffer(whole.indices.cast(pa.int64()), np.int64)
    codes = np.where(known, values, -1)
    return Text.coded(codes, [value.strip() or None for value in whole.dictionary.to_pylist()])


def _array_column(cells: Any, text: bool) -> Column:
    """A numpy column of any type: numbers stay numbers, dates become ISO text."""
    if cells.dtype.kind in "fiub":
        numbers = cells.astype(np.float64)
        return as_text(numbers) if text else numbers
    if cells.dtype.kind == "M":
        whole = cells.astype("datetime64[D]")
        shown = (whole if np.all((whole == cells) | np.isnat(cells)) else cells).astype(str)
        return Text.of([None if cell == "NaT" else cell for cell in shown.tolist()])
    listed = [None if cell is None or cell != cell else cell for cell in cells.tolist()]
    if all(cell is None or isinstance(cell, int | float) for cell in listed) and not text:
        return np.array([np.nan if cell is None else float(cell) for cell in listed], dtype=np.float64)
    return Text.of([None if cell is None else cell_text(cell).strip() or None for cell in listed])


def frame_columns(frame: Any, table: DataTable) -> FileColumns:
    """A data frame that was handed over (pandas, or anything with `to_pandas`)."""
    if not hasattr(frame, "iloc") and hasattr(frame, "to_pandas"):
        frame = frame.to_pandas()
    names = [str(name) for name in frame.columns]
    _distinct(table.name, names, table)
    result = FileColumns({}, len(frame))
    for position, column in enumerate(names):
        series = frame.iloc[:, position]
        missing = series.isna().to_numpy()
        cells: Any
        if series.dtype.kind in "fiub":
            cells = np.where(missing, np.nan, series.to_numpy(dtype=np.float64, na_value=np.nan))
        elif series.dtype.kind == "M" and getattr(series.dtype, "tz", None) is None:
            cells = series.to_numpy(dtype="datetime64[ns]")
        else:
            cells = np.where(missing, np.array(None, dtype=object), series.to_numpy(dtype=object))
        result.columns[column] = _array_column(cells, column in table.text_columns)
    return result


Reader = Callable[[DataBytes, DataTable], FileColumns]
READERS: dict[str, Reader] = {
    "csv": read_delimited,
    "tsv": read_delimited,
    "tab": read_delimited,
    "txt": read_delimited,
    "xlsx": read_workbook,
    "xlsm": read_workbook,
    "dta": read_labelled,
    "sav": read_labelled,
    "zsav": read_labelled,
    "parquet": read_parquet,
    "feather": read_feather,
    "arrow": read_feather,
}
