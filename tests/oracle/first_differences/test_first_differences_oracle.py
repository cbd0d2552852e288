"""First differences against lm on plm's differences by time value, and the anchors."""

import numpy as np
import pytest

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import first_differences


@pytest.mark.parametrize("name", ["grunfeld", "unbalanced", "synthetic"])
def test_lm(name, panels, oracle):
    panel, numbers = panels[name], oracle("first_differences/plm.txt")
    for kind in ("iid", "hc0", "hc1", "hc2", "hc3"):
        fit = first_differences.fit(panel.design(), CovarianceChoice(kind))
        np.testing.assert_allclose(fit.estimates, numbers.many(f"{name}.b", panel.terms), rtol=1e-9)
        np.testing.assert_allclose(fit.std_errors, numbers.many(f"{name}.{kind}", panel.terms), rtol=1e-9)
    assert fit.n == numbers[f"{name}.n.x"]
    made = panel.design((), (panel.unit,))
    clustered = first_differences.fit(made, CovarianceChoice("cluster", correction="hc0"))
    wanted = numbers.many(f"{name}.cluster_raw", panel.terms)
    np.testing.assert_allclose(clustered.std_errors, wanted, rtol=1e-9)


def test_anchors(panels):
    fit = first_differences.fit(panels["grunfeld"].design(), CovarianceChoice())
    np.testing.assert_allclose(fit.estimates, [0.089062829, 0.278694017], rtol=1e-8)
    np.testing.assert_allclose(fit.std_errors, [0.008234107, 0.047156416], rtol=1e-7)
    assert fit.dropped[0].rows == 10
