"""Printed figures against obtained ones.

Every number in a published file is one figure: an estimate, what stands below it in parentheses, a statistic, a moment,
a weight. It matches when the obtained number lies within half a unit of its last printed digit; a coefficient, or its
number in parentheses, that does not match may still agree in sign and stars.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from carbonspec.lang.spec import CallItem, Table
from carbonspec.report.compose.mediation import path_text, printed, selected
from carbonspec.report.inference import estimates, stars
from carbonspec.report.numbers import printed_number, within_printed
from carbonspec.report.placement import Placed, place
from carbonspec.report.printed_tests import printed_rows, tests_of
from carbonspec.report.run import Description, MediationOutcome, Run, Weight
from carbonspec.report.statistics import named, p_of, statistic
from carbonspec.report.terms import Labels, term_key

MATCH = "match"
AGREES = "sign and significance agree"
DIFFERS = "differs"
ABSENT = "not obtained"
NUMBERS_OF_A_WEIGHT = ("weight", "entropy", "redundancy", "within_share", "without_correlation")
OUTCOMES = (MATCH, AGREES, DIFFERS, ABSENT)


@dataclass(frozen=True)
class Figure:
    """One printed number. `kind`: estimate, parentheses, statistic, moment, weight; z, p, … of a mediation."""

    column: str
    term: str
    kind: str
    printed: str
    obtained: float | None
    outcome: str
    printed_stars: str = ""
    obtained_stars: str = ""


@dataclass(frozen=True)
class TableScore:
    """The figures of one published table."""

    number: str
    label: str
    figures: tuple[Figure, ...]

    def count(self, outcome: str) -> int:
        return sum(figure.outcome == outcome for figure in self.figures)


@dataclass(frozen=True)
class Scorecard:
    """All published tables of a run."""

    tables: tuple[TableScore, ...]

    def count(self, outcome: str) -> int:
        return sum(table.count(outcome) for table in self.tables)

    @property
    def total(self) -> int:
        return sum(len(table.figures) for table in self.tables)


def scorecard(run: Run) -> Scorecard:
    """The printed figures of every table with a `published` file."""
    scored = []
    labels = Labels.of(run.spec, run.labels)
    for table in run.spec.tables:
        rows = run.published.get(table.number)
        if rows:
            scored.append(TableScore(table.number, table.label, tuple(_figures(run, table, rows, labels))))
    return Scorecard(tuple(scored))


def _figures(run: Run, table: Table, rows: Iterable[Mapping[str, str]], labels: Labels) -> Iterable[Figure]:
    rows = tuple(rows)
    outcomes = tests_of(run, table)
    if outcomes and ("test" in rows[0] or "statistic" in rows[0]):
        for row in rows:
            for column, term, printed, value in printed_rows(outcomes, row, labels):
                if printed_number(printed) is not None:
                    yield _figure(column, term, "statistic", printed.strip(), value)
        return
    if "term" in rows[0] and "column" in rows[0]:
        columns = place(run, table)
        for row in rows:
            yield from _regression_row(run, table, row, columns, labels)
        return
    if "bs" in rows[0]:
        found = tuple(o for item in table.items if isinstance(item, CallItem) for o in selected(run, item))
        for row in rows:
            yield from _mediation_row(row, found, run.spec.study.stars)
        return
    if "indicator" in rows[0]:
        weights = [
            weight
            for item in table.items
            if isinstance(item, CallItem) and item.arguments and item.arguments[0].name in run.measures
            for weight in run.measures[item.arguments[0].name].weights
        ]
        for row in rows:
            yield from _weight_row(row, weights, labels)
        return
    descriptions = [
        run.descriptions[key]
        for index, item in enumerate(table.items)
        if isinstance(item, CallItem) and (key := f"table {table.number} item {index}") in run.descriptions
    ]
    for row in rows:
        yield from _description_row(row, descriptions, labels)


# --- regressions -----------------------------------------------------------------------------------------


def _regression_row(
    run: Run, table: Table, row: Mapping[str, str], columns: tuple[Placed, ...], labels: Labels
) -> Iterable[Figure]:
    name, term = row.get("column", "").strip(), row.get("term", "").strip()
    printed, below, printed_stars = (row.get(k, "").strip() for k in ("estimate", "in_parentheses", "stars"))
    column = next((c for c in columns if _heads(c, name, row.get("outcome", ""))), None)
    fit = column.column.fit if column is not None else None
    kind = (table.parentheses or run.spec.study.parentheses).strip() or "se"
    found = None
    if fit is not None:
        found = next((e for e in estimates(fit, run.spec.study.level) if _called(e.term, term, labels)), None)
    if found is None:
        value = p = None
        if fit is not None and (known := named(term, fit)) is not None:
            value, p = statistic(fit, known), p_of(fit, known)
        if printed_number(printed) is not None:
            yield _figure(name, term, "statistic", printed, value)
        if printed_number(below) is not None:
            yield _figure(name, term, "parentheses", below, p)
        return
    earned = stars(found.p_value, run.spec.study.stars)
    number = printed_number(printed)
    agrees = number is not None and (number > 0) == (found.estimate > 0)
    agrees = agrees and ("stars" not in row or printed_stars == earned)
    beneath = {"se": found.std_error, "t": found.statistic, "p": found.p_value}.get(kind)
    if number is not None:
        yield _figure(name, term, "estimate", printed, found.estimate, agrees, printed_stars, earned)
    if printed_number(below) is not None:
        yield _figure(name, term, "parentheses", below, beneath, agrees, printed_stars, earned)


def _heads(placed: Placed, name: str, outcome: str) -> bool:
    if outcome and term_key(outcome) != term_key(placed.column.outcome):
        return False
    bare = name.strip("()")
    return bare in (placed.name, f"{placed.name} {placed.column.split_label}".strip())


def _called(term: str, printed: str, labels: Labels) -> bool:
    return term_key(term) == term_key(printed) or labels.term(term) == printed


# --- descriptive statistics ------------------------------------------------------------------------------


def _description_row(row: Mapping[str, str], descriptions: list[Description], labels: Labels) -> Iterable[Figure]:
    keys = list(row)
    name = row[keys[0]].strip()
    for key in keys[1:]:
        printed = (row[key] or "").strip()
        if printed_number(printed) is None:
            continue
        yield _figure(key, name, "moment", printed, _moment(descriptions, name, key, labels))


def _moment(descriptions: list[Description], name: str, statistic_name: str, labels: Labels) -> float | None:
    for description in descriptions:
        for row_name, cells in zip(description.row_names, description.cells, strict=True):
            if name.lower() not in (row_name.lower(), labels.term(row_name).lower()):
                continue
            for column_name, value in zip(description.column_names, cells, strict=True):
                if column_name.lower() == statistic_name.strip().lower():
                    return value
    return None


# --- weights of an index ---------------------------------------------------------------------------------


def _weight_row(row: Mapping[str, str], weights: list[Weight], labels: Labels) -> Iterable[Figure]:
    """The numbers of an indicator, called by its name or label; of a group's sum, where no indicator is named."""
    group, name = (row.get("group") or "").strip(), (row.get("indicator") or "").strip()
    inside = [w for w in weights if not group or group.lower() in (w.group.lower(), w.group_label.lower())]
    if name:
        inside = [w for w in inside if name.lower() in (w.indicator.lower(), labels.term(w.indicator).lower())]
    for key in NUMBERS_OF_A_WEIGHT:
        printed = (row.get(key) or "").strip()
        if printed_number(printed) is None:
            continue
        values = [float(getattr(weight, key)) for weight in inside]
        known = len(values) == 1 if name else bool(values) and key in ("weight", "within_share")
        yield _figure(key, name or group, "weight", printed, math.fsum(values) if known else None)


