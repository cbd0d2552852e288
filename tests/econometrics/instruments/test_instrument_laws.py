"""Laws that two-stage least squares obeys whatever the data, and Kleibergen and Paap's limiting cases."""

from dataclasses import replace

import numpy as np
import pytest
from tests.econometrics.panels import design, panel

from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import fixed_effects, instrumental_variables
from carbonspec.econometrics.instrumented import Instruments
from carbonspec.econometrics.instruments.weak import effective_f_critical
from carbonspec.econometrics.projection import Projection

CLUSTER, IID = CovarianceChoice("cluster"), CovarianceChoice()


def instrumented(seed=0, many=3, n_ids=30):
    """A panel whose x1 and x2 depend on instruments z1.. (n, many) and on the error."""
    data = panel(n_ids=n_ids, seed=seed)
    rng = np.random.default_rng(seed + 100)
    Z, v = rng.normal(size=(len(data["y"]), many)), rng.normal(size=len(data["y"]))
    x1, x2 = data["X"][:, 0] + Z.sum(axis=1) + v, data["X"][:, 1] + Z @ np.arange(many) - v
    X = np.column_stack([x1, x2, data["X"][:, 2]])
    y = data["y"] + 2 * v + X @ [1.0, 2.0, 3.0] - data["X"] @ [1.0, 2.0, 3.0]
    return {**data, "X": X, "y": y}, Z


def named(endogenous, Z):
    return Instruments(endogenous, tuple(f"z{j + 1}" for j in range(Z.shape[1])), Z)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("effects", [(), ("id",), ("id", "year")])
def test_instrumenting_with_itself_is_least_squares(effects, weighted):
    data, _ = instrumented(1)
    made = design(data, effects or ("id",), weighted=weighted)
    found = instrumental_variables.fit(made, Instruments(("x1",), ("copy",), data["X"][:, :1]), CLUSTER).fit
    plain = fixed_effects.fit(made, CLUSTER)
    np.testing.assert_allclose(found.estimates, plain.estimates, rtol=1e-9)
    np.testing.assert_allclose(found.vcov, plain.vcov, rtol=1e-8, atol=1e-14)
    assert any("explain x1 wholly" in n.message for n in found.notices)


def test_exactly_identified_is_indirect_least_squares():
    data, Z = instrumented(2, many=1)
    found = instrumental_variables.fit(design(data), named(("x1",), Z), CLUSTER)
    first, reduced = found.first_stages[0], found.reduced_form
    assert found.fit.estimates[0] == pytest.approx(reduced.estimates[1 + 1] / first.estimates[1 + 1], rel=1e-9)
    assert first.terms == reduced.terms == ("x2", "x3", "z1", "Constant")
    assert found.fit.statistics["effective_f"] == pytest.approx(found.fit.statistics["first_f"], rel=1e-9)
    assert found.fit.statistics["effective_f_critical"] == pytest.approx(23.11, abs=5e-3)


def test_normal_equations_use_the_regressors_themselves():
    data, Z = instrumented(3)
    made = design(data, ("id",))
    found = instrumental_variables.fit(made, named(("x1", "x2"), Z), IID).fit
    A = Projection(made.effects, None, "drop")
    within = A.within_columns(("a", "b", "c", "d", "e", "f", "y"), np.column_stack([data["X"], Z]), data["y"])
    X, W, y = within[:, :3], within[:, [2, 3, 4, 5]], within[:, 6]
    P = W @ np.linalg.inv(W.T @ W) @ W.T
    b = np.linalg.solve(X.T @ P @ X, X.T @ P @ y)
    e = y - X @ b
    np.testing.assert_allclose(found.estimates[:3], b, rtol=1e-9)
    np.testing.assert_allclose(found.vcov[:3, :3], np.linalg.inv(X.T @ P @ X) * (e @ e) / found.df_resid, rtol=1e-8)
    assert found.statistics["sargan"] == pytest.approx(len(y) * (e @ P @ e) / (e @ e), rel=1e-8)


@pytest.mark.parametrize("kind", ["cluster", "hc1", "driscoll_kraay", "newey_west"])
def test_units_of_measurement_do_not_matter(kind):
    data, Z = instrumented(4)
    scale = np.array([1e6, 1e-5, 1.0])
    one = instrumental_variables.fit(design(data), named(("x1", "x2"), Z), CovarianceChoice(kind)).fit
    other = instrumental_variables.fit(
        design({**data, "X": data["X"] * scale}), named(("x1", "x2"), Z * [1e-6, 3.0, 1e5]), CovarianceChoice(kind)
    ).fit
    np.testing.assert_allclose(one.estimates[:3], other.estimates[:3] * scale, rtol=1e-8)
    for name in ("cragg_donald", "kleibergen_paap", "sargan", "hansen", "anderson_rubin"):
        assert one.statistics[name] == pytest.approx(other.statistics[name], rel=1e-7), name


