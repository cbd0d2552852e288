"""Which code computes: part of every key, so that another version's results are never taken for this one's."""

from __future__ import annotations

import os

from carbonspec.sha256 import sha256


def engine_identity() -> str:
    """A key of the sizes and times of the files that compute or draw, also while they are being changed."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    states = []
    for half in ("econometrics", "engine", os.path.join("report", "figures")):
        for folder, below, names in os.walk(os.path.join(package, half)):
            below[:] = sorted(name for name in below if name != "__pycache__")
            for name in sorted(names):
                if name.endswith(".py"):
                    state = os.stat(os.path.join(folder, name))
                    states.append(f"{folder[len(package) :]}/{name}:{state.st_size}:{state.st_mtime_ns}")
    return str(sha256(";".join(states).encode()).hexdigest())
