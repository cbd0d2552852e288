"""Mediation analyses: columns, effects, checks, verdicts, and inputs that have no analysis."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.econometrics.bootstrap import stacked
from tests.econometrics.panels import clock, groups

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.replications import Settings
from carbonspec.econometrics.design import CovarianceChoice, Design, Effect
from carbonspec.econometrics.estimators import fixed_effects
from carbonspec.econometrics.mediation import paths
from carbonspec.econometrics.mediation.analysis import mediate
from carbonspec.econometrics.mediation.inputs import Inputs
from carbonspec.econometrics.mediation.sobel import product_tests, sobel_from_t
from carbonspec.econometrics.mediation.verdict import differences
from carbonspec.econometrics.results import EstimationError

CLUSTER = CovarianceChoice("cluster")
XMY = paths.single("x", "m", "y")


def inputs(data, effects=("id", "year"), weighted=False, **more):
    controls = {f"c{j}": data["C"][:, j] for j in range(data["C"].shape[1])}
    unit = groups("id", data["id"])
    known = {"columns": {**{n: data[n] for n in ("x", "m", "m2", "y", "v")}, **controls}, "controls": tuple(controls)}
    return Inputs(
        **{**known, **more},
        unit=unit,
        period=clock("year", data["year"]),
        effects=tuple(Effect(groups(name, data[name])) for name in effects),
        clusters=(unit,),
        weights=data["w"] if weighted else None,
    )


def units(data, **more):
    return Settings(resampling.clusters(groups("id", data["id"])), **{"replications": 400, **more})


@pytest.fixture
def data():
    return stacked.panel(25, 6, holes=0.15)


# --- columns and effects ---------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("effects", [(), ("id",), ("id", "year")])
@pytest.mark.parametrize(
    "path",
    [XMY, paths.chain("x", ("m", "m2"), "y"), paths.parallel("x", ("m", "m2"), "y"),
     paths.chain("x", ("v", "m", "m2"), "y")],
    ids=["single", "chain", "parallel", "longer chain"],
)  # fmt: skip
def test_total_is_direct_and_all_products(data, path, effects, weighted):
    found = mediate(inputs(data, effects, weighted), path, CLUSTER, units(data))
    assert found.identity_gap < 1e-12
    assert found["total"].estimate == pytest.approx(found["direct"].estimate + found["indirect"].estimate)
    draws = {e.name: e.bootstrapped.draws.sum() for e in found.effects}
    assert draws["total"] == pytest.approx(draws["direct"] + draws["indirect"])
    routes = [e.estimate for e in found.effects if e.quantity.kind == "route"]
    assert len(routes) == {1: 0, 2: 2 if path.kind == "parallel" else 3, 3: 7}[len(path.mediators)]
    assert not routes or sum(routes) == pytest.approx(found["indirect"].estimate)


def test_columns_are_ordinary_regressions(data):
    given = inputs(data)
    found = mediate(given, XMY, CLUSTER)
    assert [fit.outcome for fit in found.fits] == ["y", "m", "y"]
    design = Design(
        "y", data["y"], ("x", "m", "c0", "c1"), np.column_stack([data["x"], data["m"], data["C"]]), given.unit,
        given.period, effects=given.effects, clusters=given.clusters,
    )  # fmt: skip
    alone = fixed_effects.fit(design, CLUSTER)
    assert found.outcome.terms == ("x", "m", "c0", "c1", "Constant")
    np.testing.assert_allclose(found.outcome.estimates, alone.estimates, rtol=1e-10)
    np.testing.assert_allclose(found.outcome.vcov, alone.vcov, rtol=1e-9)
    assert found.fit_of("m").terms[0] == "x"
    assert found.total.n == found.fit_of("m").n == found.outcome.n == len(data["x"])


def test_the_bootstrap_is_of_the_effects(data):
    """Its estimates are the columns', its spread near that of the standard errors."""
    found = mediate(inputs(data), XMY, CLUSTER, units(data, replications=2000))
    direct = found["direct"].bootstrapped
    assert direct.estimate == found.outcome.estimates[0]
    assert direct.std_error == pytest.approx(found.outcome.std_errors[0], rel=0.25)
    assert direct.jackknife_error == pytest.approx(found.outcome.std_errors[0], rel=0.25)
    sobel = found.product_tests[0]
    assert found["indirect"].bootstrapped.std_error == pytest.approx(sobel.std_error, rel=0.3)
    assert found["indirect"].simulated.std_error == pytest.approx(sobel.std_error, rel=0.1)
    assert found["indirect"].simulated.low < sobel.estimate < found["indirect"].simulated.high