# --- bootstraps of mediations ----------------------------------------------------------------------------


def _mediation_row(
    row: Mapping[str, str], found: tuple[MediationOutcome, ...], thresholds: tuple[float, ...]
) -> Iterable[Figure]:
    """The numbers of `_bs_1` (indirect) or `_bs_2` (direct) of the mediation in that place, or of that path."""
    path = (row.get("path") or "").strip()
    outcome = next((o for o in found if path and path_text(o) == path), None)
    place = (row.get("row") or "").strip()
    if outcome is None and not path and place.isdigit() and 0 < int(place) <= len(found):
        outcome = found[int(place) - 1]
    effects = printed(outcome) if outcome is not None else ()
    number = (row.get("bs") or "").strip().strip("_").removeprefix("bs_")
    effect = effects[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(effects) else None
    sign = printed_number(row.get("z") or row.get("estimate") or "")
    p = printed_number(row.get("p") or "")
    agrees = False
    if effect is not None and sign is not None and p is not None:
        agrees = (sign > 0) == (effect.estimate > 0) and stars(p, thresholds) == stars(effect.p_normal, thresholds)
    names = {"estimate": "estimate", "bias": "bias", "std_error": "std_error", "z": "z", "p": "p_normal"}
    for key, name in {**names, "conf_low": "conf_low", "conf_high": "conf_high"}.items():
        shown = (row.get(key) or "").strip()
        if printed_number(shown) is not None:
            value = None if effect is None else float(getattr(effect, name))
            yield _figure(f"bs_{number}", path or place, key, shown, value, agrees)


# --- one figure ------------------------------------------------------------------------------------------


def _figure(
    column: str,
    term: str,
    kind: str,
    printed: str,
    obtained: float | None,
    agrees: bool = False,
    printed_stars: str = "",
    obtained_stars: str = "",
) -> Figure:
    number = printed_number(printed)
    assert number is not None
    if obtained is None or math.isnan(obtained):
        outcome, obtained = ABSENT, None
    elif within_printed(obtained, number, printed.strip("()[]* ").replace("−", "-")):
        outcome = MATCH
    else:
        outcome = AGREES if agrees else DIFFERS
    return Figure(column, term, kind, printed, obtained, outcome, printed_stars, obtained_stars)
