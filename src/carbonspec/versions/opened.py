"""One version, ready to be read: its spec and its data as files."""

from __future__ import annotations

import os
from contextlib import ExitStack

from carbonspec import api
from carbonspec.diagnostics.model import Diagnostic, SpecError
from carbonspec.git.repository import Repository
from carbonspec.git.snapshot import Snapshot
from carbonspec.lang import ast
from carbonspec.lang.variants.paths import PATHS
from carbonspec.record import Record
from carbonspec.versions.places import NOTHING, Place


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


def open_place(place: Place, stack: ExitStack, allowed: tuple[str, ...], folder: str) -> Opened:
    if place.path == NOTHING:
        return Opened(place, NOTHING)
    if place.revision is None:
        return Opened(place, place.path, allowed, _parsed(place.path, allowed, "", ""))
    snapshot = stack.enter_context(Snapshot(Repository.around(place.folder or folder), place.revision))
    return of_snapshot(place, snapshot, place.path, allowed)


def of_snapshot(place: Place, snapshot: Snapshot, name: str, allowed: tuple[str, ...]) -> Opened:
    path = snapshot.bring_spec(name)
    label = "" if place.revision is None else f"{place.revision}:"
    tree = _parsed(path, (*allowed, snapshot.folder), snapshot.folder + os.sep, label)
    snapshot.bring(name, files_named(tree), allowed)
    return Opened(place, path, (*allowed, snapshot.folder, *snapshot.linked), tree, tuple(snapshot.untracked))


def checked(snapshot: Snapshot, name: str) -> tuple[Diagnostic, ...]:
    """What `check` finds in a spec of a snapshot, with the data it names; SpecError when it cannot be read."""
    path = snapshot.bring_spec(name)
    parsed = api.parse_whole(api.load(path), (snapshot.folder,))
    snapshot.bring(name, files_named(parsed.value))
    study = api.check(path, allowed=(snapshot.folder, *snapshot.linked))
    for source in (study.source, *study.sources):
        source.name = source.name.removeprefix(snapshot.folder + os.sep)
    return _called(study.diagnostics, snapshot.folder + os.sep, "")


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
        raise SpecError(_called(parsed.diagnostics, folder, label))
    return parsed.value


def _called(diagnostics: tuple[Diagnostic, ...], folder: str, label: str) -> tuple[Diagnostic, ...]:
    """Problems without the name of a snapshot's folder. Which files lie beside one cannot be told there."""
    if not folder:
        return diagnostics
    return tuple(
        d.replace(message=d.message.replace(folder, label), helps=() if folder in d.message else d.helps)
        for d in diagnostics
    )


def files_named(tree: ast.File) -> list[tuple[str, str]]:
    """Every file that a spec names: the folder of the file it is named in, seen from the spec's, and the path there."""
    found = []
    for statement in tree.statements:
        for clause in statement.clauses:
            if clause.word.text == PATHS.get(statement.keyword):
                texts = [value.value for value in clause.values if isinstance(value.value, ast.Text)]
                found += [(text.span.source.folder, text.value) for text in texts]
    return found


def untracked_note(side: Opened) -> list[str]:
    revision = side.place.revision
    if not side.untracked or revision is None:
        return []
    names = ", ".join(side.untracked)
    return [f"not in {revision or 'the index'}, so the work tree's was read: {names}"]
