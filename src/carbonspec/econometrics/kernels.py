"""Compiled loops over rows sorted by group, if numba is installed (`carbonspec[fast]`). Results are those of numpy.

On small panels numpy's own (BLAS) threads cost more than they give, so
`OPENBLAS_NUM_THREADS=1` in the environment makes studies of a few hundred rows faster.

Work is cut into a fixed number of stretches of groups, whatever the number of threads, and added up in order: the same
data give the same digits on every machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from carbonspec.econometrics.design import FloatArray

ROWS = 300_000
"""From this many rows on, compiled loops earn back the half second that importing numba costs."""

STRETCHES = 16

GRAM_COLUMNS = 8
"""Up to this many columns, cross-products are added up while the rows are at hand."""


@cache
def available() -> bool:
    """Whether numba can be imported."""
    from importlib.util import find_spec

    return find_spec("numba") is not None


def threads() -> int:
    """How many threads take part: the processors this process may use, at most 8, and at most what `limited` says."""
    if hasattr(os, "sched_getaffinity"):
        return min(_most.get(), len(os.sched_getaffinity(0)))
    return min(_most.get(), os.cpu_count() or 1)


_most = ContextVar("_most", default=8)


@contextmanager
def limited(most: int) -> Iterator[None]:
    """At most so many threads in what this thread does meanwhile, for the others are at work on something else."""
    before = _most.set(min(most, _most.get()))
    try:
        yield
    finally:
        _most.reset(before)


def alone() -> None:
    """What a thread of a pool says first: the processors are those of the pool."""
    _most.set(1)


def _each_stretch(start: Any, work: Callable[[int, int], Any]) -> list[Any]:
    """Call work(first group, end group) for every stretch of groups, in parallel; results in order."""
    cuts = np.unique(np.searchsorted(start, np.linspace(0, start[-1], STRETCHES + 1)))
    cuts[0], cuts[-1] = 0, len(start) - 1
    return _in_parallel(cuts, work)


def _in_parallel(cuts: Any, work: Callable[[int, int], Any]) -> list[Any]:
    from concurrent.futures import ThreadPoolExecutor

    jobs = [(int(a), int(b)) for a, b in pairwise(cuts)]
    if threads() == 1:
        return [work(*job) for job in jobs]
    with ThreadPoolExecutor(threads()) as pool:
        return list(pool.map(lambda job: work(*job), jobs))


def _weights(weights: FloatArray | None) -> FloatArray:
    return np.empty(0) if weights is None else weights


@dataclass(frozen=True)
class Centred:
    """What the first pass gives: Z (n, q) less group means, those (groups, q), sums of Z by level (size, q), Z'WZ."""

    Z: FloatArray
    means: FloatArray
    sums: FloatArray
    gram: FloatArray | None


def centre(
    start: Any, levels: Any, X: FloatArray, y: FloatArray, weights: FloatArray | None, size: int, Z: FloatArray
) -> Centred:
    """Write the columns of X (n, k) and y (n,) less their group means into Z (n, k + 1), which may be their memory."""
    w = _weights(weights)
    q = Z.shape[1]
    means = np.empty((len(start) - 1, q))
    run = compiled()["centre"]

    def work(a: int, b: int) -> tuple[FloatArray, FloatArray]:
        sums, gram = np.zeros((size, q)), _room(q)
        run(start, a, b, levels, X, y, w, Z, means, sums, gram)
        return sums, gram

    parts = _each_stretch(start, work)
    return Centred(Z, means, sum(p[0] for p in parts), _whole([p[1] for p in parts]))


def subtract(start: Any, levels: Any, Z: FloatArray, weights: FloatArray | None, g: FloatArray) -> FloatArray | None:
    """Subtract g (size, q) at each row's levels, then group means again, in place. Returns Z'WZ."""
    w = _weights(weights)
    run = compiled()["subtract"]

    def work(a: int, b: int) -> FloatArray:
        gram = _room(Z.shape[1])
        run(start, a, b, levels, Z, w, g, gram)
        return gram

    return _whole(_each_stretch(start, work))


def _room(q: int) -> FloatArray:
    """Where cross-products of q columns are added up; empty where matrix products are faster than a loop."""
    return np.zeros((q, q) if q <= GRAM_COLUMNS else (0, 0))


def _whole(parts: list[FloatArray]) -> FloatArray | None:
    lower: FloatArray = sum(parts[1:], start=parts[0])
    return lower + np.tril(lower, -1).T if lower.size else None


def take_means_out(start: Any, levels: Any, weights: FloatArray | None, M: FloatArray) -> FloatArray:
    """M - K'diag(1/mass)K where K (groups, size) counts rows (or weights) by group and level."""
    w = _weights(weights)
    run = compiled()["take_means_out"]

    def work(a: int, b: int) -> FloatArray:
        part = np.zeros_like(M)
        run(start, a, b, levels, w, part)
        return part

    taken: FloatArray = sum(_each_stretch(start, work))
    return M - taken - taken.T


def residuals(Z: FloatArray, full: FloatArray, weights: FloatArray | None) -> tuple[FloatArray, FloatArray, float]:
    """e = Z full (n,), with Z'We (q,) and e'We."""
    w = _weights(weights)
    n, q = Z.shape
    e = np.empty(n)
    run = compiled()["residuals"]

    def work(a: int, b: int) -> FloatArray:
        sums = np.zeros(q + 1)
        run(a, b, Z, full, w, e, sums)
        return sums

    total: FloatArray = sum(_in_parallel(np.linspace(0, n, STRETCHES + 1).astype(np.int64), work))
    return e, total[:q], float(total[q])


def score_sums(start: Any, X: FloatArray, e: FloatArray, weights: FloatArray | None) -> FloatArray:
    """(groups, k + 1) sums by group of w x e and w e."""
    w = _weights(weights)
    out = np.empty((len(start) - 1, X.shape[1] + 1))
    run = compiled()["score_sums"]
    _each_stretch(start, lambda a, b: run(start, a, b, X, e, w, out))
    return out


@cache
def compiled() -> dict[str, Callable[..., Any]]:
    """The loops, compiled at first use and kept on disk by numba."""
    from carbonspec.econometrics import loops

    return {
        "centre": loops.centre,
        "subtract": loops.subtract,
        "take_means_out": loops.take_means_out,
        "residuals": loops.residuals,
        "score_sums": loops.score_sums,
    }
