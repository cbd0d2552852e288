"""Perpetual inventory and deflators: anchors, laws, gaps, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from carbonspec.econometrics.measures.deflation import deflate
from carbonspec.econometrics.measures.keys import panel_keys
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.stock import stock

NAN = float("nan")
E = np.array([100.0, 110.0, 121.0])
KEYS = panel_keys(["a"] * 3, [2010, 2011, 2012])
flows = arrays(np.float64, (3, 6), elements=st.floats(0.1, 1e4))


def raised(code):
    return pytest.raises(MeasureError, match=f"^{code} ")


def panel(units, years):
    return panel_keys(np.repeat([f"u{i}" for i in range(units)], years), np.tile(np.arange(2010, 2010 + years), units))


@pytest.mark.parametrize(
    ("initial", "wanted"),
    [
        ("paper", (91.3043, 187.6087, 280.4674)),
        ("steady", (525, 556.25, 593.8125)),
        ("divide", (500, 535, 575.75)),
        (5.25, (525, 556.25, 593.8125)),
    ],
)
def test_anchors(initial, wanted):
    found = stock(E, KEYS, growth=0.05, depreciation=0.15, initial=initial)
    np.testing.assert_allclose(found.values, wanted, atol=5.1e-5)


def test_the_printed_equation_is_compared_with_the_steady_state():
    found = stock(E, KEYS, growth=0.05, initial="paper")
    assert found.comparison.ratio == pytest.approx(1 / 5.75)
    assert (found.comparison.first_steady, found.comparison.last_steady) == pytest.approx((525, 593.8125))
    assert (found.comparison.first, found.comparison.last) == pytest.approx((91.304348, 280.467391))
    note = next(n for n in found.notices if n.kind == "N880")
    assert "0.174" in note.message
    assert "593.812" in note.message
    assert not stock(E, KEYS, growth=0.05).notices


@given(flows, st.floats(0, 1), st.sampled_from(["steady", "divide", "paper"]), st.permutations(range(18)))
def test_the_recursion_holds_in_any_order_of_rows(flow, depreciation, initial, order):
    keys, rows = panel(3, 6), np.array(order)
    found = stock(flow.ravel(), keys, growth=0.05, depreciation=depreciation, initial=initial)
    K = found.values.reshape(3, 6)
    np.testing.assert_allclose(K[:, 1:], flow[:, 1:] + (1 - depreciation) * K[:, :-1], rtol=1e-12)
    np.testing.assert_allclose(K[:, 0], found.factor * flow[:, 0], rtol=1e-14)
    times = [int(keys.period_names[t]) for t in keys.tick[rows]]
    turned = panel_keys([keys.unit_names[u] for u in keys.unit[rows]], times)
    again = stock(flow.ravel()[rows], turned, growth=0.05, depreciation=depreciation, initial=initial)
    np.testing.assert_array_equal(again.values, found.values[rows])


@given(st.floats(-0.1, 0.5), st.floats(0.11, 1), st.floats(0.1, 1e6))
def test_a_steady_state_is_steady(growth, depreciation, first):
    flow = first * (1 + growth) ** np.arange(8)
    found = stock(flow, panel(1, 8), growth=growth, depreciation=depreciation)
    np.testing.assert_allclose(found.values[1:] / found.values[:-1], 1 + growth, rtol=1e-10)
    own = stock(flow, panel(1, 8), growth="unit", depreciation=depreciation)
    np.testing.assert_allclose(own.values, found.values, rtol=1e-8)
    assert own.growth[0] == pytest.approx(growth, abs=1e-9)


@given(flows, st.floats(1e-3, 1e3))
def test_the_stock_is_linear_in_the_flow(flow, scale):
    keys = panel(3, 6)
    one, other = (
        stock(f.ravel(), keys, growth="unit", depreciation=0.95, initial="paper") for f in (flow, scale * flow)
    )
    np.testing.assert_allclose(other.values, scale * one.values, rtol=1e-9)


def test_a_factor_for_each_unit():
    flow = np.array([1.0, 1.0, 2.0, 2.0])
    found = stock(flow, panel(2, 2), initial=np.array([3.0, 4.0]))
    np.testing.assert_allclose(found.values, [3, 3.55, 8, 8.8])
    assert found.comparison is None
    with raised("E810"):
        stock(flow, panel(2, 2), initial=np.array([3.0, NAN]))
    with raised("E819"):
        stock(flow, panel(2, 2), initial=np.array([3.0, 4.0, 5.0]))


def test_a_missing_flow_ends_the_stock_and_a_missing_row_too():
    by_cell = stock(np.array([1.0, NAN, 1.0, 1.0]), panel(1, 4), growth=0.05)
    assert np.isnan(by_cell.values).tolist() == [False, True, True, True]
    assert by_cell.gap_rows == 3
    by_row = stock(np.array([1.0, 1.0, 1.0]), panel_keys(["a", "a", "b"], [2010, 2012, 2011]), growth=0.05)
    assert np.isnan(by_row.values).tolist() == [False, True, False]
    assert "1 row (a 2012)" in next(n.message for n in by_row.notices if n.kind == "W877")


def test_gaps_are_filled_and_counted():
    keys = panel_keys(["a"] * 4 + ["b"], [2010, 2011, 2013, 2014, 2012])
    flow = np.array([2.0, NAN, 8.0, NAN, 5.0])
    linear = stock(flow, keys, initial=1.0, depreciation=0, fill="interpolate")
    np.testing.assert_allclose(linear.values, [2, 6, 20, NAN, 5])
    assert (linear.filled_cells, linear.filled_periods, linear.gap_rows) == (2, 1, 1)
    zero = stock(flow, keys, initial=1.0, depreciation=0, fill="zero")
    np.testing.assert_allclose(zero.values, [2, 2, 10, 10, 5])
    assert (zero.filled_cells, zero.filled_periods, zero.gap_rows) == (3, 1, 0)
    assert "3 missing flows (1 of periods without a row) were taken as 0" in zero.notices[0].message


def test_the_base_period_begins_the_stock():
    found = stock(np.array([9.0, 100.0, 110.0]), KEYS, growth=0.05, base=2011)
    assert np.isnan(found.values[0])
    np.testing.assert_allclose(found.values[1:], [525, 556.25])
    assert found.before == 1
    assert [n.kind for n in found.notices] == ["N881"]


def test_a_base_without_flow_is_refused_or_reported():
    keys = panel_keys(["a", "a", "b", "b"], [2012, 2013, 2012, 2013])
    flow = np.array([100.0, 110.0, NAN, 50.0])
    with raised("E876") as caught:
        stock(flow, keys, growth=0.05, base=2010)
    assert caught.value.facts["units"] == ("a", "b")
    with raised("E876"):
        stock(flow, keys, growth=0.05, base=2012)
    found = stock(flow, keys, growth=0.05, base=2012, absent="first")
    np.testing.assert_allclose(found.values, [525, 556.25, NAN, 262.5])
    assert [n.kind for n in found.notices] == ["N882", "N881"]
    assert "b had no flow" in found.notices[0].message


def test_a_first_flow_of_zero_and_a_unit_without_any_are_said():
    flow = np.array([0.0, 10.0, NAN, NAN])
    found = stock(flow, panel(2, 2), growth=0.05)
    np.testing.assert_allclose(found.values, [0, 10, NAN, NAN])
    assert [n.kind for n in found.notices] == ["W877", "W879", "N881"]
    assert "u1 has no flow" in found.notices[0].message
    assert "u0" in found.notices[1].message


def test_what_is_refused():
    for depreciation in (-0.1, 1.5, NAN):
        with raised("E875"):
            stock(E, KEYS, growth=0.05, depreciation=depreciation)
    for growth in (-0.15, -0.2, -1.5, np.inf):
        with raised("E884"):
            stock(E, KEYS, growth=growth)
    with raised("E807"):
        stock(E, KEYS)
    with raised("E883"):
        stock(np.array([0.0, 1.0, 2.0]), KEYS, growth="unit")
    with raised("E883"):
        stock(np.array([NAN, 1.0, NAN]), KEYS, growth="unit")
    with raised("E870"):
        stock(np.array([1.0, -1.0, 2.0]), KEYS, growth=0.05)
    with raised("E871"):
        stock(E, panel_keys("aaa", [2010, 2010, 2011]), growth=0.05)
    for options in ({"initial": "stedy"}, {"growth": "units"}, {"absent": "no"}, {"fill": "linear"}):
        with raised("E800"):
            stock(E, KEYS, **{"growth": 0.05, **options})


def test_a_chained_index_is_cumulated_from_the_base():
    price = np.array([NAN, 110.0, 120.0])
    found = deflate(np.array([100.0, 110.0, 132.0]), price, KEYS, kind="chain", base=2010)
    np.testing.assert_allclose(found.real, 100)
    np.testing.assert_allclose(found.level, [100, 110, 132])
    middle = deflate(np.array([100.0, 110.0, 132.0]), price, KEYS, kind="chain", base=2011)
    np.testing.assert_allclose(middle.real, 110)


@given(arrays(np.float64, (2, 5), elements=st.floats(80, 130)), st.integers(2010, 2014), st.integers(2010, 2014))
def test_another_base_only_rescales_each_unit(price, one, other):
    keys, nominal = panel(2, 5), np.arange(1.0, 11.0)
    a, b = (deflate(nominal, price.ravel(), keys, kind="chain", base=base).real.reshape(2, 5) for base in (one, other))
    ratio = a / b
    np.testing.assert_allclose(ratio, np.tile(ratio[:, [0]], (1, 5)), rtol=1e-10)
    levels = deflate(nominal, price.ravel(), keys, kind="chain", base=one).level
    fixed = deflate(nominal, 3 * levels, keys, kind="fixed", base=one)
    np.testing.assert_allclose(fixed.real.reshape(2, 5), a, rtol=1e-10)


def test_a_fixed_index_is_taken_as_it_is_without_a_base():
    found = deflate(E, np.array([50.0, 100.0, 200.0]), KEYS, kind="fixed")
    np.testing.assert_allclose(found.real, [200, 110, 60.5])
    assert found.base == ""


def test_a_missing_link_of_the_chain_is_refused_only_where_it_is_needed():
    price = np.array([100.0, NAN, 110.0])
    with raised("E873") as caught:
        deflate(E, price, KEYS, kind="chain", base=2010)
    assert caught.value.facts["rows"] == (1, 2)
    found = deflate(np.array([100.0, NAN, NAN]), price, KEYS, kind="chain", base=2010)
    assert found.real[0] == 100
    with raised("E873"):
        deflate(E, price, KEYS, kind="fixed", base=2011)
    with raised("E872"):
        deflate(E, price, KEYS, kind="fixed", base=2009)


def test_what_a_deflator_refuses():
    with raised("E872"):
        deflate(E, np.full(3, 100.0), KEYS, kind="chain", base=2000)
    with raised("E807"):
        deflate(E, np.full(3, 100.0), KEYS, kind="chain")
    with raised("E800"):
        deflate(E, np.full(3, 100.0), KEYS, kind="chained", base=2010)
    with raised("E874"):
        deflate(E, np.array([100.0, 0.0, 100.0]), KEYS, kind="fixed")
    with raised("E871"):
        deflate(E, np.full(3, 100.0), panel_keys("aaa", [2010, 2010, 2011]), kind="fixed")
