"""What a bootstrap draws: clusters, rows, blocks of periods, or signs and sizes of residuals."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import compact
from carbonspec.econometrics.results import EstimationError

KINDS = ("clusters", "rows", "blocks", "wild")
MULTIPLIERS = ("webb", "rademacher", "mammen")

_WEBB = np.sqrt(np.array([1.5, 1.0, 0.5]))
_GOLDEN = (1 + math.sqrt(5)) / 2

FAILING_SHARE = 0.1
"""Above this share of draws that cannot be estimated there is no bootstrap distribution to speak of."""


@dataclass(frozen=True)
class Resampling:
    """A way of drawing.

    `groups` (n,) are what is drawn whole: clusters, single rows, or periods. `strata` (C,) codes of the groups, which
    are then drawn within each stratum. `length` counts the periods of a block. A wild bootstrap draws no groups but
    one number for each and each of `equations`, by `multiplier`.
    """

    kind: str
    groups: Groups
    strata: IntArray | None = None
    length: int = 1
    multiplier: str = "webb"
    equations: int = 1

    @property
    def label(self) -> str:
        """What a table's note says: "30 clusters (id)"."""
        name, count = self.groups.name, self.groups.count
        if self.kind == "rows":
            return f"{count} rows"
        if self.kind == "blocks":
            return f"blocks of {self.length} of {count} periods"
        if self.kind == "wild":
            return f"wild, {count} clusters ({name}), {self.multiplier.capitalize()} weights"
        inside = "" if self.strata is None else f" within {int(self.strata.max()) + 1} strata"
        return f"{count} clusters ({name}){inside}"

    def take(self, keep: IntArray | None) -> Resampling:
        """The same way of drawing from the rows `keep` (all for None). Raises as the functions below."""
        if keep is None:
            return self
        inside = compact(self.groups, keep)
        if self.kind == "rows":
            return rows(len(keep))
        if self.kind == "blocks":
            return blocks(inside, self.length)
        if self.kind == "wild":
            return wild(inside, self.multiplier)
        strata = self.strata
        if strata is not None:
            strata = strata[np.unique(self.groups.codes[keep])]
            strata = np.unique(strata, return_inverse=True)[1].reshape(-1)
        return clusters(inside, strata)

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """(size, C) how often each group is drawn; for `wild` (size, equations C) what residuals are multiplied by.

        Drawing 600 and then 400 gives the same as drawing 1,000.
        """
        count = self.groups.count
        if self.kind == "wild":
            return _multipliers(self.multiplier, rng, (size, count * self.equations))
        if self.kind == "blocks":
            blocks = -(-count // self.length)
            first = rng.integers(0, count - self.length + 1, (size, blocks))
            drawn = (first[:, :, None] + np.arange(self.length)).reshape(size, -1)[:, :count]
            return _counts(drawn, count)
        if self.strata is None:
            return _counts(rng.integers(0, count, (size, count)), count)
        order = np.argsort(self.strata, kind="stable")
        sizes = np.bincount(self.strata)
        first = (np.cumsum(sizes) - sizes)[self.strata[order]]
        drawn = first + rng.integers(0, np.broadcast_to(sizes[self.strata[order]], (size, count)))
        return _counts(order[drawn], count)


def clusters(groups: Groups, strata: IntArray | None = None) -> Resampling:
    """Whole clusters, each draw of one standing for a cluster of its own.

    Raises EstimationError E555 for clusters so few that too many draws would hold one of them alone.
    """
    groups = compact(groups, None)
    if groups.count < 2 or groups.count ** (1 - groups.count) > FAILING_SHARE:
        raise EstimationError("E555", _too_few(groups))
    if strata is not None and len(strata) != groups.count:
        raise EstimationError("E557", f"{len(strata)} strata are given for {groups.count} clusters")
    return Resampling("clusters", groups, strata)


def rows(n: int) -> Resampling:
    """Single rows."""
    return Resampling("rows", Groups("row", np.arange(n), n))


def blocks(period: Groups, length: int) -> Resampling:
    """Moving blocks of consecutive periods, all units together (Künsch 1989; Gonçalves 2011 for panels)."""
    groups = compact(period, None)
    if not 1 <= length < groups.count:
        raise EstimationError("E557", f"blocks of {length} periods cannot be drawn from {groups.count}")
    return Resampling("blocks", groups, length=length)


def wild(groups: Groups, multiplier: str = "webb") -> Resampling:
    """Residuals times one random number for each cluster (Cameron, Gelbach and Miller 2008; weights of Webb 2023)."""
    groups = compact(groups, None)
    if multiplier not in MULTIPLIERS:
        raise EstimationError("E557", f"wild weights are one of {', '.join(MULTIPLIERS)}, not {multiplier!r}")
    if groups.count < 2:
        raise EstimationError("E555", _too_few(groups))
    return Resampling("wild", groups, multiplier=multiplier)


def stream(seed: int, task: str) -> np.random.Generator:
    """The random numbers of one task of a study: they depend on its seed and the task's name alone."""
    key = int.from_bytes(hashlib.sha256(task.encode()).digest(), "big")
    return np.random.default_rng(np.random.SeedSequence([seed, key]))


def _too_few(groups: Groups) -> str:
    name, count = groups.name, groups.count
    if count < 2:
        return f"{name} has a single value in these rows: there are no clusters to draw"
    share = count ** (1 - count)
    return (
        f"{count} clusters ({name}) are too few to draw from: {share:.0%} of the draws would hold one of them alone, "
        "from which nothing can be learned"
    )


def _counts(drawn: IntArray, count: int) -> FloatArray:
    size = len(drawn)
    drawn += count * np.arange(size)[:, None]
    return np.bincount(drawn.ravel(), minlength=size * count).reshape(size, count).astype(np.float64)


def _multipliers(kind: str, rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    if kind == "rademacher":
        return np.asarray(rng.integers(0, 2, shape) * 2.0 - 1.0)
    if kind == "mammen":
        low = _GOLDEN / math.sqrt(5)
        return np.asarray(np.where(rng.random(shape) < low, 1 - _GOLDEN, _GOLDEN), dtype=np.float64)
    values = np.concatenate([_WEBB, -_WEBB])
    return np.asarray(values[rng.integers(0, 6, shape)], dtype=np.float64)
