"""Saying a fact once for all columns that share it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import TypeVar

from carbonspec.report.placement import Placed

T = TypeVar("T", bound=Hashable)


def shared(columns: Sequence[Placed], fact: Callable[[Placed], T]) -> list[tuple[T, list[Placed]]]:
    """The distinct values of a fact, in order of appearance, with the columns that have it."""
    found: dict[T, list[Placed]] = {}
    for column in columns:
        found.setdefault(fact(column), []).append(column)
    return list(found.items())


def where(some: Sequence[Placed], every: Sequence[Placed]) -> str:
    """ "columns 1–3, 5"; empty when it is every column."""
    if len(some) == len(every):
        return ""
    runs: list[list[int]] = []
    positions = {id(column): index for index, column in enumerate(every)}
    for column in some:
        at = positions[id(column)]
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    parts = []
    for run in runs:
        if len(run) > 2 and all(every[at].heading.startswith("(") for at in run):
            parts.append(f"{every[run[0]].name}–{every[run[-1]].name}")
        else:
            parts += [every[at].name for at in run]
    return f"column{'s' if len(some) > 1 else ''} {', '.join(parts)}"


def together(facts: Sequence[tuple[str, str]]) -> str:
    """One sentence from (columns, fact): "Pooled OLS [column 1]; fixed effects: firm (10) [columns 2–4]." """
    if not facts:
        return ""
    parts = [f"{fact} [{place}]" if place else fact for place, fact in facts]
    return f"{capital('; '.join(parts))}."


def prefixed(place: str, sentence: str) -> str:
    """ "Columns 1–3: …", or the sentence alone."""
    return f"{place[0].upper()}{place[1:]}: {sentence}" if place else sentence


def capital(text: str, names: Collection[str] = ()) -> str:
    """The text with a capital letter, unless it opens with a variable's name, which stays as it is.

    A name is one of `names`, a word with a sign in it that no English word has, or one with a colon behind it.
    """
    opening = text.partition(" ")[0]
    word = opening.rstrip(":,;")
    if word in names or opening.endswith(":") or not word.replace("-", "").isalpha():
        return text
    return f"{text[:1].upper()}{text[1:]}"


def spread(values: Iterable[float]) -> str:
    """The values of columns, in their order: "29" if all agree, "29, 18"; many, or counting up, "9 to 13"."""
    every = list(values)
    if len(set(every)) == 1:
        return f"{every[0]:g}"
    if len(every) > 8 or (len(every) > 2 and every == [every[0] + step for step in range(len(every))]):
        return f"{min(every):g} to {max(every):g}"
    return ", ".join(f"{value:g}" for value in every)


def listed(parts: Sequence[str]) -> str:
    """ "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
