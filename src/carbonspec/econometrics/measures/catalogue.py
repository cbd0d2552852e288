"""What each measure is given: its argument and its clauses, as `check` needs to know them.

`UNITS` and the fuels' dimensions repeat what `units` and `factor_tables` know, because `check` must not load numpy; a
test holds them together.
"""

from __future__ import annotations

from carbonspec.econometrics.measures.factor_tables import CARBON_ONLY, FUELS
from carbonspec.signature import MEASURE, Parameter, Signature

MASS, VOLUME, ENERGY, FREIGHT, PASSENGERS = "mass", "volume", "energy", "freight", "passenger transport"
UNITS: dict[str, str] = {
    **dict.fromkeys(("t", "ton", "tons", "tonne", "tonnes", "吨", "g", "kg", "Gg", "kt", "Mt", "Gt"), MASS),
    **dict.fromkeys(("m3", "立方米", "cubic metres", "cubic meters"), VOLUME),
    **dict.fromkeys(
        ("kJ", "千焦", "MJ", "GJ", "TJ", "PJ", "EJ", "kWh", "千瓦时", "MWh", "GWh", "TWh", "kgce", "tce"), ENERGY
    ),
    **dict.fromkeys(("t km", "tkm", "吨公里"), FREIGHT),
    **dict.fromkeys(("passenger km", "pkm", "p km", "person km", "人公里"), PASSENGERS),
}
"""Symbol of a unit → its dimension."""

PER = {"t": MASS, "10^4 m3": VOLUME}
FUEL_SORTS: dict[str, str] = {
    **{fuel.key: PER[fuel.per] for fuel in FUELS},
    **{key: PER[per] for key, (per, _) in CARBON_ONLY.items()},
    **{fuel.chinese: PER[fuel.per] for fuel in FUELS},
}
"""Fuel, also by its Chinese name → the dimension of its amounts; amounts of energy always do."""

SETS = ("ipcc2006", "ndrc")
"""The named sets of factors."""


def _word(name: str, *words: str) -> Parameter:
    return Parameter(name, "word", words=words)


UNIT = Parameter("unit", "unit", words=tuple(UNITS), sorts=tuple(UNITS.values()))
SOURCES = ("electricity", "heat", "transport", "other")

MEASURES = (
    Signature(
        "emissions",
        MEASURE,
        "CO2 from fuels and other components",
        (Parameter("table", "table", required=True),),
        clauses=(
            UNIT,
            Parameter("factors", "factors", words=SETS),
            Parameter(
                "fuel",
                "fuel",
                many=True,
                words=tuple(FUEL_SORTS),
                sorts=tuple(FUEL_SORTS.values()),
                repeat=True,
                qualifiers=("unit", "less"),
            ),
            Parameter("electricity", "electricity", repeat=True, qualifiers=("unit", "factor", "on", "kind", "carry")),
            Parameter("heat", "heat", repeat=True, qualifiers=("unit", "factor", "per", "efficiency")),
            Parameter(
                "transport",
                "transport",
                words=("excluded",),
                repeat=True,
                qualifiers=("unit", "intensity", "energy", "emission", "weight"),
            ),
            Parameter("apportion", "apportion", qualifiers=("unit",)),
            Parameter("add", "expression", words=SOURCES, repeat=True, qualifiers=("unit", "source")),
            _word("base", "final", "apparent"),
            Parameter("oxidation", "by_fuel", many=True, minimum=0.0, maximum=1.0),
            Parameter("calorific", "by_fuel", many=True, minimum=0.0),
            _word("gas", "co2", "c"),
            Parameter("ratio", "number", minimum=3.67, maximum=3.67),
            _word("na", "missing", "zero"),
        ),
        module="measures.emissions",
        example="emissions(energy)",
    ),
    Signature(
        "quality",
        MEASURE,
        "export quality from demand residuals",
        (Parameter("table", "table", required=True),),
        clauses=(
            Parameter("unit", "text"),
            Parameter("product", "column", required=True),
            Parameter("quantity", "column", required=True),
            Parameter("value", "column", required=True),
            Parameter("destination", "column"),
            Parameter("sigma", "sigma", required=True, qualifiers=("on",)),
            Parameter("effects", "effects", many=True),
            Parameter("scale", "scale", many=True),
            Parameter("least", "least", many=True, words=("quantity", "value", "rows"), minimum=0.0),
            Parameter("unit_values", "share", many=True),
            Parameter("homogeneous", "text", many=True),
            _word("unusable", "drop", "error"),
            _word("unmatched", "error", "median"),
            _word("repeats", "error", "keep"),
            Parameter("weights", "period", many=True),
        ),
        module="measures.quality",
        example="quality(customs)",
    ),
    Signature(
        "stock",
        MEASURE,
        "perpetual inventory",
        (Parameter("x", "expression", required=True),),
        clauses=(
            Parameter("unit", "text"),
            Parameter("depreciation", "number", required=True, minimum=0.0, maximum=1.0),
            Parameter("growth", "growth"),
            Parameter("base", "period"),
            Parameter("initial", "initial"),
            Parameter("deflator", "expression", qualifiers=("chain", "fixed")),
            _word("absent", "error", "first"),
            _word("fill", "interpolate", "zero"),
        ),
        module="measures.stock",
        example="stock(spending / price)",
    ),
    Signature(
        "index",
        MEASURE,
        "composite index",
        (Parameter("weights", "word", True, words=("entropy", "equal", "declared", "pca", "critic", "topsis")),),
        clauses=(
            Parameter("unit", "text"),
            Parameter("group", "group", required=True, many=True, repeat=True),
            _word("scope", "pooled", "year"),
            _word("yearly", "own", "mean"),
            _word("stage", "one", "two"),
            Parameter("shift", "number", minimum=0.0),
            _word("score", "z", "p"),
            _word("norm", "minmax", "vector"),
            _word("distances", "entropy", "declared", "equal", "critic"),
            _word("components", "kaiser", "share"),
        ),
        module="measures.index",
        example="index(entropy)",
    ),
)
