"""Differences between groups equal regressions on the groups apart; permutations equal refits."""

from itertools import combinations

import numpy as np
import pytest
from tests.econometrics.hypothesis_tests.battery import regression, walks
from tests.econometrics.panels import by_dummies, cluster_variance, dummies
from tests.oracle.panels.reading import design as oracle_design

from carbonspec.econometrics.design import Design, Groups
from carbonspec.econometrics.hypothesis_tests import difference, permutation
from carbonspec.econometrics.results import EstimationError

NAMES = ("low", "high")


def halves(design, first):
    return Groups("half", (design.unit.codes >= first).astype(np.int64), 2)


def subset(design, at):
    """X, y, dummies of the effects on some rows."""
    D = dummies(design.effects)[at] if design.effects else np.ones((int(at.sum()), 1))
    return design.X[at], design.y[at], D[:, D.any(axis=0)]


def slopes(design: Design, at):
    return by_dummies(*subset(design, at))[0]


@pytest.mark.parametrize("effects", [(), ("id",), ("id", "year"), ("year",)])
def test_the_interaction_has_the_coefficients_of_the_groups(effects):
    design = regression(walks(n_ids=9, n_periods=8, holes=0.15), effects)
    groups = halves(design, 4)
    b = [slopes(design, groups.codes == g) for g in (0, 1)]
    rows = [row for row in difference.by_interaction(design, groups, NAMES).rows if row.default]
    for j, row in enumerate(rows):
        assert row.details["low"] == pytest.approx(b[0][j], rel=1e-8)
        assert row.details["high"] == pytest.approx(b[1][j], rel=1e-8)
        assert row.details["difference"] == pytest.approx(b[1][j] - b[0][j], rel=1e-7)
        assert row.df == (8,)


def test_the_standard_error_is_clustered():
    design = regression(walks(n_ids=9, n_periods=8, holes=0.15))
    groups = halves(design, 4)
    X = np.hstack([design.X, design.X * groups.codes[:, None]])
    D = dummies(design.effects)
    _, e, _, _ = by_dummies(X, design.y, D)
    V = cluster_variance(X, D, e, design.unit.codes)
    n, K = len(e), 5
    se = np.sqrt(np.diag(V)[2:] * 9 / 8 * (n - 1) / (n - K))
    rows = [row for row in difference.by_interaction(design, groups, NAMES).rows if row.default]
    np.testing.assert_allclose([row.details["standard error"] for row in rows], se, rtol=1e-8)


@pytest.mark.parametrize("effects", [(), ("id",), ("id", "year")])
def test_the_jackknife_leaves_units_out(effects):
    design = regression(walks(n_ids=10, n_periods=8, holes=0.1), effects)
    groups = halves(design, 5)
    whole = np.subtract(*(slopes(design, groups.codes == g) for g in (1, 0)))
    total = np.zeros(2)
    for i in range(10):
        other = design.unit.codes != i
        d = np.subtract(*(slopes(design, (groups.codes == g) & other) for g in (1, 0)))
        total += np.square(d - whole)
    rows = [r for r in difference.by_interaction(design, groups, NAMES).rows if r.statistic == "t, jackknife"]
    np.testing.assert_allclose([r.details["standard error"] for r in rows], np.sqrt(0.9 * total), rtol=1e-7)


@pytest.mark.parametrize("effects", [(), ("id",), ("id", "year")])
def test_permutations_are_refits(effects):
    design = regression(walks(n_ids=6, n_periods=8, holes=0.1), effects)
    found = permutation.run(design, halves(design, 2), NAMES)
    for s, first in enumerate(combinations(range(6), 2)):
        at = np.isin(design.unit.codes, first)
        d = slopes(design, ~at) - slopes(design, at)
        for j, term in enumerate(design.terms):
            assert found.draws[term][s] == pytest.approx(d[j], rel=1e-7, abs=1e-9)
    assert "all 15 splits" in found.default.convention
    for j, row in enumerate(found.rows):
        draws = found.draws[design.terms[j]]
        assert row.value == pytest.approx(draws[0], rel=1e-12)
        assert row.p_value == pytest.approx(np.mean(np.abs(draws) >= abs(row.value) - 1e-9))
        assert row.p_value >= 1 / 15


def test_drawn_permutations_come_near_to_all_of_them():
    design = regression(walks(n_ids=10, n_periods=8))
    exact = permutation.run(design, halves(design, 5), NAMES)
    limit = permutation.EXHAUSTIVE
    try:
        permutation.EXHAUSTIVE = 10
        drawn, again, other = (
            permutation.run(design, halves(design, 5), NAMES, permutation.Draws(4000, seed)) for seed in (1, 1, 2)
        )
    finally:
        permutation.EXHAUSTIVE = limit
    for a, b, c, d in zip(exact.rows, drawn.rows, again.rows, other.rows, strict=True):
        assert b.p_value == pytest.approx(a.p_value, abs=0.03)
        assert b.p_value == c.p_value
        assert b.p_value * 4001 == pytest.approx(round(b.p_value * 4001))
        assert b.value == d.value == a.value


def test_rows_may_be_exchanged_with_a_warning():
    design = regression(walks(n_ids=8, n_periods=8))
    row = permutation.run(design, halves(design, 4), NAMES, permutation.Draws(50, 1, rows=True)).default
    assert [notice.kind for notice in row.notices] == ["W524"]
    assert row.p_value >= 1 / 51


def test_groups_that_cannot_be_compared():
    design = regression(walks(n_ids=6, n_periods=8))
    three = Groups("third", design.unit.codes % 3, 3)
    early = Groups("early", (design.period.codes < 4).astype(np.int64), 2)
    lonely = Groups("first", (design.unit.codes > 0).astype(np.int64), 2)
    for run, groups, code in (
        (permutation.run, three, "E525"),
        (difference.by_interaction, three, "E525"),
        (permutation.run, early, "E526"),
        (permutation.run, lonely, "E525"),
    ):
        with pytest.raises(EstimationError) as problem:
            run(design, groups, NAMES)
        assert problem.value.code == code
    # an interaction with a group that changes over time is a regression like any other, without the jackknife
    assert {row.statistic for row in difference.by_interaction(design, early, NAMES).rows} == {"t"}


def test_anchors():
    groups = halves(oracle_design("grunfeld"), 5)
    one = difference.by_interaction(oracle_design("grunfeld", "unit"), groups, NAMES)
    value, capital = (row for row in one.rows if row.default)
    assert value.details["difference"] == pytest.approx(-0.032236, abs=5e-7)
    assert value.details["standard error"] == pytest.approx(0.030285, abs=5e-7)
    assert capital.details["difference"] == pytest.approx(-0.206721, abs=5e-7)
    assert capital.details["standard error"] == pytest.approx(0.050493, abs=5e-7)
    assert (capital.value, capital.df) == (pytest.approx(-4.094, abs=5e-4), (9,))
    both = difference.by_interaction(oracle_design("grunfeld", "unit", "year"), groups, NAMES)
    gaps = [row.details["difference"] for row in both.rows if row.default]
    assert gaps == pytest.approx([-0.044932, -0.256274], abs=5.1e-7)
    splits = permutation.run(oracle_design("grunfeld", "unit"), groups, NAMES)
    assert [row.p_value for row in splits.rows] == pytest.approx([0.690476, 0.293651], abs=5.1e-7)
    assert [row.details["one-sided p"] for row in splits.rows] == pytest.approx([0.345238, 0.146825], abs=5.1e-7)
    assert "all 252 splits" in splits.default.convention
