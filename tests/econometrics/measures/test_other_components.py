"""Electricity, transport and heat."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from carbonspec.econometrics.measures.electricity import GridFactors, electricity, grid_of
from carbonspec.econometrics.measures.heat import heat
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.transport import Mode, apportioned, bottom_up, transport_intensity, turnover

NAN = float("nan")
TABLE = GridFactors(
    ["N", "N", "E", "E"], np.array([2012, 2015, 2012, 2013]), np.array([0.9, 0.8, 0.7, 0.6]), "average", "own"
)


def raised(code):
    return pytest.raises(MeasureError, match=f"^{code} ")


def test_electricity_by_grid_and_year():
    found = electricity(np.array([1.0, 2.0]), "10^4 kWh", ("N", "E"), np.array([2012, 2013]), TABLE)
    assert found.values.tolist() == pytest.approx([10 * 0.9, 20 * 0.6])
    assert (found.unit, found.source) == ("t", "electricity")
    assert "average factors by grid and year, own" in found.provenance[0]


def test_a_unit_in_two_grids():
    regions = grid_of(["Inner Mongolia", "Hebei"], {"Inner Mongolia": {"N": 0.25, "E": 0.75}, "Hebei": "N"})
    found = electricity(np.ones(2), "MWh", regions, np.array([2012, 2012]), TABLE)
    assert found.values.tolist() == pytest.approx([0.25 * 0.9 + 0.75 * 0.7, 0.9])
    with raised("E811"):
        electricity(np.ones(1), "MWh", ({"N": 0.5, "E": 0.6},), np.array([2012]), TABLE)
    with raised("E809") as caught:
        grid_of(["Hebie"], {"Hebei": "N"})
    assert caught.value.facts["suggestion"] == "Hebei"


def test_a_missing_year_is_refused_or_carried_and_reported():
    years, regions = np.array([2013, 2014, 2014, 2020]), ("N", "N", "E", "E")
    with raised("E808") as caught:
        electricity(np.ones(4), "MWh", regions, years, TABLE)
    assert caught.value.facts["missing"] == (("N", 2013), ("N", 2014), ("E", 2014), ("E", 2020))
    found = electricity(np.ones(4), "MWh", regions, years, TABLE, carry="nearest")
    assert found.values.tolist() == [0.9, 0.8, 0.6, 0.6]
    assert [n.kind for n in found.notices] == ["W816"] * 4
    assert "N has no factor in 2013; that of 2012 is taken in 1 row" in found.notices[0].message
    with raised("E808"):
        electricity(np.ones(1), "MWh", ("S",), np.array([2012]), TABLE, carry="nearest")


def test_of_two_nearest_years_the_earlier_is_carried():
    table = GridFactors(["N", "N"], np.array([2012, 2014]), np.array([0.9, 0.8]), "average", "own")
    assert electricity(np.ones(1), "MWh", ("N",), np.array([2013]), table, carry="nearest").values[0] == 0.9


def test_grid_factors_say_what_they_are():
    def use(kind, source="own", factor=(0.9,), grid=("N",), year=(2012,)):
        table = GridFactors(list(grid), np.array(year), np.array(factor), kind, source)
        return electricity(np.ones(1), "MWh", ("N",), np.array([2012]), table)

    for kind, source in (("", "own"), ("average", "")):
        with raised("E807"):
            use(kind, source)
    with raised("E800"):
        use("mean")
    with raised("E810"):
        use("average", factor=(-0.1,))
    with raised("E820"):
        use("average", factor=(0.1, 0.2), grid=("N", "N"), year=(2012, 2012))
    with raised("E808"):
        use("average", factor=(NAN,))
    assert [n.kind for n in use("om").notices] == ["W818"]
    with raised("E803"):
        electricity(np.ones(1), "t", ("N",), np.array([2012]), TABLE)


def test_turnover_and_bottom_up_by_hand():
    rail = Mode("rail", np.array([10.0]), "10^8 t km", 0.1, 70.0, np.array([5.0]), "10^8 passenger km")
    road = Mode("road", np.array([10.0]), "10^8 t km", 62.0, 1.0, np.array([5.0]), "10^8 passenger km")
    assert turnover(rail, 1)[0] == 15e8
    assert turnover(road, 1)[0] == 10.5e8
    found = bottom_up([rail, road], 1)
    assert found.values[0] == pytest.approx(15e8 * 7e-6 + 10.5e8 * 62e-6)
    assert "a passenger km as 0.1 t km" in found.provenance[0]
    with raised("E807"):
        turnover(Mode("ship", np.ones(1), "t km", 1.0, 1.0, np.ones(1), "passenger km"), 1)
    with raised("E803"):
        turnover(Mode("rail", np.ones(1), "t", 1.0), 1)
    with raised("E806"):
        transport_intensity([Mode("rail", -np.ones(1), "t km", 1.0)], 1)


@given(arrays(np.float64, 12, elements=st.floats(0.01, 1e4)), st.floats(1e-3, 1e3))
def test_shares_add_up_to_one_each_year_and_the_scale_of_intensity_is_free(intensity, scale):
    years, national = np.tile([2012, 2013, 2014], 4), np.tile([100.0, 200.0, 300.0], 4)
    found = apportioned(intensity, national, "10^4 t", years)
    for year, wanted in ((2012, 100.0), (2013, 200.0), (2014, 300.0)):
        assert found.shares[years == year].sum() == pytest.approx(1, rel=1e-12)
        assert found.added.values[years == year].sum() == pytest.approx(wanted, rel=1e-12)
    again = apportioned(scale * intensity, national, "10^4 t", years)
    np.testing.assert_allclose(again.shares, found.shares, rtol=1e-12)


def test_apportioning_needs_one_total_and_something_to_share_by():
    years = np.array([2012, 2012, 2013, 2013])
    with raised("E811"):
        apportioned(np.ones(4), np.array([1.0, 2.0, 3.0, 3.0]), "t", years)
    with raised("E811"):
        apportioned(np.array([1.0, 1.0, 0.0, 0.0]), np.ones(4), "t", years)
    with raised("E806"):
        apportioned(np.array([1.0, -1.0, 1.0, 1.0]), np.ones(4), "t", years)
    with raised("E803"):
        apportioned(np.ones(4), np.ones(4), "MWh", years)


def test_a_missing_intensity_leaves_the_shares_of_its_year_unknown():
    years, weight = np.array([2012, 2012, 2013, 2013]), np.array([1.0, NAN, 1.0, 3.0])
    found = apportioned(weight, np.full(4, 8.0), "t", years)
    assert np.isnan(found.shares).tolist() == [True, True, False, False]
    assert found.added.values[2:].tolist() == [2.0, 6.0]
    assert [n.kind for n in found.added.notices] == ["W815"]
    zero = apportioned(weight, np.full(4, 8.0), "t", years, na="zero")
    assert zero.added.values.tolist() == [8.0, 0.0, 2.0, 6.0]
    assert [n.kind for n in zero.added.notices] == ["W814"]


def test_heat_at_the_anchors():
    Q = np.array([1e6])
    per_raw = 20.908 * 25.8e-3 * 44 / 12
    assert heat(Q, "GJ", 1.0, ef_base="raw").values[0] == pytest.approx(68326.546, abs=5e-4)
    assert heat(Q, "GJ", 1.0, ef_base="tce").values[0] == pytest.approx(48805.652, abs=5e-4)
    assert heat(Q, "GJ", per_raw, ef_base="raw").values[0] == pytest.approx(135142.857, abs=5e-4)
    assert heat(Q, "GJ", 25.8e-3 * 44 / 12, ef_base="energy").values[0] == pytest.approx(135142.857, abs=5e-4)
    assert heat(Q, "GJ", 2.53, ef_base="tce").values[0] == pytest.approx(123478.299, abs=5e-4)
    in_yearbook_units = heat(Q / 1e4, "10^10 kJ", 2.53, ef_base="tce")
    assert in_yearbook_units.values[0] == pytest.approx(123478.299, abs=5e-4)
    assert "efficiency 0.7" in in_yearbook_units.provenance[0]


def test_heat_refuses():
    with raised("E807"):
        heat(np.ones(1), "GJ", 2.53)
    with raised("E800"):
        heat(np.ones(1), "GJ", 2.53, ef_base="coal")
    for efficiency in (0.0, 1.2, -0.7):
        with raised("E810"):
            heat(np.ones(1), "GJ", 2.53, ef_base="raw", efficiency=efficiency)
    with raised("E810"):
        heat(np.ones(1), "GJ", -2.53, ef_base="raw")
    with raised("E806"):
        heat(-np.ones(1), "GJ", 2.53, ef_base="raw")
    with raised("E803"):
        heat(np.ones(1), "t", 2.53, ef_base="raw")
