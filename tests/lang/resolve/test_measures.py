"""What `measure` and `figure` mean once resolved."""

from __future__ import annotations

import pytest
from tests.lang.resolve.studies import CATALOGUE, checked

from carbonspec.diagnostics.model import Checked
from carbonspec.econometrics.measures.catalogue import FUEL_SORTS, MEASURES, SETS, UNITS
from carbonspec.econometrics.measures.choices import WEIGHTS
from carbonspec.econometrics.measures.factors import SETS as KNOWN_SETS
from carbonspec.econometrics.measures.factors import factor_set
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.units import OTHER_NAMES, SIZES, parse_unit
from carbonspec.lang.parse import parse
from carbonspec.lang.resolve.clauses import CLAUSES
from carbonspec.lang.resolve.measuring.unit_words import dimension
from carbonspec.lang.resolve.names import DECLARES
from carbonspec.lang.resolve.study import resolve
from carbonspec.lang.spec import VARIABLE, Apply, Literal, Measure, Ref, Setting, Spec
from carbonspec.signature import MEASURE
from carbonspec.source import Source

COLUMNS = {
    "firms": ("firm", "year", "y", "x", "z", "coastal"),
    "fuel": ("firm", "year", "coal", "raw_coal", "coke", "gas", "power", "hs6", "kg", "usd"),
}
HEAD = """data firms from "data/firms.csv"
data fuel from "data/fuel.csv"
panel firms
  id firm
  time year
  join fuel on firm, year
"""


def resolved(body: str, columns: dict[str, tuple[str, ...]] | None = None) -> Checked[Spec]:
    """A study on two tables."""
    parsed = parse(Source("study.cspec", HEAD + body))
    assert not parsed.diagnostics, [d.message for d in parsed.diagnostics]
    return resolve(parsed.value, CATALOGUE, COLUMNS if columns is None else columns)


def study(body: str) -> Spec:
    """A study that must be sound."""
    found = resolved(body)
    assert found.ok, [(d.code, d.message) for d in found.diagnostics]
    return found.value


def measure(body: str) -> Measure:
    """The first measure of a sound study."""
    return study(body).measures[0]


def codes(body: str) -> list[str]:
    return [d.code for d in resolved(body).diagnostics if d.severity == "error"]


def settings(found: Measure, word: str) -> list[Setting]:
    return [setting for setting in found.settings if setting.word == word]


def test_emissions_read_the_columns_of_their_table() -> None:
    found = measure(
        'measure E "Emissions" = emissions(fuel)\n  unit "kt"\n  fuel raw_coal, coke = coal unit "t"\n'
        '  add power * 2 "Power" unit "10^4 t" source electricity\n  base final\n'
    )
    assert (found.method, found.table, found.unit, found.label) == ("emissions", "fuel", "kt", "Emissions")
    (fuel,) = settings(found, "fuel")
    assert [(value.name, value.value) for value in fuel.values] == [
        ("raw_coal", Ref("raw_coal", "raw", "fuel")),
        ("coke", Ref("coal", "raw", "fuel")),
    ]
    (added,) = settings(found, "add")
    assert added.values[0].label == "Power"
    assert [q.word for q in added.qualifiers if isinstance(q, Setting)] == ["unit", "source"]


def test_an_index_is_flattened_with_signs_and_weights() -> None:
    found = measure('measure I = index(declared)\n  group A "Scale" = 0.5 * y - (0.2 * x - 0.3 * log(z))\n')
    (group,) = settings(found, "group")
    y, x, z = group.values
    assert {value.name for value in group.values} == {"A"}
    assert y.name_label == "Scale"
    assert isinstance(y.value, Apply)
    assert y.value.arguments[0] == Literal(0.5)
    assert isinstance(x.value, Apply)
    assert x.value.function == "neg"
    assert isinstance(z.value, Apply)
    assert z.value.function == "*"
    assert codes("measure I = index(entropy)\n  group A = y - x\n") == []


def test_effects_are_kept_in_the_methods_words() -> None:
    body = (
        "measure Q = quality(fuel)\n  product hs6\n  quantity kg\n  value usd\n  sigma 3\n"
        "  effects firm^time, hs6\n  scale hs6, year\n"
    )
    found = measure(body)
    assert settings(found, "effects")[0].values[0].value == Literal("h + f^t")
    assert settings(found, "scale")[0].values[0].value == Literal("h^t")
    assert codes(body.replace("firm^time", "coastal^time")) == ["E303"]


def test_a_measure_is_a_variable_for_everything_else() -> None:
    found = study(
        "measure I = index(equal)\n  group A = x + z\nvar w = L.I * 2\nwinsorize I at 1%, 99%\nrequire I in 0..1\n"
        "model m: y ~ I + I:x + w\ntable 1: summary(I)\ntable 2: weights(I)\nfigure 1: map(I) at 2012..2014\n",
    )
    assert found.models[0].columns[0].regressors[0].expression == Ref("I", VARIABLE)
    assert found.winsorizing[0].variables == ("I",)
    assert found.figures[0].at == (2012.0, 2013.0, 2014.0)
    assert found.figures[0].arguments[0].name == "I"


def test_rings_through_measures() -> None:
    body = "measure I = index(equal)\n  group A = J\nmeasure J = stock(I)\n  growth 5%\n  depreciation 5%\n"
    assert codes(body + "table 1: summary(I)\n") == ["E203"]


