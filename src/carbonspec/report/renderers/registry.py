"""The formats of a whole report."""

from __future__ import annotations

from collections.abc import Callable

from carbonspec.report.document import Document
from carbonspec.report.renderers import html, latex, markdown

RENDERERS: dict[str, tuple[str, Callable[[Document], str]]] = {
    "html": ("html", html.render),
    "markdown": ("md", markdown.render),
    "latex": ("tex", latex.render),
}
"""Format → (file extension, function from a document to text)."""
