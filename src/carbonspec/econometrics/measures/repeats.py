"""Whether two rows have the same key, found in one pass where the keys can be numbered densely."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.measures.customs import Batch, Customs

Keys = NDArray[np.int64]

BITS = 1 << 31
"""Keys numbered up to this are marked in a table of one bit each."""

SORTED = 1 << 23
"""Otherwise so many rows are sorted at a time; keys are spread evenly over the passes this takes."""


class Repeats:
    """Watches batches go by (`watch`), then says how many rows have the key of an earlier one. Rows whose key is
    incomplete don't count."""

    def __init__(self, customs: Customs) -> None:
        self.customs = customs
        space = int(np.prod([float(n) for n in customs.levels.shape]))
        self.marks = Marks(space) if space <= BITS else None
        self.rows = 0

    def watch(self, batch: Batch) -> None:
        if self.marks is None:
            self.rows += len(batch)
        else:
            self.marks.add(self._numbers(batch))

    @property
    def count(self) -> int:
        """Rows beyond the first of each key."""
        return self._sorted[0] if self.marks is None else self.marks.repeated

    def example(self) -> tuple[Any, ...]:
        """A key that occurs twice: product, region, destination if there is one, year."""
        key = self._sorted[1] if self.marks is None else first_marked_twice(self._keys(), self.marks.space)
        levels = self.customs.levels
        _, regions, destinations, years = levels.shape
        key, year = divmod(key, years)
        key, destination = divmod(key, destinations)
        product, region = divmod(key, regions)
        to = (levels.destination[destination],) if levels.destination else ()
        return (levels.product[product], levels.region[region], *to, levels.year[year])

    @cached_property
    def _sorted(self) -> tuple[int, int]:
        return count_by_sorting(self._keys, self.rows)

    def _keys(self) -> Iterator[Keys]:
        yield from map(self._numbers, self.customs.batches())

    def _numbers(self, batch: Batch) -> Keys:
        _, regions, destinations, years = self.customs.levels.shape
        found: Keys = batch.product.astype(np.int64)
        whole = batch.product >= 0
        for codes, size in ((batch.region, regions), (batch.destination, destinations), (batch.year, years)):
            if codes is not None:
                found *= size
                found += codes
                whole &= codes >= 0
        if not whole.all():
            found = found[whole]
        return found


class Marks:
    """One bit for each key 0..space-1."""

    def __init__(self, space: int) -> None:
        self.space = space
        self.bits = np.zeros((space + 7) // 8, dtype=np.uint8)
        self.rows = 0

    def add(self, keys: Keys) -> None:
        """Mark the keys, eight classes after each other: within one, equal bytes take equal values."""
        self.rows += len(keys)
        byte, bit = keys >> 3, (keys & 7).astype(np.uint8)
        for j in range(8):
            at = byte[bit == j]
            self.bits[at] = self.bits[at] | np.uint8(1 << j)

    @property
    def repeated(self) -> int:
        """Rows beyond the first of each key."""
        step = 1 << 24
        parts = (self.bits[at : at + step] for at in range(0, len(self.bits), step))
        return self.rows - sum(int(np.bitwise_count(part).sum(dtype=np.int64)) for part in parts)


def first_marked_twice(batches: Iterable[Keys], space: int) -> int:
    """The first key that occurs a second time, -1 if none does: another pass, for the message."""
    marks = Marks(space)
    for keys in batches:
        ordered = np.sort(keys)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        before = keys[(marks.bits[keys >> 3] >> (keys & 7).astype(np.uint8) & 1).astype(bool)]
        if before.size or twice.size:
            return int((before if before.size else twice)[0])
        marks.add(keys)
    return -1


def count_by_sorting(batches: Callable[[], Iterable[Keys]], rows: int) -> tuple[int, int]:
    """Rows beyond the first of each key and one such key (-1: none), where keys are too many to mark: in each pass
    over the rows those keys are sorted whose hash has a certain residue."""
    passes = max(1, -(-rows // SORTED))
    repeated, example = 0, -1
    for turn in range(passes):
        kept = [keys[_spread(keys) % np.uint64(passes) == turn] for keys in batches()]
        some = np.sort(np.concatenate(kept)) if kept else np.zeros(0, dtype=np.int64)
        twice = some[1:][some[1:] == some[:-1]]
        repeated += len(twice)
        example = int(twice[0]) if twice.size and example < 0 else example
    return repeated, example


def _spread(keys: Keys) -> NDArray[np.uint64]:
    mixed: NDArray[np.uint64] = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(33)
    return mixed
