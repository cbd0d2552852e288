"""Quantiles against the definitions of Hyndman and Fan, and the anchors of Stata's type 2."""

import numpy as np
import pytest

from carbonspec.econometrics.quantiles import group_quantiles, quantile

NUMPY = {
    1: "inverted_cdf",
    2: "averaged_inverted_cdf",
    3: "closest_observation",
    4: "interpolated_inverted_cdf",
    5: "hazen",
    6: "weibull",
    7: "linear",
    8: "median_unbiased",
    9: "normal_unbiased",
}


def test_ten_values_at_5_and_95_percent():
    x = np.arange(1.0, 11.0)
    assert (quantile(x, 0.05), quantile(x, 0.95)) == (1.0, 10.0)
    assert quantile(x, 0.05, 7) == pytest.approx(1.45)
    assert quantile(x, 0.95, 7) == pytest.approx(9.55)


def test_270_values_at_one_percent():
    x = np.arange(1.0, 271.0)
    assert quantile(x, 0.01) == 3.0
    assert quantile(x, 0.01, 7) == pytest.approx(3.69)


@pytest.mark.parametrize("kind", sorted(NUMPY))
@pytest.mark.parametrize("n", [1, 2, 7, 20, 33])
def test_types_agree_with_numpy(kind, n):
    x = np.random.default_rng(n).normal(size=n)
    for p in (0.0, 0.013, 0.25, 0.371, 0.5, 0.9, 1.0):
        assert quantile(x, p, kind) == pytest.approx(np.quantile(x, p, method=NUMPY[kind]), abs=1e-12)


def test_an_integer_position_survives_rounding():
    x = np.arange(1.0, 101.0)  # 0.07 * 100 is 7.000000000000001 in floating point
    assert quantile(x, 0.07) == 7.5
    assert quantile(x, 0.29) == 29.5


def test_groups_skip_missing_values_and_rows_of_no_group():
    x = np.array([3.0, 1.0, 2.0, np.nan, 10.0, 20.0, 99.0])
    codes = np.array([0, 0, 0, 0, 2, 2, -1])
    (found,) = group_quantiles(x, codes, 3, (0.5,))
    assert found[0] == 2.0
    assert np.isnan(found[1])
    assert found[2] == 15.0


def test_order_of_rows_does_not_matter():
    rng = np.random.default_rng(1)
    x, codes = rng.normal(size=200), rng.integers(0, 9, 200)
    order = rng.permutation(200)
    whole = group_quantiles(x, codes, 9, (0.1, 0.5))
    assert np.array_equal(whole, group_quantiles(x[order], codes[order], 9, (0.1, 0.5)))


@pytest.mark.parametrize(("p", "kind"), [(1.2, 2), (-0.1, 2), (0.5, 10)])
def test_nonsense_is_refused(p, kind):
    with pytest.raises(ValueError, match="quantile"):
        quantile(np.arange(3.0), p, kind)
