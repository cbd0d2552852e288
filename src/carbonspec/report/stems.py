"""Names of files for numbered tables and figures."""

from __future__ import annotations

import re


def file_stem(number: str, used: set[str], kind: str = "table") -> str:
    """ "5" → table_05, "A1" → table_A1; a number is added where two would share a name."""
    safe = re.sub(r"[^\w-]", "_", number).strip("_")[:60] or "x"
    stem = f"{kind}_{safe.zfill(2)}" if safe.isdigit() else f"{kind}_{safe}"
    found, count = stem, 1
    while found.lower() in used:
        count += 1
        found = f"{stem}_{count}"
    used.add(found.lower())
    return found
