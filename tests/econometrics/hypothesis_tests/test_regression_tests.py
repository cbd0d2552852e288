"""Tests of regressions by hand, on unbalanced panels with gaps."""

from dataclasses import replace

import numpy as np
import pytest
from tests.econometrics.hypothesis_tests.battery import keys, regression, walks
from tests.econometrics.panels import by_dummies, dummies

from carbonspec.econometrics.design import Effect, Groups
from carbonspec.econometrics.hypothesis_tests import (
    dependence,
    effects,
    hausman,
    heteroskedasticity,
    homogeneity,
    serial,
)
from carbonspec.econometrics.results import EstimationError


def made(effects_=("id",), **options):
    return regression(walks(**{"n_ids": 9, "n_periods": 14, "holes": 0.15, **options}), effects_)


def rss(design, tested):
    D = np.ones((len(design.y), 1)) if not tested else dummies(tested)
    _, e, rank, _ = by_dummies(design.X, design.y, D)
    return float(e @ e), rank


def test_f_against_dummies():
    design = made(("id", "year"))
    full, k = rss(design, design.effects)
    for row, kept in zip(effects.f_test(design).rows, ((), design.effects[1:], design.effects[:1]), strict=True):
        less, fewer = rss(design, kept)
        q, df = k - fewer, len(design.y) - k
        assert row.value == pytest.approx((less - full) / q / (full / df), rel=1e-8)
        assert row.df == (q, df)
    assert effects.f_test(design).default.statistic == "F(id, year)"


def test_no_effects_to_test():
    with pytest.raises(EstimationError) as problem:
        effects.f_test(made(()))
    assert problem.value.code == "E525"
    with pytest.raises(EstimationError) as problem:
        effects.f_test(replace(made(), effects=(Effect(Groups("all", np.zeros(len(made().y), dtype=np.int64), 1)),)))
    assert problem.value.code == "E525"


def test_breusch_pagan_needs_units_with_two_rows():
    design = made()
    single = Groups("row", np.arange(len(design.y)), len(design.y))
    with pytest.raises(EstimationError) as problem:
        effects.breusch_pagan(replace(design, unit=single))
    assert problem.value.code == "E525"


def test_poolability_by_hand():
    design = made()
    own = within = 0.0
    Xw, yw = [], []
    for i in range(design.unit.count):
        at = design.unit.codes == i
        X, y = design.X[at] - design.X[at].mean(axis=0), design.y[at] - design.y[at].mean()
        own += float(np.square(y - X @ np.linalg.lstsq(X, y, rcond=None)[0]).sum())
        Xw.append(X)
        yw.append(y)
    X, y = np.vstack(Xw), np.concatenate(yw)
    within = float(np.square(y - X @ np.linalg.lstsq(X, y, rcond=None)[0]).sum())
    n, N, k = len(y), design.unit.count, 2
    row = effects.poolability(design).default
    assert row.df == (k * (N - 1), n - N * (k + 1))
    assert row.value == pytest.approx((within - own) / row.df[0] / (own / row.df[1]), rel=1e-8)


def test_units_without_a_regression_are_left_out_of_both_sides():
    data = walks(n_ids=8, n_periods=14)
    data["z"][data["id"] == 2] = 2 * data["x"][data["id"] == 2] + 1
    keep = (data["id"] != 5) | (data["year"] < 2003)
    data = {key: values[keep] for key, values in data.items()}
    inside = {key: values[(data["id"] != 2) & (data["id"] != 5)] for key, values in data.items()}
    for run in (effects.poolability, homogeneity.run):
        found, alone = run(regression(data)).default, run(regression(inside)).default
        assert found.value == pytest.approx(alone.value, rel=1e-9)
        reasons = {item.unit: item.reason for item in found.excluded}
        assert reasons == {2: "with collinear regressors", 5: "with T = 3, the test needs 4"}


@pytest.mark.parametrize("run", [homogeneity.run, effects.poolability])
def test_regressions_of_single_units_say_what_they_leave_out(run):
    assert not any(n.kind == "N524" for n in run(made()).default.notices)
    told = [n.message for n in run(made(("id", "year"))).default.notices if n.kind == "N524"]
    assert told == ["the regressions of single units are without the effects of year"]


