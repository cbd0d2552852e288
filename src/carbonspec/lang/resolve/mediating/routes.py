"""The ways from treatment to outcome."""

from __future__ import annotations

from itertools import combinations

from carbonspec.lang.spec import Mediation


def routes(mediation: Mediation) -> tuple[tuple[str, ...], ...]:
    """The mediators that each way from treatment to outcome passes: of a chain every subset in order."""
    names = tuple(m.name for m in mediation.mediators)
    if mediation.kind == "parallel":
        return tuple((name,) for name in names)
    return tuple(through for size in range(1, len(names) + 1) for through in combinations(names, size))
