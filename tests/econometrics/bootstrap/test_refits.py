"""Draws that are refitted one by one give what cross-products give; a column's bootstrap; any statistic of a draw."""

from __future__ import annotations

import numpy as np
import pytest
from tests.econometrics import panels
from tests.econometrics.bootstrap.stacked import panel, system
from tests.econometrics.panels import design, groups

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.refits import Refits, one_by_one, stacked
from carbonspec.econometrics.bootstrap.regression import bootstrap_regression
from carbonspec.econometrics.bootstrap.replications import Settings, collect, replicate
from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import fixed_effects, pooled, random_effects
from carbonspec.econometrics.results import EstimationError


def run(data, **settings):
    plan = resampling.clusters(groups("id", data["id"]))
    made = system(data, weighted=True)
    return replicate(made, Settings(plan, 60, **settings), lambda c: c, np.arange(4.0))


@pytest.mark.parametrize("holes", [0.1, 0.4])
def test_refits_are_the_same_numbers(monkeypatch, holes):
    data = panel(10, 5, k=1, holes=holes, seed=4)
    fast = run(data)
    monkeypatch.setattr("carbonspec.econometrics.bootstrap.equations.MOST_COLUMNS", 3)
    slow = run(data)
    assert fast.failed == slow.failed
    assert slow.notices[0].kind == "N558"
    assert "year (5 levels)" in slow.notices[0].message
    for a, b in zip(fast.quantities, slow.quantities, strict=True):
        np.testing.assert_allclose(a.draws, b.draws, rtol=1e-8)
        assert a.jackknife_error == pytest.approx(b.jackknife_error, rel=1e-8)
    np.testing.assert_allclose(fast.vcov, slow.vcov, rtol=1e-7)


def test_refits_know_what_is_not_identified():
    data = panel(10, 5)
    data["x"] = np.where((data["id"] < 2) & (data["year"] >= 2), 1.0, 0.0)
    made, unit = system(data), groups("id", data["id"])
    draws = np.zeros((2, 10))
    draws[0, 2:] = 1
    draws[1, 3] = 10
    assert np.isnan(Refits(made, unit)(draws)).all()


def test_a_wild_bootstrap_has_no_refits(monkeypatch):
    monkeypatch.setattr("carbonspec.econometrics.bootstrap.equations.MOST_COLUMNS", 3)
    data = panel()
    with pytest.raises(EstimationError) as caught:
        replicate(system(data), Settings(resampling.wild(groups("id", data["id"])), 50), lambda c: c, np.zeros(4))
    assert caught.value.code == "E558"


@pytest.mark.parametrize(("fit", "effects"), [(pooled.fit, ()), (fixed_effects.fit, ("id", "year"))])
def test_the_bootstrap_of_a_column(fit, effects):
    data = panels.panel(30, 6, holes=0.3)
    made = design(data, effects, weighted=True)
    column = fit(made, CovarianceChoice("cluster"))
    found = bootstrap_regression(made, column, Settings(resampling.clusters(made.clusters[0]), 2000))
    assert found.terms == ("x1", "x2", "x3", "Constant")
    for j, drawn in enumerate(found.replications.quantities):
        assert drawn.estimate == column.estimates[j]
        if j < 3 or not effects:  # a mean of effects varies with the units drawn
            assert drawn.std_error == pytest.approx(column.std_errors[j], rel=0.25)
        assert drawn.std_error == pytest.approx(np.sqrt(found.vcov[j, j]), rel=1e-10)
    for resample in (resampling.wild(made.clusters[0]), resampling.rows(len(made.y))):
        again = bootstrap_regression(made, column, Settings(resample, 500))
        assert np.sqrt(np.diag(again.vcov))[:3] == pytest.approx(column.std_errors[:3], rel=0.5)


def test_other_estimators_are_not_columns_of_least_squares():
    made = design(panels.panel())
    fit = random_effects.fit(made, CovarianceChoice("iid"))
    with pytest.raises(EstimationError, match="least squares"):
        bootstrap_regression(made, fit, Settings(resampling.clusters(made.clusters[0])))


def test_any_statistic():
    data = panel(12, 4)
    plan = resampling.clusters(groups("id", data["id"]))

    def medians(draw):
        rows, copies = stacked(plan.groups, draw)
        assert len(np.unique(copies)) == 12
        return np.array([np.median(data["y"][rows])])

    left_out = np.array([medians_of(data, g) for g in range(12)])[:, None]
    found = collect(one_by_one(medians), Settings(plan, 300), np.array([np.median(data["y"])]), left_out, 16)
    (median,) = found.quantities
    assert median.replications == 300
    assert median.interval("percentile").low < median.estimate < median.interval("percentile").high


def medians_of(data, left):
    return np.median(data["y"][data["id"] != left])
