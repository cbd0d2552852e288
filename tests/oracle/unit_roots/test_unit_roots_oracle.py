"""Panel unit roots against plm (all), gretl (Levin-Lin-Chu, Fisher), arch (Phillips-Perron), and the anchors."""

import numpy as np
import pytest
from statsmodels.tsa.adfvalues import mackinnonp
from tests.oracle.panels.reading import series

from carbonspec.econometrics.hypothesis_tests.unit_roots import cips, fisher, hadri, ips, llc, mackinnon, tables
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import Lags

FISHER = {"madwu": "P", "invnormal": "Z", "logit": "L*", "Pm": "Pm"}
LONG = [f"grunfeld.{v}" for v in ("inv", "value", "capital")] + [f"produc.{v}" for v in ("gsp", "pc", "unemp")]
SHORT = ["empluk.emp", "empluk.wage"]


@pytest.fixture(scope="module")
def plm(oracle):
    return oracle("unit_roots/plm.txt")


def cases(names, deterministics=("none", "const", "trend"), lags=range(4)):
    return [
        (name, d, p)
        for name in names
        for d in deterministics
        for p in lags
        if name not in SHORT or p == 0 or (p == 1 and d != "trend")
    ]


def inside(found, d):
    """Whether plm's Fisher statistics can be compared: it follows MacKinnon's polynomials where they have turned, and
    takes p values below 1e-16 and of exactly 1 as they are."""
    t, p = found.by_unit["t"], found.by_unit["p"]
    return t.max() <= mackinnon.HIGHEST[d] and p.min() >= fisher.SMALLEST and p.max() <= 1 - 1e-9


def data(name):
    return series(*name.split("."))


@pytest.mark.parametrize(("name", "d", "p"), cases(LONG))
def test_levin_lin_chu(name, d, p, plm, oracle):
    options = {"lags": Lags(p), "deterministic": d}
    # plm and gretl look the adjustments up at T; below 25 that is the same column
    four = llc.run(*data(name), **options, bandwidth=4, whole_series=True).default
    assert four.value == pytest.approx(plm[f"llc.{name}.{d}.{p}"], rel=1e-8)
    T = four.t_max
    rounded = llc.run(*data(name), **options, bandwidth=round(3.21 * T ** (1 / 3)), whole_series=True).default
    assert rounded.value == pytest.approx(plm[f"llc_default.{name}.{d}.{p}"], rel=1e-8)
    # gretl's bandwidth counts the periods that the lags leave
    gretl = oracle("unit_roots/gretl.txt")
    fewer = llc.run(*data(name), **options, bandwidth=int(3.21 * (T - p - 1) ** (1 / 3)), whole_series=True).default
    assert fewer.value == pytest.approx(gretl[f"llc.{name}.{d}.{p}"], rel=1e-8)
    default = llc.run(*data(name), **options).default
    assert default.bandwidth == int(3.21 * T ** (1 / 3))
    assert "W522" in {n.kind for n in default.notices}


@pytest.mark.parametrize(("name", "d", "p"), cases(LONG + SHORT, ("const", "trend")))
def test_im_pesaran_shin(name, d, p, plm):
    found = ips.run(*data(name), lags=Lags(p), deterministic=d)
    assert found["W-t-bar"].value == pytest.approx(plm[f"ips.{name}.{d}.{p}"], rel=1e-8)
    assert found.default.statistic == ("Z-t-tilde-bar" if p == 0 and d == "const" else "W-t-bar")
    assert not found.default.excluded


@pytest.mark.parametrize(("name", "d", "p"), cases(LONG + SHORT))
def test_fisher(name, d, p, plm):
    found = fisher.adf(*data(name), lags=Lags(p), deterministic=d)
    if "grunfeld" in name:
        t = [plm[f"t.{name}.{d}.{p}.{i}"] for i in range(1, 11)]
        np.testing.assert_allclose(found.by_unit["t"], t, rtol=1e-8)
    for key, statistic in FISHER.items() if inside(found, d) else ():
        assert found[statistic].value == pytest.approx(plm[f"{key}.{name}.{d}.{p}"], rel=1e-8)


