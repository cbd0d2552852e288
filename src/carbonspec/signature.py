"""What a plug-in declares to the checker: its name, its arguments, its clauses, and whether this version runs it.

The catalogue is a table of these records. It imports no numerical library, so `check` can read it at once;
the engine imports the module named in `module` only when a plan uses the entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from carbonspec.record import Record

# Kinds of catalogue entries
FUNCTION = "function"  # in expressions: log, mean, i, event
STRUCTURE = "structure"  # after `|`: fe, re, be, fd, iv, gmm
COVARIANCE = "covariance"  # after `se`: iid, hc1, cluster
ESTIMATOR = "estimator"  # after `using`: ppml, system
MEASURE = "measure"
TEST = "test"
METHOD = "method"  # of the test `unitroot`: llc, ips
TABLE = "table"
FIGURE = "figure"
STATISTIC = "statistic"  # of a model column: N, r2_within


class Parameter(Record):
    """One argument or clause.

    `accepts` is what the checker knows how to check: "expression", "variable", "number", "integer", "share"
    (a number such as 1%), "text", "word" (one of `words`), "literal" (a number or a text), "key" (a variable or a
    combination `a^b`), "range" (`1..3`), "call", "term", "quantity", "result", "formula", "path", "any".
    Measures take a "table", a "word" or an "expression"; their clauses also accept "column" (of the measure's table),
    "unit", "period", "factors", "fuel", "by_fuel", "electricity", "heat", "transport", "apportion", "group", "growth",
    "initial", "sigma", "effects", "scale", "least".

    Tests take a "result", a "quantity", an "arrow", a "split", a "result or variable"; their clauses also accept
    "lags", "draws", "method".

    A clause with `repeat` may stand on several lines; `qualifiers` are the words that may follow it on its line.
    `sorts` says what each of `words` is, where that matters: the dimension of a unit or of a fuel's amounts.
    """

    name: str
    accepts: str = "expression"
    required: bool = False
    many: bool = False
    words: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    repeat: bool = False
    qualifiers: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()


class Signature(Record):
    """A word of the open catalogue."""

    name: str
    kind: str
    summary: str
    arguments: tuple[Parameter, ...] = ()  # positional, in order; the last may be `many`
    named: tuple[Parameter, ...] = ()  # `ref = 2012` inside the call
    clauses: tuple[Parameter, ...] = ()  # clause words that a statement built on it may carry
    module: str = ""  # where the engine finds it, "estimators.fixed_effects"; empty: not in this version
    example: str = ""
    statistics: tuple[str, ...] = ()  # what the rows of a test are called in a bracket

    @property
    def available(self) -> bool:
        """Whether this version can run it. What is only known by name is refused by `check`."""
        return bool(self.module)


class Catalogue:
    """All known words, by kind and name."""

    def __init__(self, entries: Iterable[Signature]) -> None:
        self._entries: dict[tuple[str, str], Signature] = {}
        for entry in entries:
            key = (entry.kind, entry.name)
            if key in self._entries:
                raise ValueError(f"{entry.kind} {entry.name!r} stands twice in the catalogue")
            self._entries[key] = entry

    def find(self, kind: str, name: str) -> Signature | None:
        return self._entries.get((kind, name))

    def names(self, kind: str) -> tuple[str, ...]:
        return tuple(name for k, name in self._entries if k == kind)

    def __iter__(self) -> Iterator[Signature]:
        return iter(self._entries.values())
