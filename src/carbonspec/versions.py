"""Versions of a spec: which texts a comparison means, what each of them reads, and the comparison itself.

A version is a file, or a file of a git revision. A revision is read through a folder made for the purpose, in which its
specs and the data it tracks lie as they were (`git/snapshot.py`); data that it does not track are the work tree's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from carbonspec import api
from carbonspec.compare.changes import RENAMED, Changes
from carbonspec.compare.movement import Movement
from carbonspec.compare.study import Meaning, Version, compare
from carbonspec.diagnostics.model import ERROR, Checked, DataError, Diagnostic, SpecError
from carbonspec.git.repository import INDEX, Repository
from carbonspec.git.snapshot import Snapshot, base_of
from carbonspec.lang import ast
from carbonspec.lang.spec import Spec
from carbonspec.lang.variants.chain import ENDING
from carbonspec.lang.variants.paths import PATHS, rebased
from carbonspec.record import Record

if TYPE_CHECKING:
    from carbonspec.report.run import Run

NOTHING = os.devnull
"""The path of a side on which there is no file."""


class Place(Record):
    """Where a version is: a path of the file system, or of a revision ("" is what is staged). `NOTHING`: nowhere.

    `follows`: its own text is as before, and a spec that it extends changed.
    """

    path: str
    revision: str | None = None
    follows: bool = False

    @property
    def label(self) -> str:
        """What people call it."""
        return self.path if self.revision is None else f"{self.revision}:{self.path}"


class Compared(Record):
    """One spec compared; `movement` when its numbers were asked for."""

    before: Place
    after: Place
    changes: Changes
    movement: Movement | None = None


def diff(
    *versions: str, results: str | None = None, allowed: tuple[str, ...] = (), folder: str = "."
) -> tuple[Compared, ...]:
    """What changed between two versions, one entry for each spec that is compared.

    Parameters
    ----------
    versions: as on the command line: files, `REV:file`, revisions; two, one or none.
    results: an output folder; what is not stored there of both versions is run, and the numbers are compared.
    allowed: further folders the specs may read.
    folder: where paths start, and whose repository is meant.

    Raises
    ------
    SpecError: a version cannot be found, read or parsed. DataError: with `results`, the data are wrong.
    """
    found = [
        compare_places(one, other, allowed=allowed, results=results, folder=folder)
        for one, other in places(versions, folder)
    ]
    return tuple(compared for compared in found if compared.changes or not compared.after.follows)


# --- which versions -------------------------------------------------------------------------------------------


def places(arguments: tuple[str, ...], folder: str = ".") -> list[tuple[Place, Place]]:
    """What the arguments of `diff` mean: pairs of versions, one for each spec that is to be compared.

    Two arguments are the two sides: a file, `REV:file`, or a revision. A revision beside a file is that file in it;
    two revisions are every spec that differs. One file is compared with what was last committed, one revision with
    the work tree, and none is `HEAD`. Raises SpecError (E631, E632, E633).
    """
    if len(arguments) == 1 and ".." in arguments[0] and not os.path.exists(os.path.join(folder, arguments[0])):
        first, _, second = arguments[0].partition("..")
        if not second.startswith("/") and not first.endswith("."):
            arguments = (first or "HEAD", second.lstrip(".") or "HEAD")
    sides = [_side(argument, folder) for argument in arguments or ("HEAD",)]
    if len(sides) == 1:
        sides = [Place("", "HEAD"), sides[0]] if sides[0].path else [sides[0], Place("")]
    one, other = sides
    if not one.path and not other.path:
        return _differing(one, other, folder)
    return [(_filled(one, other, folder), _filled(other, one, folder))]


def _side(argument: str, folder: str) -> Place:
    """A file, `REV:file`, or a revision (whose path is still "")."""
    if argument == NOTHING:
        return Place(NOTHING)
    path = os.path.join(folder, argument)
    if os.path.isfile(path):
        return Place(_a_spec(os.path.normpath(path)))
    revision, colon, name = argument.partition(":")
    if not colon:
        if argument.endswith(".cspec"):
            helps = ("`REV:file` names a file of a revision, as in `HEAD~1:specs/paper.cspec`",)
            raise SpecError((Diagnostic("E601", ERROR, f"cannot read `{argument}`: no such file", None, helps),))
        if Repository.around(folder).revision(argument) is None:
            raise _unknown(f"`{argument}` is neither a file nor a revision")
        return Place("", argument)
    repository = Repository.around(folder)
    if revision != INDEX and repository.revision(revision) is None:
        raise _unknown(f"no revision `{revision}`")
    if name.startswith(("./", "../")):
        name = repository.inside(os.path.join(folder, name))
    if name not in repository.files(revision):
        here, known = repository.inside(os.path.join(folder, name)), repository.files(revision)
        close = _close(name, known, revision)
        if here != name and here in known:
            close = (f"paths start at the top of the repository: `{revision}:{here}`",)
        message = f"`{revision or 'the index'}` has no file `{name}`"
        raise SpecError((Diagnostic("E633", ERROR, message, None, close),))
    return Place(_a_spec(name), revision)


def _a_spec(path: str) -> str:
    """The path, if a spec can be called so: nobody wants a data file read as one."""
    if path.endswith(ENDING):
        return path
    raise SpecError((Diagnostic("E632", ERROR, f"`{path}` is no spec: specs end in {ENDING}"),))


def _close(name: str, known: Iterable[str], revision: str) -> tuple[str, ...]:
    from carbonspec.diagnostics.suggestions import did_you_mean

    close = did_you_mean(name, [path for path in known if path.endswith(".cspec")])
    return (f"did you mean `{revision}:{close}`?",) if close else ()


def _unknown(message: str) -> SpecError:
    helps = ("a revision is a commit, a branch or a tag: `HEAD~1`, `main`, `v1.0`",)
    return SpecError((Diagnostic("E632", ERROR, message, None, helps),))


def _filled(side: Place, other: Place, folder: str) -> Place:
    """A revision beside a file is that file in it; nothing when the revision does not have it."""
    if side.path or side.revision is None:
        return side
    repository = Repository.around(os.path.dirname(other.path) if other.revision is None else folder)
    if repository.revision(side.revision) is None:
        raise _unknown(f"no revision `{side.revision}`" + (", nothing is committed yet" * (side.revision == "HEAD")))
    name = other.path if other.revision is not None else repository.inside(other.path)
    return Place(name if name in repository.files(side.revision) else NOTHING, side.revision)


def _differing(one: Place, other: Place, folder: str) -> list[tuple[Place, Place]]:
    """Every spec that differs between two revisions, or a revision and the work tree; variants with their bases."""
    repository = Repository.around(folder)
    assert one.revision is not None
    if repository.revision(one.revision) is None:
        raise _unknown(f"no revision `{one.revision}`, nothing is committed yet")
    found = list(repository.renames(one.revision, other.revision, "*.cspec"))
    known = {new for _, new in found}
    changed = {old for old, _ in found} | known
    if found:
        standing = [n for n in _extending(repository, other.revision, changed - {""}) if n not in known]
        found += [(name if name in repository.files(one.revision) else "", name) for name in standing]
    pairs = []
    for old, new in sorted(found, key=lambda names: names[1] or names[0]):
        before = Place(old or NOTHING, one.revision)
        path = new or NOTHING
        if other.revision is None and new:
            path = os.path.relpath(os.path.join(repository.top, new))
        pairs.append((before, Place(path, other.revision, follows=bool(new) and new not in known)))
    return pairs


def _extending(repository: Repository, revision: str | None, changed: set[str]) -> list[str]:
    """The specs that stand on a changed one, also through others."""
    bases = {name: base_of(name, line) for name, line in repository.lines(revision, "^extends", "*.cspec")}
    reached, found = set(changed), []
    more = True
    while more:
        more = False
        for name, base in bases.items():
            if name not in reached and base in reached:
                reached.add(name)
                found.append(name)
                more = True
    return found


# --- one version, ready to be read ----------------------------------------------------------------------------


class Opened(Record):
    """A version that can be read: where its spec lies, its tree, and the folders it may read beside its own."""

    place: Place
    path: str
    allowed: tuple[str, ...] = ()
    tree: ast.File = ast.File(())
    untracked: tuple[str, ...] = ()

    @property
    def there(self) -> bool:
        return self.path != NOTHING

    @property
    def folder(self) -> str:
        """Where the spec's relative paths start."""
        return os.path.dirname(os.path.abspath(self.path))

    @property
    def label(self) -> str:
        return self.place.label if self.there else "nothing"


