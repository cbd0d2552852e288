"""Carbon accounting: CO2 of fuels burnt, and of other components, by row.

C = sum over fuels A_f EF_f + electricity + transport + heat (IPCC 2006, Vol. 2, Tier 1). Every fuel and every added
component is a column of the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.components import SOURCES, Added, Fuel, Line
from carbonspec.econometrics.measures.double_counting import double_counting
from carbonspec.econometrics.measures.factors import RATIO, FactorSet, FuelFactor, factor_set
from carbonspec.econometrics.measures.problems import MeasureError, chosen, column, places, where
from carbonspec.econometrics.measures.units import ENERGY, conversion, parse_unit
from carbonspec.econometrics.results import Notice

RATIOS = {"44/12": RATIO, "3.67": 3.67}


@dataclass(frozen=True)
class Emissions:
    """`total` (n,) and `components` (n, k), columns called `names`, in `unit` of CO2 or of carbon (`gas`).

    A row with a missing component has a missing total. `zeros` and `missing` count cells by component: missing amounts
    taken as 0, and those left missing.
    """

    total: FloatArray
    components: FloatArray
    names: tuple[str, ...]
    unit: str
    gas: str
    lines: tuple[Line, ...]
    provenance: tuple[str, ...]
    zeros: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


def emissions(
    fuels: Sequence[Fuel],
    added: Sequence[Added] = (),
    *,
    base: str = "",
    factors: str | FactorSet = "ipcc2006",
    unit: str = "10^4 t",
    gas: str = "CO2",
    ratio: str = "44/12",
    na: str = "missing",
    transport_excluded: bool = False,
    labels: Sequence[str] = (),
) -> Emissions:
    """Emissions of n rows.

    `base` must be said where there are fuels: "final" use outside power and heat plants, or "apparent" consumption,
    which counts the coal they burn. `transport_excluded` says that the fuels leave out what vehicles burn.
    `na="zero"` takes missing amounts as 0. `labels` (n,) name the rows in messages.

    Raises MeasureError E800 (a word), E801 (fuel), E802, E803 (unit), E804 (no factor), E806 (negative), E807 (no
    `base`), E810 (factor), E819 (length), E820 (the same name twice), E822 (infinite).
    """
    _check_words(fuels, added, base, gas, ratio, na)
    factors = factor_set(factors) if isinstance(factors, str) else factors
    molar = RATIOS[ratio]
    n = _rows(fuels, added)
    notices: list[Notice] = [notice for component in added for notice in component.notices]
    if fuels and factors.caution:
        notices.append(Notice("W817", f"{factors.name}: {factors.caution}", factors.name))
    amounts: list[FloatArray] = [_burnt(fuel, n, labels) for fuel in fuels]
    amounts += [_not_negative(column(part.values, n, part.name), part.name, labels) for part in added]
    lines = [_fuel_line(fuel, factors, molar, unit) for fuel in fuels]
    lines += [Line(part.name, "", part.unit, conversion(part.unit, unit, part.name), part.source) for part in added]
    zeros: dict[str, int] = {}
    missing: dict[str, int] = {}
    for at, line in enumerate(lines):
        unknown = np.isnan(amounts[at])
        count = int(np.count_nonzero(unknown))
        if not count:
            continue
        (zeros if na == "zero" else missing)[line.name] = count
        rows = places(where(unknown), labels)
        if na == "zero":
            amounts[at] = np.where(unknown, 0.0, amounts[at])
            notices.append(Notice("W814", f"{line.name} is missing in {rows} and counts as 0 there", line.name))
        else:
            notices.append(Notice("W815", f"{line.name} is missing in {rows}, so the total is missing too", line.name))
    notices += double_counting(fuels, added, amounts, base, transport_excluded, factors, labels)
    if gas == "C":
        lines = [Line(line.name, line.fuel, line.unit, line.factor / molar, line.source) for line in lines]
    pairs = zip(amounts, lines, strict=True)
    components = np.column_stack([amount * line.factor for amount, line in pairs]) if lines else np.zeros((n, 0))
    provenance: tuple[str, ...] = ()
    if fuels:
        provenance = (f"factors {factors.name}: {factors.provenance}", f"carbon to CO2: {ratio}")
    provenance += tuple(text for part in added for text in part.provenance)
    return Emissions(
        components.sum(axis=1),
        components,
        tuple(line.name for line in lines),
        unit,
        gas,
        tuple(lines),
        provenance,
        zeros,
        missing,
        tuple(notices),
    )


def _check_words(fuels: Sequence[Fuel], added: Sequence[Added], base: str, gas: str, ratio: str, na: str) -> None:
    chosen(gas, ("CO2", "C"), "the gas")
    chosen(ratio, tuple(RATIOS), "the ratio of CO2 to carbon")
    chosen(na, ("missing", "zero"), "what a missing amount counts as")
    for part in added:
        chosen(part.source, SOURCES, f"the source of {part.name}")
    if fuels and not base:
        raise MeasureError(
            "E807",
            "say whether the fuels are final use outside power and heat plants (final) or all consumption (apparent)",
            {"known": ("final", "apparent"), "subject": "base"},
        )
    if base:
        chosen(base, ("final", "apparent"), "the base of the fuels")
    names = [fuel.title for fuel in fuels] + [part.name for part in added]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MeasureError("E820", f"several components are called {', '.join(twice)}", {"subject": twice[0]})


def _rows(fuels: Sequence[Fuel], added: Sequence[Added]) -> int:
    sizes = [np.size(fuel.amount) for fuel in fuels] + [np.size(part.values) for part in added]
    if not sizes:
        raise MeasureError("E821", "emissions need at least one fuel or one added component")
    return max(sizes)


def _burnt(fuel: Fuel, n: int, labels: Sequence[str]) -> FloatArray:
    amount = _not_negative(column(fuel.amount, n, fuel.title), fuel.title, labels)
    if fuel.excluded is None:
        return amount
    name = f"the excluded part of {fuel.title}"
    excluded = _not_negative(column(fuel.excluded, n, name), name, labels, fuel.title)
    return _not_negative(amount - excluded, f"{fuel.title} less its excluded part", labels, fuel.title)


def _not_negative(values: FloatArray, name: str, labels: Sequence[str], subject: str = "") -> FloatArray:
    wrong = where(values < 0)
    if wrong.size:
        facts = {"rows": tuple(wrong.tolist()), "count": int(wrong.size), "subject": subject or name}
        raise MeasureError("E806", f"{name} is negative in {places(wrong, labels)}", facts)
    return values


def _fuel_line(fuel: Fuel, factors: FactorSet, molar: float, unit: str) -> Line:
    factor = factors.factor(fuel.key)
    energy = parse_unit(fuel.unit).dimension == ENERGY
    known = factor.per_energy(molar) if energy else factor.per_amount(molar)
    to_own = conversion(fuel.unit, "GJ" if energy else factor.per, fuel.title)
    if known is None:
        raise MeasureError("E804", _open(fuel, factor, factors, energy), {"subject": fuel.key})
    source = factor.source or factors.name
    return Line(fuel.title, fuel.key, fuel.unit, known * to_own * conversion("t", unit, "the result"), source)


def _open(fuel: Fuel, factor: FuelFactor, factors: FactorSet, energy: bool) -> str:
    lacking = "carbon content" if factor.carbon is None and not energy else "calorific value"
    other = "" if energy else ", or give its amounts as energy"
    return f"{factors.name} has no {lacking} for {fuel.key}, so amounts in {fuel.unit} have no factor; supply it{other}"
