"""Looking up the numbers of a run by their names in a spec."""

from __future__ import annotations

import pytest
from tests.report import factory as f

from carbonspec.econometrics.results import Omitted
from carbonspec.lang.spec import Apply, Filter, Literal, Quantity, Selection
from carbonspec.report.quantities import QuantityError, evaluate, find, select, term_matches
from carbonspec.report.run import Failure, Findings

NUMBERS = {"Open": (-2.0, 1.0), "Open:coastal": (0.5, 0.25), "L.Ce": (0.9, 0.1), "Constant": (1.0, 1.0)}


def split_columns() -> tuple[f.ModelColumn, ...]:
    """Two values of `coastal`, two outcomes, two steps: eight columns in the language's order."""
    columns = []
    for value in (0.0, 1.0):
        for outcome in ("Ce", "Tech"):
            for step in (1, 2):
                number = len(columns) + 1
                made = f.fit({"Open": (float(number), 1.0)}, outcome)
                split = {"split": "coastal", "split_value": value, "split_label": "Coastal" if value else "Non-coastal"}
                columns.append(f.column(number, made, "m", step=step, **split))
    return tuple(columns)


FINDINGS = Findings(
    {
        "m": split_columns(),
        "one": (f.column(1, f.fit(NUMBERS, omitted=(Omitted("Gdp", "absorbed by id"),)), "one"),),
        "broken": (f.column(1, None, "broken", failure=Failure("broken[1]", "E502", "too few rows")),),
    }
)


@pytest.mark.parametrize(
    ("filters", "first", "last", "numbers"),
    [
        ((), None, None, [1, 2, 3, 4, 5, 6, 7, 8]),
        ((), -1, -1, [8]),
        ((), 2, 4, [2, 3, 4]),
        ((), 7, -1, [7, 8]),
        ((Filter("coastal", 1.0),), None, None, [5, 6, 7, 8]),
        ((Filter("coastal", "Coastal"),), 1, 1, [5]),
        ((Filter("coastal", 1.0), Filter("outcome", "Tech")), None, None, [7, 8]),
        ((Filter("coastal", 1.0), Filter("outcome", "Tech")), 2, 2, [8]),
        ((Filter("outcome", "Ce"),), -1, -1, [6]),
    ],
)
def test_filters_come_before_positions(
    filters: tuple[Filter, ...], first: int | None, last: int | None, numbers: list[int]
) -> None:
    assert [c.number for c in select(Selection("m", filters, first, last), FINDINGS)] == numbers


@pytest.mark.parametrize(
    ("part", "value"),
    [("estimate", -2.0), ("se", 1.0), ("t", -2.0), ("p", 0.0549436), ("low", -4.045230), ("high", 0.045230)],
)
def test_parts_of_a_coefficient_use_its_reference_distribution(part: str, value: float) -> None:
    assert find(f.quantity("one", "Open", part), FINDINGS).value == pytest.approx(value, abs=1e-6)


def test_the_order_of_an_interaction_does_not_count() -> None:
    assert find(f.quantity("one", "coastal:Open"), FINDINGS).value == 0.5
    assert find(f.quantity("one", "L1.Ce"), FINDINGS).value == 0.9


@pytest.mark.parametrize(("name", "value"), [("N", 270), ("groups", 30), ("clusters", 30), ("r2_within", 0.245)])
def test_statistics_of_a_column(name: str, value: float) -> None:
    assert find(f.quantity("one", part=name), FINDINGS).value == value


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        (f.quantity("m", "Open", coastal=1.0, outcome="Ce"), "means 2 numbers, one in each of m[5] (Ce, coastal = 1)"),
        (f.quantity("one", "Gdp"), "`Gdp` was omitted from one[1]: absorbed by id"),
        (f.quantity("one", "Opne"), "one[1] has no term `Opne`; it has Open, Open:coastal, L.Ce, Constant"),
        (f.quantity("one", part="theta"), "one[1] (fixed effects) has no `theta`; it has N, groups"),
        (f.quantity("broken", "Open"), "broken[1] could not be estimated: too few rows"),
        (f.quantity("gone", "Open"), "no model called `gone` was estimated"),
        (f.quantity("m", "Open", coastal=2.0), "no column of `m` has coastal = 2"),
        (f.quantity("m", "Open", first=9), "`m` has 8 columns; there is no column 9"),
    ],
)
def test_what_is_not_there_is_said_in_the_users_terms(quantity: Quantity, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        find(quantity, FINDINGS)
    assert message in caught.value.message


def test_arithmetic() -> None:
    open_, crossed = f.quantity("one", "Open"), f.quantity("one", "Open:coastal")
    total = Apply("+", (open_, Apply("*", (Literal(2.0), crossed))))
    assert evaluate(total, FINDINGS) == -1.0
    assert evaluate(Apply("neg", (open_,)), FINDINGS) == 2.0


@pytest.mark.parametrize(
    ("wanted", "name", "covered"),
    [
        ("n", "L2.n", True),
        ("n", "n", True),
        ("region", 'region["east"]', True),
        ("a:b", "b:a", True),
        ("n", "n:b", False),
        ("L.n", "L2.n", False),
        ("L.n", "n", False),
    ],
)
def test_a_row_covers_lags_and_categories(wanted: str, name: str, covered: bool) -> None:
    assert term_matches(wanted, name) is covered
