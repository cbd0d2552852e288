"""Sums, means and relations of groups of rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.design import FloatArray, Groups, IntArray

BLOCK = 1 << 16
"""Rows taken at a time, so that intermediate columns stay in the cache."""


def compact(groups: Groups, keep: IntArray | None) -> Groups:
    """The groups of the rows `keep`, renumbered so that none is empty. The same object when nothing changes."""
    found = groups if keep is None else Groups(groups.name, groups.codes[keep], groups.count)
    used = found.sizes > 0
    if used.all():
        return found
    return Groups(found.name, (np.cumsum(used) - 1)[found.codes], int(np.count_nonzero(used)))


def ascending(codes: IntArray) -> bool:
    """Whether equal codes stand together, in ascending order."""
    step = 1 << 20
    return all(
        bool((codes[at + 1 : at + step + 1] >= codes[at : at + step][: len(codes) - at - 1]).all())
        for at in range(0, max(len(codes) - 1, 1), step)
    )


def starts(sizes: IntArray) -> IntArray:
    """(count + 1,) where groups of these sizes begin in rows sorted by group, and the number of rows at the end."""
    start = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=start[1:])
    return start


def group_sums(codes: IntArray, count: int, Z: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """(count, q) sums of the columns of Z (n, q) by group, weighted if `weights` (n,) are given."""
    if len(Z) > BLOCK and count <= BLOCK // 16:
        out = np.zeros((count, Z.shape[1]))
        for at in range(0, len(Z), BLOCK):
            rows = slice(at, at + BLOCK)
            out += group_sums(codes[rows], count, Z[rows], None if weights is None else weights[rows])
        return out
    out = np.empty((count, Z.shape[1]))
    for j in range(Z.shape[1]):
        column = Z[:, j] if weights is None else Z[:, j] * weights
        out[:, j] = np.bincount(codes, column, count)
    return out


def stretches(start: IntArray) -> Iterator[tuple[int, int, int, int]]:
    """(first group, end group, first row, end row) of blocks of whole groups of sorted rows, some `BLOCK` rows each."""
    cuts = np.unique(np.searchsorted(start, np.arange(0, start[-1] + BLOCK, BLOCK)).clip(0, len(start) - 1))
    for a, b in pairwise(cuts.tolist()):
        yield a, b, int(start[a]), int(start[b])


def sorted_means(start: IntArray, mass: FloatArray, Z: FloatArray, weights: FloatArray | None, out: bool) -> FloatArray:
    """(groups, q) means of rows sorted by group; with `out`, the rows of Z are left without them."""
    means = np.empty((len(mass), Z.shape[1]))
    for a, b, lo, hi in stretches(start):
        part = Z[lo:hi]
        weighted = part if weights is None else part * weights[lo:hi, None]
        means[a:b] = np.add.reduceat(weighted, start[a:b] - lo, axis=0) / mass[a:b, None]
        if out:
            part -= np.repeat(means[a:b], np.diff(start[a : b + 1]), axis=0)
    return means


def group_mass(groups: Groups, weights: FloatArray | None = None) -> FloatArray:
    """(count,) rows, or sum of weights, in each group."""
    if weights is None:
        return groups.sizes.astype(np.float64)
    return np.asarray(np.bincount(groups.codes, weights, groups.count), dtype=np.float64)


def same(a: Groups, b: Groups) -> bool:
    """Whether two groupings put the same rows together under the same numbers."""
    return a is b or (a.count == b.count and (a.codes is b.codes or np.array_equal(a.codes, b.codes)))


def nested(inner: IntArray, inner_count: int, outer: IntArray) -> bool:
    """Whether all rows of each inner group lie in one outer group."""
    if inner is outer:
        return True
    home = np.empty(inner_count, dtype=np.int64)
    home[inner] = outer
    return bool((home[inner] == outer).all())


def components(a: IntArray, a_count: int, b: IntArray, b_count: int) -> int:
    """Connected components of the graph whose edges are rows, between groups of two kinds that are never empty.

    Every group of the one kind touches a group of the other, so once a part of the rows links all groups of one kind
    there is one component, whatever the rest.
    """
    if a_count < b_count:
        a, a_count, b, b_count = b, b_count, a, a_count
    if a_count * b_count <= 1 << 16:
        return _components_dense(a, a_count, b, b_count)
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(a)
    for rows in (20 * b_count + 10_000, n):
        part = slice(0, min(rows, n))
        edges = coo_matrix(
            (np.ones(len(a[part]), dtype=np.int8), (a[part], b[part] + a_count)), shape=(a_count + b_count,) * 2
        )
        labels = connected_components(edges, directed=False)[1]
        found = len(np.unique(labels[a_count:]))
        if found == 1:
            return 1
    return found


def _components_dense(a: IntArray, a_count: int, b: IntArray, b_count: int) -> int:
    table = np.bincount(a * b_count + b, minlength=a_count * b_count).reshape(a_count, b_count) > 0
    if table.all(axis=1).any():
        return 1
    free = np.ones(b_count, dtype=bool)
    count = 0
    while free.any():
        count += 1
        reached: NDArray[np.bool_] = np.zeros(b_count, dtype=bool)
        reached[np.argmax(free)] = True
        size = 0
        while size != (size := int(np.count_nonzero(reached))):
            reached = np.asarray(table[table[:, reached].any(axis=1)].any(axis=0))
        free &= ~reached
    return count


def crossed(first: Groups, second: Groups) -> Groups:
    """The groups in which two groupings meet, numbered without holes."""
    codes = np.unique(first.codes * second.count + second.codes, return_inverse=True)[1]
    return Groups(f"{first.name}^{second.name}", codes.reshape(-1), int(codes.max()) + 1)
