"""`correlation(…)`: the lower triangle of a correlation matrix, with stars."""

from __future__ import annotations

import math

from carbonspec.lang.spec import CallItem
from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.notes import reached, sentence, star_text, winsorizing
from carbonspec.report.document import CORRELATION, EMPTY, NOTHING, NUMBER, Cell, Column, Row, Table
from carbonspec.report.inference import stars
from carbonspec.report.numbers import count, fixed
from carbonspec.report.run import Description, Run
from carbonspec.report.terms import Labels


def compose_correlation(run: Run, table: TableSpec, item: CallItem, description: Description) -> Table:
    """Row i, column j <= i: r of the two; columns are numbered as the rows are."""
    labels = Labels.of(run.spec, run.labels)
    digits = table.digits if table.digits is not None else run.spec.study.digits
    decimals = 3 if digits is None else digits
    rows = []
    for i, name in enumerate(description.row_names):
        cells = []
        for j in range(len(description.column_names)):
            if j > i:
                cells.append(NOTHING)
                continue
            r = description.cells[i][j]
            p = description.p_values[i][j] if description.p_values else math.nan
            earned = stars(p, run.spec.study.stars) if i != j and not math.isnan(p) else ""
            below = None if i == j else p
            cells.append(Cell(fixed(r, decimals), earned, "", NUMBER if not math.isnan(r) else EMPTY, r, below))
        rows.append(Row(f"({i + 1}) {labels.term(name)}", tuple(cells), name))
    names = [term.name for term in item.arguments]
    notes = [f"Pearson correlations, N = {count(description.n)}."] if description.n else ["Pearson correlations."]
    notes += [sentence(n, names) for n in description.notes]
    notes += [star_text(run.spec.study.stars) + "."] if description.p_values and run.spec.study.stars else []
    notes += winsorizing(run, reached(run.spec.variables, names))
    return Table(
        kind=CORRELATION,
        label=table.label,
        columns=tuple(Column(f"({j + 1})", name) for j, name in enumerate(description.column_names)),
        groups=(tuple(rows),),
        number=table.number,
        stub="Variable",
        notes=(*notes, *table.notes),
    )