def test_parallel_contrasts(data):
    found = mediate(inputs(data), paths.parallel("x", ("m", "m2"), "y"), CLUSTER, units(data))
    assert found["m - m2"].estimate == pytest.approx(found["x -> m -> y"].estimate - found["x -> m2 -> y"].estimate)


def test_chain_routes(data):
    found = mediate(inputs(data), paths.chain("x", ("m", "m2"), "y"), CLUSTER)
    b = {(f.outcome, t): e for f in found.fits[1:] for t, e in zip(f.terms, f.estimates, strict=True)}
    assert found["x -> m -> m2 -> y"].estimate == pytest.approx(b["m", "x"] * b["m2", "m"] * b["y", "m2"])
    assert found["x -> m2 -> y"].estimate == pytest.approx(b["m2", "x"] * b["y", "m2"])
    names = [(t.name, t.route) for t in found.product_tests]
    assert names[-1] == ("Sobel", ("x", "m", "m2", "y"))
    assert len(names) == 7


@pytest.mark.parametrize("stage", paths.STAGES)
@pytest.mark.parametrize("direct", [False, True])
def test_moderated(data, stage, direct):
    found = mediate(inputs(data), paths.moderated("x", "m", "y", "v", stage, direct), CLUSTER, units(data))
    b = {(f.outcome, t): e for f in found.fits[1:] for t, e in zip(f.terms, f.estimates, strict=True)}
    a3, b3 = b.get(("m", "x:v"), 0.0), b.get(("y", "m:v"), 0.0)
    mean, sd = data["v"].mean(), data["v"].std(ddof=1)
    for name, w in (("mean - sd", mean - sd), ("mean", mean), ("mean + sd", mean + sd)):
        expected = (b["m", "x"] + a3 * w) * (b["y", "m"] + b3 * w)
        assert found[f"indirect at v = {name}"].estimate == pytest.approx(expected)
    if stage != "both":
        expected = a3 * b["y", "m"] if stage == "first" else b["m", "x"] * b3
        assert found["index of moderated mediation"].estimate == pytest.approx(expected)
    assert ("direct at v = mean" in [e.name for e in found.effects]) == direct
    assert found.identity_gap is None
    assert math.isnan(found.ratio)
    assert "v" in found.verdict


def test_a_moderator_that_never_changes_is_absorbed(data):
    """Its main effect goes with the unit effects; its product with the treatment stays."""
    data["v"] = (data["id"] % 2).astype(float)
    found = mediate(inputs(data), paths.moderated("x", "m", "y", "v"), CLUSTER, units(data))
    assert [o.term for o in found.total.omitted] == ["v"]
    assert [e.name for e in found.effects][:2] == ["indirect at v = 0", "indirect at v = 1"]
    even = data["id"] % 2 == 0
    a = found.fit_of("m")
    assert a.estimates[a.terms.index("x")] != pytest.approx(0.0)
    assert even.any()


