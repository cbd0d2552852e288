"""Time by its value: lags across gaps, dates as ticks."""

import numpy as np
import pytest

from carbonspec.econometrics.clock import TimeError, lagged_rows, number_ticks, text_ticks


def lags(units, times, k):
    return lagged_rows(np.array(units), number_ticks(np.array(times, dtype=float)).ticks, k).tolist()


def test_a_gap_stays_a_gap():
    assert lags([0, 0, 0, 1, 1], [1939, 1941, 1942, 1939, 1940], 1) == [-1, -1, 1, -1, 3]
    assert lags([0, 0, 0, 1, 1], [1939, 1941, 1942, 1939, 1940], 2) == [-1, 0, -1, -1, -1]


def test_leads_mirror_lags():
    rng = np.random.default_rng(0)
    keys = np.unique(rng.integers(0, 40, 300) * 100 + rng.integers(0, 25, 300))
    units, ticks = keys // 100, keys % 100
    for k in (1, 3, 30):
        back, forth = lagged_rows(units, ticks, k), lagged_rows(units, ticks, -k)
        rows = np.flatnonzero(back >= 0)
        assert np.array_equal(forth[back[rows]], rows)
        by_hand = {(u, t): i for i, (u, t) in enumerate(zip(units, ticks, strict=True))}
        wanted = [by_hand.get((u, t - k), -1) for u, t in zip(units, ticks, strict=True)]
        assert back.tolist() == wanted


def test_the_step_is_the_greatest_common_divisor():
    found = number_ticks(np.array([2000.0, 2010.0, 2015.0]))
    assert found.clock.step == 5
    assert found.ticks.tolist() == [0, 2, 3]


@pytest.mark.parametrize(
    ("values", "unit", "ticks"),
    [
        (("2012-01-31", "2012-02-29", "2012-04-30"), "month", [0, 1, 3]),
        (("2012-01-15", "2012-02-15"), "month", [0, 1]),
        (("2012-01-02", "2012-01-09", "2012-01-23"), "day", [0, 1, 3]),
        (("2012-01", "2012-04", "2012-10"), "month", [0, 1, 3]),
        (("2012Q1", "2012Q2", "2013q1"), "quarter", [0, 1, 4]),
        (("2012", "2014"), "", [0, 1]),
    ],
)
def test_dates_as_text(values, unit, ticks):
    found = text_ticks(np.arange(len(values)), values)
    assert (found.clock.unit, found.ticks.tolist()) == (unit, ticks)


@pytest.mark.parametrize("values", [("soon",), ("2012-13",), ("2012-02-30",), ("2012", "2012Q1")])
def test_what_is_no_date_is_refused(values):
    with pytest.raises(TimeError):
        text_ticks(np.arange(len(values)), values)


@pytest.mark.parametrize(("value", "shown"), [(2000.5, "2000.5"), (1e308, "1e+308")])
def test_half_years_and_endless_ones_are_refused(value, shown):
    with pytest.raises(TimeError) as caught:
        number_ticks(np.array([2000.0, value]))
    assert caught.value.values == (shown,)
