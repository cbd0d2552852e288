"""How draws are made and counted: streams, threads, failures, memory, interruption, settings that do not exist."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from tests.econometrics.bootstrap import stacked
from tests.econometrics.panels import groups

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.replications import Settings, collect, replicate
from carbonspec.econometrics.design import Groups
from carbonspec.econometrics.results import EstimationError


def indirect(coefficients):
    return np.column_stack([coefficients[:, 0] * coefficients[:, 3], coefficients[:, 2]])


def run(data, plan=None, **settings):
    plan = plan or resampling.clusters(groups("id", data["id"]))
    return replicate(stacked.system(data), Settings(plan, **settings), indirect, np.array([0.2, 0.3]))


def of_means(values, plan, **settings):
    """A bootstrap of a weighted mean, where no regression is needed."""

    def solve(draws):
        return (draws @ values / draws.sum(axis=1))[:, None]

    count = plan.groups.count
    left_out = ((values.sum() - values) / (count - 1))[:, None]
    return collect(solve, Settings(plan, **settings), np.array([values.mean()]), left_out, 500)


PLANS = {
    "clusters": resampling.clusters(Groups("id", np.arange(9), 9)),
    "strata": resampling.clusters(Groups("id", np.arange(9), 9), np.array([0, 1, 1, 0, 0, 1, 2, 2, 2])),
    "blocks": resampling.blocks(Groups("year", np.arange(9), 9), 4),
    "rows": resampling.rows(9),
    "wild": resampling.wild(Groups("id", np.arange(9), 9)),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_drawing_in_parts_is_drawing_at_once(plan):
    whole = plan.draw(np.random.default_rng(5), 50)
    rng = np.random.default_rng(5)
    np.testing.assert_array_equal(np.concatenate([plan.draw(rng, 20), plan.draw(rng, 30)]), whole)


def test_what_draws_hold():
    rng = np.random.default_rng(1)
    for name in ("clusters", "strata", "blocks", "rows"):
        draws = PLANS[name].draw(rng, 4000)
        np.testing.assert_array_equal(draws.sum(axis=1), 9)
        if name != "blocks":
            np.testing.assert_allclose(draws.mean(axis=0), 1, atol=0.1)
    strata = PLANS["strata"]
    np.testing.assert_array_equal(strata.draw(rng, 50)[:, strata.strata == 1].sum(axis=1), 3)


def test_blocks_are_consecutive_periods():
    for draw in PLANS["blocks"].draw(np.random.default_rng(1), 20):
        # Two whole blocks of four and the first period of a third.
        starts = [i for i in range(9) for j in range(9) for k in range(9)
                  if np.array_equal(draw, sum(np.isin(np.arange(9), np.arange(a, a + n)) * 1.0
                                              for a, n in ((i, 4), (j, 4), (k, 1))))]  # fmt: skip
        assert starts


@pytest.mark.parametrize("multiplier", resampling.MULTIPLIERS)
def test_wild_weights_have_mean_zero_and_variance_one(multiplier):
    v = resampling.wild(Groups("id", np.arange(50), 50), multiplier).draw(np.random.default_rng(1), 8000)
    assert abs(v.mean()) < 0.01
    assert abs(v.var() - 1) < 0.01


def test_the_number_of_threads_changes_nothing():
    data = stacked.panel(holes=0.2)
    one = run(data, replications=3000)
    for workers in (2, 3):
        many = run(data, replications=3000, workers=workers)
        for a, b in zip(one.quantities, many.quantities, strict=True):
            np.testing.assert_array_equal(a.draws, b.draws)
            assert a.intervals == b.intervals


def test_a_stream_belongs_to_seed_and_task():
    first = resampling.stream(1, "via_tech").random(3)
    np.testing.assert_array_equal(first, resampling.stream(1, "via_tech").random(3))
    assert not np.array_equal(first, resampling.stream(1, "via_quality").random(3))
    assert not np.array_equal(first, resampling.stream(2, "via_tech").random(3))


def test_failed_draws_are_counted_and_left_out():
    data = stacked.panel(14, 5)
    data["x"] = np.where((data["id"] < 3) & (data["year"] >= 2), 1.0, 0.0)
    found = run(data, replications=2000)
    assert found.failed > 20
    assert all(q.replications == 2000 - found.failed for q in found.quantities)
    assert [n.kind for n in found.notices] == ["W553", "N555"]
    again = run(data, replications=2000, redraw=True)
    assert all(q.replications == 2000 for q in again.quantities)
    assert again.failed >= found.failed
    assert "conditional" in again.notices[0].message


def test_a_distribution_of_failures_is_refused():
    data = stacked.panel(14, 5)
    data["x"] = np.where((data["id"] < 1) & (data["year"] >= 2), 1.0, 0.0)
    with pytest.raises(EstimationError, match="draws") as caught:
        run(data)
    assert caught.value.code == "E556"


@pytest.mark.parametrize(
    ("settings", "code"),
    [({"replications": 0}, "E554"), ({"replications": 1}, "E554"), ({"replications": -5}, "E554"),
     ({"interval": "bias"}, "E557"), ({"level": 95}, "E557"), ({"quantile": 12}, "E557"), ({"workers": 0}, "E557")],
)  # fmt: skip
def test_settings_that_do_not_exist(settings, code):
    with pytest.raises(EstimationError) as caught:
        run(stacked.panel(), **settings)
    assert caught.value.code == code


@pytest.mark.parametrize("count", [1, 2, 3])
def test_too_few_clusters(count):
    with pytest.raises(EstimationError) as caught:
        resampling.clusters(groups("coast", np.arange(40) % count))
    assert caught.value.code == "E555"
    assert count == 1 or f"{count} clusters (coast)" in caught.value.message


def test_other_plans_that_do_not_exist():
    year = groups("year", np.arange(40) % 5)
    for make in (
        lambda: resampling.blocks(year, 5),
        lambda: resampling.blocks(year, 0),
        lambda: resampling.wild(year, "normal"),
        lambda: resampling.clusters(year, np.zeros(3, dtype=int)),
    ):
        with pytest.raises(EstimationError) as caught:
            make()
        assert caught.value.code == "E557"


def test_few_replications_are_pointed_out():
    data = stacked.panel(25, 4)
    assert [n.kind for n in run(data, replications=50).notices] == ["W554"]
    assert [n.kind for n in run(data, replications=400, interval="bca").notices] == ["N554"]


def test_progress_and_interruption():
    seen = []
    run(stacked.panel(), replications=1000, progress=lambda done, asked: seen.append((done, asked)))
    assert seen[-1] == (1000, 1000)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})

    def stop(done, asked):
        if done > 500:
            raise KeyboardInterrupt

    for workers in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            run(stacked.panel(), replications=10_000_000, progress=stop, workers=workers)


def test_memory_does_not_grow_with_replications(monkeypatch):
    monkeypatch.setattr("carbonspec.econometrics.bootstrap.replications.HELD", 20_000)
    values, plan = np.random.default_rng(2).normal(size=12), resampling.clusters(Groups("id", np.arange(12), 12))

    def peak(replications):
        tracemalloc.start()
        of_means(values, plan, replications=replications)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(1000)
    assert peak(400_000) < 1.6 * peak(40_000)


def test_take_follows_the_rows():
    data = stacked.panel(8, 4)
    plan = resampling.clusters(groups("id", data["id"]), np.arange(8) % 2)
    kept = np.flatnonzero(data["id"] != 3)
    fewer = plan.take(kept)
    assert fewer.groups.count == 7
    np.testing.assert_array_equal(fewer.strata, [0, 1, 0, 0, 1, 0, 1])
    assert resampling.rows(32).take(kept).groups.count == 28
    assert resampling.blocks(groups("year", data["year"]), 2).take(kept).groups.count == 4
    assert plan.take(None) is plan
    with pytest.raises(EstimationError, match="2 clusters"):
        plan.take(np.flatnonzero(data["id"] < 2))
