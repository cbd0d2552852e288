"""A column of a model → arrays, with an account of the rows."""

import numpy as np
import pytest
from tests.engine.studies import ID, TIME, call, grunfeld_panel, model, only, panel, raw, span_of, table, term, var

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.results import Dropped
from carbonspec.engine.design import build_design, split_values
from carbonspec.lang.spec import Apply, Dimension, Level, Literal, Structure

MAIN = table(
    "t",
    unit=["a"] * 4 + ["b"] * 4 + ["c"] * 4,
    year=[1, 2, 3, 4] * 3,
    y=[1, 2, None, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    x=[1, None, 3, 4, 5, 6, 7, 80, 9, 10, 11, 12],
    z=[2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, None],
    w=[1, 1, 1, 1, 2, 2, 2, 0, 1, 1, 1, 1],
    coast=[1, 1, 1, 1, 0, 0, 0, 0, None, None, 0, 0],
    region=["e", "e", "e", "e", "w", "w", "w", "w", "n", "n", None, "n"],
)


@pytest.fixture(scope="module")
def data():
    return panel(MAIN)


def build(data, one, value=None, column=0):
    return build_design(data, one, one.columns[column], value)


def test_rows_leave_for_the_first_reason_in_formula_order(data):
    built = build(data, model("y", "x", "z", where=call("<=", "x", 20)))
    assert built.rows_before == 12
    assert built.dropped == (
        Dropped("where x <= 20: missing", 1),
        Dropped("not x <= 20", 1),
        Dropped("y missing", 1),
        Dropped("z missing", 1),
    )
    assert built.design.y.tolist() == [1, 4, 5, 6, 7, 9, 10, 11]
    assert built.rows_before - sum(step.rows for step in built.dropped) == built.design.y.size


def test_arrays_stand_in_the_panels_order(data):
    design = build(data, model("y", "x", fe=("id", "time"))).design
    assert design.terms == ("x",)
    assert design.X.shape == (10, 1)
    assert design.unit.codes.tolist() == [0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    assert design.period.codes.tolist() == [0, 3, 0, 1, 2, 3, 0, 1, 2, 3]
    assert [e.groups.name for e in design.effects] == ["id", "time"]
    assert design.clusters[0].count == 3


def test_codes_are_dense_after_rows_left(data):
    built = build(data, model("y", "x", fe=("id",), where=call("!=", ID, Literal("a"))))
    assert built.design.effects[0].groups.codes.tolist() == [0] * 4 + [1] * 4
    assert built.design.unit.count == 2


def test_periods_keep_their_gaps(data):
    built = build(data, model("y", where=call("in", TIME, Apply("set", (Literal(2.0), Literal(4.0))))))
    assert built.design.period.count == 3
    assert set(built.design.period.codes) == {0, 2}


def test_combined_effects_and_clusters(data):
    one = model("y", "x", fe=("region^time",), clusters=(Apply("^", (raw("coast"), TIME)),))
    built = build(data, one)
    assert Dropped("region missing", 1) in built.dropped
    assert Dropped("cluster coast missing", 2) in built.dropped
    assert built.design.effects[0].groups.name == "region^time"
    assert built.design.clusters[0].name == "coast^time"
    regions = [(r, t) for r, t, k in zip("eewwwwn", [1, 4, 1, 2, 3, 4, 4], range(7), strict=True)]
    assert built.design.effects[0].groups.count == len(set(regions))


def test_slopes_vary_by_group(data):
    slopes = (Dimension((ID,), "id"), Dimension((ID,), "id[time]", (term(TIME, "time"),), False))
    built = build(data, model("y", "x", structure=Structure("fe", slopes)))
    effect = built.design.effects[1]
    assert not effect.intercept
    assert effect.slopes is not None
    assert effect.slopes[:, 0].tolist() == [1, 4, 1, 2, 3, 4, 1, 2, 3, 4]
    assert effect.slope_names == ("time",)
    assert effect.groups.name == "id"


def test_only_clustered_models_need_clusters(data):
    assert build(data, model("y", "x", clusters=())).design.clusters == ()


def test_split_takes_its_values_in_order(data):
    one = model("y", "x", split=raw("coast"))
    assert split_values(data, one) == (Level(0.0, ""), Level(1.0, ""))
    built = build(data, one, 0.0)
    assert built.dropped[:2] == (Dropped("coast missing", 2), Dropped("not coast = 0", 4))
    assert built.design.y.tolist() == [5, 6, 7, 8, 11, 12]
    levels = (Level(1.0, "Coastal"), Level(0.0, "Inland"))
    labelled = panel(MAIN, variables=(var("coast", levels=levels),))
    assert split_values(labelled, one) == levels
    words = model("y", split=raw("region"), where=call("<", TIME, 3))
    assert [level.value for level in split_values(data, words) if level] == ["e", "n", "w"]
    assert split_values(data, model("y")) == (None,)


def test_weights_of_zero_leave_and_negative_ones_stop(data):
    built = build(data, model("y", "x", weights=raw("w")))
    assert built.dropped[-1] == Dropped("weight w zero", 1)
    assert built.design.weights is not None
    assert (built.design.weights > 0).all()
    with pytest.raises(DataError) as caught:
        build(data, model("y", weights=call("-", "w", 1)))
    assert only(caught.value).code == "E428"
    assert only(caught.value).facts == ("b, 4: -1",)


def test_a_common_sample_is_that_of_all_columns(data):
    short = model("y", "x").columns[0]
    long = model("y", "x", "z").columns[0]
    both = model("y", "x", common_sample=True).replace(columns=(short, long))
    first, second = build(data, both), build(data, both, column=1)
    assert np.array_equal(first.rows, second.rows)
    assert first.dropped[-1] == Dropped("z missing (common sample)", 1)
    assert build(data, model("y", "x")).rows.size == first.rows.size + 1


def test_lags_use_the_history_that_where_leaves_out():
    data = grunfeld_panel()
    built = build(data, model("invest", term(call("L", "invest", 1), "L.invest"), where=call(">=", TIME, 1936)))
    assert built.design.y.size == 190
    assert built.dropped == (Dropped("not time >= 1936", 10),)
    whole = build(data, model("invest", term(call("L", "invest", 1), "L.invest")))
    assert whole.dropped == (Dropped("L.invest missing", 10),)
    assert pytest.approx(built.design.X) == whole.design.X


def test_an_empty_column_tells_where_the_rows_went(data):
    with pytest.raises(DataError) as caught:
        build(data, model("y", "x", where=call(">", TIME, 9)))
    problem = only(caught.value)
    assert problem.code == "E430"
    assert problem.facts == ("12 rows in the panel's sample", "12 less: not time > 9")


def test_log_is_checked_on_the_models_rows(data):
    one = model(term(call("log", call("-", "y", 4)), "log(y - 4)"))
    with pytest.raises(DataError) as caught:
        build(data, one)
    assert only(caught.value).code == "E421"
    assert build(data, one.replace(where=call(">", "y", 4))).design.y.size == 8


def test_a_text_outcome_is_refused(data):
    with pytest.raises(DataError) as caught:
        build(data, model("region", "x"))
    assert only(caught.value).code == "E420"


def test_categories_come_from_the_rows_used(data):
    one = model("y", term(call("i", "region"), "i(region)"), where=call("!=", "region", Literal("e")))
    assert build(data, one).design.terms == ('region["w"]',)


def test_all_categories_without_a_constant(data):
    one = model("y", term(call("i", "region"), "i(region)"), constant=False)
    assert build(data, one).design.terms == ('region["e"]', 'region["n"]', 'region["w"]')


def test_interaction_rows_need_every_part(data):
    built = build(data, model("y", term(call(":", "x", "z"), "x:z")))
    assert [step.reason for step in built.dropped] == ["y missing", "x missing", "z missing"]


def test_where_narrows_and_never_widens():
    data = grunfeld_panel(where=call(">=", TIME, 1940))
    built = build(data, model("invest", where=call("in", TIME, span_of(1935, 1945))))
    assert built.rows_before == 150
    assert built.design.y.size == 60


def test_every_category_has_its_slope_unless_something_else_gives_one(data):
    slopes = call(":", call("i", raw("region")), raw("z"))
    each = ('region["e"]:z', 'region["n"]:z', 'region["w"]:z')
    assert build(data, model("y", term(slopes, "i(region):z"))).design.terms == each
    assert build(data, model("y", "z", term(slopes, "i(region):z"))).design.terms == ("z", *each[1:])
    coasts = call(":", call("i", raw("region")), raw("coast"))
    assert len(build(data, model("y", term(coasts, "i(region):coast"))).design.terms) == 3
    assert len(build(data, model("y", term(coasts, "i(region):coast"), fe=("id",))).design.terms) == 2


def test_a_split_by_a_number_of_many_values_is_refused():
    n = 101
    wide = panel(table("t", unit=list(range(n)), year=[1] * n, y=list(range(n)), x=list(range(n))))
    with pytest.raises(DataError) as caught:
        split_values(wide, model("y", "x", split=raw("x")))
    assert only(caught.value).code == "E427"
