"""The Grunfeld panel as specs, whole and with holes at the ends of two units (GRUN and GRUN-U of the methods)."""

from __future__ import annotations

from pathlib import Path

import carbonspec as cs

WHOLE = """data firms from package("statsmodels:grunfeld")
  where firm != "American Steel"

panel firms
  id firm
  time year

var large = firm in ("General Motors", "US Steel", "General Electric", "Chrysler", "Atlantic Refining")

model pooled: invest ~ value + capital
model m: invest ~ value + capital | fe(id)
model t: invest ~ value + capital | fe(id, year)
model small: m split large
model small_t: t split large
"""
UNBALANCED = WHOLE.replace(
    '  where firm != "American Steel"',
    '  where firm != "American Steel" and not (firm == "General Motors" and year < 1940)'
    ' and not (firm == "General Electric" and year > 1948)',
)


def run(folder: Path, lines: str, panel: str = WHOLE, **options: object) -> cs.api.Any:
    """The run of the panel with some further lines."""
    path = folder / "g.cspec"
    path.write_text(panel + lines + "\n", encoding="utf-8")
    return cs.run(path, out=folder / "out", **options).run


def rows(found: cs.api.Any, /, **keys: str) -> dict[str, cs.api.Any]:
    """The rows of a test by their statistic's name in brackets, of those with some keys."""
    pairs = zip(found.rows, found.keys, strict=True)
    return {k["statistic"]: row for row, k in pairs if all(k.get(key) == value for key, value in keys.items())}
