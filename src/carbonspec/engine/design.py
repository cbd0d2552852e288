"""A column of a model → arrays: complete rows, with an account of where the others went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.econometrics.design import Design, Effect, Groups
from carbonspec.econometrics.instrumented import Instruments
from carbonspec.econometrics.results import Dropped
from carbonspec.econometrics.transforms import group_first
from carbonspec.engine import problems
from carbonspec.engine.columns import condition
from carbonspec.engine.frame import PanelData
from carbonspec.engine.keys import combine, dense, encode
from carbonspec.engine.table import BoolArray, Column, FloatArray, IntArray, Text, is_missing, take
from carbonspec.engine.terms import category, factors, ingredients, is_category, term_columns
from carbonspec.engine.wording import value_text, wording
from carbonspec.lang import spec
from carbonspec.lang.spec import Apply, Expr, Level, Model, Ref

MOST_SPLITS = 100
"""A variable of more values is a number, not a category to estimate by."""


@dataclass(frozen=True)
class BuiltDesign:
    """A design, the rows of the panel it stands on, and the column's sample ledger from the panel's sample on.

    `owners` (k,) are the terms of the formula that the design's columns come from; `instruments` are those of `iv(…)`.
    """

    design: Design
    rows: IntArray
    rows_before: int
    dropped: tuple[Dropped, ...]
    owners: tuple[spec.Term, ...] = ()
    instruments: Instruments | None = None


def split_values(data: PanelData, model: Model) -> tuple[Level | None, ...]:
    """The values of a model's `split` among its rows, in the order of `levels`, else sorted; (None,) without one."""
    if model.split is None:
        return (None,)
    inside = _where(data, model, data.sample)[0]
    column = data.values(model.split, inside)
    rows = np.flatnonzero(inside & ~is_missing(column))
    found = category(data, model.split, take(column, rows))
    if len(found.values) > MOST_SPLITS:
        raise DataError((problems.too_many_splits(model.split.name, len(found.values), model.split.span),))
    labels = {level.value: level.label for level in data.levels(model.split)}
    return tuple(Level(value, labels.get(value, "")) for value in found.values)


def build_design(
    data: PanelData, model: Model, column: spec.Column, split_value: float | str | None = None
) -> BuiltDesign:
    """The arrays of one regression, rows sorted by unit and period.

    Rows leave in this order, each counted under the first reason that fits: the model's `where`, its `split`, a missing
    value (variables in the order of the formula, then effects, clusters, weights), a weight of zero, and with `sample
    common` what is missing in the model's other columns.

    Raises
    ------
    DataError: E430 when no row is left; what evaluating the formula raises.
    """
    return _Builder(data, model, column, split_value).built()


def _where(data: PanelData, model: Model, sample: BoolArray) -> tuple[BoolArray, BoolArray]:
    """(rows of the sample that the model's `where` keeps, rows where it is missing)."""
    if model.where is None:
        return sample, np.zeros(data.rows, dtype=bool)
    holds, missing = condition(model.where, data, sample)
    return sample & holds, sample & missing


