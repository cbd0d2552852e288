"""The printed tables under specs/published: layout, printed digits, and sums that hold in print."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

REGRESSIONS = {
    "table_05_benchmark.csv": ["1", "2", "3", "4", "5"],
    "table_06_to_2018.csv": ["6", "7", "8", "9", "10"],
    "table_09_gmm.csv": ["GMM"],
    "table_10_coastal.csv": ["11", "12"],
    "table_11_belt_road.csv": ["13", "14"],
    "table_12_tech.csv": ["15", "16", "17"],
    "table_13_quality.csv": ["15", "18", "19"],
    "table_14_chain.csv": ["20", "21", "22"],
}


def _read(specs: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(specs / "published" / name, dtype=str, keep_default_na=False)


@pytest.mark.parametrize(("name", "columns"), REGRESSIONS.items(), ids=list(REGRESSIONS))
def test_regression_tables(specs: Path, name: str, columns: list[str]) -> None:
    table = _read(specs, name)
    assert list(table) == ["column", "outcome", "term", "estimate", "in_parentheses", "stars"]
    assert sorted(table.column.unique(), key=columns.index) == columns
    assert not table.duplicated(["column", "term"]).any()
    assert table.stars.isin(["", "*", "**", "***"]).all()
    for column in columns:
        assert {"Constant", "N", "R-squared", "Number of ids"} <= set(table[table.column == column].term)
    table.estimate.astype(float)


def test_printed_digits_are_kept(specs: Path) -> None:
    benchmark = _read(specs, "table_05_benchmark.csv").set_index(["column", "term"]).estimate
    assert benchmark["3", "Constant"] == "-76300.318"
    assert benchmark["2", "Rpc"] == "12862.790"


def test_summary_tables(specs: Path) -> None:
    descriptives = _read(specs, "table_03_descriptives.csv")
    assert list(descriptives) == ["variable", "n", "mean", "sd", "min", "max"]
    assert descriptives.variable.tolist() == ["Ce", "Open", "Quality", "Tech", "Rpc", "Gdp", "Ei", "Fin", "Ind"]
    by_year = _read(specs, "table_02_open_by_year.csv")
    assert list(by_year) == ["year", "mean", "sd", "min", "max"]
    yearly = by_year[by_year.year != "Total"].drop(columns="year").astype(float).mean()
    total = by_year[by_year.year == "Total"].iloc[0]
    assert [f"{yearly[c]:.2f}" for c in ("mean", "sd", "max")] == [total[c] for c in ("mean", "sd", "max")]


def test_all_fourteen_tables(specs: Path) -> None:
    names = sorted(path.name for path in (specs / "published").glob("*.csv"))
    assert [name[:8] for name in names] == [f"table_{i:02d}" for i in range(1, 15)]
    weights = _read(specs, "table_01_index_weights.csv").weight.astype(float)
    assert weights.sum() == pytest.approx(0.9999)
