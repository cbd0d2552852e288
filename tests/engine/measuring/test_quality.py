"""`quality(T)`: from customs records to a value for each unit and period."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.measuring.studies import UNITS, YEARS, panel_of, refused, told

from carbonspec.econometrics.measures.customs import in_memory
from carbonspec.econometrics.measures.quality import Choices, export_quality
from carbonspec.econometrics.measures.screens import Screens

ON = "  join customs on unit, year\n"
BODY = "measure Q = quality(customs)\n  product hs6\n  quantity kg\n  value usd\n"
HS = ("010110", "020220", "270900", "850110")


def customs(**changes: list[object]) -> dict[str, list[object]]:
    draw = np.random.default_rng(7)
    rows = [(unit, year, code) for unit in UNITS for year in YEARS[1:] for code in HS]
    return {
        "unit": [unit for unit, _, _ in rows],
        "year": [year for _, year, _ in rows],
        "hs6": [code for _, _, code in rows],
        "kg": [float(v) for v in draw.lognormal(3, 1, len(rows))],
        "usd": [float(v) for v in draw.lognormal(5, 1, len(rows))],
        **changes,
    }


def direct(table: dict[str, list[object]], sigma: object, **choices: object) -> np.ndarray:
    records = in_memory(table["hs6"], table["unit"], table["year"], table["kg"], table["usd"])
    found = export_quality(records, Choices(sigma, **choices))  # type: ignore[arg-type]
    values = np.full((3, 4), np.nan)
    values[:, 1:] = found.values
    return values.ravel()


def test_quality_lands_on_its_unit_and_period() -> None:
    table = customs()
    found = panel_of(BODY + "  sigma 5\n", joins=ON, customs=table).column("Q")
    np.testing.assert_allclose(found, direct(table, 5.0), rtol=1e-12)
    assert np.isnan(found[0])  # no records in the first year


@pytest.mark.parametrize(
    ("clauses", "choices"),
    [
        ("  effects hs6, time\n", {"effects": "h + t"}),
        ("  effects year, hs6\n", {"effects": "h + t"}),
        ("  effects hs6^year\n", {"effects": "h^t"}),
        ("  effects hs6, unit^time\n  scale hs6\n", {"within": "h"}),
        ("  effects id^year, hs6\n  scale hs6^time\n", {}),
    ],
)
def test_effects_and_scale_in_the_tables_own_names(clauses: str, choices: dict[str, str]) -> None:
    table = customs()
    found = panel_of(BODY + "  sigma 5\n" + clauses, joins=ON, customs=table).column("Q")
    np.testing.assert_allclose(found, direct(table, 5.0, **choices), rtol=1e-12)


def test_elasticities_from_a_column_and_from_another_table() -> None:
    sigma = dict(zip(HS, (3.0, 4.0, 6.0, 2.5), strict=True))
    table = customs()
    table["s"] = [sigma[str(code)] for code in table["hs6"]]
    wanted = direct(table, sigma)
    np.testing.assert_allclose(panel_of(BODY + "  sigma s\n", joins=ON, customs=table).column("Q"), wanted)
    broda = {"code": ["01", "020220", "0202", "27", "8501"], "sigma": [3.0, 4.0, 9.0, 6.0, 2.5]}
    body = BODY + "  sigma broda.sigma on code\n"
    np.testing.assert_allclose(panel_of(body, joins=ON, customs=table, broda=broda).column("Q"), wanted)


@pytest.mark.parametrize(
    ("broda", "code"),
    [
        ({"hs6": list(HS[:3]), "sigma": [3.0, 4.0, 6.0]}, "E851"),
        ({"hs6": list(HS), "sigma": [3.0, 4.0, 6.0, 0.8]}, "E852"),
        ({"hs6": [*HS, HS[0]], "sigma": [3.0, 4.0, 6.0, 2.5, 2.6]}, "E853"),
        ({"hs6": list(HS), "sigma": ["a", "b", "c", "d"]}, "E420"),
        ({"hs6": list(HS), "elasticity": [3.0, 4.0, 6.0, 2.5]}, "E210"),
    ],
)
def test_elasticities_that_cannot_be_used_point_at_sigma(broda: dict[str, list[object]], code: str) -> None:
    body = BODY + "  sigma broda.sigma\n"
    if code == "E210":
        with pytest.raises(AssertionError, match=code):
            panel_of(body, joins=ON, customs=customs(), broda=broda)
        return
    found = refused(panel_of(body, joins=ON, customs=customs(), broda=broda), "Q")
    assert found.code == code
    assert found.span is not None
    assert "broda.sigma" in found.span.text


def test_products_without_elasticity_may_take_the_median() -> None:
    broda = {"hs6": list(HS[:3]), "sigma": [3.0, 4.0, 6.0]}
    body = BODY + "  sigma broda.sigma\n  unmatched median\n"
    assert "W851" in told(panel_of(body, joins=ON, customs=customs(), broda=broda), "Q")


def test_repeated_keys_and_screens() -> None:
    table = customs()
    twice = {name: [*cells, cells[0]] for name, cells in table.items()}
    found = refused(panel_of(BODY + "  sigma 5\n", joins=ON, customs=twice), "Q")
    assert found.code == "E850"
    assert found.span is not None
    assert found.span.text == "hs6"
    kept = panel_of(BODY + "  sigma 5\n  repeats keep\n", joins=ON, customs=twice)
    assert "W854" in told(kept, "Q")
    table["usd"] = [-1.0, *table["usd"][1:]]
    data = panel_of(BODY + '  sigma 5\n  least value = 1, rows = 2\n  homogeneous "27"\n', joins=ON, customs=table)
    assert "N856" in told(data, "Q")
    entry = next(entry for entry in data.ledger() if entry.step == "measure Q")
    assert entry.rows_before == 36
    assert entry.rows_after < 36 - 9
    strict = panel_of(BODY + "  sigma 5\n  unusable error\n", joins=ON, customs=table)
    assert refused(strict, "Q").code == "E854"


def test_fixed_weights_of_years() -> None:
    table = customs()
    data = panel_of(BODY + "  sigma 5\n  weights 2011, 2012\n", joins=ON, customs=table)
    records = in_memory(table["hs6"], table["unit"], table["year"], table["kg"], table["usd"])
    wanted = export_quality(records, Choices(5.0, base=(2011, 2012))).values
    np.testing.assert_allclose(data.column("Q").reshape(3, 4)[:, 1:], wanted)
    wrong = panel_of(BODY + "  sigma 5\n  weights 2009\n", joins=ON, customs=table)
    assert refused(wrong, "Q").code == "E857"


def test_records_of_nobody_in_the_panel() -> None:
    table = customs()
    table["unit"] = [f"province {unit}" for unit in table["unit"]]
    data = panel_of(BODY + "  sigma 5\n", joins=ON, customs=table)
    assert np.isnan(data.column("Q")).all()
    assert "W448" in told(data, "Q")


def test_unit_values_beyond_their_products_quantiles_leave() -> None:
    table = customs()
    data = panel_of(BODY + "  sigma 5\n  unit_values 20%, 80%\n", joins=ON, customs=table)
    screens = Screens(trim=(0.2, 0.8))
    found = direct(table, 5.0, screens=screens)
    np.testing.assert_allclose(data.column("Q"), found, rtol=1e-12)
    assert np.nanmax(np.abs(direct(table, 5.0) - found)) > 0.01
    assert "unit value outside" in told(data, "Q")["N856"].message


def test_elasticities_of_text_are_called_as_the_spec_calls_them() -> None:
    table = customs(kind=["x"] * 36)
    found = refused(panel_of(BODY + "  sigma kind\n", joins=ON, customs=table), "Q")
    assert (found.code, found.span.text) == ("E420", "kind")
    assert "`kind`" in found.message
