"""Verdicts on hypotheses, and `expect` lines met and missed."""

from __future__ import annotations

from carbonspec.report.document import CODE, FACTS, LEFT, NOTHING, NUMBER, VERDICT, Cell, Column, Row, Table
from carbonspec.report.numbers import effect_p, general, probability, share
from carbonspec.report.run import Part, Run, Verdict

MET = "met"
MISSED = "missed"
RULE = (
    "A coefficient against a number is tested: supported when the estimate lies on the stated side and its two-sided p "
    "is at most the level, contradicted when it is significant on the other side, else unsupported. A range is an "
    "equivalence test (two one-sided tests). Other comparisons are plain."
)


INFERENCE = {
    "percentile": "p = 2 min(share of draws <= 0, share >= 0), so that p <= 5% exactly when the 95% percentile "
    "interval leaves out zero",
    "bca": "p by inversion of the BCa interval",
    "basic": "p by inversion of the basic interval",
    "normal": "normal p of the estimate over the bootstrap standard error",
    "t": "without a bootstrap, total and direct effects by the t test of their column",
    "Sobel": "without a bootstrap, indirect effects by Sobel's test",
    "Monte Carlo": "without a bootstrap, sums of paths by the simulated (Monte Carlo) distribution",
}
"""What the p value of an effect rests on."""


def compose_claims(run: Run) -> tuple[Table, ...]:
    """One table of hypotheses and one of expectations, where the study has them."""
    tables = []
    if run.verdicts:
        tables.append(_hypotheses(run.verdicts))
    if run.expectations:
        tables.append(_expectations(run))
    return tuple(tables)


def _hypotheses(verdicts: tuple[Verdict, ...]) -> Table:
    columns = (
        Column("Claim", align=LEFT, wide=True),
        Column("Level"),
        Column("Estimate"),
        Column("p"),
        Column("Verdict", align=LEFT),
    )
    rows: list[Row] = []
    for verdict in verdicts:
        title = f"{verdict.name}. {verdict.label}" if verdict.label else verdict.name
        level = Cell(share(verdict.level))
        if len(verdict.parts) == 1:
            part = verdict.parts[0]
            cells = (Cell(verdict.text, kind=CODE), level, *_numbers(part), Cell(verdict.verdict, kind=VERDICT))
            rows.append(Row(title, cells, verdict.name))
            continue
        claim = Cell(verdict.reason) if verdict.reason else Cell(verdict.text, kind=CODE)
        whole = (claim, level, NOTHING, NOTHING, Cell(verdict.verdict, kind=VERDICT))
        rows.append(Row(title, whole, verdict.name))
        for part in verdict.parts:
            cells = (Cell(part.text, kind=CODE), NOTHING, *_numbers(part), Cell(part.verdict, kind=VERDICT))
            rows.append(Row("", cells))
    effects = dict.fromkeys(INFERENCE[p.inference] for v in verdicts for p in v.parts if p.inference in INFERENCE)
    how = (f"Effects of mediations: {', '.join(effects)}.",) if effects else ()
    return Table(FACTS, "Hypotheses", columns, (tuple(rows),), stub="Hypothesis", notes=(RULE, *how))


def _numbers(part: Part) -> tuple[Cell, Cell]:
    p = NOTHING
    if part.p_value is not None:
        text = effect_p(part.p_value, part.draws) if part.draws else probability(part.p_value)
        p = Cell(text, kind=NUMBER, value=part.p_value)
    return Cell(general(part.estimate), kind=NUMBER, value=part.estimate), p


def _expectations(run: Run) -> Table:
    columns = (
        Column("Wanted", align=LEFT),
        Column("Obtained", align=LEFT),
        Column("", align=LEFT),
        Column("Why", align=LEFT, wide=True),
    )
    rows = []
    for expectation in run.expectations:
        quantity = expectation.text.rpartition("=")[0].strip() or expectation.text
        verdict = Cell(MET if expectation.met else MISSED, kind=VERDICT)
        cells = (Cell(expectation.wanted), Cell(expectation.obtained), verdict, Cell(expectation.reason))
        rows.append(Row(quantity, cells, expectation.text))
    met = sum(e.met for e in run.expectations)
    label = f"Expectations: {met} of {len(run.expectations)} met"
    return Table(FACTS, label, columns, (tuple(rows),), stub="Quantity")
