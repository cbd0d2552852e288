"""From a fit to what is printed and judged: t, two-sided p, intervals, stars."""

from __future__ import annotations

import math
from dataclasses import dataclass

from carbonspec.econometrics.results import Fit, FloatArray

NORMAL = "normal"
"""The bootstrap whose p values and intervals are its standard error and the normal distribution."""


@dataclass(frozen=True)
class Estimate:
    """One coefficient. `statistic` is estimate/std_error, `p_value` two-sided; the interval has coverage 1 - level."""

    term: str
    estimate: float
    std_error: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float


def estimates(fit: Fit, level: float = 0.05) -> tuple[Estimate, ...]:
    """Every coefficient of a fit, in its order.

    Where the fit's p values and intervals are those of draws, so are these; its intervals then have the coverage with
    which it was estimated, the study's.
    """
    critical = critical_value(fit, level)
    found = []
    drawn = fit.resampled
    terms = zip(fit.terms, fit.estimates.tolist(), fit.std_errors.tolist(), strict=True)
    for j, (term, value, error) in enumerate(terms):
        t = value / error if error > 0 else math.nan
        margin = critical * error
        p, low, high = two_sided(t, fit), value - margin, value + margin
        if drawn is not None and drawn.method != NORMAL:
            p, low, high = float(drawn.p_values[j]), float(drawn.low[j]), float(drawn.high[j])
        found.append(Estimate(term, value, error, t, p, low, high))
    return tuple(found)


def two_sided(t: float, fit: Fit) -> float:
    """P(|T| >= |t|) under the fit's reference distribution."""
    return min(1.0, 2.0 * upper_tail(abs(t), fit))


def upper_tail(t: float, fit: Fit) -> float:
    """P(T >= t)."""
    from scipy.special import ndtr, stdtr

    if math.isnan(t):
        return math.nan
    if fit.reference == "normal" or math.isinf(fit.df_reference):
        return float(ndtr(-t))
    return float(stdtr(fit.df_reference, -t))


def critical_value(fit: Fit, level: float) -> float:
    """The t beyond which a two-sided test at `level` rejects."""
    from scipy.special import ndtri, stdtrit

    if fit.reference == "normal" or math.isinf(fit.df_reference):
        return float(ndtri(1.0 - level / 2.0))
    return float(stdtrit(fit.df_reference, 1.0 - level / 2.0))


def stars(p: float, thresholds: tuple[float, ...]) -> str:
    """One star for each threshold that p lies below."""
    return "*" * sum(p < threshold for threshold in thresholds)


def inverted_p(draws: FloatArray, estimate: float, number: float, method: str, z0: float, a: float) -> float:
    """The two-sided p of "the quantity is `number`" that belongs to a bootstrap interval of `method`: the level at
    which the interval would end there.

    `draws` are ascending. percentile counts the draws on the far side of the number; basic mirrors them about the
    estimate; bca corrects the share by its bias z0 and acceleration a (Efron and Tibshirani 1993, section 14.3);
    normal takes their standard deviation. NaN without draws.
    """
    import numpy as np
    from scipy.special import ndtr, ndtri

    count = len(draws)
    if count < 2:
        return math.nan
    if method == "normal":
        error = float(np.std(draws, ddof=1))
        return float(2 * ndtr(-abs(estimate - number) / error)) if error > 0 else float(estimate == number)
    at = 2 * estimate - number if method == "basic" else number
    below = int(np.searchsorted(draws, at, side="right")) / count
    above = (count - int(np.searchsorted(draws, at, side="left"))) / count
    if method != "bca":
        return min(1.0, 2 * min(below, above))
    share = (below + 1 - above) / 2
    if not 0 < share < 1 or math.isnan(z0) or math.isnan(a):
        return min(1.0, 2 * min(below, above))
    w = float(ndtri(share)) - z0
    return float(2 * ndtr(-abs(w / (1 + a * w) - z0)))
