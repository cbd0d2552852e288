"""Arguments of `diff` → which versions are meant."""

from __future__ import annotations

import os
from collections.abc import Iterable

from carbonspec.diagnostics.model import ERROR, Diagnostic, SpecError
from carbonspec.git.repository import INDEX, Repository
from carbonspec.git.snapshot import base_of
from carbonspec.lang.variants.chain import ENDING
from carbonspec.record import Record

NOTHING = os.devnull
"""The path of a side on which there is no file."""


class Place(Record):
    """Where a version is: a path of the file system, or of a revision ("" is what is staged). `NOTHING`: nowhere.

    `follows`: its own text is as before, and a spec that it extends changed. `folder` lies in the revision's
    repository, "" for the one that the person at the keyboard is in.
    """

    path: str
    revision: str | None = None
    follows: bool = False
    folder: str = ""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.path if self.revision is None else f"{self.revision}:{self.path}"


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
    files = [argument for argument in arguments if os.path.isfile(os.path.join(folder, argument))]
    home = os.path.join(folder, os.path.dirname(files[0])) if files else folder  # whose revisions are meant
    sides = [_side(argument, folder, home) for argument in arguments or ("HEAD",)]
    if len(sides) == 1:
        sides = [Place("", "HEAD"), sides[0]] if sides[0].path else [sides[0], Place("")]
    one, other = sides
    if not one.path and not other.path:
        return _differing(one, other, folder)
    return [(_filled(one, other, folder), _filled(other, one, folder))]


def _side(argument: str, folder: str, home: str) -> Place:
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
        if Repository.around(home).revision(argument) is None:
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
    home = os.path.dirname(other.path) or folder if other.revision is None else folder
    repository = Repository.around(home)
    if repository.revision(side.revision) is None:
        raise _unknown(f"no revision `{side.revision}`" + (", nothing is committed yet" * (side.revision == "HEAD")))
    name = other.path if other.revision is not None else repository.inside(other.path)
    return Place(name if name in repository.files(side.revision) else NOTHING, side.revision, folder=home)


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
        standing = [n for n in extending(repository, other.revision, changed - {""}) if n not in known]
        found += [(name if name in repository.files(one.revision) else "", name) for name in standing]
    pairs = []
    for old, new in sorted(found, key=lambda names: names[1] or names[0]):
        before = Place(old or NOTHING, one.revision)
        path = new or NOTHING
        if other.revision is None and new:
            path = os.path.relpath(os.path.join(repository.top, new))
        pairs.append((before, Place(path, other.revision, follows=bool(new) and new not in known)))
    return pairs


def extending(repository: Repository, revision: str | None, changed: set[str]) -> list[str]:
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
