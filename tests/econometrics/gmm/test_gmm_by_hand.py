"""GMM on panels with gaps is what the definitions give, unit by unit."""

from dataclasses import replace

import numpy as np
import pytest
from tests.econometrics.gmm.dynamic import by_hand, design, simulate

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.dynamic_design import GmmChoice, OwnInstruments
from carbonspec.econometrics.estimators import dynamic_gmm

ROBUST = CovarianceChoice("cluster")


@pytest.mark.parametrize("collapse", [False, True])
@pytest.mark.parametrize("transform", ["difference", "orthogonal"])
@pytest.mark.parametrize("system", [False, True])
def test_with_gaps(system, transform, collapse):
    data = simulate(units=90, periods=7, seed=3, holes=0.12)
    hand = by_hand(data, GmmChoice(system=system, transform=transform, collapse=collapse), 2, 4)
    made = design(data, 2, 4)
    for two_step, b, V in ((False, "b1", "V1"), (True, "b2", "V2")):
        choice = GmmChoice(system, two_step, collapse, transform)
        fit = dynamic_gmm.fit(made, choice, ROBUST).fit
        np.testing.assert_allclose(fit.estimates, hand[b], rtol=1e-9)
        np.testing.assert_allclose(fit.vcov, hand[V], rtol=1e-8)
        assert fit.statistics["hansen"] == pytest.approx(hand["hansen"], rel=1e-8)
    for name in ("ar1", "ar2"):
        assert fit.statistics[name] == pytest.approx(hand[name], rel=1e-7)


def test_differences_of_a_full_panel_are_orthogonal_deviations():
    """With all lags and no other instruments, one-step estimates are the same (Arellano and Bover 1995)."""
    data = simulate(units=150, periods=6, seed=5, holes=0.0)
    made = design(data, 2, None, own=False)
    made = replace(made, gmm=made.gmm[:1], terms=("L.y",), X=made.X[:, :1])
    b = [
        dynamic_gmm.fit(made, GmmChoice(two_step=False, transform=transform), ROBUST).fit.estimates
        for transform in ("difference", "orthogonal")
    ]
    np.testing.assert_allclose(b[0], b[1], rtol=1e-9)


def test_units_of_measurement_do_not_matter():
    data = simulate(seed=7, units=30, periods=8)  # 30 units, more instruments: generalised inverse
    scaled = {**data, "x": data["x"] * 1e-7}
    fits = [dynamic_gmm.fit(design(d, own=False), GmmChoice(), ROBUST).fit for d in (data, scaled)]
    assert fits[0].statistics["instruments"] > fits[0].n_ids
    assert fits[0].estimates[0] == pytest.approx(fits[1].estimates[0], rel=1e-7)
    assert fits[0].estimates[1] == pytest.approx(fits[1].estimates[1] * 1e-7, rel=1e-7)
    assert fits[0].std_errors[0] == pytest.approx(fits[1].std_errors[0], rel=1e-6)


@pytest.mark.parametrize("system", [False, True])
def test_large_panels_recover_the_truth(system):
    """x answers the unit's effect: its level is no instrument in the level equation."""
    data = simulate(units=3000, periods=7, seed=11, holes=0.05)
    own = OwnInstruments(("x",), data["x"][:, None], "transformed")
    fit = dynamic_gmm.fit(design(data, blocks=(own,)), GmmChoice(system=system), ROBUST).fit
    np.testing.assert_allclose(fit.estimates[:2], [0.5, 0.7], atol=4 * fit.std_errors[:2].max())
    assert fit.std_errors[0] < 0.05
    assert fit.statistics["ar1_p"] < 1e-6
    assert fit.statistics["ar2_p"] > 0.01
    assert fit.statistics["hansen_p"] > 0.01
    assert fit.statistics["l1_within"] < fit.estimates[0] < fit.statistics["l1_pooled"]
