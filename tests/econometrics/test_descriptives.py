"""Descriptives: missing values, groups, degenerate columns, exact collinearity."""

import numpy as np
import pytest
from tests.econometrics.panels import groups

from carbonspec.econometrics.descriptives import correlate, decompose, inflation, summarise, summarise_by
from carbonspec.econometrics.results import EstimationError


def test_summary_leaves_missing_values_out():
    found = summarise(np.array([3.0, np.nan, 1.0, 2.0]))
    assert (found.n, found.mean, found.sd, found.minimum, found.median, found.maximum) == (3, 2, 1, 1, 2, 3)
    assert summarise(np.array([np.nan])).n == 0
    assert np.isnan(summarise(np.array([5.0])).sd)


def test_summary_by_group():
    values = np.array([1.0, 10.0, 3.0, np.nan, 5.0, 20.0])
    found = summarise_by(values, groups("g", [1, 2, 1, 1, 1, 2]))
    assert [(s.n, s.mean) for s in found] == [(3, 3.0), (2, 15.0)]


def test_decomposition_adds_up():
    rng = np.random.default_rng(0)
    values = rng.normal(size=60)
    values[5] = np.nan
    found = decompose(values, groups("id", np.repeat(np.arange(6), 10)))
    there = ~np.isnan(values)
    means = np.array([np.nanmean(values[i * 10 : i * 10 + 10]) for i in range(6)])
    within = (values - np.repeat(means, 10))[there]
    assert found.between_sd == pytest.approx(means.std(ddof=1))
    assert found.within_sd == pytest.approx(np.sqrt(within @ within / (there.sum() - 1)))
    assert found.within_range[0] == pytest.approx(within.min() + np.nanmean(values))
    assert found.units == 6


def test_correlation_is_listwise_and_marks_constants():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(50, 4))
    X[3, 0] = np.nan
    X[:, 2] = 7.0
    found = correlate(X)
    assert (found.n, found.dropped, found.constant) == (49, 1, (2,))
    rest = np.delete(np.arange(50), 3)
    assert found.r[0, 1] == pytest.approx(np.corrcoef(X[rest, 0], X[rest, 1])[0, 1])
    assert np.isnan(found.r[2]).all()
    from scipy.stats import pearsonr

    assert found.p[1, 3] == pytest.approx(pearsonr(X[rest, 1], X[rest, 3])[1], rel=1e-9)
    perfect = correlate(np.column_stack([X[rest, 0], 2 * X[rest, 0]]))
    assert perfect.r[0, 1] == pytest.approx(1)
    with pytest.raises(EstimationError):
        correlate(X[:2])


def test_vif():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(80, 3))
    X[:, 2] += X[:, 0]
    found = inflation(X, ("a", "b", "c"))
    for j in range(3):
        others = np.column_stack([np.delete(X, j, axis=1), np.ones(80)])
        e = X[:, j] - others @ np.linalg.lstsq(others, X[:, j], rcond=None)[0]
        assert found.vif[j] == pytest.approx((X[:, j] - X[:, j].mean()) @ (X[:, j] - X[:, j].mean()) / (e @ e))
    assert inflation(X[:, :1], ("a",)).vif.tolist() == [1.0]


def test_vif_of_exact_collinearity_names_the_columns():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 3))
    found = inflation(np.column_stack([X, X[:, 0] - X[:, 1]]), ("a", "b", "c", "d"))
    assert np.isinf(found.vif[[0, 1, 3]]).all()
    assert found.vif[2] < 2
    assert found.collinear == {"a": "b, d", "b": "a, d", "d": "a, b"}
    with pytest.raises(EstimationError) as problem:
        inflation(np.column_stack([X, np.ones(40)]), ("a", "b", "c", "one"))
    assert problem.value.code == "E503"
