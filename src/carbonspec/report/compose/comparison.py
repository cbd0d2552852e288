"""Several runs side by side: a row a spec, the same numbers across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carbonspec.report.comparison import Compared, Subject, Variant, compared
from carbonspec.report.compose.notes import star_text
from carbonspec.report.document import (
    ESTIMATE,
    FAILURE,
    LEFT,
    NUMBER,
    OMITTED,
    REGRESSION,
    STAMP,
    VERDICT,
    Cell,
    Column,
    Document,
    Heading,
    Row,
    Section,
    Table,
)
from carbonspec.report.numbers import count, fixed, row_decimals


@dataclass(frozen=True)
class _Part:
    """A subject's columns: its numbers by variant, and the decimals of each quantity."""

    subject: Subject
    numbers: tuple[tuple[Compared, ...], ...]
    decimals: tuple[int, ...]
    counted: bool  # whether some number comes from rows that can be counted

    @property
    def width(self) -> int:
        return len(self.subject.quantities) + self.counted + bool(self.subject.hypothesis)


def compose_comparison(variants: Sequence[Variant], subjects: Sequence[Subject]) -> Table:
    """A row a variant; for each subject the estimates with stars and standard errors, N, and the verdict."""
    parts = [_part(variants, subject) for subject in subjects]
    columns: list[Column] = []
    spans: list[Heading] = []
    for part in parts:
        start = len(columns)
        columns += [Column(text, text) for text in part.subject.quantities]
        if part.counted:
            columns.append(Column("N", "n"))
        if part.subject.hypothesis:
            columns.append(Column("Verdict", "verdict", align=LEFT))
            title = part.subject.hypothesis + (f" {part.subject.label}" if part.subject.label else "")
            spans.append(Heading(title, start, len(columns)))
    rows = []
    for index, variant in enumerate(variants):
        cells = [cell for part in parts for cell in _cells(part, part.numbers[index])]
        rows.append(Row(variant.name, tuple(cells), variant.name))
    simulated = next((v.run.simulated for v in variants if v.run is not None and v.run.simulated), "")
    caution = f"{STAMP}: {simulated.strip().rstrip('.')}. No number here is an empirical result."
    return Table(
        kind=REGRESSION,
        label="The specs side by side",
        columns=tuple(columns),
        groups=(tuple(rows),),
        stub="Spec",
        spans=(tuple(spans),) if spans else (),
        notes=(*_notes(variants, parts), *([caution] if simulated else [])),
        stamp=STAMP if simulated else "",
    )


def comparison_document(variants: Sequence[Variant], table: Table) -> Document:
    """The comparison as a page of its own."""
    simulated = next((v.run.simulated for v in variants if v.run is not None and v.run.simulated), "")
    made = next((v.run.provenance for v in variants if v.run is not None), None)
    version = made.versions.get("carbonspec", "") if made is not None else ""
    return Document(
        title="Comparison of " + ", ".join(variant.name for variant in variants),
        subtitle="",
        sections=(Section("comparison", "Comparison", (table,)),),
        stamp=STAMP if simulated else "",
        simulated=simulated,
        footer=f"carbonspec {version}".strip() + (f" · {made.started}" if made is not None else ""),
    )


def _part(variants: Sequence[Variant], subject: Subject) -> _Part:
    numbers = tuple(compared(variant, subject) for variant in variants)
    decimals = tuple(
        row_decimals(
            (row[i].estimate or 0.0, row[i].std_error or 0.0) for row in numbers if row[i].estimate is not None
        )
        for i in range(len(subject.quantities))
    )
    counted = any(n.std_error is not None and n.n is not None for row in numbers for n in row)
    return _Part(subject, numbers, decimals, counted)


def _cells(part: _Part, numbers: tuple[Compared, ...]) -> list[Cell]:
    if all(number.estimate is None for number in numbers) and not any(number.claim for number in numbers):
        return [Cell("not there", kind=FAILURE), *[Cell(kind=OMITTED)] * (part.width - 1)]
    cells = [_cell(number, decimals) for number, decimals in zip(numbers, part.decimals, strict=True)]
    if part.counted:
        n = next((number.n for number in numbers if number.n is not None), None)
        cells.append(Cell(kind=OMITTED) if n is None else Cell(count(n), kind=NUMBER, value=n))
    if part.subject.hypothesis:
        cells.append(Cell(numbers[0].verdict, kind=VERDICT))
    return cells


def _cell(number: Compared, decimals: int) -> Cell:
    value = number.estimate
    if value is None:
        return Cell("not there", kind=FAILURE)
    if number.std_error is None:
        shown = count(value) if float(value).is_integer() else fixed(value, decimals)
        return Cell(shown, kind=NUMBER, value=value)
    below = f"({fixed(number.std_error, decimals)})"
    return Cell(fixed(value, decimals), number.stars, below, ESTIMATE, value, number.std_error)


def _notes(variants: Sequence[Variant], parts: Sequence[_Part]) -> list[str]:
    """How to read it: standard errors, stars, claims that differ, and why a number is not there."""
    everything = [number for part in parts for row in part.numbers for number in row]
    notes = []
    if any(number.std_error is not None for number in everything):
        notes.append("Standard errors in parentheses" + _errors(everything) + ".")
        levels = dict.fromkeys(v.run.spec.study.stars for v in variants if v.run is not None)
        if len(levels) == 1:
            notes.append(star_text(next(iter(levels))) + ".")
        else:
            shown = (f"{v.name}: {star_text(v.run.spec.study.stars)}" for v in variants if v.run is not None)
            notes.append("Stars " + "; ".join(shown) + ".")
    for part in parts:
        claims = dict.fromkeys((row[0].spec, row[0].claim) for row in part.numbers if row and row[0].claim)
        if len({claim for _, claim in claims}) > 1:
            said = "; ".join(f"{spec}: {claim}" for spec, claim in claims)
            notes.append(f"{part.subject.hypothesis} is not the same claim everywhere. {said}.")
    notes += dict.fromkeys(f"{number.spec}: {number.reason}." for number in everything if number.reason)
    return notes


def _errors(numbers: Sequence[Compared]) -> str:
    """Their kind, with the specs that have it where there are several."""
    kinds: dict[str, dict[str, None]] = {}
    for number in numbers:
        if number.vcov:
            kinds.setdefault(number.vcov, {})[number.spec] = None
    if len(kinds) < 2:
        return "".join(f": {kind}" for kind in kinds)
    return ": " + "; ".join(f"{kind} in {', '.join(specs)}" for kind, specs in kinds.items())
