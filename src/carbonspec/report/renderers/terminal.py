"""A run on a terminal, by rich: tables as a journal prints them, then what the run says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from carbonspec.report.compose.figure import compose_figures
from carbonspec.report.compose.ledger import panel_sentence
from carbonspec.report.compose.mediation import compose_effects
from carbonspec.report.compose.study import compose_table, compose_tests
from carbonspec.report.document import STAMP, Figure, Table, Tiles
from carbonspec.report.figures.provinces import COLUMNS, ROWS
from carbonspec.report.numbers import effect_p, general, share
from carbonspec.report.renderers.layout import Line, lay_out, pad, width, wrap
from carbonspec.report.run import Expectation, Run, Verdict
from carbonspec.report.scorecard import AGREES, DIFFERS, MATCH, OUTCOMES, scorecard

if TYPE_CHECKING:
    from rich.console import Console

STYLES = {
    "rule": "bright_black",
    "span": "bold",
    "head": "bold",
    "significant": "bold",
    "stars": "bold cyan",
    "below": "dim",
    "omitted": "dim italic",
    "failure": "bold red",
    "note": "dim",
    "stamp": "bold black on yellow",
    "caution": "yellow",
    "title": "bold",
    "number": "",
    "verdict supported": "bold green",
    "verdict met": "bold green",
    f"verdict {MATCH}": "bold green",
    f"verdict {AGREES}": "cyan",
    "verdict contradicted": "bold red",
    "verdict missed": "bold red",
    f"verdict {DIFFERS}": "yellow",
    "verdict failed": "bold red",
    "verdict unsupported": "yellow",
}
SIGNS = {"supported": "✓", "contradicted": "✗", "unsupported": "○", "failed": "!"}
NOTE_WIDTH = 110
PANEL_GAP = 3
TOLD = ("Panel", "Result")
"""Figures whose numbers a terminal shows: path diagrams and coefficients."""
PLAIN = str.maketrans({"━": "=", "─": "-", "✓": "+", "✗": "x", "○": "o", "≈": "~", "–": "-", "−": "-", "·": "-"})
"""For terminals that cannot show them."""


def show(run: Run, console: Console) -> None:
    """The study's title, its panel, and its tables."""
    console.print()
    _say(console, [(run.spec.study.title or run.provenance.spec, "title")])
    if run.panel is not None:
        _say(console, [(panel_sentence(run.panel), "note")])
    if run.simulated:
        _say(console, [(f" {STAMP} ", "stamp"), (f" {run.simulated}", "note")])
    tables = [composed for table in run.spec.tables for composed in compose_table(run, table)]
    for composed in (*tables, *compose_effects(run), *compose_tests(run)):
        console.print()
        show_table(composed, console)
    for figure in compose_figures(run):
        console.print()
        show_figure(figure, console)
    console.print()


def show_table(table: Table, console: Console) -> None:
    """One table with its title and note; panels below each other where the terminal is too narrow."""
    for line in _table_lines(table, console.width):
        _say(console, line)


def plain_table(table: Table, screen: int = 100) -> str:
    """A table as plain text."""
    lines = ("".join(text for text, _ in line).rstrip() for line in _table_lines(table, screen))
    return "\n".join(lines) + "\n"


def _table_lines(table: Table, screen: int) -> list[Line]:
    lines = _title(table, screen)
    panels = lay_out(table, screen)
    for index, panel in enumerate(panels):
        if index:
            lines.append([(f"Table {table.number}, continued" if table.number else "continued", "note")])
        lines += panel
    for note in table.notes:
        role = "caution" if table.stamp and note.startswith(table.stamp) else "note"
        lines += [[(text, role)] for text in wrap(note, min(screen, NOTE_WIDTH))]
    return lines


def show_figure(figure: Figure, console: Console) -> None:
    """A figure's title, its map as coloured blocks where the terminal has colours, its note and where its files are."""
    for line in _title(figure, console.width):
        _say(console, line)
    if console.is_terminal and console.color_system in ("truecolor", "256"):
        for line in tile_lines(figure.panels, console.width):
            _say(console, line)
    if figure.numbers is not None and figure.numbers.stub in TOLD:
        show_table(replace(figure.numbers, label="", stamp=""), console)
    if figure.failure:
        _say(console, [(f"failed: {figure.failure}", "failure")])
    for note in figure.notes:
        role = "caution" if figure.stamp and note.startswith(figure.stamp) else "note"
        for text in wrap(note, min(console.width, NOTE_WIDTH)):
            _say(console, [(text, role)])
    if figure.names:
        endings = ", ".join(figure.names)
        _say(console, [(f"figures/{figure.stem}.* ({endings}) beside the report", "note")])


