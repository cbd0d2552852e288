"""The report as one HTML page without any outside resource; light and dark, and fit to print."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from carbonspec.report.document import (
    DECIMAL,
    ESTIMATE,
    NUMBER,
    Block,
    Cell,
    Document,
    Figure,
    Paragraph,
    Row,
    Section,
    Table,
)
from carbonspec.report.figures.inline import inline_svg
from carbonspec.report.renderers.styles import STYLES
from carbonspec.report.renderers.wording import TONES, verdict_text

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_UNSAFE = re.compile(r"[&<>\"']")

LONG = 16
"""Signs from which the name of a row keeps some room, in a table that is wider than the page."""


def escape(text: str) -> str:
    """Text that HTML shows as it is, in content and in attributes."""
    return _UNSAFE.sub(lambda found: _ENTITIES[found[0]], text)


def render(document: Document) -> str:
    """The whole page."""
    title = escape(document.title)
    stamp = ""
    if document.stamp:
        stamp = f'<p class="stamp"><strong>{escape(document.stamp)}</strong> {escape(document.simulated)}</p>'
    subtitle = f'<p class="subtitle">{escape(document.subtitle)}</p>' if document.subtitle else ""
    sections = "\n".join(_section(section) for section in document.sections)
    body_class = ' class="simulated"' if document.stamp else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>{title}{f" ({escape(document.stamp)})" if document.stamp else ""}</title>
<style>{STYLES}</style>
</head>
<body{body_class}>
<div class="page">
<nav aria-label="Contents">{_contents(document.sections)}</nav>
<main>
<header><h1>{title}</h1>{subtitle}{stamp}</header>
{sections}
<footer>{escape(document.footer)}</footer>
</main>
</div>
</body>
</html>
"""


def render_fragment(tables: Sequence[Table]) -> str:
    """Tables for a notebook, with their styles."""
    return f'<style>{STYLES}</style><div class="carbonspec">{"".join(render_table(table) for table in tables)}</div>'


def render_figure_fragment(figure: Figure) -> str:
    """A figure for a notebook, likewise."""
    return f'<style>{STYLES}</style><div class="carbonspec">{render_figure(figure)}</div>'


def _contents(sections: Sequence[Section]) -> str:
    items = []
    for section in sections:
        inner = "".join(
            f'<li><a href="#{_anchor(block)}">{escape(block.title)}</a></li>'
            for block in section.blocks
            if isinstance(block, Table | Figure) and block.number
        )
        inner = f"<ol>{inner}</ol>" if inner else ""
        items.append(f'<li><a href="#{section.anchor}">{escape(section.title)}</a>{inner}</li>')
    return f"<ol>{''.join(items)}</ol>"


def _section(section: Section) -> str:
    blocks = "\n".join(_block(block) for block in section.blocks)
    return f'<section id="{section.anchor}"><h2>{escape(section.title)}</h2>\n{blocks}\n</section>'


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    return render_table(block) if isinstance(block, Table) else render_figure(block)


def _anchor(block: Table | Figure) -> str:
    kind = "table-" if isinstance(block, Table) else "figure-"
    return kind + re.sub(r"[^A-Za-z0-9_-]", lambda found: f"x{ord(found[0]):x}", block.number)


def render_figure(figure: Figure) -> str:
    """A picture inside the page, with its caption, its note and, folded, its numbers."""
    stamp = f' <span class="mark">{escape(figure.stamp)}</span>' if figure.stamp else ""
    caption = f'<span class="tableno">Figure {escape(figure.number)}.</span> {escape(figure.label)}{stamp}'
    notes = " ".join(_note(figure, note) for note in figure.notes)
    notes = f'<p class="note"><em>Note.</em> {notes}</p>' if notes else ""
    picture = f'<p class="failure">failed: {escape(figure.failure)}</p>'
    if "svg" in figure.files:
        svg = base64.b64decode(figure.files["svg"]).decode("utf-8")
        picture = f'<div class="picture">{inline_svg(svg, _anchor(figure), escape(figure.alternative))}</div>'
    numbers = render_table(figure.numbers) if figure.numbers is not None else ""
    return f'<figure id="{_anchor(figure)}"><figcaption>{caption}</figcaption>{picture}{notes}{numbers}</figure>'


