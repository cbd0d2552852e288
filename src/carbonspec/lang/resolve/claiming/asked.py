"""A quantity that the person at the keyboard names: `benchmark[last].Open`, read as an `expect` line would read it."""

from __future__ import annotations

from carbonspec.diagnostics.model import Checked, Diagnostic
from carbonspec.lang import ast
from carbonspec.lang.parse import parse
from carbonspec.lang.resolve.study import resolve
from carbonspec.lang.spec import Quantity
from carbonspec.signature import Catalogue
from carbonspec.source import Source, Span

BEFORE = "expect "


def asked(text: str, file: ast.File, catalogue: Catalogue, said: str) -> Checked[Quantity | None]:
    """What `text` means in a file that is sound; None with the errors found. `said` is where it was written."""
    line = Source(said, f"{BEFORE}{text} = 0")
    parsed = parse(line)
    found: tuple[Diagnostic, ...] = parsed.diagnostics
    quantity = None
    if parsed.ok:
        whole = file.replace(statements=(*file.statements, *parsed.value.statements))
        resolved = resolve(whole, catalogue, {}, outside=True)
        found = tuple(d for d in resolved.diagnostics if d.span is not None and d.span.source is line)
        made = next((e for e in resolved.value.expectations if e.span.source is line), None)
        quantity = made.quantity if made is not None and isinstance(made.quantity, Quantity) else None
    return Checked(quantity, tuple(_moved(d, Source(said, text)) for d in found))


def _moved(diagnostic: Diagnostic, source: Source) -> Diagnostic:
    """A diagnostic on the text alone, without what was put around it."""
    span = diagnostic.span
    if span is None:
        return diagnostic
    start, end = (min(max(at - len(BEFORE), 0), len(source.text)) for at in (span.start, span.end))
    return diagnostic.replace(span=Span(source, start, max(end, start)), related=())