def tile_lines(panels: tuple[Tiles, ...], screen: int) -> list[Line]:
    """Panels side by side, four signs a tile, colours as in the picture; units without data in brackets."""
    lines: list[Line] = []
    across = max(1, (screen + PANEL_GAP) // (4 * COLUMNS + PANEL_GAP))
    for start in range(0, len(panels), across):
        some = panels[start : start + across]
        lines.append([])
        for row in range(ROWS):
            line: Line = []
            for panel in some:
                tiles = {column: rest for at, column, *rest in panel.tiles if at == row}
                cells: Line = []
                for column in range(COLUMNS):
                    if column in tiles:
                        text, face, ink = tiles[column]
                        cells.append(
                            (f" {text} " if face else f"({text})", f"tile {ink} on {face}" if face else "note")
                        )
                    else:
                        cells.append(("    ", ""))
                if row == 0 and panel.title:
                    cells = [(pad(panel.title[: 4 * COLUMNS - 6], 4 * COLUMNS - 4), "title"), cells[-1]]
                line += [*cells, (" " * PANEL_GAP, "")]
            lines.append(line)
    return lines


def _title(table: Table | Figure, screen: int) -> list[Line]:
    stamp = f" {table.stamp} " if table.stamp else ""
    room = screen - width(stamp) - 1
    wrapped = wrap(table.title, max(20, room))
    lines: list[Line] = [[(text, "title")] for text in wrapped]
    if stamp:
        lines[-1] += [("  ", ""), (stamp, "stamp")]
    return lines


def show_summary(run: Run, console: Console) -> None:
    """Verdicts, expectations, the scorecard in a line, and what failed."""
    if run.verdicts:
        name = max(width(v.name) for v in run.verdicts)
        for verdict in run.verdicts:
            for line in _verdict(verdict, name, console.width):
                _say(console, line)
    if run.expectations:
        for line in _expectations(run.expectations):
            _say(console, line)
    card = scorecard(run)
    if card.tables:
        counts = ", ".join(f"{card.count(outcome)} {_many(outcome, card.count(outcome))}" for outcome in OUTCOMES)
        plural = "s" if len(card.tables) > 1 else ""
        text = f"Published figures: {card.total} printed in {len(card.tables)} table{plural}: {counts}"
        if run.simulated:
            text += f" ({STAMP}: agreement says nothing about the published results)"
        for part in wrap(text, console.width):
            _say(console, [(part, "")])
    _show_failures(run, console)


def show_missed(run: Run, console: Console) -> None:
    """What makes a run fail: expectations that were missed, and what could not be done."""
    if not all(expectation.met for expectation in run.expectations):
        for line in _expectations(run.expectations):
            _say(console, line)
    _show_failures(run, console)


def _show_failures(run: Run, console: Console) -> None:
    failures = [*run.failures, *(c.failure for m in run.models.values() for c in m if c.failure is not None)]
    for failure in failures:
        code = f" {failure.code}" if failure.code else ""
        _say(console, [(f"failed{code}", "failure"), (f"  {failure.task}: {failure.message}", "")])


def _many(outcome: str, number: int) -> str:
    if outcome == DIFFERS:
        return "differs" if number == 1 else "differ"
    if outcome == AGREES:
        return "agrees in sign and significance" if number == 1 else "agree in sign and significance"
    return "matches" if outcome == MATCH and number == 1 else outcome


def _verdict(verdict: Verdict, name: int, screen: int) -> list[Line]:
    role = f"verdict {verdict.verdict}"
    head: Line = [
        (f"{SIGNS.get(verdict.verdict, ' ')} ", role),
        (verdict.name + " " * (name - width(verdict.name)), "title"),
        (f"  {verdict.verdict:<12}", role),
        (f"  {verdict.label}", ""),
    ]
    indent = " " * (name + 4)
    lines = [head]
    for part in verdict.parts:
        text = f"{part.text}: {general(part.estimate)}"
        if part.p_value is not None:
            p = effect_p(part.p_value, part.draws)
            text += f", p < {p[1:]}" if p.startswith("<") else f", p = {p}"
        text += f" (at {share(verdict.level)})" if part.p_value is not None else ""
        if len(verdict.parts) > 1:
            text += f", {part.verdict}"
        lines += [[(indent + line, "note")] for line in wrap(text, max(30, screen - len(indent)))]
    if verdict.reason:
        lines += [[(indent + line, "note")] for line in wrap(verdict.reason, max(30, screen - len(indent)))]
    return lines


def _expectations(expectations: tuple[Expectation, ...]) -> list[Line]:
    missed = [e for e in expectations if not e.met]
    met = len(expectations) - len(missed)
    role = "verdict missed" if missed else "verdict met"
    lines: list[Line] = [[("✗ " if missed else "✓ ", role), (f"{met} of {len(expectations)} expectations met", "")]]
    for e in missed:
        got = f"obtained {e.obtained}" if e.obtained else "not obtained"
        place = f"line {e.line}: " if e.line else ""
        text = f"  {place}expect {e.text}: {got}" + (f", {e.reason}" if e.reason else "")
        lines.append([(text, "verdict missed")])
    return lines


def _say(console: Console, line: Line) -> None:
    from rich.text import Text

    text = Text()
    line = list(line)
    while line and not line[-1][1] and not line[-1][0].strip():
        line.pop()
    for piece, role in line:
        style = role.removeprefix("tile ") if role.startswith("tile ") else STYLES.get(role, "")
        text.append(_printable(piece, console.encoding), style)
    if line and not line[-1][1].startswith(("stamp", "tile")):
        text.rstrip()
    console.print(text, soft_wrap=True)


def _printable(text: str, encoding: str) -> str:
    """The text in what the terminal can show; other signs become plain ones or question marks."""
    if encoding.lower().startswith("utf"):
        return text
    return text.translate(PLAIN).encode(encoding, "replace").decode(encoding)
