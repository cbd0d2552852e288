"""How the numbers of two runs differ: plain numbers, so that every renderer can print them."""

from __future__ import annotations

from carbonspec.record import Record


class Value(Record):
    """An estimate with its standard error and stars."""

    estimate: float
    std_error: float
    stars: str


class TermMove(Record):
    """A coefficient before and after; None where the column did not have it."""

    term: str
    before: Value | None
    after: Value | None


class ColumnMove(Record):
    """A column of a model before and after. Numbers count from 1; 0 and None where it was not there.

    `failure` says why one side has no numbers; `split` is its value of the split, "" without.
    """

    before: int
    after: int
    n_before: int | None
    n_after: int | None
    se_before: str
    se_after: str
    terms: tuple[TermMove, ...] = ()
    split: str = ""
    failure: str = ""


class ModelMove(Record):
    """A model before and after, the tables that print it, and a sentence that says it all."""

    model: str
    tables: tuple[str, ...]
    columns: tuple[ColumnMove, ...]
    sentence: str


class VerdictMove(Record):
    """A hypothesis or an expect that came out otherwise."""

    name: str
    before: str
    after: str
    flipped: bool


class Movement(Record):
    """All that moved, and how many columns stayed as they were.

    `others` are sentences on tests, mediations, and tables and figures made by calls.
    """

    models: tuple[ModelMove, ...] = ()
    verdicts: tuple[VerdictMove, ...] = ()
    others: tuple[str, ...] = ()
    unchanged: int = 0
    simulated: str = ""
