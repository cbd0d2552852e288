"""Tail probabilities of the reference distributions, by scipy.special (scipy.stats takes a second to import)."""

from __future__ import annotations


def normal_left(z: float) -> float:
    """P(Z <= z)."""
    from scipy.special import ndtr

    return float(ndtr(z))


def normal_right(z: float) -> float:
    """P(Z >= z)."""
    return normal_left(-z)


def normal_two_sided(z: float) -> float:
    """P(|Z| >= |z|)."""
    return 2 * normal_left(-abs(z))


def chi2_right(x: float, df: float) -> float:
    """P(chi2(df) >= x)."""
    from scipy.special import chdtrc

    return float(chdtrc(df, max(x, 0.0)))


def f_right(x: float, df1: float, df2: float) -> float:
    """P(F(df1, df2) >= x)."""
    from scipy.special import fdtrc

    return float(fdtrc(df1, df2, max(x, 0.0)))


def t_left(x: float, df: float) -> float:
    """P(t(df) <= x)."""
    from scipy.special import stdtr

    return float(stdtr(df, x))


def t_two_sided(x: float, df: float) -> float:
    """P(|t(df)| >= |x|)."""
    return 2 * t_left(-abs(x), df)
