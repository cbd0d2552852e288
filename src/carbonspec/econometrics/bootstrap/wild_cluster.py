"""The wild cluster bootstrap-t with the null imposed, for every coefficient of a regression by least squares.

For H0: b_j = c the restricted residuals are u(c) = e + (b_j - c) x, where e are the residuals, x is regressor j without
the others, controls and effects. A draw multiplies them by one number v_g for each cluster and is tested by its own
t = b*_j - c over the clustered standard error. Both need sums by cluster alone (Roodman, MacKinnon, Nielsen and Webb
2019), and both are polynomials in b_j - c, so that the p value of any c, and by inversion the interval, costs no
further draw. Small-sample factors cancel. Cameron, Gelbach and Miller (2008); weights of Webb (2023).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.bootstrap.equations import System, ready, too_wide, width
from carbonspec.econometrics.bootstrap.replications import Settings, batches, check
from carbonspec.econometrics.bootstrap.resampling import Resampling
from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.grouping import group_sums
from carbonspec.econometrics.results import EstimationError

HELD = 100_000
"""So many draws are held to invert the test; the p value of zero counts all of them."""

BATCH_CELLS = 1 << 18
FARTHEST = 1e4
"""Ends of an interval farther than so many standard errors from the estimate count as infinite."""

TIE = 1e-9
"""Two t this close (relative) are the same sample seen twice: the draw of all ones is the sample itself."""


@dataclass(frozen=True)
class WildTest:
    """One coefficient: t with the clustered standard error, p of "it is zero" (at least 1/B), and the interval of all
    values that are not rejected; an end is infinite where none is. `failed` draws have no t."""

    t: float
    p_value: float
    low: float
    high: float
    failed: int


@dataclass(frozen=True)
class WildTests:
    """All coefficients of a system, in its order; `asked` draws, all 2^G of them where `exact`."""

    tests: tuple[WildTest, ...]
    asked: int
    exact: bool


def wild_tests(system: System, settings: Settings) -> WildTests:
    """Test every coefficient of a system of one equation, `settings.resampling` being wild.

    Rademacher weights are enumerated when there are no more than `settings.replications` sign vectors.

    Raises EstimationError E558 for effects too many to be columns, E554 as `replications.check`.
    """
    check(settings)
    resampling = settings.resampling
    groups = resampling.groups
    if too_wide(system.effects, groups):
        raise EstimationError("E558", width(system.effects, groups))
    parts = _parts(system, resampling)
    exact = resampling.multiplier == "rademacher" and 2**groups.count <= settings.replications
    asked = 2**groups.count if exact else settings.replications
    size = int(np.clip(BATCH_CELLS // groups.count, 16, 1 << 14))
    counters = [_Counter(part) for part in parts]
    made = (
        _signs(groups.count, size, parts)
        if exact
        else batches(
            lambda v: np.stack([part.draw(v) for part in parts]),
            resampling,
            np.random.default_rng(settings.seed),
            asked,
            size,
            settings.workers,
        )
    )
    done = 0
    for found in made:
        done += found.shape[2]
        for counter, draws in zip(counters, found, strict=True):
            counter.add(draws)
        if settings.progress is not None:
            settings.progress(done, asked)
    return WildTests(tuple(counter.test(1 - settings.level) for counter in counters), asked, exact)


def _signs(count: int, size: int, parts: list[_Part]) -> Iterator[FloatArray]:
    """What every vector of signs gives, in batches."""
    for at in range(0, 2**count, size):
        numbers = np.arange(at, min(at + size, 2**count))
        v = np.asarray(1.0 - 2.0 * ((numbers[:, None] >> np.arange(count)) & 1), dtype=np.float64)
        yield np.stack([part.draw(v) for part in parts])


@dataclass(frozen=True)
class _Part:
    """One coefficient by cluster: `a` (2, G) scores x'e and x'x, `r` (2, G, q) what e and x share with the basis Q of
    all columns; `b` the coefficient. `own` is x'x."""

    b: float
    a: FloatArray
    r: FloatArray
    own: float

    @property
    def std_error(self) -> float:
        """Clustered, without its factor."""
        return float(np.sqrt(np.square(self.a[0]).sum()) / self.own)

    def draw(self, v: FloatArray) -> FloatArray:
        """(5, b) for draws v (b, G): the numerator's two coefficients in b_j - c, the denominator's three."""
        scores = [v * a - (v @ r) @ self.r[1].T for a, r in zip(self.a, self.r, strict=True)]
        products = [(0, 0), (0, 1), (1, 1)]
        return np.stack(
            [v @ self.a[0], v @ self.a[1], *(np.einsum("bg,bg->b", scores[i], scores[j]) for i, j in products)]
        )

    def t(self, d: float) -> float:
        return d / self.std_error

    def drawn_t(self, draws: FloatArray, d: float) -> FloatArray:
        """(b,) absolute t of draws (5, b) when b_j - c = d; NaN where a draw has no variance."""
        n0, n1, s00, s01, s11 = draws
        square = s00 + 2 * d * s01 + d * d * s11
        least = 1e-24 * (np.square(self.a[0]).sum() + d * d * np.square(self.a[1]).sum())
        return np.asarray(np.abs(n0 + d * n1) / np.sqrt(np.where(square > least, square, np.nan)))