class _Builder:
    def __init__(self, data: PanelData, model: Model, column: spec.Column, split_value: float | str | None) -> None:
        self.data = data
        self.model = model
        self.column = column
        self.split_value = split_value
        self.mask: BoolArray = data.sample
        self.dropped: list[Dropped] = []
        self._values: dict[Expr, Column] = {}
        self._wanted: BoolArray = data.sample

    def built(self) -> BuiltDesign:
        before = int(self.mask.sum())
        self._restrict()
        self._wanted = self.mask
        for expression, reason in self._needs():
            self._keep(~is_missing(self._value(expression)), reason)
        weights = self._weights()
        if self.model.common_sample:
            self._common()
        rows = np.flatnonzero(self.mask)
        if not rows.size:
            raise DataError((self._empty(before),))
        outcome, constant = self.column.outcome, self.column.constant
        y = take(self._value(outcome.expression), rows)
        if isinstance(y, Text):
            raise DataError((problems.text_as_number(outcome.name, 0, 0, (), outcome.span),))
        names, columns, owners = self._regressors(rows)
        design = Design(
            outcome=outcome.name,
            y=y,
            terms=tuple(names),
            X=np.column_stack(columns) if columns else np.empty((rows.size, 0)),
            unit=_groups("id", self.data.unit[rows]),
            period=self._period(rows),
            constant=constant,
            effects=tuple(self._effect(dimension, rows) for dimension in self.column.structure.dimensions),
            clusters=tuple(_groups(_key_name(key), self._codes(key)[rows]) for key in self._cluster_keys()),
            weights=None if weights is None else weights[rows],
        )
        instruments = self._instruments(rows, names, owners)
        return BuiltDesign(design, rows, before, tuple(self.dropped), owners, instruments)

    # --- rows -----------------------------------------------------------------------------------------

    def _keep(self, keep: BoolArray, reason: str) -> None:
        lost = int((self.mask & ~keep).sum())
        if lost:
            self.dropped.append(Dropped(reason, lost))
            self.mask = self.mask & keep

    def _restrict(self) -> None:
        where = self.model.where
        if where is not None:
            holds, missing = _where(self.data, self.model, self.mask)
            self._keep(~missing, f"where {wording(where)}: missing")
            self._keep(holds, f"not {wording(where)}")
        split = self.model.split
        if split is not None and self.split_value is not None:
            column = self.data.values(split, self.mask)
            self._keep(~is_missing(column), f"{split.name} missing")
            self._keep(_equal(column, self.split_value), f"not {split.name} = {value_text(self.split_value)}")

    def _needs(self) -> Iterator[tuple[Expr, str]]:
        """Every expression that must not be missing, with the reason it gives, in the order of the formula."""
        for term in _terms(self.column):
            for expression in ingredients(term.expression):
                yield expression, f"{wording(expression)} missing"
        for dimension in self.column.structure.dimensions:
            for key in dimension.keys:
                yield from ((part, f"{_key_name(part)} missing") for part in _parts(key))
            for slope in dimension.slopes:
                yield slope.expression, f"{slope.name} missing"
        for cluster in self._cluster_keys():
            yield from ((part, f"cluster {_key_name(part)} missing") for part in _parts(cluster))
        if self.model.weights is not None:
            yield self.model.weights, f"weight {wording(self.model.weights)} missing"

    def _cluster_keys(self) -> tuple[Expr, ...]:
        return self.model.covariance.clusters

    def _weights(self) -> FloatArray | None:
        expression = self.model.weights
        if expression is None:
            return None
        weights = self._value(expression)
        name = wording(expression)
        if isinstance(weights, Text):
            raise DataError((problems.text_as_number(name, 0, 0, (), expression.span),))
        negative = np.flatnonzero(self.mask & (weights < 0))
        if negative.size:
            facts = [f"{self.data.shown(int(row))}: {weights[row]:g}" for row in negative[: problems.SHOWN]]
            raise DataError((problems.bad_weights(name, int(negative.size), facts, expression.span),))
        self._keep(weights != 0, f"weight {name} zero")
        return weights

    def _common(self) -> None:
        for other in self.model.columns:
            for term in _terms(other):
                for expression in ingredients(term.expression):
                    reason = f"{wording(expression)} missing (common sample)"
                    self._keep(~is_missing(self._value(expression)), reason)

    def _empty(self, before: int) -> Diagnostic:
        facts = [f"{before:,} rows in the panel's sample"]
        facts += [f"{step.rows:,} less: {step.reason}" for step in self.dropped]
        what = f"`{self.column.outcome.name} ~ …`"
        if self.model.split is not None and self.split_value is not None:
            what += f" where {self.model.split.name} = {value_text(self.split_value)}"
        return problems.empty_column(what, facts, self.model.span)

    # --- arrays ---------------------------------------------------------------------------------------

    def _value(self, expression: Expr) -> Column:
        """An expression on all rows, computable on the model's own."""
        if expression not in self._values:
            self._values[expression] = self.data.values(expression, self._wanted)
        return self._values[expression]

    def _codes(self, key: Expr) -> IntArray:
        parts = []
        for part in _parts(key):
            if isinstance(part, Ref) and part.kind == spec.KEY and part.name == "id":
                parts.append((self.data.unit, self.data.unit_count))
            else:
                parts.append(encode(self._value(part)))
        return combine(parts)[0]

    def _regressors(self, rows: IntArray) -> tuple[list[str], list[FloatArray], tuple[spec.Term, ...]]:
        """Columns of X by name, and the term each comes from; of two with one name the first stays."""
        found: dict[str, FloatArray] = {}
        owners: dict[str, spec.Term] = {}
        whole = not self.column.constant and self.column.structure.kind == "pooled"
        alone = [frozenset(factors(term.expression)) for term in self.column.regressors]

        def whole_slope(rest: tuple[Expr, ...]) -> bool:
            """Whether nothing else in the column gives the product of `rest` a slope: no term, no effect."""
            return frozenset(rest) not in alone and not self._absorbed(rest, rows)

        for term in self.column.regressors:
            for name, values in term_columns(self.data, term, rows, self._value, whole, whole_slope):
                found.setdefault(name, values)
                owners.setdefault(name, term)
            whole = whole and not is_category(term.expression)
        return list(found), list(found.values()), tuple(owners.values())

    def _instruments(self, rows: IntArray, names: list[str], owners: tuple[spec.Term, ...]) -> Instruments | None:
        """The excluded instruments of `iv(…)` on the rows of the design."""
        given = self.column.structure.instrumented
        if given is None:
            return None
        found: dict[str, FloatArray] = {}
        for term in given.instruments:
            for name, values in term_columns(self.data, term, rows, self._value):
                found.setdefault(name, values)
        endogenous = tuple(name for name, owner in zip(names, owners, strict=True) if owner in given.endogenous)
        return Instruments(endogenous, tuple(found), np.column_stack(list(found.values())))

    def _absorbed(self, numbers: tuple[Expr, ...], rows: IntArray) -> bool:
        """Whether a product never changes within a value of one of the effects."""
        columns = [take(self._value(number), rows) for number in numbers]
        x = np.prod([column for column in columns if not isinstance(column, Text)], axis=0)
        effects = [self._effect(dimension, rows) for dimension in self.column.structure.dimensions]
        groups = [effect.groups for effect in effects if effect.intercept]
        return any(bool((group_first(x, g.codes, g.count)[g.codes] == x).all()) for g in groups)

    def _period(self, rows: IntArray) -> Groups:
        ticks = self.data.ticks[rows]
        first = int(ticks.min())
        return Groups("time", ticks - first, int(ticks.max()) - first + 1)

    def _effect(self, dimension: spec.Dimension, rows: IntArray) -> Effect:
        codes = combine([(codes, int(codes.max(initial=-1)) + 1) for codes in map(self._codes, dimension.keys)])[0]
        slopes = [piece for slope in dimension.slopes for piece in term_columns(self.data, slope, rows, self._value)]
        return Effect(
            _groups(_group_name(dimension), codes[rows]),
            np.column_stack([values for _, values in slopes]) if slopes else None,
            tuple(name for name, _ in slopes),
            dimension.levels,
        )


def _terms(column: spec.Column) -> tuple[spec.Term, ...]:
    """Every variable that a row of a column needs: outcome, regressors, instruments from outside."""
    instrumented = column.structure.instrumented
    return (column.outcome, *column.regressors, *(instrumented.instruments if instrumented is not None else ()))


def _parts(key: Expr) -> tuple[Expr, ...]:
    """The keys that `city^industry` combines."""
    if isinstance(key, Apply) and key.function in ("^", "set"):
        return tuple(part for argument in key.arguments for part in _parts(argument))
    return (key,)


def _key_name(key: Expr) -> str:
    return "^".join(wording(part) for part in _parts(key))


def _group_name(dimension: spec.Dimension) -> str:
    """What groups a dimension: `id` of `id[year]`."""
    name = dimension.name
    return name.rpartition("[")[0] if dimension.slopes and name.endswith("]") else name


def _groups(name: str, codes: IntArray) -> Groups:
    numbered, count = dense(codes)
    return Groups(name, numbered, count)


def _equal(column: Column, value: float | str) -> BoolArray:
    if isinstance(column, Text):
        code = column.values.index(value) if isinstance(value, str) and value in column.values else -2
        return np.asarray(column.codes == code)
    return np.asarray(column == value)
