"""Diagnostics as a person reads them: the line, the exact place, the fix."""

from __future__ import annotations

from collections.abc import Iterable

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.source import NOWHERE, Span

WIDEST = 160
"""Longer source lines are cut around the place."""


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """A block for each diagnostic, an empty line after each."""
    return "".join(f"{_one(diagnostic)}\n\n" for diagnostic in diagnostics)


def _one(diagnostic: Diagnostic) -> str:
    lines = [f"{diagnostic.severity}[{diagnostic.code}]: {diagnostic.message}"]
    span = diagnostic.span
    placed = span is not None and span is not NOWHERE
    if span is not None and placed:
        numbers = [span.line, _last_line(span), *(related.span.line for related in diagnostic.related)]
        gutter = max(2, len(str(max(numbers))))
        line, column = span.source.position(span.start)
        lines.append(f"  --> {span.source.name}:{line}:{column}")
        lines += _excerpt(span, "^", "", gutter)
        for related in diagnostic.related:
            if related.span.source is not span.source:
                where, column = related.span.source.position(related.span.start)
                lines.append(f"  ::: {related.span.source.name}:{where}:{column}")
            lines += _excerpt(related.span, "-", related.message, gutter)
    lines += [f"   = {fact}" for fact in diagnostic.facts]
    lines += [f"   help: {help_}" for help_ in diagnostic.helps]
    return "\n".join(lines)


def _last_line(span: Span) -> int:
    return span.source.position(max(span.start, span.end - 1))[0]


def _excerpt(span: Span, mark: str, message: str, gutter: int) -> list[str]:
    """The lines of a span with the span underlined; of more than three lines the first and the last."""
    first, last = span.line, _last_line(span)
    numbers = list(range(first, last + 1))
    if len(numbers) > 3:
        numbers = [first, last]
    shown = []
    for number in numbers:
        if shown and number > first + 1 and len(numbers) == 2:
            shown.append(f"   {'':>{gutter}} …")
        text = span.source.line(number)
        begin = span.source.position(span.start)[1] - 1 if number == first else len(text) - len(text.lstrip())
        end = span.source.position(span.end)[1] - 1 if number == last else len(text.rstrip())
        if span.source.position(span.end)[0] > number:
            end = len(text.rstrip())
        text, begin, end = _window(text, begin, max(end, begin))
        marks = mark * max(1, width(text[begin:end]))
        tail = f" {message}" if message and number == numbers[-1] else ""
        shown.append(f"   {number:>{gutter}} | {visible(text)}".rstrip())
        shown.append(f"   {'':>{gutter}} | {' ' * width(text[:begin])}{marks}{tail}")
    return shown


def _window(text: str, begin: int, end: int) -> tuple[str, int, int]:
    """A long line cut to what surrounds the place."""
    if len(text) <= WIDEST:
        return text, begin, end
    low = max(0, begin - WIDEST // 2)
    high = min(len(text), low + WIDEST)
    head, tail = "…" if low else "", "…" if high < len(text) else ""
    return head + text[low:high] + tail, begin - low + len(head), min(end, high) - low + len(head)


def visible(text: str) -> str:
    """Control characters, which could move the cursor, as one space each."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def width(text: str) -> int:
    """Columns a text takes in a terminal: wide East Asian characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
