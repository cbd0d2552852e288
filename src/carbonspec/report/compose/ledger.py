"""The sample ledger: for every step and every column how many rows went, and why."""

from __future__ import annotations

from carbonspec.report.compose.notes import sample_losses, sentence
from carbonspec.report.document import CODE, FACTS, LEFT, NOTHING, NUMBER, TEXT, Cell, Column, Paragraph, Row, Table
from carbonspec.report.numbers import count
from carbonspec.report.quantities import address
from carbonspec.report.run import PanelReport, Run


def compose_ledger(run: Run) -> tuple[Table | Paragraph, ...]:
    """The panel in a sentence, the steps from the files to the sample, and from the sample to every column."""
    blocks: list[Table | Paragraph] = []
    if run.panel is not None:
        blocks.append(Paragraph(panel_sentence(run.panel)))
    if run.ledger:
        blocks.append(_steps(run))
    if any(report.notes for report in run.measures.values()):
        blocks.append(_measures(run))
    if any(run.models.values()):
        blocks.append(_columns(run))
    return tuple(blocks)


def panel_sentence(panel: PanelReport) -> str:
    """ "270 rows: 30 units (province) over 9 periods (year), balanced." """
    shape = "balanced" if panel.balanced else f"unbalanced ({panel.t_min} to {panel.t_max} periods a unit)"
    text = f"{count(panel.rows_sample)} rows: {count(panel.n_ids)} units ({panel.id}) over {panel.n_periods} periods"
    text += f" ({panel.time}), {shape}"
    if panel.gaps:
        text += f", {count(panel.gaps)} missing period{'s' if panel.gaps > 1 else ''} inside units"
    return text + "."


def _steps(run: Run) -> Table:
    rows = []
    for entry in run.ledger:
        went = entry.rows_before - entry.rows_after
        rows.append(
            Row(
                entry.step,
                (
                    _number(entry.rows_before),
                    _number(went) if went else NOTHING,
                    _number(entry.rows_after),
                    _number(entry.changed) if entry.column else NOTHING,
                    Cell(entry.reason),
                ),
            )
        )
    columns = (
        Column("Rows before"),
        Column("Left out"),
        Column("Rows after"),
        Column("Values changed"),
        Column("Why", align=LEFT, wide=True),
    )
    return Table(FACTS, "From the files to the sample", columns, (tuple(rows),), stub="Step")


def _measures(run: Run) -> Table:
    """What making each measure found, a fact a row."""
    groups = []
    for name, report in run.measures.items():
        indicators = {name, *(line.indicator for line in report.weights)}
        heads = [(name, Cell(report.method, kind=CODE)), *[("", NOTHING)] * len(report.notes)]
        rows = [
            Row(label, (method, Cell(sentence(fact, indicators))))
            for (label, method), fact in zip(heads, report.notes, strict=False)
        ]
        if rows:
            groups.append(tuple(rows))
    columns = (Column("Method", align=LEFT), Column("What was done and found", align=LEFT, wide=True))
    return Table(FACTS, "How the measures were made", columns, tuple(groups), stub="Measure")


def _columns(run: Run) -> Table:
    rows = []
    for columns in run.models.values():
        for column in columns:
            losses = sample_losses(column)
            why = ", ".join(f"{count(d.rows)} {d.reason}" for d in losses)
            if column.failure is not None:
                why = f"not estimated: {column.failure.message}"
            used = _number(column.fit.n) if column.fit is not None else NOTHING
            before = _number(column.rows_before) if column.rows_before else NOTHING
            rows.append(Row(address(column), (Cell(column.outcome, kind=CODE), before, used, Cell(why))))
    columns_ = (
        Column("Outcome", align=LEFT),
        Column("Rows of the sample"),
        Column("Rows used"),
        Column("Left out", align=LEFT, wide=True),
    )
    return Table(FACTS, "From the sample to every column", columns_, (tuple(rows),), stub="Column")


def _number(value: int) -> Cell:
    return Cell(count(value), kind=NUMBER if value else TEXT, value=value)
