"""Whatever the panel, a test gives finite numbers or says why not: a code, an exclusion, a notice."""

import math

import numpy as np
import pytest
from tests.econometrics.hypothesis_tests.battery import BATTERY, walks

from carbonspec.diagnostics.codes.all import CODES
from carbonspec.econometrics.hypothesis_tests.results import TestReport
from carbonspec.econometrics.results import EstimationError

PANELS = {
    "plain": {},
    "holes": {"holes": 0.1},
    "missing": {"missing": 0.05},
    "constant units": {"constant": 3},
    "short units": {"short": 3},
    "everything": {"holes": 0.08, "missing": 0.02, "constant": 2, "short": 2, "n_ids": 14},
    "two units": {"n_ids": 2},
    "three units, one constant": {"n_ids": 3, "constant": 1},
    "one unit": {"n_ids": 1},
    "as in the paper": {"n_ids": 30, "n_periods": 9},
    "seven periods": {"n_periods": 7},
    "three periods": {"n_periods": 3},
    "one period": {"n_periods": 1},
    "all constant": {"constant": 8},
    "explosive": {"rho": 1.6},
    "long": {"n_ids": 5, "n_periods": 60, "rho": 1.0},
}


def check(report: TestReport) -> None:
    assert report.rows
    assert sum(row.default for row in report.rows) >= 1
    assert all(np.isfinite(values).all() for values in report.by_unit.values())
    assert all(np.isfinite(values).all() for values in report.draws.values())
    for row in report.rows:
        assert math.isfinite(row.value), row
        assert all(math.isfinite(number) for number in row.details.values()), row
        assert all(math.isfinite(df) for df in row.df)
        assert row.null
        assert row.n_units >= 1
        assert {notice.kind for notice in row.notices} <= set(CODES)
        if row.p_value is None:
            told = any(notice.kind == "W528" for notice in row.notices)
            assert row.p_bounds is not None or row.reference == "none" or told
        else:
            assert 0 <= row.p_value <= 1
        if row.excluded:
            assert any(notice.kind == "W520" and f"N = {row.n_units}" in notice.message for notice in row.notices)


@pytest.mark.parametrize("test", BATTERY)
@pytest.mark.parametrize("panel", PANELS)
def test_numbers_or_reasons(panel, test):
    for seed in range(2):
        data = walks(seed=seed, **PANELS[panel])
        try:
            report = BATTERY[test](data)
        except EstimationError as problem:
            assert problem.code in CODES  # noqa: PT017
            assert problem.message  # noqa: PT017
            assert "nan" not in problem.message  # noqa: PT017
        else:
            check(report)


@pytest.mark.parametrize("test", BATTERY)
def test_a_plain_panel_is_tested(test):
    check(BATTERY[test](walks(n_ids=10, n_periods=20)))


@pytest.mark.parametrize("test", BATTERY)
def test_the_order_of_rows_does_not_matter(test):
    data = walks(n_ids=10, n_periods=20)
    order = np.random.default_rng(5).permutation(len(data["id"]))
    there = BATTERY[test](data)
    back = BATTERY[test]({key: values[order] for key, values in data.items()})
    for a, b in zip(there.rows, back.rows, strict=True):
        assert a.value == pytest.approx(b.value, rel=1e-7, abs=1e-9)
        assert (a.p_value or 0) == pytest.approx(b.p_value or 0, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("test", BATTERY)
def test_units_of_measurement_do_not_matter(test):
    data = walks(n_ids=10, n_periods=20)
    scaled = {**data, "y": data["y"] * 1e7, "x": data["x"] * 1e-5}
    for a, b in zip(BATTERY[test](data).rows, BATTERY[test](scaled).rows, strict=True):
        if a.statistic != "difference":
            assert a.value == pytest.approx(b.value, rel=1e-6, abs=1e-8)
        assert (a.p_value or 0) == pytest.approx(b.p_value or 0, rel=1e-5, abs=1e-9)
        assert (a.p_value is None, a.p_bounds) == (b.p_value is None, b.p_bounds)
