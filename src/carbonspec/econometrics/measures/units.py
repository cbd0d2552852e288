"""Units of amounts: `10^4 t`, `10^8 m3`, `10^8 kWh`, `10^10 kJ`, and how one converts to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from carbonspec.diagnostics.suggestions import did_you_mean
from carbonspec.econometrics.measures.problems import MeasureError

MASS, VOLUME, ENERGY, FREIGHT, PASSENGERS = "mass", "volume", "energy", "freight", "passenger transport"

SIZES: dict[str, tuple[str, Fraction]] = {
    # mass in t
    "t": (MASS, Fraction(1)),
    "吨": (MASS, Fraction(1)),
    "g": (MASS, Fraction(1, 10**6)),
    "kg": (MASS, Fraction(1, 10**3)),
    "Gg": (MASS, Fraction(10**3)),
    "kt": (MASS, Fraction(10**3)),
    "Mt": (MASS, Fraction(10**6)),
    "Gt": (MASS, Fraction(10**9)),
    # volume in m3
    "m3": (VOLUME, Fraction(1)),
    "立方米": (VOLUME, Fraction(1)),
    # energy in GJ
    "kJ": (ENERGY, Fraction(1, 10**6)),
    "千焦": (ENERGY, Fraction(1, 10**6)),
    "MJ": (ENERGY, Fraction(1, 10**3)),
    "GJ": (ENERGY, Fraction(1)),
    "TJ": (ENERGY, Fraction(10**3)),
    "PJ": (ENERGY, Fraction(10**6)),
    "EJ": (ENERGY, Fraction(10**9)),
    "kWh": (ENERGY, Fraction(36, 10**4)),
    "千瓦时": (ENERGY, Fraction(36, 10**4)),
    "MWh": (ENERGY, Fraction(36, 10)),
    "GWh": (ENERGY, Fraction(3600)),
    "TWh": (ENERGY, Fraction(3600000)),
    "kgce": (ENERGY, Fraction(29307, 10**6)),
    "tce": (ENERGY, Fraction(29307, 10**3)),
    # transport
    "t km": (FREIGHT, Fraction(1)),
    "passenger km": (PASSENGERS, Fraction(1)),
}
"""Symbol -> dimension, and size in t, m3, GJ, t km or passenger km. A tonne of coal equivalent is 29307 kJ/kg (7000
kcal/kg, as GB/T 2589 prints it)."""

OTHER_NAMES = {
    "ton": "t",
    "tons": "t",
    "tonne": "t",
    "tonnes": "t",
    "cubic metres": "m3",
    "cubic meters": "m3",
    "tkm": "t km",
    "pkm": "passenger km",
    "p km": "passenger km",
    "person km": "passenger km",
    "人公里": "passenger km",
    "吨公里": "t km",
}
WORDS = {"万": 10**4, "亿": 10**8, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = re.compile(r"(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_MULTIPLE = re.compile(
    rf"(?:10\s*(?:\^|\*\*)\s*(?P<power>\d{{1,2}})|(?P<number>[1-9]\d{{0,15}})|(?P<word>{'|'.join(WORDS)}))"
)


@dataclass(frozen=True)
class Unit:
    """A unit as written, its dimension, and its size in the dimension's own unit (t, m3, GJ, t km, passenger km)."""

    text: str
    dimension: str
    size: Fraction


def parse_unit(text: str) -> Unit:
    """`10^4 t`, `10⁴ t`, `10000 t`, `万吨`, `GWh`: a multiple, if any, and a symbol of `SIZES`; case matters.

    Raises MeasureError E802 for no unit or one that is not known.
    """
    plain = _RAISED.sub(lambda found: "^" + found[0], text.strip()).translate(_SUPERSCRIPTS)
    plain = " ".join(plain.replace("·", " ").replace("×", " ").split())
    multiple, symbol = 1, plain
    found = _MULTIPLE.match(plain)
    if found:
        multiple = 10 ** int(found["power"]) if found["power"] else int(found["number"] or WORDS[found["word"]])
        symbol = plain[found.end() :].strip(" *")
    symbol = OTHER_NAMES.get(symbol, symbol)
    if symbol not in SIZES:
        near = did_you_mean(symbol, SIZES) if symbol else ""
        hint = f"; did you mean {near}?" if near else ""
        said = f"the unit {text!r} is not known{hint}" if plain else "the amounts need a unit"
        facts = {"known": tuple(SIZES), "suggestion": near, "subject": text}
        raise MeasureError("E802", f"{said}; units are a multiple and one of {', '.join(SIZES)}", facts)
    dimension, size = SIZES[symbol]
    return Unit(text, dimension, multiple * size)


def conversion(text: str, to: str, what: str) -> float:
    """How many `to` make one `text`; `what` is the amount's name for the message.

    Raises MeasureError E802 for a unit that is not known, E803 for one of another dimension.
    """
    unit, target = parse_unit(text), parse_unit(to)
    if unit.dimension != target.dimension:
        message = (
            f"{what} is in {text}, a unit of {unit.dimension}, which does not convert to {to} ({target.dimension})"
        )
        raise MeasureError("E803", message, {"subject": what, "unit": text, "wanted": target.dimension})
    return float(unit.size / target.size)
