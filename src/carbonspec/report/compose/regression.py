"""A regression table as a journal prints it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from carbonspec.lang.spec import Table as TableSpec
from carbonspec.report.compose.grouping import capital
from carbonspec.report.compose.notes import dimension, parentheses_of, regression_notes
from carbonspec.report.document import (
    ESTIMATE,
    FAILURE,
    NOTHING,
    NUMBER,
    OMITTED,
    REGRESSION,
    TEXT,
    Cell,
    Column,
    Heading,
    Row,
    Table,
)
from carbonspec.report.inference import Estimate, estimates, stars
from carbonspec.report.numbers import count, fixed, probability, row_decimals
from carbonspec.report.placement import Placed, place
from carbonspec.report.quantities import term_matches
from carbonspec.report.run import Run
from carbonspec.report.statistics import COUNTS, GMM, default_statistics, label, p_of, statistic
from carbonspec.report.terms import CONSTANT, Labels, term_key

RANDOM = "random effects"


def compose_regression(run: Run, table: TableSpec) -> Table:
    """Columns of models side by side: terms, then statistics and effects, then the note."""
    columns = place(run, table)
    labels = Labels.of(run.spec, run.labels, run.value_labels)
    fits = [c.column.fit for c in columns if c.column.fit is not None]
    statistics = table.statistics or default_statistics(fits)
    terms = tuple(_term_rows(run, table, columns, labels))
    facts = (*_effect_rows(run, columns), *_statistic_rows(table, columns, statistics))
    if not terms and len(fits) < len(columns):
        terms = (Row("", tuple(_failed(c) for c in columns)),)
    groups = tuple(group for group in (terms, facts) if group)
    return Table(
        kind=REGRESSION,
        label=table.label,
        columns=tuple(Column(c.heading, c.name, c.column.outcome) for c in columns),
        groups=groups,
        number=table.number,
        spans=_spans(columns, labels),
        notes=regression_notes(run, table, columns, statistics),
    )


def _spans(columns: Sequence[Placed], labels: Labels) -> tuple[tuple[Heading, ...], ...]:
    """Lines of headings above the columns: models, outcomes, values of `split`."""
    lines = (
        _line(columns, lambda c: c.title),
        _line(columns, lambda c: labels.term(c.column.outcome) if c.column.outcome else ""),
        _line(columns, lambda c: _split(c, labels)),
    )
    return tuple(line for line in lines if line)


def _line(columns: Sequence[Placed], text: Callable[[Placed], str]) -> tuple[Heading, ...]:
    found: list[Heading] = []
    for index, column in enumerate(columns):
        here = text(column)
        last = found[-1] if found else None
        if last is not None and last.end == index and last.text == here:
            found[-1] = Heading(here, last.start, index + 1)
        else:
            found.append(Heading(here, index, index + 1))
    return tuple(heading for heading in found if heading.text)


def _split(placed: Placed, labels: Labels) -> str:
    column = placed.column
    if not column.split or (column.split_value == "" and not column.split_label):
        return ""
    if column.split_label:
        return column.split_label
    known = labels.value(column.split, column.split_value)
    return f"{labels.term(column.split)} = {known}"


# --- coefficients ----------------------------------------------------------------------------------------


def _term_rows(run: Run, table: TableSpec, columns: Sequence[Placed], labels: Labels) -> list[Row]:
    level = run.spec.study.level
    found: list[dict[tuple[str, ...], Estimate]] = []
    omitted: list[set[tuple[str, ...]]] = []
    names: dict[tuple[str, ...], str] = {}
    for placed in columns:
        fit = placed.column.fit
        found.append({term_key(e.term): e for e in estimates(fit, level)} if fit is not None else {})
        omitted.append({term_key(o.term) for o in fit.omitted} if fit is not None else set())
        for name in _in_formula_order(placed):
            names.setdefault(term_key(name), name)
    kind = parentheses_of(run, table)
    digits = table.digits if table.digits is not None else run.spec.study.digits
    rows = []
    for name in _ordered(table, names):
        key = term_key(name)
        here = [e[key] for e in found if key in e]
        decimals = digits if digits is not None else row_decimals((e.estimate, e.std_error) for e in here)
        cells = tuple(
            _failed(placed)
            if placed.column.fit is None
            else _estimate(e[key], kind, decimals, digits, run.spec.study.stars)
            if key in e
            else Cell("(omitted)", kind=OMITTED)
            if key in out
            else NOTHING
            for placed, e, out in zip(columns, found, omitted, strict=True)
        )
        rows.append(Row(labels.term(name), cells, name))
    return _failures_once(rows)


def _in_formula_order(placed: Placed) -> list[str]:
    """The terms of a column, omitted ones in their place."""
    fit = placed.column.fit
    if fit is None:
        return []
    written: list[tuple[str, ...]] = []
    if placed.model is not None:
        for column in placed.model.columns:
            if column.outcome.name == placed.column.outcome:
                written += [key for t in column.regressors if (key := term_key(t.name)) not in written]
    names = [name for name in fit.terms if name != CONSTANT]
    for omitted in fit.omitted:
        key = term_key(omitted.term)
        before = written[: written.index(key)] if key in written else [term_key(name) for name in names]
        at = max((i + 1 for i, name in enumerate(names) if term_key(name) in before), default=0)
        names.insert(at, omitted.term)
    return names + [CONSTANT] * (CONSTANT in fit.terms)


def _ordered(table: TableSpec, names: dict[tuple[str, ...], str]) -> list[str]:
    """The rows asked for, in their order; else every term, the constant last."""
    if not table.rows:
        constant = [name for name in names.values() if name == CONSTANT]
        return [name for name in names.values() if name != CONSTANT] + constant
    chosen: dict[str, None] = {}
    for wanted in table.rows:
        for name in names.values():
            if term_matches(wanted, name):
                chosen.setdefault(name)
    return list(chosen)


def _estimate(e: Estimate, kind: str, decimals: int, digits: int | None, thresholds: tuple[float, ...]) -> Cell:
    below: float | tuple[float, float]
    if kind == "interval":
        below = (e.conf_low, e.conf_high)
        text = f"[{fixed(e.conf_low, decimals)}, {fixed(e.conf_high, decimals)}]"
    elif kind == "t":
        below = e.statistic
        text = f"({fixed(e.statistic, 2)})"
    elif kind == "p":
        below = e.p_value
        text = f"({probability(e.p_value, max(3, digits or 0))})"
    else:
        below = e.std_error
        text = f"({fixed(e.std_error, decimals)})"
    shown = text if not isinstance(below, float) or not math.isnan(below) else "(.)"
    return Cell(fixed(e.estimate, decimals), stars(e.p_value, thresholds), shown, ESTIMATE, e.estimate, below)


def _failed(placed: Placed) -> Cell:
    return Cell("failed", kind=FAILURE) if placed.column.fit is None else NOTHING


def _failures_once(rows: list[Row]) -> list[Row]:
    """A failed column says so in its first row; the rest of it is empty."""
    kept = []
    for index, row in enumerate(rows):
        cells = tuple(NOTHING if index and cell.kind == FAILURE else cell for cell in row.cells)
        kept.append(Row(row.label, cells, row.name))
    return kept


# --- below the rule --------------------------------------------------------------------------------------


def _effect_rows(run: Run, columns: Sequence[Placed]) -> list[Row]:
    names: dict[str, None] = {}
    for placed in columns:
        if placed.column.fit is not None:
            for name, _ in placed.column.fit.effects:
                names.setdefault(name)
    rows = []
    for name in names:
        cells = tuple(_has_effect(placed, name) for placed in columns)
        rows.append(Row(_effect_label(run, name), cells, f"{name} effects"))
    return rows


def _effect_label(run: Run, name: str) -> str:
    shown = capital(dimension(run, name))
    return shown if "[" in name else f"{shown} effects"


def _has_effect(placed: Placed, name: str) -> Cell:
    fit = placed.column.fit
    if fit is None:
        return NOTHING
    if name == "id" and GMM in fit.estimator:  # taken out by the transformation
        return Cell("Yes", kind=TEXT)
    if name not in dict(fit.effects):
        return Cell("No", kind=TEXT)
    return Cell("Random" if fit.estimator.startswith(RANDOM) else "Yes", kind=TEXT)


def _statistic_rows(table: TableSpec, columns: Sequence[Placed], statistics: Sequence[str]) -> list[Row]:
    rows = []
    for name in statistics:
        values = [statistic(c.column.fit, name) if c.column.fit is not None else None for c in columns]
        known = [v for v in values if v is not None]
        if not known and not (table.statistics and any(c.column.fit is not None for c in columns)):
            continue
        decimals = table.digits if table.digits is not None else _decimals(name, known)
        tests = [None if f"{name}_p" in statistics else _p(c, name) for c in columns]
        cells = tuple(
            NOTHING if v is None else _statistic(_shown(name, v, decimals), v, p)
            for v, p in zip(values, tests, strict=True)
        )
        rows.append(Row(label(name), cells, name))
    return rows


def _p(placed: Placed, name: str) -> float | None:
    return p_of(placed.column.fit, name) if placed.column.fit is not None else None


def _statistic(text: str, value: float, p: float | None) -> Cell:
    """A statistic; a test with its p value in brackets under it."""
    if p is None:
        return Cell(text, kind=NUMBER, value=_whole(value))
    return Cell(text, "", f"[{probability(p)}]", NUMBER, _whole(value), p)


def _decimals(name: str, values: list[float]) -> int:
    if name.startswith("r2") or name.endswith("_p") or name in ("rho", "theta", "corr_xb", "pseudo_r2"):
        return 3
    return row_decimals((v, 0.0) for v in values)


def _shown(name: str, value: float, decimals: int) -> str:
    if name in COUNTS and float(value).is_integer():
        return count(value)
    if name.endswith("_p"):
        return probability(value)
    return fixed(value, decimals)


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else value
