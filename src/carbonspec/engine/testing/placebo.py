"""`placebo(did.treated) permute treated draws 500`: a variable dealt out anew among the units."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import permutations
from math import factorial
from typing import Any

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.hypothesis_tests import placebo
from carbonspec.econometrics.hypothesis_tests.results import TestReport
from carbonspec.econometrics.hypothesis_tests.seeds import generator
from carbonspec.econometrics.results import EstimationError
from carbonspec.engine.design import BuiltDesign
from carbonspec.engine.frame import PanelData
from carbonspec.engine.table import Column, Text, take
from carbonspec.engine.terms import term_columns
from carbonspec.engine.testing.columns import TestedColumn, numbered_columns
from carbonspec.engine.testing.outcome import TestPart, outcome_of
from carbonspec.engine.testing.settings import TestSettings
from carbonspec.engine.testing.wald import leaves_of, one_column
from carbonspec.lang.spec import Ref, Term
from carbonspec.planner.task import TestWork
from carbonspec.report.quantities import address
from carbonspec.report.run import TestOutcome
from carbonspec.report.terms import term_key

DRAWS = 1000
EXHAUSTIVE = 5040
"""Up to this many ways to deal a variable out (seven units) all are tried."""


def carry_out(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> TestOutcome:
    """The coefficient, and the share of placebo coefficients at least as large."""
    column = one_column(data, work, results)
    name = address(column)
    column_work = numbered_columns(data, work, column.model)[column.number - 1][1]
    one = TestedColumn(name, column_work, column.split_value if column.split else None)
    part = TestPart(f"placebo on {name}", {}, "placebo", partial(_run, data, work, one))
    return outcome_of(data, work, [part], (name,))


def _run(data: PanelData, work: TestWork, column: TestedColumn) -> TestReport:
    said = TestSettings(work.test)
    variable = said.expression("permute")
    assert isinstance(variable, Ref)
    draws = said.number("draws") or DRAWS
    built = column.built(data)
    design = built.design
    terms = column.work.model.columns[column.work.index].regressors
    reached = [term for term in terms if data.reads(term.expression, variable)]
    wanted = term_key(leaves_of(work.test.quantities[0])[0].term)
    dealer = _Dealer(data, built, variable)
    changed = tuple(name for term in reached for name, _ in dealer.columns(term, None))
    target = next((name for name in changed if term_key(name) == wanted), None)
    if target is None:
        message = f"{work.test.quantities[0].text} does not depend on {variable.name}"  # type: ignore[attr-defined]
        raise EstimationError("E525", f"{message}: a placebo deals out what the regressor is made of")
    units = design.unit.count
    exact = factorial(units) <= EXHAUSTIVE
    rng = generator((work.seed, f"test {work.test.stream}"))
    orders = [np.array(order) for order in permutations(range(units))] if exact else []
    orders = orders or [rng.permutation(units) for _ in range(draws)]

    def columns(draw: int) -> FloatArray:
        found = [dict(dealer.columns(term, orders[draw])) for term in reached]
        made = {name: values for part in found for name, values in part.items()}
        nothing = np.zeros(len(design.y))
        return np.column_stack([made.get(name, nothing) for name in changed])

    how = f"{variable.name} among {units} units, {dealer.how}" + ("" if exact else f", seed {work.seed}")
    return placebo.run(design, target, changed, columns, len(orders), variable.name, how, exact)


class _Dealer:
    """Columns of terms with the variable's values exchanged between units.

    What does not change within a unit is dealt out as one value; what does, as the unit's whole history, period by
    period, which all units must then have in common.
    """

    def __init__(self, data: PanelData, built: BuiltDesign, variable: Ref) -> None:
        self.data, self.rows, self.variable = data, built.rows, variable
        self.unit, self.period = built.design.unit, built.design.period
        self.values = data.values(variable)
        here = take(self.values, self.rows)
        codes = here.codes if isinstance(here, Text) else here
        first = np.zeros(self.unit.count, dtype=np.int64)
        first[self.unit.codes[::-1]] = np.arange(len(self.rows))[::-1]
        self.first = first
        self.constant = bool((codes == codes[first][self.unit.codes]).all())
        self.how = "one value a unit" if self.constant else "whole histories"
        sizes = self.unit.sizes
        grid = np.full((self.unit.count, self.period.count), -1, dtype=np.int64)
        grid[self.unit.codes, self.period.codes] = np.arange(len(self.rows))
        used = (grid >= 0).any(axis=0)
        self.grid = grid
        if not self.constant and not (sizes == int(used.sum())).all():
            low, high = int(sizes.min()), int(sizes.max())
            told = f"T is {low} to {high}" if low < high else "units have different periods"
            raise EstimationError(
                "E521", f"{variable.name} changes within units, so that placebos need the same periods for all; {told}"
            )

    def columns(self, term: Term, order: np.ndarray | None) -> list[tuple[str, FloatArray]]:
        """The named columns of a term; `order` says whose values each unit gets (None: its own)."""
        if order is None:
            return list(term_columns(self.data, term, self.rows, self.data.values))
        if self.constant:
            source = self.first[order][self.unit.codes]
        else:
            source = self.grid[order[self.unit.codes], self.period.codes]
        changed = self.data.with_values(self.variable, self._dealt(source))
        return list(term_columns(changed, term, self.rows, changed.values))

    def _dealt(self, source: np.ndarray) -> Column:
        """The variable on all rows of the panel, with what rows of the sample get from `source`.

        A value that is constant within units also goes to the unit's rows outside the sample, which its lags read.
        """
        given = self.rows[source]
        column = self.values
        if isinstance(column, Text):
            codes = self._spread(column.codes, column.codes[given])
            return Text(codes, column.values)
        return self._spread(column, column[given])

    def _spread(self, old: np.ndarray, new: np.ndarray) -> np.ndarray:
        out = old.copy()
        if self.constant:
            by_unit = np.zeros(self.data.unit_count, dtype=out.dtype)
            seen = np.zeros(self.data.unit_count, dtype=bool)
            by_unit[self.data.unit[self.rows]], seen[self.data.unit[self.rows]] = new, True
            mine = seen[self.data.unit]
            out[mine] = by_unit[self.data.unit[mine]]
        out[self.rows] = new
        return out
