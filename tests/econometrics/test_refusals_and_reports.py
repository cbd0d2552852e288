"""What is dropped is counted, what is omitted is named, what cannot be estimated is refused with a code."""

import numpy as np
import pytest
from tests.econometrics.panels import by_dummies, clock, design, dummies, groups, panel

from carbonspec.diagnostics.codes.estimation import CODES
from carbonspec.econometrics.design import CovarianceChoice, Design, Effect, Groups
from carbonspec.econometrics.estimators import between, first_differences, fixed_effects, pooled, random_effects
from carbonspec.econometrics.results import Dropped, EstimationError, Omitted

IID = CovarianceChoice()


def widened(data, *columns):
    return {**data, "X": np.column_stack([data["X"], *columns])}


def refused(estimator, made, choice=IID):
    with pytest.raises(EstimationError) as problem:
        estimator.fit(made, choice)
    assert problem.value.code in {code.id for code in CODES}
    return problem.value


def test_singletons_leave_one_after_the_other():
    # id 9 is alone once 2003 has gone, 2003 is alone from the start
    ids = np.array([1, 1, 2, 2, 3, 3, 3, 9, 9])
    years = np.array([2001, 2002, 2001, 2002, 2001, 2002, 2000, 2002, 2003])
    rng = np.random.default_rng(0)
    data = {"id": ids, "year": years, "X": rng.normal(size=(9, 1)), "y": rng.normal(size=9)}
    fit = fixed_effects.fit(design(data, ("id", "year")), IID)
    assert fit.n == 6
    assert sum(d.rows for d in fit.dropped) == 3
    assert {d.reason for d in fit.dropped} == {"singleton in id", "singleton in year"}
    assert [n.kind for n in fit.notices][:2] == ["N504", "N504"]
    kept = fixed_effects.fit(design(data, ("id", "year"), singletons="keep"), IID)
    assert (kept.n, kept.dropped) == (9, ())
    assert kept.estimates[0] == pytest.approx(fit.estimates[0], rel=1e-10)
    assert fit.n_ids == 3
    assert fit.n_periods == 2
    assert fit.effects == (("id", 3), ("year", 2))


def test_only_singletons():
    data = panel(n_periods=1, holes=0.0)
    assert refused(fixed_effects, design(data, ("id",))).code == "E507"


def test_time_constant_regressors_are_absorbed():
    data = panel(seed=31)
    data = widened(data, data["industry"].astype(float), data["year"].astype(float), data["X"][:, 0] * 2 - 3)
    names = ("a", "b", "c", "sector", "trend", "twice")
    fit = fixed_effects.fit(design(data, ("id", "year"), terms=names), IID)
    assert fit.omitted == (
        Omitted("sector", "absorbed by fe(id)"),
        Omitted("trend", "absorbed by fe(year)"),
        Omitted("twice", "collinear with a"),
    )
    assert fit.terms == ("a", "b", "c", "Constant")
    plain = fixed_effects.fit(design(panel(seed=31), ("id", "year")), IID)
    np.testing.assert_allclose(fit.estimates, plain.estimates, rtol=1e-12)
    np.testing.assert_allclose(fit.vcov, plain.vcov, rtol=1e-10)


def test_absorbed_by_two_dimensions_together():
    data = panel(seed=32)
    data = widened(data, data["id"] * 0.3 + data["year"] * 1.7)
    fit = fixed_effects.fit(design(data, ("id", "year")), IID)
    assert fit.omitted == (Omitted("x4", "absorbed by fe(id, year)"),)


def test_the_later_of_two_collinear_columns_goes():
    data = panel(seed=33)
    total = data["X"] @ [1.0, 2.0, 0.0]
    names = ("a", "b", "c", "sum")
    fit = pooled.fit(design(widened(data, total), (), terms=names), IID)
    assert fit.omitted == (Omitted("sum", "collinear with a, b"),)
    first = {**data, "X": np.column_stack([total, data["X"]])}
    fit = pooled.fit(design(first, (), terms=("sum", "a", "b", "c")), IID)
    assert fit.omitted == (Omitted("b", "collinear with sum, a"),)


@pytest.mark.parametrize("gap", [1e-6, 1e-8])
def test_nearly_collinear_columns_stay_and_are_accurate(gap):
    data = panel(seed=34, n_ids=30)
    noise = np.random.default_rng(3).normal(size=len(data["y"]))
    wide = widened(data, data["X"][:, 0] + gap * noise)
    fit = fixed_effects.fit(design(wide, ("id",), singletons="keep"), IID)
    assert not fit.omitted
    b, *_ = by_dummies(wide["X"] - wide["X"].mean(axis=0), wide["y"], dummies(design(wide).effects))
    np.testing.assert_allclose(fit.estimates[:-1], b, rtol=1e-16 / gap * 1e4)


def test_constants():
    data = panel(seed=35)
    fit = pooled.fit(design(widened(data, np.full(len(data["y"]), 4.0)), ()), IID)
    assert fit.omitted == (Omitted("x4", "constant"),)
    fit = first_differences.fit(design(widened(data, data["id"] * 1e6), ()), IID)
    assert fit.omitted == (Omitted("x4", "absorbed by first differences"),)
    fit = random_effects.fit(design(widened(data, data["industry"] * 1.0), ("id",)), IID)
    assert (fit.omitted, fit.terms[3]) == ((), "x4")
    fit = between.fit(design(widened(panel(holes=0.0), panel(holes=0.0)["year"] * 1.0), ()), IID)
    assert fit.omitted == (Omitted("x4", "does not vary between units"),)


