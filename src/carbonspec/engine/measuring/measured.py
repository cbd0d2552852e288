"""One measure of a study, made: its column on the panel's rows, and its report."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.results import Notice
from carbonspec.engine.measuring.blame import diagnostic, refusal
from carbonspec.lang.spec import Measure
from carbonspec.report.run import LedgerEntry, MeasureReport, Weight

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData


@dataclass(frozen=True)
class Made:
    """What a method's adapter gives: `values` (rows,) on the panel's rows, notices, facts, weights of an index.

    `before` and `after` count what went in and what was used, in `counted`; `why` says what became of the rest.
    `parts` holds the components (rows,) by the clause they come from: `fuel coke`, `add 2`, `fuel` for all fuels.
    """

    values: FloatArray
    notices: tuple[Notice, ...] = ()
    facts: tuple[str, ...] = ()
    weights: tuple[Weight, ...] = ()
    before: int = 0
    after: int = 0
    why: str = ""
    parts: dict[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """A measure's column, its report, its line of the ledger, and its components."""

    values: FloatArray
    report: MeasureReport
    entry: LedgerEntry
    parts: dict[str, FloatArray] = field(default_factory=dict)


def measure(data: PanelData, definition: Measure) -> Measured:
    """Make a measure; what must be told is noted on the panel.

    Raises
    ------
    DataError: what the library refuses, on the line of the spec that asked for it.
    """
    adapter = import_module(f"carbonspec.engine.measuring.{definition.method}")
    try:
        made: Made = adapter.make(data, definition)
    except MeasureError as problem:
        raise DataError((refusal(problem, definition),)) from problem
    for notice in made.notices:
        data.note(diagnostic(notice, definition))
    notes = tuple(dict.fromkeys((*made.facts, *(notice.message for notice in made.notices))))
    entry = LedgerEntry(f"measure {definition.name}", made.before, made.after, made.why)
    report = MeasureReport(definition.name, definition.method, notes, made.weights)
    return Measured(made.values, report, entry, made.parts)
