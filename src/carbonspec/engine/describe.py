"""`summary(…)` and `correlation(…)` of a table, on the panel's sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.descriptives import Summary, correlate, summarise, summarise_by
from carbonspec.econometrics.design import FloatArray, Groups
from carbonspec.engine import problems
from carbonspec.engine.frame import PanelData
from carbonspec.engine.keys import dense
from carbonspec.engine.table import Text
from carbonspec.engine.wording import value_text
from carbonspec.lang.spec import Ref, Term
from carbonspec.planner.task import DescribeWork
from carbonspec.report.run import Description

STATISTICS = ("n", "mean", "sd", "median", "min", "max")


def describe(data: PanelData, work: DescribeWork) -> Description:
    """The numbers of a descriptive table. Rows outside the panel's sample do not count."""
    terms = work.call.arguments
    rows = np.flatnonzero(data.sample)
    columns = [_numbers(data, term)[rows] for term in terms]
    if work.call.function == "correlation":
        return _correlation(terms, columns)
    if work.by is not None:
        return _by(data, work, columns[0], rows)
    cells = tuple(_cells(summarise(values)) for values in columns)
    missing = tuple(
        f"{term.name}: {int(np.isnan(values).sum())} of {len(values)} rows missing"
        for term, values in zip(terms, columns, strict=True)
        if np.isnan(values).any()
    )
    return Description("summary", tuple(t.name for t in terms), STATISTICS, cells, n=len(rows), notes=missing)


def _numbers(data: PanelData, term: Term) -> FloatArray:
    values = data.values(term.expression, data.sample)
    if isinstance(values, Text):
        raise DataError((problems.text_as_number(term.name, 0, 0, (), term.span),))
    return np.asarray(values, dtype=np.float64)


def _cells(summary: Summary) -> tuple[float, ...]:
    return (float(summary.n), summary.mean, summary.sd, summary.median, summary.minimum, summary.maximum)


def _by(data: PanelData, work: DescribeWork, values: FloatArray, rows: np.ndarray) -> Description:
    by = work.by
    assert isinstance(by, Ref)
    codes, _ = data.coded(by, data.sample)
    present = codes[rows] >= 0
    rows, values = rows[present], values[present]
    numbered, count = dense(codes[rows])
    groups = summarise_by(values, Groups(by.name, numbered, count))
    names = _values(data, by, rows, numbered, count)
    total = summarise(values)
    notes = ["the total is over all rows"]
    last = _cells(total)
    if work.total == "mean":
        means = np.nanmean(np.array([_cells(group) for group in groups]), axis=0)
        last = (float(total.n), *(float(v) for v in means[1:]))
        notes = [f"the total row is the mean of the rows above; the standard deviation over all rows is {total.sd:.6g}"]
    if not present.all():
        notes.append(f"{int((~present).sum())} rows have no {by.name}")
    cells = (*(_cells(group) for group in groups), last)
    return Description("summary", (*names, "Total"), STATISTICS, cells, n=total.n, notes=tuple(notes))


def _values(data: PanelData, by: Ref, rows: np.ndarray, codes: np.ndarray, count: int) -> list[str]:
    """What to call each group: its value, or the label its data file gives it. Labels declared in the spec are put in
    when the results are assembled, so that a change of a label computes nothing again."""
    first = np.zeros(count, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    column = data.values(by, data.sample)
    definition = data.variables.definitions.get(by.name)
    declared = definition is not None and bool(definition.levels)
    labels = {} if declared else {level.value: level.label for level in data.levels(by)}
    if isinstance(column, Text):
        texts = [column.values[int(column.codes[rows[i]])] for i in first]
        return [labels.get(text) or text for text in texts]
    values = [float(column[rows[i]]) for i in first]
    return [labels.get(value) or value_text(value) for value in values]


def _correlation(terms: Sequence[Term], columns: Sequence[FloatArray]) -> Description:
    found = correlate(np.column_stack(columns))
    names = tuple(term.name for term in terms)
    notes = ["p values take rows as independent, which a panel's rows are not"]
    if found.dropped:
        notes.append(f"{found.dropped} rows with a missing value left out")
    notes += [f"{names[i]} is constant: no correlation" for i in found.constant]
    return Description(
        "correlation",
        names,
        names,
        tuple(tuple(float(v) for v in row) for row in found.r),
        tuple(tuple(float(v) for v in row) for row in found.p),
        found.n,
        tuple(notes),
    )
