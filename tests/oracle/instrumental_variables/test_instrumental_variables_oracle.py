"""Two-stage least squares against R (AER, plm, sandwich), gretl, linearmodels, and the anchors on Grunfeld's data."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from linearmodels.iv import IVGMM
from tests.oracle.conftest import Panel, _columns

from carbonspec.econometrics.clock import lagged_rows
from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import instrumental_variables
from carbonspec.econometrics.instrumented import Instruments
from carbonspec.econometrics.instruments.weak import STOCK_YOGO

HERE = Path(__file__).parent
EFFECTS = {"pooled": (), "one": ("id",), "two": ("id", "year")}
MODELS = {
    "single": (("x",), ("z1", "z2")),
    "exact": (("x",), ("z1",)),
    "double": (("x", "d"), ("z1", "z2", "z3", "z4")),
    "weighted": (("x",), ("z1", "z2")),
}
IID = CovarianceChoice()


def raw(kind):
    return CovarianceChoice(kind, None, "hc0")


@pytest.fixture(scope="module")
def panel():
    return Panel(_columns(HERE / "panel.csv"), "id", "year", "y", ("x", "d", "c"))


@pytest.fixture(scope="module")
def grunfeld(panels):
    """180 rows: the years with two lags."""
    whole = panels["grunfeld"]
    columns = dict(whole.columns)
    ticks = columns["year"].astype(np.int64)
    for name in ("value", "capital"):
        for k in (1, 2):
            at = lagged_rows(columns["firm"].astype(np.int64), ticks, k)
            columns[f"L{k}.{name}"] = np.where(at >= 0, columns[name][at], np.nan)
    kept = np.isfinite(columns["L2.value"])
    return Panel({n: v[kept] for n, v in columns.items()}, "firm", "year", "inv", ("value", "capital"))


def fit(panel, endogenous, instruments, choice=IID, effects=(), clusters=(), weights=None):
    Z = np.column_stack([panel.columns[name] for name in instruments])
    made = panel.design(effects, clusters, weights, singletons="keep")
    return instrumental_variables.fit(made, Instruments(endogenous, instruments, Z), choice)


def errors(found):
    return found.fit.std_errors[:3]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", EFFECTS)
def test_dummies_in_r(name, model, panel, oracle):
    numbers, key = oracle("instrumental_variables/aer_plm.txt"), f"{name}.{model}"
    endogenous, instruments = MODELS[model]
    weights = "w" if model == "weighted" else None

    def run(choice=IID, clusters=()):
        return fit(panel, endogenous, instruments, choice, EFFECTS[name], clusters, weights)

    iid = run()
    np.testing.assert_allclose(iid.fit.estimates[:3], numbers.many(f"{key}.b", panel.terms), rtol=1e-9)
    np.testing.assert_allclose(errors(iid), numbers.many(f"{key}.iid", panel.terms), rtol=1e-9)
    if not weights:
        for choice, clusters, wanted in (
            (raw("cluster"), ("id",), "cluster_id"),
            (raw("cluster"), ("region",), "cluster_region"),
            (CovarianceChoice("hc0"), (), "hc0"),
        ):
            found = errors(run(choice, clusters))
            np.testing.assert_allclose(found, numbers.many(f"{key}.{wanted}", panel.terms), rtol=1e-8)
    many = len(instruments)
    clustered = run(raw("cluster"), ("id",))
    for plain, robust, term in zip(iid.first_stages, clustered.first_stages, endogenous, strict=True):
        assert many * plain.statistics["f_excluded"] == pytest.approx(numbers[f"{key}.wald_iid.{term}.x"], rel=1e-9)
        wanted = numbers[f"{key}.wald_cluster_id.{term}.x"]
        assert many * robust.statistics["f_excluded"] == pytest.approx(wanted, rel=1e-8)
    reduced = [iid.reduced_form.estimates[iid.reduced_form.terms.index(z)] for z in instruments]
    np.testing.assert_allclose(reduced, numbers.many(f"{key}.reduced.b", instruments), rtol=1e-9)
    assert iid.fit.statistics["anderson_rubin"] == pytest.approx(numbers[f"{key}.anderson_rubin.x"], rel=1e-9)
    if f"{key}.sargan.x" in numbers:
        assert iid.fit.statistics["sargan"] == pytest.approx(numbers[f"{key}.sargan.x"], rel=1e-9)
    if model == "exact":
        assert "sargan" not in iid.fit.statistics
        assert next(n.message for n in iid.fit.notices if n.kind == "N537").startswith("exactly identified")


def test_plm_within(panel, oracle):
    numbers = oracle("instrumental_variables/aer_plm.txt")
    found = fit(panel, ("x", "d"), ("z1", "z2", "z3", "z4"), effects=("id",))
    np.testing.assert_allclose(found.fit.estimates[:3], numbers.many("plm.b", panel.terms), rtol=1e-9)
    np.testing.assert_allclose(errors(found), numbers.many("plm.iid", panel.terms), rtol=1e-9)


def test_gretl_weak_instruments(panel):
    text = (HERE / "gretl.txt").read_text(encoding="utf-8")
    sargan = [float(x) for x in re.findall(r"LM = (\S+)", text)]
    single = fit(panel, ("x",), ("z1", "z2"), effects=("id",)).fit.statistics
    double = fit(panel, ("x", "d"), ("z1", "z2", "z3", "z4"), effects=("id",)).fit.statistics
    assert single["first_f"] == pytest.approx(float(re.search(r"F-statistic \(2, 163\) = (\S+)", text)[1]), rel=2e-6)
    assert single["first_f_df2"] == 163
    assert double["cragg_donald"] == pytest.approx(float(re.search(r"eigenvalue = (\S+)", text)[1]), rel=3e-6)
    assert [single["sargan"], double["sargan"]] == pytest.approx(sargan, rel=3e-6)
    sizes = [float(row.split()[1]) for row in re.findall(r"size 10%.*\n (value.*)", text)]
    assert sizes == [STOCK_YOGO[1][1], STOCK_YOGO[2][2]] == [single["stock_yogo"], double["stock_yogo"]]


@pytest.mark.parametrize(("model", "effects"), [("single", ()), ("double", ("id",)), ("double", ("id", "year"))])
def test_hansen_in_linearmodels(model, effects, panel):
    """J of linearmodels' two-step GMM on columns without effects, weights clustered by id."""
    from carbonspec.econometrics.projection import Projection

    endogenous, instruments = MODELS[model]
    names = ["y", *panel.terms, *instruments]
    Z = np.column_stack([panel.columns[name] for name in dict.fromkeys(names)])
    made = panel.design(effects, singletons="keep")
    Z = Projection(made.effects, None, "keep").demean(Z) if effects else Z - Z.mean(axis=0)
    data = pd.DataFrame(Z, columns=list(dict.fromkeys(names)))
    exogenous = [t for t in panel.terms if t not in endogenous]
    gmm = IVGMM(
        data["y"],
        data[exogenous],
        data[list(endogenous)],
        data[list(instruments)],
        weight_type="clustered",
        clusters=panel.columns["id"].astype(int),
    ).fit(iter_limit=2)
    found = fit(panel, endogenous, instruments, CovarianceChoice("cluster"), effects, ("id",)).fit.statistics
    assert found["hansen"] == pytest.approx(gmm.j_stat.stat, rel=1e-7)
    assert (found["hansen_df"], found["hansen_p"]) == (gmm.j_stat.df, pytest.approx(gmm.j_stat.pval, rel=1e-6))


