"""Every way of taking effects out gives the same columns: compiled or not, sorted or not, direct, iterative, sparse."""

import numpy as np
import pytest
from tests.econometrics.panels import by_dummies, design, dummies, groups, panel

from carbonspec.econometrics import absorb, grouping, kernels, moments, solvers
from carbonspec.econometrics.absorb import Block, Means, Slopes
from carbonspec.econometrics.design import CovarianceChoice, Effect
from carbonspec.econometrics.estimators import fixed_effects
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError


def large(seed=0, n_ids=400, products=350, weighted=False):
    rng = np.random.default_rng(seed)
    ids = np.repeat(np.arange(n_ids), 8)
    effects = tuple(
        Effect(groups(name, codes))
        for name, codes in (
            ("id", ids),
            ("year", np.tile(np.arange(8), n_ids)),
            ("product", rng.integers(products, size=len(ids))),
        )
    )
    return effects, rng.normal(size=(len(ids), 3)), rng.uniform(0.5, 2, len(ids)) if weighted else None


def explained(effects, Z, weights):
    D = dummies(effects)
    root = np.ones(len(Z)) if weights is None else np.sqrt(weights)
    return D @ np.linalg.lstsq(D * root[:, None], Z * root[:, None], rcond=1e-12)[0]


def demean(effects, Z, weights=None):
    return Projection(effects, weights, "keep").demean(np.array(Z, order="C"))


@pytest.fixture
def always_compiled(monkeypatch):
    monkeypatch.setattr(kernels, "ROWS", 0)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_conjugate_gradients_are_exact(weighted, dimensions):
    effects, Z, weights = large(weighted=weighted)
    effects = effects[:dimensions]
    np.testing.assert_allclose(demean(effects, Z, weights), Z - explained(effects, Z, weights), atol=1e-11)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_compiled_loops_are_exact(weighted, dimensions, always_compiled):
    pytest.importorskip("numba")
    effects, Z, weights = large(seed=1, n_ids=120, products=20, weighted=weighted)
    effects = effects[:dimensions]
    solver = Projection(effects, weights, "keep").solver
    assert isinstance(solver, Means)
    assert solver.compiled
    np.testing.assert_allclose(demean(effects, Z, weights), Z - explained(effects, Z, weights), atol=1e-11)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("k", [3, 10])
def test_compiled_fits_equal_numpy_fits(k, weighted, monkeypatch):
    pytest.importorskip("numba")
    data = panel(n_ids=60, n_periods=8, k=k, seed=2)
    made = design(data, ("id", "year"), weighted=weighted)
    plain = fixed_effects.fit(made, CovarianceChoice("cluster"))
    monkeypatch.setattr(kernels, "ROWS", 0)
    compiled = fixed_effects.fit(made, CovarianceChoice("cluster"))
    np.testing.assert_allclose(compiled.estimates, plain.estimates, rtol=1e-11)
    np.testing.assert_allclose(compiled.vcov, plain.vcov, rtol=1e-9, atol=1e-14)
    for name, value in plain.statistics.items():
        assert compiled.statistics[name] == pytest.approx(value, rel=1e-9), name


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_compiled_fits_refuse_what_is_not_finite(bad, always_compiled):
    pytest.importorskip("numba")
    data = panel(n_ids=30, k=2, seed=3)
    data["X"][7, 1] = bad
    with pytest.raises(EstimationError, match="x2"):
        fixed_effects.fit(design(data, ("id", "year")), CovarianceChoice())


def test_the_number_of_threads_does_not_change_a_digit(monkeypatch, always_compiled):
    pytest.importorskip("numba")
    effects, Z, _ = large(seed=3)
    results = []
    for threads in (1, 4):
        monkeypatch.setattr(kernels, "threads", lambda threads=threads: threads)
        results.append(demean(effects[:2], Z))
    np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("shuffled", [False, True])
