"""What the note under a table says of instruments: which they are, how many, and what can be tested about them."""

from __future__ import annotations

from collections.abc import Sequence

from carbonspec.econometrics.results import Fit
from carbonspec.lang.dynamic import is_period, own_instruments
from carbonspec.lang.spec import Column, GmmOptions, LaggedLevels
from carbonspec.report.compose.grouping import listed, prefixed, shared, where
from carbonspec.report.numbers import fixed, probability
from carbonspec.report.placement import Placed
from carbonspec.report.statistics import p_of


def p_below(columns: Sequence[Placed], statistics: Sequence[str]) -> str:
    """Where the p values of tests stand."""
    tests = [n for n in statistics if f"{n}_p" not in statistics and any(p_of(_fit(c), n) is not None for c in columns)]
    return "p values of tests in brackets." if tests else ""


def instrument_notes(columns: Sequence[Placed]) -> list[str]:
    """Sentences on the instruments of two-stage least squares and of GMM."""
    sentences: list[str] = []
    for sentence in (_two_stage, _made, _weights, _rows, _subsets, _bounds):
        sentences += [prefixed(where(some, columns), text) for text, some in shared(columns, sentence) if text]
    return sentences


def _fit(placed: Placed) -> Fit:
    assert placed.column.fit is not None
    return placed.column.fit


def _column(placed: Placed) -> Column | None:
    """The column of the spec that a result comes from."""
    model, result = placed.model, placed.column
    if model is None:
        return None
    return model.columns[(result.number - 1) % len(model.columns)]


def _two_stage(placed: Placed) -> str:
    column = _column(placed)
    instrumented = column.structure.instrumented if column is not None else None
    if column is None or instrumented is None or column.structure.gmm:
        return ""
    endogenous = listed([term.name for term in instrumented.endogenous])
    return f"Instruments for {endogenous}: {', '.join(term.name for term in instrumented.instruments)}."


def _gmm(placed: Placed) -> Column | None:
    """The column of the spec behind a GMM result."""
    column = _column(placed)
    return column if column is not None and column.structure.gmm else None


def _options(placed: Placed) -> GmmOptions:
    assert placed.model is not None
    return placed.model.gmm


def _made(placed: Placed) -> str:
    """Which instruments a GMM column has, and in which equation."""
    column = _gmm(placed)
    if column is None:
        return ""
    options = _options(placed)
    equation = "orthogonal deviations" if options.orthogonal else "differences"
    levels = "; ".join(_levels(block) for block in column.structure.gmm)
    text = f"Instruments of the equation in {equation}: levels of {levels}"
    text += ", one column a lag (collapsed)" if options.collapse else ", one column a period and lag"
    if options.system:
        changes = "; ".join(_changes(block) for block in column.structure.gmm)
        text += f"; of the equation in levels: changes of {changes}"
    gone = {omitted.term for omitted in _fit(placed).omitted}
    own = [
        f"{term.name} (in levels only)" if options.system and is_period(term) else term.name
        for term in own_instruments(column)
        if term.name not in gone
    ]
    if own:
        text += f"; instruments of their own: {', '.join(own)}"
    if column.structure.instrumented is not None:
        text += f"; from outside: {', '.join(term.name for term in column.structure.instrumented.instruments)}"
    return f"{text}."


def _levels(block: LaggedLevels) -> str:
    if block.last is None:
        return f"{block.variable.name} dated t-{block.first} and earlier"
    if block.last == block.first:
        return f"{block.variable.name} dated t-{block.first}"
    return f"{block.variable.name} dated t-{block.first} to t-{block.last}"


def _changes(block: LaggedLevels) -> str:
    lag = max(block.first - 1, 0)
    return f"{block.variable.name} dated t{f'-{lag}' if lag else ''}"


def _weights(placed: Placed) -> str:
    """The first step's weight: what the second step's is follows from its name."""
    if _gmm(placed) is None:
        return ""
    shape = "in both equations (xtabond2 h(3))" if _options(placed).system else "once transformed"
    return f"First step weighted by the covariance of iid errors {shape}; a missing instrument is a zero."


def _rows(placed: Placed) -> str:
    if _gmm(placed) is None:
        return ""
    options = _options(placed)
    made = "orthogonal deviations" if options.orthogonal else "differences"
    return f"N counts rows of the equation in {'levels' if options.system else made}."


def _subsets(placed: Placed) -> str:
    tests = [
        f"{test.name} {fixed(test.difference, 2)} ({test.difference_df}) [{probability(test.difference_p)}]"
        for test in placed.column.subsets
    ]
    return f"Difference-in-Hansen, χ² (df) [p]: {'; '.join(tests)}." if tests else ""


def _bounds(placed: Placed) -> str:
    """The bounds of the lagged outcome, where no notice says that it lies outside them."""
    found = _fit(placed).statistics
    outside = any(notice.kind == "N538" for notice in _fit(placed).notices)
    if outside or "l1_pooled" not in found or "l1_within" not in found:
        return ""
    low, high = fixed(found["l1_within"], 3), fixed(found["l1_pooled"], 3)
    return f"The first lag of the outcome is {low} by fixed effects and {high} by pooled OLS on the same rows."
