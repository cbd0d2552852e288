"""How numbers moved, as sentences and as rows."""

from __future__ import annotations

from carbonspec.compare.movement import ColumnMove, ModelMove, Movement, TermMove, Value

ARROW = "→"


def title(move: ModelMove) -> str:
    """`Tables 5, 6 · benchmark`."""
    if not move.tables:
        return move.model
    return f"Table{'s' if len(move.tables) > 1 else ''} {', '.join(move.tables)} · {move.model}"


def column_name(move: ColumnMove) -> str:
    """`5`, `5 → 4`, `2, coastal = Inland`."""
    number = f"{move.before} {ARROW} {move.after}" if move.before != move.after else str(move.after)
    number = str(move.before or move.after) if 0 in (move.before, move.after) else number
    return f"{number}, {move.split}" if move.split else number


def shown_terms(move: ColumnMove) -> tuple[TermMove, ...]:
    """The coefficients to print: all that moved, the constant only where it is alone."""
    return tuple(term for term in move.terms if term.term != "Constant") or move.terms


def term_cells(move: TermMove) -> tuple[str, str, str, str]:
    """Estimate before and after with stars, standard error before and after; "—" where there is none."""
    one, other = move.before, move.after
    decimals = decimals_of([v for v in (one, other) if v is not None])
    cells = []
    for value in (one, other):
        cells.append("—" if value is None else f"{fixed(value.estimate, decimals)}{value.stars}")
    for value in (one, other):
        cells.append("—" if value is None else f"({fixed(value.std_error, decimals)})")
    return cells[0], cells[1], cells[2], cells[3]


def decimals_of(values: list[Value]) -> int:
    """Decimals that show three digits of the smallest standard error or estimate."""
    sizes = [abs(x) for v in values for x in (v.estimate, v.std_error) if x == x and x not in (0.0, float("inf"))]
    if not sizes:
        return 3
    from math import floor, log10

    return min(7, max(0, 2 - floor(log10(min(sizes)))))


def fixed(x: float, decimals: int) -> str:
    """A number with a printed minus; never "−0.00"."""
    if x != x:
        return "none"
    text = f"{x:.{decimals}f}"
    if text.startswith("-"):
        text = f"−{text[1:]}" if text.strip("-0.") else text[1:]
    return text


def verdict_texts(movement: Movement) -> list[str]:
    """`H1: supported → unsupported`."""
    return [f"{v.name}: {v.before or 'not there'} {ARROW} {v.after or 'not there'}" for v in movement.verdicts]


def unchanged_text(movement: Movement) -> str:
    """What stayed as it was."""
    if not movement.unchanged:
        return ""
    return f"{movement.unchanged} column{'s' if movement.unchanged > 1 else ''} of models unchanged"
