"""Groups and matches: columns → dense integer codes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from carbonspec.engine.table import Column, IntArray, Text


def dense(codes: IntArray) -> tuple[IntArray, int]:
    """Codes renumbered to 0..count-1 in their order, -1 kept."""
    if not codes.size:
        return codes.astype(np.int64), 0
    top = int(codes.max()) + 1
    if top <= 4 * codes.size + 1024:
        used = np.zeros(top + 1, dtype=bool)
        used[codes] = True  # -1 lands on the last place, which is cut off
        number = np.cumsum(used[:-1]) - 1
        number = np.append(number, -1)
        return np.asarray(number[codes], dtype=np.int64), int(used[:-1].sum())
    values, inverse = np.unique(codes, return_inverse=True)
    if values[0] < 0:
        return inverse.astype(np.int64) - 1, values.size - 1
    return inverse.astype(np.int64), values.size


def encode(column: Column) -> tuple[IntArray, int]:
    """(codes, count) of a column in the order of its values; -1 where missing."""
    if isinstance(column, Text):
        return dense(column.codes)
    missing = np.isnan(column)
    kept = column if not missing.any() else column[~missing]
    if kept.size and np.array_equal(kept, np.round(kept)):
        low, high = kept.min(), kept.max()
        if high - low <= 4 * kept.size + 1024:
            codes = np.full(column.shape, -1, dtype=np.int64)
            codes[~missing] = (kept - low).astype(np.int64)
            return dense(codes)
    values, inverse = np.unique(kept, return_inverse=True)
    codes = np.full(column.shape, -1, dtype=np.int64)
    codes[~missing] = inverse
    return codes, values.size


def combine(columns: Sequence[tuple[IntArray, int]]) -> tuple[IntArray, int]:
    """Codes of the combinations of several coded columns, the first varying slowest; -1 where any is missing."""
    codes, count = columns[0]
    for more, size in columns[1:]:
        missing = (codes < 0) | (more < 0)
        codes, count = dense(np.where(missing, -1, codes * max(size, 1) + more))
    return codes, count


def match(left: Sequence[Column], right: Sequence[Column]) -> tuple[IntArray, IntArray, int]:
    """Codes that are equal where the keys of a left and a right row are equal: (left, right, count)."""
    size = len(left[0])
    pairs = []
    for a, b in zip(left, right, strict=True):
        if isinstance(a, Text) and isinstance(b, Text):
            both = Text.coded(np.concatenate([a.codes, _shifted(b, len(a.values))]), a.values + b.values)
            codes, count = dense(both.codes)
        else:
            assert not isinstance(a, Text)
            assert not isinstance(b, Text)
            codes, count = encode(np.concatenate([a, b]))
        pairs.append((codes, count))
    codes, count = combine(pairs)
    return codes[:size], codes[size:], count


def _shifted(column: Text, by: int) -> IntArray:
    return np.asarray(np.where(column.codes >= 0, column.codes + by, -1))


def pairs_of(left: IntArray, right: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """All (left row, right row) with equal codes, sorted by left row, then right row. Code -1 matches nothing."""
    order = np.argsort(right, kind="stable")
    order = order[right[order] >= 0]
    n = np.bincount(right[order], minlength=count)
    start = np.concatenate(([0], np.cumsum(n)))[:-1]
    repeats = np.where(left >= 0, n[left], 0) if count else np.zeros(left.size, dtype=np.int64)
    rows = np.repeat(np.arange(left.size), repeats)
    within = np.arange(rows.size) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return rows, order[start[left[rows]] + within] if rows.size else rows
