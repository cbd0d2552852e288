"""A report and its tables as Markdown (pipe tables, as GitHub and pandoc read them)."""

from __future__ import annotations

import re

from carbonspec.report.document import DECIMAL, ESTIMATE, NUMBER, Cell, Document, Figure, Paragraph, Table
from carbonspec.report.renderers.wording import verdict_text

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&!$])")


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def render(document: Document) -> str:
    """The whole report."""
    parts = [f"# {escape(document.title)}"]
    if document.subtitle:
        parts.append(escape(document.subtitle))
    if document.stamp:
        parts.append(f"> **{escape(document.stamp)}**: {escape(document.simulated)}")
    for section in document.sections:
        parts.append(f"## {escape(section.title)}")
        for block in section.blocks:
            if isinstance(block, Paragraph):
                parts.append(escape(block.text))
            elif isinstance(block, Figure):
                parts.append(render_figure(block).rstrip("\n"))
            elif not block.folded:
                parts.append(render_table(block).rstrip("\n"))
    parts.append(f"---\n\n{escape(document.footer)}")
    return "\n\n".join(parts) + "\n"


def render_figure(figure: Figure) -> str:
    """The picture's file, its title and note."""
    stamp = f" — {escape(figure.stamp)}" if figure.stamp else ""
    lines = [f"**{escape(figure.title)}**{stamp}", ""]
    if "png" in figure.names:
        lines.append(f"![{escape(figure.alternative)}]({figure.names['png']})")
    else:
        lines.append(f"*failed: {escape(figure.failure)}*")
    if figure.notes:
        lines += ["", f"*Note.* {' '.join(escape(note) for note in figure.notes)}"]
    return "\n".join(lines) + "\n"


def render_table(table: Table) -> str:
    """Title, pipe table, notes. Header spans stand in rows of their own, in bold."""
    stamp = f" — {escape(table.stamp)}" if table.stamp else ""
    lines = [f"**{escape(table.title)}**{stamp}", ""] if table.title else []
    headings = [escape(table.stub), *(escape(column.heading) for column in table.columns)]
    lines.append(_line([cell or " " for cell in headings]))
    lines.append("|" + "|".join([":---", *("---:" if c.align == DECIMAL else ":---" for c in table.columns)]) + "|")
    for spans in table.spans:
        cells = [""] * len(table.columns)
        for span in spans:
            everywhere = span.end - span.start == len(table.columns)
            for index in range(span.start, span.start + 1 if everywhere else span.end):
                cells[index] = f"**{escape(span.text)}**"
        lines.append(_line(["", *cells]))
    for group in table.groups:
        for row in group:
            lines.append(_line([escape(row.label), *(_cell(cell) for cell in row.cells)]))
            if any(cell.below for cell in row.cells):
                lines.append(_line(["", *(escape(cell.below) for cell in row.cells)]))
    if table.notes:
        lines += ["", f"*Note.* {' '.join(escape(note) for note in table.notes)}"]
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(cell: Cell) -> str:
    if cell.kind == "code" and cell.text:
        return _code(cell.text)
    if cell.kind == "verdict":
        return f"**{escape(verdict_text(cell.text))}**"
    if cell.kind in (ESTIMATE, NUMBER):
        return escape(cell.text + cell.stars)
    return escape(cell.text)


def _code(text: str) -> str:
    """Code in a cell; as plain text where it holds what a code span in a table cannot."""
    return escape(text) if set("`|\\\n") & set(text) else f"`{text}`"
