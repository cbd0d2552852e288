"""The panel: keys, joins, the sample, raw columns, accounts."""

import numpy as np
import pytest
from tests.engine.studies import (
    ID,
    TIME,
    call,
    grunfeld,
    grunfeld_panel,
    join,
    made,
    only,
    panel,
    raw,
    span_of,
    table,
    texts,
    var,
)

from carbonspec.diagnostics.model import DataError
from carbonspec.lang.spec import Level, Literal

NAN = float("nan")
BASE = table("base", unit=["b", "a", "a", "b"], year=[2001, 2002, 2001, 2002], x=[3, 2, 1, 4])


def fails(code, *arguments, **parts):
    with pytest.raises(DataError) as caught:
        panel(*arguments, **parts)
    problem = only(caught.value)
    assert problem.code == code
    return problem


# --- keys ---------------------------------------------------------------------------------------------


def test_rows_are_sorted_by_unit_and_time():
    data = panel(BASE)
    assert data.column("unit").tolist() == ["a", "a", "b", "b"]
    assert data.column("time").tolist() == [2001, 2002, 2001, 2002]
    assert data.column("x").tolist() == [1, 2, 3, 4]


def test_a_shuffled_table_gives_the_same_panel():
    rows = np.random.default_rng(5).permutation(200)
    main = grunfeld()
    shuffled = type(main)("grunfeld", main.take(rows), 200)
    one, other = grunfeld_panel(main), grunfeld_panel(shuffled)
    for name in ("firm", "year", "invest"):
        assert one.column(name).tolist() == other.column(name).tolist()


def test_duplicate_keys_show_their_rows():
    twice = table("base", unit=["a", "b", "a", "a"], year=[1, 1, 1, 2], x=[1, 2, 3, 4])
    problem = fails("E410", twice)
    assert problem.message == "2 rows share their unit and year with another (1 combination)"
    assert problem.facts == ("a, 1: rows 1, 3 of `base`",)


def test_row_numbers_of_duplicates_count_rows_without_keys():
    twice = table("base", unit=[None, "a", "a"], year=[1, 1, 1])
    assert fails("E410", twice).facts == ("a, 1: rows 2, 3 of `base`",)


def test_an_id_of_two_columns():
    pairs = table("base", o=["x", "x", "y"], d=["y", "z", "x"], year=[1, 1, 1], v=[1, 2, 3])
    assert fails("E410", pairs, id=("o",)).code == "E410"
    data = panel(pairs, id=("o", "d"))
    assert data.unit_count == 3
    assert data.evaluate(ID).tolist() == ["x, y", "x, z", "y, x"]
    assert data.report().id == "o, d"


def test_rows_without_keys_leave_and_are_counted():
    data = panel(table("base", unit=["a", None, "a"], year=[1, 2, None], x=[1, 2, 3]))
    assert data.rows == 1
    assert data.ledger()[-1].rows_before == 3
    assert [n.code for n in data.notices] == ["W415"]


@pytest.mark.parametrize("years", [[2000.5, 2001], ["soon", "later"]])
def test_a_time_that_is_none(years):
    assert fails("E411", table("base", unit=["a", "a"], year=years)).helps


def test_missing_key_columns_are_all_named():
    with pytest.raises(DataError) as caught:
        panel(BASE, id=("firm",), time="date")
    assert [d.code for d in caught.value.diagnostics] == ["E408", "E408"]


def test_dates_are_a_clock():
    months = table("base", unit=["a"] * 3, year=["2012-01", "2012-02", "2012-04"], x=[1, 2, 4])
    data = panel(months)
    assert data.evaluate(call("L", "x", 1)).tolist() == pytest.approx([NAN, 1, NAN], nan_ok=True)
    assert data.evaluate(call(">=", TIME, Literal("2012-02"))).tolist() == [0, 1, 1]


# --- sample -------------------------------------------------------------------------------------------


def test_the_sample_is_counted_with_its_reasons():
    main = table("base", unit=["a"] * 4, year=[1, 2, 3, 4], x=[1, NAN, 3, 4])
    data = panel(main, where=call(">", "x", 1))
    assert data.sample.tolist() == [False, False, True, True]
    entry = data.ledger()[-1]
    assert (entry.step, entry.rows_before, entry.rows_after) == ("panel where x > 1", 4, 2)
    assert entry.reason == "1 row outside, 1 row with missing values"


def test_an_empty_sample_lists_the_steps():
    problem = fails("E416", BASE, where=call(">", TIME, 2030))
    assert problem.facts[-1] == "panel where time > 2030: 0 of 4 rows, 4 rows outside"


def test_lags_reach_rows_outside_the_sample():
    data = grunfeld_panel(where=call("in", TIME, span_of(1940, 1954)))
    lagged = data.evaluate(call("L", "invest", 1))
    first = data.sample & (data.evaluate(TIME) == 1940)
    assert not np.isnan(lagged[first]).any()


