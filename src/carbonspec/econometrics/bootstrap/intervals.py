"""What is said of one quantity from its draws: standard error, p values, and intervals by four methods.

Efron and Tibshirani (1993, chapters 13 and 14); Davison and Hinkley (1997, chapter 5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.bootstrap.distribution import Distribution
from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.results import EstimationError

METHODS = ("percentile", "bca", "normal", "basic")


@dataclass(frozen=True)
class Interval:
    """Ends of an interval; NaN where it does not exist (BCa with all draws on one side of the estimate)."""

    method: str
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Bootstrapped:
    """One quantity: its estimate in the sample and what the draws say.

    `std_error` is the draws' standard deviation (divisor B - 1), `bias` their mean less the estimate, `z` = estimate
    over `std_error` with the two-sided normal `p_value`; `p_percentile` = 2 min(share <= 0, share >= 0), at most 1,
    where 0 stands for less than 2/B; `p_basic` is the same of the draws mirrored at the estimate. `z0` and
    `acceleration` belong to BCa; `jackknife_error` is the delete-one-group standard error. `draws` (ascending) are
    those held: all of them up to a million.
    """

    estimate: float
    std_error: float
    bias: float
    z: float
    p_value: float
    p_percentile: float
    p_basic: float
    share_below_zero: float
    replications: int
    level: float
    intervals: tuple[Interval, ...]
    z0: float
    acceleration: float
    jackknife_error: float
    draws: FloatArray

    def interval(self, method: str) -> Interval:
        """The interval by its method's name. KeyError for another name."""
        for found in self.intervals:
            if found.method == method:
                return found
        raise KeyError(method)

    @property
    def p_percentile_text(self) -> str:
        """The percentile p as printed: "<2/1000" rather than 0."""
        return f"<2/{self.replications}" if self.p_percentile == 0 else f"{self.p_percentile:.4g}"


def check_interval(method: str, level: float, kind: int) -> None:
    """Raises EstimationError E557 for an interval that there is not."""
    if method not in METHODS:
        raise EstimationError("E557", f"an interval is one of {', '.join(METHODS)}, not {method!r}")
    if not 0 < level < 1:
        raise EstimationError("E557", f"the level of an interval lies between 0 and 1, not at {level:g}")
    if kind not in range(1, 10):
        raise EstimationError("E557", f"quantile types run from 1 to 9, there is no type {kind}")


def describe(distribution: Distribution, jackknife: FloatArray, level: float = 0.95, kind: int = 7) -> Bootstrapped:
    """Everything said of one quantity.

    `jackknife` (C,) are its values with one group left out. `kind` is the type of quantile: 7 is R's and numpy's,
    2 is Stata's.
    """
    from scipy.special import ndtr, ndtri

    estimate, error = distribution.estimate, distribution.sd
    tail = (1 - level) / 2
    low, high = distribution.quantile(tail, kind), distribution.quantile(1 - tail, kind)
    far = float(ndtri(1 - tail)) * error
    a = acceleration(jackknife)
    levels = bca_levels(distribution.share_below, a, level)
    z = estimate / error if error > 0 else math.nan
    intervals = (
        Interval("percentile", low, high),
        Interval("bca", distribution.quantile(levels[0], kind), distribution.quantile(levels[1], kind)),
        Interval("normal", estimate - far, estimate + far),
        Interval("basic", 2 * estimate - high, 2 * estimate - low),
    )
    return Bootstrapped(
        estimate=estimate,
        std_error=error,
        bias=distribution.mean - estimate,
        z=z,
        p_value=float(2 * ndtr(-abs(z))),
        p_percentile=min(2 * distribution.sign_share, 1.0),
        p_basic=min(2 * distribution.mirror_share, 1.0),
        share_below_zero=distribution.share_below_zero,
        replications=distribution.count,
        level=level,
        intervals=intervals,
        z0=_z0(distribution.share_below),
        acceleration=a,
        jackknife_error=jackknife_error(jackknife),
        draws=distribution.held,
    )


def acceleration(jackknife: FloatArray) -> float:
    """Efron's (1987) a = sum d^3 / (6 (sum d^2)^1.5), d the mean of the leave-one-out values less each of them."""
    good = jackknife[np.isfinite(jackknife)]
    d = good.mean() - good if len(good) else good
    squares = float(np.square(d).sum())
    if not squares > 0:
        return math.nan
    return float((d**3).sum()) / float(6 * squares**1.5)


def jackknife_error(jackknife: FloatArray) -> float:
    """sqrt((C - 1)/C sum d^2) over the groups that can be left out; NaN where one of them cannot."""
    if len(jackknife) < 2 or not np.isfinite(jackknife).all():
        return math.nan
    d = jackknife - jackknife.mean()
    return math.sqrt((len(d) - 1) / len(d) * float(np.square(d).sum()))


def bca_levels(share_below: float, a: float, level: float) -> tuple[float, float]:
    """The shares of draws at which a BCa interval ends; NaN where all draws lie on one side of the estimate."""
    from scipy.special import ndtr, ndtri

    z0 = _z0(share_below)
    tail = (1 - level) / 2
    ends = []
    for share in (tail, 1 - tail):
        shifted = z0 + float(ndtri(share))
        below = 1 - a * shifted
        ends.append(float(ndtr(z0 + shifted / below)) if below > 0 else math.nan)
    return ends[0], ends[1]


def _z0(share_below: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share_below)) if 0 < share_below < 1 else math.nan
