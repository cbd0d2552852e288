"""Instruments from a spec to a fit: which rows, which instruments, what stands beside the fit."""

import numpy as np
import pandas as pd
import pytest

from carbonspec import api
from carbonspec.diagnostics.model import SpecError

HEAD = """study "t"
data rows from "d.csv"
panel rows
  id id
  time year
"""


def simulated(units=60, first=2001, last=2009, seed=5):
    random = np.random.default_rng(seed)
    found = []
    for unit in range(units):
        effect = random.normal()
        y = effect
        for year in range(first, last + 1):
            z, common = random.normal(size=2)
            x = z + common + effect
            y = 0.5 * y + x + effect + common + random.normal()
            found.append((unit, year, y, x, z, float(unit % 2), float(random.poisson(np.exp(0.3 * z)))))
    return pd.DataFrame(found, columns=["id", "year", "y", "x", "z", "group", "count"])


@pytest.fixture(scope="module")
def frame():
    return simulated()


@pytest.fixture
def run(tmp_path, frame):
    def made(body, data=frame, head=HEAD, **more):
        spec = tmp_path / "s.cspec"
        spec.write_text(head + body, encoding="utf-8")
        return api.run(spec, frames={"rows": data}, out=tmp_path / "out", fresh=True, **more)

    return made


def same(one, other):
    assert one.terms == other.terms
    np.testing.assert_allclose(one.estimates, other.estimates, rtol=1e-9)
    np.testing.assert_allclose(one.vcov, other.vcov, rtol=1e-8, atol=1e-14)


def column(result, model, number=0):
    return result[model].columns[number]


def test_first_stage_and_reduced_form_are_the_regressions_they_say(run):
    found = run(
        "model m: y ~ x + group:z | fe(id, year) | iv(x ~ z + L.z)\n"
        "model first: x ~ group:z + z + L.z | fe(id, year) where not missing(L.z)\n"
        "model reduced: y ~ first\n"
        "table 1: first_stage(m), reduced_form(m), m\n"
    )
    instrumented = column(found, "m")
    (first,) = instrumented.first_stages
    same(first, column(found, "first").fit)
    same(instrumented.reduced_form, column(found, "reduced").fit)
    text = found.table(1).markdown()
    assert "First stage" in text
    assert "Reduced form" in text


def test_exactly_identified_is_the_ratio_and_says_so(run):
    found = run("model m: y ~ x | fe(id) | iv(x ~ z)\ntable 1: m\n")
    m = column(found, "m")
    first, reduced = m.first_stages[0], m.reduced_form
    ratio = reduced.estimates[0] / first.estimates[0]
    assert m.fit.estimates[0] == pytest.approx(ratio, rel=1e-10)
    assert "hansen" not in m.fit.statistics
    assert "exactly identified" in found.table(1).markdown().lower()


def test_a_column_with_instruments_is_the_same_alone_and_among_others(run):
    alone = run("model m: y ~ x + L.x | fe(id, year) | iv(x ~ z)\ntable 1: m\n")
    among = run(
        "model a: y ~ x + L.x | fe(id, year)\nmodel b: y ~ x | fe(id, year)\n"
        "model p: count ~ x | fe(id, year) using ppml\n"
        "model m: a | iv(x ~ z)\nmodel q: count ~ x + z | fe(id, year) using ppml\ntable 1: a, b, m, p, q\n"
    )
    same(column(alone, "m").fit, column(among, "m").fit)
    assert column(among, "p").fit.estimator.startswith("Poisson")
    assert column(among, "a").fit.estimator == "fixed effects"


@pytest.mark.parametrize("options", ["difference", "system", "difference, onestep", "system, collapse, orthogonal"])
def test_the_order_of_rows_does_not_matter(run, frame, options):
    body = f"model m: y ~ L.y + x + i(year) | gmm(y, lags = 2..3) using {options}\ntable 1: m\n"
    shuffled = frame.sample(frac=1, random_state=1)
    same(column(run(body), "m").fit, column(run(body, shuffled), "m").fit)


def test_levels_reach_rows_outside_the_sample_as_lags_do(run, frame):
    body = "model m: y ~ L.y + x | gmm(y, lags = 2..3) using onestep\ntable 1: m\n"
    late = run(body.replace("onestep", "onestep where year >= 2005"))
    panel = run(body, head=HEAD + "  where year >= 2005\n")
    cut = run(body, frame[frame.year >= 2005])
    same(column(late, "m").fit, column(panel, "m").fit)
    inside = column(late, "m").fit
    assert inside.n == 60 * 4  # differences of 2006 to 2009: levels from 2005, their lags from before
    assert column(cut, "m").fit.n == 60 * 3
    assert inside.statistics["instruments"] == 4 * 2 + 1


