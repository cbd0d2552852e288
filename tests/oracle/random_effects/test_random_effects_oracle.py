"""Random effects against plm (balanced), gretl (unbalanced, harmonic mean of T) and the anchors."""

import numpy as np
import pytest

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import pooled, random_effects


def test_plm(panels, oracle):
    panel, numbers = panels["grunfeld"], oracle("random_effects/plm.txt")
    terms = (*panel.terms, "Constant")
    fit = random_effects.fit(panel.design(("firm",)), CovarianceChoice())
    np.testing.assert_allclose(fit.estimates, numbers.many("grunfeld.b", terms), rtol=1e-10)
    np.testing.assert_allclose(fit.std_errors, numbers.many("grunfeld.iid", terms), rtol=1e-10)
    assert fit.statistics["theta"] == pytest.approx(numbers["grunfeld.theta.x"], rel=1e-10)
    assert fit.statistics["sigma_e"] ** 2 == pytest.approx(numbers["grunfeld.sigma2.e"], rel=1e-10)
    assert fit.statistics["sigma_u"] ** 2 == pytest.approx(numbers["grunfeld.sigma2.u"], rel=1e-10)
    clustered = random_effects.fit(panel.design(("firm",), ("firm",)), CovarianceChoice("cluster"))
    factor = np.sqrt(10 / 9 * 199 / 197)
    np.testing.assert_allclose(clustered.std_errors, factor * numbers.many("grunfeld.cluster_raw", terms), rtol=1e-9)
    assert clustered.reference == "normal"


@pytest.mark.parametrize("name", ["grunfeld", "unbalanced", "synthetic"])
def test_gretl(name, panels, oracle):
    panel, numbers = panels[name], oracle("random_effects/gretl.txt")
    terms = (*panel.terms, "Constant")
    fit = random_effects.fit(panel.design((panel.unit,)), CovarianceChoice())
    np.testing.assert_allclose(fit.estimates, numbers.many(f"{name}.random.b", terms), rtol=1e-9)
    np.testing.assert_allclose(fit.std_errors, numbers.many(f"{name}.random.se", terms), rtol=1e-9)
    assert fit.statistics["sigma_e"] ** 2 == pytest.approx(numbers[f"{name}.random.sigma2_e"], rel=1e-9)
    assert fit.statistics["sigma_u"] ** 2 == pytest.approx(numbers[f"{name}.random.sigma2_u"], rel=1e-9)


def test_anchors(panels):
    fit = random_effects.fit(panels["grunfeld"].design(), CovarianceChoice())
    np.testing.assert_allclose(fit.estimates, [0.109781152, 0.308112983, -57.834415], rtol=1e-8)
    np.testing.assert_allclose(fit.std_errors, [0.010492663, 0.017180469, 28.898935], rtol=1e-7)
    assert fit.statistics["theta"] == pytest.approx(0.861224, abs=5e-7)
    fit = random_effects.fit(panels["unbalanced"].design(), CovarianceChoice())
    np.testing.assert_allclose(fit.estimates, [0.12839528, 0.29565156, -69.108215], rtol=5e-8)
    assert fit.statistics["sigma_u"] ** 2 == pytest.approx(7272.876, abs=5e-4)
    assert fit.statistics["sigma_e"] ** 2 == pytest.approx(2268.270, abs=5e-4)


def test_no_unit_effects_gives_pooled_ols_and_says_so(panels, oracle):
    from tests.oracle.conftest import HERE, Panel, _columns

    panel = Panel(_columns(HERE / "random_effects" / "no_effects.csv"), "id", "year", "y", ("x",))
    numbers = oracle("random_effects/plm.txt")
    fit = random_effects.fit(panel.design(), CovarianceChoice())
    assert fit.statistics["sigma_u"] == fit.statistics["theta"] == 0
    assert [n.kind for n in fit.notices] == ["W508"]
    np.testing.assert_allclose(fit.estimates, numbers.many("no_effects.pooled.b", ("x", "Constant")), rtol=1e-9)
    np.testing.assert_allclose(fit.std_errors, numbers.many("no_effects.pooled.iid", ("x", "Constant")), rtol=1e-9)
    np.testing.assert_allclose(fit.vcov, pooled.fit(panel.design(), CovarianceChoice()).vcov, rtol=1e-9)
