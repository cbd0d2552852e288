"""The columns of models that a test speaks of, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

from carbonspec.econometrics.design import Design
from carbonspec.engine.design import build_design, split_values
from carbonspec.engine.frame import PanelData
from carbonspec.lang.spec import Selection
from carbonspec.planner.task import EstimateWork, TestWork
from carbonspec.report.quantities import select
from carbonspec.report.run import Findings, ModelColumn


@dataclass(frozen=True)
class TestedColumn:
    """A column under its name, `benchmark[5]`, as the arrays it is estimated on."""

    __test__ = False

    name: str
    work: EstimateWork
    design: Design


def designs(data: PanelData, work: TestWork) -> tuple[TestedColumn, ...]:
    """The columns that the selections of a test mean, in order."""
    return tuple(found for selection in work.test.selections for found in _selected(data, work, selection))


def _selected(data: PanelData, work: TestWork, selection: Selection) -> list[TestedColumn]:
    mine = [column for column in work.columns if column.model.name == selection.model]
    numbered: list[tuple[ModelColumn, EstimateWork]] = []
    for value in split_values(data, mine[0].model):
        for column in mine:
            outcome = column.model.columns[column.index].outcome.name
            split = column.model.split.name if column.model.split is not None and value is not None else ""
            known = ("", "") if value is None else (value.value, value.label)
            found = ModelColumn(selection.model, len(numbered) + 1, outcome, 0, split, *known)
            numbered.append((found, column))
    chosen = select(selection, Findings({selection.model: tuple(found for found, _ in numbered)}))
    tested = []
    for found, column in numbered:
        if found in chosen:
            level = found.split_value if found.split else None
            built = build_design(data, column.model, column.model.columns[column.index], level)
            tested.append(TestedColumn(f"{found.model}[{found.number}]", column, built.design))
    return tested
