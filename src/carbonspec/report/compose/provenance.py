"""Where the numbers come from: spec, data, versions, seed, time; and what the variables are."""

from __future__ import annotations

from carbonspec.lang.spec import Expr
from carbonspec.report.document import CODE, FACTS, LEFT, NUMBER, Cell, Column, Row, Table
from carbonspec.report.numbers import count
from carbonspec.report.run import Run
from carbonspec.report.terms import value_text
from carbonspec.source import NOWHERE


def compose_provenance(run: Run) -> tuple[Table, ...]:
    """Facts of the run, and the files that were read."""
    made = run.provenance
    facts = [
        ("Spec", made.spec),
        ("SHA-256 of the spec", made.spec_sha256),
        *(
            (f"{'Extends' if not n else 'which extends'}", f"{name}, SHA-256 {sha}")
            for n, (name, sha) in enumerate(made.extends)
        ),
        ("Seed", str(made.seed)),
        ("Started", made.started),
        ("Seconds", f"{made.seconds:.2f}"),
        ("Results", f"{made.tasks_run} computed, {made.tasks_reused} reused"),
        ("Versions", ", ".join(f"{name} {number}" for name, number in made.versions.items())),
    ]
    if run.simulated:
        facts.insert(0, ("Data", f"SIMULATED: {run.simulated}"))
    rows = tuple(Row(name, (Cell(text, kind=CODE if "SHA" in name else "text"),)) for name, text in facts)
    tables = [Table(FACTS, "This run", (Column("", align=LEFT, wide=True),), (rows,))]
    if made.data:
        files = tuple(
            Row(
                file.name,
                (
                    Cell(count(file.rows), kind=NUMBER, value=file.rows),
                    Cell(count(file.columns), kind=NUMBER, value=file.columns),
                    Cell(file.sha256, kind=CODE),
                ),
            )
            for file in made.data
        )
        columns = (Column("Rows"), Column("Columns"), Column("SHA-256", align=LEFT, wide=True))
        tables.append(Table(FACTS, "Files read", columns, (files,), stub="File"))
    return tuple(tables)


def compose_variables(run: Run) -> tuple[Table, ...]:
    """Names, labels, units and formulas of the declared measures and variables."""
    if not run.spec.variables and not run.spec.measures:
        return ()
    rows = []
    for measure in run.spec.measures:
        made = f"{measure.method}({measure.word or measure.table or _written(measure.argument)})"
        rows.append(Row(measure.name, (Cell(measure.label), Cell(measure.unit), Cell(made, kind=CODE))))
    for variable in run.spec.variables:
        formula = _written(variable.expression)
        levels = ", ".join(f"{value_text(level.value)} {level.label}" for level in variable.levels)
        cells = (Cell(variable.label), Cell(variable.unit), Cell(formula or levels, kind=CODE))
        rows.append(Row(variable.name, cells))
    columns = (
        Column("Label", align=LEFT, wide=True),
        Column("Unit", align=LEFT),
        Column("Formula, measure or levels", align=LEFT, wide=True),
    )
    return (Table(FACTS, "Variables", columns, (tuple(rows),), stub="Name"),)


def _written(expression: Expr | None) -> str:
    """An expression as the spec writes it."""
    if expression is None or expression.span is NOWHERE:
        return ""
    return " ".join(expression.span.text.split())
