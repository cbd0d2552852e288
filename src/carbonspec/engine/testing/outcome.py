"""One test of a study: from its work to its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from carbonspec.diagnostics.model import ERROR, DataError
from carbonspec.econometrics.hypothesis_tests.catalogue import STATISTICS
from carbonspec.econometrics.hypothesis_tests.results import TestReport
from carbonspec.econometrics.results import EstimationError
from carbonspec.engine.frame import PanelData
from carbonspec.planner.task import TestWork
from carbonspec.report.run import Failure, TestOutcome

ADAPTERS = {
    "unitroot": "unit_roots",
    "granger": "granger",
    "difference": "difference",
    "dependence": "dependence",
    "joint": "wald",
    "delta": "wald",
    "placebo": "placebo",
}
"""The module that carries a test out; for those not here, `of_columns`."""


@dataclass(frozen=True)
class TestPart:
    """A part of a test that can fail alone: what it is called, what tells its rows from others', how to make them.

    `statistics` names the dictionary of `STATISTICS` that its rows have their words from; `by_variable` says which
    key, if any, a row's own variable goes into.
    """

    __test__ = False

    title: str
    keys: Mapping[str, str]
    statistics: str
    make: Callable[[], TestReport]
    by_variable: str = ""


def carry_out(data: PanelData, work: TestWork, results: Mapping[str, Any]) -> TestOutcome:
    """What a test gives. `results` are those of the tasks it takes as inputs, by task name.

    Raises
    ------
    DataError, EstimationError: the test cannot be done.
    """
    adapter = import_module(f"carbonspec.engine.testing.{ADAPTERS.get(work.test.function, 'of_columns')}")
    outcome: TestOutcome = adapter.carry_out(data, work, results)
    return outcome


def outcome_of(
    data: PanelData, work: TestWork, parts: Iterable[TestPart], columns: tuple[str, ...] = ()
) -> TestOutcome:
    """The rows of all parts, with the names of the units left out; a part that failed says why, the others finish."""
    rows, keys, failures = [], [], []
    left_out: dict[tuple[str, str], None] = {}
    draws: dict[str, Any] = {}
    by_unit: dict[str, Any] = {}
    for part in parts:
        try:
            report = part.make()
        except EstimationError as problem:
            failures.append(Failure(part.title or work.test.name, problem.code, problem.message))
            continue
        except DataError as problem:
            first = next(d for d in problem.diagnostics if d.severity == ERROR)
            failures.append(Failure(part.title or work.test.name, first.code, "; ".join((first.message, *first.facts))))
            continue
        for row in report.rows:
            own = {part.by_variable: row.variable} if part.by_variable else {}
            rows.append(row)
            keys.append({**part.keys, **own, "statistic": statistic_word(part.statistics, row.statistic)})
            left_out.update(dict.fromkeys((unit_name(data, e.unit), e.reason) for e in row.excluded))
        prefix = f"{part.title}, " if part.title else ""
        draws.update({f"{prefix}{name}": values for name, values in report.draws.items()})
        if report.by_unit:
            by_unit[part.title] = {
                "units": tuple(unit_name(data, int(unit)) for unit in report.units),
                **report.by_unit,
            }
    return TestOutcome(
        work.test.name,
        work.test.function,
        tuple(rows),
        tuple(keys),
        tuple(left_out),
        columns,
        draws,
        by_unit,
        failures=tuple(failures),
    )


def statistic_word(test: str, statistic: str) -> str:
    """What a statistic is called in a bracket."""
    known = STATISTICS.get(test, {}).get(statistic)
    if known is not None:
        return known
    inside = statistic.partition("(")[2].rstrip(")")
    given = inside.partition(" given ")
    return f"f_{given[0]}" if given[1] else "f"


def unit_name(data: PanelData, unit: int) -> str:
    """A unit as the data call it."""
    row = int((data.unit == unit).argmax())
    return data.shown(row).rpartition(", ")[0]
