"""What there is in the files: the panel, joins, facts of columns, and a model that could be estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from carbonspec.diagnostics.model import ERROR, DataError, Diagnostic
from carbonspec.engine import problems
from carbonspec.engine.keys import combine, encode
from carbonspec.engine.proposal.candidates import is_code, is_year
from carbonspec.engine.proposal.facts import Facts, facts_of
from carbonspec.engine.proposal.joins import Apart, Joined, join
from carbonspec.engine.proposal.placeholder import Placeholder, placeholder
from carbonspec.engine.proposal.search import Found, NotFound, Search
from carbonspec.engine.proposal.spelling import KEYS, sayable
from carbonspec.engine.proposal.tables import Table
from carbonspec.engine.table import Column, FloatArray, IntArray, Text, take

JUDGED = 200_000
"""In larger tables columns are judged on the first units with so many rows."""
DESCRIBED = 8
STAMP = "simulated"


@dataclass
class Proposal:
    """Everything found, before it is written. `columns` are those that formulas can name, by name."""

    main: Table
    found: Found | NotFound
    joins: tuple[Joined | Apart, ...]
    columns: dict[str, Column] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    ambiguous: tuple[str, ...] = ()
    judged: str = ""
    model: Placeholder | None = None
    described: tuple[str, ...] = ()

    @property
    def tables(self) -> list[Table]:
        """All tables, the panel's first."""
        return [self.main, *(one.table for one in self.joins)]

    @property
    def keys(self) -> tuple[str, ...]:
        """The panel's keys, or those that came nearest."""
        if isinstance(self.found, Found):
            return self.found.keys.all
        return self.found.nearest.keys if self.found.nearest is not None else ()

    @property
    def naming(self) -> frozenset[str]:
        """The keys, and columns that name the same units."""
        others = self.found.others if isinstance(self.found, Found) else ()
        return frozenset((*self.keys, *(name for other, same in others if same for name in other.units)))


def find(main: Table, others: Sequence[Table]) -> Proposal:
    """Everything about the panel's table and those to be joined to it.

    Raises
    ------
    DataError: E623 there are no numbers.
    """
    first = {name: facts_of(name, column) for name, column in main.columns.items() if sayable(name)}
    found = Search(main, first).run()
    if isinstance(found, NotFound):
        why = "there is no panel to join it to"
        proposal = Proposal(main, found, tuple(Apart(other, why) for other in others), dict(main.columns), first)
        numbers = [name for name in number_columns(proposal) if name not in proposal.keys]
        proposal.described = tuple(numbers[:DESCRIBED])
    else:
        proposal = Proposal(main, found, tuple(join(main, found, other) for other in others))
        _reach(proposal)
        _judge(proposal)
    if not proposal.described:
        raise DataError((_no_numbers(proposal),))
    return proposal


def _reach(proposal: Proposal) -> None:
    """The columns that a formula can name: the panel's, and those of tables of which each row finds one."""
    main = proposal.main
    joined = [one for one in proposal.joins if isinstance(one, Joined)]
    times = [*main.columns]
    for one in joined:
        shared = {right for left, right in one.keys if left == right}
        times += [name for name in one.table.columns if name not in shared]
    proposal.ambiguous = tuple(dict.fromkeys(name for name in times if times.count(name) > 1 and name != STAMP))
    proposal.columns = {name: column for name, column in main.columns.items() if sayable(name)}
    for one in joined:
        if one.most == 1 and not (main.partial or one.table.partial):
            for name, column in one.table.columns.items():
                if name not in (*proposal.columns, *proposal.ambiguous, STAMP) and sayable(name):
                    proposal.columns[name] = take(column, one.row)


def _judge(proposal: Proposal) -> None:
    """Facts of the columns, and the placeholder, in the panel's rows."""
    found = proposal.found
    assert isinstance(found, Found)
    main = proposal.main
    unit = combine([encode(main.columns[name]) for name in found.keys.units])
    period = encode(main.columns[found.keys.time])
    rows = _first_units(unit[0])
    if rows is not None:
        proposal.columns = {name: take(column, rows) for name, column in proposal.columns.items()}
        unit, period = (unit[0][rows], unit[1]), (period[0][rows], period[1])
        proposal.judged = f"the first {problems.counted(int(np.unique(unit[0]).size), 'unit')} ({rows.size:,} rows)"
    proposal.facts = {name: facts_of(name, column, unit, period) for name, column in proposal.columns.items()}
    order = number_columns(proposal)
    numbers: dict[str, FloatArray] = {}
    for name in order:
        column = proposal.columns[name]
        assert not isinstance(column, Text)
        numbers[name] = column
    moving = [name for name in order if proposal.facts[name].varies]
    proposal.model = placeholder(numbers, moving, unit, period)
    chosen = () if proposal.model is None else (proposal.model.outcome, *proposal.model.regressors)
    proposal.described = tuple(dict.fromkeys((*chosen, *moving, *order)))[:DESCRIBED]


def _first_units(unit: IntArray) -> IntArray | None:
    """The rows of the first units of a large table, None for all rows."""
    if unit.size <= JUDGED:
        return None
    sizes = np.bincount(unit[unit >= 0])
    last = max(int(np.searchsorted(np.cumsum(sizes), JUDGED)), 2)
    return np.flatnonzero((unit >= 0) & (unit < last))


def number_columns(proposal: Proposal) -> list[str]:
    """Columns of numbers that a model or a descriptive table can name, likelier ones first, else as in the file."""
    labelled = {name for table in proposal.tables for name in table.value_labels}
    usable = []
    for name, one in proposal.facts.items():
        if one.text or one.empty or name in proposal.naming or name in KEYS or name in proposal.ambiguous:
            continue
        if not is_code(one, name in labelled) and not is_year(one):
            usable.append(name)
    facts = proposal.facts
    return sorted(
        usable,
        key=lambda name: (facts[name].constant, facts[name].distinct <= 2, facts[name].share_missing > 0.5),
    )


def _no_numbers(proposal: Proposal) -> Diagnostic:
    keys = [name for name in proposal.keys if name in proposal.facts]
    beside = f" beside its keys {' and '.join(f'`{name}`' for name in keys)}" if keys else ""
    facts = []
    for one in proposal.facts.values():
        if one.text and one.numeric:
            other = ", ".join(f"`{value}` ({count:,})" for value, count in one.others)
            facts.append(f"{one.name}: {one.numeric:,} of {one.rows - one.missing:,} cells are numbers, others {other}")
    message = f'"{proposal.main.title}" has no column of numbers that could be described or estimated{beside}'
    helps = ("a column is text as soon as one of its cells is: correct or empty these cells",) if facts else ()
    return Diagnostic("E623", ERROR, message, None, helps, (), tuple(facts[:5]))
