"""Numbers a run produced, by their names in a spec: `benchmark[coastal = 1, 2].Open.se`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from carbonspec.econometrics.hypothesis_tests.results import TestResult
from carbonspec.lang.spec import Apply, Expr, Filter, Literal, Quantity, Selection
from carbonspec.report.effects import EffectError, value_of
from carbonspec.report.inference import Estimate, estimates
from carbonspec.report.run import Findings, MediatedEffect, MediationOutcome, ModelColumn, TestOutcome
from carbonspec.report.statistics import available, statistic
from carbonspec.report.terms import stem, term_key, value_text

PARTS = {
    "estimate": "estimate",
    "se": "std_error",
    "t": "statistic",
    "p": "p_value",
    "low": "conf_low",
    "high": "conf_high",
}
LAST = -1


class QuantityError(Exception):
    """A quantity that is not there, or is several numbers. `message` is one sentence in the user's terms."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Found:
    """A number and where it came from: a column, or an effect of a mediation or a test (`column` None).

    `estimate` is set when it belongs to a coefficient, `effect` when it belongs to an effect with its own p value,
    `row` when it belongs to a test.
    """

    value: float
    column: ModelColumn | None
    estimate: Estimate | None = None
    effect: MediatedEffect | None = None
    mediation: MediationOutcome | None = None
    row: TestResult | None = None


def address(column: ModelColumn) -> str:
    """A column as a spec names it: `benchmark[5]`."""
    return f"{column.model}[{column.number}]"


def select(selection: Selection, findings: Findings) -> tuple[ModelColumn, ...]:
    """The columns of a selection: filters first, then positions among what is left (-1: the last).

    Raises QuantityError when there is no such model or nothing is left.
    """
    models = findings.models
    if selection.model not in models:
        raise QuantityError(f"no model called `{selection.model}` was estimated")
    columns = tuple(c for c in models[selection.model] if all(_passes(c, f) for f in selection.filters))
    if not columns:
        wanted = ", ".join(f"{f.key} = {value_text(f.value)}" for f in selection.filters) or "a result"
        raise QuantityError(f"no column of `{selection.model}` has {wanted}")
    if selection.first is None:
        return columns
    first = _position(selection.first, len(columns))
    last = first if selection.last is None else _position(selection.last, len(columns))
    chosen = columns[first - 1 : last] if first >= 1 else ()
    if not chosen:
        left = "columns" if not selection.filters else "columns after filtering"
        raise QuantityError(f"`{selection.model}` has {len(columns)} {left}; there is no column {selection.first}")
    return chosen


def _position(position: int, count: int) -> int:
    return count if position == LAST else position


def _passes(column: ModelColumn, wanted: Filter) -> bool:
    if wanted.key == "outcome":
        return term_key(column.outcome) == term_key(str(wanted.value))
    if column.split != wanted.key:
        return False
    value = wanted.value
    if isinstance(value, str):
        return value in (str(column.split_value), column.split_label)
    if isinstance(column.split_value, str):
        return column.split_value in (value_text(value), str(value))
    return math.isclose(float(column.split_value), float(value), rel_tol=1e-12, abs_tol=0.0)


def find(quantity: Quantity, findings: Findings, level: float = 0.05) -> Found:
    """The number a quantity names; intervals (`low`, `high`) have coverage 1 - level.

    Raises QuantityError: several columns, no such term or statistic, a column that could not be estimated.
    """
    written = quantity.text or quantity.term or quantity.part
    if quantity.selection.model in findings.tests:
        return _of_test(quantity, findings.tests[quantity.selection.model])
    if quantity.effect:
        try:
            number, effect, outcome = value_of(quantity, findings)
        except EffectError as problem:
            raise QuantityError(problem.message) from problem
        return Found(number, None, None, effect, outcome)
    columns = select(quantity.selection, findings)
    if len(columns) > 1:
        listed = ", ".join(f"{address(c)} ({_description(c)})" for c in columns)
        raise QuantityError(f"`{written}` means {len(columns)} numbers, one in each of {listed}; name one column")
    column = columns[0]
    fit = column.fit
    if fit is None:
        why = column.failure.message if column.failure is not None else "no result"
        raise QuantityError(f"{address(column)} could not be estimated: {why}")
    if not quantity.term:
        value = statistic(fit, quantity.part)
        if value is None:
            has = ", ".join(available(fit))
            raise QuantityError(f"{address(column)} ({fit.estimator}) has no `{quantity.part}`; it has {has}")
        return Found(value, column)
    wanted = term_key(quantity.term)
    for estimate in estimates(fit, level):
        if term_key(estimate.term) == wanted:
            if quantity.part not in PARTS:
                raise QuantityError(f"`{written}`: a coefficient has {', '.join(PARTS)}, not `{quantity.part}`")
            return Found(float(getattr(estimate, PARTS[quantity.part])), column, estimate)
    for omitted in fit.omitted:
        if term_key(omitted.term) == wanted:
            raise QuantityError(f"`{quantity.term}` was omitted from {address(column)}: {omitted.reason}")
    raise QuantityError(f"{address(column)} has no term `{quantity.term}`; it has {', '.join(fit.terms)}")


