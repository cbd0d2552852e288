"""Employment of UK firms: Arellano and Bond (1991) Table 4, Blundell and Bond's (1998) equation, xtabond2's output."""

from pathlib import Path

import numpy as np
import pytest
from tests.oracle.conftest import _columns
from tests.oracle.dynamic_gmm.dynamic_panels import design

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.dynamic_design import GmmChoice
from carbonspec.econometrics.estimators import dynamic_gmm

ROBUST, PLAIN = CovarianceChoice("cluster"), CovarianceChoice("iid")
AB = ("L.n", "L2.n", "w", "L.w", "k", "L.k", "L2.k", "ys", "L.ys", "L2.ys")
BB = ("L.n", "w", "L.w", "k", "L.k")


@pytest.fixture(scope="module")
def firms():
    columns = _columns(Path(__file__).with_name("EmplUK.csv"))
    logs = {"n": "emp", "w": "wage", "k": "capital", "ys": "output"}
    return columns | {short: np.log(columns[long]) for short, long in logs.items()}


def ab(firms, choice, covariance=ROBUST):
    made = design(firms, "n", AB, (("n", 2, None),), AB[2:], "both", keys=("firm", "year"))
    return dynamic_gmm.fit(made, choice, covariance)


def holds(fit, estimates, statistics, places=5e-7):
    for term, (b, se) in estimates.items():
        at = fit.terms.index(term)
        assert fit.estimates[at] == pytest.approx(b, abs=places), term
        assert fit.std_errors[at] == pytest.approx(se, abs=places), term
    for name, value in statistics.items():
        assert fit.statistics[name] == pytest.approx(value, abs=places), name


def test_one_step(firms):
    found = ab(firms, GmmChoice(two_step=False))
    holds(found.fit, {"L.n": (0.686226, 0.144594), "L2.n": (-0.085358, 0.056016)}, {"ar1": -3.599593, "ar2": -0.516028})
    assert (found.fit.n, found.fit.n_ids, found.fit.statistics["instruments"]) == (611, 140, 41)
    assert found.fit.statistics["sargan"] == pytest.approx(65.8181, abs=5e-5)
    assert found.fit.statistics["sargan_df"] == 25
    (own,) = found.subsets
    assert (round(own.statistic, 2), own.df, round(own.p, 3)) == (12.01, 11, 0.363)
    assert (round(own.difference, 2), own.difference_df, round(own.difference_p, 3)) == (19.37, 14, 0.151)
    assert [n.kind for n in found.fit.notices] == ["N538"]


def test_two_steps(firms):
    windmeijer = {"hansen": 31.381416, "hansen_p": 0.176698, "ar1": -2.125472, "ar2": -0.351658}
    holds(ab(firms, GmmChoice()).fit, {"L.n": (0.628709, 0.193413)}, windmeijer)
    plain = ab(firms, GmmChoice(), PLAIN).fit
    holds(plain, {"L.n": (0.628709, 0.090454)}, {"ar1": -2.999770, "ar2": -0.415754})


def test_collapsed(firms):
    fit = ab(firms, GmmChoice(collapse=True)).fit
    holds(fit, {"L.n": (1.535150, 0.502597)}, {"hansen": 6.177368, "ar2": -0.825511})
    assert (fit.statistics["instruments"], fit.statistics["hansen_df"]) == (21, 5)


@pytest.mark.parametrize(
    ("weight", "l1"), [(3, (0.935605, 0.026295)), (2, (0.871414, 0.044055)), (1, (0.811329, 0.057919))]
)
def test_system(firms, weight, l1):
    gmm = tuple((name, 2, None) for name in ("n", "w", "k"))
    made = design(firms, "n", BB, gmm, (), "level", keys=("firm", "year"))
    found = dynamic_gmm.fit(made, GmmChoice(system=True, two_step=False, weight=weight), ROBUST)
    holds(found.fit, {"L.n": l1}, {})
    assert (found.fit.n, found.fit.statistics["instruments"], found.fit.statistics["hansen_df"]) == (891, 113, 100)
    if weight != 3:
        return
    rest = dict(zip(BB[1:], (-0.630976, 0.482620, 0.483930, -0.424393), strict=True))
    for term, b in rest.items():
        assert found.fit.estimates[found.fit.terms.index(term)] == pytest.approx(b, abs=5e-7)
    assert found.fit.statistics["hansen"] == pytest.approx(110.7009, abs=5e-5)
    assert found.fit.statistics["ar1"] == pytest.approx(-5.46, abs=5e-3)
    assert found.fit.statistics["ar2"] == pytest.approx(-0.25, abs=5e-3)


def test_subsets_as_xtabond2_prints_them(firms):
    """xtabond2 n L(1/2).n w k, gmm(n, lag(2 4)) gmm(w, lag(1 3)) iv(k) nolevel twostep robust."""
    made = design(firms, "n", ("L.n", "L2.n", "w", "k"), (("n", 2, 4), ("w", 1, 3)), ("k",), keys=("firm", "year"))
    found = dynamic_gmm.fit(made, GmmChoice(), ROBUST)
    assert found.fit.estimates[3] == pytest.approx(0.4637223, abs=5e-7)
    assert found.fit.std_errors[3] == pytest.approx(0.0718328, abs=5e-7)
    assert found.fit.statistics["hansen"] == pytest.approx(47.86, abs=5e-3)
    assert found.fit.statistics["sargan"] * found.fit.n / found.fit.df_resid == pytest.approx(91.61, abs=5e-3)
    printed = {
        "gmm(n, lags = 2..4)": (23.75, 15, 24.11, 17),
        "gmm(w, lags = 1..3)": (17.25, 14, 30.61, 18),
        "own instruments": (38.33, 31, 9.53, 1),
    }
    for test in found.subsets:
        without, df, difference, fewer = printed.pop(test.name)
        assert (test.df, test.difference_df) == (df, fewer)
        assert (test.statistic, test.difference) == pytest.approx((without, difference), abs=5e-3)
    assert not printed
