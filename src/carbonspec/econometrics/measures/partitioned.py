"""Customs records in Parquet files larger than memory, read batch by batch."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from carbonspec.econometrics.measures.customs import BATCH, Batch, Coder, Levels, distinct, ordered
from carbonspec.econometrics.measures.problems import MeasureError, listed


@dataclass(frozen=True)
class Names:
    """Columns of the file that hold the keys and amounts."""

    product: str
    region: str
    year: str
    quantity: str = "quantity"
    value: str = "value"
    destination: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        known = (self.product, self.region, self.year, self.destination)
        return tuple(name for name in known if name)


class ParquetFiles:
    """Records of one or more Parquet files, in order, of which a batch of rows is in memory at a time.

    Opening reads the key columns once to learn their values. Raises E858 where a file cannot be read, a column is not
    there or quantity or value are not numbers.
    """

    def __init__(self, files: str | os.PathLike[str] | Sequence[str | os.PathLike[str]], names: Names) -> None:
        several = (files,) if isinstance(files, (str, os.PathLike)) else files
        self.files = tuple(os.fspath(file) for file in several)
        self.names = names
        found: dict[str, set[Any]] = {name: set() for name in names.keys}
        for batch in self._read(names.keys):
            for name, values in found.items():
                values.update(distinct(batch.column(name)))
        levels = {name: ordered(values) for name, values in found.items()}
        self._levels = Levels(
            levels[names.product],
            levels[names.region],
            levels[names.year],
            levels[names.destination] if names.destination else (),
        )

    @property
    def levels(self) -> Levels:
        return self._levels

    def batches(self) -> Iterator[Batch]:
        names, levels = self.names, self._levels
        coders = [Coder(levels.product), Coder(levels.region), Coder(levels.year)]
        if names.destination:
            coders.append(Coder(levels.destination))
        for batch in self._read((*names.keys, names.quantity, names.value)):
            codes: list[Any] = [coder.codes(batch.column(name)) for coder, name in zip(coders, names.keys, strict=True)]
            product, region, year, destination = codes if names.destination else (*codes, None)
            quantity, value = (_numbers(batch.column(name)) for name in (names.quantity, names.value))
            yield Batch(product, region, year, destination, quantity, value)

    def _read(self, columns: tuple[str, ...]) -> Iterator[Any]:
        for path in self.files:
            file = _opened(path, self.names)
            try:
                yield from file.iter_batches(batch_size=BATCH, columns=list(columns))
            finally:
                file.close()


def _opened(path: str, names: Names) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
    except (OSError, pa.ArrowInvalid) as problem:
        raise MeasureError("E858", f"{path} cannot be read as a Parquet file", {"subject": path}) from problem
    wanted = (*names.keys, names.quantity, names.value)
    lacking = [name for name in wanted if name not in schema.names]
    if lacking:
        facts = {"known": tuple(schema.names), "subject": lacking[0]}
        raise MeasureError("E858", f"{path} has no column {listed(lacking)}", facts)
    for name in (names.quantity, names.value):
        kind = schema.field(name).type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
            raise MeasureError("E858", f"{name} in {path} is {kind}, not a number", {"subject": name})
    text = [name for name in names.keys if pa.types.is_string(schema.field(name).type)]
    return pq.ParquetFile(path, read_dictionary=text, pre_buffer=False, buffer_size=1 << 20)


def _numbers(column: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_float64(column.type):
        column = pc.cast(column, pa.float64(), safe=False)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
