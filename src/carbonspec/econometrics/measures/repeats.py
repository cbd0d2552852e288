"""Whether two rows have the same key, found in one pass where the keys can be numbered densely."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]

BITS = 1 << 31
"""Keys numbered up to this are marked in a table of one bit each."""

SORTED = 1 << 23
"""Otherwise so many rows are sorted at a time; keys are spread evenly over the passes this takes."""


class Marks:
    """One bit for each key 0..space-1."""

    def __init__(self, space: int) -> None:
        self.bits = np.zeros((space + 7) // 8, dtype=np.uint8)
        self.rows = 0

    def add(self, keys: Keys) -> None:
        """Mark the keys, eight classes after each other: within one, equal bytes take equal values."""
        self.rows += len(keys)
        byte, bit = keys >> 3, (keys & 7).astype(np.uint8)
        for j in range(8):
            at = byte[bit == j]
            self.bits[at] = self.bits[at] | np.uint8(1 << j)

    def __contains__(self, key: int) -> bool:
        return bool(self.bits[key >> 3] >> (key & 7) & 1)

    @property
    def repeated(self) -> int:
        """Rows beyond the first of each key."""
        step = 1 << 24
        parts = (self.bits[at : at + step] for at in range(0, len(self.bits), step))
        return self.rows - sum(int(np.bitwise_count(part).sum(dtype=np.int64)) for part in parts)


def count_by_sorting(batches: Callable[[], Iterable[Keys]], rows: int) -> int:
    """Rows beyond the first of each key, where keys are too many to mark: some residues of a hash at a time."""
    passes = max(1, -(-rows // SORTED))
    repeated = 0
    for turn in range(passes):
        kept = [keys[_spread(keys) % np.uint64(passes) == turn] for keys in batches()]
        some = np.sort(np.concatenate(kept)) if kept else np.zeros(0, dtype=np.int64)
        repeated += int(np.count_nonzero(some[1:] == some[:-1]))
    return repeated


def _spread(keys: Keys) -> Any:
    mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return mixed >> np.uint64(33)


def first_repeated(batches: Iterable[Keys]) -> int:
    """The smallest key that occurs twice within one batch or over two, looked for only once there is known to be one:
    keys are kept sorted, half of them at a time if they are many."""
    seen = np.zeros(0, dtype=np.int64)
    for keys in batches:
        together = np.sort(np.concatenate((seen, keys)))
        twice = together[1:][together[1:] == together[:-1]]
        if twice.size:
            return int(twice[0])
        seen = together
    return -1