def compare_places(
    before: Place, after: Place, *, allowed: tuple[str, ...] = (), results: str | None = None, folder: str = "."
) -> Compared:
    """Compare two versions. With `results`, an output folder, run what is missing of both and compare the numbers.

    Raises SpecError where one cannot be read or parsed, or does not resolve while its results are wanted; DataError.
    """
    with ExitStack() as stack:
        one, other = (_open(place, stack, allowed, folder) for place in (before, after))
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
            sides.append(_opened(place, snapshot, name, ()))
        return _compared(sides[0], sides[1], None).changes


def _open(place: Place, stack: ExitStack, allowed: tuple[str, ...], folder: str) -> Opened:
    if place.path == NOTHING:
        return Opened(place, NOTHING)
    if place.revision is None:
        return Opened(place, place.path, allowed, _parsed(place.path, allowed, "", ""))
    snapshot = stack.enter_context(Snapshot(Repository.around(folder), place.revision))
    return _opened(place, snapshot, place.path, allowed)


def _opened(place: Place, snapshot: Snapshot, name: str, allowed: tuple[str, ...]) -> Opened:
    path = snapshot.bring_spec(name)
    inside = (*allowed, snapshot.folder, snapshot.repository.top)
    tree = _parsed(path, inside, snapshot.folder + os.sep, "" if place.revision is None else f"{place.revision}:")
    snapshot.bring(name, files_named(tree))
    return Opened(place, path, inside, tree, tuple(snapshot.untracked))


