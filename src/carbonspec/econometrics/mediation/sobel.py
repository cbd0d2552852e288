"""Tests of a product of coefficients from their standard errors.

Sobel (1982), Aroian (1947), Goodman (1960); MacKinnon et al. (2002) compare them. Coefficients of different equations
count as uncorrelated, which is exact for iid errors only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

from carbonspec.econometrics.design import FloatArray


@dataclass(frozen=True)
class ProductTest:
    """The product along one route, a standard error, z and the two-sided normal p; NaN where it does not exist."""

    name: str
    route: tuple[str, ...]
    estimate: float
    std_error: float
    z: float
    p_value: float


def product_tests(route: tuple[str, ...], coefficients: FloatArray, errors: FloatArray) -> tuple[ProductTest, ...]:
    """Sobel's test of the product of coefficients (r,) with standard errors (r,), and for r = 2 its two relatives.

    Sobel is the delta method: the sum over coefficients of (product of the others times its error)^2. For two
    coefficients Aroian adds and Goodman subtracts s_a^2 s_b^2, the term of second order.
    """
    product = math.prod(coefficients.tolist())
    variance = sum(
        math.prod(float(v) ** 2 for v in rest) * float(errors[i]) ** 2
        for i, rest in zip(
            reversed(range(len(coefficients))), combinations(coefficients.tolist(), len(coefficients) - 1), strict=True
        )
    )
    tests = [_test("Sobel", route, product, variance)]
    if len(coefficients) == 2:
        second = float(errors[0] * errors[1]) ** 2
        tests.append(_test("Aroian", route, product, variance + second))
        tests.append(_test("Goodman", route, product, variance - second))
    return tuple(tests)


def sobel_from_t(t_a: float, t_b: float) -> float:
    """Sobel's z from the t values of a and b alone: t_a t_b / sqrt(t_a^2 + t_b^2). For checking printed tables."""
    size = math.hypot(t_a, t_b)
    return t_a * t_b / size if size > 0 else math.nan


def _test(name: str, route: tuple[str, ...], product: float, variance: float) -> ProductTest:
    from scipy.special import ndtr

    error = math.sqrt(variance) if variance > 0 else math.nan
    z = product / error if error > 0 else math.nan
    return ProductTest(name, route, product, error, z, float(2 * ndtr(-abs(z))))
