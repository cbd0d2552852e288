"""`winsorize` and `trim`: limits of the sample, what they redefine, what they refuse."""

import numpy as np
import pytest
from tests.engine.studies import ID, TIME, call, grunfeld_panel, made, only, panel, raw, table, var

from carbonspec.diagnostics.model import DataError
from carbonspec.lang.spec import Apply, Winsorize

NAN = float("nan")


def ten(**columns):
    return table("t", unit=["a"] * 10, year=list(range(1, 11)), x=list(range(1, 11)), **columns)


def limits(*names, kind="winsorize", lower=0.05, upper=0.95, by=(), quantile=2):
    return (Winsorize(kind, names, lower, upper, by, quantile),)


def test_type_2_limits_leave_ten_values_alone_at_5_percent():
    assert panel(ten(), winsorizing=limits("x")).column("x").tolist() == list(range(1, 11))


def test_type_7_limits_can_be_asked_for():
    found = panel(ten(), winsorizing=limits("x", quantile=7)).column("x")
    assert found[[0, 9]] == pytest.approx([1.45, 9.55])


def test_270_values_at_one_percent_change_two_cells_at_each_end():
    rows = table("t", unit=list(range(270)), year=[1] * 270, x=list(range(1, 271)))
    data = panel(rows, winsorizing=limits("x", lower=0.01, upper=0.99))
    assert data.column("x").min() == 3.0
    assert data.column("x").max() == 268.0
    entry = data.ledger()[-1]
    assert (entry.step, entry.column, entry.changed) == ("winsorize x", "x", 4)
    assert entry.reason == "2 below 3, 2 above 268"


def test_trim_sets_to_missing_and_keeps_the_limits_themselves():
    data = panel(ten(), winsorizing=limits("x", kind="trim", lower=0.1, upper=0.9))
    assert data.column("x").tolist() == pytest.approx([NAN, *range(2, 10), NAN], nan_ok=True)
    assert data.ledger()[-1].reason == "1 below 1.5, 1 above 9.5, set to missing"


def test_everything_that_names_x_sees_the_limits():
    data = panel(
        ten(),
        variables=(var("square", call("*", made("x"), made("x"))),),
        winsorizing=limits("x", lower=0.2, upper=0.8),
    )
    x = np.clip(np.arange(1.0, 11.0), 2.5, 8.5)
    assert data.column("x") == pytest.approx(x)
    assert data.column("square") == pytest.approx(x**2)
    assert data.evaluate(call("L", made("x"), 1))[1:] == pytest.approx(x[:-1])
    assert data.evaluate(raw("x", "t")) == pytest.approx(np.arange(1.0, 11.0))


def test_limits_come_from_the_sample_and_apply_to_all_rows():
    data = panel(ten(), winsorizing=limits("x", lower=0.2, upper=0.8), where=call("<=", TIME, 5))
    assert data.column("x") == pytest.approx(np.clip(np.arange(1.0, 11.0), 1.5, 4.5))
    assert data.ledger()[-1].changed == 2  # cells of the sample


def test_limits_by_groups():
    data = grunfeld_panel(winsorizing=limits("invest", by=(ID,)))
    plain = grunfeld_panel().column("invest")
    for firm in range(10):
        rows = data.unit == firm
        ordered = np.sort(plain[rows])  # n p = 1: the mean of the first two, and of the last two
        low, high = ordered[:2].mean(), ordered[-2:].mean()
        assert data.column("invest")[rows] == pytest.approx(np.clip(plain[rows], low, high))
    by_two = grunfeld_panel(winsorizing=limits("invest", by=(Apply("^", (ID, TIME)),)))
    assert by_two.column("invest") == pytest.approx(plain)


def test_missing_stays_missing():
    holes = ten(y=[None, *range(2, 11)])
    data = panel(holes, winsorizing=limits("y", lower=0.2, upper=0.8))
    assert np.isnan(data.column("y")[0])
    assert np.isnan(data.column("y")).sum() == 1


@pytest.mark.parametrize(("name", "why"), [("flag", "0 or 1"), ("word", "text"), ("year", "key"), ("unit", "text")])
def test_what_has_no_tails_is_refused(name, why):
    rows = ten(flag=[0, 1] * 5, word=["u"] * 10)
    with pytest.raises(DataError) as caught:
        panel(rows, winsorizing=limits(name)).column(name)
    assert only(caught.value).code == "E424"
    assert why in only(caught.value).message


def test_a_trimmed_variable_that_is_computed():
    data = panel(
        ten(), variables=(var("z", call("*", "x", 2)),), winsorizing=limits("z", kind="trim", lower=0.1, upper=1)
    )
    assert data.column("z").tolist() == pytest.approx([NAN, *range(4, 21, 2)], nan_ok=True)
