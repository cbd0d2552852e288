"""Cross-section dependence against plm and gretl, slope homogeneity, and the anchors."""

import pytest
from tests.oracle.panels.reading import TERMS, design, series

from carbonspec.econometrics.hypothesis_tests import dependence, homogeneity

PANELS = ["grunfeld", "unbalanced", "produc", "empluk"]
STATISTICS = {"cd": "CD", "lm": "LM", "sclm": "scaled LM", "bcsclm": "corrected LM"}


@pytest.mark.parametrize("name", PANELS)
def test_plm(name, oracle):
    plm = oracle("dependence/plm.txt")
    reports = {
        "variable": dependence.of_variable(*series(name, TERMS[name][0])),
        "units": dependence.of_residuals(design(name, "unit")),
        "both": dependence.of_residuals(design(name, "unit", "year")),
    }
    for what, report in reports.items():
        known = {row.statistic for row in report.rows}
        for key, statistic in STATISTICS.items():
            number = plm.get(f"{name}.{what}.{key}")
            assert (statistic in known) == (number is not None)
            if number is not None:
                assert report[statistic].value == pytest.approx(number, rel=1e-7)
        details = report.default.details
        assert details["mean correlation"] == pytest.approx(plm[f"{name}.{what}.rho"], rel=1e-6)
        assert details["mean absolute correlation"] == pytest.approx(plm[f"{name}.{what}.absrho"], rel=1e-6)
    assert "W529" in {notice.kind for notice in reports["both"].default.notices}


@pytest.mark.parametrize("name", PANELS)
def test_gretl(name, oracle):
    gretl = oracle("serial/gretl.txt")
    found = dependence.of_residuals(design(name, "unit")).default
    assert found.value == pytest.approx(gretl[f"{name}.cd"], rel=1e-8)
    assert found.p_value == pytest.approx(gretl[f"{name}.cd_p"], rel=1e-6, abs=1e-300)


def test_anchors():
    assert dependence.of_variable(*series("grunfeld", "inv")).default.value == pytest.approx(22.921588, abs=5e-7)
    found = dependence.of_residuals(design("grunfeld", "unit"))
    assert found["CD"].value == pytest.approx(4.661192, abs=5e-7)
    assert (found["LM"].value, found["LM"].df) == (pytest.approx(246.328780, abs=5e-7), (45,))
    assert found["scaled LM"].value == pytest.approx(21.221917, abs=5e-7)
    assert found["corrected LM"].value == pytest.approx(20.958760, rel=1e-6)
    assert found.default.details["mean absolute correlation"] == pytest.approx(0.438802, abs=5e-7)
    assert dependence.of_residuals(design("unbalanced", "unit")).default.value == pytest.approx(3.758901, abs=5e-7)
    slopes = homogeneity.run(design("grunfeld"))
    assert slopes.default.details["S"] == pytest.approx(74.930030, abs=5e-7)
    assert slopes["Delta"].value == pytest.approx(8.685200, abs=5e-7)
    assert slopes["adjusted Delta"].value == pytest.approx(9.653061, abs=5e-7)
