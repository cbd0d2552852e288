"""The report before it becomes text: one immutable model, many renderers.

Text in it is plain Unicode; each renderer escapes for its own format. Numbers come as text (as printed) and as values
(full precision).
"""

from __future__ import annotations

from dataclasses import dataclass

# Kinds of cells
TEXT = "text"
NUMBER = "number"
ESTIMATE = "estimate"
OMITTED = "omitted"
FAILURE = "failure"
VERDICT = "verdict"
CODE = "code"
EMPTY = "empty"

# Kinds of tables
REGRESSION = "regression"
SUMMARY = "summary"
CORRELATION = "correlation"
WEIGHTS = "weights"
TEST = "test"
MEDIATION = "mediation"
FACTS = "facts"

STAMP = "SIMULATED DATA"

LEFT = "left"
DECIMAL = "decimal"


@dataclass(frozen=True)
class Cell:
    """One cell: `text` with `stars` behind it and `below` (parentheses included) under it.

    `value` and `below_value` are the numbers behind them at full precision; a confidence interval is a pair.
    """

    text: str = ""
    stars: str = ""
    below: str = ""
    kind: str = TEXT
    value: float | str | None = None
    below_value: float | tuple[float, float] | None = None


NOTHING = Cell(kind=EMPTY)


@dataclass(frozen=True)
class Row:
    """A row: what stands at its left, its cells, and its name in files where that is not its label."""

    label: str
    cells: tuple[Cell, ...]
    name: str = ""


@dataclass(frozen=True)
class Column:
    """A column: what is printed above it, its name in files, its outcome (regressions), how it is aligned."""

    heading: str
    name: str = ""
    outcome: str = ""
    align: str = DECIMAL
    wide: bool = False  # text that may be long: gets the room that is left


@dataclass(frozen=True)
class Heading:
    """A text above the columns `start` to `end` (exclusive)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Table:
    """A table: header spans from the top, one line of column headings, groups of rows with a rule between them."""

    kind: str
    label: str
    columns: tuple[Column, ...]
    groups: tuple[tuple[Row, ...], ...]
    number: str = ""
    stub: str = ""
    key: str = ""  # name of the first column in files, where that is not `stub`
    spans: tuple[tuple[Heading, ...], ...] = ()
    notes: tuple[str, ...] = ()
    stamp: str = ""
    folded: bool = False  # detail that a screen shows on demand and paper leaves out
    records: tuple[tuple[str | float | int, ...], ...] = ()  # header and lines of its CSV, where rows do not say it

    @property
    def title(self) -> str:
        """ "Table 5. Benchmark model"."""
        if not self.number:
            return self.label
        return f"Table {self.number}. {self.label}" if self.label else f"Table {self.number}"


@dataclass(frozen=True)
class Tiles:
    """A map as a terminal shows it: a panel's title and its tiles (row, column, text, colour of tile and text)."""

    title: str
    tiles: tuple[tuple[int, int, str, str, str], ...]


@dataclass(frozen=True)
class Figure:
    """A picture: its files (ending → content, base64; the names start with `stem`), what it shows in words, its note.

    `numbers` is the table behind it. A figure that could not be drawn has no files; `failure` says why.
    """

    number: str
    label: str
    stem: str
    files: dict[str, str]
    alternative: str = ""
    notes: tuple[str, ...] = ()
    stamp: str = ""
    failure: str = ""
    numbers: Table | None = None
    panels: tuple[Tiles, ...] = ()

    @property
    def title(self) -> str:
        """ "Figure 2. Regional opening up"."""
        return f"Figure {self.number}. {self.label}" if self.label else f"Figure {self.number}"

    @property
    def names(self) -> dict[str, str]:
        """File ending → name below the output folder: "figures/figure_02.svg"."""
        return {ending: f"figures/{self.stem}.{ending}" for ending in self.files}


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


Block = Table | Figure | Paragraph
"""What a section is made of."""


@dataclass(frozen=True)
class Section:
    """A part of the report. `anchor` is its address in the HTML page."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole report. `stamp` is non-empty when the data are simulated, `simulated` says how."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    stamp: str = ""
    simulated: str = ""
    footer: str = ""
