"""Laws that hold for any panel: order of rows, units of measure, added constants, weights, sharing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.econometrics.panels import design, panel

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import between, first_differences, fixed_effects, pooled, random_effects
from carbonspec.econometrics.projection import Projection

ESTIMATORS = {
    "pooled": (pooled, ()),
    "one-way": (fixed_effects, ("id",)),
    "two-way": (fixed_effects, ("id", "year")),
    "crossed": (fixed_effects, ("id", "industry^year")),
    "random": (random_effects, ("id",)),
    "between": (between, ()),
    "differences": (first_differences, ()),
}
ROW_ORDER_FREE = [name for name in ESTIMATORS if name != "differences"]
KINDS = ["iid", "hc1", "hc3", "cluster", "driscoll_kraay", "newey_west"]


def kinds_of(name):
    return {"random": ["iid", "cluster"], "between": ["iid", "hc1", "hc3", "cluster"]}.get(name, KINDS)


def fits(name, data, **more):
    estimator, effects = ESTIMATORS[name]
    return [estimator.fit(design(data, effects, **more), CovarianceChoice(kind)) for kind in kinds_of(name)]


@pytest.mark.parametrize("name", ROW_ORDER_FREE)
def test_order_of_rows(name):
    data = panel(seed=11)
    turn = np.random.default_rng(1).permutation(len(data["y"]))
    shuffled = {key: values[turn] for key, values in data.items()}
    for straight, mixed in zip(fits(name, data), fits(name, shuffled), strict=True):
        np.testing.assert_allclose(mixed.estimates, straight.estimates, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(mixed.vcov, straight.vcov, rtol=1e-8, atol=1e-12)
        assert (mixed.n, mixed.df_resid, mixed.t_min, mixed.t_max) == (
            straight.n,
            straight.df_resid,
            straight.t_min,
            straight.t_max,
        )


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(list(ESTIMATORS)),
    factor=st.sampled_from([1e-6, 0.01, 3.0, 1e4, 1e8]),
    outcome=st.sampled_from([1e-5, 1.0, 1e7]),
    seed=st.integers(0, 1000),
)
def test_units_of_measure(name, factor, outcome, seed):
    data = panel(seed=seed)
    scaled = {**data, "X": data["X"] * [factor, 1.0, 1.0], "y": data["y"] * outcome}
    for plain, other in zip(fits(name, data), fits(name, scaled), strict=True):
        unit = np.ones(len(plain.terms))
        unit[0] = factor
        np.testing.assert_allclose(other.estimates * unit / outcome, plain.estimates, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(other.std_errors * unit / outcome, plain.std_errors, rtol=1e-6, atol=1e-9)
        for statistic in ("r2", "r2_within", "f", "wald", "theta", "rho"):
            if statistic in plain.statistics:
                assert other.statistics[statistic] == pytest.approx(plain.statistics[statistic], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", ["pooled", "one-way", "two-way", "random", "between"])
def test_adding_a_constant_moves_only_the_constant(name):
    data = panel(seed=12)
    moved = {**data, "X": data["X"] + [5.0, 0.0, -2.0], "y": data["y"] + 7.0}
    for plain, other in zip(fits(name, data), fits(name, moved), strict=True):
        np.testing.assert_allclose(other.estimates[:-1], plain.estimates[:-1], rtol=1e-9)
        np.testing.assert_allclose(other.vcov[:-1, :-1], plain.vcov[:-1, :-1], rtol=1e-8)
        shift = 7.0 - 5.0 * plain.estimates[0] + 2.0 * plain.estimates[2]
        assert other.estimates[-1] - plain.estimates[-1] == pytest.approx(shift, rel=1e-8)


@pytest.mark.parametrize("name", ["pooled", "one-way", "two-way", "crossed"])
def test_weights_of_one_are_none(name):
    data = panel(seed=13)
    data["w"] = np.ones(len(data["y"]))
    for plain, weighted in zip(fits(name, data), fits(name, data, weighted=True), strict=True):
        np.testing.assert_allclose(weighted.estimates, plain.estimates, rtol=1e-11)
        np.testing.assert_allclose(weighted.vcov, plain.vcov, rtol=1e-9, atol=1e-15)
        assert weighted.statistics == pytest.approx(plain.statistics, rel=1e-9)
        assert (weighted.weights, plain.weights) == ("analytic", "")


@pytest.mark.parametrize("name", ["pooled", "one-way", "two-way"])
def test_scaling_weights_changes_nothing(name):
    data = panel(seed=14)
    tenfold = {**data, "w": data["w"] * 10}
    for once, ten in zip(fits(name, data, weighted=True), fits(name, tenfold, weighted=True), strict=True):
        np.testing.assert_allclose(ten.estimates, once.estimates, rtol=1e-11)
        np.testing.assert_allclose(ten.vcov, once.vcov, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("name", ["pooled", "one-way", "two-way"])
def test_weights_are_copies_for_coefficients_and_clusters(name):
    """A weight of 2 is the row twice: same slopes, same clustered errors before the small-sample factor."""
    data = panel(seed=15, holes=0.1)
    copies = np.random.default_rng(2).integers(1, 4, len(data["y"]))
    data["w"] = copies.astype(float)
    twice = {key: np.repeat(values, copies, axis=0) for key, values in data.items()}
    estimator, effects = ESTIMATORS[name]
    raw = CovarianceChoice("cluster", correction="hc0")
    weighted = estimator.fit(design(data, effects, weighted=True, singletons="keep"), raw)
    copied = estimator.fit(design(twice, effects, singletons="keep"), raw)
    np.testing.assert_allclose(weighted.estimates, copied.estimates, rtol=1e-10)
    np.testing.assert_allclose(weighted.vcov, copied.vcov, rtol=1e-8, atol=1e-14)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("effects", [("id",), ("id", "year"), ("id", "year", "industry^year")])
def test_a_stepwise_column_equals_fitting_it_alone(effects, weighted):
    data = panel(seed=16, k=5)
    full = design(data, effects, weighted=weighted)
    projection = Projection(full.effects, full.weights)
    for k in (1, 3, 2, 5):
        column = replace(full, X=full.X[:, :k], terms=full.terms[:k])
        for kind in ("iid", "hc3", "cluster"):
            shared = fixed_effects.fit(column, CovarianceChoice(kind), projection)
            alone = fixed_effects.fit(column, CovarianceChoice(kind))
            np.testing.assert_allclose(shared.estimates, alone.estimates, rtol=1e-12)
            np.testing.assert_allclose(shared.vcov, alone.vcov, rtol=1e-11, atol=1e-16)
            assert shared.statistics == pytest.approx(alone.statistics, rel=1e-11)
            assert shared.dropped == alone.dropped


def test_a_projection_keeps_what_it_was_told_by_name():
    data = panel(seed=17)
    made = design(data, ("id", "year"))
    projection = Projection(made.effects)
    first = projection.within("y", made.y)
    assert projection.within("y", np.zeros(len(made.y))) is not None
    np.testing.assert_array_equal(projection.within("y", np.zeros(len(made.y))), first)


def test_inputs_are_left_alone():
    data = panel(seed=18)
    for name, (estimator, effects) in ESTIMATORS.items():
        made = design(data, effects)
        X, y = made.X.copy(), made.y.copy()
        for kind in kinds_of(name):
            estimator.fit(made, CovarianceChoice(kind))
        np.testing.assert_array_equal(made.X, X)
        np.testing.assert_array_equal(made.y, y)


def test_within_equals_mundlak():
    """The slopes of fixed effects are those of random effects with unit means added (Mundlak 1978)."""
    data = panel(seed=19, holes=0.0)
    means = np.array([data["X"][data["id"] == i].mean(axis=0) for i in range(12)])[data["id"]]
    wide = {**data, "X": np.hstack([data["X"], means])}
    random = random_effects.fit(design(wide, ("id",)), CovarianceChoice())
    fixed = fixed_effects.fit(design(data, ("id",)), CovarianceChoice())
    np.testing.assert_allclose(random.estimates[:3], fixed.estimates[:3], rtol=1e-9)


def test_two_periods_first_differences_equal_fixed_effects():
    data = panel(seed=20, n_periods=2, holes=0.0, n_ids=40)
    differences = first_differences.fit(design(data, ()), CovarianceChoice())
    dummy = (data["year"] == 2002).astype(float)
    fixed = fixed_effects.fit(design(data, ("id",)), CovarianceChoice())
    np.testing.assert_allclose(differences.estimates, fixed.estimates[:-1], rtol=1e-10)
    assert dummy.sum() == differences.n
