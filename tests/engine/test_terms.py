"""Terms → columns of X: names, categories, interactions."""

import numpy as np
import pytest
from tests.engine.studies import TIME, call, only, panel, raw, table, term, var

from carbonspec.diagnostics.model import DataError
from carbonspec.engine.terms import split_outside, term_columns
from carbonspec.lang.spec import Level, Literal

MAIN = table(
    "t",
    unit=["a", "a", "b", "b"],
    year=[1, 2, 1, 2],
    x=[1, 2, 3, 4],
    z=[5, 6, 7, 8],
    region=["west", "east", "north", "east"],
    size=[0.5, 1, 0.5, 2],
)


def columns(one, data=None, every=False):
    data = data or panel(MAIN)
    found = term_columns(data, one, np.arange(4), data.values, every)
    return {name: values.tolist() for name, values in found}


def fails(one, code, data=None):
    with pytest.raises(DataError) as caught:
        columns(one, data)
    assert only(caught.value).code == code
    return only(caught.value)


def test_numbers_and_products():
    assert columns(term("x")) == {"x": [1, 2, 3, 4]}
    assert columns(term(call(":", "x", "z"), "x:z")) == {"x:z": [5, 12, 21, 32]}
    three = term(call(":", call(":", "x", "z"), "x"), "x:z:x")
    assert columns(three) == {"x:z:x": [5, 24, 63, 128]}


def test_a_category_leaves_out_its_first_value():
    assert columns(term(call("i", "region"), "i(region)")) == {
        'region["north"]': [0, 0, 1, 0],
        'region["west"]': [1, 0, 0, 0],
    }
    assert list(columns(term(call("i", TIME), "i(year)"))) == ["year[2]"]
    assert list(columns(term(call("i", "size"), "i(size)"))) == ["size[1]", "size[2]"]


def test_ref_names_the_value_to_leave_out():
    one = term(call("i", "region", ref=Literal("west")), 'i(region, ref = "west")')
    assert list(columns(one)) == ['region["east"]', 'region["north"]']
    problem = fails(term(call("i", "region", ref=Literal("wset")), "i(region)"), "E425")
    assert problem.message == '`region` is never "wset" in these rows'
    assert problem.helps == ('did you mean `"west"`?',)


def test_levels_fix_the_order():
    levels = (Level("west", "West"), Level("east", "East"))
    data = panel(MAIN, variables=(var("region", levels=levels),))
    assert list(columns(term(call("i", "region"), "i(region)"), data)) == ['region["east"]', 'region["north"]']


def test_every_category_without_a_constant():
    assert len(columns(term(call("i", "region"), "i(region)"), every=True)) == 3


def test_a_slope_for_each_value():
    found = columns(term(call("i", "region", "x"), "i(region, x)"))
    assert found == {
        'region["east"]:x': [0, 2, 0, 4],
        'region["north"]:x': [0, 0, 3, 0],
        'region["west"]:x': [1, 0, 0, 0],
    }
    one = term(call("i", "region", call("L", "x", 1), ref=Literal("east")), 'i(region, L.x, ref = "east")')
    assert list(columns(one)) == ['region["north"]:L.x', 'region["west"]:L.x']


def test_categories_interact():
    found = columns(term(call(":", "x", call("i", "region")), "x:i(region)"))
    assert found == {'x:region["north"]': [0, 0, 3, 0], 'x:region["west"]': [1, 0, 0, 0]}
    both = term(call(":", call("i", "region"), call("i", TIME)), "i(region):i(year)")
    assert list(columns(both)) == ['region["north"]:year[2]', 'region["west"]:year[2]']


def test_text_needs_i():
    problem = fails(term("region"), "E426")
    assert "write `i(region)`" in problem.helps[0]
    assert fails(term(call(":", "x", "region"), "x:region"), "E426")


def test_thousands_of_categories_are_refused():
    n = 2001
    wide = table("t", unit=list(range(n)), year=[1] * n, x=list(range(n)))
    data = panel(wide)
    with pytest.raises(DataError) as caught:
        term_columns(data, term(call("i", raw("x")), "i(x)"), np.arange(n), data.values)
    assert only(caught.value).code == "E427"


def test_names_split_outside_brackets_and_quotes():
    assert split_outside('a["x:y"]:log(b:c):`d:e`', ":") == ['a["x:y"]', "log(b:c)", "`d:e`"]


def test_a_number_with_one_wrong_cell_shows_the_cell():
    data = panel(table("t", unit=["a"] * 4, year=[1, 2, 3, 4], x=["1", "2", "n.a.", "4"]))
    problem = fails(term("x"), "E420", data)
    assert problem.message == "`x` is not a number in 1 of its 4 cells"
    assert problem.facts == ("a, 3: n.a.",)