def test_grunfeld_anchors(grunfeld):
    lags = ("L1.value", "L2.value")
    iid = fit(grunfeld, ("value",), lags, IID, ("firm",), ("firm",)).fit
    np.testing.assert_allclose(iid.estimates[:2], [0.192632847, 0.281666407], rtol=5e-9)
    np.testing.assert_allclose(iid.std_errors[:2], [0.038668421, 0.027358095], rtol=2e-8)
    statistics = iid.statistics
    assert statistics["sargan"] == pytest.approx(3.648882, abs=5e-7)
    assert statistics["sargan_p"] == pytest.approx(0.056107, abs=5e-7)
    for name in ("first_f", "cragg_donald", "kleibergen_paap", "effective_f"):
        assert statistics[name] == pytest.approx(12.434639, abs=5e-7), name
    clustered = fit(grunfeld, ("value",), lags, CovarianceChoice("cluster"), ("firm",), ("firm",))
    np.testing.assert_allclose(clustered.fit.std_errors[:2], [0.03530456, 0.03531205], rtol=2e-7)
    statistics = clustered.fit.statistics
    assert statistics["first_f"] == statistics["kleibergen_paap"] == pytest.approx(136.607057, abs=5e-7)
    assert statistics["cragg_donald"] == pytest.approx(12.434639, abs=5e-7)
    factor = clustered.first_stages[0].covariance.factor
    assert 2 * factor * statistics["kleibergen_paap"] == pytest.approx(308.745748, abs=5e-6)
    assert clustered.first_stages[0].covariance.k == 4


def test_grunfeld_two_endogenous(grunfeld):
    lags = ("L1.value", "L2.value", "L1.capital", "L2.capital")
    found = fit(grunfeld, ("value", "capital"), lags, CovarianceChoice("cluster"), ("firm",), ("firm",))
    statistics = found.fit.statistics
    assert statistics["cragg_donald"] == pytest.approx(10.397279, abs=5e-7)
    rk = statistics["kleibergen_paap"] * 4 * found.first_stages[0].covariance.factor
    assert rk == pytest.approx(322.227856, abs=1e-5)
    iid = fit(grunfeld, ("value", "capital"), lags, IID, ("firm",)).fit.statistics
    assert iid["kleibergen_paap"] == iid["cragg_donald"] == pytest.approx(10.397279, abs=5e-7)
