"""Did you mean …: the known word nearest to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def distance(a: str, b: str, limit: int) -> int:
    """How many single-character insertions, deletions, replacements and swaps of neighbours turn `a` into `b`.

    The optimal string alignment form of the Damerau-Levenshtein distance. `limit` + 1 when it is more than `limit`.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row = row, [i]
        for j, y in enumerate(b, 1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
        before = above
    return row[-1]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known word that `word` may be a slip of, or "". Of equally near ones, the first.

    A third of the letters may differ, at least one and at most three; other case costs nothing until words tie.
    """
    limit = min(3, max(1, len(word) // 3))
    best = ""
    nearest = (limit + 1, 0)
    low = word.lower()
    for candidate in known:
        if candidate == word:
            continue
        away = distance(low, candidate.lower(), limit)
        key = (away, sum(x != y for x, y in zip(word, candidate, strict=False)))
        if away <= limit and away < max(len(word), len(candidate)) and key < nearest:
            best, nearest = candidate, key
    return best
