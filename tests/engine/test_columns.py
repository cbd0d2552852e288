"""Expressions: arithmetic, three-valued conditions, domains, time operators."""

import numpy as np
import pytest
from tests.engine.studies import call, grunfeld_panel, only, panel, raw, span_of, table, texts

from carbonspec.diagnostics.model import DataError
from carbonspec.lang.spec import Apply, Literal

NAN = float("nan")
MAIN = table(
    "t",
    unit=["a", "a", "a", "b", "b", "b"],
    year=[1, 2, 3, 1, 2, 3],
    x=[1, 2, None, 4, 5, 6],
    z=[0, 1, 2, 0, -1, None],
    s=["u", "v", None, "u", "w", "01"],
    r=["u", "u", "u", "u", "u", None],
    d=["1", "2", "3", "4", "bad", "6"],
)


@pytest.fixture(scope="module")
def data():
    return panel(MAIN)


def values(data, expression):
    return data.evaluate(expression).tolist()


def near(data, expression, wanted):
    assert values(data, expression) == pytest.approx(wanted, nan_ok=True)


def fails(data, expression, code):
    with pytest.raises(DataError) as caught:
        data.evaluate(expression)
    problem = only(caught.value)
    assert problem.code == code
    return problem


def test_arithmetic(data):
    near(data, call("+", "x", call("*", 2, "z")), [1, 4, NAN, 4, 3, NAN])
    near(data, call("^", "x", 2), [1, 4, NAN, 16, 25, 36])
    near(data, call("neg", "x"), [-1, -2, NAN, -4, -5, -6])
    near(data, call("I", call("^", "x", 2)), [1, 4, NAN, 16, 25, 36])


def test_division_by_zero_is_missing_and_told(data):
    fresh = panel(MAIN)
    near(fresh, call("/", "x", "z"), [NAN, 2, NAN, NAN, -5, NAN])
    assert [n.code for n in fresh.notices] == ["W446"]
    assert fresh.notices[0].message == "`x / z` divides by zero in 2 rows (first: a, 1): missing there"


def test_what_has_no_spread_cannot_be_scaled():
    flat = panel(table("t", unit=["a", "a"], year=[1, 2], x=[5, 5]))
    near(flat, call("scale", "x"), [NAN, NAN])
    assert [n.code for n in flat.notices] == ["W446"]


@pytest.mark.parametrize(
    ("operator", "wanted"),
    [
        ("<", [0, 0, NAN, 1, 1, 1]),
        (">=", [1, 1, NAN, 0, 0, 0]),
        ("==", [0, 1, NAN, 0, 0, 0]),
        ("!=", [1, 0, NAN, 1, 1, 1]),
    ],
)
def test_a_comparison_with_missing_is_missing(data, operator, wanted):
    near(data, call(operator, 2, "x"), wanted)


def test_text_comparisons(data):
    near(data, call("==", "s", Literal("u")), [1, 0, NAN, 1, 0, 0])
    near(data, call("==", "s", Literal("nowhere")), [0, 0, NAN, 0, 0, 0])
    near(data, call("!=", "s", "r"), [0, 1, NAN, 0, 1, NAN])
    near(data, call("<", "s", Literal("v")), [1, 0, NAN, 1, 0, 1])


def test_membership(data):
    near(data, call("in", "x", span_of(2, 5)), [0, 1, NAN, 1, 1, 0])
    near(data, call("in", "x", Apply("set", (Literal(1.0), Literal(6.0)))), [1, 0, NAN, 0, 0, 1])
    near(data, call("in", "s", texts("v", "w", "q")), [0, 1, NAN, 0, 1, 0])
    near(data, call("not", call("in", "x", span_of(2, 5))), [1, 0, NAN, 0, 0, 1])
    near(data, call("not in", "x", span_of(2, 5)), [1, 0, NAN, 0, 0, 1])


def test_three_valued_logic(data):
    yes, no, unknown = call(">", 2, 1), call(">", 1, 2), call(">", "x", 100)
    row = 2  # where x is missing
    table = [
        ("and", yes, NAN),
        ("and", no, 0.0),
        ("or", yes, 1.0),
        ("or", no, NAN),
    ]
    for operator, known, wanted in table:
        for pair in ((known, unknown), (unknown, known)):
            assert values(data, call(operator, *pair))[row] == pytest.approx(wanted, nan_ok=True)
    assert np.isnan(values(data, call("not", unknown))[row])
    assert values(data, call("missing", "x")) == [0, 0, 1, 0, 0, 0]
    assert values(data, call("missing", "s")) == [0, 0, 1, 0, 0, 0]


