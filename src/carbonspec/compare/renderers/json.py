"""Changes as JSON, for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

from carbonspec.compare.changes import Changes
from carbonspec.compare.movement import Movement
from carbonspec.compare.renderers.terminal import summary
from carbonspec.record import Record

FORMAT = 1
"""Version of the layout; it goes up when a key changes its meaning."""


def render_all(found: Iterable[tuple[Changes, Movement | None]]) -> str:
    """An object with one entry a spec; numbers that do not exist are null."""
    specs = []
    for changes, movement in found:
        entry = _plain(changes) | {"summary": summary(changes)}
        if movement is not None:
            entry["results"] = _plain(movement)
        specs.append(entry)
    return json.dumps({"format": FORMAT, "specs": specs}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return {name: _plain(item) for name, item in value.__dict__.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
