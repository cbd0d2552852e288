"""Export quality of the simulated provinces against the column computed from the same records without carbonspec, and
against least squares of statsmodels on explicit dummies."""

import csv
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from carbonspec.econometrics.measures.customs import in_memory
from carbonspec.econometrics.measures.elasticities import sigma_table
from carbonspec.econometrics.measures.partitioned import Names, ParquetFiles
from carbonspec.econometrics.measures.quality import Choices, export_quality

DATA = Path(__file__).parents[3] / "specs" / "data"


def rows(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def sigma():
    table = rows("broda_weinstein.csv")
    return sigma_table([row["hs6"] for row in table], [float(row["sigma"]) for row in table])


@pytest.mark.parametrize("source", ["file", "memory"])
def test_ready_column(source, sigma):
    if source == "file":
        customs = ParquetFiles(DATA / "customs.parquet", Names("hs6", "province", "year"))
    else:
        table = pq.read_table(DATA / "customs.parquet")
        customs = in_memory(*(table[name] for name in ("hs6", "province", "year", "quantity", "value")))
    found = export_quality(customs, Choices(sigma))
    ready = {(row["province"], int(row["year"])): row["Quality"] for row in rows("provinces.csv") if row["Quality"]}
    assert len(ready) == found.values.size == 270
    for (province, year), text in ready.items():
        value = found.values[found.regions.index(province), found.years.index(year)]
        digits = len(text.partition(".")[2])
        assert abs(value - float(text)) <= 0.5 * 10.0**-digits + 1e-14, (province, year)
    assert found.report.largest_mean < 1e-12
    assert found.report.used == found.report.weighted == 32333


def test_statsmodels_on_dummies(sigma):
    import statsmodels.api as sm

    from carbonspec.econometrics.measures.demand import demand_residuals

    table = pq.read_table(DATA / "customs.parquet").to_pandas()
    table = table[table["hs6"].isin(sorted(table["hs6"].unique())[:12])].reset_index(drop=True)
    y = np.log(table["quantity"]) + table["hs6"].map(sigma) * np.log(table["value"] / table["quantity"])
    p, products = table["hs6"].factorize()
    g, markets = (table["province"] + table["year"].astype(str)).factorize()
    X = np.hstack([np.eye(len(products))[p], np.eye(len(markets))[g][:, 1:]])
    wanted = sm.OLS(y.to_numpy(), X).fit().resid
    found = demand_residuals(y.to_numpy(), p, g, len(products), len(markets))
    np.testing.assert_allclose(found.values, wanted, atol=1e-10)
