"""Diagnostics for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from carbonspec.diagnostics.model import Diagnostic
from carbonspec.source import NOWHERE, Span


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON array; lines and columns count from 1, ends are exclusive; a diagnostic without a place has null."""
    from json import dumps

    return dumps([_one(diagnostic) for diagnostic in diagnostics], ensure_ascii=False, indent=2) + "\n"


def _one(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "place": _place(diagnostic.span),
        "help": list(diagnostic.helps),
        "related": [{"message": r.message, "place": _place(r.span)} for r in diagnostic.related],
        "facts": list(diagnostic.facts),
    }


def _place(span: Span | None) -> dict[str, Any] | None:
    if span is None or span is NOWHERE:
        return None
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {"file": span.source.name, "line": line, "column": column, "end_line": end_line, "end_column": end_column}
