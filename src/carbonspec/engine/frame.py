"""The panel: tables joined on its keys, rows sorted by unit and time, and every column on demand."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.econometrics.clock import Clock, lagged_rows
from carbonspec.engine import problems
from carbonspec.engine.aggregates import aggregate
from carbonspec.engine.columns import condition, evaluate
from carbonspec.engine.deferred import DeferredColumns, PendingJoin, checked_keys
from carbonspec.engine.keys import encode, match
from carbonspec.engine.panelkeys import PanelKeys, panel_keys
from carbonspec.engine.table import BoolArray, Column, FloatArray, IntArray, TableData, Text, take
from carbonspec.engine.winsorizing import limited
from carbonspec.engine.wording import value_text, wording
from carbonspec.lang.spec import KEY, RAW, VARIABLE, Apply, Expr, Join, Level, Panel, Ref, Spec
from carbonspec.planner.references import Columns, references
from carbonspec.report.run import LedgerEntry, MeasureReport, PanelReport

if TYPE_CHECKING:
    from carbonspec.engine.measuring.measured import Measured


@dataclass(frozen=True)
class Joined:
    """A joined table: codes that are equal where keys match (-1 nowhere), and the one row found (-1 none)."""

    table: TableData
    join: Join
    left_codes: IntArray
    right_codes: IntArray
    count: int
    row: IntArray
    most: int

    @property
    def many(self) -> bool:
        """Whether some row of the panel finds several rows."""
        return self.most > 1


def assemble(spec: Spec, tables: Mapping[str, TableData], _root: str = "") -> PanelData:
    """The panel of a study from its tables.

    Raises
    ------
    DataError: E408 a column is missing, E410 duplicate keys, E411 the time is none, E412 keys of different types,
        E416 the sample is empty.
    """
    return PanelData(spec, tables)


class PanelData:
    """Rows sorted by unit, then time. A scope for expressions: names are variables, keys and raw columns.

    `sample` (rows,) says which rows the panel's `where` keeps; the others serve only as a unit's own history.
    `unit` (rows,) are codes from 0, `ticks` (rows,) the clock's ticks from 0.
    """

    def __init__(self, spec: Spec, tables: Mapping[str, TableData]) -> None:
        assert spec.panel is not None
        self.spec = spec
        self.panel: Panel = spec.panel
        self.tables = tables
        self.table = tables[self.panel.table]
        self.variables = Columns(spec)
        self._lock = threading.RLock()
        self._notes: dict[Diagnostic, None] = {}
        self._heard: dict[Diagnostic, None] | None = None
        self._entries: list[LedgerEntry] = []
        keys: PanelKeys = panel_keys(self.panel, self.table)
        self.rows: int = int(keys.order.size)
        self.unit: IntArray = keys.unit
        self.unit_count: int = keys.unit_count
        self.ticks: IntArray = keys.ticks
        self.clock: Clock = keys.clock
        self.order = keys.order
        self.notes(keys.notes)
        self._entries += keys.entries
        self._lags: dict[int, IntArray] = {}
        self._raw: dict[tuple[str, str], Column] = {}
        self._made: dict[str, Column] = {}
        self._before: dict[str, Column] = {}
        self._limits: dict[str, LedgerEntry] = {}
        self._measured: dict[str, Measured] = {}
        self.joins: dict[str, Joined | PendingJoin] = {}
        for join in self.panel.joins:
            self.joins[join.table] = self._pending(join) or self._join(join)
        self.sample: BoolArray = np.ones(self.rows, dtype=bool)
        self._restrict()

    # --- what it consists of --------------------------------------------------------------------------

    def _pending(self, join: Join) -> PendingJoin | None:
        """A join with a table whose cells are not read yet."""
        other = self.tables[join.table]
        if not isinstance(other.columns, DeferredColumns) or not other.columns.waiting:
            return None
        checked_keys(join, other)

        def make() -> Joined:
            assert isinstance(other.columns, DeferredColumns)
            with self._lock:
                _ = other.columns.table  # takes its place in `tables`
                return self._join(join)

        return PendingJoin(other, join, make)

    def _join(self, join: Join) -> Joined:
        other = self.tables[join.table]
        left, right = [], []
        for mine, theirs in join.keys:
            if theirs not in other.columns:
                raise DataError((problems.unknown_column(theirs, other.name, other.columns, join.span),))
            a, b = self._left_key(mine, join), other.columns[theirs]
            if isinstance(a, Text) != isinstance(b, Text):
                names = f"{self.table.name}.{mine}", f"{other.name}.{theirs}"
                raise DataError((problems.key_types(*names, isinstance(a, Text), join.span),))
            left.append(a)
            right.append(b)
        left_codes, right_codes, count = match(left, right)
        found = np.bincount(right_codes[right_codes >= 0], minlength=count)
        used = np.append(found, 0)[left_codes]
        row = np.full(count + 1, -1, dtype=np.int64)
        row[right_codes[::-1]] = np.arange(other.rows)[::-1]
        row[-1] = -1
        alone = int((used == 0).sum())
        most = int(used.max()) if used.size else 0
        idle = other.rows - int(np.isin(right_codes, left_codes[left_codes >= 0]).sum())
        reason = (
            f"{problems.counted(alone, 'row')} without a match, {idle:,} of {other.rows:,} {other.name} rows unused"
        )
        if most > 1:
            reason += f", up to {most:,} rows for one"
        keys = ", ".join(a if a == b else f"{a} = {b}" for a, b in join.keys)
        self._entries.append(LedgerEntry(f"join {other.name} on {keys}", self.rows, self.rows, reason))
        if alone == self.rows:
            message = f"no row of the panel finds a row of `{other.name}`: its columns are all missing"
            helps = (f"compare how {keys} is written in both tables",)
            self.note(Diagnostic("W448", "warning", message, join.span, helps))
        return Joined(other, join, left_codes, right_codes, count, row[left_codes], most)

    def _left_key(self, name: str, join: Join) -> Column:
        if name in self.table.columns or name not in ("id", "time"):
            return self.raw(Ref(name, span=join.span))
        return self.key(name)

    def _restrict(self) -> None:
        where = self.panel.where
        if where is not None:
            holds, missing = condition(where, self, self.sample)
            undecided = int(missing.sum())
            reason = f"{problems.counted(int(self.rows - holds.sum()) - undecided, 'row')} outside"
            if undecided:
                reason += f", {problems.counted(undecided, 'row')} with missing values"
            self.sample = holds
            self._entries.append(LedgerEntry(f"panel where {wording(where)}", self.rows, int(holds.sum()), reason))
            self._made.clear()  # what the condition needed was made on all rows
            self._before.clear()
            self._limits.clear()
            self._measured.clear()
        if not self.sample.any():
            facts = [f"{e.step}: {e.rows_after:,} of {e.rows_before:,} rows, {e.reason}" for e in self.ledger()]
            span = where.span if where is not None else self.panel.span
            raise DataError((problems.empty_sample("the panel", facts, span),))

    # --- the scope of expressions ---------------------------------------------------------------------

    def reference(self, ref: Ref) -> Column:
        """A variable after its limits, a key, or a raw column."""
        if ref.kind == KEY:
            return self.key(ref.name)
        if ref.kind == VARIABLE:
            return self.variable(ref.name, ref.table)
        return self.raw(ref)

    def before_limits(self, ref: Ref) -> Column:
        """The same before `winsorize` and `trim`."""
        if ref.kind == VARIABLE:
            self.variable(ref.name, ref.table)
            return self._before[ref.name]
        return self.reference(ref)

    def lagged(self, _call: Apply, k: int) -> IntArray:
        """(rows,) the row of the same unit k ticks earlier, -1 where there is none."""
        if k not in self._lags:
            self._lags[k] = lagged_rows(self.unit, self.ticks, k)
        return self._lags[k]

    def aggregate(self, call: Apply, checked: BoolArray) -> Column:
        """A function of several rows."""
        return aggregate(self, call, checked)

    def pooled(self) -> BoolArray:
        """The sample."""
        return self.sample

    def shown(self, row: int) -> str:
        """A row as messages call it: `Beijing, 2012`."""
        names = (*self.panel.id, self.panel.time)
        cells = (take(self.table.columns[name], self.order[row : row + 1]) for name in names)
        return ", ".join(_cell(cell) for cell in cells)

    def note(self, diagnostic: Diagnostic) -> None:
        """Keep something to be told, once."""
        self.notes((diagnostic,))

    def notes(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep several."""
        found = dict.fromkeys(diagnostics)
        self._notes.update(found)
        if self._heard is not None:
            self._heard.update(found)

    @contextmanager
    def hearing(self) -> Iterator[dict[Diagnostic, None]]:
        """Everything that is noted meanwhile, also what was noted before."""
        self._heard = {}
        try:
            yield self._heard
        finally:
            self._heard = None

    @property
    def notices(self) -> tuple[Diagnostic, ...]:
        """Everything noted so far, those of the tables first."""
        tables = dict.fromkeys(notice for table in self.tables.values() for notice in table.notices)
        return (*tables, *self._notes)

    # --- columns --------------------------------------------------------------------------------------

    def column(self, name: str) -> NDArray[Any]:
        """A variable, key or raw column by name: float64 (NaN missing), or objects (None missing) for text."""
        known = self.variables
        if name in known.definitions or name in known.limits or name in known.measures:
            return _array(self.variable(name))
        if name in ("id", "time") and name not in self.table.columns:
            return _array(self.key(name))
        return _array(self.raw(Ref(name)))

    def evaluate(self, expression: Expr, checked: BoolArray | None = None) -> NDArray[Any]:
        """The values (rows,) of an expression; `checked` (default: the sample) are the rows that must be computable."""
        return _array(self.values(expression, checked))

    def values(self, expression: Expr, checked: BoolArray | None = None) -> Column:
        """The same, text as codes."""
        return evaluate(expression, self, self.sample if checked is None else checked)

    def variable(self, name: str, table: str | None = None) -> Column:
        """A variable after its limits, made once. `table` is where its raw column stands, if that was said."""
        with self._lock:
            if name not in self._made:
                definition = self.variables.definitions.get(name)
                if name in self.variables.measures:
                    made: Column = self.measured(name).values
                elif self.variables.whole(name) is not None:
                    made = self._component(name)
                elif definition is not None and definition.expression is not None:
                    made = evaluate(definition.expression, self, self.sample)
                else:
                    place = definition or next(iter(self.variables.limits.get(name, ())), self.panel)
                    made = self.raw(Ref(name, RAW, table, span=place.span))
                self._before[name] = made
                for statement in self.variables.limits.get(name, ()):
                    step = limited(self, name, statement, made)
                    made = step.values
                    self._limits[f"{statement.kind} {name}"] = step.entry
                self._made[name] = made
            return self._made[name]

    def _component(self, name: str) -> Column:
        """A component of a measure, as it is before the measure's own limits."""
        whole, part = self.variables.whole(name), self.variables.definitions[name].expression
        assert whole is not None
        assert isinstance(part, Ref)
        return self.measured(whole.name).parts[part.name]

    def with_values(self, ref: Ref, column: Column) -> PanelData:
        """This panel with other values of a variable or raw column; what is made from it is made anew."""
        other = copy(self)
        other._raw, other._before, other._notes = dict(self._raw), dict(self._before), {}
        kept = (name for name in self._made if not self.reads(Ref(name, VARIABLE), ref))
        other._made = {name: self._made[name] for name in kept}
        if ref.kind == VARIABLE:
            other._made[ref.name] = other._before[ref.name] = column
        else:
            joined = self.joined_of(ref)
            other._raw[(self.table if joined is None else joined.table).name, ref.name] = column
        return other

    def reads(self, expression: Expr, ref: Ref) -> bool:
        """Whether an expression is made from a variable or raw column, through definitions too."""
        direct = list(references(expression))
        needed = {found.name for found in direct} | self.variables.reached(direct)
        definitions = [self.variables.definitions[name] for name in needed if name in self.variables.definitions]
        return ref.name in needed | {found.name for d in definitions for found in references(d.expression)}

    def measured(self, name: str) -> Measured:
        """A measure before its limits, made once."""
        from carbonspec.engine.measuring.measured import measure

        with self._lock:
            if name not in self._measured:
                self._measured[name] = measure(self, self.variables.measures[name])
            return self._measured[name]

    def measure_report(self, name: str) -> MeasureReport:
        """What making a measure found."""
        return self.measured(name).report

    def key(self, name: str) -> Column:
        """The panel's `id` (of several columns: their values joined by a comma) or `time`."""
        if name == "time":
            return self._own(self.panel.time)
        if len(self.panel.id) == 1:
            return self._own(self.panel.id[0])
        with self._lock:
            if ("", "id") not in self._raw:
                first = np.searchsorted(self.unit, np.arange(self.unit_count))
                parts = [take(self._own(column), first) for column in self.panel.id]
                names = [", ".join(_cell(take(p, np.array([i]))) for p in parts) for i in range(self.unit_count)]
                self._raw[("", "id")] = Text.coded(self.unit, names)
            return self._raw[("", "id")]

    def _own(self, name: str) -> Column:
        place = (self.table.name, name)
        with self._lock:
            if place not in self._raw:
                self._raw[place] = take(self.table.columns[name], self.order)
            return self._raw[place]

    def raw(self, ref: Ref) -> Column:
        """A raw column on the panel's rows; of a joined table the value of the one row found, missing without one."""
        joined = self.joined_of(ref)
        if joined is None:
            return self._own(ref.name)
        if joined.many:
            name = f"{joined.table.name}.{ref.name}"
            raise DataError((problems.many_rows(name, joined.table.name, joined.most, ref.span),))
        place = (joined.table.name, ref.name)
        with self._lock:
            if place not in self._raw:
                self._raw[place] = take(joined.table.columns[ref.name], joined.row)
            return self._raw[place]

    def joined_of(self, ref: Ref) -> Joined | PendingJoin | None:
        """The joined table a raw column stands in, None for the panel's own table.

        Raises
        ------
        DataError: E408 no table has it, E414 several have it.
        """
        if ref.table is not None:
            table = self.table if ref.table == self.table.name else None
            joined = self.joins.get(ref.table)
            known = table or (joined.table if joined is not None else None)
            if known is None or ref.name not in known.columns:
                columns = known.columns if known is not None else ()
                raise DataError((problems.unknown_column(ref.name, ref.table, columns, ref.span),))
            return None if table is not None else joined
        holders: list[Joined | PendingJoin | None] = [None] if ref.name in self.table.columns else []
        for joined in self.joins.values():
            if ref.name in joined.table.columns and ref.name not in {key for _, key in joined.join.keys}:
                holders.append(joined)
        if len(holders) > 1:
            names = [self.table.name if holder is None else holder.table.name for holder in holders]
            raise DataError((problems.ambiguous_column(ref.name, names, ref.span),))
        if not holders:
            tables = [self.table.name, *self.joins]
            known_names = [*self.table.columns, *(c for j in self.joins.values() for c in j.table.columns)]
            raise DataError((problems.no_such_column(ref.name, tables, known_names, ref.span),))
        return holders[0]

    def is_column_of(self, ref: Ref, joined: Joined | PendingJoin) -> bool:
        """Whether a reference is to a raw column of that joined table."""
        return ref.kind == RAW and self.joined_of(ref) is joined

    # --- categories -----------------------------------------------------------------------------------

    def levels(self, expression: Expr) -> tuple[Level, ...]:
        """The declared values of a category in their order, else those of a labelled file; () when there are none."""
        if not isinstance(expression, Ref):
            return ()
        declared = self.variables.definitions.get(expression.name)
        if declared is not None and declared.levels and expression.kind != KEY:
            return declared.levels
        for table in self.tables.values():
            known = table.value_labels.get(expression.name)
            if known and expression.table in (None, table.name):
                return tuple(Level(value, label) for value, label in known)
        return ()

    def value_labels(self) -> dict[str, dict[str, str]]:
        """What labelled files call the values of their columns; the first table that has a column counts."""
        found: dict[str, dict[str, str]] = {}
        for table in self.tables.values():
            for column, known in table.value_labels.items():
                found.setdefault(column, {value_text(value): label for value, label in known})
        return found

    def coded(self, expression: Expr, checked: BoolArray | None = None) -> tuple[IntArray, int]:
        """(codes, count) of an expression's values as groups, -1 where missing; `id` and `time` from the keys."""
        if isinstance(expression, Ref) and expression.kind == KEY and expression.name == "id":
            return self.unit, self.unit_count
        return encode(self.values(expression, checked))

    # --- accounts -------------------------------------------------------------------------------------

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """What happened to rows on the way to the sample, and to cells by `winsorize` and `trim`."""
        tables = [entry for table in self.tables.values() for entry in table.ledger]
        order = [f"{s.kind} {name}" for s in self.spec.winsorizing for name in s.variables]
        limits = [self._limits[step] for step in order if step in self._limits]
        measures = [self._measured[m.name].entry for m in self.spec.measures if m.name in self._measured]
        return (*tables, *self._entries, *measures, *limits)

    def report(self) -> PanelReport:
        """The sample: units, periods, balance, gaps."""
        unit, ticks = self.unit[self.sample], self.ticks[self.sample]
        n = np.bincount(unit, minlength=self.unit_count)
        n = n[n > 0]
        periods = int(np.unique(ticks).size)
        return PanelReport(
            id=", ".join(self.panel.id),
            time=self.panel.time,
            rows=self.rows,
            rows_sample=int(self.sample.sum()),
            n_ids=int(n.size),
            n_periods=periods,
            t_min=int(n.min()),
            t_max=int(n.max()),
            balanced=bool((n == periods).all()),
            gaps=int(self.gaps()[self.sample].sum()),
        )

    def gaps(self) -> FloatArray:
        """(rows,) the ticks missing between a row of the sample and the unit's row of the sample before it."""
        rows = np.flatnonzero(self.sample)
        found = np.zeros(self.rows)
        same = self.unit[rows[1:]] == self.unit[rows[:-1]]
        found[rows[1:]] = np.where(same, self.ticks[rows[1:]] - self.ticks[rows[:-1]] - 1, 0)
        return found


def _cell(column: Column) -> str:
    from carbonspec.engine.table import show_number

    if isinstance(column, Text):
        return column.values[column.codes[0]] if column.codes[0] >= 0 else "missing"
    return "missing" if np.isnan(column[0]) else show_number(float(column[0]))


def _array(column: Column) -> NDArray[Any]:
    return column.objects() if isinstance(column, Text) else np.asarray(column, dtype=np.float64)