def test_differences_only_between_neighbouring_periods():
    data = panel(seed=36, holes=0.4)
    fit = first_differences.fit(design(data, ()), IID)
    there = set(zip(data["id"].tolist(), data["year"].tolist(), strict=True))
    assert fit.n == sum((i, t - 1) in there for i, t in there)
    assert fit.dropped == (Dropped("no row in the period before", len(there) - fit.n),)


def test_no_regressor_left():
    data = panel(seed=37)
    problem = refused(fixed_effects, design({**data, "X": data["industry"][:, None] * 1.0}, ("id",)))
    assert problem.code == "E501"
    assert "absorbed by fe(id)" in problem.message
    assert refused(pooled, design({**data, "X": data["X"][:, :0]}, ())).code == "E501"


def test_too_few_rows():
    data = panel(n_ids=2, n_periods=2, k=3, holes=0.0)
    for estimator, effects in ((pooled, ()), (fixed_effects, ("id",)), (first_differences, ())):
        assert refused(estimator, design(data, effects)).code == "E502"
    assert refused(between, design(panel(n_ids=4, k=3, holes=0.0), ())).code == "E502"
    assert refused(random_effects, design(panel(n_ids=4, k=3, holes=0.0), ())).code == "E516"
    nobody = Groups("id", np.empty(0, dtype=np.int64), 0)
    assert refused(pooled, Design("y", np.empty(0), ("x",), np.empty((0, 1)), nobody, nobody)).code == "E507"


def test_outcome_that_does_not_vary():
    data = panel(seed=38)
    flat = {**data, "y": np.full(len(data["y"]), 3.3)}
    for estimator, effects in ((pooled, ()), (fixed_effects, ("id",)), (random_effects, ()), (between, ())):
        assert refused(estimator, design(flat, effects)).code == "E503"
    level = {**data, "y": data["id"] * 1.1}
    problem = refused(fixed_effects, design(level, ("id",)))
    assert (problem.code, problem.message) == ("E503", "y does not vary within the fixed effects")


@pytest.mark.parametrize("estimator", [pooled, fixed_effects, random_effects, between, first_differences])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite(estimator, bad):
    data = panel(seed=39)
    data["X"][3, 1] = bad
    problem = refused(estimator, design(data, ("id",)))
    assert (problem.code, "x2" in problem.message) == ("E508", True)


def test_weights():
    data = panel(seed=40)
    for estimator in (random_effects, between, first_differences):
        assert refused(estimator, design(data, (), weighted=True)).code == "E513"
    for bad in (0.0, -1.0, np.nan):
        data["w"][0] = bad
        assert refused(pooled, design(data, (), weighted=True)).code == "E509"
        assert refused(fixed_effects, design(data, ("id",), weighted=True)).code == "E509"


def test_random_effects_of_other_kinds():
    data = panel(seed=41)
    assert refused(random_effects, design(data, ("id", "year"))).code == "E515"
    assert refused(random_effects, design(data, ("id",), constant=False)).code == "E515"
    assert refused(random_effects, design(data, ("id",)), CovarianceChoice("hc3")).code == "E505"
    assert refused(between, design(data, ()), CovarianceChoice("driscoll_kraay")).code == "E505"
    assert refused(between, design(data, (), clusters=("year",)), CovarianceChoice("cluster")).code == "E506"


def test_no_neighbouring_periods():
    data = panel(seed=42, holes=0.0)
    odd = data["year"] % 2 == 1
    assert refused(first_differences, design({k: v[odd] for k, v in data.items()}, ())).code == "E514"


def test_every_number_is_finite_and_defined():
    data = panel(seed=43)
    for estimator, effects in (
        (pooled, ()),
        (fixed_effects, ("id",)),
        (fixed_effects, ("id", "year")),
        (random_effects, ("id",)),
        (between, ()),
        (first_differences, ()),
    ):
        fit = estimator.fit(design(data, effects), CovarianceChoice("cluster"))
        assert all(np.isfinite(list(fit.statistics.values())))
        explained = {"r2", "r2_adj", "r2_within", "r2_between", "r2_overall", "theta", "sigma_u", "sigma_e", "rho"}
        assert explained & set(fit.statistics) <= set(fit.definitions)
        assert fit.vcov.shape == (len(fit.terms), len(fit.terms))


def test_a_perfect_fit_has_no_error():
    data = panel(seed=44)
    exact = {**data, "y": data["X"] @ [1.0, 2.0, 3.0] + data["id"]}
    fit = fixed_effects.fit(design(exact, ("id",)), IID)
    np.testing.assert_allclose(fit.estimates[:-1], [1, 2, 3], rtol=1e-10)
    assert fit.statistics["r2_within"] == pytest.approx(1)
    assert np.all(fit.std_errors < 1e-10)


def test_random_effects_grouped_by_something_else_than_the_unit():
    data = panel(seed=45, n_ids=40, industries=12)
    fit = random_effects.fit(design(data, ("industry",)), IID)
    by_hand = Design(
        "y", data["y"], ("x1", "x2", "x3"), data["X"], groups("industry", data["industry"]), clock("year", data["year"])
    )
    np.testing.assert_allclose(fit.estimates, random_effects.fit(by_hand, IID).estimates, rtol=1e-12)
    assert fit.effects == (("industry", len(np.unique(data["industry"]))),)


def test_a_dimension_with_one_level():
    data = panel(seed=46)
    one = Effect(groups("country", np.zeros(len(data["y"]))))
    fixed = fixed_effects.fit(design(data, (one,)), IID)
    ols = pooled.fit(design(data, ()), IID)
    np.testing.assert_allclose(fixed.estimates, ols.estimates, rtol=1e-11)
    np.testing.assert_allclose(fixed.vcov, ols.vcov, rtol=1e-10)
