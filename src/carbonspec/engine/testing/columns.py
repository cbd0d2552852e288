"""The columns of models that a test speaks of: as arrays to test on, and as estimates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from carbonspec.econometrics.design import Design
from carbonspec.engine.design import BuiltDesign, build_design, split_values
from carbonspec.engine.frame import PanelData
from carbonspec.lang.spec import Selection
from carbonspec.planner.lower import estimate_name
from carbonspec.planner.task import EstimateWork, TestWork
from carbonspec.report.quantities import select
from carbonspec.report.run import Findings, ModelColumn


@dataclass(frozen=True)
class TestedColumn:
    """A column under its name, `benchmark[5]`. `level` is the value of its model's `split`, None without."""

    __test__ = False

    name: str
    work: EstimateWork
    level: float | str | None

    def built(self, data: PanelData) -> BuiltDesign:
        """The arrays it is estimated on. Raises DataError where no row is left."""
        model = self.work.model
        return build_design(data, model, model.columns[self.work.index], self.level)

    def design(self, data: PanelData) -> Design:
        """The same without the account of rows."""
        return self.built(data).design


def tested(data: PanelData, work: TestWork) -> tuple[TestedColumn, ...]:
    """The columns that the selections of a test mean, in order."""
    return tuple(found for selection in work.test.selections for found in _selected(data, work, selection))


def _selected(data: PanelData, work: TestWork, selection: Selection) -> list[TestedColumn]:
    numbered = numbered_columns(data, work, selection.model)
    chosen = select(selection, Findings({selection.model: tuple(found for found, _ in numbered)}))
    return [
        TestedColumn(f"{found.model}[{found.number}]", column, found.split_value if found.split else None)
        for found, column in numbered
        if found in chosen
    ]


def numbered_columns(
    data: PanelData, work: TestWork, model: str, results: Mapping[str, Any] | None = None
) -> list[tuple[ModelColumn, EstimateWork]]:
    """All columns of a model with their numbers, and with their fits where `results` has them."""
    mine = [column for column in work.columns if column.model.name == model]
    numbered: list[tuple[ModelColumn, EstimateWork]] = []
    for place, value in enumerate(split_values(data, mine[0].model)):
        for index, column in enumerate(mine):
            outcome = column.model.columns[column.index].outcome.name
            split = column.model.split.name if column.model.split is not None and value is not None else ""
            known = ("", "") if value is None else (value.value, value.label)
            found = ModelColumn(model, len(numbered) + 1, outcome, 0, split, *known)
            made = results.get(estimate_name(model, index)) if results is not None else None
            if isinstance(made, tuple):
                found = replace(found, fit=made[place].fit, failure=made[place].failure)
            numbered.append((found, column))
    return numbered
