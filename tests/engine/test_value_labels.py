"""What a labelled file calls the values of a category stands in the rows of the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

import carbonspec as cs

SPEC = """data firms from "firms.dta"

panel firms
  id firm
  time year

model m: y ~ x + i(region) se iid
table 1: m
"""


def _write(folder: Path) -> Path:
    rng = np.random.default_rng(5)
    firm, year = np.repeat(np.arange(1, 31), 4), np.tile(np.arange(2001, 2005), 30)
    region = firm % 3 + 1
    x = rng.normal(size=firm.size)
    frame = pd.DataFrame({"firm": firm, "year": year, "region": region, "x": x, "y": x + region + rng.normal(size=120)})
    labels = {"region": {1: "East", 2: "Centre", 3: "West"}}
    pyreadstat.write_dta(frame, str(folder / "firms.dta"), variable_value_labels=labels)
    (folder / "s.cspec").write_text(SPEC, encoding="utf-8")
    return folder / "s.cspec"


def test_rows_of_a_category_carry_the_files_labels(tmp_path: Path) -> None:
    spec = _write(tmp_path)
    for _ in range(2):  # computed, then from the store
        table = str(cs.run(spec, out=tmp_path / "out").table("1"))
        assert "region: Centre" in table
        assert "region: West" in table


def test_levels_of_the_spec_go_before_them(tmp_path: Path) -> None:
    spec = _write(tmp_path)
    own = 'var region "Region" levels 1 "E", 2 "C", 3 "W"\n\nmodel m'
    spec.write_text(SPEC.replace("model m", own), encoding="utf-8")
    assert "Region: C" in str(cs.run(spec, out=tmp_path / "out").table("1"))
