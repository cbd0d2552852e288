"""Comparisons of texts in the tests' small study, without files."""

from __future__ import annotations

from tests.lang.resolve.studies import CATALOGUE, COLUMNS, HEAD

from carbonspec.compare.changes import Changes, StatementChange
from carbonspec.compare.fields import field_text
from carbonspec.compare.outputs import outputs_text
from carbonspec.compare.study import Meaning, Version, compare
from carbonspec.lang import ast
from carbonspec.lang.parse import clean, parse
from carbonspec.lang.resolve.study import resolve
from carbonspec.lang.resolve.tables import declared_tables
from carbonspec.planner.lower import lower
from carbonspec.source import Source

STUDY = """study "Growth"
  se cluster(id)
var lx "Log x" = log(x)
var share = a / b
let controls = a + b + c
winsorize y, controls at 1%, 99%
require z in 0..1
model base "Base": y ~ lx + csw0(controls, z) | fe(id, year)
model early: base where year <= 2018
model by_region: base[last] split region
model alone: y ~ share
hypothesis H1 "x helps": base[last].lx > 0 at 10%
expect H1 = supported
expect base[last].N = 270
table 1 "Descriptive statistics": summary(y, share)
table 2 "Benchmark": base
table 3 "Early": early, by_region
figure 1 "Trend": trend(y)
"""


def tree(text: str) -> ast.File:
    parsed = parse(Source("study.cspec", clean(text)))
    assert not parsed.diagnostics, [d.message for d in parsed.diagnostics]
    return parsed.value


def understand(file: ast.File, newer: bool = False) -> Meaning | None:
    found = resolve(file, CATALOGUE, {t.name: COLUMNS for t in declared_tables(file)})
    return Meaning(found.value, lower(found.value, {}, "1")) if found.ok else None


def changes(before: str, after: str, head: str = HEAD) -> Changes:
    """What changed between two bodies below the usual data and panel."""
    return compare(Version("before", tree(head + before)), Version("after", tree(head + after)), understand)


def edited(*edits: tuple[str, str], text: str = STUDY) -> Changes:
    """What changed in the study when pieces of its text are replaced."""
    new = text
    for old, other in edits:
        assert old in new, old
        new = new.replace(old, other)
    return changes(text, new)


def line(change: StatementChange) -> str:
    """A change on one line: kind, statement, fields, class, results."""
    was = f"{change.was} → " if change.was else ""
    name = f"{change.keyword} {was}{change.name}".strip()
    fields = "; ".join(field_text(f) for f in change.fields)
    reach = outputs_text(change.reaches)
    return " | ".join((f"{change.kind} {name}", fields, change.affects, reach))


def lines(found: Changes) -> list[str]:
    return [line(change) for change in found.statements]
