"""Loops that numba compiles: counting rows by pair of groups, and subtracting two sets of effects."""

from __future__ import annotations

from typing import Any

from carbonspec.econometrics.loops import jit


@jit
def accumulate(p: Any, g: Any, y: Any, counts: Any, row_sums: Any, column_sums: Any) -> None:
    """counts[p * columns + g] += 1; sums of y by p and by g."""
    columns = column_sums.size
    for i in range(y.size):
        counts[p[i] * columns + g[i]] += 1
        row_sums[p[i]] += y[i]
        column_sums[g[i]] += y[i]


@jit
def subtract(p: Any, g: Any, y: Any, a: Any, b: Any, out: Any, row_sums: Any, column_sums: Any) -> None:
    """out = y - a[p] - b[g]; its sums by p and by g."""
    for i in range(y.size):
        e = y[i] - a[p[i]] - b[g[i]]
        out[i] = e
        row_sums[p[i]] += e
        column_sums[g[i]] += e
