"""The batched regressions equal regressions unit by unit; who takes part, and what is said of the others."""

import numpy as np
import pytest
from tests.econometrics.hypothesis_tests.battery import keys, walks

from carbonspec.econometrics.hypothesis_tests.unit_roots import cips, fisher, hadri, ips, llc
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import Lags, prepare, regress
from carbonspec.econometrics.results import EstimationError


def by_hand(y, p, deterministic, skip=None):
    """t of y_t-1, its coefficient and the SSR by ordinary least squares, on rows from `skip`."""
    first = p if skip is None else skip
    change = np.diff(y)
    rows = np.arange(first, len(change))
    X = [np.ones(len(rows))] if deterministic != "none" else []
    X += [rows.astype(float)] if deterministic == "trend" else []
    X += [change[rows - lag] for lag in range(1, p + 1)] + [y[rows]]
    X, d = np.column_stack(X), change[rows]
    b = np.linalg.lstsq(X, d, rcond=None)[0]
    ssr = float(np.square(d - X @ b).sum())
    se = np.sqrt(ssr / (len(d) - X.shape[1]) * np.linalg.inv(X.T @ X)[-1, -1])
    return b[-1] / se, b[-1], ssr, len(d), X.shape[1]


def unbalanced(seed=0):
    """Series that begin and end at different periods, without gaps."""
    data = walks(n_ids=9, n_periods=25, seed=seed)
    start, end = 2000 + data["id"] % 4, 2024 - data["id"] % 3
    keep = (data["year"] >= start) & (data["year"] <= end)
    return {key: values[keep] for key, values in data.items()}


@pytest.mark.parametrize("deterministic", ["none", "const", "trend"])
@pytest.mark.parametrize("p", [0, 1, 3])
def test_one_solve_for_all_units(p, deterministic):
    data = unbalanced()
    series = prepare(data["y"], *keys(data), "y", Lags(p), deterministic, False)
    found = regress(series, Lags(p), deterministic)
    for i in range(9):
        t, rho, ssr, rows, _ = by_hand(data["y"][data["id"] == i], p, deterministic)
        assert (found.t[i], found.rho[i], found.ssr[i]) == pytest.approx((t, rho, ssr), rel=1e-9)
        assert found.rows[i] == rows


@pytest.mark.parametrize("rule", ["aic", "bic", "hqic"])
@pytest.mark.parametrize("deterministic", ["none", "const", "trend"])
def test_lags_by_criterion(rule, deterministic):
    data = unbalanced(seed=4)
    series = prepare(data["y"], *keys(data), "y", Lags(rule, 4), deterministic, False)
    found = regress(series, Lags(rule, 4), deterministic)
    seen = set()
    for i in range(9):
        y = data["y"][data["id"] == i]
        scores = []
        for p in range(5):
            _, _, ssr, m, k = by_hand(y, p, deterministic, skip=4)
            price = {"aic": 2, "bic": np.log(m), "hqic": 2 * np.log(np.log(m))}[rule]
            scores.append(m * np.log(ssr / m) + price * k)
        best = int(np.argmin(scores))
        assert found.lags[i] == best
        assert found.t[i] == pytest.approx(by_hand(y, best, deterministic)[0], rel=1e-9)
        seen.add(best)
    assert len(seen) > 1 or rule != "aic"


def test_units_left_out_are_named_with_reasons():
    data = walks(n_ids=7, n_periods=12)
    data["y"][data["id"] == 0] = 3.0
    data["y"][(data["id"] == 1) & (data["year"] == 2005)] = np.nan
    data["y"][(data["id"] == 2) & (data["year"] >= 2004)] = np.nan
    data["y"][data["id"] == 3] = np.arange(12.0)
    data["y"][data["id"] == 6] = np.nan
    row = ips.run(data["y"], *keys(data), "y", deterministic="trend").default
    assert {item.unit: item.reason for item in row.excluded} == {
        0: "constant",
        1: "with gaps in time",
        2: "with T = 4, the test needs 8",
        3: "explained without error or collinear",
        6: "without a value",
    }
    assert row.n_units == 2
    assert row.n == 24
    kinds = [notice.kind for notice in row.notices]
    assert kinds.count("W520") == kinds.count("N521") == 1
    told = next(notice.message for notice in row.notices if notice.kind == "W520")
    assert "5 of 7 units left out, N = 2" in told


def test_a_missing_value_at_an_end_shortens_a_series():
    data = walks(n_ids=4, n_periods=15)
    whole = fisher.adf(data["y"], *keys(data), "y")
    data["y"][data["year"] == 2000] = np.nan
    shorter = fisher.adf(data["y"], *keys(data), "y")
    assert (whole.default.t_max, shorter.default.t_max) == (15, 14)
    keep = data["year"] > 2000
    cut = {key: values[keep] for key, values in data.items()}
    assert shorter.default.value == pytest.approx(fisher.adf(cut["y"], *keys(cut), "y").default.value, rel=1e-12)


@pytest.mark.parametrize("run", [llc.run, ips.run, fisher.adf, fisher.pp, hadri.run])
def test_demean_takes_out_what_all_units_share(run):
    data = walks(n_ids=6, n_periods=20)
    common = np.random.default_rng(9).normal(size=20).cumsum()[data["year"] - 2000]
    plain = run(data["y"], *keys(data), "y", demean=True).default.value
    moved = run(data["y"] + 5 * common, *keys(data), "y", demean=True).default.value
    assert moved == pytest.approx(plain, rel=1e-8)
    assert run(data["y"] + 5 * common, *keys(data), "y").default.value != pytest.approx(plain, rel=1e-3)


