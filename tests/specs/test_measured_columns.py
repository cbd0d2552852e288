"""The measures of the paper's spec equal the ready columns of provinces.csv, which other code computed."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from carbonspec import api
from carbonspec.engine.deferred import DeferredColumns, deferred
from carbonspec.engine.frame import PanelData, assemble
from carbonspec.engine.read import read
from carbonspec.lang.spec import Spec

MEASURES = ("Ce", "Open", "Quality", "Tech")


@pytest.fixture(scope="module")
def spec(specs: Path) -> Spec:
    study = api.check(str(specs / "paper.cspec"))
    assert study.ok
    return study.spec.replace(winsorizing=())


@pytest.fixture(scope="module")
def written(specs: Path) -> list[dict[str, str]]:
    with (specs / "data" / "provinces.csv").open(encoding="utf-8") as file:
        return sorted(csv.DictReader(file), key=lambda row: (row["province"], row["year"]))


def panel(spec: Spec, specs: Path, *, whole: bool) -> PanelData:
    """The paper's panel, its customs records read whole or batch by batch."""
    tables = {}
    for table in sorted(spec.data, key=lambda table: len(table.joins)):
        later = None if whole or table.name != "customs" else deferred(table, str(specs), (), tables)
        tables[table.name] = later or read(table, str(specs), (), tables)
    return assemble(spec, tables)


@pytest.fixture(scope="module")
def data(spec: Spec, specs: Path) -> PanelData:
    return panel(spec, specs, whole=False)


@pytest.mark.parametrize("name", MEASURES)
def test_measured_columns_are_the_ready_ones(data: PanelData, written: list[dict[str, str]], name: str) -> None:
    found = data.column(name)
    assert len(found) == len(written) == 330
    for value, row in zip(found, written, strict=True):
        text = row[name]
        if not text:
            assert np.isnan(value)
            continue
        digits = len(text.partition(".")[2])
        assert value == pytest.approx(float(text), abs=0.51 * 10.0**-digits, rel=1e-12), row["province"]


def test_customs_are_read_in_batches_and_whole_alike(data: PanelData, spec: Spec, specs: Path) -> None:
    records = data.tables["customs"].columns
    assert isinstance(records, DeferredColumns)
    data.column("Quality")
    assert records.waiting  # nothing else asked for a cell
    both = panel(spec, specs, whole=True)
    np.testing.assert_allclose(data.column("Quality"), both.column("Quality"), rtol=1e-12)
    assert data.measure_report("Quality").notes == both.measure_report("Quality").notes


def test_a_cell_that_something_else_reads_brings_the_whole_table(spec: Spec, specs: Path) -> None:
    data = panel(spec, specs, whole=False)
    from carbonspec.lang.spec import Apply, Ref

    found = data.evaluate(Apply("count", (Ref("value", table="customs"),)))
    assert found.sum() == 32_333
    assert not isinstance(data.tables["customs"].columns, DeferredColumns)
    assert "join customs on province, year" in [entry.step for entry in data.ledger()]


def test_weights_are_the_printed_ones(data: PanelData, specs: Path) -> None:
    with (specs / "published" / "table_01_index_weights.csv").open(encoding="utf-8") as file:
        printed = list(csv.DictReader(file))
    found = data.measure_report("Open").weights
    assert [line.group_label for line in found] == [row["group"] for row in printed]
    np.testing.assert_allclose([w.weight for w in found], [float(r["weight"]) for r in printed], atol=0.51e-4)
    assert sum(w.within_share for w in found) == pytest.approx(1)
    top = max(found, key=lambda w: w.within_share)
    assert top.indicator == "free_trade_zone"
    assert top.within_share > 0.9


def test_what_was_done_stands_in_the_ledger_and_the_notes(data: PanelData) -> None:
    for name in MEASURES:
        data.column(name)
    steps = {entry.step: entry for entry in data.ledger()}
    quality = steps["measure Quality"]
    assert (quality.rows_before, quality.rows_after) == (32_333, 32_333)
    assert "11 fuels and 3 other components, factors ipcc2006" in steps["measure Ce"].reason
    notes = data.measure_report("Ce").notes
    assert any("IPCC 2006 Guidelines" in note for note in notes)
    assert any(note.startswith("of the sample's total: raw_coal") for note in notes)
    assert any("at prices of 2010" in note for note in data.measure_report("Tech").notes)
