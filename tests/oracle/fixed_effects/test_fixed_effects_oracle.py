"""Fixed effects against R (plm, sandwich on dummies), gretl, and the anchors on Grunfeld's data."""

import numpy as np
import pytest

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import fixed_effects

NAMES = ("grunfeld", "unbalanced", "synthetic")
KINDS = {"individual": 1, "twoways": 2}


def effects_of(panel, effect):
    return {
        "individual": (panel.unit,),
        "twoways": (panel.unit, panel.period),
        "region_year": (panel.unit, f"region^{panel.period}"),
    }[effect]


def errors(fit):
    return fit.std_errors[:-1]


def raw(kind, lags=None):
    return CovarianceChoice(kind, lags, "hc0")


@pytest.mark.parametrize("effect", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_plm(name, effect, panels, oracle):
    panel, numbers = panels[name], oracle("fixed_effects/plm_sandwich.txt")
    key = f"{name}.{effect}"
    effects = effects_of(panel, effect)

    def fit(choice, clusters=()):
        return fixed_effects.fit(panel.design(effects, clusters), choice)

    iid = fit(CovarianceChoice())
    np.testing.assert_allclose(iid.estimates[:-1], numbers.many(f"{key}.b", panel.terms), rtol=1e-10)
    np.testing.assert_allclose(errors(iid), numbers.many(f"{key}.iid", panel.terms), rtol=1e-10)
    assert iid.df_resid == iid.df_reference == numbers[f"{key}.df.resid"]
    assert iid.statistics["r2_within"] == pytest.approx(numbers[f"{key}.r2_within.x"], rel=1e-10)
    for found, wanted in (
        (fit(raw("cluster"), (panel.unit,)), "cluster_unit"),
        (fit(raw("cluster"), (panel.period,)), "cluster_time"),
        (fit(raw("cluster"), (panel.unit, panel.period)), "cluster_both"),
        (fit(raw("driscoll_kraay", 1)), "dk1"),
        (fit(raw("driscoll_kraay", 2)), "dk2"),
    ):
        np.testing.assert_allclose(errors(found), numbers.many(f"{key}.{wanted}", panel.terms), rtol=1e-9)
    if name != "synthetic":  # plm's Newey-West counts lags in rows, which differ where there are gaps
        found = fit(raw("newey_west", 2))
        np.testing.assert_allclose(errors(found), numbers.many(f"{key}.nw2", panel.terms), rtol=1e-9)


@pytest.mark.parametrize("effect", ["individual", "twoways", "region_year"])
@pytest.mark.parametrize(("name", "weights"), [*((n, "plain") for n in NAMES), ("synthetic", "weighted")])
def test_dummies_in_r(name, weights, effect, panels, oracle):
    panel, numbers = panels[name], oracle("fixed_effects/plm_sandwich.txt")
    key = f"{name}.{weights}.{effect}"
    column = "w" if weights == "weighted" else None

    def fit(choice, clusters=()):
        made = panel.design(effects_of(panel, effect), clusters, column, singletons="keep")
        return fixed_effects.fit(made, choice)

    iid = fit(CovarianceChoice())
    np.testing.assert_allclose(iid.estimates[:-1], numbers.many(f"{key}.b", panel.terms), rtol=1e-9)
    np.testing.assert_allclose(errors(iid), numbers.many(f"{key}.iid", panel.terms), rtol=1e-9)
    assert iid.df_resid == numbers[f"{key}.df.resid"]
    for kind in ("hc0", "hc1", "hc2", "hc3"):
        if f"{key}.{kind}.{panel.terms[0]}" in numbers:
            np.testing.assert_allclose(
                errors(fit(CovarianceChoice(kind))), numbers.many(f"{key}.{kind}", panel.terms), rtol=1e-8
            )
    for groups, wanted in ((panel.unit, "cluster_unit_full"), ("region", "cluster_region_full")):
        found = fit(CovarianceChoice("cluster", correction="full"), (groups,))
        np.testing.assert_allclose(errors(found), numbers.many(f"{key}.{wanted}", panel.terms), rtol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_gretl_with_its_constant(name, panels, oracle):
    """gretl's --robust is clustering by unit with K = k + 1; it prints the constant ȳ - x̄'b. gretl keeps singletons."""
    panel, numbers = panels[name], oracle("random_effects/gretl.txt")
    terms = (*panel.terms, "Constant")
    made = panel.design((panel.unit,), (panel.unit,), singletons="keep")
    for kind, key in (("cluster", "fixed_cluster"), ("iid", "fixed_iid")):
        fit = fixed_effects.fit(made, CovarianceChoice(kind))
        np.testing.assert_allclose(fit.estimates, numbers.many(f"{name}.{key}.b", terms), rtol=1e-9)
        np.testing.assert_allclose(fit.std_errors, numbers.many(f"{name}.{key}.se", terms), rtol=1e-8)


ONE_WAY = {
    ("iid",): (0.011856694, 0.017354503),
    ("hc1",): (0.01937803, 0.04279501),
    ("hc2",): (0.02061943, 0.04775497),
    ("hc3",): (0.02271636, 0.05521871),
    ("cluster", "firm"): (0.01519449, 0.05275177),
    ("cluster", "firm", "year"): (0.01171118, 0.04358999),
    ("driscoll_kraay",): (0.01866879, 0.03675500),
    ("newey_west",): (0.02264878, 0.05182682),
}
"""Grunfeld, one-way effects: standard errors that at least two of plm, fixest, gretl, linearmodels, pyfixest agree on.
The last two have two lags: floor(4 (20/100)^(2/9)) = 2."""


@pytest.mark.parametrize("kind", ONE_WAY, ids="-".join)
def test_one_way_anchors(kind, panels):
    made = panels["grunfeld"].design(("firm",), kind[1:])
    fit = fixed_effects.fit(made, CovarianceChoice(kind[0]))
    np.testing.assert_allclose(fit.estimates, [0.110123804, 0.310065341, -58.7439394], rtol=5e-9)
    np.testing.assert_allclose(errors(fit), ONE_WAY[kind], rtol=5e-7)


def test_small_sample_factors(panels):
    """none: K = k (plm "sss", linearmodels group_debias); nested: k + 1; full: all effects (Stata areg)."""
    made = panels["grunfeld"].design(("firm",), ("firm",))
    for correction, k, error in (
        ("none", 2, 0.01515608),
        ("nested", 3, 0.01519449),
        ("full", 12, 0.01555394),
        ("hc0", 0, 0.014342144),
    ):
        fit = fixed_effects.fit(made, CovarianceChoice("cluster", correction=correction))
        assert fit.covariance.k == k
        assert fit.std_errors[0] == pytest.approx(error, rel=5e-7)
        assert fit.df_reference == 9


def test_two_way_anchors(panels):
    iid = fixed_effects.fit(panels["grunfeld"].design(("firm", "year")), CovarianceChoice())
    np.testing.assert_allclose(iid.estimates, [0.117715855, 0.357916273, -80.163795], rtol=1e-8)
    np.testing.assert_allclose(iid.std_errors, [0.013751283, 0.022719011, 14.844022], rtol=1e-7)
    assert (iid.df_resid, iid.statistics["r2_within"]) == (169, pytest.approx(0.720145, abs=5e-7))
    clustered = fixed_effects.fit(panels["grunfeld"].design(("firm", "year"), ("firm",)), CovarianceChoice("cluster"))
    np.testing.assert_allclose(errors(clustered), [0.01082443, 0.04784840], rtol=5e-7)
    assert clustered.covariance.k == 22


def test_unbalanced_anchors(panels):
    one = fixed_effects.fit(panels["unbalanced"].design(("firm",), ("firm",)), CovarianceChoice("cluster"))
    np.testing.assert_allclose(one.estimates, [0.132546243, 0.295544985, -66.703321], rtol=1e-8)
    np.testing.assert_allclose(errors(one), [0.02637646, 0.04138173], rtol=5e-7)
    two = fixed_effects.fit(panels["unbalanced"].design(("firm", "year")), CovarianceChoice())
    np.testing.assert_allclose(two.estimates, [0.14017333, 0.33126356, -83.621983], rtol=5e-8)
    np.testing.assert_allclose(errors(two), [0.01471752, 0.02317106], rtol=5e-7)
    assert two.statistics["r2_within"] == pytest.approx(0.723976, abs=5e-7)


def test_unbalanced_two_way_clustered_counts_the_years(panels, oracle):
    """K = k + 1 + (T - 1) = 22 also where the panel has holes: plm's raw errors times G/(G-1) (n-1)/(n-22)."""
    panel = panels["unbalanced"]
    fit = fixed_effects.fit(panel.design(("firm", "year"), ("firm",)), CovarianceChoice("cluster"))
    plain = oracle("fixed_effects/plm_sandwich.txt").many("unbalanced.twoways.cluster_unit", panel.terms)
    np.testing.assert_allclose(errors(fit), plain * np.sqrt(10 / 9 * 188 / (189 - 22)), rtol=1e-9)


def test_statistics(panels):
    statistics = fixed_effects.fit(panels["grunfeld"].design(("firm",)), CovarianceChoice()).statistics
    for name, value in {
        "r2_within": 0.766758,
        "r2_between": 0.819430,
        "r2_overall": 0.805978,
        "r2_adj": 0.764276,
        "r2": 0.944073,
        "sigma": 52.767966,
        "sigma_u": 85.732502,
        "rho": 0.725250,
        "corr_xb": -0.151725,
        "f": 309.014,
    }.items():
        assert statistics[name] == pytest.approx(value, rel=4e-6), name
