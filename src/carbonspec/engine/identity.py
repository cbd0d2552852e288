"""Which code computes: part of every key, so that another version's results are never taken for this one's."""

from __future__ import annotations

import os

from carbonspec.sha256 import sha256


def engine_identity() -> str:
    """A key of the sizes and times of the files that compute or draw, also while they are being changed."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    states: list[str] = []
    for half in ("econometrics", "engine", os.path.join("report", "figures")):
        _collect(os.path.join(package, half), half, states)
    return str(sha256(";".join(states).encode()).hexdigest())


def _collect(folder: str, name: str, states: list[str]) -> None:
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith(".py"):
            state = entry.stat()
            states.append(f"{name}/{entry.name}:{state.st_size}:{state.st_mtime_ns}")
        elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
            _collect(entry.path, f"{name}/{entry.name}", states)
