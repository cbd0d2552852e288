"""Standard errors, p values and intervals from draws, and the same from draws that are not all held."""

from __future__ import annotations

import math

import numpy as np
import pytest

from carbonspec.econometrics.bootstrap.distribution import Distribution
from carbonspec.econometrics.bootstrap.intervals import acceleration, bca_levels, describe, jackknife_error


def described(draws, estimate=0.5, jackknife=None, held=1 << 20, parts=1, **more):
    left_out = np.array([0.3, 0.5, 0.4, 0.9]) if jackknife is None else jackknife
    a = acceleration(left_out)
    distribution = Distribution(estimate, lambda d: (0.025, 0.975, *bca_levels(d.share_below, a, 0.95)), held)
    for part in np.array_split(draws, parts):
        distribution.add(part)
    return describe(distribution, left_out, **more)


def test_by_hand():
    draws = np.array([0.1, 0.4, 0.5, 0.9, -0.2])
    found = described(draws)
    assert found.std_error == pytest.approx(draws.std(ddof=1))
    assert found.bias == pytest.approx(draws.mean() - 0.5)
    assert found.z == pytest.approx(0.5 / found.std_error)
    assert found.p_value == pytest.approx(math.erfc(found.z / math.sqrt(2)))
    assert found.p_percentile == pytest.approx(0.4)
    assert found.interval("percentile").low == pytest.approx(np.quantile(draws, 0.025))
    assert found.interval("basic").low == pytest.approx(1 - np.quantile(draws, 0.975))
    assert found.interval("normal").high == pytest.approx(0.5 + 1.959963984540054 * found.std_error)
    assert found.z0 == pytest.approx(0.5244005127080407)  # three of five below, one tie: 0.7
    with pytest.raises(KeyError):
        found.interval("studentized")


def test_types_of_quantile():
    draws = np.arange(1.0, 41.0)
    assert described(draws, 20.0).interval("percentile").low == pytest.approx(np.quantile(draws, 0.025))
    stata = described(draws, 20.0, kind=2).interval("percentile")
    assert (stata.low, stata.high) == (1.5, 39.5)


def test_a_p_value_of_nothing():
    draws = np.linspace(0.1, 0.9, 1000)
    assert described(draws).p_percentile == 0
    assert described(draws).p_percentile_text == "<2/1000"
    assert described(draws - 0.5, 0.0).p_percentile == 1


def test_all_draws_on_one_side_have_no_bca_interval():
    found = described(np.linspace(1, 2, 100), 0.5)
    assert math.isnan(found.z0)
    assert math.isnan(found.interval("bca").low)
    assert not found.interval("bca").excludes_zero
    assert found.interval("percentile").excludes_zero


def test_without_bias_and_acceleration_bca_is_percentile():
    draws = np.random.default_rng(1).normal(size=4001)
    centred = draws - np.median(draws)
    found = described(centred, 0.0, np.array([-1.0, 0.0, 1.0]))
    assert found.acceleration == 0
    assert found.interval("bca").low == pytest.approx(found.interval("percentile").low)


def test_jackknife():
    left_out = np.array([1.0, 2.0, 4.0])
    d = left_out.mean() - left_out
    assert acceleration(left_out) == pytest.approx((d**3).sum() / (6 * (d**2).sum() ** 1.5))
    assert jackknife_error(left_out) == pytest.approx(math.sqrt(2 / 3 * (d**2).sum()))
    assert math.isnan(jackknife_error(np.array([1.0, np.nan, 2.0])))
    assert math.isnan(acceleration(np.array([2.0, 2.0])))


@pytest.mark.parametrize("kind", [2, 7])
@pytest.mark.parametrize("shape", ["normal", "skewed", "few values"])
def test_draws_that_are_not_held_give_the_same_numbers(shape, kind):
    rng = np.random.default_rng(3)
    draws = {"normal": rng.normal(0.5, 1, 60_000), "skewed": rng.exponential(0.5, 60_000),
             "few values": rng.integers(-2, 5, 60_000) / 4}[shape]  # fmt: skip
    draws[::1000] = np.nan
    whole, parts = described(draws, kind=kind), described(draws, held=6000, parts=30, kind=kind)
    assert len(parts.draws) < 10_000 < len(whole.draws)
    for name in ("std_error", "bias", "z", "p_value", "p_percentile", "z0", "replications"):
        assert getattr(parts, name) == pytest.approx(getattr(whole, name), rel=1e-12), name
    for method in ("percentile", "basic", "bca", "normal"):
        assert parts.interval(method).low == pytest.approx(whole.interval(method).low, rel=1e-12)
        assert parts.interval(method).high == pytest.approx(whole.interval(method).high, rel=1e-12)
