"""Draws docs/terminal.svg: what `carbonspec run specs/paper.cspec --only "table 5" --only H1` prints.

python docs/picture.py
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from rich.console import Console

import carbonspec as cs
from carbonspec.report.renderers.terminal import show, show_summary

ROOT = Path(__file__).parent.parent


def main() -> None:
    with tempfile.TemporaryDirectory() as out:
        result = cs.run(ROOT / "specs" / "paper.cspec", out=out, only=("table 5", "H1"))
    screen = io.StringIO()
    console = Console(
        record=True, width=108, highlight=False, force_terminal=True, color_system="truecolor", file=screen
    )
    console.print('$ carbonspec run specs/paper.cspec --only "table 5" --only H1', style="bold")
    show(result.run, console)
    show_summary(result.run, console)
    picture = console.export_svg(title="carbonspec", unique_id="carbonspec")
    picture = re.sub(r"@font-face \{.*?\}\n", "", picture, flags=re.DOTALL)  # no fonts from the net: the reader's own
    (ROOT / "docs" / "terminal.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