def test_homogeneity_by_hand():
    design = made()
    parts, T = [], design.unit.sizes
    A, c = np.zeros((2, 2)), np.zeros(2)
    for i in range(design.unit.count):
        at = design.unit.codes == i
        X, y = design.X[at] - design.X[at].mean(axis=0), design.y[at] - design.y[at].mean()
        parts.append((X, y))
        A, c = A + X.T @ X, c + X.T @ y
    common = np.linalg.solve(A, c)
    s2 = [float(np.square(y - X @ common).sum()) / (len(y) - 1) for X, y in parts]
    weighted = np.linalg.solve(
        sum(X.T @ X / s for (X, _), s in zip(parts, s2, strict=True)),
        sum(X.T @ y / s for (X, y), s in zip(parts, s2, strict=True)),
    )
    S = 0.0
    for (X, y), s in zip(parts, s2, strict=True):
        gap = np.linalg.solve(X.T @ X, X.T @ y) - weighted
        S += gap @ (X.T @ X / s) @ gap
    found = homogeneity.run(design)
    N = len(parts)
    assert found.default.details["S"] == pytest.approx(S, rel=1e-9)
    assert found["Delta"].value == pytest.approx(np.sqrt(N) * (S / N - 2) / 2, rel=1e-9)
    spread = (4 * (T - 3) / (T + 1)).sum()
    assert found.default.value == pytest.approx((S - 2 * N) / np.sqrt(spread), rel=1e-9)


def test_dependence_pair_by_pair():
    data = walks(n_ids=300, n_periods=8, holes=0.4, seed=1)
    data["y"][data["id"] == 7] = 1.0
    cd = lm = 0.0
    pairs = skipped = 0
    Y = np.full((300, 8), np.nan)
    Y[data["id"], data["year"] - 2000] = data["y"]
    for i in range(300):
        for j in range(i + 1, 300):
            both = ~np.isnan(Y[i] + Y[j])
            a, b = Y[i, both], Y[j, both]
            if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
                skipped += 1
                continue
            a, b = a - a.mean(), b - b.mean()
            rho = a @ b / np.sqrt((a @ a) * (b @ b))
            cd, lm, pairs = cd + np.sqrt(len(a)) * rho, lm + len(a) * rho**2, pairs + 1
    found = dependence.of_variable(data["y"], *keys(data), "y")
    assert found["CD"].value == pytest.approx(cd / np.sqrt(pairs), rel=1e-8, abs=1e-9)
    assert found["LM"].value == pytest.approx(lm, rel=1e-8)
    assert found["LM"].df == (pairs,)
    assert f"{skipped} of {skipped + pairs} pairs" in next(n.message for n in found.default.notices if n.kind == "N522")
    assert "corrected LM" not in {row.statistic for row in found.rows}


@pytest.mark.parametrize("effects_", [("id",), ("id", "year"), ("year",)])
def test_wooldridge_by_hand(effects_):
    design = made(effects_)
    unit, year = design.unit.codes, design.period.codes
    place = {(u, t): i for i, (u, t) in enumerate(zip(unit, year, strict=True))}
    first = {key: i for key, i in place.items() if (key[0], key[1] - 1) in place}
    rows = list(first)
    dX = np.array([design.X[place[u, t]] - design.X[place[u, t - 1]] for u, t in rows])
    if "year" in effects_:  # the change of a dummy of every period: one for every later period
        dX = np.hstack([dX, [[float(t == later) for later in np.unique(year)] for _, t in rows]])
    dy = np.array([design.y[place[u, t]] - design.y[place[u, t - 1]] for u, t in rows])
    u = dict(zip(rows, dy - dX @ np.linalg.lstsq(dX, dy, rcond=None)[0], strict=True))
    pairs = [(i, u[i, t], u[i, t - 1]) for i, t in rows if (i, t - 1) in u]
    ids, now, before = (np.array(part) for part in zip(*pairs, strict=True))
    slope = before @ now / (before @ before)
    scores = np.array([(before * (now - slope * before))[ids == i].sum() for i in np.unique(ids)])
    G = len(scores)
    se = np.sqrt(G / (G - 1) * (scores @ scores)) / (before @ before)
    row = serial.run(design).default
    assert row.value == pytest.approx(((slope + 0.5) / se) ** 2, rel=1e-8)
    assert (row.df, row.n) == ((1, G - 1), len(now))
    assert ("with dummies of year" in row.convention) == ("year" in effects_)


