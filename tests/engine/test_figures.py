"""The numbers of figures, on the panel's sample."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.engine.measuring.studies import panel_of

from carbonspec.diagnostics.model import DataError
from carbonspec.engine.figures import figure_data
from carbonspec.report.run import FigureData

X: list[object] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, None, 8.0, 9.0, 10.0, 11.0, 12.0]
COAST: list[object] = [1.0] * 4 + [0.0] * 8


def shown(line: str, where: str = "", name: str = "x") -> FigureData:
    more = 'var coast levels 1 "Coast", 0 "Inland"\n'
    data = panel_of(f"figure 1: {line}\n", where=where, more=more, firms={name: X, "z": X, "coast": COAST})
    return figure_data(data, data.spec.figures[0])


def test_a_map_has_every_unit_of_the_sample_at_each_period() -> None:
    found = shown("map(x) at 2012, 2010")
    assert [series.title for series in found.series] == ["2012", "2010"]
    assert [series.names for series in found.series] == [("A", "B", "C")] * 2
    assert found.series[1].values == (1.0, 5.0, 9.0)
    assert found.series[0].values[0] == 3
    assert math.isnan(found.series[0].values[1])
    assert [series.title for series in shown("map(x)").series] == ["2013"]


def test_units_and_periods_outside_the_sample_do_not_show() -> None:
    found = shown("map(x) at 2011", '  where year < 2012 and unit != "C"\n')
    assert found.series[0].names == ("A", "B")
    with pytest.raises(DataError) as caught:
        shown("map(x) at 2011, 2012, 2013", "  where year < 2012\n")
    (problem,) = caught.value.diagnostics
    assert problem.code == "E450"
    assert "2012, 2013" in problem.message
    assert "from 2010 to 2011" in problem.message


def test_a_trend_is_the_mean_with_the_middle_half() -> None:
    (line,) = shown("trend(x)").series
    assert line.names == ("2010", "2011", "2012", "2013")
    np.testing.assert_allclose(line.values, [5, 6, 7, 8])
    np.testing.assert_allclose(line.low, [1, 2, 3, 4])  # type 2 quartiles of three, or of two at 2012
    np.testing.assert_allclose(line.high, [9, 10, 11, 12])


def test_a_trend_of_several_or_by_groups_in_the_order_of_levels() -> None:
    found = shown("trend(x, z) at 2010..2011")
    assert [(series.title, series.names) for series in found.series] == [(t, ("2010", "2011")) for t in ("x", "z")]
    found = shown("trend(x) by coast")
    assert [series.title for series in found.series] == ["1", "0"]
    np.testing.assert_allclose(found.series[1].values, [7, 8, 11, 10])
