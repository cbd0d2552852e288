"""`joint(m.a, m.b)` and `delta(m.a / (1 - m.b))`: on the estimates of one column, as they are in its table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from carbonspec.econometrics.hypothesis_tests import wald
from carbonspec.econometrics.hypothesis_tests.results import TestReport
from carbonspec.econometrics.results import EstimationError
from carbonspec.engine.frame import PanelData
from carbonspec.engine.testing.columns import numbered_columns
from carbonspec.engine.testing.expressions import covered, evaluate, written
from carbonspec.engine.testing.outcome import TestPart, outcome_of
from carbonspec.lang.spec import Apply, Expr, Quantity
from carbonspec.planner.task import TestWork
from carbonspec.report.quantities import address, select
from carbonspec.report.run import Findings, ModelColumn, TestOutcome


def carry_out(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> TestOutcome:
    """A Wald test of all expressions at once, or the delta method for the one."""
    column = one_column(data, work, results)
    part = TestPart("", {}, work.test.function, partial(_run, work, column))
    return outcome_of(data, work, [part], (address(column),))


def one_column(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> ModelColumn:
    """The column that all coefficients of a test are of. Raises EstimationError E527 for several, or a failed one."""
    leaves = [leaf for quantity in work.test.quantities for leaf in leaves_of(quantity)]
    numbered = numbered_columns(data, work, leaves[0].selection.model, results)
    findings = Findings({leaves[0].selection.model: tuple(found for found, _ in numbered)})
    chosen = list(dict.fromkeys(column.number for leaf in leaves for column in select(leaf.selection, findings)))
    if len(chosen) > 1:
        names = ", ".join(f"{leaves[0].selection.model}[{number}]" for number in chosen)
        raise EstimationError("E527", f"the coefficients are of {len(chosen)} columns, {names}; a test takes one")
    column = numbered[chosen[0] - 1][0]
    if column.fit is None:
        why = column.failure.message if column.failure is not None else "no result"
        raise EstimationError("E527", f"{address(column)} could not be estimated: {why}")
    return column


def leaves_of(expression: Expr) -> list[Quantity]:
    """The coefficients that an expression names."""
    if isinstance(expression, Quantity):
        return [expression]
    arguments = expression.arguments if isinstance(expression, Apply) else ()
    return [leaf for argument in arguments for leaf in leaves_of(argument)]


def _run(work: TestWork, column: ModelColumn) -> TestReport:
    fit = column.fit
    assert fit is not None
    if work.test.function == "delta":
        expression = work.test.quantities[0]
        value, gradient = evaluate(expression, fit)
        return wald.delta(fit, value, gradient, written(expression), work.level)
    expressions = [one for quantity in work.test.quantities for one in covered(quantity, fit)]
    found = [evaluate(expression, fit) for expression in expressions]
    values, slopes = np.array([value for value, _ in found]), np.stack([slope for _, slope in found])
    return wald.joint(fit, values, slopes, tuple(map(written, expressions)))
