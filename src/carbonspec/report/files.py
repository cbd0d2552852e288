"""Every file a run writes, as text."""

from __future__ import annotations

import re

from carbonspec.report.compose.study import compose
from carbonspec.report.document import Table
from carbonspec.report.renderers import csv, latex, markdown
from carbonspec.report.renderers.json import render as render_json
from carbonspec.report.renderers.registry import RENDERERS
from carbonspec.report.run import Run


def files(run: Run) -> dict[str, str]:
    """File name → text: report.html, report.md, report.tex, results.json, and tables/table_05.{tex,csv,md}."""
    document = compose(run)
    found = {f"report.{extension}": render(document) for extension, render in RENDERERS.values()}
    found["results.json"] = render_json(run)
    used: set[str] = set()
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table) and block.number:
                stem = file_stem(block.number, used)
                found[f"tables/{stem}.tex"] = latex.render_table(block)
                found[f"tables/{stem}.csv"] = csv.render_table(block)
                found[f"tables/{stem}.md"] = markdown.render_table(block)
    return found


def file_stem(number: str, used: set[str]) -> str:
    """ "5" → table_05, "A1" → table_A1; letters are added where a number stands for several tables."""
    safe = re.sub(r"[^\w-]", "_", number).strip("_")[:60] or "x"
    stem = f"table_{safe.zfill(2)}" if safe.isdigit() else f"table_{safe}"
    found, letter = stem, 1
    while found.lower() in used:
        letter += 1
        found = f"{stem}_{letter}"
    used.add(found.lower())
    return found
