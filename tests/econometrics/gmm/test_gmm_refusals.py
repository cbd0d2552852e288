"""What a dynamic panel cannot give is refused with a code or said in a notice; no statistic is NaN."""

from dataclasses import replace

import numpy as np
import pytest
from tests.econometrics.gmm.dynamic import design, simulate

from carbonspec.diagnostics.codes.all import CODES
from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.dynamic_design import GmmChoice, OwnInstruments
from carbonspec.econometrics.estimators import dynamic_gmm
from carbonspec.econometrics.results import EstimationError, Omitted

ROBUST = CovarianceChoice("cluster")


def run(made, **choice):
    found = dynamic_gmm.fit(made, GmmChoice(**choice), ROBUST)
    assert all(np.isfinite(value) for value in found.fit.statistics.values())
    assert {notice.kind for notice in found.fit.notices} <= set(CODES)
    return found


def refused(made, **choice):
    with pytest.raises(EstimationError) as problem:
        run(made, **choice)
    assert problem.value.code in CODES
    return problem.value


def kinds(found):
    return [notice.kind for notice in found.fit.notices]


PANEL = simulate(60, 6)


@pytest.mark.parametrize("system", [False, True])
@pytest.mark.parametrize(
    ("made", "code"),
    [
        (design(simulate(50, 1, holes=0.0)), "E507"),
        (design(simulate(50, 2, holes=0.0)), "E533"),
        (design(PANEL, 9, None), "E533"),
        (design(PANEL, 4, 2), "E533"),
        (design({**PANEL, "y": np.ones(len(PANEL["y"]))}), "E503"),
        (design({**PANEL, "y": PANEL["id"] * 1.0}), "E503"),
        (design({**PANEL, "y": PANEL["x"] * 2.0}), "E530"),
        (design({**PANEL, "x": np.full(len(PANEL["x"]), np.nan)}), "E507"),
        (design({**PANEL, "x": np.where(np.arange(len(PANEL["x"])) == 5, np.inf, PANEL["x"])}), "E508"),
        (replace(design(PANEL), gmm=()), "E530"),
        (replace(design(PANEL), gmm=(), own=(), constant=False), "E533"),
        (design(simulate(2, 9)), "E530"),
        (design(simulate(1, 9, holes=0.0)), "E530"),
        (design({n: v[PANEL["year"] % 2 == 0] for n, v in PANEL.items()}), "E507"),
    ],
    ids=[
        "T=1",
        "T=2",
        "far",
        "reversed",
        "constant",
        "fixed",
        "exact",
        "missing",
        "infinite",
        "own only",
        "none",
        "N=2",
        "N=1",
        "every second year",
    ],
)
def test_refused(made, code, system):
    assert refused(made, system=system).code == code


def test_other_standard_errors_are_refused():
    with pytest.raises(EstimationError) as problem:
        dynamic_gmm.fit(design(PANEL), GmmChoice(), CovarianceChoice("hc1"))
    assert problem.value.code == "E505"


def test_difference_gmm_has_no_level_equation():
    own = OwnInstruments(("x",), PANEL["x"][:, None], "level")
    assert refused(design(PANEL, blocks=(own,))).code == "E533"


def test_shortest_panel():
    """Three periods: one difference a unit, exactly identified, no serial correlation to test."""
    found = run(design(simulate(50, 3, holes=0.0)))
    assert found.fit.n == 50
    assert not {"sargan", "hansen", "ar1", "ar2"} & set(found.fit.statistics)
    messages = [n.message for n in found.fit.notices if n.kind == "N537"]
    assert messages[0] == "exactly identified: no Sargan or Hansen test"
    assert [m.split(":")[0] for m in messages[1:]] == ["no AR(1) test", "no AR(2) test"]


@pytest.mark.parametrize("system", [False, True])
def test_two_units_in_one_step(system):
    found = run(design(simulate(2, 9)), system=system, two_step=False)
    assert {"W501", "W534", "W532"} <= set(kinds(found))
    assert "hansen" not in found.fit.statistics
    assert any("no Hansen test" in n.message for n in found.fit.notices)


