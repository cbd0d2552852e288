"""The bootstrap distribution of one quantity, in bounded memory however many draws there are."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.quantiles import order_position

HELD = 1 << 20
"""So many draws are held as they are."""

_WIDTH = 16.0
"""A quantile of all draws lies within so many standard errors of where the held ones put it; the levels of a BCa
interval move with the draws as well."""


class Distribution:
    """Draws of one quantity, added batch by batch; missing ones (NaN) are counted apart.

    Up to `held` draws are kept. Beyond, moments and counts go on exactly, and values are kept only near the quantiles
    that will be asked for: `shares` says which, from the draws held when the limit is reached. Those quantiles stay
    exact order statistics of all draws. `estimate` is the value in the sample, about which draws are counted.
    """

    def __init__(
        self,
        estimate: float,
        shares: Callable[[Distribution], tuple[float, ...]] = lambda _: (0.025, 0.975),
        held: int = HELD,
    ) -> None:
        self.estimate = estimate
        self.shares = shares
        self.limit = held
        self.count = 0
        self.missing = 0
        self._parts: list[FloatArray] = []
        self._in_parts = 0
        self._sorted: FloatArray | None = None
        self._mean = 0.0
        self._squares = 0.0
        self._below = self._equal = self._negative = self._positive = self._mirrored = self._unmirrored = 0
        self._brackets: tuple[_Bracket, ...] | None = None

    def add(self, values: FloatArray) -> None:
        """Take in draws (b,)."""
        good = values[np.isfinite(values)]
        self.missing += len(values) - len(good)
        if not len(good):
            return
        total = self.count + len(good)
        mean = float(good.mean())
        shift = mean - self._mean
        self._squares += float(np.square(good - mean).sum()) + shift**2 * self.count * len(good) / total
        self._mean += shift * len(good) / total
        self.count = total
        tolerance = 1e-12 * abs(self.estimate)
        self._below += int(np.count_nonzero(good < self.estimate - tolerance))
        self._equal += int(np.count_nonzero(np.abs(good - self.estimate) <= tolerance))
        self._negative += int(np.count_nonzero(good <= 0))
        self._positive += int(np.count_nonzero(good >= 0))
        self._mirrored += int(np.count_nonzero(good >= 2 * self.estimate))
        self._unmirrored += int(np.count_nonzero(good <= 2 * self.estimate))
        if self._brackets is not None:
            for bracket in self._brackets:
                bracket.add(good)
            return
        self._parts.append(good)
        self._in_parts += len(good)
        self._sorted = None
        if self._in_parts >= self.limit:
            self._brackets = tuple(_Bracket(self.held, share) for share in self.shares(self) if 0 <= share <= 1)

    @property
    def mean(self) -> float:
        return self._mean if self.count else math.nan

    @property
    def sd(self) -> float:
        """Standard deviation about the draws' own mean, divisor B - 1."""
        return math.sqrt(self._squares / (self.count - 1)) if self.count > 1 else math.nan

    @property
    def share_below(self) -> float:
        """Share of draws below the estimate, ties counted half."""
        return (self._below + 0.5 * self._equal) / self.count if self.count else math.nan

    @property
    def sign_share(self) -> float:
        """The smaller of the shares of draws at most 0 and at least 0."""
        return min(self._negative, self._positive) / self.count if self.count else math.nan

    @property
    def share_below_zero(self) -> float:
        """Share of draws below 0, ties counted half."""
        return (self._negative + self.count - self._positive) / (2 * self.count) if self.count else math.nan

    @property
    def mirror_share(self) -> float:
        """The smaller of the shares of draws at least and at most twice the estimate: `sign_share` of 2θ - θ*."""
        return min(self._mirrored, self._unmirrored) / self.count if self.count else math.nan

    @property
    def held(self) -> FloatArray:
        """The draws that are held, ascending: all of them up to the limit, the first ones beyond."""
        if self._sorted is None:
            self._sorted = np.sort(np.concatenate(self._parts)) if self._parts else np.empty(0)
        return self._sorted

    def quantile(self, share: float, kind: int = 7) -> float:
        """The quantile of type `kind` of Hyndman and Fan (1996); NaN without draws and where no values were kept."""
        if not self.count or not 0 <= share <= 1:
            return math.nan
        position, weight = order_position(np.array([float(self.count)]), share, kind)
        below, above = self._at(int(position[0])), self._at(int(position[0]) + 1)
        beyond = float(weight[0])
        if beyond in (0.0, 1.0):
            return above if beyond else below
        return (1 - beyond) * below + beyond * above

    def _at(self, rank: int) -> float:
        """The order statistic of a rank that counts from 1."""
        rank = min(max(rank, 1), self.count)
        if self._brackets is None:
            return float(self.held[rank - 1])
        found = (bracket.at(rank) for bracket in self._brackets)
        return next((value for value in found if not math.isnan(value)), math.nan)


class _Bracket:
    """All draws near one quantile, and how many lie below."""

    def __init__(self, held: FloatArray, share: float) -> None:
        n = len(held)
        reach = _WIDTH * math.sqrt(max(share * (1 - share), 1 / n) / n)
        low, high = int((share - reach) * n), int((share + reach) * n) + 1
        self.low = held[low] if low > 0 else -np.inf
        self.high = held[high] if high < n else np.inf
        inside = held[(held >= self.low) & (held <= self.high)]
        self.values, self.counts = np.unique(inside, return_counts=True)
        self.below = int(np.count_nonzero(held < self.low))
        self.fresh: list[FloatArray] = []
        self.waiting = 0

    def add(self, values: FloatArray) -> None:
        self.below += int(np.count_nonzero(values < self.low))
        inside = values[(values >= self.low) & (values <= self.high)]
        self.fresh.append(inside)
        self.waiting += len(inside)
        if self.waiting > HELD // 4:
            self._settle()

    def _settle(self) -> None:
        """Values sorted, with how often each occurs: a distribution of few values stays small."""
        if self.waiting:
            fresh, counts = np.unique(np.concatenate(self.fresh), return_counts=True)
            self.values, where = np.unique(np.concatenate([self.values, fresh]), return_inverse=True)
            both = np.concatenate([self.counts, counts])
            self.counts = np.bincount(where, both, len(self.values)).astype(np.int64)
            self.fresh, self.waiting = [], 0

    def at(self, rank: int) -> float:
        """The order statistic of all draws of this rank, NaN where it lies outside."""
        self._settle()
        total = self.below + np.cumsum(self.counts)
        if not len(total) or not self.below < rank <= total[-1]:
            return math.nan
        return float(self.values[np.searchsorted(total, rank)])
