"""Results kept between runs, by content key: shared by all specs of an output folder, and by runs at the same time."""

from __future__ import annotations

import os

from carbonspec.diagnostics.model import NOTE, Diagnostic
from carbonspec.engine.wholefile import UNFINISHED, abandoned, replace_file
from carbonspec.planner.task import DAMAGED, MISSING, STORED
from carbonspec.record import Record
from carbonspec.sha256 import sha256

LIMIT = 1 << 30
"""Bytes a store may take where nobody said otherwise."""

ROOM = 0.9
"""The share of the limit that is left once the least recently used results have gone."""

LIMIT_FILE = "limit"
ENDING = ".json"
LAST = "last"
"""The folder below a store in which lies what the last run of each spec did."""


class Entry(Record):
    """One stored result: its key, where it lies, its size in bytes, when it was last used (seconds since 1970)."""

    key: str
    path: str
    size: int
    used: float


class Store:
    """A folder of results, each in a file that carries its own hash and is written whole.

    `damaged` are keys whose entries were found truncated, altered or unreadable: they count as missing. `trouble` says
    why results cannot be kept (disk full, folder read-only), "" as long as they can: that costs time, never results.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.damaged: set[str] = set()
        self.trouble = ""
        self._used: set[str] = set()
        self._grown = False

    def get(self, key: str) -> str | None:
        """The text stored under a key; None when there is none or it is damaged."""
        path = self._path(key)
        try:
            with open(path, "rb") as stream:
                content = stream.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            content = b""
        text = _checked(content)
        if text is None:
            self.damaged.add(key)
            return None
        self._used.add(key)
        _touched(path)
        return text

    def reject(self, key: str) -> None:
        """Take an entry for damaged: its bytes are whole, but they are no result."""
        self._used.discard(key)
        self.damaged.add(key)

    def put(self, key: str, text: str) -> None:
        """Keep a text. Two runs may do so at once: the last one wins, both wrote the same."""
        if self.trouble:
            return
        body = text.encode()
        content = sha256(body).hexdigest().encode() + b"\n" + body
        try:
            self._write(self._path(key), content)
        except OSError as problem:
            self.trouble = problem.strerror or str(problem)
            return
        self._used.add(key)
        self._grown = True

    def _write(self, path: str, content: bytes) -> None:
        folder = os.path.dirname(path)
        os.makedirs(folder, exist_ok=True)
        try:
            replace_file(path, content)
        except FileNotFoundError:  # another process cleared the store in between
            os.makedirs(folder, exist_ok=True)
            replace_file(path, content)

    def tidy(self) -> None:
        """Remove what killed runs left, and the results used longest ago while the store is above its limit.

        What this run used stays. Nothing was added, nothing is done.
        """
        if not self._grown:
            return
        self._sweep()
        entries = self.entries()
        total, limit = sum(entry.size for entry in entries), self.limit
        if total <= limit:
            return
        for entry in sorted(entries, key=lambda entry: entry.used):
            if entry.key not in self._used and _removed(entry.path):
                total -= entry.size
                if total <= ROOM * limit:
                    return

    def clear(self) -> int:
        """Remove all results, and what is known of past runs; returns how many results that were.

        A run at the same time computes what it misses.
        """
        self._sweep(older=False)
        for entry in _listed(os.path.join(self.folder, LAST)):
            _removed(entry.path)
        return sum(_removed(entry.path) for entry in self.entries())

    def entries(self) -> tuple[Entry, ...]:
        """Everything stored."""
        found = []
        for folder in self._folders():
            for file in _listed(folder):
                if file.name.endswith(ENDING):
                    try:
                        state = file.stat()
                    except OSError:  # another process removed it
                        continue
                    found.append(Entry(file.name.removesuffix(ENDING), file.path, state.st_size, state.st_mtime))
        return tuple(found)

    def remarks(self) -> tuple[Diagnostic, ...]:
        """What the person at the keyboard should know of it."""
        found = []
        if self.damaged:
            many = len(self.damaged)
            message = f"{many} stored result{'s were' if many > 1 else ' was'} damaged and computed anew"
            found.append(Diagnostic("N611", NOTE, message))
        if self.trouble:
            place = os.path.relpath(self.folder)
            message = f"results cannot be kept in `{place}` ({self.trouble}): the next run computes them again"
            found.append(Diagnostic("N612", NOTE, message, None, ("choose another folder with --out",)))
        return tuple(found)

    def state(self, key: str) -> str:
        """STORED, DAMAGED or MISSING, without counting as a use."""
        try:
            with open(self._path(key), "rb") as stream:
                return DAMAGED if _checked(stream.read()) is None else STORED
        except (FileNotFoundError, NotADirectoryError):
            return MISSING
        except OSError:
            return DAMAGED

    @property
    def limit(self) -> int:
        """Bytes the store may take."""
        try:
            with open(os.path.join(self.folder, LIMIT_FILE), encoding="ascii") as stream:
                return max(int(stream.read(20)), 0)
        except (OSError, ValueError):
            return LIMIT

    @limit.setter
    def limit(self, size: int) -> None:
        os.makedirs(self.folder, exist_ok=True)
        replace_file(os.path.join(self.folder, LIMIT_FILE), f"{size}\n".encode())
        self._grown = True

    def _folders(self) -> list[str]:
        return [entry.path for entry in _listed(self.folder) if len(entry.name) == 2 and entry.is_dir()]

    def _sweep(self, *, older: bool = True) -> None:
        """Remove unfinished entries; `older` spares those that a living run may be writing."""
        for folder in (self.folder, *self._folders()):
            for entry in _listed(folder):
                if abandoned(entry) or (not older and entry.name.startswith(UNFINISHED)):
                    _removed(entry.path)

    def _path(self, key: str) -> str:
        return os.path.join(self.folder, key[:2], key + ENDING)


def _checked(content: bytes) -> str | None:
    """The text of an entry; None when it is not what was written."""
    digest, _, body = content.partition(b"\n")
    if not digest or sha256(body).hexdigest().encode() != digest:
        return None
    return body.decode()


def _listed(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _touched(path: str) -> None:
    """Note the use of an entry. A read-only store cannot; nothing will be removed there either."""
    try:
        os.utime(path)
    except OSError:
        return


def _removed(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True
