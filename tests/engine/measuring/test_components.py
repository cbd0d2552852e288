"""Components of `emissions`: electricity, heat and transport by the library, each a variable of its own."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.measuring.studies import KEYS, panel_of, refused, told

from carbonspec.econometrics.measures.electricity import GridFactors, electricity
from carbonspec.econometrics.measures.heat import heat
from carbonspec.econometrics.measures.transport import Mode, apportioned, bottom_up
from carbonspec.engine.frame import PanelData

ON = "  join energy on unit, year\n"
COAL = 20908 * 25.8e-6 * 44 / 12
GRID = ["North"] * 4 + ["South"] * 4 + ["North"] * 4
YEAR = [2010, 2011, 2012, 2013] * 3
FACTORS = {
    "grid": [g for g in ("North", "South") for _ in range(4)],
    "year": [2010, 2011, 2012, 2013] * 2,
    "ef": [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2],
}
LINE = '  electricity kwh unit "10^8 kWh" factor grids.ef on grid, year kind average\n'
HEAD = 'measure Ce "CO2" = emissions(energy)\n  unit "10^4 t"\n'


def energy(**columns: list[object]) -> dict[str, list[object]]:
    return {**KEYS, **columns}


def numbers(start: float = 1.0) -> list[object]:
    return [start + i for i in range(12)]


def factors() -> GridFactors:
    ef, year = np.array(FACTORS["ef"], dtype=float), np.array(FACTORS["year"], dtype=np.int64)
    return GridFactors([str(g) for g in FACTORS["grid"]], year, ef, "average", "test")


def test_electricity_takes_the_factor_of_its_grid_and_year() -> None:
    data = panel_of(HEAD + LINE, joins=ON, energy=energy(kwh=numbers(), grid=GRID), grids=FACTORS)
    ef = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.9, 0.8, 0.7, 0.6])
    np.testing.assert_allclose(data.column("Ce"), np.arange(1, 13) * 10 * ef, rtol=1e-12)  # 10^8 kWh x t/MWh = 10^5 t
    library = electricity(np.arange(1.0, 13.0), "10^8 kWh", GRID, np.array(YEAR), factors())
    np.testing.assert_allclose(data.column("Ce"), library.values / 1e4, rtol=1e-12)
    assert any("average factors by grid and year, the table `grids`" in n for n in data.measure_report("Ce").notes)


def test_other_names_of_the_keys_and_a_factor_in_the_row() -> None:
    other = {"region": FACTORS["grid"], "y": FACTORS["year"], "ef": FACTORS["ef"]}
    line = LINE.replace("on grid, year", "on grid = region, year = y")
    table = energy(kwh=numbers(), grid=GRID, own=[0.5] * 12)
    named = panel_of(HEAD + line, joins=ON, energy=table, grids=other).column("Ce")
    same = panel_of(HEAD + LINE, joins=ON, energy=table, grids=FACTORS).column("Ce")
    np.testing.assert_array_equal(named, same)
    own = LINE.replace("grids.ef on grid, year", "own")
    np.testing.assert_allclose(panel_of(HEAD + own, joins=ON, energy=table).column("Ce"), 5 * np.arange(1, 13.0))
    number = LINE.replace("grids.ef on grid, year", "0.5").replace("average", "om")
    assert "W818" in told(panel_of(HEAD + number, joins=ON, energy=table), "Ce")


def test_factors_of_years_for_shorter_periods() -> None:
    table = energy(kwh=numbers(), grid=GRID, calendar=[2010, 2010, 2011, 2011] * 3)
    line = LINE.replace("on grid, year", "on grid, calendar = year")
    ef = np.array([0.9, 0.9, 0.8, 0.8, 0.5, 0.5, 0.4, 0.4, 0.9, 0.9, 0.8, 0.8])
    data = panel_of(HEAD + line, joins=ON, energy=table, grids=FACTORS)
    np.testing.assert_allclose(data.column("Ce"), np.arange(1, 13) * 10 * ef, rtol=1e-12)


def test_a_missing_grid_and_year_is_an_error_on_its_line() -> None:
    short = {name: cells[:-1] for name, cells in FACTORS.items()}
    table = energy(kwh=numbers(), grid=GRID)
    found = refused(panel_of(HEAD + LINE, joins=ON, energy=table, grids=short), "Ce")
    assert found.code == "E808"
    assert "South in 2013" in found.message
    assert found.span.line == 10
    assert "`carry nearest`" in " ".join(found.helps)
    carried = panel_of(HEAD + LINE.rstrip() + " carry nearest\n", joins=ON, energy=table, grids=short)
    assert "that of 2012 is taken" in told(carried, "Ce")["W816"].message
    assert carried.column("Ce")[7] == pytest.approx(8 * 10 * 0.3)
    empty = energy(kwh=[None if at == 7 else at + 1.0 for at in range(12)], grid=GRID)
    data = panel_of(HEAD + LINE, joins=ON, energy=empty, grids=short)  # where nothing is known, nothing is needed
    assert np.isnan(data.column("Ce")[7])
    none = energy(kwh=[0.0 if at == 7 else at + 1.0 for at in range(12)], grid=GRID)
    assert panel_of(HEAD + LINE, joins=ON, energy=none, grids=short).column("Ce")[7] == 0


@pytest.mark.parametrize(
    ("change", "grids", "code"),
    [
        ({"grid": [None, *GRID[1:]]}, {}, "E809"),
        ({}, {"ef": [-0.1, *FACTORS["ef"][1:]]}, "E810"),
        ({}, {"year": [2010, 2010, *FACTORS["year"][2:]]}, "E820"),
        ({}, {"year": ["a"] * 8}, "E412"),
        ({"y": ["2010"] * 12}, {"year": [f"y{n}" for n in range(8)]}, "E809"),
        ({}, {"ef": ["x"] * 8}, "E420"),
        ({}, {"grid": [1.0] * 8}, "E412"),
        ({"kwh": [-1.0] * 12}, {}, "E806"),
        ({}, {"year": [2010.5, *FACTORS["year"][1:]]}, "E809"),
    ],
)
def test_what_electricity_refuses(change: dict[str, list[object]], grids: dict[str, list[object]], code: str) -> None:
    table = energy(**{"kwh": numbers(), "grid": list(GRID), **change})
    line = LINE.replace("on grid, year", "on grid, y = year") if "y" in change else LINE
    found = refused(panel_of(HEAD + line, joins=ON, energy=table, grids={**FACTORS, **grids}), "Ce")
    assert found.code == code
    assert found.span.line == 10


def test_no_factor_in_the_row() -> None:
    line = LINE.replace("grids.ef on grid, year", "own")
    table = energy(kwh=numbers(), own=[0.5] * 11 + [None])
    found = refused(panel_of(HEAD + line, joins=ON, energy=table), "Ce")
    assert (found.code, found.span.line) == ("E808", 9)
    assert "C 2013" in found.message


def test_heat_is_the_coal_that_made_it() -> None:
    body = HEAD + '  heat q unit "10^10 kJ" factor 2.53 per tce\n  heat r "More" unit "GJ" factor f per energy\n'
    table = energy(q=[100.0] * 12, r=numbers(1e6), f=[0.0946] * 12)
    data = panel_of(body, joins=ON, energy=table)
    first = heat(np.full(12, 100.0), "10^10 kJ", 2.53, ef_base="tce").values / 1e4
    second = heat(np.array(numbers(1e6), dtype=float), "GJ", 0.0946, ef_base="energy").values / 1e4
    assert first[0] == pytest.approx(12.3478299)  # 10^6 GJ, as printed for 2.53 a kgce
    np.testing.assert_allclose(data.column("Ce"), first + second, rtol=1e-12)
    body = HEAD + '  heat q unit "10^10 kJ" factor 2.53 per tce efficiency e\n'
    found = refused(panel_of(body, joins=ON, energy=energy(q=numbers(), e=[70.0] * 12)), "Ce")
    assert (found.code, found.span.line) == ("E810", 9)


MODES = (
    '  transport road = goods unit "10^8 t km" intensity 60\n'
    '  transport road = people unit "10^8 passenger km" intensity 60\n'
    '  transport rail = goods unit "10^8 t km" energy 0.2 emission e\n'
    '  transport ferry = people unit "10^6 pkm" intensity 30 weight 0.5\n'
)


def modes() -> list[Mode]:
    goods, people, n = np.arange(1.0, 13.0), np.arange(2.0, 14.0), np.zeros(12)
    return [
        Mode("road", goods, "10^8 t km", 60.0, passengers=people, passengers_unit="10^8 passenger km"),
        Mode("rail", goods, "10^8 t km", 0.2, 74.0),
        Mode("ferry", n, "t km", 30.0, 1.0, people, "10^6 pkm", 0.5),
    ]


def test_transport_from_turnover_by_mode() -> None:
    table = energy(goods=numbers(), people=numbers(2), e=[74.0] * 12)
    data = panel_of(HEAD + MODES, joins=ON, energy=table)
    np.testing.assert_allclose(data.column("Ce"), bottom_up(modes(), 12).values / 1e4, rtol=1e-12)
    first = (1e8 * 60 + 0.1 * 2e8 * 60 + 1e8 * 0.2 * 74 + 0.5 * 2e6 * 30) * 1e-6 / 1e4
    assert data.column("Ce")[0] == pytest.approx(first)


def test_a_national_total_is_shared_by_turnover() -> None:
    body = HEAD + MODES + '  apportion national unit "10^8 t"\n'
    national = [float(year) for year in YEAR]
    table = energy(goods=numbers(), people=numbers(2), e=[74.0] * 12, national=national)
    data = panel_of(body, joins=ON, energy=table)
    intensity = bottom_up(modes(), 12).values
    known = apportioned(intensity, np.array(national), "10^8 t", np.array(YEAR)).added.values
    np.testing.assert_allclose(data.column("Ce"), known * 1e4, rtol=1e-12)
    sums = data.column("Ce").reshape(3, 4).sum(axis=0)
    np.testing.assert_allclose(sums, np.array(national[:4]) * 1e4, rtol=1e-12)
    table = energy(goods=numbers(), people=numbers(2), e=[74.0] * 12, national=numbers())
    found = refused(panel_of(body, joins=ON, energy=table), "Ce")
    assert (found.code, found.span.line) == ("E811", 13)


def test_missing_turnover_is_missing_or_counts_as_zero() -> None:
    table = energy(goods=[None, *numbers()[1:]], people=numbers(2), e=[74.0] * 12)
    data = panel_of(HEAD + MODES, joins=ON, energy=table)
    assert np.isnan(data.column("Ce")[0])
    data = panel_of(HEAD + "  na zero\n" + MODES, joins=ON, energy=table)
    told(data, "Ce")
    said = [notice.message for notice in data.notices if notice.code == "W814"]
    assert len(said) == 2
    assert "freight by road: missing in 1 row (A 2010)" in said[0]
    assert data.column("Ce")[0] == pytest.approx((0.1 * 2e8 * 60 + 0.5 * 2e6 * 30) * 1e-6 / 1e4)


BODY = (
    f'{HEAD}  base final\n  transport excluded\n  fuel raw_coal = coal unit "10^4 t"\n'
    f'  fuel natural_gas = gas "Gas" unit "10^8 m3"\n{LINE}{MODES}  heat gas unit "10^10 kJ" factor 1.98 per raw\n'
    '  add cement "Cement" = coal * 0.1 unit "10^4 t"\n  add coal * 0.2 "Lime kilns" unit "10^4 t"\n'
)
PARTS = ("fuels", "raw_coal", "Gas", "electricity", "transport", "heat", "cement", "`Lime kilns`")
NAMES = tuple(f"Ce.{part}" for part in PARTS)


def whole(more: str = "", body: str = BODY) -> PanelData:
    table = energy(coal=numbers(), gas=numbers(3), kwh=numbers(), grid=list(GRID))
    table |= {"goods": numbers(), "people": numbers(2), "e": [74.0] * 12}
    used = "".join(f"var v{at} = {name}\n" for at, name in enumerate(NAMES))
    return panel_of(body, joins=ON, more=used + more, energy=table, grids=FACTORS)


def test_components_are_variables_that_add_up() -> None:
    data = whole()
    fuels, coal, gas, power, moved, warm, cement, lime = (data.column(name) for name in NAMES)
    np.testing.assert_allclose(fuels, coal + gas, rtol=1e-14)
    np.testing.assert_allclose(coal, np.arange(1, 13) * COAL, rtol=1e-12)
    np.testing.assert_allclose(lime, np.arange(1, 13) * 0.2, rtol=1e-12)
    total = fuels + power + moved + warm + cement + lime
    np.testing.assert_allclose(data.column("Ce"), total, rtol=1e-13)


def test_winsorizing_the_total_leaves_the_components() -> None:
    plain, limited = whole(), whole("winsorize Ce, Ce.heat at 10%, 90%\n")
    assert (plain.column("Ce") != limited.column("Ce")).any()
    for name in NAMES:
        same = np.array_equal(plain.column(name), limited.column(name))
        assert same is (name != "Ce.heat")


def test_carbon_and_units_hold_for_components_too() -> None:
    carbon = whole(body=BODY.replace('unit "10^4 t"\n  base', 'unit "t"\n  gas c\n  base', 1))
    plain = whole()
    for name in ("Ce", *NAMES):
        wanted = plain.column(name) * 1e4 * 12 / 44
        np.testing.assert_allclose(carbon.column(name), wanted, rtol=1e-12)


def test_components_come_along_a_join_of_several_rows() -> None:
    rows = {"unit": ["A", "A", "B"], "year": [2010, 2010, 2013], "coal": [1.0, 2.0, 4.0], "gas": [1.0, None, 1.0]}
    body = HEAD + '  fuel raw_coal = coal unit "10^4 t"\n  add gas "Gas"\n'
    data = panel_of(body + "var a = Ce.fuels\nvar b = Ce.Gas\n", joins=ON, energy=rows)
    assert data.column("a")[0] == pytest.approx(3 * COAL)
    assert np.isnan(data.column("b")[0])
    assert np.isnan(data.column("Ce")[0])
    assert data.column("b")[7] == 1.0
