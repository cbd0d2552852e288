"""`emissions(T)`: fuels and other components on the rows of a table, then on the panel's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.measures.components import Added, Fuel
from carbonspec.econometrics.measures.emissions import Emissions, emissions
from carbonspec.econometrics.measures.factors import FactorSet, factor_set
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.units import ENERGY, parse_unit
from carbonspec.econometrics.measures.user_factors import NUMBERS, factor_table
from carbonspec.engine import problems
from carbonspec.engine.measuring.components import electricity_of, heat_of, na_of, transport_of
from carbonspec.engine.measuring.measured import Made
from carbonspec.engine.measuring.rows import TableRows
from carbonspec.engine.measuring.settings import all_of, component, number, qualifier, text, word
from carbonspec.engine.table import FloatArray, Text, as_text
from carbonspec.lang.spec import Literal, Measure, Setting

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData

GASES = {"co2": "CO2", "c": "C"}
SOURCES = {
    "electricity": ("electric", "power", "电"),
    "heat": ("heat", "steam", "热"),
    "transport": ("transport", "traffic", "交通", "运输"),
}
"""Words by which an added component is taken for one behind which fuels may stand twice."""


def make(data: PanelData, measure: Measure) -> Made:
    """The total and its components on all rows of the panel."""
    rows = TableRows(data, measure.table)
    unit = measure.unit
    factors = _factors(data, measure)
    fuels = [fuel for line in all_of(measure, "fuel") for fuel in _fuels(rows, line)]
    _once_each(fuels, factors)
    _of_use(measure, fuels, factors)
    others = _others(data, rows, measure, unit)
    added = [part for _, part in others]
    said = word(measure, "base", "")
    found = emissions(
        fuels,
        added,
        base=said or "apparent",
        factors=factors,
        unit=unit,
        gas=GASES[word(measure, "gas", "co2")],
        ratio="3.67" if number(measure, "ratio") is not None else "44/12",
        na=na_of(measure),
        transport_excluded=bool(all_of(measure, "excluded")),
        labels=rows.names,
    )
    total = rows.to_panel(found.total)
    size = int(data.sample.sum())
    lost = int((np.isnan(total) & data.sample).sum())
    why = f"{problems.counted(len(fuels), 'fuel')} and {problems.counted(len(added), 'other component')}"
    if fuels:
        why += f", factors {factors.name}"
    if lost:
        why += f"; {problems.counted(lost, 'row')} without a value"
    keys = [f"fuel {fuel.key}" for fuel in fuels] + [key for key, _ in others]
    parts = _parts(rows, found, keys)
    return Made(total, found.notices, _facts(data, rows, found, said), (), size, size, why, parts)


def _once_each(fuels: list[Fuel], factors: FactorSet) -> None:
    """Raises MeasureError E820 for a fuel that stands once by its key and once by its other name."""
    seen: dict[str, str] = {}
    for fuel in fuels:
        first = seen.setdefault(factors.key(fuel.key), fuel.key)
        if first != fuel.key:
            raise MeasureError("E820", f"{first} and {fuel.key} are the same fuel", {"subject": fuel.key})


def _parts(rows: TableRows, found: Emissions, keys: list[str]) -> dict[str, FloatArray]:
    """The components on the panel's rows: each line's, and under the bare word those of a clause together."""
    parts: dict[str, FloatArray] = {}
    for key, column in zip(keys, found.components.T, strict=True):
        parts[key] = mine = rows.to_panel(np.ascontiguousarray(column))
        clause = key.partition(" ")[0]
        if clause != key and clause != "add":
            parts[clause] = parts[clause] + mine if clause in parts else mine
    return parts


def _others(data: PanelData, rows: TableRows, measure: Measure, unit: str) -> list[tuple[str, Added]]:
    """(key, component) of what stands beside the fuels, in the order of the file."""
    found: list[tuple[str, Added]] = []
    number: dict[str, int] = {}
    na = na_of(measure)
    for line in measure.settings:
        count = number[line.word] = number.get(line.word, 0) + 1
        if line.word == "add":
            found.append((f"add {count}", _added(rows, line, unit)))
        elif line.word == "electricity":
            found.append((f"electricity {count}", electricity_of(data, rows, line, na)))
        elif line.word == "heat":
            found.append((f"heat {count}", heat_of(rows, line, na)))
        elif line.word == "transport" and count == 1:
            made = transport_of(rows, measure, na)
            assert made is not None
            found.append(("transport", made))
    return found


def _fuels(rows: TableRows, line: Setting) -> list[Fuel]:
    unit = text(qualifier(line, "unit"))
    less = qualifier(line, "less")
    excluded = None if less is None else rows.values(less)
    return [Fuel(value.name, rows.values(value.value), unit, value.label, excluded) for value in line.values]


def _added(rows: TableRows, line: Setting, unit: str) -> Added:
    value = line.values[0]
    name = component(value)
    source = text(qualifier(line, "source")) or _guessed(name)
    return Added(name, rows.values(value.value), text(qualifier(line, "unit"), unit), source)


def _guessed(name: str) -> str:
    """What a component is by its name, for the warning that its fuels may count twice."""
    plain = name.lower()
    return next((source for source, words in SOURCES.items() if any(w in plain for w in words)), "other")


# --- factors ------------------------------------------------------------------------------------------


def _factors(data: PanelData, measure: Measure) -> FactorSet:
    named = word(measure, "factors", "ipcc2006")
    found = _own(data, measure, named) if named in data.tables else factor_set(named)
    for line in all_of(measure, "calorific"):
        values = {v.name: float(v.value.value) for v in line.values if isinstance(v.value, Literal)}
        found = found.with_calorific(values, "the study")
    for line in all_of(measure, "oxidation"):
        shares = {v.name: float(v.value.value) for v in line.values if isinstance(v.value, Literal)}
        for_all = shares.get("")
        found = found.with_oxidation(shares if for_all is None else for_all)
    return found


def _own(data: PanelData, measure: Measure, name: str) -> FactorSet:
    """The user's table: `fuel`, `per` ("t" or "10^4 m3"), and some of ncv, carbon, oxidised, direct, with `source`."""
    table = data.tables[name]
    span = all_of(measure, "factors")[0].span
    lost = [column for column in ("fuel", "per") if column not in table.columns]
    if lost:
        raise DataError(tuple(problems.unknown_column(c, name, table.columns, span) for c in lost))
    numbers = {}
    for column in NUMBERS:
        if column in table.columns:
            values = table.columns[column]
            if isinstance(values, Text):
                raise DataError((problems.text_as_number(f"{name}.{column}", 0, 0, (), span),))
            numbers[column] = values
    fuel, per = (as_text(table.columns[column]) for column in ("fuel", "per"))
    given = (fuel.codes >= 0) | (per.codes >= 0)
    for values in numbers.values():
        given |= ~np.isnan(values)
    bare = np.flatnonzero(given & ((fuel.codes < 0) | (per.codes < 0)))
    if bare.size:
        message = f"row {int(bare[0]) + 1} of `{name}` has no `fuel` or no `per`"
        raise MeasureError("E802", message, {"rows": tuple(bare.tolist()), "count": int(bare.size)})
    keys = [fuel.values[code] for code in fuel.codes[given].tolist()]
    units = [per.values[code].replace("³", "3") for code in per.codes[given].tolist()]
    return factor_table(name, f"the table `{name}`", keys, units, {what: v[given] for what, v in numbers.items()})


