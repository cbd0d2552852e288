"""Customs records of a table: batch by batch from its Parquet files while nothing else needs them, else in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.measures.customs import Customs, in_memory
from carbonspec.econometrics.measures.partitioned import Names, ParquetFiles
from carbonspec.engine import problems
from carbonspec.engine.deferred import DeferredColumns
from carbonspec.engine.measuring.settings import expression
from carbonspec.engine.table import Column, TableData, Text
from carbonspec.lang.spec import Measure

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData


@dataclass(frozen=True)
class Records:
    """Records and where they come from: `paths` of Parquet files, or () when they are in memory."""

    customs: Customs
    names: dict[str, str]
    paths: tuple[str, ...] = ()


def records(data: PanelData, measure: Measure, names: dict[str, str]) -> Records:
    """The records of a measure; `names` are the table's columns by what they are.

    Raises
    ------
    DataError: E408 a column is missing, E420 quantity or value are text.
    """
    table = data.tables[measure.table]
    _present(measure, table, names)
    columns = table.columns
    if isinstance(columns, DeferredColumns) and columns.waiting and set(names.values()) <= columns.own:
        files = ParquetFiles(
            columns.paths,
            Names(
                names["product"],
                names["region"],
                names["year"],
                names["quantity"],
                names["value"],
                names.get("destination", ""),
            ),
        )
        return Records(files, names, columns.paths)
    amounts = {}
    for what in ("quantity", "value"):
        column = columns[names[what]]
        if isinstance(column, Text):
            raise DataError((problems.text_as_number(names[what], 0, 0, (), _span(measure, what)),))
        amounts[what] = column
    keys = {what: keyed(columns[names[what]]) for what in ("product", "region", "year")}
    destination = keyed(columns[names["destination"]]) if "destination" in names else None
    customs = in_memory(
        keys["product"], keys["region"], keys["year"], amounts["quantity"], amounts["value"], destination
    )
    return Records(customs, names)


def _present(measure: Measure, table: TableData, names: dict[str, str]) -> None:
    lost = [
        problems.unknown_column(name, table.name, table.columns, _span(measure, what))
        for what, name in names.items()
        if name not in table.columns
    ]
    if lost:
        raise DataError(tuple(lost))


def _span(measure: Measure, clause: str) -> Any:
    found = expression(measure, clause)
    return measure.span if found is None else found.span


def keyed(column: Column) -> Any:
    """A key column for the library: text by its codes, whole numbers as whole numbers."""
    import pyarrow as pa

    if isinstance(column, Text):
        codes = pa.array(column.codes.astype(np.int32), mask=column.codes < 0)
        return pa.DictionaryArray.from_arrays(codes, pa.array(list(column.values), pa.string()))
    missing = np.isnan(column)
    known = column[~missing]
    if (known == np.round(known)).all() and (np.abs(known) < 2**53).all():
        return pa.array(np.where(missing, 0, column).astype(np.int64), mask=missing)
    return pa.array(column, from_pandas=True)