def test_blocks_of_rows_join_up(shuffled, monkeypatch):
    effects, Z, weights = large(seed=12, n_ids=90, products=25, weighted=True)
    if shuffled:
        turn = np.random.default_rng(0).permutation(len(Z))
        effects = tuple(Effect(groups(e.groups.name, e.groups.codes[turn])) for e in effects)
    whole = demean(effects, Z, weights)
    monkeypatch.setattr(grouping, "BLOCK", 37)
    monkeypatch.setattr(absorb, "BLOCK", 37)
    np.testing.assert_allclose(demean(effects, Z, weights), whole, atol=1e-12)
    monkeypatch.setattr(moments, "BLOCK", 37)
    for w in (None, weights):
        mean, gram = moments.moments(Z, w)
        np.testing.assert_allclose(mean, np.average(Z, axis=0, weights=w), rtol=1e-12)
        centred = (Z - mean) * (1.0 if w is None else np.sqrt(w)[:, None])
        np.testing.assert_allclose(gram, centred.T @ centred, rtol=1e-12)
    many = np.arange(len(Z)) % 500
    np.testing.assert_allclose(
        grouping.group_sums(many, 500, Z, weights)[:, 1], np.bincount(many, Z[:, 1] * weights), rtol=1e-12
    )


def test_sparse_matrices_give_what_means_give():
    effects, Z, weights = large(seed=4, n_ids=150, products=30, weighted=True)
    blocks = tuple(Block(effect.groups) for effect in effects)
    scaled = weights / weights.mean()
    np.testing.assert_allclose(
        Slopes(blocks, scaled).demean(Z.copy()), Means(blocks, scaled).demean(Z.copy()), atol=1e-11
    )


def chain(links=600):
    """Two dimensions that touch in a single chain: the worst case for iterations."""
    workers = np.repeat(np.arange(links), 2)
    firms = np.repeat(np.arange(links + 1), 2)[1:-1]
    rng = np.random.default_rng(5)
    extra = rng.integers(links, size=links)
    workers, firms = np.r_[workers, extra], np.r_[firms, firms[2 * extra]]
    order = np.argsort(workers, kind="stable")
    return tuple(Effect(groups(n, c[order])) for n, c in (("worker", workers), ("firm", firms)))


@pytest.mark.parametrize("direct_levels", [5000, 0], ids=["dense", "sparse"])
def test_thin_graphs_are_solved_directly(direct_levels, monkeypatch):
    monkeypatch.setattr(solvers, "DIRECT_LEVELS", direct_levels)
    effects = chain()
    Z = np.random.default_rng(6).normal(size=(len(effects[0].groups.codes), 2))
    found = demean(effects, Z)
    for effect in effects:
        sums = np.zeros((effect.groups.count, 2))
        np.add.at(sums, effect.groups.codes, found)
        assert np.abs(sums).max() < 1e-9
    np.testing.assert_allclose(found, Z - explained(effects, Z, None), atol=1e-9)


def test_disconnected_parts_in_every_solver(monkeypatch):
    effects, Z, _ = large(seed=7, n_ids=60, products=40)
    half = effects[0].groups.codes < 30
    apart = tuple(Effect(groups(e.groups.name, np.where(half, e.groups.codes, e.groups.codes + 1000))) for e in effects)
    wanted = Z - explained(apart, Z, None)
    np.testing.assert_allclose(demean(apart, Z), wanted, atol=1e-11)
    monkeypatch.setattr(absorb, "DENSE_LEVELS", 0)
    np.testing.assert_allclose(demean(apart, Z), wanted, atol=1e-11)


@pytest.mark.parametrize("levels", [10, 64, 65, 200])
def test_direct_solvers_on_singular_systems(levels):
    rng = np.random.default_rng(8)
    A = rng.normal(size=(levels, levels // 2))
    M = A @ A.T
    scale = M.diagonal().copy()
    c = M @ rng.normal(size=(levels, 2))
    for make in (solvers.spectral, solvers.triangular):
        solver = make(M, scale)
        assert solver.rank == levels // 2
        np.testing.assert_allclose(M @ solver.solve(c, c), c, atol=1e-8 * np.abs(c).max())


def test_leverage_too_large_is_an_error_not_a_wait(monkeypatch):
    monkeypatch.setattr(solvers, "DIRECT_LEVELS", 100)
    monkeypatch.setattr(absorb, "DIRECT_SLOPES", 100)
    effects = large(seed=9)[0]
    assert Projection(effects, None, "keep").leverage is None


def test_large_means_do_not_hide_small_variation():
    data = panel(seed=10, k=2)
    data["X"] = data["X"] * 1e-3 + 1e6
    data["y"] = data["y"] + 1e8
    made = design(data, ("id", "year"), singletons="keep")
    fit = fixed_effects.fit(made, CovarianceChoice())
    centred = (made.X - made.X.mean(axis=0)) * 1e3
    b, *_ = by_dummies(centred, made.y - made.y.mean(), dummies(made.effects))
    assert not fit.omitted
    np.testing.assert_allclose(fit.estimates[:-1] / 1e3, b, rtol=1e-5)