def test_wooldridge_needs_three_periods_in_a_row():
    data = walks(n_ids=6, n_periods=12)
    keep = data["year"] % 3 != 0
    with pytest.raises(EstimationError) as problem:
        serial.run(regression({key: values[keep] for key, values in data.items()}))
    assert problem.value.code == "E522"


def test_modified_wald_leaves_out_units_whose_variance_has_no_error():
    data = walks(n_ids=6, n_periods=25)
    keep = ((data["id"] != 1) | (data["year"] < 2001)) & ((data["id"] != 4) | (data["year"] < 2002))
    row = heteroskedasticity.run(regression({key: values[keep] for key, values in data.items()})).default
    assert {item.unit: item.reason for item in row.excluded} == {
        1: "with one row",
        4: "with equal squared residuals",
    }
    assert row.df == (4,)
    assert "T = 1" in next(n.message for n in row.notices if n.kind == "W525")


# --- Hausman ----------------------------------------------------------------------------------------------


def test_a_hausman_statistic_without_a_distribution_has_no_p_value():
    seen = set()
    for seed in range(40):
        design = made(seed=seed, n_ids=6, n_periods=5, rho=0.0, holes=0.1)
        row = hausman.run(design).default
        no_p = [n.message for n in row.notices if n.kind == "W528"]
        assert (row.p_value is None) == bool(no_p)
        if row.value < 0:
            assert "the statistic is negative" in no_p[0]
        seen.add((row.p_value is None, row.value < 0))
        assert hausman.run(design)["Wald, clustered"].p_value is not None
    assert {(True, True), (False, False)} <= seen


def test_what_does_not_vary_both_ways_is_not_compared():
    data = walks(n_ids=9, n_periods=14)
    whole = regression(data)
    fixed = (data["id"] % 3).astype(float)
    trend = (data["year"] - 2000.0) ** 2
    wide = replace(whole, X=np.column_stack([whole.X, fixed, trend]), terms=(*whole.terms, "region", "trend"))
    row = hausman.run(wide).default
    assert row.df == (2,)
    assert {key.removeprefix("difference of ") for key in row.details} == {"x1", "x2"}
    assert "region, trend" in next(n.message for n in row.notices if n.kind == "N525")
    with pytest.raises(EstimationError) as problem:
        hausman.run(replace(wide, X=wide.X[:, 3:], terms=("trend",)))
    assert problem.value.code == "E525"


def test_period_effects_enter_both_models():
    data = walks(n_ids=9, n_periods=14)
    shift = np.random.default_rng(3).normal(size=14)[data["year"] - 2000] * 10
    moved = {**data, "y": data["y"] + shift}
    a, b = (hausman.run(regression(d, ("id", "year"))) for d in (data, moved))
    for one, two in zip(a.rows, b.rows, strict=True):
        assert one.value == pytest.approx(two.value, rel=1e-6)
        assert one.df == (2,)


def test_the_mundlak_form_is_a_wald_test_of_unit_means():
    design = made()
    means = np.array([design.X[design.unit.codes == i].mean(axis=0) for i in range(design.unit.count)])
    Z = np.column_stack([np.ones(len(design.y)), design.X, means[design.unit.codes]])
    B = np.linalg.inv(Z.T @ Z)
    b = B @ Z.T @ design.y
    e = design.y - Z @ b
    scores = np.array([(Z * e[:, None])[design.unit.codes == i].sum(axis=0) for i in range(design.unit.count)])
    V = B @ scores.T @ scores @ B
    found = hausman.run(design, form="pooled")["Wald, clustered"]
    assert found.value == pytest.approx(b[3:] @ np.linalg.solve(V[3:, 3:], b[3:]), rel=1e-8)
    n, K, G = len(e), 5, design.unit.count
    nested = hausman.run(design, form="pooled", correction="nested")["Wald, clustered"]
    assert nested.value == pytest.approx(found.value / (G / (G - 1) * (n - 1) / (n - K)), rel=1e-8)
    with pytest.raises(EstimationError) as problem:
        hausman.run(design, form="between")
    assert problem.value.code == "E523"
