"""Electricity, GDP, population, tertiary sector, budget, energy use: what the controls are made of.

A control is a province's level + a year path + variation within province and year. The last is a draw whose
regressions on the controls before it are set to those that the printed stepwise columns imply: by the
omitted-variable formula, what a coefficient changes by when a control enters is the new control's coefficient times
its slope on the old ones.
"""

from __future__ import annotations

import numpy as np

from . import printed
from .algebra import Array, autoregressive, residual, stream, two_way, winsor
from .provinces import EARLY, PROVINCES, YEARS, N, T

# spread within province and year, its scale by province's level (power; Rpc: of the budget share), persistence
WITHIN = {
    "Rpc": (0.088, 0.15, 0.75),
    "Ei": (0.0125, 0.8, 0.6),
    "Fin": (0.075, 2.0, 0.5),
    "Gdp": (0.80, 1.2, 0.8),
    "Ind": (0.036, 0.0, 0.7),
}
YEARLY = {"Rpc": 0.052, "Ei": -0.0042, "Fin": 0.004, "Gdp": 0.38, "Ind": 0.0135}  # path of the national mean, a year


def implied_slopes(columns: list[dict[str, float]], control: str, before: list[str], step: int) -> dict[str, float]:
    """Slope of `control` on each regressor before it, from the columns without (step) and with it (step + 1)."""
    short, long = columns[step], columns[step + 1]
    return {name: (short[name] - long[name]) / long[control] for name in before}


def _levels() -> dict[str, Array]:
    columns = {"Rpc": "electricity", "Ei": "intensity", "Fin": "budget", "Gdp": "income", "Ind": "service"}
    levels = {name: np.array([getattr(p, column) for p in PROVINCES]) for name, column in columns.items()}
    return levels | {"Rpc": np.log(levels["Rpc"])}


def _fit_moments(base: Array, within: Array, mean: float, sd: float) -> Array:
    """mean + c * base + within with c such that the winsorized variable has the printed mean and spread."""
    low, high = 0.2, 3.0
    for _ in range(60):
        c = (low + high) / 2
        if winsor(c * base + within).std(ddof=1) < sd:
            low = c
        else:
            high = c
    x = c * base + within
    return x + mean - winsor(x).mean()


def controls(seed: int, opening: Array) -> dict[str, Array]:
    """Rpc, Ei, Fin, Gdp, Ind on the sample, (N, T) each; they and `opening` (Open) before winsorizing."""
    rng = stream(seed, "controls")
    table = printed.coefficients("table_05_benchmark.csv")
    columns = [table[str(i)] for i in range(1, 6)]
    moments = printed.moments()
    regressors: dict[str, Array] = {"Open": winsor(opening)}
    result: dict[str, Array] = {}
    budget = _levels()["Fin"]
    time = np.arange(T) - (T - 1) / 2
    for step, (name, level) in enumerate(_levels().items()):
        spread, power, rho = WITHIN[name]
        shape = autoregressive(rng, rho, (N, T)) + 0.35 * rng.standard_normal(N)[:, None] * time
        scale = budget if name == "Rpc" else level  # consumption swings more where the economy is small
        shape = shape * (scale[:, None] / scale.mean()) ** power
        if name == "Gdp":
            shape = shape + 0.06 * level[:, None] * time  # the rich grow by more yuan
        before = [two_way(x) for x in regressors.values()]
        noise = residual(two_way(shape), before)
        within = spread * noise / noise.std()
        if step:
            slopes = implied_slopes(columns, name, list(regressors), step - 1)
            within = within + sum(slopes[k] * two_way(x) for k, x in regressors.items())
        base = (level - level.mean())[:, None] + YEARLY[name] * time[None, :]
        raw = _fit_moments(base, within, moments[name]["mean"], moments[name]["sd"])
        result[name] = raw
        regressors[name] = winsor(raw)
    return result


def raw_columns(seed: int, control: dict[str, Array]) -> dict[str, Array]:
    """Columns behind the controls, (N, years), rounded; 2010 and 2011 go back along each control's path."""
    rng = stream(seed, "macro before the sample")
    full: dict[str, Array] = {}
    for name, x in control.items():
        step = (x[:, -1] - x[:, 0]) / (T - 1)
        steps = np.arange(EARLY, 0, -1)[None, :]
        early = x[:, :1] - 0.5 * step[:, None] * steps + 0.1 * WITHIN[name][0] * rng.standard_normal((N, EARLY))
        full[name] = np.concatenate([np.maximum(early, 0.8 * x[:, :1]), x], axis=1)
    growth = 0.004 + 0.004 * rng.standard_normal(N)
    people = np.array([p.people for p in PROVINCES])
    growing = np.exp(growth[:, None] * (np.array(YEARS) - 2015)[None, :])
    population = np.round(people[:, None] * growing, 0)  # 10^4 persons
    gdp = np.round(full["Gdp"] * population, 2)  # 10^8 yuan
    return {
        "gdp": gdp,
        "population": population,
        "tertiary": np.round(full["Ind"] * gdp, 2),  # 10^8 yuan
        "budget_expenditure": np.round(full["Fin"] * gdp, 2),  # 10^8 yuan
        "energy_use": np.round(full["Ei"] * gdp, 2),  # 10^8 kg of coal equivalent
        "electricity": np.round(np.exp(full["Rpc"]), 3),  # 10^8 kWh
    }