def _parts(system: System, resampling: Resampling) -> list[_Part]:
    prepared = ready(system, resampling.groups)
    S, W, codes, count = prepared.S, prepared.W, prepared.codes, prepared.groups
    k = S.shape[1] - 1
    X, y = S[:, :k], S[:, k]
    Q, R = np.linalg.qr(X)
    b = np.linalg.solve(R, Q.T @ y)
    e = y - X @ b
    inverse = np.linalg.inv(R)
    bread = inverse @ inverse.T
    Q = np.concatenate([W, Q], axis=1)
    shared = group_sums(codes, count, Q * e[:, None])
    units = prepared.scale[k] / prepared.scale[:k]
    parts = []
    for j in range(k):
        x = X @ (bread[:, j] / bread[j, j])
        a = group_sums(codes, count, np.column_stack([x * e, x * x]))
        with_x = group_sums(codes, count, Q * x[:, None])
        # In units of the data: x over `units`, so that x'y / x'x is the coefficient itself.
        scale = 1.0 / units[j]
        parts.append(
            _Part(
                float(b[j] * units[j]),
                np.array([a[:, 0] * scale, a[:, 1] * scale * scale]),
                np.array([shared, with_x * scale]),
                float(x @ x) * scale * scale,
            )
        )
    return parts


class _Counter:
    """Counts draws at least as extreme as the sample, and holds some to invert the test."""

    def __init__(self, part: _Part) -> None:
        self.part = part
        self.t = abs(part.t(part.b)) if part.std_error > 0 else np.nan
        self.extreme = self.total = self.failed = self.kept = 0
        self.held: list[FloatArray] = []

    def add(self, draws: FloatArray) -> None:
        t = self.part.drawn_t(draws, self.part.b)
        known = np.isfinite(t)
        self.failed += int(np.count_nonzero(~known))
        self.total += int(np.count_nonzero(known))
        self.extreme += int(np.count_nonzero(t[known] >= self.t * (1 - TIE)))
        if self.kept < HELD:
            part = draws[:, : HELD - self.kept]
            self.held.append(part)
            self.kept += part.shape[1]

    def test(self, level: float) -> WildTest:
        part = self.part
        if not self.total or not part.std_error > 0:
            return WildTest(np.nan, np.nan, np.nan, np.nan, self.failed)
        held = np.concatenate(self.held, axis=1)

        def p(d: float) -> float:
            t = part.drawn_t(held, d)
            t = t[np.isfinite(t)]
            return float(np.count_nonzero(t >= abs(part.t(d)) * (1 - TIE)) / len(t)) if len(t) else np.nan

        low = part.b - _reach(p, part.std_error, level)
        high = part.b + _reach(lambda d: p(-d), part.std_error, level)
        return WildTest(part.t(part.b), max(self.extreme, 1) / self.total, low, high, self.failed)


def _reach(p: Callable[[float], float], unit: float, level: float) -> float:
    """How far from the estimate a value must lie to be rejected at `level`: the first crossing found by doubling, then
    by halving the gap. Infinite where p stays above."""
    inner, outer = 0.0, unit
    while not p(outer) <= level:
        inner, outer = outer, 2 * outer
        if outer > FARTHEST * unit:
            return float("inf")
    while outer - inner > 1e-9 * outer:
        middle = (inner + outer) / 2
        if p(middle) <= level:
            outer = middle
        else:
            inner = middle
    return outer
