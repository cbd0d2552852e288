"""Demand residuals: exact on any graph, by every way of solving, and with compiled loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.econometrics.measures.customs_records import alone, by_dummies

from carbonspec.econometrics import kernels
from carbonspec.econometrics.measures import crosstab, two_way
from carbonspec.econometrics.measures.crosstab import Crosstab
from carbonspec.econometrics.measures.demand import demand_residuals
from carbonspec.econometrics.measures.two_way import TwoWay

LAW = settings(deadline=None, max_examples=40)


def largest_mean(e, *groups):
    return max(np.abs(np.bincount(g, e) / np.maximum(np.bincount(g), 1)).max() for g in groups)


@LAW
@given(st.integers(0, 9999), st.integers(1, 60), st.integers(1, 9), st.integers(1, 9))
def test_dummies(seed, n, rows, columns):
    """Any pattern of groups, empty ones and separate parts among them."""
    rng = np.random.default_rng(seed)
    p, g = rng.integers(0, rows, n), rng.integers(0, columns, n)
    y = 20 + rng.normal(size=n)
    found = demand_residuals(y, p, g, rows, columns)
    np.testing.assert_allclose(found.values, by_dummies(y, p, g), atol=1e-11)
    np.testing.assert_allclose(found.values, y - found.a[p] - found.b[g], atol=1e-11)


@LAW
@given(st.integers(0, 9999), st.integers(1, 40), st.integers(1, 12), st.integers(1, 8))
def test_rows_alone(seed, n, rows, columns):
    rng = np.random.default_rng(seed)
    p, g = rng.integers(0, rows, n), rng.integers(0, columns, n)
    table = Crosstab(rows, columns)
    table.add(p, g, np.ones(n))
    by_row, by_column = TwoWay(table.counts()).alone()
    np.testing.assert_array_equal(by_row[p] | by_column[g], alone(p, g))


def thin(blocks, rows, seed=0):
    """A chain of groups: each block of rows hangs on the next by a single row."""
    rng = np.random.default_rng(seed)
    p = np.repeat(np.arange(blocks), rows)
    g = p.copy()
    g[::rows] = np.minimum(p[::rows] + 1, blocks - 1)
    return 100 * rng.normal(size=blocks)[p] + rng.normal(size=len(p)), p, g


@pytest.mark.parametrize(
    ("blocks", "rows", "limit"), [(5, 100_000, 1e-12), (270, 2000, 1e-12), (1500, 20, 1e-12), (5000, 6, 1e-11)]
)
def test_parts_that_hang_by_a_single_row(blocks, rows, limit):
    y, p, g = thin(blocks, rows)
    found = demand_residuals(y, p, g, blocks, blocks)
    assert largest_mean(found.values, p, g) < limit
    table = Crosstab(blocks, blocks)
    table.add(p, g, y)
    assert TwoWay(table.counts()).components == 1


def test_products_tied_to_one_region():
    rng = np.random.default_rng(5)
    n = 50_000
    p = rng.integers(0, 1000, n)
    g = ((p // 50 + (rng.random(n) < 0.02)) % 20) * 9 + rng.integers(0, 9, n)
    y = 30 + rng.normal(size=n) + rng.normal(size=180)[g] * 5
    assert largest_mean(demand_residuals(y, p, g, 1000, 180).values, p, g) < 1e-12


def dense(seed=3, n=40_000, rows=60, columns=40):
    rng = np.random.default_rng(seed)
    p, g = rng.integers(0, rows, n), rng.integers(0, columns, n)
    return 40 + rng.normal(size=rows)[p] + rng.normal(size=columns)[g] + rng.normal(size=n), p, g, rows, columns


def test_every_way_of_solving_gives_the_same(monkeypatch):
    y, p, g, rows, columns = dense()
    wanted = demand_residuals(y, p, g, rows, columns).values
    assert largest_mean(wanted, p, g) < 1e-12
    ways = {
        "turned": lambda: demand_residuals(y, g, p, columns, rows),
        "factor": lambda: (monkeypatch.setattr(two_way, "STEPS", 0), demand_residuals(y, p, g, rows, columns))[1],
        "thin": lambda: (monkeypatch.setattr(two_way, "THIN", 2.0), demand_residuals(y, p, g, rows, columns))[1],
        "pairs": lambda: (monkeypatch.setattr(crosstab, "DENSE_CELLS", 0), demand_residuals(y, p, g, rows, columns))[1],
        "large": lambda: (monkeypatch.setattr(two_way, "DIRECT_LEVELS", 1), demand_residuals(y, p, g, rows, columns))[
            1
        ],
    }
    for name, way in ways.items():
        np.testing.assert_allclose(way().values, wanted, atol=1e-11, err_msg=name)


def test_pairs_are_merged_as_they_come(monkeypatch):
    monkeypatch.setattr(crosstab, "DENSE_CELLS", 0)
    monkeypatch.setattr(crosstab, "PENDING", 100)
    _, p, g, rows, columns = dense(n=5000)
    table = Crosstab(rows, columns)
    for at in range(0, 5000, 300):
        table.add(p[at : at + 300], g[at : at + 300], np.ones(len(p[at : at + 300])))
    wanted = np.bincount(p * columns + g, minlength=rows * columns).reshape(rows, columns)
    np.testing.assert_array_equal(table.counts().toarray(), wanted)
    np.testing.assert_allclose(table.row_sums, wanted.sum(axis=1))


@pytest.mark.parametrize("threads", [1, 3])
def test_compiled_loops_give_what_numpy_gives(monkeypatch, threads):
    pytest.importorskip("numba")
    monkeypatch.setattr(kernels, "threads", lambda: threads)
    y, p, g, rows, columns = dense()
    p, g = p.astype(np.int32), g.astype(np.int32)
    wanted = demand_residuals(y, p, g, rows, columns)
    monkeypatch.setattr(kernels, "ROWS", 1000)
    found = demand_residuals(y, p, g, rows, columns)
    np.testing.assert_allclose(found.values, wanted.values, atol=1e-12)
    assert found.largest_mean < 1e-12


def test_rounding_that_is_left_is_taken_out():
    """A constant far from zero loses digits in the sums; the third pass puts that right."""
    y, p, g, rows, columns = dense()
    found = demand_residuals(y * 1e-3 + 1e6, p, g, rows, columns)
    assert largest_mean(found.values, p, g) < 1e-9
