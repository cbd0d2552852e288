"""The difference between the groups of a split model, as a column beside them."""

from __future__ import annotations

from dataclasses import replace

from carbonspec.econometrics.hypothesis_tests.results import TestResult
from carbonspec.lang.spec import ResultItem
from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.notes import parentheses_of, sentence
from carbonspec.report.compose.test import left_out, own_names
from carbonspec.report.document import ESTIMATE, FAILURE, NOTHING, Cell, Column, Row, Table
from carbonspec.report.inference import stars
from carbonspec.report.numbers import fixed, probability, row_decimals
from carbonspec.report.run import Run, TestOutcome
from carbonspec.report.terms import Labels, term_key

HEADING = "Difference"


def beside(run: Run, table: TableSpec) -> tuple[tuple[ResultItem, TestOutcome], ...]:
    """The differences of a table whose model stands in it too."""
    items = [item for item in table.items if isinstance(item, ResultItem)]
    models = {item.selection.model for item in items}
    tests = {test.name: test for test in run.spec.tests if test.function == "difference"}
    return tuple(
        (item, run.tests[item.selection.model])
        for item in items
        if item.selection.model in tests
        and item.selection.model in run.tests
        and {selection.model for selection in tests[item.selection.model].selections} <= models
    )


def with_difference(run: Run, table: TableSpec, made: Table, item: ResultItem, outcome: TestOutcome) -> Table:
    """The table with a column: the second group's coefficient less the first's, tested by interaction."""
    rows = {term_key(k["term"]): r for r, k in zip(outcome.rows, outcome.keys, strict=True) if k["statistic"] == "t"}
    failed = outcome.failures[0].message if outcome.failures and not rows else ""
    groups = []
    for at, group in enumerate(made.groups):
        lines = []
        for place, row in enumerate(group):
            found = rows.get(term_key(row.name)) if at == 0 else None
            cell = NOTHING if found is None else _cell(run, table, found)
            if failed and not at and not place:
                cell = Cell("failed", kind=FAILURE)
            lines.append(Row(row.label, (*row.cells, cell), row.name))
        groups.append(tuple(lines))
    heading = item.label or HEADING
    return replace(
        made,
        columns=(*made.columns, Column(heading, heading)),
        groups=tuple(groups),
        notes=(*made.notes, *(sentence(note) for note in _notes(run, outcome, heading, failed))),
    )


def _cell(run: Run, table: TableSpec, row: TestResult) -> Cell:
    value, error = row.details["difference"], row.details["standard error"]
    digits = table.digits if table.digits is not None else run.spec.study.digits
    decimals = digits if digits is not None else row_decimals([(value, error)])
    kind = parentheses_of(run, table)
    p = row.p_value if row.p_value is not None else 1.0
    below: float | tuple[float, float] = error
    text = f"({fixed(error, decimals)})"
    if kind == "t":
        below, text = row.value, f"({fixed(row.value, 2)})"
    elif kind == "p":
        below, text = p, f"({probability(p, max(3, digits or 0))})"
    elif kind == "interval":
        from scipy.special import stdtrit

        margin = error * float(stdtrit(row.df[0], 1 - run.spec.study.level / 2))
        below = (value - margin, value + margin)
        text = f"[{fixed(below[0], decimals)}, {fixed(below[1], decimals)}]"
    return Cell(fixed(value, decimals), stars(p, run.spec.study.stars), text, ESTIMATE, value, below)


def _notes(run: Run, outcome: TestOutcome, heading: str, failed: str) -> list[str]:
    if failed:
        return [f"{heading}: failed: {failed}"]
    labels = Labels.of(run.spec, run.labels)
    by_word: dict[str, list[TestResult]] = {}
    for row, keys in zip(outcome.rows, outcome.keys, strict=True):
        by_word.setdefault(keys["statistic"], []).append(row)
    notes = []
    tested = by_word.get("t", [])
    if tested:
        first, second = [name for name in tested[0].details if name not in ("difference", "standard error")][:2]
        notes.append(
            f"{heading}: {second} less {first}, {own_names(run, tested[0].convention)}; t with {tested[0].df[0]:g} df"
        )
        notes.append(f"H0 of {heading}: the coefficient is the same in both")
    for word, how in (("t_jackknife", "with units left out one at a time (CRV3)"), ("permutation", "")):
        rows = by_word.get(word, [])
        if not rows:
            continue
        told = [f"{labels.term(row.variable)} {_p(row)}" for row in rows if row.p_value is not None]
        what = how or f"by permutation ({rows[0].convention.partition(';')[0]})"
        notes.append(f"{heading}, p {what}: {', '.join(told)}")
    notes += left_out(outcome)
    notes += list(dict.fromkeys(own_names(run, n.message) for row in outcome.rows for n in row.notices))
    return notes + [f"{f.task}: failed: {f.message}" for f in outcome.failures]


def _p(row: TestResult) -> str:
    return probability(row.p_value if row.p_value is not None else 1.0, 3)
