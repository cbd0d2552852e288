"""SHA-256 of a table's files, without reading them as tables."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from carbonspec.diagnostics.model import DataError
from carbonspec.engine.paths import locate
from carbonspec.lang.spec import DataTable
from carbonspec.sha256 import sha256

if TYPE_CHECKING:
    from carbonspec.engine.known_files import KnownFiles

SMALL = 1 << 21
"""Bytes from which OpenSSL's speed is worth loading it."""


def digest(
    table: DataTable, root: str, allowed: tuple[str, ...] = (), known: KnownFiles | None = None
) -> tuple[tuple[str, str], ...]:
    """(name, SHA-256 in hex) of each file of a table, in order; empty where a file is missing or out of bounds."""
    try:
        return tuple((name, file_digest(path, known)) for name, path in locate(table, root, allowed))
    except (DataError, OSError):
        return ()


def file_digest(path: str, known: KnownFiles | None = None) -> str:
    """SHA-256 (hex) of a file's bytes; of a large one from what is `known`, as long as it was not touched since."""
    with open(path, "rb") as stream:
        state = os.fstat(stream.fileno())
        if state.st_size <= SMALL:
            return str(sha256(stream.read()).hexdigest())
        remembered = known.get(path, state) if known is not None else ""
        if remembered:
            return remembered
        import hashlib

        found = hashlib.file_digest(stream, "sha256").hexdigest()
        if known is not None:
            known.put(path, state, os.fstat(stream.fileno()), found)
        return found


def frame_digest(frame: Any) -> str:
    """SHA-256 (hex) of a data frame that was handed over: its column names and its cells."""
    import pandas as pd

    if not hasattr(frame, "iloc") and hasattr(frame, "to_pandas"):
        frame = frame.to_pandas()
    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    names = "\x1f".join(str(name) for name in frame.columns)
    return str(sha256(names.encode() + rows.tobytes()).hexdigest())
