"""Diagnostics as a person reads them: the line, the exact place, the fix."""

from __future__ import annotations

from collections.abc import Iterable

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.record import Record
from carbonspec.source import NOWHERE, Span

WIDEST = 160
"""Longer source lines are cut around the place."""
LINES = 3
"""Of a longer stretch the first and the last line are shown."""


class Mark(Record):
    """A place to underline: with `^` where the mistake is, with `-` and a message where something else explains it."""

    span: Span
    sign: str
    message: str = ""


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """A block for each diagnostic, an empty line after each."""
    return "".join(f"{_one(diagnostic)}\n\n" for diagnostic in diagnostics)


def _one(diagnostic: Diagnostic) -> str:
    lines = [f"{diagnostic.severity}[{diagnostic.code}]: {diagnostic.message}"]
    span = diagnostic.span
    if span is not None and span is not NOWHERE:
        line, column = span.source.position(span.start)
        lines.append(f"  --> {span.source.name}:{line}:{column}")
        marks = [Mark(span, "^"), *(Mark(r.span, "-", r.message) for r in diagnostic.related)]
        gutter = max(2, len(str(max(_last_line(mark.span) for mark in marks))))
        here = [mark for mark in marks if mark.span.source is span.source]
        lines += _excerpts(here, gutter)
        for mark in marks:
            if mark.span.source is not span.source:
                where, column = mark.span.source.position(mark.span.start)
                lines.append(f"  ::: {mark.span.source.name}:{where}:{column}")
                lines += _excerpts([mark], gutter)
    lines += [f"   = {fact}" for fact in diagnostic.facts]
    lines += [f"   help: {help_}" for help_ in diagnostic.helps]
    return "\n".join(lines)


def _last_line(span: Span) -> int:
    return span.source.position(max(span.start, span.end - 1))[0]


def _excerpts(marks: list[Mark], gutter: int) -> list[str]:
    """The marked lines in the order of the file; two places on one line share it."""
    shown: list[str] = []
    marks = sorted(marks, key=lambda mark: mark.span.start)
    while marks:
        mark = marks.pop(0)
        if marks and mark.span.line == _last_line(mark.span) == marks[0].span.line == _last_line(marks[0].span):
            other = marks.pop(0)
            if mark.span.end <= other.span.start and len(mark.span.source.line(mark.span.line)) <= WIDEST:
                shown += _together(mark, other, gutter)
                continue
            marks.insert(0, other)
        shown += _alone(mark, gutter)
    return shown


def _together(left: Mark, right: Mark, gutter: int) -> list[str]:
    """Two places on one line, the message of the explaining one below it."""
    source, number = left.span.source, left.span.line
    text = source.line(number)
    start = source.offset(number)
    pieces = (
        " " * width(text[: left.span.start - start]),
        left.sign * _length(left.span),
        " " * width(text[left.span.end - start : right.span.start - start]),
        right.sign * _length(right.span),
    )
    lines = [f"   {number:>{gutter}} | {visible(text)}".rstrip()]
    if right.message:
        return [*lines, f"   {'':>{gutter}} | {''.join(pieces)} {right.message}"]
    lines.append(f"   {'':>{gutter}} | {''.join(pieces)}")
    if left.message:
        lines.append(f"   {'':>{gutter}} | {pieces[0]}{left.message}")
    return lines


def _length(span: Span) -> int:
    return max(1, width(span.text))


def _alone(mark: Mark, gutter: int) -> list[str]:
    """The lines of one place, underlined."""
    span = mark.span
    first, last = span.line, _last_line(span)
    numbers = list(range(first, last + 1)) if last - first < LINES else [first, last]
    shown: list[str] = []
    for number in numbers:
        if number - 1 > first and len(numbers) == 2:
            shown.append(f"   {'':>{gutter}} …")
        text = span.source.line(number)
        begin = span.source.position(span.start)[1] - 1 if number == first else len(text) - len(text.lstrip())
        whole = span.source.position(span.end)[0] > number
        end = len(text.rstrip()) if whole else span.source.position(span.end)[1] - 1
        text, begin, end = _window(text, begin, max(end, begin))
        signs = mark.sign * max(1, width(text[begin:end]))
        tail = f" {mark.message}" if mark.message and number == numbers[-1] else ""
        shown.append(f"   {number:>{gutter}} | {visible(text)}".rstrip())
        shown.append(f"   {'':>{gutter}} | {' ' * width(text[:begin])}{signs}{tail}")
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
