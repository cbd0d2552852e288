"""Pooled OLS against R (lm, plm, sandwich) and the anchors on Grunfeld's data."""

import numpy as np
import pytest

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import pooled

NAMES = ("grunfeld", "unbalanced", "synthetic")


@pytest.mark.parametrize("name", NAMES)
def test_plm(name, panels, oracle):
    panel, numbers = panels[name], oracle("pooled/plm_sandwich.txt")
    terms = (*panel.terms, "Constant")

    def check(wanted, kind, lags=None, clusters=()):
        fit = pooled.fit(panel.design((), clusters), CovarianceChoice(kind, lags, "hc0"))
        np.testing.assert_allclose(fit.estimates, numbers.many(f"{name}.b", terms), rtol=1e-9)
        np.testing.assert_allclose(fit.std_errors, numbers.many(f"{name}.{wanted}", terms), rtol=1e-9)

    check("cluster_unit", "cluster", None, (panel.unit,))
    check("cluster_time", "cluster", None, (panel.period,))
    check("cluster_both", "cluster", None, (panel.unit, panel.period))
    check("dk1", "driscoll_kraay", 1)
    check("dk2", "driscoll_kraay", 2)
    if name != "synthetic":  # plm's Newey-West counts lags in rows, which differ where there are gaps
        check("nw2", "newey_west", 2)


@pytest.mark.parametrize(
    ("name", "case"), [*((n, c) for n in NAMES for c in ("plain", "no_constant")), ("synthetic", "weighted")]
)
def test_lm_and_sandwich(name, case, panels, oracle):
    panel, numbers = panels[name], oracle("pooled/plm_sandwich.txt")
    constant = case != "no_constant"
    terms = (*panel.terms, "Constant") if constant else panel.terms
    key = f"{name}.{case}"

    def fit(kind, clusters=(), correction="nested"):
        made = panel.design((), clusters, "w" if case == "weighted" else None, constant=constant)
        return pooled.fit(made, CovarianceChoice(kind, correction=correction))

    iid = fit("iid")
    np.testing.assert_allclose(iid.estimates, numbers.many(f"{key}.b", terms), rtol=1e-9)
    assert iid.statistics["r2"] == pytest.approx(numbers[f"{key}.r2.x"], rel=1e-10)
    assert iid.statistics["r2_adj"] == pytest.approx(numbers[f"{key}.r2.adjusted"], rel=1e-9)
    assert iid.statistics["f"] == pytest.approx(numbers[f"{key}.f.x"], rel=1e-9)
    for kind in ("iid", "hc0", "hc1", "hc2", "hc3"):
        np.testing.assert_allclose(fit(kind).std_errors, numbers.many(f"{key}.{kind}", terms), rtol=1e-9)
    for correction in ("nested", "full"):
        clustered = fit("cluster", (panel.unit,), correction)
        np.testing.assert_allclose(clustered.std_errors, numbers.many(f"{key}.cluster_unit_full", terms), rtol=1e-9)


def test_anchors(panels):
    fit = pooled.fit(panels["grunfeld"].design(), CovarianceChoice())
    np.testing.assert_allclose(fit.estimates, [0.115562156, 0.230678489, -42.714369], rtol=2e-8)
    np.testing.assert_allclose(fit.std_errors, [0.005835710, 0.025475801, 9.511676], rtol=1e-7)
    assert fit.statistics["r2"] == pytest.approx(0.812408, abs=5e-7)