def render_table(table: Table) -> str:
    """A figure with caption, table and note; a folded table behind its title."""
    caption = f'<span class="tableno">Table {escape(table.number)}.</span> ' if table.number else ""
    caption += escape(table.label)
    stamp = f' <span class="mark">{escape(table.stamp)}</span>' if table.stamp else ""
    notes = " ".join(_note(table, note) for note in table.notes)
    notes = f'<p class="note"><em>Note.</em> {notes}</p>' if notes else ""
    grid = f'<div class="scroll"><table class="{table.kind}">{_head(table)}{_groups(table)}</table></div>{notes}'
    if table.folded:
        return f"<details><summary>{caption}{stamp}</summary>{grid}</details>"
    anchor = f' id="{_anchor(table)}"' if table.number else ""
    shown = f"<figcaption>{caption}{stamp}</figcaption>" if caption or stamp else ""
    return f"<figure{anchor}>{shown}{grid}</figure>"


def _note(block: Table | Figure, note: str) -> str:
    text = escape(note)
    return f"<strong>{text}</strong>" if block.stamp and note.startswith(block.stamp) else text


def _head(table: Table) -> str:
    lines = []
    for spans in table.spans:
        cells, at = ["<td></td>"], 0
        for span in spans:
            cells += ["<td></td>"] * (span.start - at)
            across = span.end - span.start
            cells.append(f'<th class="span" colspan="{across}" scope="colgroup">{escape(span.text)}</th>')
            at = span.end
        cells += ["<td></td>"] * (len(table.columns) - at)
        lines.append(f"<tr>{''.join(cells)}</tr>")
    if table.stub or any(column.heading for column in table.columns):
        heads = "".join(f'<th class="{c.align}" scope="col">{escape(c.heading)}</th>' for c in table.columns)
        lines.append(f'<tr><th class="left" scope="col">{escape(table.stub)}</th>{heads}</tr>')
    return f"<thead>{''.join(lines)}</thead>" if lines else ""


def _groups(table: Table) -> str:
    starred = {
        index
        for group in table.groups
        for row in group
        for index, cell in enumerate(row.cells)
        if cell.kind == ESTIMATE or cell.stars
    }
    return "".join(f"<tbody>{''.join(_row(table, row, starred) for row in group)}</tbody>" for group in table.groups)


def _row(table: Table, row: Row, starred: set[int]) -> str:
    title = f' title="{escape(row.name)}"' if row.name and row.name != row.label else ""
    cells = "".join(_cell(cell, table.columns[index].align, index in starred) for index, cell in enumerate(row.cells))
    room = ' class="long"' if len(row.label) > LONG else ""
    return f'<tr><th scope="row"{room}{title}>{escape(row.label)}</th>{cells}</tr>'


def _cell(cell: Cell, align: str, starred: bool) -> str:
    if cell.kind in (ESTIMATE, NUMBER):
        hanging = f'<span class="stars">{cell.stars}</span>' if starred else escape(cell.stars)
        below = f'<span class="below">{_signed(cell.below)}{_room(starred)}</span>' if cell.below else ""
        kind = "estimate significant" if cell.kind == ESTIMATE and cell.stars else cell.kind
        return f'<td class="{align} {kind}">{_signed(cell.text)}{hanging}{below}</td>'
    if cell.kind == "verdict":
        tone = TONES.get(cell.text, "none")
        return f'<td class="{align}"><span class="badge {tone}">{escape(verdict_text(cell.text))}</span></td>'
    if cell.kind == "code" and cell.text:
        return f'<td class="{align}"><code>{escape(cell.text)}</code></td>'
    room = _room(starred) if align == DECIMAL and cell.text else ""
    return f'<td class="{align} {cell.kind}">{escape(cell.text)}{room}</td>'


def _room(starred: bool) -> str:
    return '<span class="stars"></span>' if starred else ""


def _signed(text: str) -> str:
    """A number with a minus and not a hyphen."""
    return escape(text).replace("-", "−")
