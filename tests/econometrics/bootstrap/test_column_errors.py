"""Standard errors of a column by drawing: least squares by cross-products and any estimator by refits agree."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from tests.econometrics import panels
from tests.econometrics.panels import column, design

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.designs import DesignRefits
from carbonspec.econometrics.bootstrap.inference import Refitting, bootstrapped, jackknifed
from carbonspec.econometrics.bootstrap.regression import LeastSquares
from carbonspec.econometrics.bootstrap.replications import Settings
from carbonspec.econometrics.design import CovarianceChoice, Design
from carbonspec.econometrics.estimators import (
    between,
    first_differences,
    fixed_effects,
    instrumental_variables,
    pooled,
    random_effects,
)
from carbonspec.econometrics.instrumented import Instruments
from carbonspec.econometrics.results import EstimationError

IID = CovarianceChoice("iid")
PANELS = {
    "balanced": {"n_ids": 9, "holes": 0.0},
    "unbalanced": {"n_ids": 9, "holes": 0.35},
    "degenerate": {"n_ids": 5, "n_periods": 4, "k": 1, "holes": 0.4, "seed": 3},
}
EFFECTS = [(), ("id",), ("id", "year"), ("industry^year",)]


def again(estimator):
    return lambda made: estimator.fit(made, IID, None)


def estimated(data, effects, estimator=None, **more):
    made = design(data, effects, **more)
    estimator = estimator or (fixed_effects if effects else pooled)
    return made, estimator.fit(made, CovarianceChoice("cluster")), estimator


def least_squares_by_hand(made, rows, copies):
    """(slopes, ȳ - x̄'b) on rows with a dummy for each copy of a unit, by SVD; NaN where not identified."""
    k = made.X.shape[1]
    X, y = made.X[rows], made.y[rows]
    root = np.ones(len(rows)) if made.weights is None else np.sqrt(made.weights[rows])
    parts = [X]
    for effect in made.effects:
        codes = effect.groups.codes[rows]
        if effect.groups.name == "id":
            codes = codes + 1000 * copies
        parts.append(np.eye(len(codes))[np.unique(codes, return_inverse=True)[1]])
    if not made.effects:
        parts.append(np.ones((len(rows), 1)))
    A = np.hstack(parts) * root[:, None]
    size = np.linalg.norm(A, axis=0)
    size[size == 0] = 1.0
    U, s, Vt = np.linalg.svd(A / size, full_matrices=True)
    rank = int(np.count_nonzero(s > 1e-10 * s[0]))
    if np.abs(Vt[rank:, :k]).max(initial=0.0) > 1e-6:
        return np.full(k + 1, np.nan)
    b = (Vt[:rank].T @ ((U[:, :rank].T @ (y * root)) / s[:rank]) / size)[:k]
    mass = root**2
    return np.append(b, (mass @ y - (mass @ X) @ b) / mass.sum())


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("effects", EFFECTS, ids=["pooled", "one-way", "two-way", "crossed"])
@pytest.mark.parametrize("kind", PANELS)
def test_every_draw_is_a_refit_with_dummies(kind, effects, weighted):
    data = panels.panel(**PANELS[kind])
    made, fit, _ = estimated(data, effects, weighted=weighted, singletons="keep")
    plan = resampling.clusters(made.clusters[0])
    draws = plan.draw(np.random.default_rng(4), 80)
    ours = LeastSquares(made, fit, plan)(draws)
    for draw, found in zip(draws, ours, strict=True):
        if np.count_nonzero(draw) < 2:
            assert np.isnan(found).all()
            continue
        at = [(np.flatnonzero(plan.groups.codes == g), c) for g in range(len(draw)) for c in range(int(draw[g]))]
        rows = np.concatenate([r for r, _ in at])
        copies = np.concatenate([np.full(len(r), c) for r, c in at])
        np.testing.assert_allclose(found, least_squares_by_hand(made, rows, copies), rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("effects", EFFECTS, ids=["pooled", "one-way", "two-way", "crossed"])
@pytest.mark.parametrize("draw", ["clusters", "rows", "blocks"])
def test_refits_of_a_design_are_the_cross_products(draw, effects):
    """The way of every other estimator, tried where the exact one is known."""
    data = panels.panel(12, 6, holes=0.0)
    made, fit, estimator = estimated(data, effects, singletons="keep")
    plan = {
        "clusters": resampling.clusters(made.clusters[0]),
        "rows": resampling.rows(len(made.y)),
        "blocks": resampling.blocks(made.period, 2),
    }[draw]
    draws = plan.draw(np.random.default_rng(1), 20)
    exact, slow = LeastSquares(made, fit, plan), DesignRefits(made, fit.terms, again(estimator), plan)
    np.testing.assert_allclose(slow(draws), exact(draws), rtol=1e-8)
    np.testing.assert_allclose(slow.left_out()[:5], exact.left_out()[:5], rtol=1e-8)


def test_copies_of_units_in_random_effects():
    """A draw of every unit once is the sample; of one twice, a panel with one unit more."""
    data = panels.panel(10, 6, holes=0.2)
    made, fit, estimator = estimated(data, (), random_effects)
    refits = DesignRefits(made, fit.terms, again(estimator), resampling.clusters(made.clusters[0]))
    np.testing.assert_allclose(refits(np.ones((1, 10)))[0], fit.estimates, rtol=1e-12)
    twice = refits.drawn(np.array([2.0] + [1.0] * 9))
    assert twice.unit.count == 11
    assert np.all(np.diff(twice.unit.codes) >= 0)
    assert estimator.fit(twice, IID).n_ids == 11


@pytest.mark.parametrize("estimator", [random_effects, first_differences, between])
def test_other_estimators_are_refitted_and_say_so(estimator):
    data = panels.panel(40, 6, holes=0.1)
    made, fit, _ = estimated(data, (), estimator)
    plan, refitting = resampling.clusters(made.clusters[0]), Refitting(made, again(estimator))
    found = bootstrapped(fit, Settings(plan, 200), refitting, 1)
    np.testing.assert_allclose(found.std_errors[:3], fit.std_errors[:3], rtol=0.35)
    assert "N558" in [notice.kind for notice in found.notices]
    np.testing.assert_allclose(
        jackknifed(fit, made.clusters[0], refitting).std_errors[:3], fit.std_errors[:3], rtol=0.35
    )


@dataclass(frozen=True)
class Instrumented:
    design: Design
    instruments: Instruments


def test_instruments_are_drawn_with_their_rows():
    data = panels.panel(30, 6, holes=0.1)
    rng = np.random.default_rng(0)
    Z = data["X"][:, :1] + rng.normal(size=(len(data["y"]), 1))
    made = design(data, ("id",))

    def estimate(problem):
        return instrumental_variables.fit(problem.design, problem.instruments, IID).fit

    problem = Instrumented(made, Instruments(("x1",), ("z",), Z))
    fit = estimate(problem)
    refits = DesignRefits(problem, fit.terms, estimate, resampling.clusters(made.clusters[0]))
    np.testing.assert_allclose(refits(np.ones((1, 30)))[0], fit.estimates, rtol=1e-10)
    found = bootstrapped(fit, Settings(refits_plan(made), 100), Refitting(problem, estimate), 1)
    assert np.isfinite(found.std_errors).all()


def refits_plan(made):
    return resampling.clusters(made.clusters[0])


@pytest.mark.parametrize("estimator", [pooled, random_effects], ids=["cross-products", "refits"])
def test_it_is_the_same_on_any_number_of_threads(estimator):
    made, fit, _ = estimated(panels.panel(12, 6), (), estimator)
    plan = refits_plan(made)
    alone, together = (
        bootstrapped(fit, Settings(plan, 60, workers=w), Refitting(made, again(estimator)), 1) for w in (1, 3)
    )
    np.testing.assert_array_equal(alone.vcov, together.vcov)


@pytest.mark.parametrize("method", ["normal", "percentile", "basic", "bca"])
def test_p_values_follow_the_interval(method):
    """Significant at 5 % and zero outside the 95 % interval are the same, but for ties at the end of percentiles."""
    for seed in range(8):
        data = panels.panel(25, 5, seed=seed)
        data["y"] = data["y"] - data["X"] @ np.array([0.9, 1.95, 2.9])
        made, fit, _ = estimated(data, ("id",))
        settings = Settings(refits_plan(made), 1999, interval=method)
        found = bootstrapped(fit, settings, Refitting(made, again(fixed_effects)), 1).resampled
        for p, low, high in zip(found.p_values, found.low, found.high, strict=True):
            if abs(p - 0.05) > 2 / 1999:
                assert (p < 0.05) == (low > 0 or high < 0)


def test_a_cluster_that_cannot_be_left_out():
    data = panels.panel(8, 5)
    data["X"][:, 2] = np.where(data["id"] == 3, data["X"][:, 2], 0.0)
    made, fit, _ = estimated(data, ("id",))
    with pytest.raises(EstimationError) as caught:
        jackknifed(fit, made.clusters[0], Refitting(made, again(fixed_effects)))
    assert caught.value.code == "E560"


def test_periods_in_their_order_cannot_be_drawn_as_rows():
    made, fit, estimator = estimated(panels.panel(10, 6), (), first_differences)
    for plan in (resampling.rows(len(made.y)), resampling.blocks(made.period, 2)):
        with pytest.raises(EstimationError) as caught:
            bootstrapped(fit, Settings(plan, 50), Refitting(made, again(estimator), history=True), 1)
        assert caught.value.code == "E561"


def test_two_clusters_are_refused():
    data = panels.panel(10, 6)
    data["half"] = data["id"] % 2
    made = design(data, (), clusters=("half",))
    with pytest.raises(EstimationError) as caught:
        resampling.clusters(made.clusters[0])
    assert caught.value.code == "E555"
    with pytest.raises(EstimationError) as caught:
        jackknifed(
            pooled.fit(made, IID), column({**data, "one": data["id"] * 0}, "one"), Refitting(made, again(pooled))
        )
    assert caught.value.code == "E504"


def test_singletons_take_no_part():
    data = panels.panel(12, 6, holes=0.3)
    lonely = {name: np.append(values, values[-1:], axis=0) for name, values in data.items()}
    lonely["id"][-1] = 99
    made, fit, _ = estimated(data, ("id",))
    wider, same, _ = estimated(lonely, ("id",))
    assert same.dropped
    one = jackknifed(fit, made.clusters[0], Refitting(made, again(fixed_effects)))
    two = jackknifed(same, wider.clusters[0], Refitting(wider, again(fixed_effects)))
    np.testing.assert_allclose(two.vcov, one.vcov, rtol=1e-10)
    assert two.covariance.clusters == one.covariance.clusters
    assert replace(two, vcov=one.vcov).df_reference == one.df_reference


def test_refits_draw_from_the_rows_a_fit_used():
    """Instruments with effects drop singletons; so do their draws."""
    data = panels.panel(12, 6, holes=0.3)
    lonely = {name: np.append(values, values[-1:], axis=0) for name, values in data.items()}
    lonely["id"][-1] = 99

    def fits(data):
        rng = np.random.default_rng(0)
        z = data["X"][:, :1] + rng.normal(size=(80, 1))[: len(data["y"])]
        problem = Instrumented(design(data, ("id",)), Instruments(("x1",), ("z",), z))
        return problem, instrumental_variables.fit(problem.design, problem.instruments, IID).fit

    errors = []
    for problem, fit in (fits(data), fits(lonely)):
        again_ = Refitting(problem, lambda p: instrumental_variables.fit(p.design, p.instruments, IID).fit)
        settings = Settings(resampling.clusters(problem.design.clusters[0]), 50)
        errors.append(bootstrapped(fit, settings, again_, 1))
    assert errors[1].dropped
    np.testing.assert_allclose(errors[1].std_errors, errors[0].std_errors, rtol=1e-9)
    assert errors[1].resampled.drawn == errors[0].resampled.drawn
