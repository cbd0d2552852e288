"""The simulated panel's ready columns, computed there by other code, from its raw ones, to the digits written."""

import csv
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pytest

from carbonspec.econometrics.measures.components import Added, Fuel
from carbonspec.econometrics.measures.deflation import deflate
from carbonspec.econometrics.measures.electricity import GridFactors, electricity
from carbonspec.econometrics.measures.emissions import emissions
from carbonspec.econometrics.measures.heat import heat
from carbonspec.econometrics.measures.index import composite_index
from carbonspec.econometrics.measures.indicators import Indicator
from carbonspec.econometrics.measures.keys import panel_keys
from carbonspec.econometrics.measures.stock import stock
from carbonspec.econometrics.measures.transport import Mode, apportioned, transport_intensity

DATA = Path(__file__).parents[3] / "specs" / "data"
SOLID = ("raw_coal", "cleaned_coal", "coke", "crude_oil", "gasoline", "kerosene", "diesel", "fuel_oil", "lpg")
GRAMS = {"rail": 7.0, "road": 62.0, "water": 9.0, "air": 820.0}
PUBLISHED = Path(__file__).parents[3] / "specs" / "published" / "table_01_index_weights.csv"
NAMES = (
    "foreign_firms", "registered_capital", "foreign_investment", "labour_abroad", "foreign_contracts",
    "tourism_revenue", "trade_dependence", "science_spending", "free_trade_zone",
)  # fmt: skip


@pytest.fixture(scope="module")
def provinces():
    with (DATA / "provinces.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.fixture(scope="module")
def keys(provinces):
    return panel_keys(provinces["province"], [int(year) for year in provinces["year"]])


@pytest.fixture(scope="module")
def energy(provinces):
    table = parquet.read_table(DATA / "energy.parquet").to_pydict()
    at = {key: row for row, key in enumerate(zip(table["province"], table["year"], strict=True))}
    order = [at[key] for key in zip(provinces["province"], map(int, provinces["year"]), strict=True)]
    return {name: np.array(column)[order] for name, column in table.items()}


def numbers(provinces, name):
    return np.array([float(cell) if cell else np.nan for cell in provinces[name]])


def same_digits(found, provinces, name):
    """Each value agrees with the written one to half a unit of its last digit."""
    for value, text in zip(found.tolist(), provinces[name], strict=True):
        digits = len(text.partition(".")[2])
        assert value == pytest.approx(float(text), abs=0.51 * 10.0**-digits, rel=1e-12)


def fuels(energy):
    solid = [Fuel(key, energy[key], "10^4 t") for key in SOLID]
    return [*solid, *(Fuel(key, energy[key], "10^8 m3") for key in ("natural_gas", "coke_oven_gas"))]


def test_ce(provinces, energy):
    seen = dict.fromkeys(
        zip(energy["grid"].tolist(), energy["year"].tolist(), energy["grid_factor"].tolist(), strict=True)
    )
    table = GridFactors(
        [grid for grid, _, _ in seen],
        np.array([year for _, year, _ in seen]),
        np.array([factor for _, _, factor in seen]),
        "average",
        "simulated",
    )
    power = electricity(energy["electricity"], "10^8 kWh", energy["grid"].tolist(), energy["year"], table)
    moved = apportioned(energy["turnover_intensity"], energy["national_transport"], "10^4 t", energy["year"])
    warm = heat(
        energy["heat_supply"],
        "10^10 kJ",
        energy["raw_coal_factor"],
        ef_base="energy",
        efficiency=energy["heat_efficiency"],
    )
    found = emissions(fuels(energy), [power, moved.added, warm], base="final", transport_excluded=True)
    same_digits(found.total, provinces, "Ce")
    assert not found.notices
    assert found.names == (*SOLID, "natural_gas", "coke_oven_gas", "Electricity", "Transport", "Heat")


def test_ce_with_components_computed_outside(provinces, energy):
    """Electricity in 10^8 kWh times t/MWh is in 10^5 t; heat in 10^10 kJ times t/GJ in 10^4 t."""
    shares = energy["turnover_intensity"] / np.bincount(energy["year"], energy["turnover_intensity"])[energy["year"]]
    added = [
        Added("Electricity", energy["electricity"] * energy["grid_factor"], "10^5 t", "electricity"),
        Added("Transport", energy["national_transport"] * shares, "10^4 t", "transport"),
        Added("Heat", energy["heat_supply"] / energy["heat_efficiency"] * energy["raw_coal_factor"], "10^4 t", "heat"),
    ]
    found = emissions(fuels(energy), added, base="final")
    same_digits(found.total, provinces, "Ce")
    assert [n.kind for n in found.notices] == ["W813"]


def test_turnover_intensity(energy):
    modes = [
        Mode(m, energy[f"{m}_freight"], "10^8 t km", grams, 1.0, energy[f"{m}_passengers"], "10^8 passenger km")
        for m, grams in GRAMS.items()
        if m in ("road", "air")
    ]
    modes += [
        Mode(m, energy[f"{m}_freight"], "10^8 t km", GRAMS[m], 1.0, energy[f"{m}_passengers"], "10^8 passenger km")
        for m in ("rail", "water")
    ]
    found = transport_intensity(modes, len(energy["year"])) / 100  # t CO2 -> 10^8 g
    ratio = found / energy["turnover_intensity"]
    np.testing.assert_allclose(ratio, ratio.mean(), rtol=1e-4)


def test_open_and_the_printed_weights(provinces, keys):
    X = np.column_stack([numbers(provinces, name) for name in NAMES])
    sample = numbers(provinces, "year") >= 2012
    found = composite_index(X, [Indicator(name) for name in NAMES], sample=sample)
    same_digits(found.values, provinces, "Open")
    with PUBLISHED.open(encoding="utf-8") as file:
        printed = [float(row["weight"]) for row in csv.DictReader(file)]
    np.testing.assert_allclose([line.weight for line in found.weights], printed, atol=0.51e-4)
    assert {(n.kind, n.subject) for n in found.notices} >= {("W837", NAMES[8]), ("W838", NAMES[8])}


def test_tech(provinces, keys):
    spending, price = numbers(provinces, "tech_spending"), numbers(provinces, "investment_price")
    real = deflate(spending, price, keys, kind="chain", base=2010).real
    found = stock(real, keys, growth=0.05, depreciation=0.15, initial="paper", base=2010)
    same_digits(found.values, provinces, "Tech")