def test_kleibergen_paap_by_its_definition():
    """rk = λ'Ω^-1 λ, written out with explicit square roots, clusters summed by hand."""
    from scipy.linalg import sqrtm

    data, Z = instrumented(5)
    made = design(data, ("id",), singletons="keep")
    found = instrumental_variables.fit(made, named(("x1", "x2"), Z), CLUSTER)
    demeaned = Projection(made.effects, None, "keep").demean(np.column_stack([data["X"], Z]))
    W = demeaned[:, [2]]
    A = demeaned - W @ np.linalg.lstsq(W, demeaned, rcond=None)[0]
    X, Z = A[:, :2], A[:, 3:]
    n, L = Z.shape
    P = np.linalg.inv(Z.T @ Z) @ Z.T @ X
    V = X - Z @ P
    F, H = np.linalg.inv(sqrtm(V.T @ V / n)), sqrtm(Z.T @ Z / n)
    U, _, Wt = np.linalg.svd(H @ P @ F)
    R = Wt.T
    a = U[:, 1:] @ np.linalg.inv(U[1:, 1:]) @ sqrtm(U[1:, 1:] @ U[1:, 1:].T)
    b = sqrtm(R[1:, 1:] @ R[1:, 1:].T) @ np.linalg.inv(R[1:, 1:].T) @ R[:, 1:].T
    scores = np.column_stack([Z * V[:, [j]] for j in range(2)])
    sums = np.zeros((made.unit.count, 2 * L))
    np.add.at(sums, made.unit.codes, scores)
    bread = np.kron(np.eye(2), np.linalg.inv(Z.T @ Z))
    K = np.kron(b, a.T) @ np.kron(F.T, H)
    moved = (a.T @ H @ P @ F @ b.T).reshape(-1, order="F")
    rk = moved @ np.linalg.solve(K @ bread @ sums.T @ sums @ bread @ K.T, moved)
    factor = found.first_stages[0].covariance.factor
    assert found.fit.statistics["kleibergen_paap"] == pytest.approx(float(rk.real) / (L * factor), rel=1e-8)


def test_a_shared_projection_gives_the_same():
    data, Z = instrumented(6)
    made = design(data, ("id", "year"))
    shared = Projection(made.effects)
    alone = instrumental_variables.fit(made, named(("x1",), Z), CLUSTER)
    for _ in range(2):
        again = instrumental_variables.fit(made, named(("x1",), Z), CLUSTER, shared)
        np.testing.assert_allclose(again.fit.estimates, alone.fit.estimates, rtol=1e-12)
        np.testing.assert_allclose(again.first_stages[0].vcov, alone.first_stages[0].vcov, rtol=1e-9)


def test_critical_values_of_the_effective_f():
    """One instrument: the square of the 95 % point of a normal with mean sqrt(10) (Montiel Olea and Pflueger 2013);
    many equal ones: towards Stock and Yogo's bias value as the degrees of freedom grow."""
    assert effective_f_critical(np.eye(1), np.eye(1)) == pytest.approx(23.1085, abs=1e-3)
    values = [effective_f_critical(np.eye(k) * 0.3, np.eye(k)) for k in (1, 2, 5, 20)]
    assert values == sorted(values, reverse=True)
    assert values[-1] > 10


def test_large_samples_recover_the_truth():
    data, Z = instrumented(7, n_ids=2000)
    found = instrumental_variables.fit(design(data, ("id", "year")), named(("x1", "x2"), Z), CLUSTER).fit
    np.testing.assert_allclose(found.estimates[:3], [1.0, 2.0, 3.0], atol=0.1)
    assert abs(fixed_effects.fit(design(data, ("id", "year")), CLUSTER).estimates[0] - 1) > 0.1
    assert found.statistics["hansen_p"] > 0.01
    wrong = replace(design(data, ("id", "year")), y=data["y"] + Z[:, 0])
    rejected = instrumental_variables.fit(wrong, named(("x1", "x2"), Z), CLUSTER).fit
    assert "W535" in {n.kind for n in rejected.notices}