def test_names_inside_a_measure_are_those_of_its_table() -> None:
    body = 'var coal = log(y)\nmeasure E = emissions(fuel)\n  fuel raw_coal = coal unit "t"\nmodel m: y ~ E + coal\n'
    found = resolved(body, {"firms": COLUMNS["firms"]}).value.measures[0]  # the columns of `fuel` are not known
    assert settings(found, "fuel")[0].values[0].value == Ref("coal", "raw", "fuel")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("measure E = emissions()\n", "E301"),
        ("measure E = x * 2\n", "E303"),
        ("measure E = emissions(firm)\n", "E220"),
        ("measure E = emissions(fuels)\n", "E220"),
        ("measure E = stock(nothing)\n  growth 1%\n  depreciation 1%\n", "E210"),
        ("measure E = stock(x)\n  growth fast\n  depreciation 1%\n", "E303"),
        ("measure E = stock(x)\n  growth 1%\n  depreciation 15\n", "E303"),
        ("measure E = stock(x)\n  growth 1%\n  depreciation 1%\n  base early\n", "E303"),
        ("measure E = stock(x)\n  growth 1%\n  depreciation 1%\n  fill zeros\n", "E303"),
        ("measure E = stock(x)\n  growth 1%\n  depreciation 1%\n  initial log(growth)\n", "E303"),
        ("measure E = stock(x)\n  growth 1%\n  growth 2%\n  depreciation 1%\n", "E304"),
        ("measure E = stock(x)\n  growth 1%, 2%\n  depreciation 1%\n", "E305"),
        ("measure E = stock(x)\n  growth 1%\n  depreciation 1%\n  deflator z chain early\n", "E303"),
        ("measure E = index(equal)\n  group x + z\n", "E307"),
        ("measure E = index(equal)\n  group A = x\n  group A = z\n", "E304"),
        ("measure E = index(equal)\n  group A = 3 + z\n", "E303"),
        ("measure E = index(equal)\n  group A = x\n  scope month\n", "E303"),
        ("measure E = index(equal)\n", "E307"),
        ('measure E = emissions(fuel)\n  fuel raw_coal unit "t", "kt"\n', "E305"),
        ("measure E = emissions(fuel)\n  fuel raw_coal unit t\n", "E303"),
        ('measure E = emissions(fuel)\n  fuel raw_coal, raw_coal = coke unit "t"\n', "E304"),
        ('measure E = emissions(fuel)\n  fuel raw_coal, coke unit "t" less gas\n', "E305"),
        ('measure E = emissions(fuel)\n  fuel raw_coal unit "t"\n  oxidation 120%\n', "E303"),
        ('measure E = emissions(fuel)\n  fuel raw_coal unit "t"\n  oxidation raw_cole = 90%\n', "E801"),
        ('measure E = emissions(fuel)\n  fuel raw_coal unit "t"\n  calorific 20934\n', "E303"),
        ('measure E = emissions(fuel)\n  fuel raw_coal unit "t"\n  oxidation coke = 90%\n', "E801"),
        ('measure E = emissions(fuel)\n  fuel raw_coal unit "t" unit "kt"\n', "E304"),
        ('measure E = emissions(fuel)\n  electricity e = power unit "kWh" factor 1 kind average\n', "E330"),
        ('measure E = emissions(fuel)\n  fuel raw_coal unit "t"\n  base finale\n', "E303"),
        ('measure E = emissions(fuel)\n  fuel raw_coal unit "t"\n  ratio 3.5\n', "E303"),
        ("measure E = emissions(fuel)\n  add L.power\n", "E303"),
        ("figure 1: map(x, z)\n", "E301"),
        ("figure 1: map(x + z) at 2012\n", "E301"),
        ("figure 1: map(x) at 2014..2012\n", "E329"),
        ('figure 1: trend(x) shapes "a.geojson"\n', "E333"),
        ('figure 1: map(x) shapes "/etc/passwd"\n', "E230"),
        ("figure 1: map(x), map(z)\n", "E305"),
        ("figure 1: x\n", "E303"),
        ("table 1: summary(x, z) by year\n", "E333"),
    ],
)
def test_mistakes(body: str, code: str) -> None:
    assert code in codes(body + "table 9: summary(y)\n")


# --- what the compiler half repeats of the library -------------------------------------------------------


def test_units_and_fuels_are_those_of_the_library() -> None:
    assert {
        **{symbol: sort for symbol, (sort, _) in SIZES.items()},
        **{other: SIZES[symbol][0] for other, symbol in OTHER_NAMES.items()},
    } == UNITS
    known = factor_set("ipcc2006")
    assert set(FUEL_SORTS) == {*known.fuels, *known.names}
    assert tuple(KNOWN_SETS) == SETS
    for fuel, sort in FUEL_SORTS.items():
        assert (known.factor(fuel).per == "t") == (sort == "mass")
    signature = CATALOGUE.find(MEASURE, "index")
    assert signature is not None
    assert set(signature.arguments[0].words) == set(WEIGHTS)


@pytest.mark.parametrize(
    "text",
    [
        *SIZES, *OTHER_NAMES, "10^4 t", "10⁴ t", "10000 t", "万吨", "亿千瓦时", "10^8 m3", "10 ^ 8 kWh", "10**4 t",
        "million t km", "10^4 * t", "10^10 kJ", "tonns", "", "10^4", "T", "yuan", "10^4 10^4 t", "kWh t", "·t",
    ],
)  # fmt: skip
def test_a_unit_is_read_as_the_library_reads_it(text: str) -> None:
    try:
        wanted = parse_unit(text).dimension
    except MeasureError:
        wanted = ""
    assert dimension(text, tuple(UNITS), tuple(UNITS.values())) == wanted


def test_by_describes_one_variable() -> None:
    found = checked("table 1: summary(x, z)\n  by year\n").diagnostics
    assert [d.code for d in found] == ["E333"]


def test_no_clause_of_a_measure_is_called_as_a_statement() -> None:
    words = {clause.name for entry in MEASURES for clause in entry.clauses}
    assert not words & {*CLAUSES, *DECLARES, "extends", "without"}
