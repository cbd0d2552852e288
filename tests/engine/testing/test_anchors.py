"""The anchors of the methods (plm, gretl, Stata; docs/methods.md) reached through specs."""

from __future__ import annotations

import pytest
from tests.engine.testing import grunfeld as g

ROOTS = """test a: unitroot(invest) using llc, ips, fisher_adf, fisher_pp(bandwidth = 1), hadri, cips lags 1
test a0: unitroot(invest) using llc, ips, cips lags 0
test a2: unitroot(invest) using llc lags 2
test trend: unitroot(invest) using llc, ips, fisher_adf, fisher_pp(bandwidth = 1), hadri, cips lags 1 trend linear
test series: unitroot(invest) using llc(bandwidth = 9, moments = series) lags 1
test none: unitroot(invest) using llc(bandwidth = 9, moments = series) lags 1 trend none
test h1: unitroot(invest) using hadri(variance = pooled)
test h2: unitroot(invest) using hadri(divisor = df)
test c1: granger(value -> invest, invest -> value, capital -> invest) lags 1
test c2: granger(value -> invest) lags 2
test c3: granger(value -> invest) lags 3
test c4: granger(value -> invest) lags 4
"""
COLUMNS = """test h: hausman(m)
test hp: hausman(m) form pooled correction nested
test e1: effects(m)
test e2: effects(t)
test pool: poolability(m)
test v: vif(pooled)
test cd: dependence(m)
test cdv: dependence(invest)
test hom: homogeneity(m)
test ser: serial(m)
test het: heteroskedasticity(m)
test gap: difference(small) permute 1000
test gap2: difference(small_t)
"""
UNIT_ROOTS = [
    ("a", "llc", "t", 2.204936),
    ("a", "ips", "w", 2.550190),
    ("a", "fisher_adf", "p", 13.872993),
    ("a", "fisher_adf", "z", 2.298091),
    ("a", "fisher_adf", "l", 2.775942),
    ("a", "fisher_adf", "pm", -0.968765),
    ("a", "fisher_pp", "p", 13.485423),
    ("a", "fisher_pp", "z", 2.289285),
    ("a", "fisher_pp", "l", 2.774262),
    ("a", "fisher_pp", "pm", -1.030045),
    ("a", "hadri", "z", 24.256568),
    ("a", "cips", "cips", -2.242010),
    ("a0", "llc", "t", 2.056597),
    ("a0", "ips", "z", 2.824751),
    ("a0", "cips", "cips", -1.881360),
    ("a2", "llc", "t", 5.232515),
    ("trend", "llc", "t", -2.920660),
    ("trend", "ips", "w", -1.452990),
    ("trend", "fisher_adf", "p", 55.278369),
    ("trend", "fisher_adf", "z", -1.801173),
    ("trend", "fisher_adf", "l", -2.555974),
    ("trend", "fisher_adf", "pm", 5.578000),
    ("trend", "fisher_pp", "p", 26.424297),
    ("trend", "hadri", "z", 9.317805),
    ("trend", "cips", "cips", -2.202989),
    ("series", "llc", "t", 2.015402),
    ("none", "llc", "t", 2.755791),
    ("h1", "hadri", "z", 23.628530),
    ("h2", "hadri", "z", 22.866963),
]
GRANGER = [
    ("c1", "value", "invest", 3.022629, 4.522735, 3.289600),
    ("c1", "invest", "value", 1.373956, 0.836191, 0.404423),
    ("c1", "capital", "invest", 3.311033, 5.167628, 3.794308),
    ("c2", "value", "invest", 3.875686, 2.965720, 1.683197),
    ("c3", "value", "invest", 4.317418, 1.700779, 0.432810),
    ("c4", "value", "invest", 5.398305, None, -0.092995),
]
OF_COLUMNS = [
    ("h", {}, "h", 2.330367, 0.311865),
    ("h", {}, "wald_iid", 2.131366, None),
    ("h", {}, "wald_clustered", 8.299837, 0.015766),
    ("hp", {}, "wald_clustered", 7.319705, 0.025737),
    ("e1", {}, "f", 49.176625, None),
    ("e1", {}, "lm_units", 798.161549, None),
    ("e1", {}, "honda_units", 28.251750, None),
    ("e1", {}, "lm", 804.6154, None),
    ("e2", {}, "f", 17.403150, None),
    ("e2", {}, "f_year", 1.403241, None),
    ("pool", {}, "f_slopes", 5.780456, None),
    ("v", {"term": "value"}, "vif", 1.3137728, None),
    ("v", {"term": "capital"}, "vif", 1.3137728, None),
    ("cd", {}, "cd", 4.661192, None),
    ("cd", {}, "lm", 246.328780, None),
    ("cd", {}, "lm_scaled", 21.221917, None),
    ("cd", {}, "lm_corrected", 20.958760, None),
    ("cdv", {}, "cd", 22.921588, None),
    ("hom", {}, "delta", 8.685200, None),
    ("hom", {}, "delta_adjusted", 9.653061, None),
    ("ser", {}, "f", 263.591544, None),
    ("gap", {"term": "value"}, "permutation", 0.032236, 0.690476),
    ("gap", {"term": "capital"}, "permutation", 0.206721, 0.293651),
]


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> g.cs.api.Any:
    return g.run(tmp_path_factory.mktemp("roots"), ROOTS)


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> g.cs.api.Any:
    return g.run(tmp_path_factory.mktemp("columns"), COLUMNS)


