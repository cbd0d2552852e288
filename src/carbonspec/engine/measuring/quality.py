"""`quality(customs)`: demand residuals of customs records, to a value for each unit and period of the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.quality import Choices, Quality, export_quality
from carbonspec.econometrics.measures.quality_report import Report
from carbonspec.econometrics.measures.screens import Screens
from carbonspec.engine import problems
from carbonspec.engine.measuring.elasticity import elasticity
from carbonspec.engine.measuring.measured import Made
from carbonspec.engine.measuring.records import records
from carbonspec.engine.measuring.settings import all_of, expression, text, word
from carbonspec.engine.table import Column, Text
from carbonspec.lang.spec import Join, Literal, Measure, Ref

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData


def make(data: PanelData, measure: Measure) -> Made:
    """Quality on all rows of the panel. The demand equation sees every record of the table."""
    try:
        return _made(data, measure)
    except MeasureError as problem:
        table = data.tables[measure.table]
        message = problem.message
        for path, file in zip(getattr(table.columns, "paths", ()), table.files, strict=False):
            message = message.replace(path, f'"{file.name}"')  # files are called as the spec calls them
        raise MeasureError(problem.code, message, problem.facts) from problem


def _made(data: PanelData, measure: Measure) -> Made:
    found_records = records(data, measure, names_of(data, measure))
    levels = found_records.customs.levels
    choices = Choices(
        elasticity(data, measure, found_records),
        effects=word(measure, "effects", "h + f^t"),
        within=word(measure, "scale", "h^t"),
        screens=_screens(measure),
        unmatched=word(measure, "unmatched", "error"),
        repeats=word(measure, "repeats", "error"),
        base=tuple(_year(levels.year, setting) for s in all_of(measure, "weights") for setting in s.values),
    )
    found = export_quality(found_records.customs, choices)
    values = _to_panel(data, measure, found)
    report = found.report
    reasons = ", ".join(f"{d.rows:,} {d.reason}" for d in report.left_out)
    why = f"{report.products:,} products; records left out: {reasons}" if reasons else f"{report.products:,} products"
    return Made(values, found.notices, _facts(choices, report), (), report.rows, report.used, why)


def names_of(data: PanelData, measure: Measure) -> dict[str, str]:
    """The table's columns by what they are: product, region, year, quantity, value, destination where there is one."""
    join = next(j for j in data.panel.joins if j.table == measure.table)
    columns = dict(join.keys)
    names = {
        "region": columns.get(data.panel.id[0]) or columns["id"],
        "year": columns.get(data.panel.time) or columns["time"],
    }
    for clause in ("product", "quantity", "value", "destination"):
        ref = expression(measure, clause)
        if isinstance(ref, Ref):
            names[clause] = ref.name
    return names


def _screens(measure: Measure) -> Screens:
    least = {v.name: v.value.value for s in all_of(measure, "least") for v in s.values if isinstance(v.value, Literal)}
    trim = [float(text(v.value)) for s in all_of(measure, "unit_values") for v in s.values]
    return Screens(
        unusable=word(measure, "unusable", "drop"),
        least_quantity=float(least.get("quantity", 0.0)),
        least_value=float(least.get("value", 0.0)),
        homogeneous=tuple(text(v.value) for s in all_of(measure, "homogeneous") for v in s.values),
        trim=(trim[0], trim[1]) if trim else (0.0, 1.0),
        least_rows=int(float(least.get("rows", 1.0))),
    )


def _year(levels: tuple[Any, ...], value: Any) -> Any:
    """A year of the spec as the records write it."""
    given = value.value.value
    return next((level for level in levels if level == given or str(level) == text(value.value)), text(value.value))


# --- to the panel -------------------------------------------------------------------------------------


def _to_panel(data: PanelData, measure: Measure, found: Quality) -> FloatArray:
    join = next(j for j in data.panel.joins if j.table == measure.table)
    names = names_of(data, measure)
    region = _places(data, join, data.panel.id[0], names["region"], found.regions)
    year = _places(data, join, data.panel.time, names["year"], found.years)
    known = (region >= 0) & (year >= 0)
    values = np.where(known, found.values[np.where(known, region, 0), np.where(known, year, 0)], np.nan)
    if not known.any():
        message = f"no row of the panel finds a record of `{measure.table}`: `{measure.name}` is missing everywhere"
        helps = ("compare how the keys are written in both tables",)
        data.note(Diagnostic("W448", "warning", message, join.span, helps))
    return np.asarray(values, dtype=np.float64)


def _places(data: PanelData, join: Join, mine: str, theirs: str, levels: tuple[Any, ...]) -> np.ndarray:
    """(panel rows,) where each row's key stands among the levels of the records, -1 nowhere."""
    key: Column = data.raw(Ref(mine, table=data.table.name))
    of_text = bool(levels) and isinstance(levels[0], str)
    if levels and of_text != isinstance(key, Text):
        names = f"{data.table.name}.{mine}", f"{join.table}.{theirs}"
        raise DataError((problems.key_types(*names, isinstance(key, Text), join.span),))
    place = {level if of_text else float(level): at for at, level in enumerate(levels)}
    if isinstance(key, Text):
        table = np.array([*(place.get(value, -1) for value in key.values), -1], dtype=np.int64)
        return np.asarray(table[key.codes])
    values, codes = np.unique(key, return_inverse=True)
    table = np.array([place.get(float(value), -1) for value in values], dtype=np.int64)
    return np.asarray(table[codes])


def _facts(choices: Choices, report: Report) -> tuple[str, ...]:
    low, middle, high = report.sigma
    sigma = f"elasticity {low:g}" if low == high else f"elasticities {low:.4g} to {high:.4g}, median {middle:.4g}"
    facts = [
        f"{report.used:,} of {report.rows:,} customs records, {report.products:,} products",
        sigma,
        f"effects {_EFFECTS[choices.effects]}",
        f"residuals to 0..1 within {'product and period' if choices.within == 'h^t' else 'product'}",
    ]
    if choices.base:
        facts.append(f"weights: values of {', '.join(map(str, choices.base))}, fixed")
    else:
        facts.append("weights: values of each period")
    return tuple(facts)


_EFFECTS = {
    "h + f^t": "of product and of unit by period",
    "h + t": "of product and of period",
    "h^t": "of product by period",
    "h + c^t": "of product and of destination by period",
}
