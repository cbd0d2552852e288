"""Difference and system GMM against gretl's dpanel and plm's pgmm, orthogonal deviations against pydynpd."""

from pathlib import Path

import numpy as np
import pytest
from tests.oracle.conftest import _columns
from tests.oracle.dynamic_gmm.dynamic_panels import design

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.dynamic_design import GmmChoice
from carbonspec.econometrics.estimators import dynamic_gmm

HERE = Path(__file__).parent
ROBUST, PLAIN = CovarianceChoice("cluster"), CovarianceChoice("iid")
TERMS, SHORT = ("L.y", "x", "p"), (("y", 2, 4), ("p", 1, 3))
ALL = (("y", 2, None), ("p", 1, None))

GRETL = {
    "difference1": (GmmChoice(two_step=False), ROBUST, SHORT, None),
    "difference1_dpd": (GmmChoice(two_step=False), PLAIN, SHORT, None),
    "difference2": (GmmChoice(), ROBUST, SHORT, None),
    "difference2_iid": (GmmChoice(), PLAIN, SHORT, None),
    "difference2_collapse": (GmmChoice(collapse=True), ROBUST, ALL, None),
    "difference2_deep": (GmmChoice(), ROBUST, (("y", 3, 5), ("p", 2, 2)), None),
    "difference2_years": (GmmChoice(), ROBUST, SHORT, "both"),
    "system1": (GmmChoice(system=True, two_step=False), ROBUST, SHORT, None),
    "system1_h2": (GmmChoice(system=True, two_step=False, weight=2), ROBUST, SHORT, None),
    "system2": (GmmChoice(system=True), ROBUST, SHORT, None),
    "system2_collapse": (GmmChoice(system=True, collapse=True), ROBUST, SHORT, None),
    "system2_years": (GmmChoice(system=True), ROBUST, SHORT, "level"),
}


@pytest.fixture(scope="module")
def columns():
    return _columns(HERE / "dynamic.csv")


def compare(fit, numbers, key, rtol):
    terms = [term for term in fit.terms if f"{key}.b.{term}" in numbers]
    at = [fit.terms.index(term) for term in terms]
    assert terms[:3] == list(TERMS)
    np.testing.assert_allclose(fit.estimates[at], numbers.many(f"{key}.b", terms), rtol=rtol)
    np.testing.assert_allclose(fit.std_errors[at], numbers.many(f"{key}.se", terms), rtol=rtol)
    for name in ("hansen", "ar1", "ar2"):
        if f"{key}.{name}" in numbers:
            assert fit.statistics[name] == pytest.approx(numbers[f"{key}.{name}"], rel=10 * rtol), name


@pytest.mark.parametrize("name", GRETL)
def test_gretl(name, columns, oracle):
    numbers, key = oracle("dynamic_gmm/gretl.txt"), f"dynamic.{name}"
    choice, covariance, gmm, years = GRETL[name]
    fit = dynamic_gmm.fit(design(columns, "y", TERMS, gmm, ("x",), years), choice, covariance).fit
    compare(fit, numbers, key, 1e-10)
    assert fit.n == numbers[f"{key}.n"]
    assert fit.statistics["instruments"] == numbers[f"{key}.instruments"]
    assert fit.statistics["sargan_df"] == numbers[f"{key}.sargan_df"]
    if choice.weight == 3:  # gretl doubles the variance of --dpdstyle in system GMM
        assert fit.statistics["sargan"] * _variance_in_gretl(name, fit) == pytest.approx(
            numbers[f"{key}.sargan"], rel=1e-9
        )


def _variance_in_gretl(name, fit):
    """gretl divides SSR by n, with --dpdstyle by n - k as here; in system GMM by the level rows."""
    if name == "difference1_dpd":
        return 1.0
    if name.startswith("system"):
        return fit.n / 493
    return fit.n / fit.df_resid


PLM = {
    "short": (TERMS, SHORT, None),
    "narrow": (TERMS, (("y", 2, 4), ("p", 2, 2)), None),
    "collapse": (TERMS, ALL, None),
    "years": (TERMS, SHORT, "both"),
    "second": (("L.y", "L2.y", "x", "p"), SHORT, None),
}


@pytest.mark.parametrize("two_step", [False, True])
@pytest.mark.parametrize("name", PLM)
def test_plm(name, two_step, columns, oracle):
    numbers, key = oracle("dynamic_gmm/plm.txt"), f"{name}.{'twosteps' if two_step else 'onestep'}"
    terms, gmm, years = PLM[name]
    choice = GmmChoice(two_step=two_step, collapse=name == "collapse")
    fit = dynamic_gmm.fit(design(columns, "y", terms, gmm, ("x",), years), choice, ROBUST).fit
    k = len(terms)
    np.testing.assert_allclose(fit.estimates[:k], numbers.many(f"{key}.b", terms), rtol=1e-10)
    np.testing.assert_allclose(fit.std_errors[:k], numbers.many(f"{key}.se", terms), rtol=1e-10)
    if two_step:
        assert fit.statistics["hansen"] == pytest.approx(numbers[f"{key}.hansen.x"], rel=1e-10)


def test_one_step_where_units_are_few(columns, oracle):
    """30 units and 39 instruments: the first step has its inverse, the second has not, and says so."""
    numbers = oracle("dynamic_gmm/gretl.txt")
    few = {name: values[columns["id"] <= 30] for name, values in columns.items()}
    fit = dynamic_gmm.fit(design(few, "y", TERMS, SHORT, ("x",)), GmmChoice(), ROBUST).fit
    assert fit.statistics["sargan"] * fit.n / fit.df_resid == pytest.approx(numbers["few.difference2.sargan"], rel=1e-9)
    assert [n.kind for n in fit.notices][:2] == ["W534", "W534"]
    assert "generalised inverse" in fit.notices[1].message


@pytest.mark.parametrize("name", ["difference1", "difference2", "difference2_collapse", "system1", "system2"])
def test_orthogonal_deviations_in_pydynpd(name, columns, oracle):
    numbers = oracle("dynamic_gmm/pydynpd.txt")
    kept = (columns["year"] >= 2005) & (columns["year"] <= 2010)
    part = {n: v[kept] for n, v in columns.items()}
    system = name.startswith("system")
    gmm, own = ((*SHORT, ("x", 1, 3)), ()) if system else (SHORT, ("x",))
    choice = GmmChoice(system, name[-1] != "1", "collapse" in name, "orthogonal")
    fit = dynamic_gmm.fit(design(part, "y", TERMS, gmm, own), choice, ROBUST).fit
    compare(fit, numbers, name, 1e-9)
