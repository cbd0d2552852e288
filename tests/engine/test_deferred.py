"""Customs records in Parquet files: read in batches while only a measure needs them; what is wrong told in place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from carbonspec import api
from carbonspec.diagnostics.model import DataError

SPEC = """data firms from "firms.csv"
data customs from "customs{glob}.parquet"
  text hs6
  join broda on hs6
data broda from "broda.csv"
  text hs6
panel firms
  id unit
  time year
  join customs on unit, year
measure Q = quality(customs)
  product hs6
  quantity kg
  value usd
  sigma {sigma}
table 1: summary(Q{more})
{var}"""
UNITS, YEARS, CODES = ("A", "B", "C"), (2010, 2011, 2012), ("010110", "020220", "270900", "850110")


def records() -> pa.Table:
    draw = np.random.default_rng(3)
    rows = [(u, y, h) for u in UNITS for y in YEARS for h in CODES]
    return pa.table(
        {
            "unit": [u for u, _, _ in rows],
            "year": [y for _, y, _ in rows],
            "hs6": [h for _, _, h in rows],
            "kg": draw.lognormal(3, 1, len(rows)),
            "usd": draw.lognormal(5, 1, len(rows)),
            "own": [2.0 + CODES.index(h) for _, _, h in rows],
            "simulated": ["made up"] * len(rows),
        }
    )


def write(folder: Path, table: pa.Table, *, sigma: str = "sigma", glob: str = "", more: str = "", var: str = "") -> str:
    spec = folder / "s.cspec"
    spec.write_text(SPEC.format(sigma=sigma, glob=glob, more=more, var=var), encoding="utf-8")
    lines = [f"{u},{y}" for u in UNITS for y in YEARS]
    (folder / "firms.csv").write_text("unit,year\n" + "\n".join(lines) + "\n", encoding="utf-8")
    codes = [f"{h},{2 + i}" for i, h in enumerate(CODES)]
    (folder / "broda.csv").write_text("hs6,sigma\n" + "\n".join(codes) + "\n", encoding="utf-8")
    if glob:
        half = table.num_rows // 2
        parquet.write_table(table.slice(0, half), folder / "customs1.parquet")
        parquet.write_table(table.slice(half), folder / "customs2.parquet")
    else:
        parquet.write_table(table, folder / "customs.parquet")
    return str(spec)


def cells(path: str) -> tuple[tuple[float, ...], ...]:
    return api.run(path, out=Path(path).parent / "out", fresh=True).run.descriptions["table 1 item 0"].cells


@pytest.mark.parametrize("sigma", ["sigma", "own", "broda.sigma", "broda.sigma on hs6"])
def test_every_way_to_an_elasticity_gives_the_same(tmp_path: Path, sigma: str) -> None:
    whole = cells(write(tmp_path, records(), more=", n", var="var n = count(customs.kg)\n"))
    found = cells(write(tmp_path, records(), sigma=sigma))
    np.testing.assert_allclose(found[0], whole[0], rtol=1e-12)


def test_several_files_are_one_table_and_say_that_they_are_simulated(tmp_path: Path) -> None:
    alone = cells(write(tmp_path, records()))
    path = write(tmp_path, records(), glob="?")
    np.testing.assert_allclose(cells(path)[0], alone[0], rtol=1e-12)
    run = api.run(path, out=tmp_path / "out").run
    assert run.simulated == "made up"
    files = {file.name: file.rows for file in run.provenance.data}
    assert (files["customs1.parquet"], files["customs2.parquet"]) == (18, 18)
    assert "data customs" in [entry.step for entry in run.ledger]


def changed(table: pa.Table, name: str, values: list[object]) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, pa.array(values))


@pytest.mark.parametrize(
    ("name", "values", "code", "place"),
    [
        ("kg", None, "E408", "kg"),
        ("kg", ["x"] * 36, "E858", "kg"),
        ("unit", list(range(36)), "E412", "join customs on unit, year"),
        ("unit", None, "E408", "join customs on unit, year"),
        ("own", [0.5] * 36, "E852", "own"),
        ("own", [None] * 36, "E851", "own"),
        ("own", [float(i + 2) for i in range(36)], "E853", "own"),
        ("hs6", ["010110"] * 36, "E850", "hs6"),
        ("usd", [-1.0] * 36, "E855", "usd"),
    ],
)
def test_what_is_wrong_is_told_on_its_line(
    tmp_path: Path, name: str, values: list[object] | None, code: str, place: str
) -> None:
    table = records().drop_columns([name]) if values is None else changed(records(), name, values)
    with pytest.raises(DataError) as caught:
        cells(write(tmp_path, table, sigma="3" if name == "hs6" else "own"))
    found = next(d for d in caught.value.diagnostics if d.code == code)
    assert found.span is not None
    assert found.span.text == place
    assert str(tmp_path) not in found.message


def test_files_that_differ_or_are_damaged(tmp_path: Path) -> None:
    path = write(tmp_path, records(), glob="?")
    parquet.write_table(records().drop_columns(["usd"]), tmp_path / "customs2.parquet")
    with pytest.raises(DataError, match="E405"):
        cells(path)
    path = write(tmp_path, records())
    (tmp_path / "customs.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="E403"):
        cells(path)
