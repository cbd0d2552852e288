"""Two folders change names in one step, where the system can do that."""

from __future__ import annotations

import os
import sys


def exchange(one: str, other: str) -> bool:
    """Swap two paths at once, so that no moment has neither. False where the system or the disk cannot.

    Linux: renameat2 with RENAME_EXCHANGE; macOS: renamex_np with RENAME_SWAP.
    """
    import ctypes

    a, b = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
            return int(library.renameat2(here, a, here, b, swap)) == 0
        if sys.platform == "darwin":
            return int(library.renamex_np(a, b, 2)) == 0  # RENAME_SWAP
    except (OSError, AttributeError, TypeError):
        pass
    return False
