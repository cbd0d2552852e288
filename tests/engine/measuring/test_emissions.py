"""`emissions(T)` on the rows of a table, and its way to the panel."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.measuring.studies import KEYS, panel_of, refused, told

ON = "  join energy on unit, year\n"
COAL = 20908 * 25.8e-6 * 44 / 12
"""t CO2 a t of raw coal."""


def energy(**columns: list[object]) -> dict[str, list[object]]:
    return {**KEYS, **columns}


def numbers(start: float = 1.0) -> list[object]:
    return [start + i for i in range(12)]


def test_fuel_times_factor_in_the_units_said() -> None:
    body = 'measure Ce = emissions(energy)\n  unit "t"\n  fuel raw_coal = coal unit "10^4 t"\n'
    data = panel_of(body, joins=ON, energy=energy(coal=numbers()))
    np.testing.assert_allclose(data.column("Ce"), np.arange(1, 13) * 1e4 * COAL, rtol=1e-12)


def test_what_is_added_converts_and_aggregates_run_over_the_table() -> None:
    body = (
        'measure Ce = emissions(energy)\n  add kwh * factor "Power" unit "10^5 t"\n'
        '  add 60 * turnover / sum(turnover, by = year) "Transport"\n'
    )
    table = energy(kwh=numbers(), factor=[0.5] * 12, turnover=numbers())
    data = panel_of(body, joins=ON, where='  where unit != "C" and year > 2011\n', energy=table)
    turnover = np.arange(1.0, 13.0)
    shares = turnover / np.tile(turnover.reshape(3, 4).sum(axis=0), 3)  # C counts, although it is not in the sample
    np.testing.assert_allclose(data.column("Ce"), np.arange(1, 13) * 5.0 + 60 * shares, rtol=1e-12)


def test_several_rows_of_the_table_add_up_and_none_is_missing() -> None:
    body = 'measure Ce = emissions(energy)\n  unit "t"\n  fuel raw_coal = coal unit "t"\n'
    rows = {"unit": ["A", "A", "B"], "year": [2010, 2010, 2013], "coal": [1.0, 2.0, 4.0]}
    data = panel_of(body, joins=ON, energy=rows)
    wanted = np.full(12, np.nan)
    wanted[0], wanted[7] = 3 * COAL, 4 * COAL
    np.testing.assert_allclose(data.column("Ce"), wanted, rtol=1e-12)
    assert any("summed over up to 2 rows" in note for note in data.measure_report("Ce").notes)


def test_the_panels_own_table_in_any_order() -> None:
    body = 'measure Ce = emissions(firms)\n  unit "t"\n  fuel raw_coal = coal unit "t" less coke_ovens\n'
    turned = {name: list(reversed(cells)) for name, cells in KEYS.items()}
    data = panel_of(body, firms={**turned, "coal": numbers(), "coke_ovens": [0.5] * 12})
    np.testing.assert_allclose(data.column("Ce"), (np.arange(12, 0, -1) - 0.5) * COAL, rtol=1e-12)


def test_missing_amounts_are_missing_or_zero() -> None:
    cells: list[object] = [None, *numbers()[1:]]
    body = 'measure Ce = emissions(energy)\n  unit "t"\n  fuel raw_coal = coal unit "t"\n'
    data = panel_of(body, joins=ON, energy=energy(coal=cells))
    found = told(data, "Ce")["W815"]
    assert np.isnan(data.column("Ce")[0])
    assert found.span is not None
    assert found.span.text == "raw_coal = coal"
    assert "A 2010" in found.message
    data = panel_of(body + "  na zero\n", joins=ON, energy=energy(coal=cells))
    assert "W814" in told(data, "Ce")
    assert data.column("Ce")[0] == 0


@pytest.mark.parametrize(
    ("amounts", "clause", "code", "place"),
    [
        ([-1.0, *numbers()[1:]], 'fuel raw_coal = coal unit "t"', "E806", "raw_coal = coal"),
        (numbers(), 'fuel other_coking = coal unit "t"', "E804", "other_coking = coal"),
    ],
)
def test_what_is_refused_points_at_its_fuel(amounts: list[object], clause: str, code: str, place: str) -> None:
    body = f"measure Ce = emissions(energy)\n  factors ndrc\n  {clause}\n"
    found = refused(panel_of(body, joins=ON, energy=energy(coal=amounts)), "Ce")
    assert found.code == code
    assert found.span is not None
    assert found.span.text == place


def test_double_counting_is_warned_of_unless_the_spec_says_otherwise() -> None:
    body = (
        'measure Ce = emissions(energy)\n  fuel raw_coal = coal, gasoline = petrol unit "t"\n'
        '  add power "Electricity"\n  add power "Goods moved" source transport\n'
    )
    table = energy(coal=numbers(), petrol=numbers(), power=numbers())
    found = told(panel_of(body, joins=ON, energy=table), "Ce")
    assert {"W812", "W813"} <= set(found)
    assert "`base final`" in found["W812"].helps[0]
    found = told(panel_of(body + "  base final\n  transport excluded\n", joins=ON, energy=table), "Ce")
    assert not {"W812", "W813"} & set(found)


def test_factors_of_ones_own() -> None:
    factors = {"fuel": ["peat", "wood"], "per": ["t", "t"], "direct": [2.0, None]}
    body = 'measure Ce = emissions(energy)\n  unit "t"\n  factors mine\n  fuel peat unit "t"\n'
    data = panel_of(body, joins=ON, energy=energy(peat=numbers()), mine=factors)
    np.testing.assert_allclose(data.column("Ce"), 2 * np.arange(1.0, 13.0))
    body = body.replace("fuel peat", "fuel wood = peat")
    assert refused(panel_of(body, joins=ON, energy=energy(peat=numbers()), mine=factors), "Ce").code == "E804"
    lost = {"fuel": ["peat"], "direct": [2.0]}
    assert refused(panel_of(body, joins=ON, energy=energy(peat=numbers()), mine=lost), "Ce").code == "E408"


def test_oxidation_and_calorific_values_and_carbon() -> None:
    body = (
        'measure Ce = emissions(energy)\n  unit "t"\n  fuel raw_coal = coal unit "t"\n'
        "  oxidation raw_coal = 90%\n  calorific raw_coal = 20934\n  gas c\n"
    )
    data = panel_of(body, joins=ON, energy=energy(coal=numbers()))
    np.testing.assert_allclose(data.column("Ce"), np.arange(1, 13) * 20934 * 25.8e-6 * 0.9, rtol=1e-12)


def test_a_fuel_under_two_names_is_refused() -> None:
    body = 'measure Ce = emissions(energy)\n  fuel raw_coal = coal, 原煤 = coal unit "t"\n'
    found = refused(panel_of(body, joins=ON, energy=energy(coal=numbers())), "Ce")
    assert (found.code, found.span.text) == ("E820", "原煤 = coal")


def test_more_excluded_than_burnt_is_refused_on_its_line() -> None:
    body = 'measure Ce = emissions(energy)\n  unit "t"\n  fuel raw_coal = coal unit "t" less coal * 2\n'
    found = refused(panel_of(body, joins=ON, energy=energy(coal=numbers())), "Ce")
    assert (found.code, found.span.text) == ("E806", "raw_coal = coal")


def test_a_fuel_by_its_chinese_name_takes_its_own_oxidation_and_calorific_value() -> None:
    body = 'measure Ce = emissions(energy)\n  unit "t"\n  fuel {0} = coal unit "t"\n'
    body += "  oxidation {0} = 90%\n  calorific {0} = 20000\n"
    wanted = np.arange(1, 13) * 20000 * 25.8e-6 * 0.9 * 44 / 12
    for name in ("raw_coal", "原煤"):
        data = panel_of(body.format(name), joins=ON, energy=energy(coal=numbers()))
        np.testing.assert_allclose(data.column("Ce"), wanted, rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "more", "code", "at"),
    [
        ({"per": ["kg", "t"]}, "", "E802", "factors mine"),
        ({"per": [None, "t"]}, "", "E802", "factors mine"),
        ({"fuel": ["peat", None]}, "", "E802", "factors mine"),
        ({"direct": [-2.0, 1.0]}, "", "E810", "factors mine"),
        ({}, "  oxidation 90%\n", "E834", "oxidation 90%"),
        ({}, "  calorific peat = 20000\n", "E834", "calorific peat = 20000"),
    ],
)
def test_own_factors_that_are_no_use(change: dict[str, list[object]], more: str, code: str, at: str) -> None:
    factors = {"fuel": ["peat", "wood"], "per": ["t", "t"], "direct": [2.0, 1.0], **change}
    body = 'measure Ce = emissions(energy)\n  factors mine\n  fuel peat unit "t"\n' + more
    found = refused(panel_of(body, joins=ON, energy=energy(peat=numbers()), mine=factors), "Ce")
    assert found.code == code
    assert found.span.text in at


def test_empty_rows_of_ones_own_factors_and_a_raised_sign() -> None:
    factors = {"fuel": ["gas", None], "per": ["10^4 m³", None], "direct": [2.0, None]}
    body = 'measure Ce = emissions(energy)\n  unit "t"\n  factors mine\n  fuel gas unit "10^4 m3"\n'
    data = panel_of(body, joins=ON, energy=energy(gas=numbers()), mine=factors)
    np.testing.assert_allclose(data.column("Ce"), 2 * np.arange(1.0, 13.0))