def test_fisher_is_compared_often_enough():
    found = [inside(fisher.adf(*data(n), lags=Lags(p), deterministic=d), d) for n, d, p in cases(LONG + SHORT)]
    assert sum(found) >= 35


@pytest.mark.parametrize(("name", "d", "p"), cases(LONG, ("const", "trend"), range(1, 4)))
def test_fisher_beside_other_p_values(name, d, p, oracle):
    """gretl has the t ratios and MacKinnon's (1996) p values, which are close to those of 1994."""
    P = oracle("unit_roots/gretl.txt")[f"fisher1996.{name}.{d}.{p}"]
    assert fisher.adf(*data(name), lags=Lags(p), deterministic=d)["P"].value == pytest.approx(P, rel=0.05)


@pytest.mark.parametrize("rule", ["aic", "bic"])
@pytest.mark.parametrize("d", ["const", "trend"])
@pytest.mark.parametrize("name", LONG)
def test_lags_by_criterion(name, d, rule, plm):
    key = f"{name}.{d}.{'AIC' if rule == 'aic' else 'SIC'}"
    found = ips.run(*data(name), lags=Lags(rule, 4), deterministic=d)
    if not found.default.excluded:  # plm has no lower limit to the rows of a regression
        assert found.by_unit["lags"].sum() == plm[f"chosen_lags.{key}"]
        assert found["W-t-bar"].value == pytest.approx(plm[f"chosen.{key}"], rel=1e-8)
        pooled = llc.run(*data(name), lags=Lags(rule, 4), deterministic=d, bandwidth=4, whole_series=True)
        assert pooled.default.value == pytest.approx(plm[f"chosen_llc.{key}"], rel=1e-8)
    else:
        pytest.fail("T - 5 rows suffice for four lags in these panels")


@pytest.mark.parametrize("d", ["const", "trend"])
@pytest.mark.parametrize("name", LONG)
def test_hadri(name, d, plm):
    for own in (True, False):
        for df in (True, False):
            found = hadri.run(*data(name), deterministic=d, pooled=not own, dfcor=df).default
            key = f"hadri.{name}.{d}.{'own' if own else 'pooled'}.{'df' if df else 'T'}"
            assert found.value == pytest.approx(plm[key], rel=1e-8)


@pytest.mark.parametrize(("name", "d", "p"), cases(LONG, ("const", "trend"), (1, 2)))
def test_cips(name, d, p, plm):
    for cut in (True, False):
        found = cips.run(*data(name), lags=p, deterministic=d, truncated=cut).default
        end = "cut" if cut else "whole"
        assert found.value == pytest.approx(plm[f"cips.{name}.{d}.{p}.{end}"], rel=1e-7)
        # plm reads no lags as one lag
        assert plm[f"cips.{name}.{d}.0.{end}"] == plm[f"cips.{name}.{d}.1.{end}"]


