"""Emission factors: every printed digit of the two named sets, and what the user may change."""

import numpy as np
import pytest

from carbonspec.econometrics.measures.components import Fuel
from carbonspec.econometrics.measures.emissions import emissions
from carbonspec.econometrics.measures.factors import FactorSet, FuelFactor, factor_set
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.user_factors import factor_table

NAN = float("nan")
PRINTED = {
    "raw_coal": (1.9779, 1.9003),
    "cleaned_coal": (2.4921, 2.2827),
    "other_washed_coal": (0.7911, None),
    "briquette": (1.7150, 1.9474),
    "coke": (3.0444, 2.8604),
    "coke_oven_gas": (7.4208, 8.2451),
    "blast_furnace_gas": (9.7687, None),
    "converter_gas": (14.4493, None),
    "other_gas": (2.3190, 2.3148),
    "other_coking": (2.6985, None),
    "crude_oil": (3.0665, 3.0202),
    "gasoline": (2.9848, 2.9251),
    "kerosene": (3.0953, 3.0179),
    "diesel": (3.1591, 3.0959),
    "fuel_oil": (3.2352, 3.1705),
    "lpg": (3.1646, 3.1013),
    "refinery_gas": (2.6512, 3.0119),
    "other_petroleum": (3.0665, 3.0052),
    "natural_gas": (21.8403, 21.6219),
}
TABLE_1_4 = {
    "coking_coal": 94600, "diesel": 74100, "fuel_oil": 77400, "natural_gas": 56100, "coke": 107000,
    "coke_oven_gas": 44400, "blast_furnace_gas": 260000, "lpg": 63100, "refinery_gas": 57600,
}  # fmt: skip


def raised(code):
    return pytest.raises(MeasureError, match=f"^{code} ")


@pytest.mark.parametrize("fuel", PRINTED)
def test_both_sets_at_the_printed_digits(fuel):
    for name, printed in zip(("ipcc2006", "ndrc"), PRINTED[fuel], strict=True):
        if printed is None:
            with raised("E804"):
                factor_set(name).factor(fuel)
        else:
            assert factor_set(name).factor(fuel).per_amount() == pytest.approx(printed, abs=0.5e-4)


@pytest.mark.parametrize("fuel", TABLE_1_4)
def test_carbon_contents_agree_with_the_default_factors_per_energy(fuel):
    """IPCC 2006, Table 1.4, kg CO2 per TJ, rounded to three digits there."""
    assert factor_set("ipcc2006").factor(fuel).per_energy() * 1e6 == pytest.approx(TABLE_1_4[fuel], rel=2.5e-3)


def test_an_unknown_fuel_lists_the_keys_and_the_nearest():
    with raised("E801") as caught:
        factor_set("ipcc2006").factor("raw_cole")
    assert caught.value.facts["suggestion"] == "raw_coal"
    assert set(PRINTED) <= set(caught.value.facts["known"])
    assert "blast_furnace_gas" in caught.value.message


def test_an_unknown_set_is_refused():
    with raised("E800") as caught:
        factor_set("ipcc2016")
    assert caught.value.facts["suggestion"] == "ipcc2006"


def test_a_fuel_has_its_chinese_name_too():
    known = factor_set("ipcc2006")
    assert known.factor("原煤") == known.factor("raw_coal")


def test_a_fuel_left_open_takes_the_users_factor_and_names_its_source():
    with raised("E804"):
        emissions([Fuel("converter_gas", np.ones(1), "10^4 m3")], base="final", factors="ndrc")
    own = FuelFactor("10^4 m3", ncv=8000, carbon=50.0, oxidised=0.9)
    found = factor_set("ndrc").supplied({"converter_gas": own}, "plant survey 2019")
    result = emissions([Fuel("converter_gas", np.ones(1), "10^4 m3")], base="final", factors=found, unit="t")
    assert result.total[0] == pytest.approx(8000 * 1e-5 * 50 * 0.9 * 44 / 12, rel=1e-14)
    assert result.lines[0].source == "plant survey 2019"
    assert "converter_gas from plant survey 2019" in result.provenance[0]


def test_a_fuel_without_a_calorific_value_takes_energy_or_the_users_value():
    with raised("E804"):
        emissions([Fuel("anthracite", np.ones(1), "t")], base="final")
    in_energy = emissions([Fuel("anthracite", np.ones(1), "TJ")], base="final", unit="t")
    assert in_energy.total[0] == pytest.approx(26.8 * 44 / 12, rel=1e-14)
    known = factor_set("ipcc2006").with_calorific({"anthracite": 27000}, "own")
    assert known.factor("anthracite").per_amount() == pytest.approx(27000e-6 * 26.8 * 44 / 12)


def test_another_oxidised_share_scales_the_factor_and_is_named():
    full, part = factor_set("ipcc2006"), factor_set("ipcc2006").with_oxidation(0.94)
    assert part.factor("coke").per_amount() == pytest.approx(0.94 * full.factor("coke").per_amount())
    assert "0.94 for all fuels" in part.provenance
    some = full.with_oxidation({"coke": 0.9})
    assert some.factor("diesel") == full.factor("diesel")
    assert some.factor("coke").oxidised == 0.9


@pytest.mark.parametrize(
    "numbers", [{"ncv": 0.0}, {"carbon": -1.0}, {"oxidised": 1.2}, {"oxidised": 0.0}, {"direct": -2.0}, {"ncv": NAN}]
)
def test_impossible_numbers_are_refused(numbers):
    with raised("E810"):
        FuelFactor("t", **numbers)


def test_a_users_table():
    columns = {"ncv": [20000, NAN, NAN], "carbon": [26.0, NAN, NAN], "oxidised": [0.9, NAN, NAN]}
    known = factor_table("mine", "Shan et al. 2018", ["a", "b", "c"], ["t"] * 3, {**columns, "direct": [NAN, 2.5, NAN]})
    assert known.factor("a").per_amount() == pytest.approx(20000e-6 * 26 * 0.9 * 44 / 12)
    assert known.factor("b").per_amount() == 2.5
    with raised("E804"):
        known.factor("c")
    with raised("E820"):
        factor_table("mine", "", ["a", "a"], ["t", "t"], {"direct": [1.0, 2.0]})
    with raised("E819"):
        factor_table("mine", "", ["a", "b"], ["t", "t"], {"direct": [1.0]})
    with raised("E800"):
        factor_table("mine", "", ["a"], ["t"], {"heat": [1.0]})
    with raised("E802"):
        factor_table("mine", "", ["a"], ["10^3 m3"], {"direct": [1.0]})
    assert isinstance(known, FactorSet)
