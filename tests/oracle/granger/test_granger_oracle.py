"""Dumitrescu-Hurlin against plm, and the anchors."""

import numpy as np
import pytest
from tests.oracle.panels.reading import panel

from carbonspec.econometrics.hypothesis_tests import granger

PAIRS = [("inv", "value"), ("value", "inv"), ("inv", "capital"), ("capital", "value")]
CASES = (
    [("grunfeld", y, x, K) for K in (1, 2, 3, 4) for y, x in PAIRS]
    + [("unbalanced", y, x, K) for K in (1, 2) for y, x in PAIRS]
    + [("produc", y, x, K) for K in (1, 2, 3) for y, x in (("gsp", "pcap"), ("pcap", "gsp"), ("unemp", "gsp"))]
    + [("empluk", y, x, 1) for y, x in (("emp", "wage"), ("wage", "emp"))]
)


def run(name, y, x, **options):
    made = panel(name)
    return granger.run(made.columns[y], made.columns[x], made.groups(made.unit), made.clock(), y, x, **options)


@pytest.mark.parametrize(("name", "y", "x", "K"), CASES)
def test_plm(name, y, x, K, oracle):
    plm = oracle("granger/plm.txt")
    key = f"{name}.{y}.{x}.{K}"
    found = run(name, y, x, lags=K)
    assert found["W-bar"].value == pytest.approx(plm[f"{key}.Wbar"], rel=1e-7)
    assert found.default.value == pytest.approx(plm[f"{key}.Ztilde"], rel=1e-7)
    assert found.default.p_value == pytest.approx(plm[f"{key}.p"], rel=1e-6)
    N = sum(k.startswith(f"{key}.W.") for k in plm)
    np.testing.assert_allclose(found.by_unit["W"], [plm[f"{key}.W.{i + 1}"] for i in range(N)], rtol=1e-6)
    if f"{key}.Zbar" in plm:
        assert found["Z-bar"].value == pytest.approx(plm[f"{key}.Zbar"], rel=1e-7)
    else:
        assert {row.statistic for row in found.rows} == {"Z-tilde", "W-bar"}
        assert "N525" in {notice.kind for notice in found.default.notices}


def test_short_firms_are_named():
    """Firms with seven or eight years are too short for one lag; plm stops, here N is what remains."""
    found = run("empluk", "emp", "wage").default
    assert found.n_units + len(found.excluded) == 140
    assert {item.reason for item in found.excluded} == {f"with T = {T}, the test needs 9" for T in (7, 8)}
    assert any(f"N = {found.n_units}" in notice.message for notice in found.notices)


def test_anchors():
    expected = {
        ("inv", "value", 1): (3.022629, 4.522735, 3.289600),
        ("inv", "value", 2): (3.875686, 2.965720, 1.683197),
        ("inv", "value", 3): (4.317418, 1.700779, 0.432810),
        ("inv", "value", 4): (5.398305, None, -0.092995),
        ("value", "inv", 1): (1.373956, 0.836191, 0.404423),
        ("inv", "capital", 1): (3.311033, 5.167628, 3.794308),
    }
    for (y, x, K), (bar, z, tilde) in expected.items():
        found = run("grunfeld", y, x, lags=K)
        assert found["W-bar"].value == pytest.approx(bar, abs=5.1e-7)
        assert found["Z-tilde"].value == pytest.approx(tilde, abs=5.1e-7)
        if z is not None:
            assert found["Z-bar"].value == pytest.approx(z, abs=5.1e-7)
    found = run("grunfeld", "inv", "value")
    assert found.default.p_value == pytest.approx(0.001003, abs=5e-7)
    W = [1.339391, 1.693954, 0.056008, 3.285347, 11.595822, 11.734014, 0.234013, 0.011685, 0.082556, 0.193496]
    np.testing.assert_allclose(found.by_unit["W"], W, atol=5.1e-7)


def test_unbalanced_anchor():
    made = panel("grunfeld")
    keep = ~((made.columns["firm"] == 1) & (made.columns["year"] < 1940))
    y, x = (made.columns[name].copy() for name in ("inv", "value"))
    y[~keep] = np.nan
    found = granger.run(y, x, made.groups("firm"), made.clock(), "inv", "value")
    assert found["W-bar"].value == pytest.approx(2.906466, abs=5e-7)
    assert found.default.value == pytest.approx(3.026308, abs=5e-7)
    assert "N521" in {notice.kind for notice in found.default.notices}


def test_bootstrap_near_its_anchor():
    found = run("grunfeld", "inv", "value", bootstrap=granger.Bootstrap(2000, 7))
    assert found["Z-tilde, bootstrap"].p_value == pytest.approx(0.04, abs=0.018)
    assert found["Z-bar, bootstrap"].p_value == pytest.approx(found["Z-tilde, bootstrap"].p_value, abs=0.005)


def test_the_published_table_has_29_provinces():
    """Table 7 of Yang, Yuan and Lu (2025): W-bar 5.0576, T = 9, K = 1 give its Z's with N = 29, not 30."""
    z = [float(np.sqrt(N / 2) * (5.0576 - 1)) for N in (29, 30)]
    assert z == pytest.approx([15.4509, 15.7150], abs=3e-4)
    tilde = [float(granger._z_tilde(np.array([5.0576]), np.full(N, 9), 1)[0]) for N in (29, 30)]
    assert tilde == pytest.approx([3.8737, 3.9399], abs=3e-4)
