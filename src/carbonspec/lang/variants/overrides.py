"""Mistakes that come of a variant and its base together, with both places shown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from carbonspec.diagnostics.model import ERROR, Diagnostic, Related
from carbonspec.lang import ast
from carbonspec.lang.variants.keys import head
from carbonspec.source import Span

_WORD = re.compile(r"`([^`\n]+)`|([^\W\d]\w*)")


def explained(diagnostics: Iterable[Diagnostic], file: ast.File) -> tuple[Diagnostic, ...]:
    """Diagnostics: to errors in which a replaced statement of the base plays a part, the other place is added.

    In a statement that replaces another: the one replaced. In a base, at a name that a variant replaces: what it
    replaces it with.
    """
    replaced = [change for change in file.changes if change.by is not None]
    if not replaced:
        return tuple(diagnostics)
    return tuple(_explained(diagnostic, replaced) for diagnostic in diagnostics)


def _explained(diagnostic: Diagnostic, replaced: list[ast.Change]) -> Diagnostic:
    span = diagnostic.span
    if span is None or diagnostic.severity != ERROR:
        return diagnostic
    more: list[Related] = []
    for change in replaced:
        assert change.by is not None
        if _holds(change.by.span, span):
            more.append(Related(head(change.old), "in place of this"))
        elif change.span.source.level < span.source.level and _named(change.old) in _words(span):
            more.append(Related(change.span, "replaced here"))
    known = {related.span for related in diagnostic.related}
    more = [related for related in more if related.span not in known]
    return diagnostic.replace(related=(*diagnostic.related, *more)) if more else diagnostic


def _holds(outer: Span, inner: Span) -> bool:
    return outer.source is inner.source and outer.start <= inner.start and inner.end <= outer.end


def _named(statement: ast.Statement) -> str:
    return statement.name.text if isinstance(statement.name, ast.Name) else ""


def _words(span: Span) -> set[str]:
    return {quoted or word for quoted, word in _WORD.findall(span.text)}
