"""Customs records in batches of coded rows, wherever they lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Protocol

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.problems import MeasureError, listed

BATCH = 1 << 19
"""Rows taken at a time."""

MISSING = -1
"""The code of a missing key."""


@dataclass(frozen=True)
class Batch:
    """Some rows: int32 codes of their keys (-1: missing), quantity and value as floats (NaN: missing)."""

    product: Any
    region: Any
    year: Any
    destination: Any
    quantity: FloatArray
    value: FloatArray

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True)
class Levels:
    """What the codes stand for, ascending. `destination` is empty where the records have none."""

    product: tuple[Any, ...]
    region: tuple[Any, ...]
    year: tuple[Any, ...]
    destination: tuple[Any, ...] = ()

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Numbers of products, regions, destinations (at least 1) and years."""
        return len(self.product), len(self.region), max(1, len(self.destination)), len(self.year)


class Customs(Protocol):
    """Records that can be gone through again and again, in the same order."""

    @property
    def levels(self) -> Levels: ...

    def batches(self) -> Iterator[Batch]: ...


class Coder:
    """Values of a key column to int32 codes, by a table of all values that occur."""

    RANGE = 1 << 22
    """Whole numbers that span no more than this are looked up directly."""

    def __init__(self, levels: tuple[Any, ...]) -> None:
        import pyarrow as pa

        self.levels = pa.array(levels)
        self.direct: Any = None
        if levels and pa.types.is_integer(self.levels.type) and levels[-1] - levels[0] < self.RANGE:
            self.least = levels[0]
            self.direct = np.full(levels[-1] - levels[0] + 1, MISSING, dtype=np.int32)
            self.direct[np.array(levels) - levels[0]] = np.arange(len(levels), dtype=np.int32)

    def codes(self, column: Any) -> Any:
        """(n,) int32 codes of a pyarrow array."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if pa.types.is_dictionary(column.type):
            table = self.codes(column.dictionary)
            if not len(table):
                return np.full(len(column), MISSING, dtype=np.int32)
            found = table[column.indices.fill_null(0).to_numpy(zero_copy_only=False)]
        elif self.direct is not None and pa.types.is_integer(column.type):
            numbers = column.fill_null(self.least).to_numpy(zero_copy_only=False).astype(np.int64)
            found = self.direct[numbers - self.least]
        else:
            within = pc.index_in(column, value_set=self.levels.cast(column.type))
            return within.fill_null(MISSING).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
        if column.null_count:
            found = np.where(column.is_null().to_numpy(zero_copy_only=False), np.int32(MISSING), found)
        return found


def ordered(values: Any) -> tuple[Any, ...]:
    """The distinct values without missing ones (null, NaN), ascending. Raises E859 where text and numbers mix."""
    known = [v for v in set(values) if v is not None and v == v]
    try:
        return tuple(sorted(known))
    except TypeError as problem:
        kinds = listed(sorted({type(v).__name__ for v in known}))
        raise MeasureError("E859", f"a key of the customs records has values of different kinds ({kinds})") from problem


def distinct(column: Any) -> list[Any]:
    """The values that occur in a pyarrow array; of a dictionary those that are used."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        used = np.flatnonzero(np.bincount(column.indices.drop_null().to_numpy(zero_copy_only=False)))
        column = column.dictionary.take(pa.array(used))
    found: list[Any] = column.unique().to_pylist()
    return found


class Columns:
    """Records that are in memory, with their codes."""

    def __init__(self, levels: Levels, rows: Batch) -> None:
        self._levels, self._rows = levels, rows

    @property
    def levels(self) -> Levels:
        return self._levels

    def batches(self) -> Iterator[Batch]:
        for at in range(0, len(self._rows), BATCH):
            part = slice(at, at + BATCH)
            columns: list[Any] = [getattr(self._rows, field.name) for field in fields(Batch)]
            cut: list[Any] = [None if column is None else column[part] for column in columns]
            yield Batch(*cut)


def in_memory(
    product: object, region: object, year: object, quantity: object, value: object, destination: object = None
) -> Columns:
    """Customs records from columns of equal length: keys of any kind (text, numbers, dates; missing values allowed),
    quantity and value as numbers. Raises E859 for columns of unequal length or of mixed kinds."""
    import pyarrow as pa

    given = {"product": product, "region": region, "year": year, "destination": destination}
    amounts = _amount(quantity, "quantity"), _amount(value, "value")
    levels: dict[str, tuple[Any, ...]] = {}
    codes: dict[str, Any] = {}
    for name, column in given.items():
        if column is None:
            codes[name] = None
            continue
        try:
            array = pa.array(column, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as problem:
            message = f"the column of the {name} has values of different kinds"
            raise MeasureError("E859", message, {"subject": name}) from problem
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        array = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        levels[name] = ordered(distinct(array))
        codes[name] = Coder(levels[name]).codes(array)
    columns = [c for c in (*codes.values(), *amounts) if c is not None]
    if len({len(column) for column in columns}) > 1:
        lengths = listed(len(column) for column in columns)
        raise MeasureError("E859", f"the columns of the customs records have different lengths: {lengths}")
    return Columns(Levels(**levels), Batch(**codes, quantity=amounts[0], value=amounts[1]))


def _amount(column: object, name: str) -> FloatArray:
    try:
        return np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise MeasureError(
            "E859", f"the column of the {name} holds other things than numbers", {"subject": name}
        ) from problem