def test_moderated_draws_are_refits(data):
    path = paths.moderated("x", "m", "y", "v")
    plan = units(data, replications=5)
    found = mediate(inputs(data), path, CLUSTER, plan)
    data["xv"] = data["x"] * data["v"]
    extra = {**data, "C": np.column_stack([data["C"], data["v"]])}
    made = stacked.system(extra, ("x", "xv", "m", "y"), (stacked.Equation(2, (0, 1)), stacked.Equation(3, (0, 2))))
    draws = plan.resampling.draw(np.random.default_rng(1), 5)
    index = [b[1] * b[3] for b in (stacked.refit(extra, plan.resampling.groups.codes, d, made) for d in draws)]
    np.testing.assert_allclose(found["index of moderated mediation"].bootstrapped.draws, np.sort(index), rtol=1e-8)


def test_singletons_and_missing_values_leave_all_equations(data):
    columns = dict(inputs(data).columns)
    columns["m"] = columns["m"].copy()
    columns["m"][[3, 8]] = np.nan
    columns["c1"] = columns["c1"].copy()
    columns["c1"][[3, 20]] = np.nan
    alone = np.flatnonzero(data["id"] == 5)
    columns["y"] = columns["y"].copy()
    columns["y"][alone[1:]] = np.nan
    found = mediate(inputs(data, columns=columns), XMY, CLUSTER, units(data))
    lost = {d.reason: d.rows for d in found.dropped}
    assert lost["m missing"] == 2
    assert lost["c1 missing"] == 1
    assert lost["singleton in id"] == 1
    assert found.total.n == len(data["x"]) - sum(lost.values())
    assert found.replications.resampling.groups.count == 24
    assert {fit.n for fit in found.fits} == {found.total.n}


# --- verdicts --------------------------------------------------------------------------------------------


def test_suppression_is_named(data):
    data["y"] = -2 * data["x"] + 1.5 * data["m"] + np.random.default_rng(1).normal(size=len(data["x"]))
    found = mediate(inputs(data), XMY, CLUSTER, units(data))
    assert found.suppression
    assert "suppression" in found.verdict
    assert "%" not in found.verdict.replace("95%", "")
    assert found.ratio == pytest.approx(abs(found["indirect"].estimate / found["direct"].estimate))
    assert "W550" in [n.kind for n in found.notices]


def test_a_share_is_named_where_signs_agree(data):
    found = mediate(inputs(data), XMY, CLUSTER, units(data))
    assert not found.suppression
    assert f"{100 * found['share'].estimate:.1f}% of the total effect" in found.verdict


def test_no_indirect_effect(data):
    data["m"] = np.random.default_rng(5).normal(size=len(data["x"]))
    for bootstrap in (None, units(data)):
        found = mediate(inputs(data), XMY, CLUSTER, bootstrap)
        assert "is not shown" in found.verdict
        assert "W550" not in [n.kind for n in found.notices]


def test_joint_significance_decides_without_a_bootstrap(data):
    found = mediate(inputs(data), XMY, CLUSTER)
    assert found.joint[0].significant
    assert "joint significance" in found.verdict
    assert found.replications is None


def test_a_total_effect_of_zero_has_no_share():
    data = stacked.panel(25, 6, k=1)
    x, other = data["x"], np.random.default_rng(1).normal(size=len(data["x"]))
    rest = other - x * (x @ other) / (x @ x)
    data["m"] = x + rest
    data["y"] = data["m"] - x
    bare = replace(inputs(data, ()), controls=(), constant=False)
    found = mediate(bare, XMY, CovarianceChoice("iid"))
    assert math.isnan(found["share"].estimate)
    assert "N556" in [n.kind for n in found.notices]


def test_differences_from_the_benchmark(data):
    benchmark = mediate(inputs(data), XMY, CLUSTER).total
    same = mediate(inputs(data), XMY, CLUSTER)
    assert differences(same.total, same.paths.mediators, benchmark) == ()
    other = mediate(replace(inputs(data, ()), controls=("c0",)), XMY, CovarianceChoice("iid"))
    (notice,) = differences(other.total, other.paths.mediators, benchmark)
    assert notice.kind == "W551"
    for part in ("pooled OLS against fe(id, year)", "iid against cluster(id)", "without c1"):
        assert part in notice.message
    fewer = {k: v.copy() for k, v in inputs(data).columns.items()}
    fewer["m"][:10] = np.nan
    fewer_rows = mediate(inputs(data, columns=fewer), XMY, CLUSTER)
    (notice,) = differences(fewer_rows.total, fewer_rows.paths.mediators, benchmark)
    assert "rows of" in notice.message