@pytest.mark.parametrize(("name", "method", "statistic", "value"), UNIT_ROOTS)
def test_unit_roots(roots: g.cs.api.Any, name: str, method: str, statistic: str, value: float) -> None:
    row = g.rows(roots.tests[name], test=method)[statistic]
    assert row.value == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(("name", "cause", "outcome", "w", "z_bar", "z_tilde"), GRANGER)
def test_granger(
    roots: g.cs.api.Any, name: str, cause: str, outcome: str, w: float, z_bar: float | None, z_tilde: float
) -> None:
    found = g.rows(roots.tests[name], cause=cause, outcome=outcome)
    assert found["w_bar"].value == pytest.approx(w, abs=1e-6)
    assert found["z_tilde"].value == pytest.approx(z_tilde, abs=1e-6)
    if z_bar is not None:
        assert found["z_bar"].value == pytest.approx(z_bar, abs=1e-6)


@pytest.mark.parametrize(("name", "keys", "statistic", "value", "p"), OF_COLUMNS)
def test_of_columns(
    columns: g.cs.api.Any, name: str, keys: dict[str, str], statistic: str, value: float, p: float | None
) -> None:
    row = g.rows(columns.tests[name], **keys)[statistic]
    assert row.value == pytest.approx(value, rel=1e-6, abs=5e-5 if value == 804.6154 else 1e-6)
    if p is not None:
        assert row.p_value == pytest.approx(p, abs=1e-6)


def test_modified_wald(columns: g.cs.api.Any) -> None:
    assert g.rows(columns.tests["het"])["w"].value == pytest.approx(1.734217e7, rel=1e-6)


def test_differences(columns: g.cs.api.Any) -> None:
    capital = g.rows(columns.tests["gap"], term="capital")["t"]
    assert capital.details["difference"] == pytest.approx(0.206721, abs=1e-6)
    assert capital.details["standard error"] == pytest.approx(0.050493, abs=1e-6)
    assert (capital.value, capital.df) == (pytest.approx(4.094, abs=1e-3), (9.0,))
    two_way = g.rows(columns.tests["gap2"], term="capital")["t"]
    assert two_way.details["difference"] == pytest.approx(0.256274, abs=1e-6)
    assert "all 252 splits" in g.rows(columns.tests["gap"], term="value")["permutation"].convention


def test_unbalanced(tmp_path: g.Path) -> None:
    lines = "test e: effects(m)\ntest cd: dependence(m)"
    found = g.run(tmp_path, lines, g.UNBALANCED).tests
    assert g.rows(found["e"])["lm_units"].value == pytest.approx(578.320528, abs=1e-6)
    assert g.rows(found["cd"])["cd"].value == pytest.approx(3.758901, abs=1e-6)
    panel = g.UNBALANCED.replace(' and not (firm == "General Electric" and year > 1948)', "")
    cause = g.rows(g.run(tmp_path, "test c: granger(value -> invest)", panel).tests["c"])
    assert cause["w_bar"].value == pytest.approx(2.906466, abs=1e-6)
    assert cause["z_tilde"].value == pytest.approx(3.026308, abs=1e-6)
    assert "z_bar" not in cause


def test_criteria_choose_lags(tmp_path: g.Path) -> None:
    lines = "test a: unitroot(invest) using ips lags aic, most = 3\ntest b: unitroot(invest) using ips lags bic"
    found = g.run(tmp_path, lines).tests
    assert found["a"].rows[0].lag_rule == "aic, at most 3"
    assert found["b"].rows[0].lag_rule == "bic, at most 2"
    assert 0 <= min(found["a"].rows[0].lags) <= max(found["a"].rows[0].lags) <= 3
