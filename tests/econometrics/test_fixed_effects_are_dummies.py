"""Fixed effects are dummies: slopes, residual variance, clustered and leverage-based standard errors, and df."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.econometrics.panels import by_dummies, cluster_variance, column, design, dummies, groups, panel

from carbonspec.econometrics.design import CovarianceChoice, Effect
from carbonspec.econometrics.estimators import fixed_effects
from carbonspec.econometrics.projection import Projection

TWO_AND_MORE = [
    ("id",),
    ("id", "year"),
    ("year", "id"),
    ("id", "industry^year"),
    ("id", "year", "industry"),
    ("id", "year", "industry^year"),
]


def trend(data, name, intercept=True, columns=("year",)):
    slopes = np.column_stack([np.asarray(data[c], dtype=float) for c in columns])
    return Effect(column(data, name), slopes, columns, intercept)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("effects", TWO_AND_MORE)
def test_slopes_and_clustered_errors(effects, weighted):
    data = panel(seed=1)
    made = design(data, effects, weighted=weighted, singletons="keep")
    fit = fixed_effects.fit(made, CovarianceChoice("cluster", correction="hc0"))
    D = dummies(made.effects)
    b, residuals, _, _ = by_dummies(made.X, made.y, D, made.weights)
    np.testing.assert_allclose(fit.estimates[:-1], b, rtol=1e-12, atol=1e-12)
    V = cluster_variance(made.X, D, residuals, made.clusters[0].codes, made.weights)
    np.testing.assert_allclose(fit.vcov[:-1, :-1], V, rtol=1e-10)


@pytest.mark.parametrize(
    "slopes",
    [
        lambda d: [Effect(column(d, "id")), Effect(column(d, "year")), trend(d, "id", False)],
        lambda d: [trend(d, "id"), Effect(column(d, "year"))],
        lambda d: [trend(d, "industry", True), Effect(column(d, "id"))],
        lambda d: [trend(d, "id", False)],
        lambda d: [trend(d, "id", True, ("year", "w"))],
    ],
    ids=["id, year, id[year] apart", "id[year], year", "industry[year], id", "slopes alone", "two slopes"],
)
@pytest.mark.parametrize("weighted", [False, True])
def test_varying_slopes(slopes, weighted):
    data = panel(n_ids=10, n_periods=9, seed=2)
    made = design(data, slopes(data), weighted=weighted, singletons="keep")
    D = dummies(made.effects)
    if not any(e.intercept for e in made.effects):
        D = np.column_stack([D, np.ones(len(D))])
    fit = fixed_effects.fit(made, CovarianceChoice())
    b, residuals, rank, _ = by_dummies(made.X, made.y, D, made.weights)
    np.testing.assert_allclose(fit.estimates[:-1], b, rtol=1e-10)
    assert fit.df_resid == fit.n - rank
    w = np.ones(fit.n) if made.weights is None else made.weights / made.weights.mean()
    assert fit.statistics["rss"] == pytest.approx(float((w * residuals) @ residuals), rel=1e-10)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ["hc2", "hc3"])
@pytest.mark.parametrize("effects", [("id",), ("id", "year"), ("id", "year", "industry^year")])
def test_leverage_is_that_of_the_dummy_regression(effects, kind, weighted):
    data = panel(seed=3)
    made = design(data, effects, weighted=weighted, singletons="keep")
    D = dummies(made.effects)
    _, e, _, h = by_dummies(made.X, made.y, D, made.weights)
    free = h < 1 - 1e-8
    power = 0.5 if kind == "hc2" else 1.0
    inflated = np.where(free, e / np.where(free, 1 - h, 1) ** power, 0.0)
    V = cluster_variance(made.X, D, inflated, np.arange(len(e)), made.weights)
    fit = fixed_effects.fit(made, CovarianceChoice(kind))
    np.testing.assert_allclose(fit.vcov[:-1, :-1], V, rtol=1e-8)
    assert any(n.kind == "W506" for n in fit.notices) == (not free.all())


@pytest.mark.parametrize("effects", [("id",), ("id", "year"), ("id", "industry^year")])
def test_degrees_of_freedom_are_the_rank(effects):
    data = panel(seed=4)
    made = design(data, effects, singletons="keep")
    _, _, rank, _ = by_dummies(made.X, made.y, dummies(made.effects))
    assert fixed_effects.fit(made, CovarianceChoice()).df_resid == len(made.y) - rank


def test_two_islands_count_once_each():
    data = panel(n_ids=8, n_periods=6, seed=5, holes=0.0)
    market = np.where(data["id"] < 4, data["year"], data["year"] + 100)
    data["market"] = market
    made = design(data, ("id", "market"), singletons="keep")
    fit = fixed_effects.fit(made, CovarianceChoice())
    b, _, rank, _ = by_dummies(made.X, made.y, dummies(made.effects))
    np.testing.assert_allclose(fit.estimates[:-1], b, rtol=1e-12)
    assert fit.df_resid == fit.n - rank == fit.n - 3 - (8 + 12 - 2)


def test_the_constant_is_the_mean_less_the_slopes():
    data = panel(seed=6)
    made = design(data, ("id", "year"), weighted=True, singletons="keep")
    for kind in ("iid", "hc1", "cluster", "driscoll_kraay", "newey_west"):
        fit = fixed_effects.fit(made, CovarianceChoice(kind))
        w = made.weights / made.weights.sum()
        assert fit.estimates[-1] == pytest.approx(float(w @ made.y - (w @ made.X) @ fit.estimates[:-1]), rel=1e-12)


def test_the_error_of_the_constant_comes_from_recentred_columns():
    """Stata's way: OLS with a constant on x - x̄_i + x̄, here with scores summed by cluster."""
    data = panel(seed=7)
    made = design(data, ("id",), clusters=("industry",), singletons="keep")
    fit = fixed_effects.fit(made, CovarianceChoice("cluster", correction="hc0"))
    projection = Projection(made.effects, None, "keep")
    Z = projection.demean(np.column_stack([made.X, made.y])) + np.column_stack([made.X, made.y]).mean(axis=0)
    A = np.column_stack([Z[:, :-1], np.ones(len(Z))])
    b = np.linalg.lstsq(A, Z[:, -1], rcond=None)[0]
    e = Z[:, -1] - A @ b
    sums = np.zeros((made.clusters[0].count, A.shape[1]))
    np.add.at(sums, made.clusters[0].codes, A * e[:, None])
    bread = np.linalg.inv(A.T @ A)
    np.testing.assert_allclose(fit.estimates, b, rtol=1e-10)
    np.testing.assert_allclose(fit.vcov, bread @ sums.T @ sums @ bread, rtol=1e-8)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n_ids=st.integers(3, 25),
    n_periods=st.integers(3, 9),
    holes=st.floats(0.0, 0.6),
    weighted=st.booleans(),
    effects=st.sampled_from(TWO_AND_MORE),
)
def test_any_panel(seed, n_ids, n_periods, holes, weighted, effects):
    data = panel(n_ids, n_periods, 2, seed, holes)
    if len(data["y"]) < 12:
        return
    made = design(data, effects, weighted=weighted, singletons="keep")
    Z = np.column_stack([made.X, made.y])
    D = dummies(made.effects)
    root = np.ones(len(Z)) if made.weights is None else np.sqrt(made.weights)
    explained = D @ np.linalg.lstsq(D * root[:, None], Z * root[:, None], rcond=1e-12)[0]
    found = Projection(made.effects, made.weights, "keep").demean(Z.copy())
    np.testing.assert_allclose(found, Z - explained, atol=1e-11)


def test_rows_in_any_order_within_the_solver():
    data = panel(seed=8, n_ids=40, n_periods=8)
    shuffled = np.random.default_rng(0).permutation(len(data["y"]))
    made = design(data, ("id", "year"), singletons="keep")
    Z = np.column_stack([made.X, made.y])
    straight = Projection(made.effects, None, "keep").demean(Z.copy())
    turned = tuple(Effect(groups(e.groups.name, e.groups.codes[shuffled])) for e in made.effects)
    mixed = Projection(turned, None, "keep").demean(Z[shuffled].copy())
    np.testing.assert_allclose(mixed, straight[shuffled], atol=1e-12)
