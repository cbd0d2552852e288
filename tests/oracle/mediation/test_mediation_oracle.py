"""Mediation against R: lm with dummies on resampled data (package boot), the same draws of units on both sides."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.intervals import bca_levels
from carbonspec.econometrics.bootstrap.replications import Settings
from carbonspec.econometrics.design import CovarianceChoice, Effect, Groups
from carbonspec.econometrics.mediation import paths
from carbonspec.econometrics.mediation.analysis import mediate
from carbonspec.econometrics.mediation.inputs import Inputs
from carbonspec.econometrics.quantiles import quantile

HERE = Path(__file__).parent
RAW = CovarianceChoice("cluster", correction="hc0")
EFFECTS = {"pooled": (), "oneway": ("id",), "twoway": ("id", "year")}
PATHS = {
    "single": paths.single("x", "m", "y"),
    "chain": paths.chain("x", ("m", "n"), "y"),
    "parallel": paths.parallel("x", ("m", "n"), "y"),
    "moderated": paths.moderated("x", "m", "y", "v"),
}
NAMES = {
    "single": {"indirect": "indirect", "direct": "direct", "total": "total"},
    "chain": {"x -> m -> n -> y": "long", "x -> m -> y": "first", "x -> n -> y": "second"},
    "parallel": {"x -> n -> y": "parallel2"},
    "moderated": {"index of moderated mediation": "index"},
}


@dataclass(frozen=True)
class Written(resampling.Resampling):
    """R's draws."""

    def take(self, keep):
        return self

    def draw(self, rng, size):
        assert size == len(DRAWS)
        return DRAWS


def table(name):
    with (HERE / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}


DRAWS = np.column_stack(list(table("draws.csv").values()))


def groups(name, values):
    known, codes = np.unique(values, return_inverse=True)
    return Groups(name, codes.reshape(-1), len(known))


def run(kind, path, weighted, draws=True):
    data = table("panel.csv")
    unit, year = groups("id", data["id"]), groups("year", data["year"])
    inputs = Inputs(
        columns={name: data[name] for name in ("x", "m", "n", "y", "c1", "c2", "v")},
        controls=("c1", "c2"),
        unit=unit,
        period=year,
        effects=tuple(Effect(groups(name, data[name])) for name in EFFECTS[kind]),
        clusters=(unit,),
        weights=data["w"] if weighted else None,
    )
    settings = Settings(Written("clusters", unit), len(DRAWS), interval="bca") if draws else None
    return mediate(inputs, PATHS[path], RAW, settings)


@pytest.fixture(scope="module")
def r(oracle):
    return oracle("mediation/boot_lm.txt")


@pytest.fixture(autouse=True)
def one_batch(monkeypatch):
    monkeypatch.setattr("carbonspec.econometrics.bootstrap.solve.BATCH_CELLS", 1 << 22)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", EFFECTS)
def test_effects_draws_and_jackknife(r, kind, path, weighted):
    key = kind + (".weighted" if weighted else "")
    found = run(kind, path, weighted)
    for name, theirs in NAMES[path].items():
        effect = found[name]
        assert effect.estimate == pytest.approx(r[f"{key}.{theirs}"], rel=1e-9)
        assert effect.bootstrapped.std_error == pytest.approx(r[f"{key}.se.{theirs}"], rel=1e-9)
        for draw in ("draw1", "draw199"):
            gap = np.abs(effect.bootstrapped.draws - r[f"{key}.{draw}.{theirs}"])
            assert gap.min() < 1e-9 * (1 + abs(effect.estimate))
        assert effect.bootstrapped.jackknife_error == pytest.approx(r[f"{key}.jackknife.{theirs}"], rel=1e-8)


def test_intervals(r):
    indirect = run("twoway", "single", False)["indirect"].bootstrapped
    draws = indirect.draws
    for kind in (2, 6, 7):
        assert quantile(draws, 0.025, kind) == pytest.approx(r[f"ci.type{kind}.low"], rel=1e-9)
    assert quantile(draws, 0.025, 6) == pytest.approx(r["ci.percent.low"], rel=1e-9)
    assert quantile(draws, 0.975, 6) == pytest.approx(r["ci.percent.high"], rel=1e-9)
    assert 2 * indirect.estimate - quantile(draws, 0.975, 6) == pytest.approx(r["ci.basic.low"], rel=1e-9)
    # R's boot prints the BCa levels as ranks with two decimals, and interpolates on the normal scale.
    levels = bca_levels(float(np.mean(draws < indirect.estimate)), indirect.acceleration, 0.95)
    assert levels == pytest.approx((r["ci.bca.level.low"], r["ci.bca.level.high"]), abs=3e-5)
    ends = indirect.interval("bca")
    spread = np.sort(draws)
    assert abs(ends.low - r["ci.bca.low"]) <= np.diff(spread[5:12]).max()
    assert abs(ends.high - r["ci.bca.high"]) <= np.diff(spread[-8:]).max()


def test_product_tests_and_sensitivity(r):
    found = run("twoway", "single", False, draws=False)
    assert found.fit_of("m").std_errors[0] == pytest.approx(r["raw_se.a"], rel=1e-9)
    assert found.outcome.std_errors[1] == pytest.approx(r["raw_se.b"], rel=1e-9)
    for test in found.product_tests:
        assert test.z == pytest.approx(r[f"raw_{test.name.lower()}"], rel=1e-9)
    assert found.sensitivity.rho_zero == pytest.approx(r["rho_zero"], rel=1e-9)
