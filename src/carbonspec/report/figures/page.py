"""The sheet a figure is drawn on: settings, the stamp, and the files made of it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from carbonspec.report.document import STAMP as STAMP_TEXT
from carbonspec.report.figures.colours import INK, SOFT, STAMP, STAMP_INK
from carbonspec.report.figures.fonts import families

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.5
"""Inches between the margins of a printed page."""
DPI = 200
TOP = 0.34
"""Inches that the stamp takes."""
NO_DATES: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "carbonspec"},
    "pdf": {"CreationDate": None, "Creator": "carbonspec", "Producer": "carbonspec"},
    "png": {"Software": "carbonspec"},
}


@contextmanager
def settings(salt: str) -> Iterator[None]:
    """matplotlib's defaults, whatever the user's own are, with the fonts and sizes of a report."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "font.family": families(),
                "font.size": 8,
                "text.color": INK,
                "text.parse_math": False,
                "axes.edgecolor": SOFT,
                "axes.linewidth": 0.7,
                "axes.labelcolor": INK,
                "axes.unicode_minus": True,
                "xtick.color": SOFT,
                "ytick.color": SOFT,
                "xtick.labelcolor": INK,
                "ytick.labelcolor": INK,
                "hatch.linewidth": 0.6,
                "svg.fonttype": "path",
                "svg.hashsalt": salt,
            }
        )
        yield


class Page:
    """A white sheet measured in inches from its top left corner."""

    def __init__(self, width: float, height: float, simulated: bool) -> None:
        from matplotlib.figure import Figure

        self.width = width
        self.height = height + (TOP if simulated else 0.0)
        self.top = TOP if simulated else 0.0
        self.figure: Figure = Figure(figsize=(width, self.height), facecolor="white")
        if simulated:
            self._stamp()

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """A field of the sheet, `top` inches below the stamp."""
        bottom = self.height - self.top - top - height
        return self.figure.add_axes(
            (left / self.width, bottom / self.height, width / self.width, height / self.height), facecolor="none"
        )

    def _stamp(self) -> None:
        self.figure.text(
            0.1 / self.width,
            1 - 0.16 / self.height,
            STAMP_TEXT,
            va="center",
            ha="left",
            fontsize=8,
            fontweight="bold",
            color=STAMP_INK,
            bbox={"boxstyle": "round,pad=0.35", "facecolor": STAMP, "edgecolor": STAMP_INK, "linewidth": 0.6},
        )

    def files(self, plain: bool) -> dict[str, str]:
        """File ending → content, base64; the same numbers give the same bytes.

        `plain` figures print with the Latin font alone, which goes into the PDF as TrueType. Fonts for Chinese are
        often OpenType with PostScript outlines, which matplotlib embeds soundly as Type 3 only.
        """
        import matplotlib

        matplotlib.rcParams["pdf.fonttype"] = 42 if plain else 3
        found = {}
        for ending, metadata in NO_DATES.items():
            stream = io.BytesIO()
            self.figure.savefig(stream, format=ending, dpi=DPI, metadata=metadata)
            found[ending] = base64.b64encode(stream.getvalue()).decode("ascii")
        return found