def _of_test(quantity: Quantity, outcome: TestOutcome) -> Found:
    """A number of a test: of the one row that the brackets leave, by default of those that are printed by default."""
    filters = quantity.selection.filters
    by_statistic = any(f.key == "statistic" for f in filters)
    found = [
        (row, keys)
        for row, keys in zip(outcome.rows, outcome.keys, strict=True)
        if (row.default or by_statistic) and all(_named(keys, f) for f in filters)
    ]
    written = quantity.text or outcome.name
    if not found and outcome.failures:
        raise QuantityError(f"the test `{outcome.name}` could not be done: {outcome.failures[0].message}")
    if len(found) != 1:
        rows = (
            [keys for row, keys in zip(outcome.rows, outcome.keys, strict=True) if row.default]
            if not found
            else [keys for _, keys in found]
        )
        listed = "; ".join(", ".join(f"{key} = {value}" for key, value in keys.items()) for keys in rows)
        count = f"{len(found)} rows of the test" if found else "no row of the test"
        raise QuantityError(f"`{written}` means {count}; {'name one' if found else 'its rows are'}: {listed}")
    row = found[0][0]
    value = _part_of_row(row, quantity.part)
    if value is None:
        why = row.notices[0].message if quantity.part == "p" and row.notices else f"{row.test} has no such number"
        if quantity.part == "p" and row.p_bounds is not None:
            why = f"p lies between {row.p_bounds[0]:g} and {row.p_bounds[1]:g}"
        raise QuantityError(f"`{written}` is not there: {why}")
    return Found(value, None, row=row)


def _named(keys: Mapping[str, str], wanted: Filter) -> bool:
    """Whether a row is called what a bracket says; names of terms in any spelling."""
    given, value = keys.get(wanted.key), str(wanted.value)
    return given is not None and (given == value or term_key(given) == term_key(value))


def _part_of_row(row: TestResult, part: str) -> float | None:
    if part == "p":
        return row.p_value
    if part == "statistic":
        return row.value
    if part == "estimate":
        return row.details.get("estimate", row.details.get("difference"))
    if part == "se":
        return row.details.get("standard error")
    if part == "df":
        return row.df[0] if row.df else None
    if part in ("N", "groups"):
        return float(row.n if part == "N" else row.n_units)
    if part == "lags":
        return float(row.lags[0]) if len(row.lags) == 1 else None
    if part == "bandwidth":
        return None if row.bandwidth is None else float(row.bandwidth)
    return row.details.get(part)


def _description(column: ModelColumn) -> str:
    parts = [column.outcome]
    if column.split:
        parts.append(f"{column.split} = {value_text(column.split_value)}")
    if column.step > 1:
        parts.append(f"step {column.step}")
    return ", ".join(parts)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else math.nan,
    "^": lambda a, b: a**b,
}


def evaluate(expression: Expr, findings: Findings, level: float = 0.05) -> float:
    """The value of a literal, a quantity, or arithmetic on them. Raises QuantityError."""
    if isinstance(expression, Quantity):
        return find(expression, findings, level).value
    if isinstance(expression, Literal) and not isinstance(expression.value, str):
        return float(expression.value)
    if isinstance(expression, Apply):
        values = [evaluate(argument, findings, level) for argument in expression.arguments]
        if expression.function == "neg" and len(values) == 1:
            return -values[0]
        if expression.function in _ARITHMETIC and len(values) == 2:
            try:
                return float(_ARITHMETIC[expression.function](*values))
            except (OverflowError, ValueError, TypeError):
                return math.nan
        raise QuantityError(f"`{expression.function}` does not give a number here")
    raise QuantityError("a claim compares numbers")


def term_matches(wanted: str, name: str) -> bool:
    """Whether a row asked for by name covers a term: itself, its lags, its categories."""
    return term_key(wanted) == term_key(name) or (":" not in name and stem(name) == stem(wanted) == wanted)