def test_what_instruments_what(run):
    found = run(
        "model own: y ~ L.y + x + z + i(year) | gmm(y, lags = 2..2) using collapse\n"
        "model both: y ~ L.y + x + L.x + z + i(year) | gmm(y + x, lags = 2..2) using collapse\n"
        "model outside: y ~ L.y + x + i(year) | gmm(y, lags = 2..2) | iv(x ~ z) using collapse\n"
        "model system: y ~ L.y + x + z + i(year) | gmm(y, lags = 2..2) using system, collapse\n"
        "table 1: own, both, outside, system\n"
    )
    years = 7  # 2003 to 2009: differences of the level rows' 2002 to 2009
    counts = {
        "own": 1 + 2 + years,  # y; x, z
        "outside": 1 + 1 + years,  # y; z in place of x
        "system": 1 + 1 + 2 + years + 1,  # y, its change; x, z; years and constant in levels
    }
    for model, count in counts.items():
        assert column(found, model).fit.statistics["instruments"] == count, model
    assert column(found, "both").failure.code == "E530"  # y and x for L.y, x and L.x
    note = found.table(1).markdown()
    assert "instruments of their own: x, z, i(year) (in levels only)" in note
    assert "from outside: z" in note


def test_units_without_a_row_are_left_out_of_a_bootstrap(run):
    found = run(
        "model m: y ~ L.y + x | gmm(y, lags = 2..4) using collapse se bootstrap(30) where group == 1\n"
        "model i: y ~ x | fe(id) | iv(x ~ z) se crv3(id) where group == 1\ntable 1: m, i\n"
    )
    assert column(found, "m").fit.covariance.clusters == (("id", 30),)
    assert column(found, "m").fit.resampled.failed == 0
    assert column(found, "i").fit.covariance.clusters == (("id", 30),)


def test_one_estimate_a_value_of_split(run):
    found = run("model m: y ~ L.y + x | gmm(y, lags = 2..4) using collapse split group\ntable 1: m\n")
    alone = run("model m: y ~ L.y + x | gmm(y, lags = 2..4) using collapse where group == 1\ntable 1: m\n")
    same(column(found, "m", 1).fit, column(alone, "m").fit)


def test_rows_that_leave_are_counted_once(run, frame):
    holes = frame.copy()
    holes.loc[[10, 200], "y"] = np.nan
    found = run("model m: y ~ L.y + x | gmm(y, lags = 2..4)\ntable 1: m\n", holes)
    m = column(found, "m")
    lost = sum(d.rows for d in (*m.dropped, *m.fit.dropped))
    assert m.rows_before - lost == m.fit.n


def test_the_report_keeps_what_a_store_gives_back(tmp_path, frame):
    spec = tmp_path / "s.cspec"
    body = "model m: y ~ x | fe(id) | iv(x ~ z + L.z)\nmodel g: y ~ L.y + x | gmm(y, lags = 2..4)\n"
    body += "table 1: first_stage(m), m, g\n"
    spec.write_text(HEAD + body, encoding="utf-8")
    first, second = (api.run(spec, frames={"rows": frame}, out=tmp_path / "out") for _ in range(2))
    assert second.run.provenance.tasks_reused == 2
    assert first.table(1).markdown() == second.table(1).markdown()
    assert column(second, "g").subsets == column(first, "g").subsets != ()


def test_a_derived_model_keeps_replaces_and_adds_parts(run):
    found = run(
        "model base: y ~ x | fe(id, year)\n"
        "model a: base | iv(x ~ z)\n"
        "model b: a | iv(x ~ L.z)\n"
        "model c: a | fe(id)\n"
        "model g: y ~ L.y + x | gmm(y, lags = 2..3) using system, onestep\n"
        "model h: g using collapse\n"
        "model k: g + z\n"
        "table 1: base, a, b, c, g, h, k\n"
    )
    spec = {model.name: model for model in found.run.spec.models}
    structure = {name: model.columns[0].structure for name, model in spec.items()}
    assert len(structure["a"].dimensions) == 2
    assert [t.name for t in structure["b"].instrumented.instruments] == ["L.z"]
    assert (len(structure["c"].dimensions), structure["c"].instrumented is not None) == (1, True)
    assert spec["k"].gmm == spec["g"].gmm
    assert (spec["h"].gmm.system, spec["h"].gmm.two_step, spec["h"].gmm.collapse) == (False, True, True)
    assert structure["k"].gmm == structure["g"].gmm


def test_statistics_in_claims(run):
    found = run(
        "model g: y ~ L.y + x | gmm(y, lags = 2..4) using collapse\nmodel m: y ~ x | fe(id) | iv(x ~ z + L.z)\n"
        "hypothesis H: g.hansen.p > 1% and g.ar2.p > 1% and g.instruments < 20 and m.first_f > 10\n"
        "expect g.hansen.df = 2\nexpect m.hansen.df = 1\nexpect H = supported\ntable 1: g, m\n"
    )
    assert [e.met for e in found.run.expectations] == [True, True, True]


def test_two_units(run, frame):
    """A result or a reason, never a number out of nothing."""
    found = run(
        "model m: y ~ x | fe(id) | iv(x ~ z + L.z)\nmodel g: y ~ L.y + x | gmm(y, lags = 2..4) using collapse\n"
        "model h: g using onestep\ntable 1: m, g, h\n",
        frame[frame.id < 2],
    )
    for model in ("m", "g", "h"):
        one = column(found, model)
        if one.fit is None:
            assert one.failure.message
        else:
            assert np.isfinite(one.fit.estimates).all()
            assert all(np.isfinite(value) for value in one.fit.statistics.values())
            assert one.fit.notices


def test_what_cannot_be_is_said_before_anything_is_read(run):
    with pytest.raises(SpecError) as caught:
        run("model m: y ~ x | fe(id) | gmm(y, lags = 2..4)\ntable 1: m\n")
    assert [d.code for d in caught.value.diagnostics] == ["E319"]
