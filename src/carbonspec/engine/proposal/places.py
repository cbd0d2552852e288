"""Where the data lie, seen from the folder of the spec; several files of one form are one table."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass

from carbonspec.diagnostics.model import ERROR, DataError, Diagnostic
from carbonspec.engine.delimited import read_header
from carbonspec.engine.proposal.spelling import one_line

WILDCARDS = frozenset("*?[")


@dataclass(frozen=True)
class Place:
    """The files of one table, and the path or pattern that names them in the spec."""

    paths: tuple[str, ...]
    location: str


def places(arguments: Sequence[str], folder: str | None) -> tuple[tuple[Place, ...], str]:
    """The tables that the arguments name, and the folder of the spec.

    `folder` is where the spec will lie; without one it is the current folder when all data lie below it, else the
    folder that holds them all.

    Raises
    ------
    DataError: E401 no file fits a pattern, E621 data outside the spec's folder, or a path that a spec cannot write.
    """
    groups = [group for argument in arguments for group in _expanded(argument)]
    groups = _stacked(groups)
    real = [os.path.realpath(path) for paths, _ in groups for path in paths]
    root = os.path.realpath(folder if folder is not None else os.curdir)
    if folder is None and not all(_below(path, root) for path in real):
        root = os.path.commonpath([os.path.dirname(path) for path in real])
    outside = [path for path in real if not _below(path, root)]
    if outside:
        raise DataError((_outside(outside[0], folder or root, real),))
    found = []
    for paths, pattern in groups:
        location = _relative(pattern, root) if pattern else glob.escape(_relative(paths[0], root))
        if one_line(location) != location:
            message = f"the path `{one_line(paths[0])}` has signs that a spec cannot write"
            raise DataError((Diagnostic("E621", ERROR, message, None, ("rename the file or its folder",)),))
        found.append(Place(tuple(paths), location))
    return tuple(found), root


Group = tuple[list[str], str]


def _expanded(argument: str) -> list[Group]:
    """The files of an argument, and its pattern when it is one that the shell left alone."""
    if os.path.exists(argument) or not WILDCARDS & set(argument):
        return [([argument], "")]
    paths = sorted(path for path in glob.glob(argument, recursive=True) if os.path.isfile(path))
    if not paths:
        raise DataError((Diagnostic("E401", ERROR, f"no file matches `{argument}`"),))
    return [(paths, argument)]


def _stacked(groups: list[Group]) -> list[Group]:
    """Files of one folder and one header, which a pattern names and nothing else, as one table."""
    made: list[Group] = []
    for paths, pattern in groups:
        last = made[-1] if made else ([], "")
        alike = (
            not pattern
            and last[0]
            and os.path.dirname(paths[0]) == os.path.dirname(last[0][0])
            and _form(paths[0]) is not None
            and _form(paths[0]) == _form(last[0][0])
        )
        together = [*last[0], *paths]
        if alike and len(set(together)) == len(together):
            made[-1] = (together, "?")
        else:
            made.append((list(paths), pattern))
    return [one for group in made for one in _with_pattern(group)]


def _with_pattern(group: Group) -> list[Group]:
    paths, pattern = group
    if pattern != "?":
        return [group]
    names = [os.path.basename(path) for path in paths]
    start = common_start(names)
    end = common_start([name[::-1] for name in names])[::-1]
    end = end[max(len(end) - (min(map(len, names)) - len(start)), 0) :]
    pattern = os.path.join(glob.escape(os.path.dirname(paths[0])), f"{glob.escape(start)}*{glob.escape(end)}")
    if sorted(glob.glob(pattern)) == sorted(paths):
        return [(sorted(paths), pattern)]
    return [([path], "") for path in paths]


def common_start(texts: Sequence[str]) -> str:
    """The letters that all texts begin with."""
    low, high = min(texts), max(texts)
    return low[: next((i for i, sign in enumerate(low) if high[i : i + 1] != sign), len(low))]


def _form(path: str) -> tuple[str, tuple[str, ...]] | None:
    """The kind and the header of a file, None where the header is not cheap to read."""
    kind = path.lower().rpartition(".")[2]
    if kind in ("csv", "tsv", "txt"):
        names = read_header(path, None, kind == "tsv")
        return None if names is None else (kind, names)
    if kind == "parquet":
        from pyarrow import parquet

        try:
            return kind, tuple(parquet.read_schema(path).names)
        except Exception:  # whatever is wrong is said when the file is read
            return None
    return None


def _below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def _relative(path: str, root: str) -> str:
    """A path as the spec writes it; a pattern's last part stays as it is."""
    real = os.path.realpath(path)
    if not os.path.exists(path):
        real = os.path.join(os.path.realpath(os.path.dirname(path) or os.curdir), os.path.basename(path))
    relative = os.path.relpath(real, root).replace(os.sep, "/")
    return f"./{relative}" if relative.startswith("~") or relative[1:2] == ":" else relative


def _outside(path: str, folder: str, paths: Sequence[str]) -> Diagnostic:
    shown = os.path.relpath(path)
    beside = os.path.relpath(os.path.commonpath([os.path.dirname(one) for one in paths]))
    helps = (f"write it beside the data: `-o {beside}{os.sep}`", f"or put the data below `{os.path.relpath(folder)}`")
    message = f"`{shown}` does not lie below the spec's folder `{os.path.relpath(folder)}`, and a spec reads only there"
    return Diagnostic("E621", ERROR, message, None, helps)
