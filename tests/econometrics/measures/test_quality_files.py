"""Customs records from files, batch by batch: the numbers of records in memory."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.econometrics.measures.customs_records import Records

from carbonspec.econometrics.measures import cells, customs, order_statistics, partitioned, repeats
from carbonspec.econometrics.measures.customs import in_memory
from carbonspec.econometrics.measures.partitioned import Names, ParquetFiles
from carbonspec.econometrics.measures.problems import MeasureError
from carbonspec.econometrics.measures.quality import Choices, export_quality
from carbonspec.econometrics.measures.screens import Screens

NAMES = Names("hs6", "province", "year", destination="to")
CHOICES = {
    "paper": {},
    "destinations": {"effects": "h + c^t"},
    "years, by product": {"effects": "h + t", "within": "h"},
    "screens": {"screens": Screens(trim=(0.05, 0.9), least_rows=12, least_quantity=0.5)},
    "base": {"effects": "h^t", "base": (2012,)},
}


@pytest.fixture
def small_batches(monkeypatch):
    """Batches of a few rows, and every table that is kept for a few cells only."""
    for module in (customs, partitioned):
        monkeypatch.setattr(module, "BATCH", 37)
    monkeypatch.setattr(order_statistics, "COLLECTED", 20)
    monkeypatch.setattr(order_statistics, "CELLS", 100)
    monkeypatch.setattr(cells, "DENSE", 3)
    monkeypatch.setattr(cells, "PENDING", 50)
    monkeypatch.setattr(repeats, "BITS", 3)
    monkeypatch.setattr(repeats, "SORTED", 60)


def as_table(records, product=None):
    return pa.table(
        {
            "hs6": records.names[records.product] if product is None else product,
            "province": [f"r{f}" for f in records.region],
            "year": records.year + 2012,
            "to": records.destination,
            "quantity": records.x,
            "value": records.v,
        }
    )


@pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)
def test_files_give_the_numbers_of_memory(choices, tmp_path, monkeypatch, request):
    records = Records(4, products=8, destinations=5, share=0.6)
    wanted = export_quality(records.customs(), Choices(records.table, **choices))
    table = as_table(records)
    pq.write_table(table, tmp_path / "all.parquet", row_group_size=50)
    request.getfixturevalue("small_batches")
    found = export_quality(ParquetFiles(tmp_path / "all.parquet", NAMES), Choices(records.table, **choices))
    np.testing.assert_allclose(found.values, wanted.values, atol=1e-10)
    for fact in ("rows", "left_out", "used", "alone", "lone_rows", "flat_rows", "weighted", "empty", "pairs"):
        assert getattr(found.report, fact) == getattr(wanted.report, fact)
    assert (found.regions, found.years) == (wanted.regions, wanted.years)
    if wanted.report.absorbed is not None:
        assert found.report.absorbed == pytest.approx(wanted.report.absorbed, rel=1e-9)


def test_several_files_with_other_kinds_of_columns(tmp_path):
    records = Records(6, products=8, destinations=3, share=0.8)
    table = as_table(records)
    numbers = pa.array(records.names[records.product].astype(np.int64))
    half = table.num_rows // 2
    pq.write_table(table.slice(0, half), tmp_path / "2012.parquet")
    pq.write_table(table.slice(half), tmp_path / "2013.parquet")
    wanted = export_quality(records.customs(), Choices(records.table)).values
    both = ParquetFiles([tmp_path / "2012.parquet", str(tmp_path / "2013.parquet")], NAMES)
    np.testing.assert_allclose(export_quality(both, Choices(records.table)).values, wanted, atol=1e-10)

    as_numbers = table.set_column(0, "hs6", numbers)
    as_numbers = as_numbers.set_column(4, "quantity", as_numbers["quantity"].cast(pa.float32()))
    as_numbers = as_numbers.set_column(1, "province", as_numbers["province"].dictionary_encode())
    pq.write_table(as_numbers, tmp_path / "numbers.parquet")
    found = export_quality(ParquetFiles(tmp_path / "numbers.parquet", NAMES), Choices(records.table))
    np.testing.assert_allclose(found.values, wanted, atol=1e-4)
    assert found.regions == ("r0", "r1", "r2", "r3")


def test_missing_keys_and_amounts_are_counted(tmp_path):
    records = Records(7, destinations=2, share=1.0)
    table = as_table(records)
    columns = {name: table[name].to_pylist() for name in table.column_names}
    columns["hs6"][0] = None
    columns["year"][1] = None
    columns["quantity"][2] = None
    columns["value"][3] = float("nan")
    columns["value"][4] = 0.0
    columns["quantity"][5] = -1.0
    columns["quantity"][6] = float("inf")
    pq.write_table(pa.table(columns), tmp_path / "holes.parquet")
    found = export_quality(ParquetFiles(tmp_path / "holes.parquet", NAMES), Choices(records.table))
    counts = {d.reason: d.rows for d in found.report.left_out}
    assert counts == {
        "key missing": 2,
        "quantity missing": 2,
        "value missing": 1,
        "value zero or negative": 1,
        "quantity zero or negative": 1,
    }
    assert found.report.used == len(records.x) - 7
    assert "N856" in {n.kind for n in found.notices}
    kept = in_memory(
        *([column[i] for i in range(7, len(records.x))] for name, column in columns.items() if name != "to"),
        destination=columns["to"][7:],
    )
    np.testing.assert_allclose(found.values, export_quality(kept, Choices(records.table)).values, atol=1e-10)


def test_frames_with_categories_that_do_not_occur():
    import pandas as pd

    records = Records(9)
    product = pd.Categorical(records.names[records.product], categories=["990000", *records.names])
    region = pd.Series([f"r{f}" for f in records.region])
    year = pd.Series(records.year, dtype="Int16") + 2012
    found = export_quality(in_memory(product, region, year, records.x, records.v), Choices(records.table))
    np.testing.assert_array_equal(found.values, export_quality(records.customs(), Choices(records.table)).values)


def refused(make):
    with pytest.raises(MeasureError) as problem:
        make()
    return problem.value


def test_files_that_cannot_be_used(tmp_path):
    records = Records(8)
    path = tmp_path / "a.parquet"
    pq.write_table(as_table(records), path)
    absent = refused(lambda: ParquetFiles(path, Names("hs8", "province", "year")))
    assert absent.code == "E858"
    assert "hs8" in absent.message
    assert refused(lambda: ParquetFiles(path, Names("hs6", "province", "year", quantity="province"))).code == "E858"
    assert refused(lambda: ParquetFiles(tmp_path / "none.parquet", NAMES)).code == "E858"
    (tmp_path / "text.parquet").write_text("hs6,year\n", encoding="utf-8")
    assert refused(lambda: ParquetFiles(tmp_path / "text.parquet", NAMES)).code == "E858"
    mixed = as_table(records).set_column(0, "hs6", pa.array(records.product))
    pq.write_table(mixed, tmp_path / "mixed.parquet")
    assert refused(lambda: ParquetFiles([path, tmp_path / "mixed.parquet"], NAMES)).code == "E859"
    assert refused(lambda: in_memory(["a", 1], ["r", "r"], [1, 1], [1, 1], [1, 1])).code == "E859"
    assert refused(lambda: in_memory(["a"], ["r", "r"], [1, 1], [1, 1], [1, 1])).code == "E859"
    assert refused(lambda: in_memory(["a"], ["r"], [1], ["many"], [1])).code == "E859"
