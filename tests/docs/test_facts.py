"""What the documentation says of words, options, columns, files and numbers is what the program has."""

from __future__ import annotations

import re
from argparse import ArgumentParser, _SubParsersAction
from pathlib import Path

import pytest

from carbonspec.cli import parser
from carbonspec.econometrics import catalogue as econometrics
from carbonspec.econometrics.design import Design, Groups
from carbonspec.lang.resolve.clauses import CLAUSES
from carbonspec.lang.resolve.later import NOT_YET
from carbonspec.report import catalogue as report
from carbonspec.signature import MEASURE, Signature

ROOT = Path(__file__).parents[2]
DOCS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
LANGUAGE = DOCS["language.md"]
LATER = LANGUAGE.partition("## Not in this version")[2].partition("\n## ")[0]
ENTRIES = (*econometrics.ENTRIES, *report.ENTRIES)


def quoted(text: str) -> set[str]:
    """The words inside backquotes."""
    spans = re.findall(r"`+([^`\n]+)`+", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    return {word for span in spans for word in re.findall(r"\w+", span)}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.kind} {entry.name}")
def test_every_word_of_the_catalogue_is_described_or_listed_as_later(entry: Signature) -> None:
    if entry.available:
        assert entry.name in quoted(LANGUAGE.replace(LATER, ""))
        twin = any(other.name == entry.name and not other.available for other in ENTRIES)  # `difference`: GMM, a test
        assert twin or entry.name not in quoted(LATER)
    else:
        assert entry.name in quoted(LATER)


def test_every_statement_is_described_or_listed_as_later() -> None:
    headings = set(re.findall(r"\w+", " ".join(re.findall(r"^### (.+)$", LANGUAGE, re.MULTILINE))))
    assert set(CLAUSES) <= headings
    assert quoted(LATER) >= NOT_YET


@pytest.mark.parametrize(("keyword", "clauses"), [(k, [p.name for p in v]) for k, v in CLAUSES.items()])
def test_every_clause_is_described(keyword: str, clauses: list[str]) -> None:
    pages = LANGUAGE.partition("## Statements")[2].partition("## Formulas")[0]
    sections = dict(re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", pages, re.MULTILINE | re.DOTALL))
    section = next(text for title, text in sections.items() if keyword in title.split(", "))
    for clause in clauses:
        assert re.search(rf"\b{clause}\b", section) or clause in quoted(LATER), clause


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.kind == MEASURE], ids=lambda entry: entry.name)
def test_every_clause_and_word_of_a_measure_is_described(entry: Signature) -> None:
    section = LANGUAGE.partition("### measure\n")[2].partition("\n### ")[0]
    said = quoted(section)
    for clause in entry.clauses:
        words = clause.words if clause.accepts == "word" else ()
        assert {clause.name, *clause.qualifiers, *words} <= said


def test_every_command_and_option_is_described() -> None:
    top = parser()
    commands = next(action for action in top._actions if isinstance(action, _SubParsersAction))
    for name, command in commands.choices.items():
        assert f"`carbonspec {name}" in LANGUAGE
        assert isinstance(command, ArgumentParser)
        for action in command._actions:
            for option in action.option_strings:
                if option.startswith("--") and option != "--help":
                    assert option in LANGUAGE, f"{name} {option}"


def test_grunfeld_figures_are_expected_by_the_spec() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| (-?[\d.]+) \|", DOCS["methods.md"], re.MULTILINE)
    assert len(rows) > 15
    spec = (ROOT / "specs" / "grunfeld.cspec").read_text(encoding="utf-8")
    for name, value in rows:
        assert f"expect {name} = {value} " in spec, name


def test_files_and_folders_that_are_named_exist() -> None:
    for name, text in DOCS.items():
        for place in re.findall(r"`((?:src|specs|tests|grammar|docs)/[^`\s]*)`", text):
            if "<" in place:
                place = place.partition("<")[0]
            assert (ROOT / place).exists(), f"{name}: {place}"


def test_names_in_code_that_are_cited_exist() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for name in re.findall(r"`([A-Z_]{4,})`", DOCS["extending.md"]):
        assert re.search(rf"^{name}\b.* = ", code, re.MULTILINE), name


def test_links_lead_somewhere() -> None:
    for name, text in DOCS.items():
        for target in re.findall(r"\]\(([^)#\s]*(?:#[^)\s]*)?)\)", text):
            page, _, anchor = target.partition("#")
            assert (page or name) in DOCS, f"{name}: {target}"
            headings = re.findall(r"^#+ (.+)$", DOCS[page or name], re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
            assert not anchor or anchor in anchors, f"{name}: {target}"


def test_columns_of_the_python_tables_are_described() -> None:
    import numpy as np

    from carbonspec.econometrics.design import CovarianceChoice
    from carbonspec.econometrics.estimators import pooled
    from carbonspec.lang.spec import Spec, Study
    from carbonspec.report.run import ModelColumn, Provenance, Run
    from carbonspec.report.tidy import glance_rows, tidy_rows

    codes = np.repeat(np.arange(4), 3)
    periods = np.tile(np.arange(3), 4)
    x = np.arange(12.0) ** 1.5
    design = Design("y", x + periods, ("x",), x[:, None], Groups("id", codes, 4), Groups("time", periods, 3), True)
    column = ModelColumn("m", 1, "y", 1, "coast", 1.0, "", pooled.fit(design, CovarianceChoice("iid")))
    facts = Provenance("s.cspec", "", (), 1, "", 0.0, {}, 1, 0)
    run = Run(Spec(Study()), {"m": (column,)}, {}, (), (), (), (), None, facts)
    section = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", DOCS["results.md"], re.MULTILINE | re.DOTALL))
    assert set(tidy_rows((column,), run)[0]) <= quoted(section["tidy"])
    assert set(glance_rows((column,), run)[0]) <= quoted(section["glance"])
