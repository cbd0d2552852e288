"""Formulas: what each way of writing stands for, column by column."""

from __future__ import annotations

import pytest
from tests.lang.resolve.studies import codes, columns, model, study

from carbonspec.lang.spec import KEY, VARIABLE, Apply, Literal, Ref

FORMULAS = {
    "y ~ x + z": ["y ~ x + z"],
    "y ~ x + z - 1": ["y ~ x + z - 1"],
    "y ~ 0 + x": ["y ~ x - 1"],
    "y ~ 1": ["y ~ 1"],
    "y ~ (x + z):a": ["y ~ x:a + z:a"],
    "y ~ x * a": ["y ~ x + a + x:a"],
    "y ~ a * b * c": ["y ~ a + b + c + a:b + a:c + b:c + a:b:c"],
    "y ~ a * b - a:b": ["y ~ a + b"],
    "y ~ a * b - b:a": ["y ~ a + b"],
    "y ~ x + (a + b)": ["y ~ x + a + b"],
    "y ~ lag(x, 0..2)": ["y ~ x + L.x + L2.x"],
    "y ~ lag(x, -1..1)": ["y ~ F.x + x + L.x"],
    "y ~ lag(x, 2)": ["y ~ L2.x"],
    "y ~ L.L2.x + F.L.z": ["y ~ L3.x + z"],
    "y ~ L.controls": ["y ~ L.a + L.log(b)"],
    "y ~ lag(controls, 1..2)": ["y ~ L.a + L2.a + L.log(b) + L2.log(b)"],
    "y ~ x + controls": ["y ~ x + a + log(b)"],
    "y ~ x:controls": ["y ~ x:a + x:log(b)"],
    "y ~ controls - a": ["y ~ log(b)"],
    "log(y) ~ I(x^2) + D.x": ["log(y) ~ I(x^2) + D.x"],
    "y ~ i(region) + i(year, ref = 2012) + i(coastal, x)": ["y ~ i(region) + i(year, ref = 2012) + i(coastal, x)"],
    "y ~ x + sw(a, b)": ["y ~ x + a", "y ~ x + b"],
    "y ~ x + sw0(a, b)": ["y ~ x", "y ~ x + a", "y ~ x + b"],
    "y ~ x + csw(a, b)": ["y ~ x + a", "y ~ x + a + b"],
    "y ~ x + csw0(controls, z)": ["y ~ x", "y ~ x + a + log(b)", "y ~ x + a + log(b) + z"],
    "y ~ sw(a, b):x": ["y ~ a:x", "y ~ b:x"],
    "(y, z) ~ x + csw0(a)": ["y ~ x", "y ~ x + a", "z ~ x", "z ~ x + a"],
    "y ~ x | fe(id, year)": ["y ~ x | fe(id, year)"],
    "y ~ x | fe(industry^year)": ["y ~ x | fe(industry^year)"],
    "y ~ x | fe(id, csw0(year, industry^year))": [
        "y ~ x | fe(id)",
        "y ~ x | fe(id, year)",
        "y ~ x | fe(id, year, industry^year)",
    ],
    "y ~ x | fe(sw0(id, year))": ["y ~ x", "y ~ x | fe(id)", "y ~ x | fe(year)"],
    "y ~ x | fe(csw0(id)) ": ["y ~ x", "y ~ x | fe(id)"],
    "y ~ x | re(id)": ["y ~ x | re(id)"],
    "y ~ x | be(firm)": ["y ~ x | be(id)"],
    "y ~ x - 1 | fd(id)": ["y ~ x - 1 | fd(id)"],
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_formula(formula: str) -> None:
    assert columns(f"let controls = a + log(b)\nmodel m: {formula}\n") == FORMULAS[formula]


def test_an_interaction_has_one_name_in_any_order() -> None:
    spec = study("model m: y ~ x:a + x\nmodel n: y ~ a:x\n")
    first, second = spec.models
    assert first.columns[0].regressors[0] == second.columns[0].regressors[0]
    assert second.columns[0].regressors[0].name == "x:a"


def test_expressions_of_terms() -> None:
    terms = model("var v = log(x)\nmodel m: y ~ L2.v + v:a + year\n").columns[0].regressors
    v = Ref("v", VARIABLE)
    assert terms[0].expression == Apply("L", (v, Literal(2.0)))
    assert terms[1].expression == Apply(":", (v, Ref("a", "raw", "firms")))
    assert terms[2].expression == Ref("time", KEY)


def test_slopes_by_unit() -> None:
    dimensions = model("model m: y ~ x | fe(id, year, id[year])\n").columns[0].structure.dimensions
    assert [(d.name, d.levels) for d in dimensions] == [("id", True), ("year", True), ("id[year]", False)]
    assert [s.expression for s in dimensions[2].slopes] == [Ref("time", KEY)]
    assert dimensions[2].keys == (Ref("id", KEY),)


def test_combined_keys() -> None:
    (dimension,) = model("model m: y ~ x | fe(industry^year)\n").columns[0].structure.dimensions
    assert dimension.keys == (Ref("industry", "raw", "firms"), Ref("time", KEY))


def test_every_term_knows_its_place() -> None:
    body = "let controls = a + b\nmodel m: y ~ x + controls\n"
    terms = model(body).columns[0].regressors
    assert [t.span.text for t in terms] == ["x", "controls", "controls"]


def test_crossing_many_variables_is_refused() -> None:
    crossed = " * ".join(f"I(x + {i})" for i in range(40))
    assert codes(f"model m: y ~ {crossed}\n") == ["E311"]


@pytest.mark.parametrize("lag", ["L99999999999999999999.x", "D5000000.x", "L.log(x) + S20000.x"])
def test_lags_have_an_end(lag: str) -> None:
    assert codes(f"model m: y ~ {lag}\n") == ["E303"]


def test_a_summary_by_groups_has_one_variable() -> None:
    assert codes("table 1: summary(x)\n  by region\n") == []
    assert codes("table 1: summary(x, z)\n  by region\n") == ["E333"]
