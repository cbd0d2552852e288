"""A figure of a run, for a notebook or a file."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING

from carbonspec.report.compose.figure import compose_figures
from carbonspec.report.document import Figure
from carbonspec.report.run import Run

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("svg", "pdf", "png")


class FigureView:
    """A figure as `.svg()`, `.pdf()` and `.png()`, saved by `.save("figure.pdf")`; a notebook shows it with its note.

    A figure that could not be drawn raises RuntimeError with the reason.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure

    def svg(self) -> str:
        """The picture as text."""
        return self._bytes("svg").decode("utf-8")

    def pdf(self) -> bytes:
        return self._bytes("pdf")

    def png(self) -> bytes:
        return self._bytes("png")

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture; the ending says how: .svg, .pdf or .png. Raises ValueError for another."""
        target = Path(path)
        ending = target.suffix.removeprefix(".").lower()
        if ending not in FORMATS:
            raise ValueError(f"a figure is saved as .svg, .pdf or .png, and {str(path)!r} ends otherwise")
        content = self._bytes(ending)
        target.write_bytes(content)
        return target

    def tidy(self) -> pd.DataFrame:
        """The numbers behind the picture: a row a unit or period, a column a series."""
        import pandas as pd

        table = self.figure.numbers
        if table is None:
            return pd.DataFrame()
        names = [column.name for column in table.columns]
        rows = [row for group in table.groups for row in group]
        values = [[cell.value if cell.value is not None else float("nan") for cell in row.cells] for row in rows]
        return pd.DataFrame(values, columns=names, index=pd.Index([row.name for row in rows], name=table.key))

    def __repr__(self) -> str:
        return f"<{self.figure.title}>"

    def _repr_html_(self) -> str:
        from carbonspec.report.renderers.html import render_figure_fragment

        return render_figure_fragment(self.figure)

    def _repr_png_(self) -> bytes | None:
        return self._bytes("png") if "png" in self.figure.files else None

    def _bytes(self, ending: str) -> bytes:
        if ending not in self.figure.files:
            raise RuntimeError(f"figure {self.figure.number}: {self.figure.failure or 'it was not drawn'}")
        return base64.b64decode(self.figure.files[ending])


def figure_view(run: Run, number: str) -> FigureView:
    """The figure with that number. Raises KeyError when the study has none."""
    for figure in compose_figures(run):
        if figure.number == number:
            return FigureView(figure)
    known = ", ".join(figure.number for figure in run.spec.figures) or "none"
    raise KeyError(f"no figure {number}; this study has: {known}")
