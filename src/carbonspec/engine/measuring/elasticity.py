"""Elasticities of a quality measure: one for all, a column of the records, or another table's by the longest prefix."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.measures.elasticities import sigma_table
from carbonspec.engine import problems
from carbonspec.engine.measuring.records import Records
from carbonspec.engine.measuring.settings import all_of, expression, qualifier
from carbonspec.engine.table import Column, Text, as_text
from carbonspec.lang.spec import Literal, Measure, Ref
from carbonspec.source import Span

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData


def elasticity(data: PanelData, measure: Measure, records: Records) -> float | dict[str, float]:
    """A number, or a table {product or prefix: sigma}.

    Raises
    ------
    DataError: E408 a column is missing, E420 elasticities that are text. MeasureError E853: two for one product.
    """
    found = expression(measure, "sigma")
    if isinstance(found, Literal):
        return float(found.value)
    assert isinstance(found, Ref)
    codes = qualifier(all_of(measure, "sigma")[0], "on")
    if isinstance(codes, Ref) and found.table is not None:
        table = data.tables[found.table]
        lost = [ref for ref in (found, codes) if ref.name not in table.columns]
        if lost:
            raise DataError(tuple(problems.unknown_column(r.name, table.name, table.columns, r.span) for r in lost))
        return _table(table.columns[codes.name], table.columns[found.name], found.span)
    if records.paths:
        joined = _joined(data, measure, found, records.names["product"])
        if joined is not None:
            return _table(*joined, found.span)
        if found.name in data.tables[measure.table].columns.own:  # type: ignore[attr-defined]
            return sigma_table(*_pairs(records.paths, records.names["product"], found.name))
    columns = data.tables[measure.table].columns
    if found.name not in columns:
        raise DataError((problems.unknown_column(found.name, measure.table, columns, found.span),))
    return _table(columns[records.names["product"]], columns[found.name], found.span)


def _joined(data: PanelData, measure: Measure, sigma: Ref, product: str) -> tuple[Column, Column] | None:
    """Codes and elasticities of the table that brings them to the records by a `join` on the product alone."""
    declared = next(table for table in data.spec.data if table.name == measure.table)
    if sigma.name in data.tables[measure.table].columns.own:  # type: ignore[attr-defined]
        return None
    for join in declared.joins:
        other = data.tables[join.table]
        if sigma.name in other.columns:
            if len(join.keys) == 1 and join.keys[0][0] == product:
                return other.columns[join.keys[0][1]], other.columns[sigma.name]
            return None
    return None


def _table(codes: Column, sigma: Column, span: Span) -> dict[str, float]:
    """{code: sigma} of two columns, rows that miss one of them left out; `span` is where the second is named."""
    if isinstance(sigma, Text):
        raise DataError((problems.text_as_number(span.text, 0, 0, (), span),))
    text = as_text(codes)
    known = (text.codes >= 0) & ~np.isnan(sigma)
    pairs = np.unique(np.column_stack([text.codes[known].astype(np.float64), sigma[known]]), axis=0)
    names: Iterable[str] = (text.values[int(code)] for code in pairs[:, 0])
    return sigma_table(names if isinstance(codes, Text) else map(int, _numbers(text, pairs)), pairs[:, 1].tolist())


def _numbers(text: Text, pairs: np.ndarray) -> list[float]:
    """Codes that are numbers in the file: the library knows that these lost a leading zero."""
    return [float(text.values[int(code)]) for code in pairs[:, 0]]


def _pairs(paths: tuple[str, ...], product: str, sigma: str) -> tuple[list[object], list[float]]:
    """Every combination of product and elasticity in the files, read batch by batch."""
    import pyarrow as pa
    from pyarrow import parquet

    found: dict[tuple[object, float], None] = {}
    for path in paths:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=[product, sigma]):
                part = pa.Table.from_batches([batch]).group_by([product, sigma]).aggregate([]).to_pydict()
                for code, value in zip(part[product], part[sigma], strict=True):
                    if code is not None and value is not None and value == value:
                        found[code, float(value)] = None
    return [code for code, _ in found], [value for _, value in found]
