"""The Monte Carlo interval of effects: coefficients drawn from their estimated normal distribution.

MacKinnon, Lockwood and Williams (2004). It needs no data, only the regressions' output, and like Sobel's test takes
coefficients of different equations as independent.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.quantiles import group_quantiles

DRAWS = 20_000


@dataclass(frozen=True)
class SimulatedInterval:
    """Percentile interval of one quantity, and the draws' standard deviation."""

    name: str
    std_error: float
    low: float
    high: float


def simulated_intervals(
    blocks: tuple[tuple[FloatArray, FloatArray], ...],
    effects: Callable[[FloatArray], FloatArray],
    names: tuple[str, ...],
    rng: np.random.Generator,
    level: float = 0.95,
    draws: int = DRAWS,
) -> tuple[SimulatedInterval, ...]:
    """Intervals of `effects` (draws, k) -> (draws, m).

    `blocks` are the equations: estimates (k_e,) and covariance (k_e, k_e), in the order in which `effects` takes them.
    """
    parts = []
    for estimates, vcov in blocks:
        values, vectors = np.linalg.eigh(vcov)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        parts.append(estimates + rng.standard_normal((draws, len(estimates))) @ root.T)
    found = effects(np.concatenate(parts, axis=1))
    tails = ((1 - level) / 2, (1 + level) / 2)
    one = np.zeros(draws, dtype=np.int64)
    intervals = []
    for name, values in zip(names, np.ascontiguousarray(found.T), strict=True):
        low, high = group_quantiles(values, one, 1, tails, 7)[:, 0].tolist()
        known = values[~np.isnan(values)]
        error = float(known.std(ddof=1)) if len(known) > 1 else math.nan
        intervals.append(SimulatedInterval(name, error, low, high))
    return tuple(intervals)