@pytest.mark.parametrize("name", ["grunfeld.inv", "grunfeld.capital", "produc.unemp"])
@pytest.mark.parametrize("d", ["none", "const", "trend"])
@pytest.mark.parametrize("q", [1, 2, 4])
def test_phillips_perron_equals_arch(name, d, q, oracle):
    arch = oracle("unit_roots/arch.txt")
    found = fisher.pp(*data(name), bandwidth=q, deterministic=d)
    z = [arch[f"z.{name}.{d}.{q}.{i}"] for i in range(1, 11)]
    p = [arch[f"p.{name}.{d}.{q}.{i}"] for i in range(1, 11)]
    np.testing.assert_allclose(found.by_unit["z"][:10], z, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(found.by_unit["p"][:10], p, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("d", "letter"), [("none", "n"), ("const", "c"), ("trend", "ct")])
def test_mackinnon_equals_statsmodels(d, letter):
    t = np.concatenate([np.linspace(-25, 5, 601), [mackinnon.STAR[d], mackinnon.LOWEST[d], -1e300, 90.0]])
    np.testing.assert_allclose(mackinnon.p_values(t, d), [mackinnonp(x, letter) for x in t], rtol=1e-12, atol=1e-300)


def test_anchors():
    inv = data("grunfeld.inv")
    pooled = llc.run(*inv, bandwidth=8).default
    assert pooled.value == pytest.approx(2.204936, abs=5e-7)
    assert pooled.details["delta"] == pytest.approx(-0.068327, abs=5e-7)
    assert pooled.details["t"] == pytest.approx(-1.310138, abs=5e-7)
    assert pooled.details["mean ratio of standard deviations"] == pytest.approx(0.758125, abs=5e-7)
    for lags, d, q, value in (
        (0, "const", 8, 2.056597),
        (2, "const", 8, 5.232515),
        (1, "trend", 8, -2.920660),
        (0, "const", 9, 1.905987),
        (1, "const", 9, 2.015402),
        (2, "const", 9, 4.996472),
        (1, "trend", 9, -3.406630),
        (1, "none", 9, 2.755791),
    ):
        found = llc.run(*inv, lags=Lags(lags), deterministic=d, bandwidth=q).default
        assert found.value == pytest.approx(value, abs=5.1e-7 if d != "none" else 1e-4)
    const = ips.run(*inv)
    assert const.default.details["t-bar"] == pytest.approx(-0.723373, abs=5e-7)
    assert const.default.value == pytest.approx(2.550190, abs=5e-7)
    assert ips.run(*inv, deterministic="trend").default.value == pytest.approx(-1.452990, abs=5e-7)
    exact = ips.run(*inv, lags=Lags(0)).default
    assert exact.details["t-tilde-bar"] == pytest.approx(-0.701650, abs=5e-7)
    assert exact.value == pytest.approx(2.824751, abs=5e-7)
    for d, expected in (
        ("const", (13.872993, 2.298091, 2.775942, -0.968765)),
        ("trend", (55.278369, -1.801173, -2.555974, 5.578000)),
    ):
        found = fisher.adf(*inv, deterministic=d)
        assert [row.statistic for row in found.rows] == ["P", "Z", "L*", "Pm"]
        assert [row.value for row in found.rows] == pytest.approx(expected, abs=5.1e-7)
        assert found.default.statistic == "P"
    assert fisher.adf(*inv).default.p_value == pytest.approx(0.836877, abs=5e-7)
    assert fisher.adf(*inv, deterministic="trend").default.p_value == pytest.approx(3.73e-5, abs=5e-8)
    perron = fisher.pp(*inv, bandwidth=1)
    assert [r.value for r in perron.rows] == pytest.approx((13.485423, 2.289285, 2.774262, -1.030045), abs=5.1e-7)
    assert fisher.pp(*inv, bandwidth=1, deterministic="trend")["P"].value == pytest.approx(26.424297, abs=5e-7)
    assert fisher.pp(*inv).default.bandwidth == 2
    for options, value in (
        ({"pooled": True}, 23.628530),
        ({}, 24.256568),
        ({"dfcor": True}, 22.866963),
        ({"deterministic": "trend"}, 9.317805),
    ):
        assert hadri.run(*inv, **options).default.value == pytest.approx(value, abs=5e-7)
    for options, value in (({}, -2.242010), ({"deterministic": "trend"}, -2.202989), ({"lags": 0}, -1.881360)):
        assert cips.run(*inv, **options).default.value == pytest.approx(value, abs=5e-7)


def test_cips_brackets_its_p_value():
    # T = 20, N = 10: 1, 5, 10 % at -2.60, -2.34, -2.21
    found = cips.run(*data("grunfeld.inv")).default
    assert found.p_value is None
    assert found.p_bounds == (0.05, 0.10)
    assert list(found.details.values()) == [-2.60, -2.34, -2.21]
    assert cips.run(*data("grunfeld.inv"), lags=0).default.p_bounds == (0.10, 1.0)


def test_tables_are_read_between_columns():
    assert tables.llc_moments(27.5, "const") == pytest.approx((-0.55, 0.904, False))
    assert tables.llc_moments(7, "const") == (-0.554, 0.919, True)
    mean, variance, below = tables.ips_moments(np.array([12.5, 7.0, 17.0]), np.array([1, 1, 5]), "const")
    assert mean == pytest.approx([-1.4955, -1.488, -1.313])
    assert variance == pytest.approx([1.133, 1.255, 1.171])
    assert below.tolist() == [False, True, True]
    assert tables.cips_critical(17.5, 12.5, "const") == pytest.approx((-2.5625, -2.3125, -2.1825))