def test_identical_series_vanish_with_their_mean():
    data = walks(n_ids=5, n_periods=15)
    same = np.tile(data["y"][:15], 5)
    with pytest.raises(EstimationError) as problem:
        fisher.adf(same, *keys(data), "y", demean=True)
    assert problem.value.code == "E520"
    assert "period means" in problem.value.message


def test_two_units_demeaned_are_one_series():
    data = walks(n_ids=2, n_periods=20)
    row = ips.run(data["y"], *keys(data), "y", demean=True).default
    assert "W526" in {notice.kind for notice in row.notices}
    assert "W526" not in {notice.kind for notice in ips.run(data["y"], *keys(data), "y").default.notices}


@pytest.mark.parametrize("run", [llc.run, hadri.run])
def test_unbalanced_panels_are_refused_where_the_test_has_no_form(run):
    data = unbalanced()
    with pytest.raises(EstimationError) as problem:
        run(data["y"], *keys(data), "y")
    assert problem.value.code == "E521"


def test_short_panels_are_said_to_lie_outside_the_tables():
    data = walks(n_ids=30, n_periods=9)
    args = (data["y"], *keys(data), "y")
    message = next(n.message for n in llc.run(*args).default.notices if n.kind == "W522")
    assert "T - p - 1 = 7" in message
    assert "25" in message
    assert "W522" in {n.kind for n in ips.run(*args).default.notices}
    exact = ips.run(*args, lags=Lags(0))
    assert exact.default.statistic == "Z-t-tilde-bar"
    assert "W522" not in {n.kind for n in exact.default.notices}
    assert "W522" in {n.kind for n in exact["W-t-bar"].notices}
    with pytest.raises(EstimationError) as problem:
        cips.run(*args)
    assert problem.value.code == "E522"


def test_a_test_that_rejects_too_often_says_so():
    data = walks(n_ids=5, n_periods=20)
    args = (data["y"], *keys(data), "y")
    for run, options, told in (
        (llc.run, {}, True),
        (llc.run, {"bandwidth": 1}, False),
        (fisher.adf, {}, True),
        (fisher.pp, {}, True),
        (ips.run, {}, False),
    ):
        kinds = {notice.kind for notice in run(*args, **options).default.notices}
        assert ("W525" in kinds) == told
    long = walks(n_ids=5, n_periods=60)
    assert "W525" not in {n.kind for n in fisher.adf(long["y"], *keys(long), "y").default.notices}


def test_p_values_of_one_are_held_inside_and_counted():
    data = walks(n_ids=6, n_periods=30)
    data["y"] = np.where(data["id"] == 0, 1.3 ** (data["year"] - 2000) + 0.01 * data["y"], data["y"])
    found = fisher.adf(data["y"], *keys(data), "y")
    assert found.by_unit["p"][0] == 1.0
    assert np.isfinite([row.value for row in found.rows]).all()
    assert "1 of 6 p values was" in next(n.message for n in found.default.notices if n.kind == "W523")


@pytest.mark.parametrize(
    ("run", "options"),
    [
        (ips.run, {"deterministic": "none"}),
        (ips.run, {"lags": Lags(9)}),
        (hadri.run, {"deterministic": "none"}),
        (hadri.run, {"bandwidth": -1}),
        (cips.run, {"deterministic": "none"}),
        (llc.run, {"deterministic": "quadratic"}),
        (llc.run, {"bandwidth": 19}),
        (fisher.adf, {"lags": Lags("sic", 3)}),
        (fisher.adf, {"lags": Lags(-1)}),
        (fisher.pp, {"bandwidth": 30}),
        (fisher.pp, {"bandwidth": -2}),
    ],
)
def test_options_that_do_not_exist(run, options):
    data = walks(n_ids=5, n_periods=20)
    with pytest.raises(EstimationError) as problem:
        run(data["y"], *keys(data), "y", **options)
    assert problem.value.code == "E523"


def test_infinite_values_are_refused():
    data = walks()
    data["y"][3] = np.inf
    with pytest.raises(EstimationError) as problem:
        ips.run(data["y"], *keys(data), "y")
    assert problem.value.code == "E524"


def test_cips_by_hand():
    data = walks(n_ids=8, n_periods=15, seed=2)
    Y = data["y"].reshape(8, 15)
    mean = Y.mean(axis=0)
    t = []
    for y in Y:
        d, m = np.diff(y), np.diff(mean)
        rows = np.arange(1, 14)
        X = np.column_stack([np.ones(13), mean[rows], m[rows], m[rows - 1], d[rows - 1], y[rows]])
        b = np.linalg.lstsq(X, d[rows], rcond=None)[0]
        s2 = np.square(d[rows] - X @ b).sum() / (13 - 6)
        t.append(b[-1] / np.sqrt(s2 * np.linalg.inv(X.T @ X)[-1, -1]))
    found = cips.run(data["y"], *keys(data), "y")
    np.testing.assert_allclose(found.by_unit["t"], t, rtol=1e-8)
    assert found.default.value == pytest.approx(np.mean(t), rel=1e-9)
    assert "W522" in {n.kind for n in found.default.notices}  # N = 8


def test_hadri_with_a_kernel_by_hand():
    data = walks(n_ids=4, n_periods=18)
    found = hadri.run(data["y"], *keys(data), "y", bandwidth=3)
    for i, y in enumerate(data["y"].reshape(4, 18)):
        e = y - y.mean()
        variance = (e @ e + 2 * sum((1 - j / 4) * (e[j:] @ e[:-j]) for j in (1, 2, 3))) / 18
        assert found.by_unit["LM"][i] == pytest.approx(np.square(e.cumsum()).sum() / 18**2 / variance, rel=1e-10)
    assert not found.default.notices
