"""`require` shows the rows that break it, and sees values before winsorizing."""

from tests.engine.studies import TIME, call, made, panel, raw, span_of, table

from carbonspec.engine.requirements import broken
from carbonspec.lang.spec import Require, Winsorize

MAIN = table("t", unit=["a"] * 8, year=list(range(1, 9)), x=[1, 2, 3, None, 5, 60, 70, 80], k=[1, 1, 2, 3, 4, 5, 6, 7])


def found(condition, text="", **parts):
    return tuple(broken(panel(MAIN, **parts), Require(condition, text)))


def test_what_holds_says_nothing():
    assert found(call(">", "k", 0)) == ()


def test_failing_rows_are_shown_with_their_values():
    (problem,) = found(call("in", "x", span_of(0, 50)), "x in 0..50")
    assert problem.code == "E423"
    assert problem.message == "`x in 0..50` does not hold in 3 rows and is missing in 1 row"
    assert problem.facts[1] == "a, 6: x = 60"
    assert "or missing(x)" in problem.helps[0]


def test_many_failing_rows_are_counted():
    (problem,) = found(call("<", "k", 0))
    assert problem.message == "`k < 0` does not hold in 8 rows"
    assert problem.facts[-1] == "… and 3 more"
    assert problem.helps == ()


def test_missing_can_be_let_through():
    allowed = call("or", call("<", "x", 100), call("missing", "x"))
    assert found(allowed) == ()


def test_only_the_sample_counts():
    assert found(call("<", "x", 50), where=call("<=", TIME, 3)) == ()


def test_values_before_winsorizing_are_meant():
    limits = (Winsorize("winsorize", ("x",), 0.2, 0.5),)
    (problem,) = found(call("or", call("<", made("x"), 50), call("missing", made("x"))), winsorizing=limits)
    assert len(problem.facts) == 3
    assert panel(MAIN, winsorizing=limits).column("x")[-1] == 5


def test_unique():
    (problem,) = found(call("unique", "unit", "k"), "unique(unit, k)")
    assert problem.facts == ("a, 1: unit = a, k = 1", "a, 2: unit = a, k = 1")
    assert found(call("unique", "unit", TIME)) == ()


def test_a_requirement_that_cannot_be_computed_says_so():
    (problem,) = found(call("<", raw("nothing"), 1))
    assert problem.code == "E408"
