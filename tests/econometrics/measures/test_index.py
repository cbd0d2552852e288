"""Composite indexes: anchors, laws, what is dropped and warned of."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from carbonspec.econometrics.measures.choices import Choices
from carbonspec.econometrics.measures.index import composite_index
from carbonspec.econometrics.measures.indicators import Indicator
from carbonspec.econometrics.measures.keys import panel_keys
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.sensitivity import sensitivity

NAN = float("nan")
X = np.array([[1, 10, 0], [2, 8, 0], [4, 7, 1], [8, 1, 1]], dtype=float)
INDICATORS = [Indicator("a"), Indicator("b", -1), Indicator("c")]
LINEAR = [Choices(), Choices("equal"), Choices("critic"), Choices(shift=0.01), Choices(structure="two_stage")]
EVERY = [*LINEAR, Choices("topsis"), Choices("topsis", norm="vector"), Choices("pca"), Choices(score="p")]


def raised(code):
    return pytest.raises(MeasureError, match=f"^{code} ")


def made(rng_seed, n=12, m=4):
    rng = np.random.default_rng(rng_seed)
    return rng.lognormal(size=(n, m)) + rng.normal(size=n)[:, None] ** 2


def indicators(m=4):
    return [Indicator(f"x{j}", -1 if j == 1 else 1, "AB"[j % 2]) for j in range(m)]


def weights(index):
    return np.array([line.weight for line in index.weights])


@pytest.mark.parametrize(
    ("choices", "wanted_weights", "values"),
    [
        (Choices(), (0.307138, 0.288376, 0.404486), (0, 0.107960, 0.632242, 1)),
        (Choices(shift=1e-4), (0.307155, 0.288376, 0.404469), None),
        (Choices(shift=0.01), (0.307252, 0.287985, 0.404762), None),
        (Choices("critic"), (0.177953, 0.266724, 0.555323), None),
        (Choices("topsis"), None, (0, 0.127351, 0.626203, 1)),
        (Choices("topsis", norm="vector"), None, (0, 0.120924, 0.634036, 1)),
    ],
)
def test_anchors(choices, wanted_weights, values):
    found = composite_index(X, INDICATORS, choices)
    if wanted_weights:
        np.testing.assert_allclose(weights(found), wanted_weights, atol=5.1e-7)
    if values:
        np.testing.assert_allclose(found.values, values, atol=5.1e-7)


def test_entropies_at_the_anchor():
    found = composite_index(X, INDICATORS)
    np.testing.assert_allclose([line.entropy for line in found.weights], [0.620335, 0.643527, 0.5], atol=5.1e-7)
    assert found.weights[2].redundancy == pytest.approx(0.5, rel=1e-14)
    assert (found.weights[1].low, found.weights[1].high) == (1, 10)


@given(st.integers(0, 10**6), st.sampled_from(LINEAR))
def test_weights_add_up_to_one_and_contributions_to_the_index(seed, choices):
    found = composite_index(made(seed), indicators(), choices)
    assert weights(found).sum() == pytest.approx(1, rel=1e-12)
    assert sum(group.weight for group in found.groups) == pytest.approx(1, rel=1e-12)
    np.testing.assert_allclose(found.contributions.sum(axis=1), found.values, rtol=1e-12, atol=1e-14)
    assert (found.values >= -1e-12).all()
    assert (found.values <= 1 + 1e-12).all()


@given(st.integers(0, 10**6), st.sampled_from(EVERY), st.permutations(range(12)))
def test_the_order_of_rows_changes_nothing(seed, choices, order):
    data, rows = made(seed), list(order)
    found, again = (composite_index(part, indicators(), choices).values for part in (data, data[rows]))
    np.testing.assert_allclose(again, found[rows], rtol=1e-9, atol=1e-11)


@given(st.integers(0, 10**6), st.sampled_from(EVERY), st.permutations(range(4)))
def test_the_order_of_indicators_changes_nothing(seed, choices, order):
    data, columns, names = made(seed), list(order), indicators()
    found = composite_index(data, names, choices)
    again = composite_index(data[:, columns], [names[j] for j in columns], choices)
    np.testing.assert_allclose(again.values, found.values, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(weights(again), weights(found)[columns], rtol=1e-8, atol=1e-10)


@given(st.integers(0, 10**6), st.sampled_from(EVERY[:6]), st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_a_scaled_and_moved_indicator_has_the_same_weight(seed, choices, scale, shift):
    data = made(seed)
    other = data.copy()
    other[:, 2] = scale * other[:, 2] + shift
    assume(np.ptp(other[:, 2]) > 1e-6 * abs(shift))
    found, again = (composite_index(part, indicators(), choices) for part in (data, other))
    np.testing.assert_allclose(weights(again), weights(found), rtol=1e-6)
    np.testing.assert_allclose(again.values, found.values, rtol=1e-6, atol=1e-8)


@given(st.integers(2, 200), st.data())
def test_a_zero_one_indicator_has_redundancy_by_its_share_of_ones(n, data):
    ones = data.draw(st.integers(1, n - 1))
    column = np.r_[np.ones(ones), np.zeros(n - ones)]
    found = composite_index(np.column_stack([column, np.arange(n)]), [Indicator("d"), Indicator("x")])
    assert found.weights[0].redundancy == pytest.approx(-math.log(ones / n) / math.log(n), rel=1e-9, abs=1e-12)
    assert [notice.subject for notice in found.notices if notice.kind == "W838"][:1] == ["d"]


def test_a_reversed_indicator_is_the_negative_one():
    turned = X * [1, -1, 1]
    plain = [Indicator("a"), Indicator("b"), Indicator("c")]
    for choices in (Choices(), Choices("pca"), Choices("critic"), Choices("topsis")):
        one, other = composite_index(X, INDICATORS, choices), composite_index(turned, plain, choices)
        np.testing.assert_allclose(one.values, other.values, rtol=1e-12, atol=1e-14)


def test_shares_as_score_add_up_to_one_over_rows():
    for shift in (0.0, 0.01):
        assert composite_index(X, INDICATORS, Choices(score="p", shift=shift)).values.sum() == pytest.approx(1)


def test_constants_are_dropped_and_reported():
    data = np.column_stack([X, np.full(4, 0.1 + 0.2)])
    found = composite_index(data, [*INDICATORS, Indicator("flat")])
    assert found.constants == ("flat",)
    assert weights(found)[3] == 0
    np.testing.assert_array_equal(found.values, composite_index(X, INDICATORS).values)
    assert [n.subject for n in found.notices if n.kind == "W835"] == ["flat"]
    for choices in EVERY:
        again = composite_index(data, [*INDICATORS, Indicator("flat")], choices)
        np.testing.assert_allclose(again.values, composite_index(X, INDICATORS, choices).values, rtol=1e-12, atol=1e-15)
    with raised("E830"):
        composite_index(np.ones((4, 2)), INDICATORS[:2])


def test_rows_with_a_missing_indicator_are_counted_and_have_no_index():
    data = np.vstack([X, [3, NAN, 1]])
    found = composite_index(data, INDICATORS, labels=("a", "b", "c", "d", "Hebei 2012"))
    assert found.left_out == 1
    assert found.rows == 4
    assert np.isnan(found.values).tolist() == [False] * 4 + [True]
    assert "1 row (Hebei 2012)" in found.notices[0].message
    np.testing.assert_array_equal(found.values[:4], composite_index(X, INDICATORS).values)


def test_weights_are_frozen_on_the_sample_and_applied_to_all_rows():
    data = np.vstack([X, [16, 5, 0], [2, 2, 1]])
    sample = np.array([True] * 4 + [False] * 2)
    found, alone = composite_index(data, INDICATORS, sample=sample), composite_index(X, INDICATORS)
    assert found.weights == alone.weights
    np.testing.assert_array_equal(found.values[:4], alone.values)
    w = weights(alone)
    assert found.values[4] == pytest.approx(w[0] * 15 / 7 + w[1] * 5 / 9)
    assert [n.kind for n in found.notices if n.kind == "N840"] == ["N840"]


def test_by_year_is_each_year_alone():
    data, periods = np.vstack([made(1), made(2)]), np.repeat([2012, 2013], 12)
    found = composite_index(data, indicators(), Choices(scope="year"), periods=periods)
    alone = [composite_index(data[periods == t], indicators()) for t in (2012, 2013)]
    np.testing.assert_allclose(found.values, np.concatenate([one.values for one in alone]), rtol=1e-14)
    np.testing.assert_allclose(found.by_period, [weights(one) for one in alone], rtol=1e-14)
    assert found.periods == (2012, 2013)
    assert "W839" in [n.kind for n in found.notices]
    mean = composite_index(data, indicators(), Choices(scope="year", yearly="mean"), periods=periods)
    np.testing.assert_allclose(mean.by_period, np.tile(found.by_period.mean(axis=0), (2, 1)))
    with raised("E807"):
        composite_index(data, indicators(), Choices(scope="year"))


def test_by_year_says_where_something_is_constant_or_unknown():
    data, periods = np.vstack([X, X, X]), np.repeat([2012, 2013, 2014], 4)
    data[:4, 0] = 5.0
    sample = periods < 2014
    found = composite_index(data, INDICATORS, Choices(scope="year"), periods=periods, sample=sample)
    assert found.by_period[0, 0] == 0
    assert found.constants == ()
    told = {n.kind: n.message for n in found.notices}
    assert "constant in 2012" in told["W835"]
    assert "2014" in told["W841"]
    assert np.isnan(found.values[8:]).all()
    data[:4] = 5.0
    with raised("E830") as caught:
        composite_index(data, INDICATORS, Choices(scope="year"), periods=periods)
    assert "2012" in caught.value.message
    with raised("E831"):
        composite_index(X, INDICATORS, Choices(scope="year"), periods=np.array([1, 1, 1, 2]))


def test_declared_weights_are_taken_or_normalised_and_reported():
    def use(*numbers):
        named = [Indicator(f"x{j}", weight=number) for j, number in enumerate(numbers)]
        return composite_index(X, named, Choices("declared"))

    exact = use(0.5, 0.3, 0.2)
    np.testing.assert_array_equal(weights(exact), [0.5, 0.3, 0.2])
    assert not [n for n in exact.notices if n.kind == "N845"]
    rounded = use(0.5, 0.3, 0.1999)
    assert weights(rounded).sum() == pytest.approx(1, rel=1e-14)
    assert "0.9999" in next(n.message for n in rounded.notices if n.kind == "N845")
    for wrong in ((0.5, None, 0.5), (0.5, -0.1, 0.6), (0.0, 0.0, 0.0)):
        with raised("E833"):
            use(*wrong)


def test_a_dominant_weight_and_a_zero_one_indicator_are_warned_of():
    rng = np.random.default_rng(0)
    dummy = np.zeros(100)
    dummy[:5] = 1
    data = np.column_stack([rng.uniform(size=100), rng.uniform(size=100), dummy])
    told = [(n.kind, n.subject) for n in composite_index(data, INDICATORS).notices]
    assert told == [("W837", "c"), ("W838", "c")]
    assert not composite_index(data[:, :2], INDICATORS[:2], Choices("equal")).notices


def test_a_component_with_the_wrong_sign_is_warned_of():
    rng = np.random.default_rng(0)
    common = rng.normal(size=50)
    data = np.column_stack([common + 0.1 * rng.normal(size=50) for _ in range(2)] + [-common])
    found = composite_index(data, [Indicator("a"), Indicator("b"), Indicator("c")], Choices("pca"))
    assert [n.subject for n in found.notices if n.kind == "W842"] == ["c"]
    assert found.values.mean() == pytest.approx(0, abs=1e-12)
    assert found.eigenvalues[0] > 2.9


def test_what_is_refused():
    with raised("E831"):
        composite_index(X[:1], INDICATORS)
    with raised("E800") as caught:
        composite_index(X, INDICATORS, Choices("entrpy"))
    assert caught.value.facts["suggestion"] == "entropy"
    with raised("E847"):
        composite_index(X, INDICATORS, Choices(shift=-0.1))
    for choices in (
        Choices("pca", structure="two_stage"),
        Choices("declared", structure="two_stage"),
        Choices("topsis", score="p"),
        Choices("pca", scope="year", yearly="mean"),
    ):
        with raised("E834"):
            composite_index(X, INDICATORS, choices, periods=np.zeros(4, dtype=int))
    with raised("E819"):
        composite_index(X, INDICATORS[:2])
    with raised("E820"):
        composite_index(X, [Indicator("a")] * 3)
    with raised("E833"):
        composite_index(X, [Indicator("a", 2), *INDICATORS[1:]])
    with raised("E833"):
        composite_index(np.empty((4, 0)), [])
    with raised("E822"):
        composite_index(np.where(X == 8, np.inf, X), INDICATORS)
    with raised("E832"):
        composite_index(X[:, [0, 0]] * [1, 2], INDICATORS[::2], Choices("critic"))


def test_a_group_whose_score_never_varies_has_no_weight():
    data = np.column_stack([X[:, 2], X[:, 2], X[:, 0]])
    named = [Indicator("a", 1, "g"), Indicator("b", -1, "g"), Indicator("c", 1, "h")]
    found = composite_index(data, named, Choices(structure="two_stage"))
    np.testing.assert_array_equal(weights(found), [0, 0, 1])
    with raised("E832"):
        composite_index(data[:, :2], named[:2], Choices(structure="two_stage"))
    with raised("E832"):
        composite_index(data, named, Choices("critic", structure="two_stage"))


def test_a_shift_that_hides_all_differences_is_refused():
    assert weights(composite_index(X, INDICATORS, Choices(shift=1000.0))).sum() == pytest.approx(1)
    with raised("E832"):
        composite_index(X, INDICATORS, Choices(shift=1e9))


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_very_small_and_large_values(scale):
    for choices in EVERY:
        one, other = composite_index(X, INDICATORS, choices), composite_index(X * [1, 1, scale], INDICATORS, choices)
        np.testing.assert_allclose(other.values, one.values, rtol=1e-10, atol=1e-13)


@given(st.integers(0, 10**6), st.sampled_from([*LINEAR, Choices("pca")]))
def test_shares_of_the_within_variance_add_up_to_one(seed, choices):
    keys = panel_keys(np.repeat(["p", "q", "r"], 4), np.tile([2012, 2013, 2014, 2015], 3))
    found = sensitivity(made(seed), indicators(), keys, choices)
    assert sum(line.within_share for line in found.lines) == pytest.approx(1, rel=1e-8)
    assert all(-1 - 1e-12 <= line.correlation <= 1 + 1e-12 for line in found.lines)
    assert found.rows == 12


def test_an_index_that_moves_as_a_dummy_is_warned_of():
    rng = np.random.default_rng(1)
    years = np.tile(np.arange(2012, 2021), 20)
    units = np.repeat(np.arange(20), 9)
    treated = ((units < 6) & (years >= 2017)).astype(float)
    fixed = rng.uniform(size=20)[units] + 0.01 * rng.normal(size=180)
    found = sensitivity(
        np.column_stack([fixed, treated]), [Indicator("size"), Indicator("zone")], panel_keys(units, years)
    )
    assert [n.kind for n in found.notices] == ["W843"]
    assert "0/1 treatment" in found.notices[0].message
    assert found.lines[1].within_share > 0.9
    assert found.lines[1].correlation < 0.9


def test_leaving_out_the_only_indicator_that_varies_is_said():
    data = np.column_stack([X[:, 0], np.ones(4)])
    found = sensitivity(data, [Indicator("a"), Indicator("flat")], panel_keys("pqpq", [1, 1, 2, 2]))
    assert "W844" in [n.kind for n in found.notices]
    assert not sensitivity(X[:, :1], [Indicator("a")], panel_keys("pqpq", [1, 1, 2, 2])).notices
    keys = panel_keys("pqpq", [2012, 2012, 2013, 2013])
    found = sensitivity(data, [Indicator("a"), Indicator("flat")], keys, Choices(scope="year"))
    assert "no index: 2012: every" in next(n.message for n in found.notices if n.kind == "W844")
    found = sensitivity(data, [Indicator("a"), Indicator("flat")], panel_keys("pqpq", [1, 1, 2, 2]))
    assert math.isnan(found.lines[0].correlation)
    assert found.lines[1].largest_change == 0
    assert math.isnan(
        sensitivity(X, INDICATORS, panel_keys("pqpq", [1, 1, 2, 2]), Choices("topsis")).lines[0].within_share
    )
