"""The wild cluster bootstrap-t against its definition: new outcomes under the null, refitted and tested one by one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.econometrics import panels
from tests.econometrics.panels import column, design

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.inference import wild_tested
from carbonspec.econometrics.bootstrap.replications import Settings
from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import fixed_effects, pooled, random_effects
from carbonspec.econometrics.results import EstimationError

EFFECTS = [(), ("id",), ("id", "year"), ("year",), ("id", "industry^year")]


class Refits:
    """Least squares on dummies, clustered by hand."""

    def __init__(self, data, effects, by, weighted):
        X, n = data["X"], len(data["y"])
        parts = [X] if effects else [X, np.ones((n, 1))]
        parts += [np.eye(g.count)[g.codes] for g in (column(data, name) for name in effects)]
        root = np.sqrt(data["w"])[:, None] if weighted else np.ones((n, 1))
        self.A, self.y = np.hstack(parts) * root, data["y"] * root[:, 0]
        self.G = column(data, by)
        self.bread = np.linalg.pinv(self.A.T @ self.A)

    def t(self, y, j, c):
        b = self.bread @ self.A.T @ y
        e = y - self.A @ b
        scores = np.array([self.A[self.G.codes == g].T @ e[self.G.codes == g] for g in range(self.G.count)])
        return (b[j] - c) / np.linalg.norm(scores @ self.bread[:, j])

    def p(self, j, c, v):
        """p of b_j = c with the numbers v (b, G)."""
        rest = np.delete(self.A, j, axis=1)
        y = self.y - c * self.A[:, j]
        u = y - rest @ np.linalg.lstsq(rest, y, rcond=None)[0]
        drawn = [abs(self.t(self.y - u + u * one[self.G.codes], j, c)) for one in v]
        return np.mean(np.array(drawn) >= abs(self.t(self.y, j, c)) * (1 - 1e-9))


def wild_of(data, effects, settings, weighted=False):
    made = design(data, effects, weighted=weighted, singletons="keep")
    fit = (fixed_effects if effects else pooled).fit(made, CovarianceChoice("cluster"))
    return wild_tested(fit, made, settings, 1)


def small(seed, n_ids=6, holes=0.2):
    data = panels.panel(n_ids, 6, k=2, holes=holes, seed=seed)
    data["y"] = data["y"] - data["X"] @ np.array([0.8, 1.9])
    return data


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("effects", EFFECTS, ids=["pooled", "one-way", "two-way", "years", "crossed"])
def test_every_sign_vector(effects, weighted):
    data = small(3)
    plan = resampling.wild(column(data, "id"), "rademacher")
    fit = wild_of(data, effects, Settings(plan, 99), weighted)
    found = fit.resampled
    assert found.exact
    assert found.asked == 64
    by_hand = Refits(data, effects, "id", weighted)
    v = 1.0 - 2.0 * ((np.arange(64)[:, None] >> np.arange(6)) & 1)
    for j in range(2 if effects else 3):
        assert found.p_values[j] == pytest.approx(by_hand.p(j, 0.0, v), abs=1e-12)
        for end, inward in ((found.low[j], 1), (found.high[j], -1)):
            if np.isfinite(end):
                step = 1e-6 * abs(end - fit.estimates[j])
                assert by_hand.p(j, end, v) <= 0.05 < by_hand.p(j, end + inward * step, v)


@pytest.mark.parametrize("multiplier", resampling.MULTIPLIERS)
def test_random_numbers(multiplier):
    data = small(5, 9)
    plan = resampling.wild(column(data, "id"), multiplier)
    found = wild_of(data, ("id", "year"), Settings(plan, 150, seed=8)).resampled
    v = plan.draw(np.random.default_rng(8), 150)
    by_hand = Refits(data, ("id", "year"), "id", False)
    assert not found.exact
    for j in range(2):
        assert found.p_values[j] == pytest.approx(by_hand.p(j, 0.0, v), abs=1e-12)


def test_it_is_the_same_on_any_number_of_threads():
    data = small(1, 30)
    plan = resampling.wild(column(data, "id"))
    alone, together = (wild_of(data, ("id",), Settings(plan, 40_000, workers=w)).resampled for w in (1, 3))
    for name in ("p_values", "low", "high"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(together, name))


def test_few_clusters_leave_the_interval_open():
    data = small(2, 3)
    fit = wild_of(data, (), Settings(resampling.wild(column(data, "id"), "rademacher"), 999))
    assert fit.resampled.asked == 8
    assert np.isinf(fit.resampled.low).all()
    assert "W560" in [notice.kind for notice in fit.notices]
    assert fit.resampled.p_values.min() >= 0.25


def test_p_and_interval_agree():
    for seed in range(6):
        data = small(seed, 12)
        found = wild_of(data, ("id",), Settings(resampling.wild(column(data, "id")), 999)).resampled
        for p, low, high in zip(found.p_values[:2], found.low, found.high, strict=False):
            assert (p <= 0.05) == (low > 0 or high < 0)


def test_units_do_not_matter():
    data = small(4, 10)
    plan = resampling.wild(column(data, "id"))
    found = wild_of(data, ("id",), Settings(plan, 500))
    scaled = {**data, "X": data["X"] * np.array([1e6, 1e-6]), "y": data["y"] * 1e4}
    again = wild_of(scaled, ("id",), Settings(plan, 500))
    np.testing.assert_allclose(again.resampled.p_values, found.resampled.p_values, atol=1e-9)
    np.testing.assert_allclose(again.resampled.low[:2], found.resampled.low[:2] * np.array([1e-2, 1e10]), rtol=1e-6)


def test_it_is_interruptible_and_progress_is_told():
    data = small(4, 10)
    seen = []

    def stop(done, asked):
        seen.append((done, asked))
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wild_of(data, ("id",), Settings(resampling.wild(column(data, "id")), 10**7, progress=stop))
    assert seen[0][1] == 10**7


def test_other_estimators_have_none():
    data = small(4, 10)
    made = design(data)
    fit = random_effects.fit(made, CovarianceChoice("cluster"))
    with pytest.raises(EstimationError) as caught:
        wild_tested(fit, made, Settings(resampling.wild(column(data, "id")), 99), 1)
    assert caught.value.code == "E561"


def test_no_p_value_is_smaller_than_what_draws_can_show():
    data = panels.panel(12, 8, k=1)
    data["y"] = 50 * data["X"][:, 0] + data["y"]
    found = wild_of(data, ("id",), Settings(resampling.wild(column(data, "id")), 40)).resampled
    assert found.p_values[0] == 1 / 40


def test_very_many_draws_are_counted_and_not_kept(monkeypatch):
    monkeypatch.setattr("carbonspec.econometrics.bootstrap.wild_cluster.HELD", 300)
    monkeypatch.setattr("carbonspec.econometrics.bootstrap.inference.HELD", 300)
    data = small(4, 10)
    plan = resampling.wild(column(data, "id"))
    few, many = (wild_of(data, ("id",), Settings(plan, draws)) for draws in (300, 3000))
    np.testing.assert_array_equal(few.resampled.low, many.resampled.low)
    assert (few.resampled.p_values[:2] != many.resampled.p_values[:2]).all()
    assert "N560" in [notice.kind for notice in many.notices]
    assert "N560" not in [notice.kind for notice in few.notices]
