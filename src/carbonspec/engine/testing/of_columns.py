"""Tests of columns of models that take nothing but the column: `hausman(m)`, `serial(m)`, `vif(m)`, …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from carbonspec.econometrics.design import Design, Effect
from carbonspec.econometrics.hypothesis_tests import (
    dependence,
    effects,
    hausman,
    heteroskedasticity,
    homogeneity,
    serial,
    variance_inflation,
)
from carbonspec.econometrics.hypothesis_tests.results import TestReport
from carbonspec.engine.frame import PanelData
from carbonspec.engine.testing.columns import TestedColumn, tested
from carbonspec.engine.testing.outcome import TestPart, outcome_of
from carbonspec.engine.testing.settings import TestSettings
from carbonspec.planner.task import TestWork
from carbonspec.report.run import TestOutcome

Run = Callable[[Design], TestReport]

BATTERY: dict[str, Run] = {
    "vif": variance_inflation.run,
    "dependence": dependence.of_residuals,
    "serial": serial.run,
    "poolability": effects.poolability,
    "heteroskedasticity": heteroskedasticity.run,
    "homogeneity": homogeneity.run,
}
RESIDUALS = frozenset(("dependence", "heteroskedasticity"))
"""Tests of residuals: those of a random-effects column are taken from the fixed-effects regression."""


def carry_out(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> TestOutcome:  # noqa: ARG001
    """The test on every column selected."""
    columns = tested(data, work)
    parts = [part for column in columns for part in _parts(data, work, column)]
    return outcome_of(data, work, parts, tuple(column.name for column in columns))


def _parts(data: PanelData, work: TestWork, column: TestedColumn) -> list[TestPart]:
    name = work.test.function
    keys = {"column": column.name}

    def on_design(run: Run) -> Callable[[], TestReport]:
        return lambda: run(_design(data, column, name))

    if name == "effects":
        return [
            TestPart(f"F test on {column.name}", {**keys, "test": "f"}, name, on_design(effects.f_test)),
            TestPart(
                f"Breusch-Pagan on {column.name}",
                {**keys, "test": "breusch_pagan"},
                name,
                on_design(effects.breusch_pagan),
            ),
        ]
    if name == "hausman":
        said = TestSettings(work.test)
        run: Run = partial(
            hausman.run,
            scale=said.word("scale", "each"),
            form=said.word("form", "quasi"),
            correction=said.word("correction", "hc0"),
        )
        return [TestPart(f"hausman on {column.name}", keys, name, on_design(run))]
    by_variable = "term" if name == "vif" else ""
    return [TestPart(f"{name} on {column.name}", keys, name, on_design(BATTERY[name]), by_variable)]


def _design(data: PanelData, column: TestedColumn, test: str) -> Design:
    """The column's arrays. A model without effects gets the unit's where they are what is tested."""
    design = column.design(data)
    random = column.work.model.columns[column.work.index].structure.kind == "re"
    if not design.effects and (test == "effects" or (test in RESIDUALS and random)):
        return replace(design, effects=(Effect(design.unit),))
    return design
