"""Random panels with everything that goes wrong in real ones, and every test by name."""

from __future__ import annotations

import numpy as np
from tests.econometrics.panels import clock, design, groups

from carbonspec.econometrics.design import Groups
from carbonspec.econometrics.hypothesis_tests import (
    dependence,
    difference,
    effects,
    granger,
    hausman,
    heteroskedasticity,
    homogeneity,
    permutation,
    serial,
)
from carbonspec.econometrics.hypothesis_tests.unit_roots import cips, fisher, hadri, ips, llc
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import Lags


def walks(n_ids=8, n_periods=16, seed=0, holes=0.0, missing=0.0, constant=0, short=0, rho=0.6):
    """Two autoregressive series and an outcome; `constant` units do not vary, `short` ones have three periods, rows
    are lost at random (`holes`) or have no value (`missing`)."""
    rng = np.random.default_rng(seed)
    shocks = rng.normal(size=(n_ids, n_periods, 3))
    series = np.zeros_like(shocks)
    series[:, 0] = shocks[:, 0]
    for t in range(1, n_periods):
        series[:, t] = rho * series[:, t - 1] + shocks[:, t]
    series += rng.normal(size=(n_ids, 1, 3)) * 2
    series[:constant] = series[:constant, :1]
    ids = np.repeat(np.arange(n_ids), n_periods)
    years = np.tile(np.arange(2000, 2000 + n_periods), n_ids)
    keep = rng.random(len(ids)) >= holes
    keep &= ~((ids >= n_ids - short) & (years >= 2003))
    flat = series.reshape(-1, 3)[keep]
    flat[rng.random(flat.shape) < missing] = np.nan
    return {"id": ids[keep], "year": years[keep], "y": flat[:, 0], "x": flat[:, 1], "z": flat[:, 2]}


def regression(data, effects_=("id",)):
    """The design y on x and z over complete rows."""
    there = ~np.isnan(data["y"] + data["x"] + data["z"])
    made = {key: values[there] for key, values in data.items()}
    made["X"] = np.column_stack([made["x"], made["z"]])
    return design(made, effects_)


def keys(data):
    return groups("id", data["id"]), clock("year", data["year"])


def one_series(run, **options):
    return lambda data: run(data["y"], *keys(data), "y", **options)


def one_regression(run, effects_=("id",), **options):
    return lambda data: run(regression(data, effects_), **options)


def between_halves(run, effects_=("id",), *more):
    def call(data):
        made = regression(data, effects_)
        half = (made.unit.codes >= (made.unit.count + 1) // 2).astype(np.int64)
        return run(made, Groups("half", half, 2), ("low", "high"), *more)

    return call


def causes(**options):
    return lambda data: granger.run(data["y"], data["x"], *keys(data), "y", "x", **options)


BATTERY = {
    "llc": one_series(llc.run),
    "llc aic": one_series(llc.run, lags=Lags("aic", 2), deterministic="trend"),
    "llc demean": one_series(llc.run, demean=True, lags=Lags(0), deterministic="none"),
    "ips": one_series(ips.run),
    "ips 0": one_series(ips.run, lags=Lags(0)),
    "ips bic trend": one_series(ips.run, lags=Lags("bic", 3), deterministic="trend", demean=True),
    "fisher": one_series(fisher.adf),
    "fisher none": one_series(fisher.adf, deterministic="none", lags=Lags("hqic", 2)),
    "fisher pp": one_series(fisher.pp, deterministic="trend"),
    "fisher pp demean": one_series(fisher.pp, demean=True),
    "hadri": one_series(hadri.run),
    "hadri kernel": one_series(hadri.run, pooled=True, bandwidth=2, deterministic="trend"),
    "cips": one_series(cips.run),
    "cips 0": one_series(cips.run, lags=0, truncated=True, deterministic="trend"),
    "granger": causes(),
    "granger aic": causes(lags="aic", most=2),
    "granger bootstrap": causes(bootstrap=granger.Bootstrap(19, 1)),
    "dependence": one_series(dependence.of_variable),
    "dependence residuals": one_regression(dependence.of_residuals),
    "dependence two ways": one_regression(dependence.of_residuals, ("id", "year")),
    "hausman": one_regression(hausman.run),
    "hausman years": one_regression(hausman.run, ("id", "year"), scale="random", correction="nested"),
    "f": one_regression(effects.f_test, ("id", "year")),
    "bp": one_regression(effects.breusch_pagan),
    "pool": one_regression(effects.poolability),
    "homogeneity": one_regression(homogeneity.run),
    "serial": one_regression(serial.run),
    "wald": one_regression(heteroskedasticity.run),
    "difference": between_halves(difference.by_interaction),
    "difference two ways": between_halves(difference.by_interaction, ("id", "year")),
    "permutation": between_halves(permutation.run),
    "permutation drawn": between_halves(permutation.run, ("id", "year"), permutation.Draws(20, 3)),
}
