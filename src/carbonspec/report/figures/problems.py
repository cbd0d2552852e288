"""What keeps a figure from being drawn."""

from __future__ import annotations


class FigureError(Exception):
    """A figure that cannot be drawn: a code of `diagnostics.codes` (E86x), a sentence with the facts, what to do."""

    def __init__(self, code: str, message: str, help_text: str = "") -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
        self.help = help_text
