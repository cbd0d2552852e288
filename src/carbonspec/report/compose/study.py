"""A whole run as a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from carbonspec.lang.spec import CallItem, ResultItem
from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.correlation import compose_correlation
from carbonspec.report.compose.difference import beside, with_difference
from carbonspec.report.compose.figure import compose_figures
from carbonspec.report.compose.granger import compose_granger
from carbonspec.report.compose.hypotheses import compose_claims
from carbonspec.report.compose.inflation import compose_inflation
from carbonspec.report.compose.ledger import compose_ledger
from carbonspec.report.compose.mediation import compose_effects, compose_mediation, selected
from carbonspec.report.compose.provenance import compose_provenance, compose_variables
from carbonspec.report.compose.regression import compose_regression
from carbonspec.report.compose.scorecard import compose_scorecard
from carbonspec.report.compose.summary import compose_summary
from carbonspec.report.compose.test import compose_battery
from carbonspec.report.compose.unit_roots import compose_unit_roots
from carbonspec.report.compose.weights import compose_weights
from carbonspec.report.document import (
    CODE,
    FACTS,
    FAILURE,
    LEFT,
    STAMP,
    Block,
    Cell,
    Column,
    Document,
    Row,
    Section,
    Table,
)
from carbonspec.report.run import Run, TestOutcome
from carbonspec.report.scorecard import scorecard

COMPOSERS: dict[str, Callable[[Run, TableSpec, CallItem, Any], Table]] = {
    "summary": compose_summary,
    "correlation": compose_correlation,
    "weights": compose_weights,
    "mediation": compose_mediation,
}
"""What makes the table of a call, by the name of the function called."""


TEST_TABLES: dict[str, Callable[[Run, TableSpec, TestOutcome, str], Table]] = {
    "unitroot": compose_unit_roots,
    "granger": compose_granger,
    "vif": compose_inflation,
}
"""What makes the table of a test, for those with a layout of their own."""


def _described(run: Run, key: str, item: CallItem) -> object | None:  # noqa: ARG001
    return run.descriptions.get(key)


def _measured(run: Run, key: str, item: CallItem) -> object | None:  # noqa: ARG001
    return run.measures.get(item.arguments[0].name)


def _mediated(run: Run, key: str, item: CallItem) -> object | None:  # noqa: ARG001
    return selected(run, item) or None


NUMBERS: dict[str, Callable[[Run, str, CallItem], object | None]] = {"weights": _measured, "mediation": _mediated}
"""Where a composer's numbers are in the run; descriptions, for those not here."""


def compose(run: Run) -> Document:
    """The report of a run: claims, tables, figures, printed figures, sample, warnings, provenance."""
    stamp = STAMP if run.simulated else ""
    tables = tuple(table for spec in run.spec.tables for table in compose_table(run, spec))
    parts: tuple[tuple[str, str, tuple[Block, ...]], ...] = (
        ("claims", "Claims", compose_claims(run)),
        ("tables", "Tables", tables),
        ("mediation", "Mediation", compose_effects(run)),
        ("tests", "Tests in no table", compose_tests(run)),
        ("figures", "Figures", compose_figures(run)),
        ("published", "Published figures", compose_scorecard(scorecard(run), bool(run.simulated))),
        ("variables", "Variables", compose_variables(run)),
        ("sample", "Sample", compose_ledger(run)),
        ("warnings", "Warnings and notes", _warnings(run)),
        ("failures", "What failed", _failures(run)),
        ("provenance", "Provenance", compose_provenance(run)),
    )
    sections = tuple(
        Section(anchor, title, tuple(_stamped(block, run, stamp) for block in blocks))
        for anchor, title, blocks in parts
        if blocks
    )
    made = run.provenance
    version = made.versions.get("carbonspec", "")
    return Document(
        title=run.spec.study.title or made.spec,
        subtitle=run.spec.study.cite,
        sections=sections,
        stamp=stamp,
        simulated=run.simulated,
        footer=f"carbonspec {version} · {made.spec} · {made.started} · seed {made.seed}".replace("  ", " "),
    )