def test_text_against_numbers_names_the_fix(data):
    assert "without quotes" in fails(data, call("==", "x", Literal("2")), "E422").helps[0]
    assert fails(data, call("==", "s", 1), "E422").helps == ('write "1" in quotes',)
    assert fails(data, call("==", "x", "s"), "E422").message.startswith("`s` is text and `x` a number")


def test_text_as_a_number(data):
    problem = fails(data, call("+", "s", 1), "E420")
    assert problem.message == "`s` is text and cannot be used as a number"
    almost = fails(data, call("log", "d"), "E420")
    assert almost.message == "`d` is not a number in 1 of its 6 cells"
    assert almost.facts == ("b, 2: bad",)


def test_log_of_what_is_not_positive(data):
    problem = fails(data, call("log", "z"), "E421")
    assert problem.message == "`log(z)` meets values <= 0 in 3 rows"
    assert problem.facts == ("a, 1: 0", "b, 1: 0", "b, 2: -1")
    assert fails(data, call("sqrt", "z"), "E421").message == "`sqrt(z)` meets negative values in 1 row"
    assert fails(data, call("log1p", "z"), "E421").message == "`log1p(z)` meets values <= -1 in 1 row"


def test_log_is_only_checked_where_it_is_wanted(data):
    positive = data.sample & (np.nan_to_num(data.column("z")) > 0)
    found = data.evaluate(call("log", "z"), positive)
    assert found[positive] == pytest.approx(np.log([1, 2]))
    assert np.isnan(found[3])
    outside = panel(MAIN, where=call(">", "z", 0))
    assert outside.evaluate(call("log", "z"))[outside.sample] == pytest.approx(np.log([1, 2]))


def test_a_lag_carries_the_check_to_the_rows_it_reads(data):
    third = np.array([False, False, True, False, False, False])
    assert data.evaluate(call("L", call("log", "z"), 1), third)[2] == 0.0  # log(1), the zero a year earlier is not read
    with pytest.raises(DataError):
        data.evaluate(call("L", call("log", "z"), 2), third)


def test_time_operators(data):
    near(data, call("L", "x", 1), [NAN, 1, 2, NAN, 4, 5])
    near(data, call("F", "x", 1), [2, NAN, NAN, 5, 6, NAN])
    near(data, call("D", "x", 1), [NAN, 1, NAN, NAN, 1, 1])
    near(data, call("D", "x", 2), [NAN, NAN, NAN, NAN, NAN, 0])
    near(data, call("S", "x", 2), [NAN, NAN, NAN, NAN, NAN, 2])
    near(data, call("L", "x", -1), [2, NAN, NAN, 5, 6, NAN])
    near(data, call("L", "x", 0), [1, 2, NAN, 4, 5, 6])
    assert values(data, call("L", "s", 1)) == [None, "u", "v", None, "u", "w"]


def test_operators_compose_as_algebra():
    panel_data = grunfeld_panel()
    x = raw("invest")
    first = panel_data.evaluate(call("D", x, 1))
    assert first == pytest.approx(panel_data.evaluate(call("-", x, call("L", x, 1))), nan_ok=True)
    second = panel_data.evaluate(call("D", x, 2))
    assert second == pytest.approx(panel_data.evaluate(call("D", call("D", x, 1), 1)), nan_ok=True)
    back = panel_data.evaluate(call("F", call("L", x, 3), 3))
    kept = ~np.isnan(back)
    assert kept.sum() == 10 * 17
    assert back[kept] == pytest.approx(panel_data.column("invest")[kept])


def test_center_and_scale_pool_the_sample():
    some = panel(MAIN, where=call("==", "unit", Literal("a")))
    near(some, call("center", "x"), [-0.5, 0.5, NAN, 2.5, 3.5, 4.5])
    assert np.nanstd(some.evaluate(call("scale", "x"))[some.sample], ddof=1) == pytest.approx(1)


def test_categories_combine_with_a_hat(data):
    codes, count = data.coded(call("^", "s", "year"))
    assert count == 4
    assert codes[2] == -1


def test_what_this_version_lacks_is_said(data):
    assert fails(data, call("after", "x"), "E431").message == "`after` cannot be computed in this version"
