"""`joint`, `delta`, `placebo` through specs: against the column's own covariance, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.testing import grunfeld as g

LINES = """model years: invest ~ value + capital + i(year) | fe(id)
test both: joint(m.value, m.capital)
test same: joint(m.value - m.capital)
test all_years: joint(years.i(year))
test some: joint(years.year[1940..1942])
test ratio: delta(m.value / (1 - m.capital))
test same_delta: delta(m.value - m.capital)
test curved: delta(exp(m.value) * m.capital^2 - sqrt(m.capital) + log(m.value) - abs(-m.value))
test nothing: delta(log(-m.value))
test random: placebo(m.value) permute value draws 200
hypothesis HA "Tested": ratio.estimate > 0 at 1%
hypothesis HB "Tested against another number": ratio.estimate > 0.159
hypothesis HC "Equivalence": ratio.estimate in 0..0.5
hypothesis HD "By draws": random.estimate > 0
hypothesis HE "By draws, another number": random.estimate > 0.01
expect same_delta.estimate = -0.199942 within 0.000001
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> g.cs.api.Any:
    return g.run(tmp_path_factory.mktemp("coefficients"), LINES)


def test_joint_is_the_wald_test(run: g.cs.api.Any) -> None:
    fit = run.models["m"][0].fit
    b, V = fit.estimates[:2], fit.vcov[:2, :2]
    wald = float(b @ np.linalg.solve(V, b))
    found = g.rows(run.tests["both"])
    assert found["f"].value == pytest.approx(wald / 2, rel=1e-10)
    assert found["f"].df == (2.0, 9.0)
    assert found["chi2"].value == pytest.approx(wald, rel=1e-10)


def test_one_restriction_is_the_delta_method_squared(run: g.cs.api.Any) -> None:
    f, t = g.rows(run.tests["same"])["f"], g.rows(run.tests["same_delta"])["t"]
    assert f.value == pytest.approx(t.value**2, rel=1e-10)
    assert f.p_value == pytest.approx(t.p_value, rel=1e-8)


def test_categories(run: g.cs.api.Any) -> None:
    years = g.rows(run.tests["all_years"])["f"]
    assert years.df == (9.0, 9.0)  # ten clusters give a covariance of rank nine
    assert any("rank 9" in notice.message for notice in years.notices)
    assert g.rows(run.tests["some"])["f"].df == (3.0, 9.0)
    assert "year[1940], year[1941], year[1942]" in g.rows(run.tests["some"])["f"].null


@pytest.mark.parametrize("name", ["ratio", "curved"])
def test_derivatives(run: g.cs.api.Any, name: str) -> None:
    fit = run.models["m"][0].fit

    def value(b: np.ndarray) -> float:
        a, c = b[0], b[1]
        if name == "ratio":
            return float(a / (1 - c))
        return float(np.exp(a) * c**2 - np.sqrt(c) + np.log(a) - abs(-a))

    steps = 1e-6 * np.eye(len(fit.estimates))
    slope = np.array([(value(fit.estimates + s) - value(fit.estimates - s)) / 2e-6 for s in steps])
    row = g.rows(run.tests[name])["t"]
    assert row.details["estimate"] == pytest.approx(value(fit.estimates), rel=1e-12)
    assert row.details["standard error"] == pytest.approx(float(np.sqrt(slope @ fit.vcov @ slope)), rel=1e-6)
    assert row.details["low"] < row.details["estimate"] < row.details["high"]


def test_what_does_not_exist_says_so(run: g.cs.api.Any) -> None:
    outcome = run.tests["nothing"]
    assert outcome.rows == ()
    assert outcome.failures[0].code == "E527"
    assert "does not exist at the estimates" in outcome.failures[0].message


def test_claims_on_estimates_of_tests(run: g.cs.api.Any) -> None:
    verdicts = {v.name: v for v in run.verdicts}
    assert [verdicts[f"H{name}"].verdict for name in "ABCDE"] == [
        "supported", "unsupported", "supported", "supported", "failed"
    ]  # fmt: skip
    assert verdicts["HA"].parts[0].p_value == pytest.approx(g.rows(run.tests["ratio"])["t"].p_value)
    assert "a p value for zero alone" in verdicts["HE"].reason
    assert all(expectation.met for expectation in run.expectations)


def test_placebo_draws_are_regressions_with_the_variable_dealt_out(run: g.cs.api.Any) -> None:
    outcome = run.tests["random"]
    draws = next(iter(outcome.draws.values()))
    observed = run.models["m"][0].fit.estimates[0]
    assert len(draws) == 200
    assert outcome.rows[0].details["estimate"] == pytest.approx(observed, rel=1e-9)
    assert outcome.rows[0].p_value == (1 + np.sum(np.abs(draws) >= abs(observed) * (1 - 1e-9))) / 201


def test_placebo_of_what_a_regressor_is_made_of(tmp_path: g.Path) -> None:
    lines = """var late = year >= 1945
var did = large * late
model a: invest ~ did + capital | fe(id, year)
model b: invest ~ I(large * late) + capital | fe(id, year)
test by_var: placebo(a.did) permute large draws 50
test by_hand: placebo(b.I(large * late)) permute large draws 50
test other: placebo(a.capital) permute large draws 50
"""
    tests = g.run(tmp_path, lines).tests
    first, second = (tests[name].rows[0] for name in ("by_var", "by_hand"))
    assert first.details["estimate"] == pytest.approx(second.details["estimate"], rel=1e-9)
    assert "one value a unit" in first.convention
    assert tests["other"].failures[0].code == "E525"


def test_few_units_are_dealt_out_in_all_ways(tmp_path: g.Path) -> None:
    panel = g.WHOLE.replace('firm != "American Steel"', 'firm in ("Chrysler", "IBM", "Union Oil", "Goodyear")')
    path = tmp_path / "g.cspec"
    lines = (
        "model w: m se wild(99)\ntest p: placebo(m.value) permute value draws 5\ntest j: joint(w.value, w.capital)\n"
    )
    path.write_text(panel + lines, encoding="utf-8")
    result = g.cs.run(path, out=tmp_path / "out")
    rows = result["p"].tidy()
    draws = result["p"].draws().iloc[:, 0]
    assert len(draws) == 24
    observed = rows.estimate[0]
    assert rows.p_value[0] == np.mean(np.abs(draws) >= abs(observed) * (1 - 1e-9))
    assert "all 24 ways to deal out value among 4 units" in rows.convention[0]
    assert any("wild bootstrap is of single coefficients" in n.message for n in result.run.tests["j"].rows[0].notices)
    assert "test p: 1 statistics" in repr(result["p"])


def test_whole_histories_need_the_same_periods(tmp_path: g.Path) -> None:
    outcome = g.run(tmp_path, "test p: placebo(m.value) permute value", g.UNBALANCED).tests["p"]
    assert outcome.failures[0].code == "E521"
    assert "T is 14 to 20" in outcome.failures[0].message
