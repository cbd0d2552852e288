"""How a study prints: names of variables, stars, what stands in parentheses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carbonspec.report.figures.numerals import typeset
from carbonspec.report.inference import stars
from carbonspec.report.numbers import probability


@dataclass(frozen=True)
class Manner:
    """`titles` by name; `stars` are thresholds; `parentheses` is se, t, p or interval (then se)."""

    titles: Mapping[str, str]
    stars: tuple[float, ...] = (0.10, 0.05, 0.01)
    parentheses: str = "se"

    def title(self, name: str) -> str:
        """The label of a variable, of an interaction's parts, or the name."""
        if name in self.titles:
            return self.titles[name]
        return " × ".join(self.titles.get(part, part) for part in name.split(":"))

    def marks(self, p: float) -> str:
        return stars(p, self.stars)

    def below(self, std_error: float, statistic: float, p: float) -> str:
        """What stands in parentheses below a coefficient."""
        if self.parentheses == "t":
            return f"({short(statistic, 2)})"
        if self.parentheses == "p":
            return f"({probability(p)})"
        return f"({short(std_error)})"

    @property
    def beside(self) -> str:
        """What the parentheses hold."""
        return {"t": "t statistics", "p": "p values"}.get(self.parentheses, "standard errors")


def short(value: float, decimals: int | None = None) -> str:
    """A number of a picture: about four digits, with a minus and not a hyphen."""
    if decimals is None:
        size = abs(value)
        if size >= 10_000:
            text = f"{value:,.0f}"
        elif size >= 0.001 or size == 0:
            digits = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 10 else 3
            text = f"{value:.{digits}f}"
        else:
            mantissa, power = f"{value:.1e}".split("e")
            text = typeset(f"{mantissa} × 10^{int(power)}")
    else:
        text = f"{value:.{decimals}f}"
    return text.replace("-", "−")


def wrapped(text: str, width: int) -> str:
    """Text broken at spaces into lines of about `width` letters; Chinese signs count twice and break anywhere."""
    lines, line, size = [], "", 0
    for word in _words(text):
        room = sum(2 if sign >= "⺀" else 1 for sign in word)
        if line and size + room > width:
            lines.append(line.rstrip())
            line, size = "", 0
        line += word
        size += room
    return "\n".join([*lines, line.rstrip()])


def _words(text: str) -> list[str]:
    words, word = [], ""
    for sign in text:
        word += sign
        if sign == " " or sign >= "⺀":
            words.append(word)
            word = ""
    return [*words, word] if word else words