def checked(snapshot: Snapshot, name: str) -> tuple[Diagnostic, ...]:
    """What `check` finds in a spec of a snapshot, with the data it names; SpecError when it cannot be read."""
    path = snapshot.bring_spec(name)
    inside = (snapshot.folder, snapshot.repository.top)
    parsed = api.parse_whole(api.load(path), inside)
    snapshot.bring(name, files_named(parsed.value))
    study = api.check(path, allowed=inside)
    for source in (study.source, *study.sources):
        source.name = source.name.removeprefix(snapshot.folder + os.sep)
    return study.diagnostics


def _parsed(path: str, allowed: tuple[str, ...], folder: str, label: str) -> ast.File:
    """The tree of a spec with all it extends. What syntax errors hide cannot be compared: SpecError.

    Files of a snapshot are called by their names in the revision: `label` for its folder.
    """
    source = api.load(path)
    parsed = api.parse_whole(source, allowed)
    places = [diagnostic.span for diagnostic in parsed.diagnostics if diagnostic.span is not None]
    for one in (source, *(part.span.source for part in parsed.value.parts), *(span.source for span in places)):
        if folder and one.name.startswith(folder):
            one.name = label + one.name.removeprefix(folder)
    if not parsed.ok:
        raise SpecError(parsed.diagnostics)
    return parsed.value


def files_named(tree: ast.File) -> list[str]:
    """Every file that a spec reads, as it is named from the spec's folder."""
    found = []
    for statement in map(rebased, tree.statements):
        for clause in statement.clauses:
            if clause.word.text == PATHS.get(statement.keyword):
                found += [value.value.value for value in clause.values if isinstance(value.value, ast.Text)]
    return found


# --- the comparison -------------------------------------------------------------------------------------------


def _compared(one: Opened, other: Opened, results: str | None) -> Compared:
    reading = _Reading(one, other)
    notes = [*_untracked(one), *_untracked(other), *reading.mistakes()]
    changes = compare(
        Version(one.label, one.tree), Version(other.label, other.tree), reading.meaning, reading.data, notes
    )
    movement = _movement(one, other, changes, results) if results is not None else None
    return Compared(one.place, other.place, changes, movement)


def _untracked(side: Opened) -> list[str]:
    revision = side.place.revision
    if not side.untracked or revision is None:
        return []
    names = ", ".join(side.untracked)
    return [f"not in {revision or 'the index'}, so the work tree's was read: {names}"]


