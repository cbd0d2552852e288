"""Exact quantiles by group of positive numbers that pass by in batches.

A positive float and its bit pattern read as a whole number have the same order. So the wanted value of each group is
hemmed in by counting over bins of bit patterns, pass by pass, until the few values left between the bounds can be
collected and sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray

Batches = Callable[[], Iterable[tuple[Any, FloatArray]]]

CELLS = 1 << 22
"""Bins of all groups together."""

COLLECTED = 1 << 21
"""Up to so many values are collected."""


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
    found = [_ranked(batches, sizes, rank, low.copy(), high.copy()) for rank in ranks]
    return np.array([(found[i] + found[i + 1]) / 2 for i in range(0, len(found), 2)])


def _bounds(batches: Batches, count: int) -> tuple[IntArray, IntArray, IntArray]:
    sizes = np.zeros(count, dtype=np.int64)
    low, high = np.full(count, np.iinfo(np.int64).max), np.zeros(count, dtype=np.int64)
    for codes, values in batches():
        sizes += np.bincount(codes, minlength=count)
        np.minimum.at(low, codes, values.view(np.int64))
        np.maximum.at(high, codes, values.view(np.int64))
    return sizes, low, high


def _ranked(batches: Batches, sizes: IntArray, rank: IntArray, low: IntArray, high: IntArray) -> FloatArray:
    """(groups,) the rank-th smallest value (from 1) of each group, all of whose values lie in low..high."""
    count = len(sizes)
    bins = int(np.clip(CELLS // max(count, 1), 16, 4096))
    rank, inside = rank.copy(), sizes.copy()
    while True:
        open_groups = (high > low) & (inside > 0)
        if not open_groups.any():
            return np.where(sizes > 0, low.view(np.float64), np.nan)
        if int(inside[open_groups].sum()) <= COLLECTED:
            return _collected(batches, sizes, rank, low, high, open_groups)
        width = (high - low) // bins + 1
        tally = np.zeros(count * bins, dtype=np.int64)
        for codes, values in batches():
            bits = values.view(np.int64)
            within = open_groups[codes] & (bits >= low[codes]) & (bits <= high[codes])
            c, x = codes[within], bits[within]
            tally += np.bincount(c.astype(np.int64) * bins + (x - low[c]) // width[c], minlength=tally.size)
        cumulated = np.cumsum(tally.reshape(count, bins), axis=1)
        chosen = np.minimum((cumulated < rank[:, None]).sum(axis=1), bins - 1)
        groups = np.arange(count)
        before = np.where(chosen > 0, cumulated[groups, np.maximum(chosen - 1, 0)], 0)
        inside = np.where(open_groups, cumulated[groups, chosen] - before, inside)
        rank = np.where(open_groups, rank - before, rank)
        low = np.where(open_groups, low + chosen * width, low)
        high = np.where(open_groups, np.minimum(high, low + width - 1), high)


def _collected(
    batches: Batches, sizes: IntArray, rank: IntArray, low: IntArray, high: IntArray, open_groups: Any
) -> FloatArray:
    codes_kept, bits_kept = [], []
    for codes, values in batches():
        bits = values.view(np.int64)
        within = open_groups[codes] & (bits >= low[codes]) & (bits <= high[codes])
        codes_kept.append(codes[within])
        bits_kept.append(bits[within])
    codes, bits = np.concatenate(codes_kept), np.concatenate(bits_kept)
    order = np.lexsort((bits, codes))
    start = np.concatenate(([0], np.cumsum(np.bincount(codes, minlength=len(sizes)))))[:-1]
    result = np.where(sizes > 0, low.view(np.float64), np.nan)
    result[open_groups] = bits[order][(start + rank - 1)[open_groups]].view(np.float64)
    return result
