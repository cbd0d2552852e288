"""Which specs a spec may extend, and what these may read: what a stranger's spec could try."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from carbonspec import api
from carbonspec.engine.bases import base_reader
from carbonspec.engine.paths import locate
from carbonspec.lang.variants.chain import Unreadable

BASE = """\
data firms from "data/firms.csv"
panel firms
  id firm
  time year
model m: y ~ x | fe(id, year)
table 1: m
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A repository `repo` with specs and variants, and a private spec beside it."""
    for folder in ("repo/.git", "repo/specs/variants", "repo/specs/data", "private/data"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("repo/specs", "private"):
        (tmp_path / folder / "paper.cspec").write_text(BASE)
        (tmp_path / folder / "data/firms.csv").write_text("firm,year,x,y\n1,2001,1,2\n")
    (tmp_path / "private/secret.csv").write_text("a\n1\n")
    return tmp_path


def said(spec: Path, text: str, *allowed: Path) -> list[str]:
    spec.write_text(text)
    return [d.code for d in api.check(str(spec), allowed=tuple(map(str, allowed))).diagnostics if d.severity == "error"]


def test_a_base_above_is_read_inside_the_repository(place: Path) -> None:
    variant = place / "repo/specs/variants/v.cspec"
    assert said(variant, 'extends "../paper.cspec"\n') == []
    study = api.check(str(variant))
    (table,) = study.spec.data
    assert table.location == "../data/firms.csv"
    ((name, path),) = locate(table, study.folder)
    assert (name, Path(path)) == ("../data/firms.csv", place / "repo/specs/data/firms.csv")


def test_a_base_outside_the_repository_is_refused_and_can_be_allowed(place: Path) -> None:
    variant = place / "repo/specs/v.cspec"
    text = 'extends "../../private/paper.cspec"\n'
    assert said(variant, text) == ["E251"]
    assert said(variant, text, place / "private") == []


def test_without_a_repository_only_what_lies_below_is_read(place: Path) -> None:
    (place / "repo/.git").rmdir()
    assert said(place / "repo/specs/variants/v.cspec", 'extends "../paper.cspec"\n') == ["E251"]
    assert said(place / "repo/v.cspec", 'extends "specs/paper.cspec"\n') == []


def test_a_link_out_of_the_repository_is_refused(place: Path) -> None:
    os.symlink(place / "private", place / "repo/specs/near")
    os.symlink(place / "private/paper.cspec", place / "repo/specs/linked.cspec")
    os.symlink(place / "repo/specs/data/firms.csv", place / "repo/specs/data.cspec")
    for name in ("near/paper.cspec", "linked.cspec", "data.cspec"):
        assert said(place / "repo/specs/v.cspec", f'extends "{name}"\n') == ["E251"], name


def test_a_file_that_is_no_spec_is_never_opened(place: Path) -> None:
    assert said(place / "repo/specs/v.cspec", 'extends "../.git/config"\n') == ["E250"]
    with pytest.raises(Unreadable):
        base_reader(str(place / "repo/specs/v.cspec"))(str(place / "repo/specs/data/firms.csv"))


def test_a_base_reads_below_its_own_folder_alone(place: Path) -> None:
    for written in ("../../private/secret.csv", "../specs/data/firms.csv", str(place / "private/secret.csv")):
        (place / "repo/specs/paper.cspec").write_text(BASE.replace("data/firms.csv", written))
        assert "E230" in said(place / "repo/specs/variants/v.cspec", 'extends "../paper.cspec"\n'), written


def test_a_variant_gains_nothing_from_where_its_base_lies(place: Path) -> None:
    text = 'extends "../paper.cspec"\ndata firms from "../data/firms.csv"\n'
    assert said(place / "repo/specs/variants/v.cspec", text) == ["E230"]
    assert said(place / "repo/specs/variants/v.cspec", text, place / "repo/specs") == []


def test_a_glob_and_a_link_of_a_base_stay_below_its_folder(place: Path) -> None:
    variant = place / "repo/specs/variants/v.cspec"
    (place / "repo/specs/paper.cspec").write_text(BASE.replace("data/firms.csv", "data/*.csv"))
    assert said(variant, 'extends "../paper.cspec"\n') == []
    study = api.check(str(variant))
    assert [name for name, _ in locate(study.spec.data[0], study.folder)] == ["../data/firms.csv"]
    os.symlink(place / "private/secret.csv", place / "repo/specs/data/more.csv")
    study = api.check(str(variant))
    assert any(d.code == "N607" and "link" in d.message for d in study.diagnostics)


def test_a_name_that_is_close_is_offered(place: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        base_reader(str(place / "repo/specs/v.cspec"))(str(place / "repo/specs/papr.cspec"))
    assert caught.value.helps == ("did you mean `paper.cspec`?",)
