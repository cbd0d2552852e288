"""One file written whole or not at all."""

from __future__ import annotations

import itertools
import os
import time

UNFINISHED = ".carbonspec-new-"
"""What the names of files and folders begin with while they are being written."""

ABANDONED = 3600.0
"""Seconds after which something unfinished belongs to no process that still lives."""

_numbers = itertools.count(1)


def replace_file(path: str, content: bytes) -> None:
    """Write or replace a file: a reader sees the old content or the new one. A replaced file keeps its permissions.

    Raises OSError when that is impossible; the old file is then as it was, and nothing else is left behind.
    """
    path = os.path.realpath(path)
    unfinished, handle = _opened(os.path.dirname(path))
    try:
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(handle, rest) :]
            if os.path.exists(path):
                os.chmod(unfinished, os.stat(path).st_mode & 0o7777)
        finally:
            os.close(handle)
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise


def _opened(folder: str) -> tuple[str, int]:
    """A new file in a folder, its path and handle. Its name is this process's alone."""
    while True:
        path = os.path.join(folder, f"{UNFINISHED}{os.getpid()}-{next(_numbers)}")
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except FileExistsError:
            continue


def abandoned(entry: os.DirEntry[str]) -> bool:
    """Whether a folder's entry is what a killed process left unfinished."""
    try:
        return entry.name.startswith(UNFINISHED) and time.time() - entry.stat().st_mtime > ABANDONED
    except OSError:
        return False
