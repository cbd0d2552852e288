"""The panels of the tests' oracles: arrays by column, groups by unit and clock, designs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.oracle.conftest import Panel, _columns, _grunfeld

HERE = Path(__file__).parent
TERMS = {
    "grunfeld": ("inv", ("value", "capital")),
    "unbalanced": ("inv", ("value", "capital")),
    "produc": ("gsp", ("pcap", "pc", "emp", "unemp")),
    "empluk": ("emp", ("wage", "capital")),
}
UNIT = {"grunfeld": "firm", "unbalanced": "firm", "produc": "state", "empluk": "firm"}


@cache
def panel(name):
    """One of grunfeld, unbalanced (189 of its rows), produc (48 states, 17 years), empluk (140 firms, 7 to 9 years)."""
    if name == "grunfeld":
        return _grunfeld(lambda firm, year: year > 0)
    if name == "unbalanced":
        return _grunfeld(lambda firm, year: ~((firm == 1) & (year < 1940)) & ~((firm == 3) & (year > 1948)))
    return Panel(_columns(HERE / f"{name}.csv"), UNIT[name], "year", *TERMS[name])


def series(name, variable):
    """(values, unit, period, variable) as the tests of series take them."""
    made = panel(name)
    return made.columns[variable], made.groups(made.unit), made.clock(), variable


def design(name, *effects):
    """The regression of the panel with effects "unit", "year"."""
    made = panel(name)
    return made.design(tuple(made.unit if effect == "unit" else effect for effect in effects))
