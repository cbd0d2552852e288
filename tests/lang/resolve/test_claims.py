"""Claims and tables: which number, which columns."""

from __future__ import annotations

import pytest
from tests.lang.resolve.studies import checked, codes, study

from carbonspec.lang.spec import Apply, CallItem, Filter, Literal, Quantity, ResultItem, Selection

MODELS = """var coastal "Coast" levels 0 "Inland", 1 "Coast"
model m: y ~ x + csw0(a, log(b)) | fe(id)
model cut: (y, z) ~ x * a split coastal
model cat: y ~ L.x + i(region) + i(coastal, a) + i(year, ref = 2012)
model one: y ~ x + x:log(b)
table 1: m, cut, cat, one
"""
QUANTITIES = {
    "m[3].x": (Selection("m", (), 3, 3), "x", "estimate"),
    "m[last].x.se": (Selection("m", (), -1, -1), "x", "se"),
    "m[3].log(b).p": (Selection("m", (), 3, 3), "log(b)", "p"),
    "m[1].N": (Selection("m", (), 1, 1), "", "N"),
    "m[1].Constant.t": (Selection("m", (), 1, 1), "Constant", "t"),
    "m[2].r2_within": (Selection("m", (), 2, 2), "", "r2_within"),
    "m[2].f.p": (Selection("m", (), 2, 2), "", "f_p"),
    "cut[coastal = 1, outcome = z].x": (
        Selection("cut", (Filter("coastal", 1.0), Filter("outcome", "z"))),
        "x",
        "estimate",
    ),
    'cut[coastal = "Coast", 1].a:x.low': (Selection("cut", (Filter("coastal", 1.0),), 1, 1), "x:a", "low"),
    "cat.L.x": (Selection("cat"), "L.x", "estimate"),
    "cat.L1.x.se": (Selection("cat"), "L.x", "se"),
    'cat.region["east"]': (Selection("cat"), 'region["east"]', "estimate"),
    'cat.region["east"].se': (Selection("cat"), 'region["east"]', "se"),
    "cat.coastal[1]:a": (Selection("cat"), "coastal[1]:a", "estimate"),
    "cat.year[2015].p": (Selection("cat"), "year[2015]", "p"),
    "one.x:log(b)": (Selection("one"), "x:log(b)", "estimate"),
    "one.x:log(b).se": (Selection("one"), "x:log(b)", "se"),
}


@pytest.mark.parametrize("written", QUANTITIES)
def test_quantity(written: str) -> None:
    (expect,) = study(f"{MODELS}expect {written} = 1 within 1%\n").expectations
    assert isinstance(expect.quantity, Quantity)
    selection, term, part = QUANTITIES[written]
    assert (expect.quantity.selection, expect.quantity.term, expect.quantity.part) == (selection, term, part)
    assert expect.quantity.text == written


WRONG = {
    "m.x": "E217",
    "m[4].x": "E216",
    "m[1].a": "E215",
    "m[1].x.sd": "E218",
    "cut[1].b": "E215",
    "cut[coastal = 2].x": "E336",
    "cut[region = 1].x": "E219",
    "cut[outcome = w].x": "E219",
    "cat.year[2012]": "E215",
    "cat.coastal[3]:a": "E336",
    "m": "E327",
    "nothing.x": "E210",
    "coastal.x": "E205",
}


@pytest.mark.parametrize("written", WRONG)
def test_wrong_quantity(written: str) -> None:
    assert codes(f"{MODELS}expect {written} = 1 within 1%\n") == [WRONG[written]]


def test_a_split_with_unknown_values_is_left_to_the_run() -> None:
    body = "model m: y ~ x split region\ntable 1: m\nexpect m[7].x = 1\nexpect m.x = 1\n"
    assert codes(body) == []


def test_expectations() -> None:
    spec = study(
        f"{MODELS}hypothesis H: m[1].x < 0 at 10%\nexpect H = supported\nexpect m[1].x = -1_000 within 0.005\n"
    )
    verdict, number = spec.expectations
    assert (verdict.hypothesis, verdict.value) == ("H", "supported")
    assert (number.value, number.tolerance, number.relative) == (-1000.0, 0.005, False)
    assert number.text == "m[1].x = -1_000 within 0.005"
    assert spec.hypotheses[0].level == pytest.approx(0.1)


def test_claims_are_trees_of_quantities() -> None:
    claim = study(f"{MODELS}hypothesis H: m[1].x in -0.1..0.1 and 0 < m[2].N\n").hypotheses[0].claim
    assert isinstance(claim, Apply)
    equivalence, count = claim.arguments
    assert isinstance(equivalence, Apply)
    assert isinstance(count, Apply)
    assert equivalence.arguments[1] == Apply("range", (Literal(-0.1), Literal(0.1)))
    assert count.function == "<"
    assert isinstance(count.arguments[1], Quantity)


def test_tables() -> None:
    spec = study(
        MODELS + 'let both = x + log(b)\ntable 5 "Results": m[2..3] "Last two", cut[outcome = y]\n'
        '  columns 6..7, "a", "b"\n  stats N, r2\n  digits 3\n  notes "One", "Two"\n  notes "Three"\n'
        "table A1: summary(y)\n  by year\n  total mean\ntable A2: summary(y, both)\n"
    )
    table = next(t for t in spec.tables if t.number == "5")
    assert table.items == (
        ResultItem(Selection("m", (), 2, 3), "Last two"),
        ResultItem(Selection("cut", (Filter("outcome", "y"),))),
    )
    assert table.columns is not None
    assert table.columns.texts == ("6", "7", "a", "b")
    assert (table.statistics, table.digits, table.notes) == (("N", "r2"), 3, ("One", "Two", "Three"))
    summary = next(t for t in spec.tables if t.number == "A1")
    (item,) = next(t for t in spec.tables if t.number == "A2").items
    assert isinstance(item, CallItem)
    assert [t.name for t in item.arguments] == ["y", "x", "log(b)"]
    assert (summary.by is not None, summary.total) == (True, "mean")


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        ("x", ("x", "L.x")),
        ("L.x", ("L.x",)),
        ("region", ("region",)),
        ("a:x", ("x:a",)),
        ("log(b), Constant", ("log(b)", "Constant")),
        ("coastal[1]:a", ("coastal[1]:a",)),
        ("i(coastal, a)", ("coastal[0]:a", "coastal[1]:a")),
    ],
)
def test_rows_name_terms_with_their_lags(written: str, rows: tuple[str, ...]) -> None:
    spec = study(f"{MODELS}table 2: m, cut, cat\n  rows {written}\n")
    assert next(t for t in spec.tables if t.number == "2").rows == rows


def test_several_columns_are_listed_as_the_bracket_chose_them() -> None:
    split = 'var coastal levels 0 "Inland", 1 "Coast"\nmodel s: y ~ x + csw0(z, a) split coastal\n'
    problems = checked(f"{split}expect s[coastal = 1, 2..3].N = 1\nexpect s[2..3].N = 1\n").diagnostics
    several = [p for p in problems if p.code == "E217"]
    assert [[line.split("  ")[0] for line in p.facts] for p in several] == [
        ["s[coastal = 1, 2]", "s[coastal = 1, 3]"],
        ["s[coastal = 0, 2]", "s[coastal = 0, 3]"],
    ]