class _Reading:
    """Resolves and plans trees with the columns and files of either side. Files count by what they hold."""

    def __init__(self, before: Opened, after: Opened) -> None:
        from carbonspec.engine.headers import headers
        from carbonspec.lang.resolve.tables import declared_tables

        self.sides = (before, after)
        self.catalogue = api.catalogue()
        self.tables = [declared_tables(side.tree) for side in self.sides]
        known = [headers(t, side.folder, side.allowed) for t, side in zip(self.tables, self.sides, strict=True)]
        self.columns = [dict(one) for one in known]
        for name in known[0].keys() & known[1].keys():
            if None in (known[0][name], known[1][name]):
                self.columns[0][name] = self.columns[1][name] = None
        paths = [{real for table in t for _, real in self._files(table, side)} for t, side in self._zipped()]
        self._shared = paths[0] & paths[1]
        self._contents: dict[str, str] = {}
        self._known: dict[tuple[int, bool], tuple[ast.File, Checked[Spec]]] = {}

    def _zipped(self) -> Iterable[tuple[Any, Opened]]:
        return zip(self.tables, self.sides, strict=True)

    def mistakes(self) -> list[str]:
        """A sentence on each side that has some."""
        found = []
        for side, newer in zip(self.sides, (False, True), strict=True):
            errors = [d for d in self._resolved(side.tree, newer).diagnostics if d.severity == ERROR]
            if side.there and errors:
                first = errors[0]
                line = f" (line {first.span.line})" if first.span is not None else ""
                more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
                found.append(f"{side.label} has a mistake{line}: {first.code} {first.message}{more}")
        return found

    def meaning(self, tree: ast.File, newer: bool) -> Meaning | None:
        """What a tree means with the data of one side; None when it has mistakes."""
        from carbonspec.planner.lower import lower

        side = self.sides[newer]
        resolved = self._resolved(tree, newer)
        if not resolved.ok:
            return None
        spec = resolved.value
        spec = spec.replace(
            data=tuple(t.replace(location=self._table(t, side)) for t in spec.data),
            tables=tuple(t.replace(published=self._one(t.published, side, t.span)) for t in spec.tables),
            figures=tuple(f.replace(shapes=self._one(f.shapes, side, f.span)) for f in spec.figures),
        )
        return Meaning(spec, lower(spec, {}, ""))

    def _resolved(self, tree: ast.File, newer: bool) -> Checked[Spec]:
        from carbonspec.lang.resolve.study import resolve

        key = (id(tree), newer)
        if key not in self._known:  # the tree is kept with it, so that its id stays its own
            columns: Mapping[str, Any] = {t.name: None for t in self.tables[not newer]} | self.columns[newer]
            self._known[key] = (tree, resolve(tree, self.catalogue, columns, outside=True))
        return self._known[key][1]

    @property
    def data(self) -> dict[str, tuple[str, ...]]:
        """By table, the files that both sides name alike and that hold something else."""
        found: dict[str, tuple[str, ...]] = {}
        old = {table.name: table for table in self.tables[0]}
        for table in self.tables[1]:
            mine = old.get(table.name)
            if mine is None or mine.package or table.package:
                continue
            one = dict(self._files(mine, self.sides[0]))
            other = dict(self._files(table, self.sides[1]))
            if mine.location != table.location and one.keys() != other.keys():
                continue
            names = [
                name
                for name in dict.fromkeys((*other, *one))
                if (self._content(one[name]) if name in one else "")
                != (self._content(other[name]) if name in other else "")
            ]
            if names and one and other:
                found[table.name] = tuple(names)
        return found

    def _files(self, table: Any, side: Opened) -> tuple[tuple[str, str], ...]:
        from carbonspec.engine.paths import locate

        try:
            return tuple((name, os.path.realpath(path)) for name, path in locate(table, side.folder, side.allowed))
        except (DataError, OSError):
            return ()

    def _table(self, table: Any, side: Opened) -> str:
        files = self._files(table, side)
        return " ".join(self._content(path) for _, path in files) if files else str(table.location)

    def _one(self, location: str, side: Opened, span: Any) -> str:
        from carbonspec.engine.paths import safe_path

        try:
            return self._content(safe_path(location, side.folder, side.allowed, span)) if location else ""
        except (DataError, OSError):
            return location

    def _content(self, path: str) -> str:
        """What stands for the content of a file: its path while both sides read the same one, else its SHA-256."""
        from carbonspec.engine.digest import file_digest

        if path in self._shared:
            return path
        if path not in self._contents:
            self._contents[path] = file_digest(path)
        return self._contents[path]


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
