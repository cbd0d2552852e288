"""Every draw from cross-products equals a refit of that draw with dummies, to 1e-8, missing ones included."""

from __future__ import annotations

import numpy as np
import pytest
from tests.econometrics.bootstrap import stacked
from tests.econometrics.panels import groups

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.equations import Equation, ready
from carbonspec.econometrics.bootstrap.grams import Counted, Multiplied, structural_equations
from carbonspec.econometrics.bootstrap.solve import Solver
from carbonspec.econometrics.design import Effect

CHAIN = (Equation(1, (0,)), Equation(3, (0,)), Equation(2, (0, 1)), Equation(3, (0, 1, 2)))
PARALLEL = (Equation(1, (0,)), Equation(3, (0,)), Equation(2, (0,)), Equation(3, (0, 1, 2)))


def compare(data, made, plan, size=60, seed=1, **refit):
    """Largest difference over draws, and how many draws are missing; missing ones must be the same."""
    solver = Solver(made, Counted(ready(made, plan.groups)))
    draws = plan.draw(np.random.default_rng(seed), size)
    fast = solver(draws)
    slow = np.array([stacked.refit(data, plan.groups.codes, draw, made, **refit) for draw in draws])
    alone = np.count_nonzero(draws, axis=1) < 2
    slow[alone] = np.nan
    np.testing.assert_array_equal(np.isnan(fast), np.isnan(slow))
    scale = np.nanmax(np.abs(slow), axis=0)
    return np.nanmax(np.abs(fast - slow) / scale), int(np.isnan(fast).any(axis=1).sum())


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("holes", [0.0, 0.3], ids=["balanced", "unbalanced"])
@pytest.mark.parametrize(
    ("effects", "inside", "outside"),
    [((), (), ()), (("id",), ("id",), ()), (("id", "year"), ("id",), ("year",)), (("year",), (), ("year",)),
     (("id", "region^year"), ("id",), ("region^year",))],
    ids=["pooled", "one-way", "two-way", "years", "crossed"],
)  # fmt: skip
def test_clusters(effects, inside, outside, holes, weighted):
    data = stacked.panel(holes=holes, seed=3)
    made = stacked.system(data, effects=effects, weighted=weighted)
    gap, _ = compare(data, made, resampling.clusters(groups("id", data["id"])), inside=inside, outside=outside)
    assert gap < 1e-10


@pytest.mark.parametrize("equations", [CHAIN, PARALLEL], ids=["chain", "parallel"])
def test_more_mediators(equations):
    data = stacked.panel(holes=0.1)
    made = stacked.system(data, ("x", "m", "m2", "y"), equations)
    assert compare(data, made, resampling.clusters(groups("id", data["id"])))[0] < 1e-10


def test_equations_with_other_sets_of_columns():
    """The mediator's equation holds a product that the outcome's does not."""
    data = stacked.panel()
    data["xv"] = data["x"] * data["v"]
    equations = (Equation(2, (0, 1)), Equation(3, (0,)), Equation(3, (0, 2)))
    made = stacked.system(data, ("x", "xv", "m", "y"), equations)
    assert compare(data, made, resampling.clusters(groups("id", data["id"])))[0] < 1e-10


def test_panels_on_the_edge():
    """Few units, many holes: years that are not drawn, dummies that become collinear, draws that identify nothing."""
    missing = 0
    for seed in range(8):
        data = stacked.panel(6, 5, k=1, holes=0.4, seed=seed)
        made = stacked.system(data)
        gap, lost = compare(data, made, resampling.clusters(groups("id", data["id"])), size=200)
        assert gap < 1e-8
        missing += lost
    assert missing > 50


def test_a_treatment_in_three_units():
    """Draws without those units have a treatment that does not vary: they are missing, not noise."""
    data = stacked.panel(10, 5)
    data["x"] = np.where((data["id"] < 2) & (data["year"] >= 2), 1.0, 0.0)
    gap, lost = compare(data, stacked.system(data), resampling.clusters(groups("id", data["id"])), size=200)
    assert gap < 1e-9
    assert lost > 10


def test_larger_clusters_than_units():
    data = stacked.panel(24, 4, holes=0.1)
    data["region"] = data["id"] % 8
    plan = resampling.clusters(groups("region", data["region"]))
    assert compare(data, stacked.system(data), plan)[0] < 1e-10
    both = stacked.system(data, effects=("id", "region^year"))
    assert compare(data, both, plan, inside=("id", "region^year"), outside=())[0] < 1e-10


def test_rows_with_effects_shared_by_copies():
    data = stacked.panel(5, 8)
    gap, _ = compare(
        data, stacked.system(data), resampling.rows(len(data["x"])), size=40, inside=(), outside=("id", "year")
    )
    assert gap < 1e-9


def test_rows_pooled():
    data = stacked.panel()
    made = stacked.system(data, effects=())
    assert compare(data, made, resampling.rows(len(data["x"])), inside=(), outside=())[0] < 1e-10


def test_blocks_of_periods():
    data = stacked.panel(8, 9, holes=0.1)
    plan = resampling.blocks(groups("year", data["year"]), 3)
    assert compare(data, stacked.system(data), plan, inside=("year",), outside=("id",))[0] < 1e-9


