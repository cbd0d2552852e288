"""Every example of the documentation is one that this version reads, formats and, where it is whole, checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from carbonspec import api
from carbonspec.diagnostics.model import ERROR
from carbonspec.lang.parse import parse
from carbonspec.lang.resolve.study import resolve
from carbonspec.lang.resolve.tables import declared_tables
from carbonspec.lang.unparse import unparse
from carbonspec.source import Source

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^(?P<indent> *)```cspec(?P<marks>[ \w]*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)


def examples() -> Iterator[tuple[str, str, str]]:
    """(place, marks, text) of every block fenced with ```cspec."""
    for path in (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"):
        if path.is_file():
            content = path.read_text(encoding="utf-8")
            for found in FENCE.finditer(content):
                line = content.count("\n", 0, found.start()) + 1
                text = re.sub(rf"^{found['indent']}", "", found["text"], flags=re.MULTILINE)
                yield f"{path.name}:{line}", found["marks"].strip(), text


EXAMPLES = [pytest.param(marks, text, id=place) for place, marks, text in examples()]
REFERENCES = frozenset(("E210", "E220", "E221"))
"""What a fragment may lack: something declared elsewhere, a joined table, the panel."""
BASE_ELSEWHERE = "is a variable, not a model"
WHOLE = [pytest.param(text, id=place) for place, marks, text in examples() if marks == "check"]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 10
    assert WHOLE


@pytest.mark.parametrize(("marks", "text"), EXAMPLES)
def test_example_is_read_and_stays_as_it_is(marks: str, text: str) -> None:
    assert marks in ("", "check")
    first = parse(Source("example.cspec", text))
    assert not first.diagnostics, [f"{d.code} {d.message}" for d in first.diagnostics]
    assert unparse(first.value) == text, "the documentation shows the canonical form"
    again = parse(Source("example.cspec", unparse(first.value)))
    assert again.value == first.value


@pytest.mark.parametrize(("marks", "text"), EXAMPLES)
def test_example_has_no_mistake_beside_what_stands_elsewhere(marks: str, text: str) -> None:
    file = parse(Source("example.cspec", text)).value
    headers = {table.name: None for table in declared_tables(file)}
    found = resolve(file, api.catalogue(), headers).diagnostics
    wrong = [d for d in found if d.severity == ERROR and d.code not in REFERENCES]
    assert not [f"{d.code} {d.message}" for d in wrong if BASE_ELSEWHERE not in d.message]


@pytest.mark.parametrize("text", WHOLE)
def test_whole_example_has_no_mistake(text: str, tmp_path: Path) -> None:
    path = tmp_path / "example.cspec"
    path.write_text(text, encoding="utf-8")
    study = api.check(str(path))
    assert study.spec.models
    assert not [f"{d.code} {d.message}" for d in study.diagnostics if d.severity == ERROR]
