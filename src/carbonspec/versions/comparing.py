"""Two versions → what changed, and with `results` how the numbers moved."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from carbonspec import api
from carbonspec.compare.changes import RENAMED, Changes
from carbonspec.compare.movement import Movement
from carbonspec.compare.study import Version, compare
from carbonspec.diagnostics.model import Diagnostic, SpecError
from carbonspec.git.repository import Repository
from carbonspec.git.snapshot import Snapshot
from carbonspec.record import Record
from carbonspec.versions.opened import Opened, of_snapshot, open_place, untracked_note
from carbonspec.versions.places import NOTHING, Place, places
from carbonspec.versions.reading import Reading

if TYPE_CHECKING:
    from carbonspec.report.run import Run


class Compared(Record):
    """One spec compared; `movement` when its numbers were asked for."""

    before: Place
    after: Place
    changes: Changes
    movement: Movement | None = None


def diff(
    *versions: str,
    results: str | None = None,
    allowed: tuple[str, ...] = (),
    folder: str = ".",
    unread: list[Diagnostic] | None = None,
) -> tuple[Compared, ...]:
    """What changed between two versions, one entry for each spec that is compared.

    Parameters
    ----------
    versions: as on the command line: files, `REV:file`, revisions; two, one or none.
    results: an output folder; what is not stored there of both versions is run, and the numbers are compared.
    allowed: further folders the specs may read.
    folder: where paths start, and whose repository is meant.
    unread: takes the problems of specs that cannot be read where there are others; without it they are raised.

    Raises
    ------
    SpecError: a version cannot be found, read or parsed. DataError: with `results`, the data are wrong.
    """
    pairs = places(versions, folder)
    found = []
    for one, other in pairs:
        try:
            found.append(compare_places(one, other, allowed=allowed, results=results, folder=folder))
        except SpecError as problem:
            if unread is None or len(pairs) == 1:
                raise
            unread += problem.diagnostics
    return tuple(compared for compared in found if compared.changes or not compared.after.follows)


def compare_places(
    before: Place, after: Place, *, allowed: tuple[str, ...] = (), results: str | None = None, folder: str = "."
) -> Compared:
    """Compare two versions. With `results`, an output folder, run what is missing of both and compare the numbers.

    Raises SpecError where one cannot be read or parsed, or does not resolve while its results are wanted; DataError.
    """
    with ExitStack() as stack:
        one, other = (open_place(place, stack, allowed, folder) for place in (before, after))
        return _compared(one, other, results)


def compare_texts(old: bytes | None, new: bytes | None, name: str, repository: Repository) -> Changes:
    """Compare two texts of the spec `name` (None: there is none), with the bases and data of the work tree."""
    with ExitStack() as stack:
        sides = []
        for text in (old, new):
            place = Place(name if text is not None else NOTHING)
            if text is None:
                sides.append(Opened(place, NOTHING))
                continue
            snapshot = stack.enter_context(Snapshot(repository, None))
            snapshot.write(name, text)
            sides.append(of_snapshot(place, snapshot, name, ()))
        return _compared(sides[0], sides[1], None).changes


def _compared(one: Opened, other: Opened, results: str | None) -> Compared:
    reading = Reading(one, other)
    notes = [*untracked_note(one), *untracked_note(other), *reading.mistakes()]
    changes = compare(
        Version(one.label, one.tree), Version(other.label, other.tree), reading.meaning, reading.data, notes
    )
    movement = _movement(one, other, changes, results) if results is not None else None
    return Compared(one.place, other.place, changes, movement)


def _movement(one: Opened, other: Opened, changes: Changes, out: str) -> Movement:
    """Run both sides (only what is not stored is estimated) and put their numbers side by side."""
    from carbonspec.report.movement import moved

    runs = [_run(side, out) if side.there else None for side in (one, other)]
    names = {c.was: c.name for c in changes.statements if c.kind == RENAMED}
    return moved(runs[0], runs[1], names)


def _run(side: Opened, out: str) -> Run:
    """The results of one side, in the store of the output folder; it is not remembered as a run of the spec."""
    from carbonspec.engine.store import Store

    study = api.check(side.path, allowed=side.allowed)
    if not study.ok:
        for source in (study.source, *study.sources):
            source.name = side.label if source.name == side.path else source.name
        raise SpecError(study.diagnostics)
    store = Store(os.path.join(os.path.abspath(out), api.STORE))
    how = api.How(store, allowed=side.allowed, noted=False)
    return api.carry_out(study, api.Clock(), how).run
