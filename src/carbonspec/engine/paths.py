"""Which files a spec may read: those below its own folder, and below folders that the person at the keyboard allows."""

from __future__ import annotations

import os

from carbonspec.diagnostics.model import DataError
from carbonspec.lang.spec import DataTable
from carbonspec.source import Span, as_written, from_folder

WILDCARDS = frozenset("*?[")


def locate(table: DataTable, root: str, allowed: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    """(name, path) of every file of a table, sorted by name; the name is as the spec would write it.

    Raises
    ------
    DataError: E401 when no file is there, E402 when a file lies outside the folders the spec may read.
    """
    if table.package:
        return (_packaged(table),)
    return tuple((name, safe_path(name, root, allowed, table.span)) for name in _names(table, root, allowed))


def safe_path(location: str, root: str, allowed: tuple[str, ...], span: Span) -> str:
    """The real path of a location, after checking that it may be read.

    `root` is the spec's folder. What was written in a spec that it extends may lie below that one's folder, and only
    that: the place says which file it was.
    """
    if "\0" in location:
        raise _missing(location, (), span)
    home, written = _home(root, span), as_written(span.source.folder, location)
    real = os.path.realpath(os.path.join(home, written))
    plain = not os.path.isabs(written) and ".." not in written.replace("\\", "/").split("/")
    folders = (home, *allowed) if plain else allowed
    if not any(below(real, os.path.realpath(folder)) for folder in folders):
        raise _outside(location, plain, span)
    if not os.path.isfile(real):
        raise _missing(location, neighbours(real), span)
    return real


def _home(root: str, span: Span) -> str:
    """The folder of the file that a place is in."""
    folder = span.source.folder
    return os.path.normpath(os.path.join(root, folder)) if folder else root


def neighbours(path: str) -> tuple[str, ...]:
    """Names of the files that lie in the folder of a path that does not exist."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        return ()
    return tuple(sorted(name for name in os.listdir(folder) if not name.startswith(".")))


def below(path: str, folder: str) -> bool:
    """Whether a real path is a real folder or lies in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _packaged(table: DataTable) -> tuple[str, str]:
    from carbonspec.engine.packages import find_set

    found = find_set(table.location)
    if found.path is None:
        from carbonspec.engine import problems

        raise DataError((problems.unknown_set(table.location, found.known, found.absent, table.span),))
    return table.location, found.path


def _names(table: DataTable, root: str, allowed: tuple[str, ...]) -> list[str]:
    folder = table.span.source.folder
    home, written = _home(root, table.span), as_written(folder, table.location)
    if not WILDCARDS & set(written):
        return [table.location]
    if "\0" in written:
        raise _missing(table.location, (), table.span)
    before = written
    for mark in WILDCARDS:
        before = before.split(mark)[0]
    start = os.path.join(home, os.path.dirname(before))
    outside = os.path.isabs(written) or ".." in written.replace("\\", "/").split("/")
    if outside and not any(below(os.path.realpath(start), os.path.realpath(folder)) for folder in allowed):
        raise _outside(table.location, False, table.span)
    import glob

    found = sorted(glob.glob(written, root_dir=home, recursive=True))
    files = [
        from_folder(folder, name.replace(os.sep, "/")) for name in found if os.path.isfile(os.path.join(home, name))
    ]
    if not files:
        raise _missing(table.location, (), table.span)
    return files


# The wording of errors is loaded only when there is one: `check` looks files up at every start.


def _missing(location: str, others: tuple[str, ...], span: Span) -> DataError:
    from carbonspec.engine import problems

    return DataError((problems.missing_file(location, others, span),))


def _outside(location: str, plain: bool, span: Span) -> DataError:
    from carbonspec.engine import problems

    return DataError((problems.outside_folder(location, plain, span),))
