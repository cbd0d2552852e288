"""Dumitrescu-Hurlin: unit by unit by least squares, exclusions, lag choice, bootstrap."""

import numpy as np
import pytest
from tests.econometrics.hypothesis_tests.battery import causes, keys, walks

from carbonspec.econometrics.hypothesis_tests import granger
from carbonspec.econometrics.results import EstimationError


def wald(y, x, K, skip=None):
    first = K if skip is None else skip
    rows = np.arange(first, len(y))
    own = np.column_stack([np.ones(len(rows)), *(y[rows - j] for j in range(1, K + 1))])
    both = np.column_stack([own, *(x[rows - j] for j in range(1, K + 1))])
    rss = [float(np.square(y[rows] - X @ np.linalg.lstsq(X, y[rows], rcond=None)[0]).sum()) for X in (own, both)]
    return (rss[0] - rss[1]) / (rss[1] / (len(y) - 3 * K - 1)), rss[1], len(rows)


@pytest.mark.parametrize("K", [1, 2, 3])
def test_one_solve_for_all_units(K):
    data = walks(n_ids=7, n_periods=20, holes=0.0)
    keep = data["year"] < 2020 - data["id"] % 3
    data = {key: values[keep] for key, values in data.items()}
    found = causes(lags=K)(data)
    W = [wald(data["y"][data["id"] == i], data["x"][data["id"] == i], K)[0] for i in range(7)]
    np.testing.assert_allclose(found.by_unit["W"], W, rtol=1e-8)
    assert found["W-bar"].p_value is None


@pytest.mark.parametrize(("rule", "price"), [("aic", lambda m: 2), ("bic", np.log)])
def test_lags_have_the_least_mean_criterion_on_common_rows(rule, price):
    data = walks(n_ids=7, n_periods=30, seed=3)
    scores = []
    for K in (1, 2, 3):
        parts = [wald(data["y"][data["id"] == i], data["x"][data["id"] == i], K, skip=3) for i in range(7)]
        scores.append(np.mean([m * np.log(rss / m) + price(m) * (2 * K + 1) for _, rss, m in parts]))
    assert causes(lags=rule, most=3)(data).default.lags == (int(np.argmin(scores)) + 1,)


def test_units_that_cannot_take_part():
    data = walks(n_ids=6, n_periods=12)
    data["x"][data["id"] == 0] = 1.0
    data["x"][(data["id"] == 1) & (data["year"] == 2004)] = np.nan
    data["x"][data["id"] == 2] = data["y"][data["id"] == 2]
    data["y"][(data["id"] == 3) & (data["year"] >= 2008)] = np.nan
    row = causes()(data).default
    assert {item.unit: item.reason for item in row.excluded} == {
        0: "constant",
        1: "with gaps in time",
        2: "with collinear lags or an exact fit",
        3: "with T = 8, the test needs 9",
    }
    assert row.n_units == 2


def test_too_short_for_the_lags():
    data = walks(n_ids=5, n_periods=8)
    with pytest.raises(EstimationError) as problem:
        causes()(data)
    assert problem.value.code == "E522"
    assert "T > 5 + 3K = 8" in problem.value.message
    assert "at most 8" in problem.value.message
    assert causes()(walks(n_ids=5, n_periods=9)).default.t_max == 9
    with pytest.raises(EstimationError) as problem:
        causes(lags=0)(data)
    assert problem.value.code == "E523"


def test_the_general_form_of_z_tilde_equals_the_balanced_one():
    for T, K in ((9, 1), (20, 2), (31, 4)):
        bar, N = 3.3, 12
        printed = np.sqrt(N / (2 * K) * (T - 3 * K - 5) / (T - 2 * K - 3)) * (
            (T - 3 * K - 3) / (T - 3 * K - 1) * bar - K
        )
        assert granger._z_tilde(np.array([bar]), np.full(N, T), K)[0] == pytest.approx(printed, rel=1e-12)


def test_bootstrap_is_reproducible_and_needs_common_periods():
    data = walks(n_ids=6, n_periods=15)
    first, again, other = (causes(bootstrap=granger.Bootstrap(99, seed))(data) for seed in (1, 1, 2))
    p = [report["Z-tilde, bootstrap"].p_value for report in (first, again, other)]
    assert p[0] == p[1]
    assert first["Z-tilde, bootstrap"].details != other["Z-tilde, bootstrap"].details
    keep = ~((data["id"] == 0) & (data["year"] == 2000))
    with pytest.raises(EstimationError) as problem:
        causes(bootstrap=granger.Bootstrap(99))({key: values[keep] for key, values in data.items()})
    assert problem.value.code == "E521"


def test_the_bootstrap_sees_dependence_between_units():
    """Units that share their shocks: the normal p value is too small, the bootstrap's is not."""
    rng = np.random.default_rng(8)
    normal, bootstrapped = [], []
    for seed in range(40):
        data = walks(n_ids=12, n_periods=25, seed=seed)
        shared = rng.normal(size=(25, 2))[data["year"] - 2000]
        data["y"] = 0.1 * data["y"] + shared[:, 0]
        data["x"] = 0.1 * data["x"] + shared[:, 1]
        found = causes(bootstrap=granger.Bootstrap(99, seed))(data)
        normal.append(found.default.p_value < 0.05)
        bootstrapped.append(found["Z-tilde, bootstrap"].p_value < 0.05)
    assert np.mean(normal) > 0.2
    assert np.mean(bootstrapped) < 0.15


def test_a_cause_is_found():
    data = walks(n_ids=10, n_periods=30)
    lagged = np.where(data["year"] == 2000, 0.0, np.roll(data["x"], 1))
    data["y"] = data["y"] + 1.5 * lagged
    assert causes()(data).default.p_value < 1e-6
    reverse = granger.run(data["x"], data["y"], *keys(data), "x", "y")
    assert reverse.default.p_value > 0.01
    assert reverse.default.null == "y does not Granger-cause x in any unit"


def test_z_bar_of_a_short_panel_says_that_it_is_for_long_ones():
    short, long = causes()(walks(n_ids=5, n_periods=12)), causes()(walks(n_ids=5, n_periods=110))
    assert "W525" in {notice.kind for notice in short["Z-bar"].notices}
    assert "W525" not in {notice.kind for notice in (*short.default.notices, *long["Z-bar"].notices)}
