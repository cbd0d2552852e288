"""Hausman, F, Breusch-Pagan and poolability tests against plm, and the anchors."""

import pytest
from tests.oracle.panels.reading import design

from carbonspec.econometrics.hypothesis_tests import effects, hausman

PANELS = ["grunfeld", "unbalanced", "produc", "empluk"]


@pytest.fixture(scope="module")
def plm(oracle):
    return oracle("choosing_effects/plm.txt")


def same(row, numbers, key, rel=1e-7):
    assert row.value == pytest.approx(numbers[f"{key}.value"], rel=rel)
    assert row.p_value == pytest.approx(numbers[f"{key}.p"], rel=1e-5, abs=1e-300)
    for i, df in enumerate(row.df):
        assert df == numbers[f"{key}.df{i + 1}"]


@pytest.mark.parametrize("name", ["grunfeld", "produc"])
def test_hausman(name, plm):
    found = hausman.run(design(name, "unit"))
    assert found.default.statistic == "H"
    if found.default.p_value is None:
        assert found.default.value == pytest.approx(plm[f"{name}.hausman.value"], rel=1e-6)
    else:
        same(found.default, plm, f"{name}.hausman", rel=1e-6)
    same(found["Wald, iid"], plm, f"{name}.aux", rel=1e-6)
    same(found["Wald, clustered"], plm, f"{name}.aux_clustered", rel=1e-6)


@pytest.mark.parametrize("name", PANELS)
def test_f(name, plm):
    one = effects.f_test(design(name, "unit"))
    same(one.default, plm, f"{name}.f_units")
    unit = design(name).unit.name
    both = effects.f_test(design(name, "unit", "year"))
    same(both.default, plm, f"{name}.f_both")
    same(both[f"F(year given {unit})"], plm, f"{name}.f_years_given_units")


@pytest.mark.parametrize("name", PANELS)
def test_breusch_pagan(name, plm):
    found = effects.breusch_pagan(design(name, "unit"))
    same(found["LM(units)"], plm, f"{name}.bp_individual")
    same(found["LM(periods)"], plm, f"{name}.bp_time")
    same(found["LM(units, periods)"], plm, f"{name}.bp_twoways")
    same(found["Honda(units)"], plm, f"{name}.honda_individual")
    same(found["Honda(periods)"], plm, f"{name}.honda_time")
    assert found.default.statistic == "LM(units)"


@pytest.mark.parametrize("name", ["grunfeld", "unbalanced", "produc"])
def test_poolability(name, plm):
    found = effects.poolability(design(name))
    same(found["F(slopes)"], plm, f"{name}.pool_slopes")
    same(found["F(all coefficients)"], plm, f"{name}.pool_all")


def test_anchors():
    grunfeld = design("grunfeld", "unit")
    found = hausman.run(grunfeld)
    assert found.default.value == pytest.approx(2.330367, abs=5e-7)
    assert found.default.p_value == pytest.approx(0.311865, abs=5e-7)
    assert found["Wald, iid"].value == pytest.approx(2.131366, abs=5e-7)
    assert found["Wald, clustered"].value == pytest.approx(8.299837, abs=5e-7)
    assert found["Wald, clustered"].p_value == pytest.approx(0.015766, abs=5e-7)
    pooled = hausman.run(grunfeld, form="pooled", correction="nested")["Wald, clustered"]
    assert pooled.value == pytest.approx(7.319705, abs=5e-7)
    assert pooled.p_value == pytest.approx(0.025737, abs=1e-6)
    assert hausman.run(grunfeld, scale="random").default.value == pytest.approx(2.1299, abs=5e-5)
    assert found["H, one variance"].value == hausman.run(grunfeld, scale="random").default.value
    assert hausman.run(grunfeld, scale="fixed").default.value == pytest.approx(found["Wald, iid"].value, rel=1e-9)
    f = effects.f_test(grunfeld).default
    assert (f.value, f.df) == (pytest.approx(49.176625, abs=1e-6), (9, 188))
    both = effects.f_test(design("grunfeld", "unit", "year"))
    assert (both.default.value, both.default.df) == (pytest.approx(17.403150, rel=1e-6), (28, 169))
    assert both["F(year given firm)"].value == pytest.approx(1.403241, abs=5e-7)
    lm = effects.breusch_pagan(grunfeld)
    assert lm.default.value == pytest.approx(798.161549, rel=1e-8)
    assert lm.default.details["one-sided p (Stata xttest0)"] == pytest.approx(lm.default.p_value / 2)
    assert lm["Honda(units)"].value == pytest.approx(28.251750, rel=1e-6)
    assert lm["LM(units, periods)"].value == pytest.approx(804.6154, abs=5e-5)
    assert effects.breusch_pagan(design("unbalanced")).default.value == pytest.approx(578.320528, abs=1e-6)
    slopes = effects.poolability(grunfeld).default
    assert (slopes.value, slopes.df) == (pytest.approx(5.780456, abs=5e-7), (18, 170))
