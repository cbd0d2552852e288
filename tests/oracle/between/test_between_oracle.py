"""The between estimator against plm, lm on unit means, gretl and the anchors."""

import numpy as np
import pytest

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import between


@pytest.mark.parametrize("name", ["grunfeld", "unbalanced", "synthetic"])
def test_plm_lm_and_gretl(name, panels, oracle):
    panel, numbers, gretl = panels[name], oracle("between/plm.txt"), oracle("random_effects/gretl.txt")
    terms = (*panel.terms, "Constant")
    for kind in ("iid", "hc0", "hc1", "hc2", "hc3"):
        fit = between.fit(panel.design(), CovarianceChoice(kind))
        np.testing.assert_allclose(fit.estimates, numbers.many(f"{name}.b", terms), rtol=1e-9)
        np.testing.assert_allclose(fit.std_errors, numbers.many(f"{name}.{kind}", terms), rtol=1e-9)
    assert fit.df_resid == numbers[f"{name}.df.resid"]
    np.testing.assert_allclose(fit.estimates, gretl.many(f"{name}.between.b", terms), rtol=1e-9)


def test_clustering_by_unit_is_hc1(panels, oracle):
    panel = panels["grunfeld"]
    fit = between.fit(panel.design((), ("firm",)), CovarianceChoice("cluster"))
    wanted = oracle("between/plm.txt").many("grunfeld.hc1", (*panel.terms, "Constant"))
    np.testing.assert_allclose(fit.std_errors, wanted, rtol=1e-9)
    assert fit.df_reference == 9


def test_anchors(panels):
    fit = between.fit(panels["grunfeld"].design(), CovarianceChoice())
    np.testing.assert_allclose(fit.estimates, [0.134646, 0.032031, -8.527114], atol=5e-7)
    np.testing.assert_allclose(fit.std_errors[:-1], [0.028745, 0.190938], atol=5e-7)
