"""Printed numbers of the fuels, as the sources have them."""

from __future__ import annotations

from carbonspec.record import Record


class Printed(Record):
    """A fuel: key, Chinese name, per "t" or "10^4 m3", calorific value (kJ/kg, kJ/m3), IPCC 2006 kgC/GJ."""

    key: str
    chinese: str
    per: str
    ncv: float
    carbon: float


FUELS = (
    Printed("raw_coal", "原煤", "t", 20908, 25.8),
    Printed("cleaned_coal", "洗精煤", "t", 26344, 25.8),
    Printed("other_washed_coal", "其他洗煤", "t", 8363, 25.8),
    Printed("briquette", "型煤", "t", 17584, 26.6),
    Printed("coke", "焦炭", "t", 28435, 29.2),
    Printed("coke_oven_gas", "焦炉煤气", "10^4 m3", 16726, 12.1),
    Printed("blast_furnace_gas", "高炉煤气", "10^4 m3", 3763, 70.8),
    Printed("converter_gas", "转炉煤气", "10^4 m3", 7945, 49.6),
    Printed("other_gas", "其他煤气", "10^4 m3", 5227, 12.1),
    Printed("other_coking", "其他焦化产品", "t", 33453, 22.0),
    Printed("crude_oil", "原油", "t", 41816, 20.0),
    Printed("gasoline", "汽油", "t", 43070, 18.9),
    Printed("kerosene", "煤油", "t", 43070, 19.6),
    Printed("diesel", "柴油", "t", 42652, 20.2),
    Printed("fuel_oil", "燃料油", "t", 41816, 21.1),
    Printed("lpg", "液化石油气", "t", 50179, 17.2),
    Printed("refinery_gas", "炼厂干气", "t", 46055, 15.7),
    Printed("other_petroleum", "其他石油制品", "t", 41816, 20.0),
    Printed("natural_gas", "天然气", "10^4 m3", 38931, 15.3),
)
"""Calorific values of the China Energy Statistical Yearbook and GB/T 2589-2008 (built on 4.1816 kJ/kcal; the edition
of 2020 uses 4.1868: raw coal 20934, crude oil 41868). For gases the standard prints ranges (natural gas 32238-38931,
coke-oven gas 16726-17981 kJ/m3)."""

CARBON_ONLY = {
    "anthracite": ("t", 26.8),
    "coking_coal": ("t", 25.8),
    "other_bituminous_coal": ("t", 25.8),
    "sub_bituminous_coal": ("t", 26.2),
    "lignite": ("t", 27.6),
    "patent_fuel": ("t", 26.6),
    "gas_coke": ("t", 29.2),
    "jet_kerosene": ("t", 19.5),
    "naphtha": ("t", 20.0),
    "lubricants": ("t", 20.0),
    "bitumen": ("t", 22.0),
    "petroleum_coke": ("t", 26.6),
    "natural_gas_liquids": ("t", 17.5),
    "gas_works_gas": ("10^4 m3", 12.1),
    "coal_tar": ("t", 22.0),
}
"""More of IPCC 2006, Table 1.3, without a Chinese calorific value: amounts in energy, or the user's value."""

NDRC = {
    "raw_coal": (26.37, 0.94),
    "cleaned_coal": (25.41, 0.93),
    "briquette": (33.56, 0.90),
    "coke": (29.5, 0.93),
    "coke_oven_gas": (13.58, 0.99),
    "other_gas": (12.2, 0.99),
    "crude_oil": (20.1, 0.98),
    "gasoline": (18.9, 0.98),
    "kerosene": (19.5, 0.98),
    "diesel": (20.2, 0.98),
    "fuel_oil": (21.1, 0.98),
    "lpg": (17.2, 0.98),
    "refinery_gas": (18.2, 0.98),
    "other_petroleum": (20.0, 0.98),
    "natural_gas": (15.3, 0.99),
}
"""kgC/GJ and oxidised share of the guide of 2011, second hand. It has none for the other fuels."""

RAW_COAL_NCV = 20.908
"""GJ per t of raw coal."""
RAW_COAL_TCE = 0.7143
"""t of coal equivalent per t of raw coal, as the yearbook prints it."""
