"""Electricity, heat and transport of an account: from the lines of the spec to the library."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.measures.components import Added
from carbonspec.econometrics.measures.electricity import KINDS, GridFactors, electricity
from carbonspec.econometrics.measures.heat import EFFICIENCY, heat
from carbonspec.econometrics.measures.problems import MeasureError, places, where
from carbonspec.econometrics.measures.transport import Mode, apportioned, bottom_up, transport_intensity
from carbonspec.econometrics.measures.units import PASSENGERS, conversion, parse_unit
from carbonspec.econometrics.results import Notice
from carbonspec.engine import problems
from carbonspec.engine.measuring.rows import TableRows
from carbonspec.engine.measuring.settings import all_of, component, qualifier, text, title, word
from carbonspec.engine.table import BoolArray, Column, FloatArray, IntArray, TableData, Text, as_text
from carbonspec.engine.wording import wording
from carbonspec.lang.spec import Expr, Literal, Measure, Ref, Setting
from carbonspec.source import Span

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData

T = TypeVar("T")


def electricity_of(data: PanelData, rows: TableRows, line: Setting, na: str) -> Added:
    """A line `electricity`: energy times the factor of its grid and year, or of its own row."""
    value = line.values[0]
    name, unit = title(line), text(qualifier(line, "unit"))
    amount = _zeroed(_amounts(rows, value.value, name), na)
    needed = amount != 0
    needed &= ~np.isnan(amount)
    factor, kind = _setting(line, "factor"), text(qualifier(line, "kind"))
    if factor.qualifiers:
        carry = text(qualifier(line, "carry"))
        return _about(name, lambda: _by_grid(data, rows, factor, amount, needed, unit, kind, carry, name))
    used = _number(rows, factor.values[0].value)
    return _about(name, lambda: _by_row(rows, amount, needed, used, factor, unit, kind, name))


def _by_row(
    rows: TableRows,
    amount: FloatArray,
    needed: BoolArray,
    factor: FloatArray,
    said: Setting,
    unit: str,
    kind: str,
    name: str,
) -> Added:
    """The factor, t CO2 per MWh, stands in the row itself or is one number."""
    what = wording(said.values[0].value)
    for code, message, wrong in (
        ("E808", f"no grid factor in `{what}`", where(needed & np.isnan(factor))),
        ("E810", f"the grid factor `{what}` is negative", where(factor < 0)),
    ):
        if wrong.size:
            facts = {"rows": tuple(wrong.tolist()), "count": int(wrong.size)}
            raise MeasureError(code, f"{message} in {places(wrong, rows.names)}", facts)
    found = np.where(needed, amount * conversion(unit, "MWh", name) * factor, amount)  # missing stays missing, 0 is 0
    notices: tuple[Notice, ...] = ()
    if kind != "average":
        message = f"{KINDS[kind]} are made for offset projects; consumption is counted with average factors"
        notices = (Notice("W818", message, name),)
    provenance = (f"{name}: {KINDS[kind]}, {what} of {rows.table.name}",)
    return Added(name, found, "t", "electricity", provenance, notices)


def _by_grid(
    data: PanelData,
    rows: TableRows,
    factor: Setting,
    amount: FloatArray,
    needed: BoolArray,
    unit: str,
    kind: str,
    carry: str,
    name: str,
) -> Added:
    """The factor stands in another table, by grid and year."""
    column = factor.values[0].value
    on = _setting(factor, "on")
    assert isinstance(column, Ref)
    assert column.table is not None
    table = data.tables[column.table]
    theirs = [_column(table, pair.name, pair.span) for pair in on.values]
    values = _column(table, column.name, column.span)
    if isinstance(values, Text):
        raise DataError((problems.text_as_number(f"{table.name}.{column.name}", 0, 0, (), column.span),))
    mine = [_column(rows.table, pair.value.name, pair.span) for pair in on.values if isinstance(pair.value, Ref)]
    for own, other, pair in zip(mine, theirs, on.values, strict=True):
        if isinstance(own, Text) != isinstance(other, Text):
            names = f"{rows.table.name}.{wording(pair.value)}", f"{table.name}.{pair.name}"
            raise DataError((problems.key_types(*names, isinstance(own, Text), pair.span),))
    second = on.values[1]
    grid = as_text(mine[0])
    year = _years(mine[1], f"{rows.table.name}.{wording(second.value)}")
    lacking = where(needed & ((grid.codes < 0) | np.isnan(year)))
    if lacking.size:
        message = f"no {wording(on.values[0].value)} or year in {places(lacking, rows.names)}"
        raise MeasureError("E809", message, {"rows": tuple(lacking.tolist()), "count": int(lacking.size)})
    at = np.flatnonzero(needed)
    known_grid, known_year = as_text(theirs[0]), _years(theirs[1], f"{table.name}.{second.name}")
    entries = np.flatnonzero((known_grid.codes >= 0) & ~np.isnan(known_year))
    factors = GridFactors(
        [known_grid.values[code] for code in known_grid.codes[entries].tolist()],
        _whole(known_year[entries]),
        values[entries],
        kind,
        f"the table `{table.name}`",
    )
    regions = [grid.values[code] for code in grid.codes[at].tolist()]
    found = electricity(amount[at], unit, regions, _whole(year[at]), factors, carry=carry, name=name)
    emitted = np.array(amount)
    emitted[at] = found.values
    notices = tuple(Notice(notice.kind, notice.message, name) for notice in found.notices)
    return Added(name, emitted, found.unit, found.source, found.provenance, notices)


def heat_of(rows: TableRows, line: Setting, na: str) -> Added:
    """A line `heat`: the coal that made it, times its factor."""
    name, unit = title(line), text(qualifier(line, "unit"))
    amount = _zeroed(_amounts(rows, line.values[0].value, name), na)
    factor = _one_or_column(rows, qualifier(line, "factor"))
    efficiency = _one_or_column(rows, qualifier(line, "efficiency"), EFFICIENCY)
    per = text(qualifier(line, "per"))
    return _about(name, lambda: heat(amount, unit, factor, ef_base=per, efficiency=efficiency, name=name))


def transport_of(rows: TableRows, measure: Measure, na: str) -> Added | None:
    """All lines `transport` together, and what `apportion` makes of them; None without any."""
    lines = all_of(measure, "transport")
    if not lines:
        return None
    notices: list[Notice] = []
    modes = [_mode(rows, line, na, notices) for line in lines]
    n = rows.table.rows
    shared = all_of(measure, "apportion")
    if not shared:
        made = _about(lines[0].values[0].name, lambda: bottom_up(modes, n))
        return Added(made.name, made.values, made.unit, made.source, made.provenance, tuple(notices))
    intensity = _about(lines[0].values[0].name, lambda: transport_intensity(modes, n))
    line = shared[0]
    national = _amounts(rows, line.values[0].value, component(line.values[0]))
    periods = _column(rows.table, wording(qualifier(line, "by") or line.values[0].value), line.span)
    named: Any = periods.objects() if isinstance(periods, Text) else _readable(periods)
    given = _about(
        component(line.values[0]), lambda: apportioned(intensity, national, text(qualifier(line, "unit")), named, na=na)
    )
    found = given.added
    lost = tuple(n for n in found.notices if n.kind != "W815")  # told once, of the component itself
    return Added(found.name, found.values, found.unit, found.source, found.provenance, (*notices, *lost))


def _mode(rows: TableRows, line: Setting, na: str, notices: list[Notice]) -> Mode:
    value = line.values[0]
    amount, unit = _amounts(rows, value.value, value.name), text(qualifier(line, "unit"))
    unknown = where(np.isnan(amount))
    people = parse_unit(unit).dimension == PASSENGERS
    if unknown.size and na == "zero":
        what = f"{'passengers' if people else 'freight'} by {value.name}"
        message = f"{what}: missing in {places(unknown, rows.names)}, counted as 0 there"
        notices.append(Notice("W814", message, value.name))
        amount = _zeroed(amount, na)
    intensity = qualifier(line, "intensity")
    energy = _one_or_column(rows, intensity if intensity is not None else qualifier(line, "energy"))
    emission = _one_or_column(rows, qualifier(line, "emission"), 1.0)
    if not people:
        return Mode(value.name, amount, unit, energy, emission)
    said = qualifier(line, "weight")
    weight = None if said is None else _one_or_column(rows, said)
    return Mode(value.name, np.zeros(rows.table.rows), "t km", energy, emission, amount, unit, weight)


# --- readers ------------------------------------------------------------------------------------------


def _about(name: str, make: Callable[[], T]) -> T:
    """What `make` gives; what it refuses is said of the component `name`, so that its line is shown."""
    try:
        found = make()
    except MeasureError as problem:
        raise MeasureError(problem.code, problem.message, {**problem.facts, "subject": name}) from problem
    return found


def _setting(line: Setting, word: str) -> Setting:
    return next(q for q in line.qualifiers if isinstance(q, Setting) and q.word == word)


def _amounts(rows: TableRows, found: Expr, name: str) -> FloatArray:
    """The amounts of a component. Raises MeasureError E806 where they are negative, with the rows."""
    values = rows.values(found)
    wrong = where(values < 0)
    if wrong.size:
        message = f"`{wording(found)}` is negative in {places(wrong, rows.names)}"
        raise MeasureError("E806", message, {"rows": tuple(wrong.tolist()), "count": int(wrong.size), "subject": name})
    return values


def _zeroed(values: FloatArray, na: str) -> FloatArray:
    return np.where(np.isnan(values), 0.0, values) if na == "zero" else values


def _number(rows: TableRows, found: Expr) -> FloatArray:
    return np.asarray(rows.values(found), dtype=np.float64)


def _one_or_column(rows: TableRows, found: Expr | None, default: float = 0.0) -> float | FloatArray:
    if found is None:
        return default
    if isinstance(found, Literal) and not isinstance(found.value, str):
        return float(found.value)
    return _number(rows, found)


def _column(table: TableData, name: str, span: Span) -> Column:
    if name not in table.columns:
        raise DataError((problems.unknown_column(name, table.name, table.columns, span),))
    return table.columns[name]


def _years(column: Column, name: str) -> FloatArray:
    """(rows,) years; NaN where missing."""
    if isinstance(column, Text):
        raise MeasureError("E809", f"`{name}` is text, and factors are found by years, which are whole numbers")
    broken = column[~np.isnan(column) & (column != np.round(column))]
    if broken.size:
        raise MeasureError("E809", f"`{name}` holds {broken[0]:g}, and years are whole numbers", {"count": broken.size})
    return column


def _whole(values: FloatArray) -> IntArray:
    return values.astype(np.int64)


def _readable(values: FloatArray) -> np.ndarray:
    """Periods that are all whole numbers as such, so that messages name 2012 and not 2012.0."""
    known = values[~np.isnan(values)]
    return _whole(values) if known.size == values.size and (known == np.round(known)).all() else values


def na_of(measure: Measure) -> str:
    """What a missing amount counts as."""
    return word(measure, "na", "missing")