def compose_table(run: Run, table: TableSpec) -> tuple[Table, ...]:
    """The tables of one `table` statement: results side by side in one, and one for each call."""
    found: list[Table] = []
    differences = beside(run, table)
    results = [item for item in table.items if isinstance(item, ResultItem)]
    if any(item.selection.model not in run.tests for item in results):
        made = compose_regression(run, table)
        for tested, difference in differences:
            made = with_difference(run, table, made, tested, difference)
        found.append(made)
    battery: list[tuple[ResultItem, TestOutcome]] = []
    for index, item in enumerate(table.items):
        outcome = run.tests.get(item.selection.model) if isinstance(item, ResultItem) else None
        if outcome is not None and any(item is other for other, _ in differences):
            continue
        if outcome is not None and isinstance(item, ResultItem) and outcome.function not in TEST_TABLES:
            battery.append((item, outcome))
            continue
        found += _battery(run, table, battery)
        if isinstance(item, ResultItem):
            if outcome is not None:
                found.append(TEST_TABLES[outcome.function](run, table, outcome, item.label))
            continue
        key = f"table {table.number} item {index}"
        numbers = NUMBERS.get(item.function, _described)(run, key, item)
        if numbers is not None:
            made = COMPOSERS[item.function](run, table, item, numbers)
        else:
            made = _failed(run, table, item, key)
        found.append(replace(made, label=item.label or made.label))
    found += _battery(run, table, battery)
    stamp = STAMP if run.simulated else ""
    return tuple(_stamp(made, run, stamp) for made in found)


def compose_tests(run: Run) -> tuple[Table, ...]:
    """The tests that no table prints."""
    items = (item for table in run.spec.tables for item in table.items)
    printed = {item.selection.model for item in items if isinstance(item, ResultItem)}
    found = []
    for test in run.spec.tests:
        outcome = run.tests.get(test.name)
        if test.name in printed or outcome is None:
            continue
        form = TableSpec("", test.label or test.text)
        made = TEST_TABLES.get(test.function)
        found.append(made(run, form, outcome, "") if made is not None else compose_battery(run, form, (outcome,), ""))
    return tuple(found)


def _battery(run: Run, table: TableSpec, tests: list[tuple[ResultItem, TestOutcome]]) -> list[Table]:
    """The tests gathered so far as one table; none are left."""
    if not tests:
        return []
    made = compose_battery(run, table, tuple(outcome for _, outcome in tests), tests[0][0].label)
    tests.clear()
    return [made]


def _stamped(block: Block, run: Run, stamp: str) -> Block:
    return _stamp(_without_empty(block), run, stamp) if isinstance(block, Table) else block


def _stamp(table: Table, run: Run, stamp: str) -> Table:
    """Mark a table of simulated data in its title line and its note."""
    if not stamp or table.stamp:
        return table
    if not table.number:
        return replace(table, stamp=stamp)
    note = f"{stamp}: {run.simulated.strip().rstrip('.')}. No number here is an empirical result."
    return replace(table, stamp=stamp, notes=(*table.notes, note))


def _without_empty(table: Table) -> Table:
    """A table of facts without the columns in which nothing stands."""
    if table.kind != FACTS:
        return table
    rows = [row for group in table.groups for row in group]
    kept = [i for i in range(len(table.columns)) if len(table.columns) == 1 or any(row.cells[i].text for row in rows)]
    groups = tuple(
        tuple(replace(row, cells=tuple(row.cells[i] for i in kept)) for row in group) for group in table.groups
    )
    return replace(table, columns=tuple(table.columns[i] for i in kept), groups=groups)


def _failed(run: Run, table: TableSpec, item: CallItem, key: str) -> Table:
    failure = next((f for f in run.failures if f.task == key), None)
    message = f"{failure.message} ({failure.code})" if failure is not None else "it was not computed"
    row = Row(f"{item.function}(…)", (Cell(f"failed: {message}", kind=FAILURE),))
    return Table(FACTS, table.label, (Column("", align=LEFT, wide=True),), ((row,),), table.number, notes=table.notes)


def _failures(run: Run) -> tuple[Table, ...]:
    failures = [*run.failures, *(c.failure for m in run.models.values() for c in m if c.failure is not None)]
    failures += [o.failure for parts in run.mediations.values() for o in parts if o.failure is not None]
    if not failures:
        return ()
    rows = tuple(Row(f.task, (Cell(f.code, kind=CODE), Cell(f.message, kind=FAILURE))) for f in failures)
    columns = (Column("Code", align=LEFT), Column("Why", align=LEFT, wide=True))
    return (Table(FACTS, "Not done; the rest finished", columns, (rows,), stub="What"),)


def _warnings(run: Run) -> tuple[Table, ...]:
    if not run.warnings:
        return ()
    rows = []
    for found in run.warnings:
        line = f"line {found.span.line}" if found.span is not None and found.span.source.text else ""
        if line and found.span is not None and found.span.source.level:
            line += f" of {found.span.source.path}"
        text = "; ".join((found.message, *found.facts))
        cells = (Cell(found.code, kind=CODE), Cell(line), Cell(text), Cell("; ".join(found.helps)))
        rows.append(Row(found.severity, cells))
    columns = (
        Column("Code", align=LEFT),
        Column("Where", align=LEFT),
        Column("What", align=LEFT, wide=True),
        Column("Help", align=LEFT, wide=True),
    )
    return (Table(FACTS, "What the checks say", columns, (tuple(rows),), stub="Kind"),)
