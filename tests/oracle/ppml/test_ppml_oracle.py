"""Poisson with fixed effects against R's glm on dummies with sandwich, and the anchors on Grunfeld's data."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from tests.oracle.conftest import Panel, _columns

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import ppml

HERE = Path(__file__).parent
EFFECTS = {"none": (), "one": ("id",), "two": ("id", "year")}


@pytest.fixture(scope="module")
def sets(panels):
    grunfeld = panels["grunfeld"].columns
    names = {"firm": "id", "year": "year", "inv": "y", "value": "x1", "capital": "x2"}
    trade = _columns(HERE / "trade.csv")
    return {
        "grunfeld": Panel({new: grunfeld[old] for old, new in names.items()}, "id", "year", "y", ("x1", "x2")),
        "trade": Panel(trade, "id", "year", "y", ("x1", "x2")),
        "separated": Panel(trade, "id", "year", "y", ("x1", "x2", "rare")),
    }


@pytest.mark.parametrize(
    ("name", "weights"), [("grunfeld", "plain"), *product(("trade", "separated"), ("plain", "weighted"))]
)
@pytest.mark.parametrize("effects", EFFECTS)
def test_dummies_in_r(name, effects, weights, sets, oracle):
    panel, numbers, key = sets[name], oracle("ppml/glm_sandwich.txt"), f"{name}.{effects}.{weights}"
    if effects == "none" and name != "grunfeld":  # the unit without trade stays when it has no effect of its own
        kept = panel.columns["id"] != 8
        panel = Panel({n: v[kept] for n, v in panel.columns.items()}, "id", "year", "y", panel.terms)
    made = panel.design(EFFECTS[effects], ("id",), "w" if weights == "weighted" else None)
    terms = ("x1", "x2", "Constant") if effects == "none" else ("x1", "x2")
    for choice, wanted in (
        (CovarianceChoice("cluster", correction="hc0"), "cluster"),
        (CovarianceChoice("hc0"), "hc0"),
        (CovarianceChoice("iid"), "iid"),
    ):
        fit = ppml.fit(made, choice)
        assert fit.terms == terms
        np.testing.assert_allclose(fit.estimates, numbers.many(f"{key}.b", terms), rtol=1e-8)
        if (wanted, weights) != ("iid", "weighted"):  # weights scaled to mean 1, so that only robust errors agree
            np.testing.assert_allclose(fit.std_errors, numbers.many(f"{key}.{wanted}", terms), rtol=1e-7)
    assert fit.n == numbers[f"{key}.fit.n"]
    if weights == "plain":
        assert fit.statistics["deviance"] == pytest.approx(numbers[f"{key}.fit.deviance"], rel=1e-9)
        if name != "grunfeld":  # its outcome is no count, for which R has no likelihood
            assert fit.statistics["log_likelihood"] == pytest.approx(numbers[f"{key}.log_likelihood.x"], rel=1e-9)
    if name == "separated":
        assert [o.term for o in fit.omitted] == ["rare"]
        assert sum(d.rows for d in fit.dropped if d.reason.startswith("separated")) > 0
        assert "N536" in {n.kind for n in fit.notices}


def test_grunfeld_anchors(sets):
    panel = sets["grunfeld"]
    one = ppml.fit(panel.design(("id",), ("id",)), CovarianceChoice("cluster"))
    np.testing.assert_allclose(one.estimates, [1.9409566e-4, 5.2105034e-4], rtol=1e-7)
    np.testing.assert_allclose(one.std_errors, [3.409773e-5, 4.558198e-5], rtol=2e-7)
    two = ppml.fit(panel.design(("id", "year"), ("id",)), CovarianceChoice("cluster"))
    np.testing.assert_allclose(two.estimates, [1.738611e-4, 1.052402e-4], rtol=5e-7)
    np.testing.assert_allclose(two.std_errors, [4.761143e-5, 8.107279e-5], rtol=1e-6)
    assert (one.reference, one.covariance.k, two.covariance.k) == ("normal", 3, 22)
