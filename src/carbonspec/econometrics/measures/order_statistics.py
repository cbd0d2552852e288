"""Exact quantiles by group of positive numbers that pass by in batches.

A positive float and its bit pattern read as a whole number have the same order. So the wanted value of each group is
hemmed in by counting over bins of bit patterns, pass by pass, until the few values left between the bounds can be
collected and sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.design import FloatArray, IntArray

Batches = Callable[[], Iterable[tuple[Any, FloatArray]]]

CELLS = 1 << 21
"""Bins of all groups together, for each of the values wanted."""

COLLECTED = 1 << 21
"""Up to so many values are collected and sorted."""


def group_quantiles(batches: Batches, count: int, shares: tuple[float, ...]) -> FloatArray:
    """(len(shares), count) quantiles of type 2 (Hyndman & Fan 1996; Stata's `_pctile`) of positive values by group.

    `batches()` yields (codes in 0..count-1, values), the same each time. Groups without values get NaN. With n p a
    whole number j the quantile is the mean of x_(j) and x_(j+1), else x_(ceil(n p)).
    """
    sizes, low, high = _bounds(batches, count)
    ranks = []
    for share in shares:
        position = sizes * share
        j = np.floor(position + 1e-12 * np.maximum(sizes, 1)).astype(np.int64)
        whole = np.abs(position - j) <= 1e-12 * np.maximum(sizes, 1)
        ranks += [np.clip(np.where(whole, j, j + 1), 1, sizes), np.clip(j + 1, 1, sizes)]
    wanted = [_Wanted(rank, low.copy(), high.copy(), sizes.copy()) for rank in ranks]
    while (waiting := sum(int(w.inside[w.open].sum()) for w in wanted)) > COLLECTED:
        _narrow(batches, wanted)
    if waiting:
        _collect(batches, wanted)
    found = [np.where(sizes > 0, w.low.view(np.float64), np.nan) for w in wanted]
    return np.array([(found[i] + found[i + 1]) / 2 for i in range(0, len(found), 2)])


def _bounds(batches: Batches, count: int) -> tuple[IntArray, IntArray, IntArray]:
    sizes = np.zeros(count, dtype=np.int64)
    low, high = np.full(count, np.iinfo(np.int64).max), np.zeros(count, dtype=np.int64)
    for codes, values in batches():
        sizes += np.bincount(codes, minlength=count)
        np.minimum.at(low, codes, values.view(np.int64))
        np.maximum.at(high, codes, values.view(np.int64))
    return sizes, low, high


@dataclass
class _Wanted:
    """The rank-th smallest (from 1) of the `inside` values of each group whose bit patterns lie in low..high."""

    rank: IntArray
    low: IntArray
    high: IntArray
    inside: IntArray

    @property
    def open(self) -> NDArray[np.bool_]:
        return (self.high > self.low) & (self.inside > 0)

    def within(self, codes: Any, bits: IntArray) -> NDArray[np.bool_]:
        held: NDArray[np.bool_] = self.open[codes] & (bits >= self.low[codes]) & (bits <= self.high[codes])
        return held

    def same(self, other: _Wanted) -> bool:
        return np.array_equal(self.low, other.low) and np.array_equal(self.high, other.high)


def _narrow(batches: Batches, wanted: list[_Wanted]) -> None:
    """Bring the bounds of every wanted value to the bin that holds it; one pass."""
    count = len(wanted[0].rank)
    bins = int(np.clip(CELLS // max(count, 1), 16, 4096))
    distinct: list[_Wanted] = []
    for w in wanted:
        if not any(w.same(other) for other in distinct):
            distinct.append(w)
    widths = [(w.high - w.low) // bins + 1 for w in distinct]
    tallies = [np.zeros(count * bins, dtype=np.int64) for _ in distinct]
    for codes, values in batches():
        bits = values.view(np.int64)
        for w, width, tally in zip(distinct, widths, tallies, strict=True):
            held = w.within(codes, bits)
            c, x = codes[held], bits[held]
            tally += np.bincount(c.astype(np.int64) * bins + (x - w.low[c]) // width[c], minlength=tally.size)
    groups = np.arange(count)
    cumulated = [np.cumsum(tally.reshape(count, bins), axis=1) for tally in tallies]
    chosen = [next(i for i, other in enumerate(distinct) if w.same(other)) for w in wanted]
    before_moving = [(w.low.copy(), w.high.copy()) for w in distinct]
    for w, i in zip(wanted, chosen, strict=True):
        (low, high), width, total, still = before_moving[i], widths[i], cumulated[i], w.open
        at = np.minimum((total < w.rank[:, None]).sum(axis=1), bins - 1)
        before = np.where(at > 0, total[groups, np.maximum(at - 1, 0)], 0)
        w.inside = np.where(still, total[groups, at] - before, w.inside)
        w.rank = np.where(still, w.rank - before, w.rank)
        w.low = np.where(still, low + at * width, low)
        w.high = np.where(still, np.minimum(high, low + (at + 1) * width - 1), high)


def _collect(batches: Batches, wanted: list[_Wanted]) -> None:
    """Take the values left between the bounds and sort them; one pass."""
    kept: list[list[tuple[Any, IntArray]]] = [[] for _ in wanted]
    for codes, values in batches():
        bits = values.view(np.int64)
        for w, parts in zip(wanted, kept, strict=True):
            held = w.within(codes, bits)
            parts.append((codes[held], bits[held]))
    for w, parts in zip(wanted, kept, strict=True):
        codes, bits = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        ordered = bits[np.lexsort((bits, codes))]
        start = np.concatenate(([0], np.cumsum(np.bincount(codes, minlength=len(w.rank)))))[:-1]
        still = w.open
        w.low[still] = ordered[(start + w.rank - 1)[still]]
        w.high[still] = w.low[still]
