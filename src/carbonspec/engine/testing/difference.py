"""`difference(by_coast.Open) permute 1000`: a coefficient between the two groups of a `split`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from carbonspec.econometrics.design import Design, Groups
from carbonspec.econometrics.hypothesis_tests import difference, permutation
from carbonspec.econometrics.hypothesis_tests.results import TestReport
from carbonspec.econometrics.results import EstimationError
from carbonspec.engine.design import build_design, split_values
from carbonspec.engine.frame import PanelData
from carbonspec.engine.table import Text, take
from carbonspec.engine.testing.columns import tested
from carbonspec.engine.testing.outcome import TestPart, outcome_of
from carbonspec.engine.testing.settings import TestSettings
from carbonspec.engine.wording import value_text
from carbonspec.lang.spec import Apply, Level, Literal, Ref
from carbonspec.planner.task import EstimateWork, TestWork
from carbonspec.report.run import TestOutcome
from carbonspec.report.terms import term_key


def carry_out(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> TestOutcome:  # noqa: ARG001
    """By interaction, with the jackknife beside it, and by permutation where `permute` asks for it."""
    columns = tested(data, work)
    column = columns[0].work
    design, groups, names = two_groups(data, column)
    said = TestSettings(work.test)
    draws = said.number("permute")

    def interacted() -> TestReport:
        return _chosen(difference.by_interaction(design, groups, names), design, work)

    def permuted() -> TestReport:
        rows = said.word("permute.of") == "rows"
        choice = permutation.Draws(draws or 0, (work.seed, f"test {work.test.stream}"), rows)
        return _chosen(permutation.run(design, groups, names, choice), design, work)

    parts = [TestPart("by interaction", {}, "difference", interacted, "term")]
    if draws is not None:
        parts.append(TestPart("by permutation", {}, "difference", permuted, "term"))
    found = outcome_of(data, work, parts, tuple(c.name for c in columns))
    rows = tuple(replace(row, default=row.default and row.statistic == "t") for row in found.rows)
    return replace(found, rows=rows)


def two_groups(data: PanelData, work: EstimateWork) -> tuple[Design, Groups, tuple[str, str]]:
    """The rows of both groups as one design; the group of each row; what to call them.

    Raises EstimationError E525 unless the split has two values among the rows of the model.
    """
    model = work.model
    split = model.split
    assert isinstance(split, Ref)
    levels = [level for level in split_values(data, model) if level is not None]
    if len(levels) != 2:
        shown = ", ".join(value_text(level.value) for level in levels[:8])
        raise EstimationError(
            "E525", f"a difference is between two groups; {split.name} has {len(levels)} here: {shown}"
        )
    inside = Apply("in", (split, Apply("set", tuple(Literal(level.value) for level in levels))))
    where = inside if model.where is None else Apply("and", (model.where, inside))
    whole = model.replace(split=None, where=where)
    built = build_design(data, whole, whole.columns[work.index])
    column = take(data.values(split), built.rows)
    wanted = levels[1].value
    codes = column.codes == column.values.index(str(wanted)) if isinstance(column, Text) else column == wanted
    groups = Groups(split.name, np.asarray(codes, dtype=np.int64), 2)
    return built.design, groups, (_name(split, levels[0]), _name(split, levels[1]))


def _name(split: Ref, level: Level) -> str:
    return level.label or f"{split.name} = {value_text(level.value)}"


def _chosen(report: TestReport, design: Design, work: TestWork) -> TestReport:
    """The rows and draws of the coefficients asked for."""
    if not work.test.coefficients:
        return report
    wanted = {term_key(name) for name in work.test.coefficients}
    known = {term_key(name) for name in design.terms}
    missing = [name for name in work.test.coefficients if term_key(name) not in known]
    if missing:
        raise EstimationError("E525", f"the model has no coefficient {', '.join(missing)}")
    rows = tuple(row for row in report.rows if term_key(row.variable) in wanted)
    if not rows:
        raise EstimationError("E525", f"{', '.join(work.test.coefficients)} has no coefficient in one of the groups")
    draws = {name: values for name, values in report.draws.items() if term_key(name) in wanted}
    return replace(report, rows=rows, draws=draws)
