"""Asymptotic p values of Dickey-Fuller t ratios: response surfaces of MacKinnon (1994), Tables 3 and 4, one series."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import FloatArray

STAR = {"none": -1.04, "const": -1.61, "trend": -2.89}
"""Up to here the left-tail polynomial holds, beyond it the other."""

LOWEST = {"none": -19.04, "const": -18.83, "trend": -16.18}
HIGHEST = {"none": np.inf, "const": 2.74, "trend": 0.7}
"""Outside these the polynomials turn; p is 0 and 1 there."""

LEFT = {
    "none": (0.6344, 1.2378, 0.032496),
    "const": (2.1659, 1.4412, 0.038269),
    "trend": (3.2512, 1.6047, 0.049588),
}
REST = {
    "none": (0.4797, 0.93557, -0.06999, 0.033066),
    "const": (1.7339, 0.93202, -0.12745, -0.010368),
    "trend": (2.5261, 0.61654, -0.37956, -0.060285),
}


def p_values(t: FloatArray, deterministic: str) -> FloatArray:
    """(N,) P(tau <= t) of Dickey-Fuller t ratios (N,) with deterministic part none, const or trend."""
    from scipy.special import ndtr

    inside = np.clip(t, LOWEST[deterministic], min(HIGHEST[deterministic], 100.0))
    left = np.polynomial.polynomial.polyval(inside, LEFT[deterministic])
    rest = np.polynomial.polynomial.polyval(inside, REST[deterministic])
    p = ndtr(np.where(inside <= STAR[deterministic], left, rest))
    p = np.where(t < LOWEST[deterministic], 0.0, p)
    return np.asarray(np.where(t > HIGHEST[deterministic], 1.0, p))
