"""Every file a run writes."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from carbonspec.report.comparison import Subject, Variant, rows
from carbonspec.report.compose.comparison import comparison_document, compose_comparison
from carbonspec.report.compose.study import compose
from carbonspec.report.document import Figure, Table
from carbonspec.report.renderers import csv, latex, markdown
from carbonspec.report.renderers.json import render as render_json
from carbonspec.report.renderers.json import render_comparison
from carbonspec.report.renderers.registry import RENDERERS
from carbonspec.report.run import Run
from carbonspec.report.stems import file_stem

COMPARISON = "comparison"


def files(run: Run) -> dict[str, str | bytes]:
    """File name → content: report.html, report.md, report.tex, results.json, tables/table_05.{tex,csv,md} and
    figures/figure_02.{svg,pdf,png,csv}, where csv has the numbers behind a figure."""
    document = compose(run)
    found: dict[str, str | bytes] = {
        f"report.{extension}": render(document) for extension, render in RENDERERS.values()
    }
    found["results.json"] = render_json(run)
    used: set[str] = set()
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table) and block.number:
                stem = file_stem(block.number, used)
                found[f"tables/{stem}.tex"] = latex.render_table(block)
                found[f"tables/{stem}.csv"] = csv.render_table(block)
                found[f"tables/{stem}.md"] = markdown.render_table(block)
            elif isinstance(block, Figure):
                for ending, name in block.names.items():
                    found[name] = base64.b64decode(block.files[ending])
                if block.numbers is not None:
                    found[f"figures/{block.stem}.csv"] = csv.render_table(block.numbers)
    return found


def comparison_files(variants: Sequence[Variant], subjects: Sequence[Subject]) -> dict[str, str]:
    """File name → content of several runs side by side: comparison.{html,md,tex,csv,json}."""
    document = comparison_document(variants, compose_comparison(variants, subjects))
    found = {f"{COMPARISON}.{extension}": render(document) for extension, render in RENDERERS.values()}
    found[f"{COMPARISON}.csv"] = csv.render_rows(rows(variants, subjects), document.stamp)
    found[f"{COMPARISON}.json"] = render_comparison(variants, subjects)
    return found