def test_rows_of_a_panel_are_warned_of(data):
    settings = Settings(resampling.rows(len(data["x"])), 300)
    found = mediate(inputs(data, ()), XMY, CLUSTER, settings)
    assert [n.kind for n in found.notices] == ["W552"]
    assert found["indirect"].bootstrapped.replications == 300


def test_tidy_rows(data):
    rows = mediate(inputs(data), XMY, CLUSTER, units(data, interval="basic")).tidy()
    assert [row["term"] for row in rows][:4] == ["indirect", "direct", "total", "share"]
    assert rows[-1]["term"] == "x -> m -> y (Goodman)"
    assert rows[0]["conf.low"] < rows[0]["estimate"] < rows[0]["conf.high"]
    plain = mediate(inputs(data), XMY, CLUSTER)
    assert "std.error" not in plain.tidy()[0]
    with pytest.raises(KeyError):
        plain["nothing"]


# --- sensitivity and product tests -----------------------------------------------------------------------


def test_sensitivity_is_zero_at_the_correlation_of_residuals(data):
    found = mediate(inputs(data), XMY, CLUSTER)
    s = found.sensitivity
    at_zero = s.indirect[np.argmin(np.abs(s.rho))]
    assert at_zero == pytest.approx(found["indirect"].estimate)
    others = np.hstack([data["C"], stacked.one_hot(data["id"]), stacked.one_hot(data["year"]), data["x"][:, None]])
    m, y = (v - others @ np.linalg.lstsq(others, v, rcond=1e-11)[0] for v in (data["m"], data["y"]))
    assert s.rho_zero == pytest.approx(np.corrcoef(m, y)[0, 1])
    assert np.interp(s.rho_zero, s.rho, s.indirect) == pytest.approx(0, abs=0.01)
    assert s.r2_product == pytest.approx(s.rho_zero**2)


def test_sobel_from_printed_t_values():
    assert sobel_from_t(2.10, 2.28) == pytest.approx(2.10 * 2.28 / math.hypot(2.10, 2.28))
    test = product_tests(("x", "m", "y"), np.array([0.4, 0.3]), np.array([0.2, 0.1]))[0]
    assert test.z == pytest.approx(sobel_from_t(2, 3))


def test_product_tests_by_hand():
    sobel, aroian, goodman = product_tests(("x", "m", "y"), np.array([2.0, 3.0]), np.array([0.5, 4.0]))
    assert sobel.std_error**2 == pytest.approx(9 * 0.25 + 4 * 16)
    assert aroian.std_error**2 == pytest.approx(9 * 0.25 + 4 * 16 + 4)
    assert goodman.std_error**2 == pytest.approx(9 * 0.25 + 4 * 16 - 4)
    (chain,) = product_tests(("x", "m", "n", "y"), np.array([2.0, 3.0, 5.0]), np.array([0.1, 0.2, 0.3]))
    assert chain.std_error**2 == pytest.approx((15 * 0.1) ** 2 + (10 * 0.2) ** 2 + (6 * 0.3) ** 2)
    weak = product_tests(("x", "m", "y"), np.array([0.1, 0.1]), np.array([1.0, 1.0]))[2]
    assert math.isnan(weak.z)


# --- inputs without an analysis --------------------------------------------------------------------------


def refused(data, path=XMY, bootstrap=None, **more):
    with pytest.raises(EstimationError) as caught:
        mediate(inputs(data, **more), path, CLUSTER, bootstrap)
    return caught.value.code, caught.value.message


