"""Customs records by product, province and year, and demand elasticities, behind Quality.

A row has two free numbers. Quantity times price to the power sigma fixes the demand residual, hence the standardised
quality r of Equations 1 to 4; value fixes its weight. So r is drawn first, and then values are tilted towards good or
bad products until the weighted mean of Equation 5 is what the province's year should have.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import printed
from .algebra import Array, autoregressive, residual, stream, winsor
from .formulas import standardised_quality
from .provinces import PROVINCES, N, T

PRODUCTS = 200


class Customs(NamedTuple):
    """One row a product, province and year of the sample."""

    product: NDArray[np.int64]
    market: NDArray[np.int64]  # province * T + year
    quantity: Array
    value: Array  # USD
    codes: list[str]  # of the products
    sigma: Array  # of the products


def target(seed: int, regressors: dict[str, Array], tech: Array) -> Array:
    """Quality on the sample, (N, T): near the printed pooled regressions (Tables 13 and 14) and spread."""
    rng = stream(seed, "quality")
    column = printed.coefficients("table_13_quality.csv")["18"]
    total, direct, through = (printed.coefficients("table_14_chain.csv")[c] for c in ("20", "22", "22"))
    slope = (total["Tech"] - direct["Tech"]) / through["Quality"]  # Tech on Quality; the printed 0.04 can't be
    moments = printed.moments()["Quality"]
    names = [name for name in regressors if name != "Open"]
    others = [regressors[name] for name in names] + [np.ones((N, T))]
    fitted = sum(column[name] * x for name, x in regressors.items())
    tech_part = residual(residual(tech, others), [residual(regressors["Open"], others)])
    noise = rng.standard_normal(N)[:, None] + 0.8 * autoregressive(rng, 0.5, (N, T))
    noise = residual(noise, [*regressors.values(), np.ones((N, T)), tech])
    # the slope of Tech without Open in the regression: Open's part is fixed, the rest comes from Tech's own variation
    given = residual(fitted, others)
    own = residual(tech, others)
    extra = slope - float((given * own).sum() / (own * own).sum())
    fitted = fitted + extra * tech_part * float((own * own).sum() / (tech_part * own).sum())
    room = max(moments["sd"] ** 2 - fitted.var(), 0.052**2)
    quality = fitted + np.sqrt(room) * noise / noise.std()
    quality = quality + moments["mean"] - winsor(quality).mean()
    return np.clip(quality, 0.18, 0.96)


def _codes(rng: np.random.Generator) -> list[str]:
    """HS6-shaped codes over the chapters 01 to 96; leading zeros matter. Not every one is in use."""
    chapters = [c for c in range(1, 97) if c != 77]
    wanted: set[str] = set()
    k = 0
    while len(wanted) < PRODUCTS:
        chapter = chapters[k % len(chapters)]
        wanted.add(f"{chapter:02d}{rng.integers(1, 20):02d}{rng.integers(1, 10)}0")
        k += 1
    return sorted(wanted)


def records(seed: int, quality: Array) -> Customs:
    """Rows whose Equations 1 to 5 give `quality` (N, T) up to the rounding of quantities and values."""
    rng = stream(seed, "customs")
    codes = _codes(rng)
    sigma = np.round(np.clip(1.9 + rng.gamma(1.4, 1.6, PRODUCTS), 1.9, 14.0), 2)

    size = np.log(np.array([p.income * p.people for p in PROVINCES]))
    breadth = np.clip(0.62 + 0.14 * (size - size.mean()) / size.std(), 0.3, 0.92)
    basket = rng.random((N, PRODUCTS)) < breadth[:, None]
    kept = basket[:, None, :] & (rng.random((N, T, PRODUCTS)) < 0.96)
    province, year, product = np.nonzero(kept)
    market = province * T + year
    n = len(product)

    # log quality of a province's product: skewed to the left, so that most rows stand nearer the best than the worst
    own = -rng.gamma(2.2, 0.45, (N, PRODUCTS)) - rng.gamma(1.5, 0.12, (N, T, PRODUCTS)).transpose(1, 0, 2)
    log_quality = own[year, province, product]
    appeal = rng.normal(0, 1.2, PRODUCTS)[product] + rng.normal(0, 0.6, N * T)[market]  # product and market effects
    lhs = (sigma[product] - 1) * log_quality + appeal
    r = standardised_quality(lhs, sigma[product], product, market, year)

    base = rng.normal(0, 0.9, (N, PRODUCTS))[province, product] + rng.normal(0, 1.0, PRODUCTS)[product]
    base = base + 0.15 * rng.standard_normal(n)
    known = np.where(np.isfinite(r), r, 0.5)
    tilt = _tilts(known, np.isfinite(r), base, market, quality.ravel())
    log_value = base + tilt[market] * (known - quality.ravel()[market])
    log_total = np.log(2e8) + 1.3 * (size - size.mean()) + 0.06 * rng.standard_normal(N)
    level = np.bincount(market, weights=np.exp(log_value), minlength=N * T)
    value = _rounded(np.exp(log_value) / level[market] * np.exp(log_total[province]) * 1.05**year + 1000.0, 0)

    price_level = rng.normal(2.0, 1.5, PRODUCTS)[product]  # USD per unit, log
    log_price = (lhs - np.log(value)) / (sigma[product] - 1)
    # a constant per product may be added to ln x + sigma ln p: centre prices on the product's level
    centre = np.bincount(product, weights=log_price) / np.bincount(product)
    log_price = log_price - centre[product] + price_level
    quantity = np.maximum(_rounded(value / np.exp(log_price), 3), 0.001)
    return Customs(product, market, quantity, value, codes, sigma)


def _rounded(x: Array, decimals: int) -> Array:
    """Five significant digits, at most `decimals` after the point: what another machine computes rounds to the same."""
    return np.round(np.array([float(f"{value:.5g}") for value in x]), decimals)


def _tilts(r: Array, known: NDArray[np.bool_], base: Array, market: NDArray[np.int64], wanted: Array) -> Array:
    """theta of each market such that the mean of r weighted by exp(base + theta r) is the wanted one."""
    low, high = np.full(len(wanted), -80.0), np.full(len(wanted), 80.0)
    for _ in range(80):
        middle = (low + high) / 2
        weight = np.exp(base + middle[market] * (r - wanted[market])) * known
        mean = np.bincount(market, weights=weight * r) / np.bincount(market, weights=weight)
        low = np.where(mean < wanted, middle, low)
        high = np.where(mean < wanted, high, middle)
    return (low + high) / 2
