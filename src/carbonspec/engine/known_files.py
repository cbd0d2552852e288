"""Contents of large files, remembered: hashing gigabytes at every start would take longer than the rest of a warm run.

A file counts as the one that was hashed while its place, number, size, time of writing and time of change (`ctime`)
are the same. The last cannot be set by programs: any write, also one that puts the old size and date back, changes it.
A file that was changed less than two seconds before it was hashed is not remembered, since a clock may be that coarse.
On Windows, where `ctime` is another thing, nothing is remembered.
"""

from __future__ import annotations

import os
import time

from carbonspec.engine.wholefile import replace_file

NAME = "files.json"
COARSEST = 2.0
"""Seconds within which two writes may bear the same time."""


class KnownFiles:
    """What is known of large files, kept in the folder of stored results."""

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, NAME)
        self._known: dict[str, list[object]] | None = None
        self._new = False

    def get(self, path: str, state: os.stat_result) -> str:
        """The SHA-256 (hex) of a file in a state; "" when it is not known."""
        entry = self._entries().get(path)
        return str(entry[-1]) if entry is not None and entry[:-1] == _marks(state) else ""

    def put(self, path: str, before: os.stat_result, after: os.stat_result, sha: str) -> None:
        """Remember a file, given its states before and after it was hashed."""
        settled = time.time() - max(after.st_mtime, after.st_ctime) > COARSEST
        if os.name != "nt" and settled and _marks(before) == _marks(after):
            self._entries()[path] = [*_marks(after), sha]
            self._new = True

    def save(self) -> None:
        """Keep what is new, where there is a store already; that costs time, not results, when it is impossible."""
        if not self._new or not os.path.isdir(os.path.dirname(self._path)):
            return
        import json

        present = {path: entry for path, entry in self._entries().items() if os.path.exists(path)}
        try:
            replace_file(self._path, json.dumps(present, ensure_ascii=False).encode("utf-8", "surrogateescape"))
        except OSError:
            return

    def _entries(self) -> dict[str, list[object]]:
        if self._known is None:
            self._known = _read(self._path)
        return self._known


def _marks(state: os.stat_result) -> list[object]:
    return [state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns]


def _read(path: str) -> dict[str, list[object]]:
    import json

    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            content = json.load(stream)
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {
        name: entry
        for name, entry in content.items()
        if isinstance(entry, list) and len(entry) == 6 and isinstance(entry[-1], str) and len(entry[-1]) == 64
    }
