"""Diagnostics one a line, as editors and `grep` want them."""

from __future__ import annotations

from collections.abc import Iterable

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.source import NOWHERE


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """`file:line:column: severity[code] message (help)`."""
    return "".join(f"{_one(diagnostic)}\n" for diagnostic in diagnostics)


def _one(diagnostic: Diagnostic) -> str:
    place = ""
    span = diagnostic.span
    if span is not None and span is not NOWHERE:
        line, column = span.source.position(span.start)
        place = f"{span.source.name}:{line}:{column}: "
    help_ = f" ({'; '.join(diagnostic.helps)})" if diagnostic.helps else ""
    return f"{place}{diagnostic.severity}[{diagnostic.code}] {diagnostic.message}{help_}".replace("\n", " ")
