"""A drawing made fit to stand inside an HTML page."""

from __future__ import annotations

import re

LEFT_OUT = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|<style\b.*?</style>|<defs>\s*</defs>", re.DOTALL)
ROOT = 'style="stroke-linejoin:round;stroke-linecap:butt"'
"""What matplotlib's style sheet says of all elements, which would be all of the page's."""


def inline_svg(svg: str, prefix: str, alternative: str) -> str:
    """The svg element without prolog, metadata, comments and namespaces; its ids start with `prefix`.

    `alternative` is its text for readers who cannot see it, escaped already.
    """
    body = LEFT_OUT.sub("", svg[svg.index("<svg") :])
    body = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", body).replace("xlink:href=", "href=")
    body = re.sub(r'\bid="([^"]*)"', rf'id="{prefix}-\1"', body)
    body = re.sub(r'\bhref="#([^"]*)"', rf'href="#{prefix}-\1"', body)
    body = re.sub(r"url\(#([^)]*)\)", rf"url(#{prefix}-\1)", body)
    body = re.sub(r"\s*\n\s*", "\n", body).strip()
    return body.replace("<svg", f'<svg role="img" aria-label="{alternative}" {ROOT}', 1)
