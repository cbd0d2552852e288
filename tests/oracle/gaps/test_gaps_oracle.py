"""Every test of the language on an unbalanced panel with holes, through a spec, against R."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import carbonspec as cs

HERE = Path(__file__).parent
SPEC = """data panel_csv from "panel.csv"
panel panel_csv
  id id
  time year

model m: y ~ x + z | fe(id)
model iid: m se iid
model hc0: m se cluster(id, correction = hc0)
model t: y ~ x + z | fe(id, year)
model pooled: y ~ x + z
model s: m split group
test e: effects(t)
test eu: effects(m)
test pool: poolability(m)
test cy: dependence(y)
test ce: dependence(m)
test ji: joint(iid.x, iid.z)
test jc: joint(hc0.x, hc0.z)
test di: delta(iid.x / (1 - iid.z))
test dc: delta(hc0.x / (1 - hc0.z))
test d2i: delta(exp(iid.x) * iid.z^2 - sqrt(iid.x))
test d2c: delta(exp(hc0.x) * hc0.z^2 - sqrt(hc0.x))
test v: vif(pooled)
test g1: granger(x -> y, y -> x) lags 1
test g2: granger(x -> y, y -> x) lags 2
test gap: difference(s.x)
"""
ROOTS = "test {d}{p}: unitroot(y, x) using ips, fisher_adf lags {p} trend {trend}\n"
TRENDS = {"intercept": "constant", "trend": "linear"}
FIXED = {  # key of the oracle → test, row, part
    "f_units": ("eu", {"test": "f", "statistic": "f"}),
    "f_both": ("e", {"test": "f", "statistic": "f"}),
    "f_year": ("e", {"statistic": "f_year"}),
    "bp_individual": ("e", {"statistic": "lm_units"}),
    "bp_time": ("e", {"statistic": "lm_periods"}),
    "bp_twoways": ("e", {"statistic": "lm"}),
    "honda_units": ("e", {"statistic": "honda_units"}),
    "pool_slopes": ("pool", {"statistic": "f_slopes"}),
    "pool_all": ("pool", {"statistic": "f_all"}),
    "y.cd": ("cy", {"statistic": "cd"}),
    "y.lm": ("cy", {"statistic": "lm"}),
    "y.sclm": ("cy", {"statistic": "lm_scaled"}),
    "e.cd": ("ce", {"statistic": "cd"}),
    "e.lm": ("ce", {"statistic": "lm"}),
    "e.sclm": ("ce", {"statistic": "lm_scaled"}),
}
CHOI = {"madwu": "p", "invnormal": "z", "logit": "l", "Pm": "pm"}


@pytest.fixture(scope="module")
def oracle() -> dict[str, float]:
    lines = (HERE / "plm.txt").read_text(encoding="utf-8").splitlines()
    return {key: float(value) for key, value in (line.split() for line in lines if not line.startswith("#"))}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> cs.api.Any:
    folder = tmp_path_factory.mktemp("gaps")
    lines = "".join(ROOTS.format(d=d, p=p, trend=trend) for d, trend in TRENDS.items() for p in range(3))
    (folder / "gaps.cspec").write_text(SPEC + lines, encoding="utf-8")
    frame = pd.read_csv(HERE / "panel.csv")
    return cs.run(folder / "gaps.cspec", frames={"panel_csv": frame}, out=folder / "out").run


def row(run: cs.api.Any, name: str, /, **keys: str) -> cs.api.Any:
    outcome = run.tests[name]
    pairs = zip(outcome.rows, outcome.keys, strict=True)
    (found,) = (r for r, k in pairs if all(k.get(key) == value for key, value in keys.items()))
    return found


@pytest.mark.parametrize("key", FIXED)
def test_of_columns_and_variables(run: cs.api.Any, oracle: dict[str, float], key: str) -> None:
    test, keys = FIXED[key]
    found = row(run, test, **keys)
    assert found.value == pytest.approx(oracle[f"{key}.value"], rel=1e-8)
    assert found.p_value == pytest.approx(oracle[f"{key}.p"], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(("kind", "end"), [("iid", "i"), ("cluster", "c")])
def test_wald_and_delta(run: cs.api.Any, oracle: dict[str, float], kind: str, end: str) -> None:
    assert row(run, f"j{end}", statistic="chi2").value == pytest.approx(oracle[f"joint.{kind}.chi2"], rel=1e-8)
    for name, key in ((f"d{end}", "delta"), (f"d2{end}", "delta2")):
        details = row(run, name, statistic="t").details
        assert details["estimate"] == pytest.approx(oracle[f"{key}.{kind}.estimate"], rel=1e-8)
        assert details["standard error"] == pytest.approx(oracle[f"{key}.{kind}.se"], rel=1e-7)


def test_variance_inflation(run: cs.api.Any, oracle: dict[str, float]) -> None:
    for term in ("x", "z"):
        assert row(run, "v", term=term, statistic="vif").value == pytest.approx(oracle[f"vif.{term}"], rel=1e-10)


@pytest.mark.parametrize("variable", ["y", "x"])
@pytest.mark.parametrize("deterministic", TRENDS)
@pytest.mark.parametrize("lags", [0, 1, 2])
def test_unit_roots_without_the_units_with_holes(
    run: cs.api.Any, oracle: dict[str, float], variable: str, deterministic: str, lags: int
) -> None:
    test, key = f"{deterministic}{lags}", f"{variable}.{deterministic}.{lags}"
    ips = row(run, test, variable=variable, test="ips", statistic="w")
    assert ips.value == pytest.approx(oracle[f"ips.{key}"], rel=1e-7)
    assert ips.n_units == oracle["whole"]
    for name, word in CHOI.items():
        found = row(run, test, variable=variable, test="fisher_adf", statistic=word)
        assert found.value == pytest.approx(oracle[f"{name}.{key}"], rel=1e-6)
    assert {reason for _, reason in run.tests[test].left_out} == {"with gaps in time"}


@pytest.mark.parametrize("lags", [1, 2])
@pytest.mark.parametrize(("cause", "outcome"), [("x", "y"), ("y", "x")])
def test_granger(run: cs.api.Any, oracle: dict[str, float], lags: int, cause: str, outcome: str) -> None:
    for name, word in (("Ztilde", "z_tilde"), ("Wbar", "w_bar")):
        found = row(run, f"g{lags}", cause=cause, outcome=outcome, statistic=word)
        assert found.value == pytest.approx(oracle[f"granger.{cause}.{outcome}.{lags}.{name}"], rel=1e-7)
        assert found.n_units == oracle["whole"]


def test_a_difference_of_groups(run: cs.api.Any, oracle: dict[str, float]) -> None:
    details = row(run, "gap", term="x", statistic="t").details
    assert details["difference"] == pytest.approx(oracle["gap.x"], rel=1e-8)
    assert details["standard error"] == pytest.approx(oracle["gap.x.se"], rel=1e-7)
