"""Covariances against sums written out: clusters, periods with gaps, factors, degrees of freedom, notices."""

import numpy as np
import pytest
from tests.econometrics.panels import column, design, panel

from carbonspec.econometrics.covariance import nearest_psd
from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import fixed_effects, pooled
from carbonspec.econometrics.results import EstimationError


def scores(data):
    """B and the scores of pooled OLS on X and a constant."""
    A = np.column_stack([data["X"], np.ones(len(data["y"]))])
    b = np.linalg.lstsq(A, data["y"], rcond=None)[0]
    return np.linalg.inv(A.T @ A), A * (data["y"] - A @ b)[:, None]


def fit(data, kind, clusters=("id",), effects=(), **choice):
    module = fixed_effects if effects else pooled
    return module.fit(design(data, effects, clusters), CovarianceChoice(kind, **choice))


@pytest.mark.parametrize("lags", [0, 1, 3])
def test_newey_west_counts_periods_not_rows(lags):
    data = panel(seed=21, holes=0.35)
    B, s = scores(data)
    meat = np.zeros_like(B)
    for a in range(len(s)):
        for c in range(len(s)):
            distance = abs(int(data["year"][a]) - int(data["year"][c]))
            if data["id"][a] == data["id"][c] and distance <= lags:
                meat += (1 - distance / (lags + 1)) * np.outer(s[a], s[c])
    found = fit(data, "newey_west", lags=lags, correction="hc0")
    np.testing.assert_allclose(found.vcov, B @ meat @ B, rtol=1e-9, atol=1e-14)
    assert found.covariance.lags == lags


@pytest.mark.parametrize("lags", [0, 1, 3])
def test_driscoll_kraay_counts_periods_even_where_one_is_missing(lags):
    data = panel(seed=22)
    there = data["year"] != 2004
    data = {key: values[there] for key, values in data.items()}
    B, s = scores(data)
    years = np.unique(data["year"])
    h = {year: s[data["year"] == year].sum(axis=0) for year in years}
    meat = np.zeros_like(B)
    for a in years:
        for c in years:
            if abs(a - c) <= lags:
                meat += (1 - abs(a - c) / (lags + 1)) * np.outer(h[a], h[c])
    found = fit(data, "driscoll_kraay", lags=lags, correction="hc0")
    np.testing.assert_allclose(found.vcov, B @ meat @ B, rtol=1e-9, atol=1e-14)
    scaled = fit(data, "driscoll_kraay", lags=lags)
    n, T = len(data["y"]), len(years)
    np.testing.assert_allclose(scaled.vcov, found.vcov * T / (T - 1) * (n - 1) / (n - 4), rtol=1e-12)
    assert scaled.df_reference == T - 1
    assert [n.kind for n in scaled.notices] == ["N505"]


def test_two_way_clusters_are_added_and_subtracted():
    data = panel(seed=23, n_ids=30, n_periods=15)
    both = fit(data, "cluster", ("id", "year"), correction="hc0").vcov
    data["cell"] = data["id"] * 10_000 + data["year"]
    parts = [fit(data, "cluster", (name,), correction="hc0").vcov for name in ("id", "year", "cell")]
    np.testing.assert_allclose(both, parts[0] + parts[1] - parts[2], rtol=1e-9, atol=1e-14)
    found = fit(data, "cluster", ("id", "year"))
    assert found.df_reference == min(30, 15) - 1
    assert found.covariance.clusters == (("id", 30), ("year", 15))
    assert found.covariance.factor == pytest.approx(15 / 14 * (found.n - 1) / (found.n - 4))


def test_negative_eigenvalues_are_set_to_zero_and_reported():
    matrix = np.array([[1.0, 2.0], [2.0, 1.0]])
    repaired, count = nearest_psd(matrix)
    assert count == 1
    np.testing.assert_allclose(repaired, [[1.5, 1.5], [1.5, 1.5]])
    seeds = range(60)
    reported = 0
    for seed in seeds:
        found = fit(panel(n_ids=3, n_periods=4, seed=seed, holes=0.1), "cluster", ("id", "year"))
        assert np.linalg.eigvalsh(found.vcov).min() > -1e-9 * np.abs(found.vcov).max()
        reported += any(n.kind == "W503" for n in found.notices)
    assert reported


def test_nested_effects_are_not_counted():
    data = panel(seed=24)
    T, N = len(np.unique(data["year"])), len(np.unique(data["id"]))
    industry = len(np.unique(data["industry"]))
    for effects, clusters, k in (
        (("id",), ("id",), 3 + 1),
        (("id", "year"), ("id",), 3 + T),
        (("id", "year"), ("industry",), 3 + T),
        (("id", "year"), ("year",), 3 + N),
        (("id", "year"), ("id", "year"), 3 + 1),
        (("industry",), ("id",), 3 + industry),
        (("id", "industry^year"), ("industry",), 3 + 1),
    ):
        found = fit(data, "cluster", clusters, effects)
        assert found.covariance.k == k, (effects, clusters)
        G = min(column(data, name).count for name in clusters)
        assert found.covariance.factor == pytest.approx(G / (G - 1) * (found.n - 1) / (found.n - k))
        assert found.df_reference == G - 1


def test_few_clusters_are_reported():
    def kinds(n_ids):
        return [n.kind for n in fit(panel(n_ids=n_ids, seed=25, holes=0.0), "cluster").notices if n.kind != "N507"]

    assert kinds(11) == ["W501"]
    assert kinds(12) == ["N502"]
    assert kinds(39) == ["N502"]
    assert kinds(40) == []


def test_default_lags():
    data = panel(seed=26, n_periods=9, holes=0.0)
    assert fit(data, "driscoll_kraay").covariance.lags == 2
    data = panel(seed=26, n_periods=20, holes=0.0)
    assert fit(data, "newey_west").covariance.lags == 2


def test_no_joint_test_with_more_slopes_than_clusters():
    found = fit(panel(n_ids=3, k=5, n_periods=9, seed=27), "cluster")
    assert "f" not in found.statistics
    assert "N507" in [n.kind for n in found.notices]


@pytest.mark.parametrize(
    ("choice", "clusters", "code"),
    [
        (CovarianceChoice("cluster"), (), "E506"),
        (CovarianceChoice("cluster"), ("id", "year", "industry"), "E506"),
        (CovarianceChoice("cluster"), ("one",), "E504"),
        (CovarianceChoice("cluster", correction="stata"), ("id",), "E505"),
        (CovarianceChoice("bootstrap"), ("id",), "E505"),
        (CovarianceChoice("driscoll_kraay", lags=7), ("id",), "E512"),
        (CovarianceChoice("newey_west", lags=-1), ("id",), "E512"),
    ],
)
def test_what_cannot_be_computed_is_refused(choice, clusters, code):
    data = panel(seed=28)
    data["one"] = np.zeros(len(data["y"]), dtype=int)
    with pytest.raises(EstimationError) as problem:
        pooled.fit(design(data, (), clusters), choice)
    assert problem.value.code == code
