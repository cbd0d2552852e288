"""The two passes over rows of a demand equation by compiled loops, if numba is installed (`carbonspec[fast]`).

Rows are cut into a fixed number of stretches, whatever the number of threads, and added up in order: the same data
give the same digits on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from carbonspec.econometrics import kernels
from carbonspec.econometrics.design import FloatArray

SHARED_CELLS = 1 << 21
"""Up to this many pairs each stretch counts into a table of its own; larger tables would outgrow the caches."""


def worthwhile(rows: int) -> bool:
    """Whether compiled loops are there and a batch of rows is long enough for them."""
    return rows >= kernels.ROWS and kernels.available()


def parts(rows: int, columns: int) -> list[tuple[Any, FloatArray, FloatArray]]:
    """Empty tables for the stretches: counts (rows * columns,) and sums by group."""
    many = 4 if rows * columns <= SHARED_CELLS else 1
    return [(np.zeros(rows * columns, dtype=np.int32), np.zeros(rows), np.zeros(columns)) for _ in range(many)]


def accumulate(p: Any, g: Any, y: FloatArray, tables: list[tuple[Any, FloatArray, FloatArray]]) -> None:
    """Count rows into the tables and add y up by group."""
    run = _compiled()["accumulate"]
    _each(len(y), len(tables), lambda k, a, b: run(p[a:b], g[a:b], y[a:b], *tables[k]))


def add_up(tables: list[tuple[Any, FloatArray, FloatArray]], counts: Any, row_sums: Any, column_sums: Any) -> None:
    """Add the tables of the stretches to the totals."""
    for part in tables:
        counts += part[0]
        row_sums += part[1]
        column_sums += part[2]


def subtract(
    p: Any, g: Any, y: FloatArray, a: FloatArray, b: FloatArray, out: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """out = y - a[p] - b[g]; returns its sums by p and by g."""
    run = _compiled()["subtract"]
    many = 4
    sums = [(np.zeros_like(a), np.zeros_like(b)) for _ in range(many)]
    _each(len(y), many, lambda k, i, j: run(p[i:j], g[i:j], y[i:j], a, b, out[i:j], *sums[k]))
    return sum((s[0] for s in sums), np.zeros_like(a)), sum((s[1] for s in sums), np.zeros_like(b))


def _each(rows: int, stretches: int, work: Callable[[int, int, int], Any]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    cuts = np.linspace(0, rows, stretches + 1).astype(int).tolist()
    if stretches == 1 or kernels.threads() == 1:
        for k in range(stretches):
            work(k, cuts[k], cuts[k + 1])
        return
    with ThreadPoolExecutor(min(stretches, kernels.threads())) as pool:
        list(pool.map(lambda k: work(k, cuts[k], cuts[k + 1]), range(stretches)))


@cache
def _compiled() -> dict[str, Callable[..., Any]]:
    from carbonspec.econometrics.measures import demand_loops

    return {"accumulate": demand_loops.accumulate, "subtract": demand_loops.subtract}
