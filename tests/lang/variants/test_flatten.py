"""A variant as one file means what the chain of files means."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lang.golden import tree

from carbonspec.api import catalogue
from carbonspec.lang.parse import parse
from carbonspec.lang.resolve.study import resolve
from carbonspec.lang.resolve.tables import declared_tables
from carbonspec.lang.unparse import unparse
from carbonspec.lang.variants.chain import parse_whole
from carbonspec.lang.variants.flatten import flatten
from carbonspec.planner.fingerprint import fingerprint
from carbonspec.source import Source, as_written, from_folder

ROOT = Path(__file__).parents[3] / "specs"
VARIANTS = sorted((ROOT / "variants").glob("*.cspec"))


def whole(path: Path):
    checked = parse_whole(Source(str(path), path.read_text(encoding="utf-8")), lambda name: Path(name).read_bytes())
    assert checked.ok
    return checked.value


def meaning(file):
    columns = {table.name: None for table in declared_tables(file)}
    checked = resolve(file, catalogue(), columns, outside=True)
    assert checked.ok, checked.diagnostics
    return checked.value


def test_there_are_variants() -> None:
    assert len(VARIANTS) >= 4


@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.stem)
def test_flattened_it_means_the_same(path: Path) -> None:
    file = whole(path)
    text = flatten(file)
    flat = parse(Source(str(path), text))
    assert flat.ok
    assert unparse(flat.value) == text
    before, after = meaning(file), meaning(flat.value)
    assert before == after
    assert fingerprint(before) == fingerprint(after)


@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.stem)
def test_it_says_first_why_it_is_there(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")
    assert flatten(whole(path)).startswith(path.read_text(encoding="utf-8").partition("\n")[0])


def test_a_spec_that_extends_nothing_is_only_formatted() -> None:
    path = ROOT / "paper.cspec"
    assert flatten(whole(path)) == path.read_text(encoding="utf-8")


def test_every_path_is_rewritten_and_nothing_else() -> None:
    text = (
        'data a from "data/a.csv"\ndata b from package("statsmodels:grunfeld")\n'
        'table 1 "data/a.csv": m\n  published "published/t1.csv"\nfigure 1: map(x) shapes "../shapes/cn.geojson"\n'
    )
    source = Source("old/base.cspec", text, "../old", 1)
    got = flatten(parse(source).value)
    assert 'data a from "../old/data/a.csv"' in got
    assert 'package("statsmodels:grunfeld")' in got
    assert 'table 1 "data/a.csv": m\n  published "../old/published/t1.csv"' in got
    assert 'shapes "../shapes/cn.geojson"' in got
    moved = flatten(parse(source).value, "specs")
    assert 'from "old/data/a.csv"' in moved


@pytest.mark.parametrize("folder", ["", "..", "sub", "../old", "../../a/b"])
@pytest.mark.parametrize("path", ["a.csv", "data/a.csv", "data/*.parquet", "../a.csv", "/abs/a.csv"])
def test_paths_go_there_and_back(folder: str, path: str) -> None:
    if folder and path == "../a.csv":
        return  # which way up it went is lost, and it is refused anyhow
    assert as_written(folder, from_folder(folder, path)) == path


def test_a_path_that_leads_up_stays_one_that_does() -> None:
    for folder in ("..", "sub", "../old", "../../a/b"):
        assert as_written(folder, from_folder(folder, "../x.csv")).startswith("../")


def test_tree_of_the_short_form_has_no_parts() -> None:
    assert tree("var a = 1\n").parts == ()