def test_a_mediator_that_is_the_treatment(data):
    data["m"] = data["x"].copy()
    code, message = refused(data)
    assert (code, "m has the same values as x" in message) == ("E551", True)
    data["m"] = 100 * data["x"] - 3
    code, message = refused(data)
    assert (code, "m is a linear function of x" in message) == ("E551", True)


def test_a_mediator_that_controls_explain(data):
    data["m"] = data["C"][:, 0] + data["x"]
    assert refused(data) == ("E551", "x and m together are c0 and other controls: no separate effects")
    assert refused(data, bootstrap=units(data))[0] == "E551"


def test_a_control_that_is_the_treatment_is_left_out(data):
    """The path's variables stand first: a control that they explain goes, in every equation and every draw."""
    plain = mediate(inputs(data), XMY, CLUSTER, units(data))
    data["C"] = np.column_stack([data["C"], 2 * data["x"]])
    found = mediate(inputs(data), XMY, CLUSTER, units(data))
    assert all([o.term for o in fit.omitted] == ["c2"] for fit in found.fits)
    mine, same = found["indirect"].bootstrapped, plain["indirect"].bootstrapped
    np.testing.assert_allclose(mine.draws, same.draws, rtol=1e-9)


def test_a_constant_mediator(data):
    data["m"] = np.full(len(data["x"]), 7.0)
    assert refused(data) == ("E552", "the mediator m is 7 in every row")


def test_a_mediator_that_effects_absorb(data):
    data["m"] = (data["id"] % 3).astype(float)
    code, message = refused(data)
    assert code in ("E503", "E551")
    assert "m " in message


def test_two_clusters(data):
    plan = units(data)
    with pytest.raises(EstimationError, match="2 clusters"):
        resampling.clusters(groups("coast", data["id"] % 2))
    two = {k: np.where(data["id"] < 2, v, np.nan) for k, v in inputs(data).columns.items()}
    code, message = refused(data, bootstrap=plan, columns=two, effects=(), controls=())
    assert code == "E555"
    assert "2 clusters (id)" in message


def test_all_missing_controls(data):
    columns = {**inputs(data).columns, "c1": np.full(len(data["x"]), np.nan)}
    code, message = refused(data, columns=columns)
    assert code == "E507"
    assert f"c1 is missing in all {len(data['x'])} rows" in message


def test_rows_that_have_no_variable_in_common(data):
    first = np.arange(len(data["x"])) % 2 == 0
    columns = {**inputs(data).columns, "m": np.where(first, data["m"], np.nan), "y": np.where(first, np.nan, data["y"])}
    assert refused(data, columns=columns)[0] == "E507"


@pytest.mark.parametrize("replications", [0, 1, -3])
def test_no_replications(data, replications):
    code, message = refused(data, bootstrap=units(data, replications=replications))
    assert code == "E554"
    assert "bootstrap 1000" in message


def test_paths_that_are_none(data):
    for make in (
        lambda: paths.single("x", "x", "y"),
        lambda: paths.chain("x", ("m", "m"), "y"),
        lambda: paths.chain("x", (), "y"),
        lambda: paths.parallel("x", ("m", "y"), "y"),
        lambda: paths.moderated("x", "m", "y", "m"),
    ):
        with pytest.raises(EstimationError) as caught:
            make()
        assert caught.value.code == "E550"
    assert refused(data, paths.single("x", "nothing", "y"))[0] == "E550"
    controls = ("c0", "m")
    assert refused(data, controls=controls)[0] == "E550"


def test_choices_that_do_not_exist(data):
    with pytest.raises(EstimationError, match="stage"):
        paths.moderated("x", "m", "y", "v", "third")
    wild = Settings(resampling.wild(groups("id", data["id"])), 100)
    code, message = refused(data, paths.moderated("x", "m", "y", "v", "second"), wild)
    assert code == "E557"
    assert "m:v" in message
