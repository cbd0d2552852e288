"""Wrong specs and what the user is told: the whole text, read once as a user would (`--update-golden` rewrites it)."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbonspec.diagnostics.codes.all import CODES
from carbonspec.diagnostics.model import Checked, Diagnostic
from carbonspec.diagnostics.renderers.full import render
from carbonspec.econometrics import catalogue as econometrics
from carbonspec.lang.parse import clean
from carbonspec.lang.resolve.study import resolve
from carbonspec.lang.resolve.tables import declared_tables
from carbonspec.lang.rules.lint import lint
from carbonspec.lang.variants.chain import parse_whole
from carbonspec.lang.variants.overrides import explained
from carbonspec.report import catalogue as report
from carbonspec.signature import Catalogue
from carbonspec.source import Source

FOLDER = Path(__file__).parent / "bad"
SPECS = sorted(FOLDER.glob("*.cspec"))
CATALOGUE = Catalogue((*econometrics.ENTRIES, *report.ENTRIES))
HEADERS = {
    "data/provinces.csv": (
        "province", "year", "co2", "gdp", "trade", "energy_use", "population", "Ind", "region", "coastal", "adopted"
    ),
    "data/energy.csv": ("province", "year", "coal", "gas", "gdp"),
    "data/grids.csv": ("grid", "year", "ef"),
    "data/customs.csv": ("province", "year", "hs6", "kg", "usd"),
    "data/broda.csv": ("hs6", "sigma"),
    "data/省份.csv": ("省份", "年份", "碳排放", "进出口", "生产总值", "人口"),
}  # fmt: skip
"""The columns of the data these specs speak of; other files are not there."""


def check(name: str, text: str) -> tuple[Diagnostic, ...]:
    """Everything that `carbonspec check` finds without reading data."""
    parsed = parse_whole(Source(name, clean(text)), lambda base: (FOLDER / base).read_bytes())
    known = {table.name: HEADERS.get(table.location.removeprefix("bases/")) for table in declared_tables(parsed.value)}
    resolved: Checked[object] = resolve(parsed.value, CATALOGUE, known)
    found = (*parsed.diagnostics, *resolved.diagnostics)
    if parsed.ok and resolved.ok:
        found += lint(resolved.value)
    return explained(found, parsed.value)


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_message(spec: Path, request: pytest.FixtureRequest) -> None:
    found = check(spec.name, spec.read_text(encoding="utf-8"))
    got = render(found)
    expected = spec.with_suffix(".txt")
    if request.config.getoption("--update-golden"):
        expected.write_text(got, encoding="utf-8")
    assert got == expected.read_text(encoding="utf-8")
    code = spec.stem.split("_")[0]
    if code in CODES:
        assert code in {diagnostic.code for diagnostic in found}


def test_there_are_enough_of_them() -> None:
    assert len(SPECS) >= 200


def test_every_code_said_is_explained() -> None:
    said = {d.code for spec in SPECS for d in check(spec.name, spec.read_text(encoding="utf-8"))}
    assert said <= set(CODES)


def test_every_code_of_the_language_is_shown() -> None:
    """Each code of names, formulas and lints has a spec that provokes it."""
    said = {d.code for spec in SPECS for d in check(spec.name, spec.read_text(encoding="utf-8"))}
    wanted = {code for code in CODES if code[1] in "237" or code == "E900"}
    assert wanted - said == set()
