"""What Ce should be, and the fuels, heat and transport that give exactly that by the formulas.

The target is a draw from a normal distribution given the printed regressions: province effects and autocorrelated
errors are drawn, then moved by the least (in the metric of their covariance) to where the printed coefficients hold.
It is how one simulates a process given linear facts about it; here the facts are the paper's tables.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import printed
from .algebra import Array, autoregressive, pooled_operator, stream, two_way, winsor, within_operator
from .provinces import PROVINCES, SAMPLE, N, T

RHO = 0.88  # persistence of the errors
SPREAD = 4300.0  # their standard deviation at mean emissions, 10^4 t
POWER = 0.7  # by which it grows with the province's emissions
BELT = 1.9  # and how much larger it is in Belt and Road provinces
SLACK = {"Rpc": 0.3}  # share of the printed standard error by which a control's slope may be missed; others 1
POOLED = 0.4  # the same share for the pooled columns
FLOOR = 0.75  # least emissions, in 10^3 t CO2 per 10^6 kWh of the province's consumption
YEARLY = 0.008  # growth of emissions a year
ROUGH = 0.75  # weight of the rough levels in province effects, beside the printed pooled regression
LEVEL = 6000.0  # spread of province effects around the rough levels


class Facts(NamedTuple):
    """Linear facts about Ce: operator @ Ce.ravel() = values."""

    operator: Array
    values: Array
    slack: Array  # standard deviation by which a fact may be missed; 0: exactly


def facts(regressors: dict[str, Array], tech: Array, quality: Array) -> Facts:
    """Printed coefficients of columns 5, 10 to 14 (with effects) and 15, 17, 19 (pooled), and the mean of Ce.

    Open's are met exactly, and the benchmark's; the others within a share of their printed standard errors.
    """
    names = list(regressors)
    columns = list(regressors.values())
    every, years = np.ones(N, dtype=bool), np.ones(T, dtype=bool)
    coast = np.array([p.coastal for p in PROVINCES], dtype=bool)
    belt = np.array([p.belt_road for p in PROVINCES], dtype=bool)
    to_2018 = np.array(SAMPLE) <= 2018
    blocks: list[tuple[str, str, NDArray[np.bool_], NDArray[np.bool_]]] = [
        ("table_05_benchmark.csv", "5", every, years),
        ("table_06_to_2018.csv", "10", every, to_2018),
        ("table_10_coastal.csv", "11", ~coast, years),
        ("table_10_coastal.csv", "12", coast, years),
        ("table_11_belt_road.csv", "13", belt, years),
        ("table_11_belt_road.csv", "14", ~belt, years),
    ]
    operators, values, slack = [], [], []
    for table, column, rows, periods in blocks:
        operators.append(within_operator(columns, rows, periods))
        values.append(np.array([printed.coefficients(table)[column][name] for name in names]))
        loose = np.array([0.0 if name == "Open" else SLACK.get(name, 1.0) for name in names])
        errors = np.array([printed.standard_errors(table)[column][name] for name in names])
        slack.append((column != "5") * loose * errors)
    for table, column, extra in (
        ("table_12_tech.csv", "15", {}),
        ("table_12_tech.csv", "17", {"Tech": tech}),
        ("table_13_quality.csv", "19", {"Quality": quality}),
    ):
        terms = list(extra) or names
        first = len(names) if extra else 0
        operators.append(pooled_operator([*columns, *extra.values()])[first:-1])
        values.append(np.array([printed.coefficients(table)[column][name] for name in terms]))
        slack.append(POOLED * np.array([printed.standard_errors(table)[column][name] for name in terms]))
    operators.append(np.full((1, N * T), 1 / (N * T)))
    values.append(np.array([printed.moments()["Ce"]["mean"]]))
    slack.append(np.zeros(1))
    return Facts(np.concatenate(operators), np.concatenate(values), np.concatenate(slack))


def target(seed: int, regressors: dict[str, Array], known: Facts) -> Array:
    """Ce on the sample, 10^4 t, (N, T); the facts hold for it once it is winsorized."""
    rng = stream(seed, "emissions")
    carbon = np.array([p.carbon for p in PROVINCES])
    carbon = carbon / carbon.mean()
    spread = SPREAD * carbon**POWER * np.where([p.belt_road for p in PROVINCES], BELT, 1.0)
    benchmark = printed.coefficients("table_05_benchmark.csv")["5"]
    slopes = sum(benchmark[name] * two_way(x) for name, x in regressors.items())
    pooled = printed.coefficients("table_12_tech.csv")["15"]
    fitted = pooled["Constant"] + sum(pooled[name] * x.mean(axis=1) for name, x in regressors.items())
    effect = ROUGH * printed.moments()["Ce"]["mean"] * carbon + (1 - ROUGH) * fitted
    effect = effect + 0.2 * LEVEL * np.sqrt(carbon) * rng.standard_normal(N)
    effect = np.maximum(effect, 3400.0)
    error = spread[:, None] * autoregressive(rng, RHO, (N, T))
    path = YEARLY * (np.arange(T) - (T - 1) / 2)[None, :] * np.minimum(effect, 30000.0)[:, None]
    least = FLOOR * 10 * np.exp(regressors["Rpc"])  # electricity alone must not exceed the total
    freedom = LEVEL * np.minimum(1.5, carbon)
    for _ in range(8):  # lift the provinces that come out too low, and hold them there
        y = _given(known, (effect[:, None] + path + slopes + error).ravel(), _covariance(spread, freedom)).reshape(N, T)
        short = np.maximum(least - y, 0.0).max(axis=1)
        effect = effect + 1.2 * short
        freedom = np.where(short > 0, 0.6 * freedom, freedom)
    return y


def _covariance(spread: Array, freedom: Array) -> Array:
    """Of the flat Ce: autocorrelated errors and a province effect, independent between provinces; (N*T, N*T)."""
    lags = np.abs(np.subtract.outer(np.arange(T), np.arange(T)))
    omega = np.zeros((N * T, N * T))
    for i in range(N):
        block = slice(i * T, (i + 1) * T)
        omega[block, block] = spread[i] ** 2 * RHO**lags + freedom[i] ** 2
    return omega


def _given(known: Facts, y: Array, omega: Array) -> Array:
    """The draw y (flat) from a normal with covariance omega, given the facts, which hold once it is winsorized."""
    gain = omega @ known.operator.T
    inner = known.operator @ gain
    y = y + gain @ np.linalg.solve(inner + np.diag(known.slack**2), known.values - known.operator @ y)
    values = known.operator @ y
    for _ in range(12):  # winsorizing is not linear: close the gap that it opens
        y = y + gain @ np.linalg.solve(inner, values - known.operator @ winsor(y.reshape(N, T)).ravel())
    return y
