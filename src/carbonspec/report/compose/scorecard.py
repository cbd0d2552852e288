"""The scorecard as tables: counts by published table, and every figure."""

from __future__ import annotations

from carbonspec.report.document import CODE, FACTS, LEFT, NOTHING, NUMBER, VERDICT, Cell, Column, Row, Table
from carbonspec.report.numbers import general
from carbonspec.report.scorecard import OUTCOMES, Scorecard, TableScore

HEADINGS = ("Match", "Sign and stars agree", "Differ", "Not obtained")
RULE = (
    "Every printed number is one figure. Match: within half a unit of its last printed digit. Sign and significance "
    "agree: a coefficient, or the number below it, with the printed sign and the printed stars. Obtained numbers are "
    "compared at full precision."
)


def compose_scorecard(card: Scorecard, simulated: bool) -> tuple[Table, ...]:
    """The counts, then a folded table of figures for each published table."""
    if not card.tables:
        return ()
    rows = [_counts(f"Table {score.number}", score.label, score) for score in card.tables]
    total = (
        NOTHING,
        Cell(str(card.total), kind=NUMBER, value=card.total),
        *(Cell(str(n), kind=NUMBER, value=n) for n in (card.count(outcome) for outcome in OUTCOMES)),
    )
    columns = (Column("", align=LEFT, wide=True), Column("Printed figures"), *(Column(text) for text in HEADINGS))
    title = "Printed and obtained figures"
    if simulated:
        title += ": SIMULATED DATA, so agreement says nothing about the published results"
    counts = Table(FACTS, title, columns, (tuple(rows), (Row("All", total),)), stub="Published", notes=(RULE,))
    return (counts, *(_figures(score) for score in card.tables))


def _counts(name: str, label: str, score: TableScore) -> Row:
    numbers = (len(score.figures), *(score.count(outcome) for outcome in OUTCOMES))
    return Row(name, (Cell(label), *(Cell(str(n), kind=NUMBER, value=n) for n in numbers)))


def _figures(score: TableScore) -> Table:
    columns = (
        Column("Term", align=LEFT),
        Column("Number", align=LEFT),
        Column("Printed"),
        Column("Obtained"),
        Column("", align=LEFT),
    )
    rows = []
    for figure in score.figures:
        decimals = len(figure.printed.strip("()").partition(".")[2])
        obtained = NOTHING
        if figure.obtained is not None:
            text = f"{figure.obtained:.{decimals}f}" if decimals else general(figure.obtained)
            stars = figure.obtained_stars if figure.kind == "estimate" else ""
            obtained = Cell(text, stars, kind=NUMBER, value=figure.obtained)
        printed = Cell(figure.printed, figure.printed_stars if figure.kind == "estimate" else "", kind=NUMBER)
        cells = (Cell(figure.term, kind=CODE), Cell(figure.kind), printed, obtained, Cell(figure.outcome, kind=VERDICT))
        rows.append(Row(figure.column, cells))
    label = f"Figures of table {score.number}"
    return Table(FACTS, label, columns, (tuple(rows),), stub="Column", folded=True)
