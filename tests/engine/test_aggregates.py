"""Functions of several rows: which rows they run over."""

import numpy as np
import pytest
from tests.engine.studies import ID, TIME, call, join, made, only, panel, raw, table, var

from carbonspec.diagnostics.model import DataError
from carbonspec.lang.spec import Apply

NAN = float("nan")
MAIN = table(
    "t",
    unit=["a", "a", "a", "b", "b", "b"],
    year=[1, 2, 3, 1, 2, 3],
    x=[1, 2, 30, 4, None, 60],
    kind=["p", "p", "q", "p", "q", "q"],
)
SALES = table(
    "sales", unit=["a", "a", "b", "b", "z"], year=[1, 1, 2, 2, 1], price=[10, 20, 30, None, 9], area=[1, 2, 3, 4, 5]
)
LONE = table("lone", unit=["b"], year=[2], price=[None])


def data(**parts):
    return panel(MAIN, where=call("<=", TIME, 2), **parts)


def joined(*more, **parts):
    return panel(
        MAIN,
        (SALES, *more),
        joins=(join("sales", "unit", "year"), *(join(t.name, "unit", "year") for t in more)),
        **parts,
    )


def near(panel_data, expression, wanted):
    assert panel_data.evaluate(expression).tolist() == pytest.approx(wanted, nan_ok=True)


def fails(panel_data, expression, code):
    with pytest.raises(DataError) as caught:
        panel_data.evaluate(expression)
    assert only(caught.value).code == code
    return only(caught.value)


def test_by_id_reaches_the_units_whole_history():
    near(data(), call("sum", "x", by=ID), [33, 33, 33, 64, 64, 64])
    near(data(), call("first", "x", by=ID), [1, 1, 1, 4, 4, 4])
    near(data(), call("last", "x", by=ID), [30, 30, 30, 60, 60, 60])


def test_other_groups_see_the_sample_and_apply_to_all_rows():
    near(data(), call("mean", "x", by=raw("kind")), [7 / 3, 7 / 3, NAN, 7 / 3, NAN, NAN])
    near(data(), call("sum", "x", by=TIME), [5, 2, NAN, 5, 2, NAN])
    near(data(), call("count", "x", by=TIME), [2, 1, 0, 2, 1, 0])


def test_without_by_the_whole_sample_is_pooled():
    near(data(), call("max", "x"), [4] * 6)
    near(data(), call(">", "x", call("median", "x")), [0, 0, 1, 1, NAN, 1])


def test_several_keys():
    both = Apply("set", (raw("kind"), TIME))
    near(panel(MAIN), call("sum", "x", by=both), [5, 2, 90, 5, NAN, 90])


def test_text_can_be_counted_and_picked():
    assert panel(MAIN).evaluate(call("last", "kind", by=ID)).tolist() == ["q"] * 6
    near(panel(MAIN), call("count", "kind", by=TIME), [2] * 6)
    assert fails(panel(MAIN), call("mean", "kind", by=TIME), "E420")


def test_a_leave_one_out_mean():
    others = call("/", call("-", call("sum", "x", by=TIME), "x"), call("-", call("count", "x", by=TIME), 1))
    near(panel(MAIN), others, [4, NAN, 60, 1, NAN, 30])


def test_a_joined_table_is_summed_for_each_row():
    near(joined(), call("sum", raw("price", "sales")), [30, 0, 0, 0, 30, 0])
    near(joined(), call("count", raw("price", "sales")), [2, 0, 0, 0, 1, 0])
    near(joined(), call("mean", raw("price", "sales")), [15, NAN, NAN, NAN, 30, NAN])
    near(joined(), call("mean", call("/", raw("price", "sales"), raw("area", "sales"))), [10, NAN, NAN, NAN, 10, NAN])


def test_a_joined_row_of_missing_values_is_not_zero():
    near(joined(LONE), call("sum", raw("price", "lone")), [0, 0, 0, 0, NAN, 0])


def test_columns_of_the_panel_may_stand_inside():
    near(joined(), call("sum", call("*", raw("price", "sales"), raw("x", "t"))), [30, 0, 0, 0, NAN, 0])
    near(joined(), call("max", call("+", raw("area", "sales"), TIME)), [3, NAN, NAN, NAN, 6, NAN])


def test_one_joined_row_may_serve_many():
    cities = table("cities", unit=["a", "a"], wage=[2, 3])
    many = panel(MAIN, (cities,), joins=(join("cities", "unit"),))
    near(many, call("sum", raw("wage", "cities")), [5, 5, 5, 0, 0, 0])


def test_sum_over_a_joined_table_means_the_same_when_it_has_single_rows():
    near(joined(LONE), call("count", raw("price", "lone")), [0] * 6)
    macro = table("macro", year=[1, 2], rate=[5, 7])
    single = panel(MAIN, (macro,), joins=(join("macro", "year"),))
    near(single, call("sum", raw("rate", "macro")), [5, 7, 0, 5, 7, 0])
    assert fails(single, call("median", raw("rate", "macro")), "E429").helps
    named = panel(MAIN, (macro,), joins=(join("macro", "year"),), variables=(var("rate2", raw("rate", "macro")),))
    near(named, call("median", made("rate2")), [6] * 6)
    near(single, call("mean", raw("rate", "macro"), by=ID), [6] * 6)


def test_what_could_mean_two_things_is_refused():
    price = raw("price", "sales")
    assert "first `var total = sum(price)`" in fails(joined(), call("sum", price, by=TIME), "E429").helps[0]
    other = table("more", unit=["a", "a"], year=[1, 1], w=[1, 2])
    assert fails(joined(other), call("sum", call("*", price, raw("w", "more"))), "E429")
    assert fails(joined(), call("sum", call("L", price, 1)), "E429")
    assert fails(joined(), call("sum", call("mean", price)), "E429")


def test_log_inside_a_joined_sum_is_checked_where_it_is_used():
    bad = table("bad", unit=["a", "a", "b", "b"], year=[1, 1, 3, 3], v=[1, 1, 0, 1])
    some = panel(MAIN, (bad,), joins=(join("bad", "unit", "year"),), where=call("<=", TIME, 2))
    near(some, call("sum", call("log", raw("v", "bad"))), [0, 0, 0, 0, 0, 0])
    whole = panel(MAIN, (bad,), joins=(join("bad", "unit", "year"),))
    assert fails(whole, call("sum", call("log", raw("v", "bad"))), "E421").facts == ("row 3 of bad: 0",)


def test_unique_looks_at_the_sample():
    assert np.array_equal(panel(MAIN).evaluate(call("unique", "unit", "kind")), [0, 0, 1, 1, 0, 0])
    assert np.array_equal(data().evaluate(call("unique", "unit", "kind")), [0, 0, 0, 1, 1, 1])
