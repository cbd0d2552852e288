"""Units: what is read, what converts, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.units import SIZES, conversion, parse_unit


@pytest.mark.parametrize(
    ("text", "to", "factor"),
    [
        ("10^4 t", "t", 1e4),
        ("10⁴ t", "t", 1e4),
        ("10 ^ 4 t", "t", 1e4),
        ("10000 t", "10^4 t", 1.0),
        ("万吨", "t", 1e4),
        ("kg", "t", 1e-3),
        ("10^8 m³", "10^4 m3", 1e4),
        ("亿立方米", "10^4 m3", 1e4),
        ("10^8 kWh", "MWh", 1e5),
        ("10^4 kWh", "MWh", 10.0),
        ("10^10 kJ", "GJ", 1e4),
        ("tce", "GJ", 29.307),
        ("10^8 t·km", "t km", 1e8),
        ("10^8 passenger km", "passenger km", 1e8),
    ],
)
def test_conversions_are_exact(text, to, factor):
    assert conversion(text, to, "x") == factor


@given(st.sampled_from(sorted(SIZES)), st.integers(0, 12), st.integers(0, 12))
def test_multiples_of_a_unit_convert_by_their_ratio(symbol, a, b):
    assert conversion(f"10^{a} {symbol}", f"10^{b} {symbol}", "x") == pytest.approx(10.0 ** (a - b), rel=1e-15)


@pytest.mark.parametrize(("text", "near"), [("10^4 T", "t"), ("kwh", "kWh"), ("", ""), ("10^4", ""), ("bushels", "")])
def test_an_unknown_unit_is_refused_with_the_nearest(text, near):
    with pytest.raises(MeasureError) as caught:
        parse_unit(text)
    assert caught.value.code == "E802"
    assert caught.value.facts["suggestion"] == near


def test_another_dimension_is_refused_and_named():
    with pytest.raises(MeasureError, match="natural_gas is in 10\\^4 t, a unit of mass") as caught:
        conversion("10^4 t", "10^4 m3", "natural_gas")
    assert caught.value.code == "E803"