def test_a_lag_at_a_gap_is_missing():
    main = grunfeld()
    year, firm = main.columns["year"], main.columns["firm"].objects()
    keep = np.flatnonzero(~((firm == "General Motors") & (year == 1940)))
    data = grunfeld_panel(type(main)("grunfeld", main.take(keep), keep.size))
    row = (data.evaluate(ID) == "General Motors") & (data.evaluate(TIME) == 1941)
    assert np.isnan(data.evaluate(call("L", "invest", 1))[row]).all()  # the row before, 1939, has 330.8
    assert data.evaluate(call("L", "invest", 2))[row].tolist() == [330.8]
    assert data.report().gaps == 1
    assert not data.report().balanced


def test_the_report_counts_the_sample():
    report = grunfeld_panel(where=call("!=", ID, Literal("IBM"))).report()
    assert (report.rows, report.rows_sample, report.n_ids, report.n_periods) == (200, 180, 9, 20)
    assert (report.t_min, report.t_max, report.balanced, report.gaps) == (20, 20, True, 0)


# --- joins --------------------------------------------------------------------------------------------


def test_a_join_adds_columns_never_rows():
    other = table("macro", year=[2001, 2003], gdp=[10, 30])
    data = panel(BASE, (other,), joins=(join("macro", "year"),))
    assert data.rows == 4
    assert data.column("gdp").tolist() == pytest.approx([10, NAN, 10, NAN], nan_ok=True)
    assert data.evaluate(raw("gdp", "macro")).tolist() == pytest.approx([10, NAN, 10, NAN], nan_ok=True)
    assert data.ledger()[-1].step == "join macro on year"
    assert data.ledger()[-1].reason == "2 rows without a match, 1 of 2 macro rows unused"


def test_many_rows_need_an_aggregate():
    other = table("customs", unit=["a", "a", "b"], year=[2001, 2001, 2001], value=[1, 2, 5])
    data = panel(BASE, (other,), joins=(join("customs", "unit", "year"),))
    with pytest.raises(DataError) as caught:
        data.column("value")
    assert only(caught.value).code == "E413"
    assert "sum(customs.value)" in only(caught.value).helps[0]
    total = data.evaluate(call("sum", raw("value", "customs")))
    assert total.tolist() == [3, 0, 5, 0]


def test_a_column_of_two_tables_must_be_qualified():
    one, two = table("one", year=[2001], z=[1]), table("two", year=[2001], z=[2])
    data = panel(BASE, (one, two), joins=(join("one", "year"), join("two", "year")))
    with pytest.raises(DataError) as caught:
        data.column("z")
    assert only(caught.value).code == "E414"
    assert data.evaluate(raw("z", "two"))[0] == 2


def test_an_unknown_column_is_near_another():
    data = panel(BASE)
    with pytest.raises(DataError) as caught:
        data.column("yaer")
    assert only(caught.value).code == "E408"
    assert only(caught.value).helps == ("did you mean `year`?",)


def test_keys_of_another_type():
    other = table("macro", unit=[1, 2], gdp=[10, 30])
    problem = fails("E412", BASE, (other,), joins=(join("macro", "unit"),))
    assert problem.helps == ("read both as text: add `text unit` to `data macro`",)


def test_a_join_that_finds_nothing_is_a_warning():
    other = table("macro", year=[1901], gdp=[10])
    data = panel(BASE, (other,), joins=(join("macro", "year"),))
    assert [n.code for n in data.notices] == ["W448"]


def test_a_join_may_use_a_column_of_an_earlier_one():
    provinces = table("provinces", unit=["a", "b"], region=["east", "west"])
    regions = table("regions", region=["east", "west"], wage=[7, 9])
    data = panel(BASE, (provinces, regions), joins=(join("provinces", "unit"), join("regions", "region")))
    assert data.column("wage").tolist() == [7, 7, 9, 9]


def test_missing_keys_never_match():
    main = table("base", unit=["a", "b"], year=[1, 1], k=[None, "u"])
    other = table("o", k=[None, "u"], v=[5, 6])
    data = panel(main, (other,), joins=(join("o", "k"),))
    assert data.column("v").tolist() == pytest.approx([NAN, 6], nan_ok=True)


# --- variables ----------------------------------------------------------------------------------------


def test_variables_stand_in_any_order_and_hide_raw_columns():
    data = panel(
        BASE,
        variables=(
            var("late", call("+", made("x"), 1)),
            var("x", call("*", raw("x", "base"), 10)),
        ),
    )
    assert data.column("late").tolist() == [11, 21, 31, 41]
    assert data.evaluate(raw("x", "base")).tolist() == [1, 2, 3, 4]


def test_a_labelled_variable_is_its_raw_column():
    data = panel(BASE, variables=(var("x", label="X", levels=(Level(1.0, "one"),)),))
    assert data.column("x").tolist() == [1, 2, 3, 4]
    assert data.levels(raw("x")) == (Level(1.0, "one"),)


def test_labels_of_a_file_are_levels():
    labelled = type(BASE)("base", BASE.columns, 4, value_labels={"x": ((1.0, "low"), (4.0, "high"))})
    assert panel(labelled).levels(raw("x")) == (Level(1.0, "low"), Level(4.0, "high"))


def test_text_columns_come_as_objects():
    data = panel(BASE, variables=(var("east", call("in", "unit", texts("a", "z"))),))
    assert data.column("unit").dtype == object
    assert data.column("east").tolist() == [1, 1, 0, 0]
