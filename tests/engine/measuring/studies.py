"""Small studies with measures, made from text and tables."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.engine.studies import column_of

from carbonspec.diagnostics.model import DataError, Diagnostic
from carbonspec.econometrics import catalogue as econometrics
from carbonspec.engine.frame import PanelData, assemble
from carbonspec.engine.table import TableData
from carbonspec.lang.parse import parse
from carbonspec.lang.resolve.study import resolve
from carbonspec.report import catalogue as report
from carbonspec.signature import Catalogue
from carbonspec.source import Source

CATALOGUE = Catalogue((*econometrics.ENTRIES, *report.ENTRIES))
Rows = Mapping[str, list[object]]

UNITS = ("A", "B", "C")
YEARS = (2010, 2011, 2012, 2013)
KEYS: dict[str, list[object]] = {
    "unit": [unit for unit in UNITS for _ in YEARS],
    "year": [year for _ in UNITS for year in YEARS],
}


def panel_of(measures: str, *, where: str = "", joins: str = "", more: str = "", **tables: Rows) -> PanelData:
    """A panel `firms` of three units and four years, with further tables as given."""
    given: dict[str, Rows] = {"firms": {**KEYS, **tables.pop("firms", {})}, **tables}
    text = "".join(f'data {name} from "{name}.csv"\n' for name in given)
    text += f"panel firms\n  id unit\n  time year\n{joins}{where}{more}{measures}"
    parsed = parse(Source("study.cspec", text))
    assert not parsed.diagnostics, [d.message for d in parsed.diagnostics]
    found = resolve(parsed.value, CATALOGUE, {name: tuple(rows) for name, rows in given.items()})
    assert found.ok, [(d.code, d.message) for d in found.diagnostics]
    read = {
        name: TableData(
            name, {key: column_of(list(cells)) for key, cells in rows.items()}, len(next(iter(rows.values())))
        )
        for name, rows in given.items()
    }
    return assemble(found.value, read)


def refused(data: PanelData, name: str) -> Diagnostic:
    """The one error of a measure that cannot be made."""
    with pytest.raises(DataError) as caught:
        data.column(name)
    (found,) = caught.value.diagnostics
    return found


def told(data: PanelData, name: str) -> dict[str, Diagnostic]:
    """What making a measure told, by code."""
    data.column(name)
    return {notice.code: notice for notice in data.notices}
