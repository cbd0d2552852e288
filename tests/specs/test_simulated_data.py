"""The simulated tables: shape, stamp, moments near the printed ones, the printed regressions' pattern,
regeneration."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

ALL = ["Open", "Rpc", "Ei", "Fin", "Gdp", "Ind"]


def test_every_table_says_that_it_is_simulated(provinces, energy, customs, sigma) -> None:
    for table in (provinces, energy, customs, sigma):
        assert table.simulated.unique().tolist() == [
            "simulated by specs/data/simulate.py, seed 20250521; not the authors' data"
        ]


def test_keys_and_membership(provinces, energy, customs, sigma) -> None:
    assert len(provinces) == len(energy) == 330
    for table in (provinces, energy):
        assert not table.duplicated(["province", "year"]).any()
    assert not customs.duplicated(["hs6", "province", "year"]).any()
    one = provinces.drop_duplicates("province")
    assert (len(one), one.coastal.sum(), one.belt_road.sum()) == (30, 11, 15)
    assert set(customs.hs6) <= set(sigma.hs6)
    assert customs.hs6.str.fullmatch(r"\d{6}").all()
    assert customs.hs6.str.startswith("0").any()
    assert (sigma.sigma > 1).all()
    assert (customs[["quantity", "value"]] > 0).all().all()


def test_trade_zones_have_the_real_dates(provinces) -> None:
    zones = provinces.groupby("year").free_trade_zone.sum()
    assert zones.tolist() == [0, 0, 0, 1, 1, 4, 4, 11, 12, 18, 21]
    assert (provinces.sort_values("year").groupby("province").free_trade_zone.diff().dropna() >= 0).all()
    first = provinces[provinces.free_trade_zone == 1].groupby("province").year.min()
    assert first["Shanghai"] == 2013
    assert first["Hainan"] == 2018
    assert set(first[first == 2020].index) == {"Beijing", "Hunan", "Anhui"}


def test_raw_inputs_are_positive(provinces, energy) -> None:
    assert (provinces.drop(columns=["province", "province_zh", "simulated", "Quality"]) >= 0).all().all()
    assert (energy.drop(columns=["province", "grid", "simulated"]) > 0).all().all()
    assert provinces.Open.between(0, 1).all()
    assert (provinces.tertiary < provinces.gdp).all()


def test_descriptives_near_table_3(sample, specs: Path) -> None:
    printed = pd.read_csv(specs / "published" / "table_03_descriptives.csv").set_index("variable")
    for name, row in printed.iterrows():
        x = sample[name]
        assert len(x) == row["n"]
        assert x.mean() == pytest.approx(row["mean"], rel=0.05)
        assert x.std() == pytest.approx(row["sd"], rel=0.08)
        assert x.max() == pytest.approx(row["max"], rel=0.15)
        assert abs(x.min() - row["min"]) < 0.8 * row["sd"]


def test_opening_by_year_near_table_2(provinces, specs: Path) -> None:
    printed = pd.read_csv(specs / "published" / "table_02_open_by_year.csv").set_index("year")
    by_year = provinces[provinces.year >= 2012].groupby("year").Open.agg(["mean", "std", "min", "max"])
    for year, row in by_year.iterrows():
        assert abs(row["mean"] - printed.loc[str(year), "mean"]) < 0.03
        assert abs(row["std"] - printed.loc[str(year), "sd"]) < 0.04
        assert abs(row["max"] - printed.loc[str(year), "max"]) < 0.06
    assert abs(by_year["std"].mean() - printed.loc["Total", "sd"]) < 0.02


def _two_way(d: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Ce on names with dummies for province and year; t by province clusters, factor G/(G-1) (n-1)/(n-k-T)."""
    n, G, T = len(d), d.province.nunique(), d.year.nunique()
    dummies = pd.get_dummies(d.province).join(pd.get_dummies(d.year).iloc[:, 1:]).astype(float).to_numpy()
    x = d[names].to_numpy()
    x = x - dummies @ np.linalg.lstsq(dummies, x, rcond=None)[0]
    y = d.Ce.to_numpy() - dummies @ np.linalg.lstsq(dummies, d.Ce.to_numpy(), rcond=None)[0]
    bread = np.linalg.inv(x.T @ x)
    b = bread @ x.T @ y
    e = y - x @ b
    scores = pd.DataFrame(x * e[:, None]).groupby(d.province.to_numpy()).sum().to_numpy()
    v = bread @ scores.T @ scores @ bread * G / (G - 1) * (n - 1) / (n - len(names) - T)
    t = b / np.sqrt(np.diag(v))
    return pd.DataFrame({"b": b, "t": t, "p": 2 * stats.t.sf(np.abs(t), G - 1)}, index=names)


def _stars(p: float) -> str:
    return "***" if p <= 0.01 else "**" if p <= 0.05 else "*" if p <= 0.1 else ""


COLUMNS = [
    *(("table_05_benchmark.csv", str(k + 1), ALL[: k + 2], "year > 0") for k in range(5)),
    *(("table_06_to_2018.csv", str(k + 6), ALL[: k + 2], "year <= 2018") for k in range(5)),
    ("table_10_coastal.csv", "11", ALL, "coastal == 0"),
    ("table_10_coastal.csv", "12", ALL, "coastal == 1"),
    ("table_11_belt_road.csv", "13", ALL, "belt_road == 1"),
    ("table_11_belt_road.csv", "14", ALL, "belt_road == 0"),
]


@pytest.mark.parametrize(("file", "column", "names", "rows"), COLUMNS, ids=[c[1] for c in COLUMNS])
def test_opening_as_in_the_printed_column(
    sample, specs: Path, file: str, column: str, names: list[str], rows: str
) -> None:
    table = pd.read_csv(specs / "published" / file, dtype=str, keep_default_na=False)
    printed = table[table.column == column].set_index("term")
    d = sample.query(rows)
    assert len(d) == int(printed.estimate["N"])
    assert d.province.nunique() == int(printed.estimate["Number of ids"])
    fit = _two_way(d, names)
    assert fit.b["Open"] == pytest.approx(float(printed.estimate["Open"]), rel=0.15)
    assert _stars(fit.p["Open"]) == printed.stars["Open"]
    assert fit.b["Rpc"] == pytest.approx(float(printed.estimate["Rpc"]), rel=0.5)


def test_controls_have_the_printed_signs(sample) -> None:
    fit = _two_way(sample, ALL)
    assert fit.b["Open"] == pytest.approx(-3641.121, rel=0.005)
    assert fit.t["Rpc"] > 3
    assert (fit.b[["Fin", "Gdp", "Ind"]] < 0).all()
    assert fit.b["Ei"] > 0


def _write(specs: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    monkeypatch.setattr(sys, "argv", ["simulate.py", "--out", str(folder)])
    monkeypatch.syspath_prepend(str(specs / "data"))
    runpy.run_path(str(specs / "data" / "simulate.py"), run_name="__main__")


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.read_csv(path, dtype={"hs6": str})


def test_writing_again_gives_the_same_tables(specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(specs, tmp_path / "one", monkeypatch)
    _write(specs, tmp_path / "two", monkeypatch)
    for name in ("provinces.csv", "broda_weinstein.csv", "energy.parquet", "customs.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
        # another machine's linear algebra may turn a rounding in the last written digit
        pd.testing.assert_frame_equal(_read(tmp_path / "one" / name), _read(specs / "data" / name), rtol=2e-5)
