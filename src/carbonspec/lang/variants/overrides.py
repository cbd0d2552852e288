"""Mistakes that come of a variant and its base together, with both places shown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from carbonspec.diagnostics.model import ERROR, Diagnostic, Related
from carbonspec.lang import ast
from carbonspec.lang.variants.keys import ONE, head
from carbonspec.lang.variants.mentions import reached_from
from carbonspec.source import Span

REPLACED = "replaced here"
_WORD = re.compile(r"`([^`\n]+)`|([^\W\d]\w*)")


def explained(diagnostics: Iterable[Diagnostic], file: ast.File) -> tuple[Diagnostic, ...]:
    """Diagnostics: to errors in which a replaced statement of the base plays a part, the other place is added.

    In a statement that replaces another: the one replaced. In a base, where it speaks of what a variant replaces, or
    rests on it: what that is replaced with.
    """
    replaced = [change for change in file.changes if change.by is not None]
    if not replaced:
        return tuple(diagnostics)
    return tuple(_explained(diagnostic, replaced, file) for diagnostic in diagnostics)


def _explained(diagnostic: Diagnostic, replaced: list[ast.Change], file: ast.File) -> Diagnostic:
    span = diagnostic.span
    if span is None or diagnostic.severity != ERROR:
        return diagnostic
    more: list[Related] = []
    for change in replaced:
        assert change.by is not None
        if change.by.span.holds(span):
            more.append(
                Related(head(change.old), "on top of this" if change.old.keyword in ONE else "in place of this")
            )
        elif change.span.source.level < span.source.level and _named(change.old) in _words(span):
            more.append(Related(change.span, REPLACED))
    if not more and not diagnostic.related and span.source.level:
        more = _behind(span, replaced, file)
    known = {related.span for related in diagnostic.related}
    more = [related for related in more if related.span not in known]
    return diagnostic.replace(related=(*diagnostic.related, *more)) if more else diagnostic


def _behind(span: Span, replaced: list[ast.Change], file: ast.File) -> list[Related]:
    """The nearest replaced statement that a statement of the base rests on, itself or through others."""
    places = {_named(change.old): change.span for change in replaced if change.span.source.level < span.source.level}
    for statement in file.statements:
        if statement.span.holds(span):
            names = [name for name in reached_from(statement, file) if name in places]
            return [Related(places[name], REPLACED) for name in names[:1]]
    return []


def _named(statement: ast.Statement) -> str:
    return statement.name.text if isinstance(statement.name, ast.Name) else ""


def _words(span: Span) -> set[str]:
    return {quoted or word for quoted, word in _WORD.findall(span.text)}
