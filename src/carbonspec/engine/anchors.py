"""Diagnostics of an earlier run, put back on the line they speak of."""

from __future__ import annotations

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.report.run import Anchored
from carbonspec.source import NOWHERE, Source, Span


def anchor(diagnostic: Diagnostic) -> Anchored:
    """A diagnostic without its source, but with the text of its line."""
    span = diagnostic.span
    if span is None or span is NOWHERE:
        text, line, column, length = "", 0, 0, 0
    else:
        line, column = span.source.position(span.start)
        text, length = span.source.line(line), span.end - span.start
    return Anchored(
        diagnostic.code,
        diagnostic.severity,
        diagnostic.message,
        diagnostic.helps,
        diagnostic.facts,
        text,
        line,
        column,
        length,
    )


def restore(kept: Anchored, sources: tuple[Source, ...]) -> Diagnostic:
    """The diagnostic at the nearest line with the same text; without a place when that line is gone.

    `sources` are the files of the spec: of equally near lines, the first file's counts.
    """
    lines = [
        (source, n)
        for source in sources
        for n in range(1, source.line_count + 1)
        if kept.line and source.line(n) == kept.line_text
    ]
    span = None
    if lines:
        source, line = min(lines, key=lambda found: abs(found[1] - kept.line))
        start = source.offset(line, kept.column)
        span = Span(source, start, start + kept.length)
    return Diagnostic(kept.code, kept.severity, kept.message, span, kept.helps, (), kept.facts)
