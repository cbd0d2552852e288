"""What executing a plan gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Results:
    """What executing a plan gave, by task name: CheckReport, tuples of ModelColumn, Description, or a Failure."""

    values: dict[str, Any]
    run: int
    reused: int
