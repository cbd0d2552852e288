"""Wooldridge's serial correlation test and the modified Wald test against gretl, and the anchors."""

import pytest
from tests.oracle.panels.reading import design

from carbonspec.econometrics.hypothesis_tests import heteroskedasticity, serial

PANELS = ["grunfeld", "unbalanced", "produc", "empluk"]


@pytest.mark.parametrize("name", PANELS)
def test_wooldridge(name, oracle):
    gretl = oracle("serial/gretl.txt")
    found = serial.run(design(name, "unit")).default
    assert found.value == pytest.approx(gretl[f"{name}.wooldridge"], rel=1e-8)
    assert found.p_value == pytest.approx(gretl[f"{name}.wooldridge_p"], rel=1e-6)


@pytest.mark.parametrize("name", PANELS)
def test_modified_wald(name, oracle):
    gretl = oracle("serial/gretl.txt")
    found = heteroskedasticity.run(design(name, "unit")).default
    assert found.value == pytest.approx(gretl[f"{name}.wald"], rel=1e-8)
    assert found.p_value == pytest.approx(gretl[f"{name}.wald_p"], rel=1e-5, abs=1e-300)


def test_anchors():
    found = serial.run(design("grunfeld", "unit")).default
    assert found.value == pytest.approx(263.591544, abs=1e-6)
    assert found.details["slope"] == pytest.approx(0.141966, abs=5e-7)
    assert found.df == (1, 9)
    assert heteroskedasticity.run(design("grunfeld", "unit")).default.value == pytest.approx(1.734217e7, rel=5e-7)


def test_plm_has_other_tests(oracle):
    """pwartest and pwfdtest keep constants and do not cluster as xtserial does; the slope without constants is ours."""
    plm = oracle("serial/plm.txt")
    found = serial.run(design("grunfeld", "unit")).default
    assert found.details["slope"] == pytest.approx(plm["grunfeld.slope"], rel=1e-9)
    others = [plm["grunfeld.pwartest"], plm["grunfeld.pwfdtest.fe"], plm["grunfeld.pwfdtest.fd"]]
    assert all(abs(found.value - other) > 100 for other in others)