def test_many_instruments():
    found = run(design(simulate(20, 9, seed=2)))
    assert found.fit.statistics["instruments"] >= 20
    messages = [n.message for n in found.fit.notices if n.kind == "W534"]
    assert "instruments for 20 units" in messages[0]
    assert "Hansen's test says nothing" in messages[1]
    assert found.subsets == ()
    collapsed = run(design(simulate(20, 9, seed=2)), collapse=True)
    assert collapsed.fit.statistics["instruments"] < 10
    assert "W534" not in kinds(collapsed)


def test_a_hansen_p_near_one_is_no_good_news():
    found = run(design(simulate(30, 10, seed=1), own=False)).fit
    assert found.statistics["hansen_p"] > 0.95
    assert any("says nothing" in n.message for n in found.notices)
    lucky = run(design(simulate(200, 6, seed=12, holes=0.0))).fit
    assert lucky.statistics["hansen_p"] > 0.95
    assert next(n.message for n in lucky.notices if n.kind == "W534").startswith("Hansen p = 0.9")


def test_errors_with_memory_are_noticed():
    """An error correlated over time makes second lags invalid: Hansen and AR(2) say so."""
    rng = np.random.default_rng(4)
    data = simulate(800, 8, seed=4, holes=0.0)
    shock = rng.normal(size=len(data["y"]))
    same = np.r_[False, data["id"][1:] == data["id"][:-1]]
    for lag in (1, 2):
        data["y"] = data["y"] + 0.8 * np.where(same, np.r_[np.zeros(lag), shock[:-lag]], 0.0)
    found = run(design(data))
    rejected = [n.message for n in found.fit.notices if n.kind == "W535"]
    assert any(m.startswith("Hansen") for m in rejected)
    assert found.fit.statistics["hansen_p"] < 0.05


def test_regressors_that_leave():
    z = PANEL["id"] * 1.0
    made = design(PANEL, extra={"fixed": z, "twice": PANEL["x"] * 2 + 1, "never": z * 0.0}.items())
    found = run(made)
    assert found.fit.omitted == (
        Omitted("fixed", "constant over time: the transformation takes it out"),
        Omitted("twice", "collinear with x"),
        Omitted("never", "zero in the rows used"),
    )
    np.testing.assert_allclose(found.fit.estimates, run(design(PANEL)).fit.estimates, rtol=1e-10)
    assert "fixed" in run(made, system=True).fit.terms


def test_collinear_instruments_count_once():
    twice = OwnInstruments(("x", "again"), np.column_stack([PANEL["x"], 2 * PANEL["x"]]))
    one, two = run(design(PANEL)), run(design(PANEL, blocks=(twice,)))
    assert one.fit.statistics == pytest.approx(two.fit.statistics, rel=1e-9)


def test_rows_are_counted():
    data = simulate(60, 7, seed=8)
    found = run(design(data)).fit
    orthogonal = run(design(data), transform="orthogonal").fit
    assert found.n + sum(d.rows for d in found.dropped) == len(data["y"])
    assert orthogonal.n + sum(d.rows for d in orthogonal.dropped) == len(data["y"])
    assert orthogonal.n > found.n  # a gap costs one row, not two
    system = run(design(data), system=True).fit
    assert system.n + sum(d.rows for d in system.dropped) == len(data["y"])


def test_bounds():
    found = run(design(simulate(200, 6, seed=21)), two_step=False)
    statistics = found.fit.statistics
    assert found.pooled.estimates[0] == statistics["l1_pooled"] > statistics["l1_within"] == found.within.estimates[0]
    outside = not statistics["l1_within"] <= found.fit.estimates[0] <= statistics["l1_pooled"]
    assert ("N538" in kinds(found)) == outside
    assert run(replace(design(PANEL), lagged=())).pooled is None


def test_difference_in_hansen_adds_up():
    found = run(design(simulate(300, 6, seed=5), own=False), system=True)
    assert [t.name for t in found.subsets] == [
        "gmm(y, lags = 2..last)",
        "gmm in levels",
        "gmm(x, lags = 1..2)",
    ]
    for test in found.subsets:
        assert test.statistic + test.difference == pytest.approx(found.fit.statistics["hansen"], rel=1e-9)
        assert test.df + test.difference_df == found.fit.statistics["hansen_df"]
        assert test.difference >= 0
