"""Effects as functions of the coefficients: products along routes, their sum, direct and total effects, the share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.mediation.paths import Paths

Coefficients = Mapping[tuple[str, str], FloatArray]
"""(b,) values of each coefficient, known by (outcome, regressor); the total effect's by ("total", regressor)."""

TOTAL = "total"

NO_SHARE = 1e-12
"""A share of a total effect smaller than this times the largest of the effects has no meaning."""


@dataclass(frozen=True)
class Level:
    """A value of the moderator at which effects are computed: "mean", "mean - sd", "p16"."""

    name: str
    value: float


@dataclass(frozen=True)
class Quantity:
    """A number that the analysis reports: `kind` is indirect, route, direct, total, share, contrast, index."""

    name: str
    kind: str
    route: tuple[str, ...] = ()


def quantities(paths: Paths, levels: tuple[Level, ...] = ()) -> tuple[Quantity, ...]:
    """What is reported for these paths, in the order of `values`."""
    if paths.moderation is not None:
        return _moderated_names(paths, levels)
    found = [Quantity("indirect", "indirect"), Quantity("direct", "direct"), Quantity("total", "total")]
    found.append(Quantity("share", "share"))
    if len(paths.routes) > 1:
        found += [Quantity(" -> ".join(route), "route", route) for route in paths.routes]
    if paths.kind == "parallel":
        found += [Quantity(f"{a} - {b}", "contrast") for a, b in combinations(paths.mediators, 2)]
    return tuple(found)


def values(paths: Paths, c: Coefficients, levels: tuple[Level, ...] = ()) -> FloatArray:
    """(b, m) the quantities, in the order of `quantities`."""
    if paths.moderation is not None:
        return _moderated_values(paths, c, levels)
    products = [along(route, c) for route in paths.routes]
    indirect = np.sum(products, axis=0)
    direct = c[paths.outcome, paths.treatment]
    total = c[TOTAL, paths.treatment]
    found = [indirect, direct, total, share(indirect, direct, total)]
    if len(products) > 1:
        found += products
    if paths.kind == "parallel":
        found += [a - b for a, b in combinations(products, 2)]
    return np.column_stack(found)


def along(route: tuple[str, ...], c: Coefficients) -> FloatArray:
    """(b,) the product of the coefficients along a route."""
    product = np.ones(1)
    for cause, effect in pairwise(route):
        product = product * c[effect, cause]
    return product


def share(indirect: FloatArray, direct: FloatArray, total: FloatArray) -> FloatArray:
    """Indirect over total effect, NaN where the total is nothing beside its parts."""
    scale = np.maximum(np.abs(indirect), np.abs(direct))
    meaningful = np.abs(total) > NO_SHARE * scale
    return np.where(meaningful, indirect / np.where(meaningful, total, 1.0), np.nan)


def identity_gap(paths: Paths, c: Coefficients) -> float:
    """|c - c' - sum of products| relative to the largest of them: zero for least squares on one sample."""
    indirect = float(np.sum([along(route, c) for route in paths.routes], axis=0)[0])
    direct, total = float(c[paths.outcome, paths.treatment][0]), float(c[TOTAL, paths.treatment][0])
    scale = max(abs(indirect), abs(direct), abs(total))
    return abs(total - direct - indirect) / scale if scale > 0 else 0.0


def moderator_levels(values: FloatArray, weights: FloatArray | None, choice: str = "sd") -> tuple[Level, ...]:
    """Where a moderated effect is computed, fixed on the sample: mean and one standard deviation either side ("sd"), or
    the 16th, 50th and 84th percentiles ("percentiles"); the two values themselves where there are only two."""
    distinct = np.unique(values)
    if len(distinct) == 2:
        return tuple(Level(f"{value:g}", float(value)) for value in distinct)
    if choice == "percentiles":
        return tuple(Level(f"p{p}", float(np.percentile(values, p))) for p in (16, 50, 84))
    mean = float(np.average(values, weights=weights))
    n = len(values)
    spread = float(np.sqrt(np.average(np.square(values - mean), weights=weights) * n / max(n - 1, 1)))
    return Level("mean - sd", mean - spread), Level("mean", mean), Level("mean + sd", mean + spread)


# --- moderation ------------------------------------------------------------------------------------------


def _moderated_names(paths: Paths, levels: tuple[Level, ...]) -> tuple[Quantity, ...]:
    assert paths.moderation is not None
    by = paths.moderation.moderator
    found = [Quantity(f"indirect at {by} = {level.name}", "indirect") for level in levels]
    if paths.moderation.direct:
        found += [Quantity(f"direct at {by} = {level.name}", "direct") for level in levels]
    else:
        found.append(Quantity("direct", "direct"))
    if paths.moderation.stage != "both":
        found.append(Quantity("index of moderated mediation", "index"))
    found.append(Quantity(f"indirect at {by} = {levels[-1].name} less {levels[0].name}", "contrast"))
    return tuple(found)


def _moderated_values(paths: Paths, c: Coefficients, levels: tuple[Level, ...]) -> FloatArray:
    assert paths.moderation is not None
    x, m, y, by = paths.treatment, paths.mediators[0], paths.outcome, paths.moderation.moderator
    a1, b1 = c[m, x], c[y, m]
    none = np.zeros_like(a1)
    a3, b3 = c.get((m, f"{x}:{by}"), none), c.get((y, f"{m}:{by}"), none)
    indirect = [(a1 + a3 * level.value) * (b1 + b3 * level.value) for level in levels]
    found = list(indirect)
    if paths.moderation.direct:
        found += [c[y, x] + c[y, f"{x}:{by}"] * level.value for level in levels]
    else:
        found.append(c[y, x])
    if paths.moderation.stage != "both":
        found.append(a3 * b1 if paths.moderation.stage == "first" else a1 * b3)
    found.append(indirect[-1] - indirect[0])
    return np.column_stack(found)
