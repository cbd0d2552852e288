"""Numbers a run produced, by their names in a spec: `benchmark[coastal = 1, 2].Open.se`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

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

    `estimate` is set when it belongs to a coefficient, `effect` when it belongs to an effect with its own p value.
    """

    value: float
    column: ModelColumn | None
    estimate: Estimate | None = None
    effect: MediatedEffect | None = None
    mediation: MediationOutcome | None = None


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
    """A number of a test: of its default row, or of the one row that the brackets leave."""
    if outcome.failures and not outcome.rows:
        raise QuantityError(f"the test `{outcome.name}` could not be done: {outcome.failures[0].message}")
    rows = [row for row in outcome.rows if row.default]
    for wanted in quantity.selection.filters:
        pool = outcome.rows if wanted.key == "statistic" else tuple(rows)
        rows = [row for row in pool if str(getattr(row, wanted.key, "")) == str(wanted.value)]
    if len(rows) != 1:
        written = quantity.text or outcome.name
        raise QuantityError(f"`{written}` means {len(rows)} rows of the test; name one")
    row = rows[0]
    value = {"p": row.p_value, "estimate": row.value, "statistic": row.value}.get(quantity.part)
    if value is None and quantity.part == "df" and row.df:
        value = row.df[0]
    if value is None:
        value = row.details.get(quantity.part)
    if value is None:
        raise QuantityError(f"`{outcome.name}` has no `{quantity.part}`")
    return Found(value, None)


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
