"""The simulated panel as a reader of the files would see it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

SPECS = Path(__file__).parents[2] / "specs"


@pytest.fixture(scope="session")
def specs() -> Path:
    return SPECS


@pytest.fixture(scope="session")
def provinces() -> pd.DataFrame:
    return pd.read_csv(SPECS / "data" / "provinces.csv")


@pytest.fixture(scope="session")
def energy() -> pd.DataFrame:
    return pd.read_parquet(SPECS / "data" / "energy.parquet")


@pytest.fixture(scope="session")
def customs() -> pd.DataFrame:
    return pd.read_parquet(SPECS / "data" / "customs.parquet")


@pytest.fixture(scope="session")
def sigma() -> pd.DataFrame:
    return pd.read_csv(SPECS / "data" / "broda_weinstein.csv", dtype={"hs6": str})


@pytest.fixture(scope="session")
def sample(provinces: pd.DataFrame, energy: pd.DataFrame) -> pd.DataFrame:
    """270 rows with the controls, winsorized at 1 and 99 per cent (numpy's averaged inverted CDF is type 2)."""
    d = provinces.merge(energy[["province", "year", "electricity"]], on=["province", "year"])
    d = d.query("year >= 2012").copy()
    d["Rpc"] = np.log(d.electricity)
    d["Ei"] = d.energy_use / d.gdp
    d["Fin"] = d.budget_expenditure / d.gdp
    d["Gdp"] = d.gdp / d.population
    d["Ind"] = d.tertiary / d.gdp
    for name in ("Ce", "Open", "Quality", "Tech", "Rpc", "Ei", "Fin", "Gdp", "Ind"):
        low, high = np.quantile(d[name], [0.01, 0.99], method="averaged_inverted_cdf")
        d[name] = d[name].clip(low, high)
    return d.reset_index(drop=True)