def _of_use(measure: Measure, fuels: list[Fuel], factors: FactorSet) -> None:
    """Raises MeasureError E834 where a share or calorific value meets a factor that is given directly."""
    for clause in ("oxidation", "calorific"):
        said = {value.name for line in all_of(measure, clause) for value in line.values}
        for fuel in fuels:
            known = factors.fuels.get(factors.key(fuel.key))
            reached = fuel.key in said or "" in said
            energy = clause == "calorific" and parse_unit(fuel.unit).dimension == ENERGY
            if reached and known is not None and known.direct is not None and not energy:
                message = f"the factor of {fuel.key} is given directly, so `{clause}` would change nothing"
                raise MeasureError("E834", message, {"clause": clause})


# --- facts --------------------------------------------------------------------------------------------


def _facts(data: PanelData, rows: TableRows, found: Emissions, said: str) -> tuple[str, ...]:
    facts = [f"{found.gas} in {found.unit}", *found.provenance]
    if said:
        what = {"final": "final use, without what power and heat plants burn", "apparent": "all consumption"}[said]
        facts.append(f"fuels are {what}")
    if rows.several > 1:
        facts.append(f"summed over up to {rows.several:,} rows of {rows.table.name} for a unit and period")
    parts = []
    total = rows.to_panel(found.total)
    inside = data.sample & ~np.isnan(total)
    whole = float(total[inside].sum())
    for name, column in zip(found.names, found.components.T, strict=True):
        share = float(rows.to_panel(column)[inside].sum()) / whole if whole else float("nan")
        parts.append(f"{name} {share:.1%}")
    facts.append("of the sample's total: " + ", ".join(parts))
    return tuple(facts)
