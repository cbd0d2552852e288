"""Emissions: anchors, laws of units and rows, missing and negative amounts, double counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from carbonspec.econometrics.measures.components import Added, Fuel
from carbonspec.econometrics.measures.emissions import emissions
from carbonspec.econometrics.measures.factors import factor_set
from carbonspec.econometrics.measures.problems import MeasureError

NAN = float("nan")
ONE = np.ones(1)
FUELS = factor_set("ipcc2006").given()[:19]
amounts = arrays(np.float64, 5, elements=st.just(0.0) | st.floats(1e-6, 1e6))


def raised(code):
    return pytest.raises(MeasureError, match=f"^{code} ")


def total(*fuels, **options):
    return emissions(fuels, **{"base": "final", "unit": "t", **options}).total


@pytest.mark.parametrize(
    ("fuel", "unit", "factors", "anchor"),
    [
        ("raw_coal", "t", "ipcc2006", 1.9778968),
        ("raw_coal", "t", "ndrc", 1.9002988),
        ("diesel", "t", "ipcc2006", 3.1590915),
        ("natural_gas", "10^4 m3", "ipcc2006", 21.840291),
        ("raw_coal", "tce", "ipcc2006", 2.7724422),
    ],
)
def test_anchors(fuel, unit, factors, anchor):
    assert total(Fuel(fuel, ONE, unit), factors=factors)[0] == pytest.approx(anchor, abs=5.1e-8)


@given(amounts, st.sampled_from(FUELS))
def test_units_change_nothing(amount, fuel):
    per = factor_set("ipcc2006").factor(fuel).per
    small, large = ("kg", "10^4 t") if per == "t" else ("m3", "10^8 m3")
    factor = (1e3, 1e-4) if per == "t" else (1e4, 1e-4)
    wanted = total(Fuel(fuel, amount, per))
    for unit, times in zip((small, large), factor, strict=True):
        np.testing.assert_allclose(total(Fuel(fuel, amount * times, unit)), wanted, rtol=1e-12)
    energy = factor_set("ipcc2006").factor(fuel).energy_content()
    np.testing.assert_allclose(total(Fuel(fuel, amount * energy, "GJ")), wanted, rtol=1e-12)
    np.testing.assert_allclose(total(Fuel(fuel, amount, per), unit="10^4 t") * 1e4, wanted, rtol=1e-12)


@given(amounts, amounts, st.permutations(range(5)))
def test_rows_stand_alone_and_components_add_up(coal, gas, order):
    fuels = (Fuel("raw_coal", coal, "10^4 t"), Fuel("natural_gas", gas, "10^8 m3"))
    whole = emissions(fuels, [Added("Heat", coal, "t", "heat")], base="final")
    np.testing.assert_allclose(whole.components.sum(axis=1), whole.total, rtol=1e-14)
    assert whole.names == ("raw_coal", "natural_gas", "Heat")
    turned = [Fuel(f.key, f.amount[list(order)], f.unit) for f in fuels]
    again = emissions(turned, [Added("Heat", coal[list(order)], "t", "heat")], base="final")
    np.testing.assert_array_equal(again.total, whole.total[list(order)])


def test_carbon_is_co2_over_the_ratio():
    fuel = Fuel("coke", ONE, "t")
    co2 = total(fuel)
    assert total(fuel, gas="C")[0] == pytest.approx(co2[0] / (44 / 12), rel=1e-15)
    assert total(fuel, ratio="3.67")[0] == pytest.approx(co2[0] * 3.67 * 12 / 44, rel=1e-15)
    assert total(fuel, ratio="3.67", gas="C")[0] == pytest.approx(total(fuel, gas="C")[0], rel=1e-15)


def test_an_added_component_is_converted():
    found = emissions([], [Added("Electricity", np.array([2.0]), "10^5 t", "electricity")])
    assert found.unit == "10^4 t"
    assert found.total[0] == 20.0
    assert found.provenance == ()
    with raised("E803"):
        emissions([], [Added("Electricity", ONE, "MWh", "electricity")])


def test_missing_amounts_are_missing_or_counted_as_zero():
    fuels = [Fuel("raw_coal", np.array([1.0, NAN, NAN]), "t"), Fuel("coke", np.array([1.0, 1.0, NAN]), "t")]
    found = emissions(fuels, base="final", labels=("a 1", "b 1", "c 1"))
    assert np.isnan(found.total).tolist() == [False, True, True]
    assert np.isnan(found.components).tolist() == [[False, False], [True, False], [True, True]]
    assert found.missing == {"raw_coal": 2, "coke": 1}
    assert found.zeros == {}
    assert [n.kind for n in found.notices] == ["W815", "W815"]
    assert "2 rows (b 1, c 1)" in found.notices[0].message
    zero = emissions(fuels, base="final", na="zero")
    assert zero.zeros == {"raw_coal": 2, "coke": 1}
    assert zero.total[2] == 0
    assert [n.kind for n in zero.notices] == ["W814", "W814"]


def test_negative_amounts_are_refused_with_their_rows():
    with raised("E806") as caught:
        total(Fuel("coke", np.array([1.0, -2.0, 3.0, -4.0]), "t"), labels=("a 1", "a 2", "b 1", "b 2"))
    assert caught.value.facts == {"rows": (1, 3), "count": 2, "subject": "coke"}
    assert "2 rows (a 2, b 2)" in caught.value.message


def test_what_is_not_burnt_is_taken_off():
    part = Fuel("crude_oil", np.array([10.0]), "t", excluded=np.array([4.0]))
    assert total(part)[0] == pytest.approx(0.6 * total(Fuel("crude_oil", np.array([10.0]), "t"))[0])
    with raised("E806"):
        total(Fuel("crude_oil", ONE, "t", excluded=np.array([1.5])))


def test_the_base_has_no_default():
    with raised("E807"):
        emissions([Fuel("coke", ONE, "t")])
    with raised("E800"):
        emissions([Fuel("coke", ONE, "t")], base="fianl")


@pytest.mark.parametrize("source", ["electricity", "heat"])
def test_coal_of_plants_counts_twice_under_apparent_consumption(source):
    fuels = [Fuel("raw_coal", np.array([1.0, 0.0, 2.0]), "t")]
    added = [Added("Power", np.array([1.0, 1.0, 1.0]), "t", source)]
    found = emissions(fuels, added, base="apparent", labels=("a", "b", "c"))
    assert [n.kind for n in found.notices] == ["W812"]
    assert "2 rows (a, c)" in found.notices[0].message
    assert not emissions(fuels, added, base="final").notices
    assert not emissions([Fuel("gasoline", np.ones(3), "t")], added, base="apparent").notices


def test_fuels_of_vehicles_count_twice_beside_transport_unless_taken_out():
    fuels, added = [Fuel("diesel", ONE, "t")], [Added("Transport", ONE, "t", "transport")]
    assert [n.kind for n in emissions(fuels, added, base="final").notices] == ["W813"]
    assert not emissions(fuels, added, base="final", transport_excluded=True).notices
    assert not emissions([Fuel("raw_coal", ONE, "t")], added, base="final").notices


def test_provenance_names_the_set_and_cautions():
    found = emissions([Fuel("coke", ONE, "t")], base="final")
    assert "IPCC 2006" in found.provenance[0]
    assert "not the 1996" in found.provenance[0]
    assert found.lines[0].factor == pytest.approx(3.0444e-4, rel=1e-4)
    second_hand = emissions([Fuel("coke", ONE, "t")], base="final", factors="ndrc")
    assert [n.kind for n in second_hand.notices] == ["W817"]


def test_what_cannot_be_added():
    with raised("E821"):
        emissions([])
    with raised("E820"):
        total(Fuel("coke", ONE, "t"), Fuel("coke", ONE, "t"))
    with raised("E819"):
        total(Fuel("coke", ONE, "t"), Fuel("diesel", np.ones(3), "t"))
    with raised("E822"):
        total(Fuel("coke", np.array([np.inf]), "t"))
    with raised("E803"):
        total(Fuel("natural_gas", ONE, "10^4 t"))
    with raised("E802"):
        total(Fuel("coke", ONE, ""))
    with raised("E803"):
        total(Fuel("coke", ONE, "t"), unit="GJ")
    assert len(total(Fuel("coke", ONE, "t"), Fuel("coke", ONE, "t", name="coke of steel works"))) == 1
