"""What a command's exit status says."""

from __future__ import annotations

FINE = 0
FAILED = 1  # it ran, but an expect or a task failed
WRONG_SPEC = 2
WRONG_DATA = 3
USAGE = 4
BROKEN = 70  # a mistake of carbonspec
INTERRUPTED = 130