def test_no_constant():
    data = stacked.panel()
    made = stacked.system(data, effects=(), constant=False)
    plan = resampling.clusters(groups("id", data["id"]))
    assert compare(data, made, plan, inside=(), outside=())[0] < 1e-10


def test_effects_with_slopes_of_their_own():
    """A trend for each unit is nested in it: taken out within the unit, and right in every draw."""
    data = stacked.panel(10, 7)
    year = data["year"].astype(float)
    made = stacked.system(data, effects=("id", "year"))
    trend = Effect(made.effects[0].groups, slopes=year[:, None], slope_names=("year",))
    made = type(made)(made.names, made.columns, made.equations, made.controls, (trend, made.effects[1]))
    plan = resampling.clusters(groups("id", data["id"]))
    solver = Solver(made, Counted(ready(made, plan.groups)))
    for draw in plan.draw(np.random.default_rng(2), 20):
        rows = [np.flatnonzero(data["id"] == g) for g in np.repeat(np.arange(10), draw.astype(int))]
        r, copy = np.concatenate(rows), np.repeat(np.arange(10), [len(rows_of) for rows_of in rows])
        own = stacked.one_hot(copy)
        others = np.hstack([data["C"][r], own, own * year[r, None], stacked.one_hot(data["year"][r])])
        np.testing.assert_allclose(solver(draw[None])[0], stacked.by_svd(made, made.columns[r], others), rtol=1e-9)


@pytest.mark.parametrize("multiplier", resampling.MULTIPLIERS)
@pytest.mark.parametrize("names", [("x", "m", "y"), ("x", "m", "m2", "y")], ids=["single", "chain"])
def test_wild_draws_are_refits_of_made_outcomes(multiplier, names):
    data = stacked.panel(holes=0.2)
    made = stacked.system(data, names, None if len(names) == 3 else CHAIN)
    structural = structural_equations(made.equations)
    plan = resampling.wild(groups("id", data["id"]), multiplier)
    draws = np.random.default_rng(4).choice([-1.2, -0.5, 0.4, 1.0], size=(10, len(structural) * plan.groups.count))
    fast = Solver(made, Multiplied(ready(made, plan.groups), made.equations))(draws)
    others = np.hstack([data["C"], stacked.one_hot(data["id"]), stacked.one_hot(data["year"])])
    for draw, found in zip(draws, fast, strict=True):
        columns = made.columns.copy()
        v = draw.reshape(len(structural), -1)
        for k, equation in enumerate(structural):
            A = np.column_stack([made.columns[:, equation.regressors], others])
            b = np.linalg.lstsq(A, made.columns[:, equation.outcome], rcond=1e-11)[0]
            e = made.columns[:, equation.outcome] - A @ b
            new = np.column_stack([columns[:, equation.regressors], others]) @ b
            columns[:, equation.outcome] = new + v[k][plan.groups.codes] * e
        np.testing.assert_allclose(found, stacked.by_svd(made, columns, others), rtol=1e-8)


def test_cross_products_row_by_row_are_the_same(monkeypatch):
    data = stacked.panel(holes=0.2)
    made = stacked.system(data)
    plan = resampling.clusters(groups("id", data["id"]))
    draws = plan.draw(np.random.default_rng(1), 20)
    held = Solver(made, Counted(ready(made, plan.groups)))(draws)
    monkeypatch.setattr("carbonspec.econometrics.bootstrap.grams.MOST_CELLS", 0)
    np.testing.assert_allclose(Solver(made, Counted(ready(made, plan.groups)))(draws), held, rtol=1e-10)


@pytest.mark.parametrize("scale", [(1e-8, 1.0, 1e9), (1e6, 1e-5, 1.0)], ids=["small x", "large x"])
def test_units_of_measurement_do_not_matter(scale):
    data = stacked.panel(6, 5, k=1, holes=0.3, seed=2)
    plan = resampling.clusters(groups("id", data["id"]))
    draws = plan.draw(np.random.default_rng(1), 300)
    made = stacked.system(data)
    plain = Solver(made, Counted(ready(made, plan.groups)))(draws)
    scaled = type(made)(made.names, made.columns * scale, made.equations, made.controls * 1e7, made.effects)
    found = Solver(scaled, Counted(ready(scaled, plan.groups)))(draws)
    units = np.array([scale[1] / scale[0], scale[2] / scale[0], scale[2] / scale[0], scale[2] / scale[1]])
    np.testing.assert_allclose(found / units, plain, rtol=1e-8)


def test_a_large_mean_does_not_matter():
    data = stacked.panel(holes=0.1)
    plan = resampling.clusters(groups("id", data["id"]))
    draws = plan.draw(np.random.default_rng(1), 50)
    made = stacked.system(data)
    moved = type(made)(made.names, made.columns + 1e6, made.equations, made.controls, made.effects)
    plain = Solver(made, Counted(ready(made, plan.groups)))(draws)
    found = Solver(moved, Counted(ready(moved, plan.groups)))(draws)
    np.testing.assert_allclose(found, plain, rtol=1e-6, atol=1e-8)
