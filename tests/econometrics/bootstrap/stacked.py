"""Refits of every draw the plain way: rows stacked as drawn, a dummy for each copy of a unit, least squares by SVD."""

from __future__ import annotations

import numpy as np
from tests.econometrics.panels import groups

from carbonspec.econometrics.bootstrap.equations import Equation, System
from carbonspec.econometrics.design import Effect


def panel(n_ids=12, n_periods=6, k=2, holes=0.0, seed=0):
    """Columns x, m, y, controls c1.. and keys of a panel in which x -> m -> y."""
    rng = np.random.default_rng(seed)
    ids, years = np.repeat(np.arange(n_ids), n_periods), np.tile(np.arange(n_periods), n_ids)
    kept = rng.random(len(ids)) >= holes
    ids, years = ids[kept], years[kept]
    n = len(ids)
    C = rng.normal(size=(n, k)) + rng.normal(size=(n_ids, k))[ids]
    shift = rng.normal(size=n_ids)[ids] + rng.normal(size=n_periods)[years]
    x = 0.2 * C.sum(axis=1) + shift + rng.normal(size=n)
    m = 0.5 * x + 0.1 * C.sum(axis=1) + shift + rng.normal(size=n)
    m2 = 0.3 * x + 0.4 * m + shift + rng.normal(size=n)
    y = 0.3 * x + 0.4 * m + 0.2 * m2 + shift + rng.normal(size=n)
    return {
        "id": ids, "year": years, "region": (ids % 4), "x": x, "m": m, "m2": m2, "y": y, "v": rng.normal(size=n),
        "C": C, "w": rng.uniform(0.5, 2.0, n),
    }  # fmt: skip


def system(data, names=("x", "m", "y"), equations=None, effects=("id", "year"), weighted=False, constant=True):
    """x -> m -> y with its total effect, or other equations on columns of the panel."""
    given = equations or (Equation(1, (0,)), Equation(2, (0,)), Equation(2, (0, 1)))
    return System(
        names=names,
        columns=np.column_stack([data[name] for name in names]),
        equations=given,
        controls=data["C"],
        effects=tuple(Effect(groups(name, keys(data, name))) for name in effects),
        constant=constant,
        weights=data["w"] if weighted else None,
    )


def keys(data, name):
    """A key of the panel; "a^b" crosses two."""
    if "^" in name:
        a, b = name.split("^")
        return data[a] * 1000 + data[b]
    return data[name]


def refit(data, drawn, draw, made, inside=("id",), outside=("year",)):
    """Coefficients of the system `made` on one draw of the groups `drawn` (n,), NaN where one is not identified.

    Effects `inside` get a dummy for each copy, those `outside` one for all copies.
    """
    rows, copies = [], []
    for copy, group in enumerate(np.repeat(np.arange(len(draw)), draw.astype(int))):
        at = np.flatnonzero(drawn == group)
        rows.append(at)
        copies.append(np.full(len(at), copy))
    r, copy = np.concatenate(rows), np.concatenate(copies)
    parts = [data["C"][r]]
    for name in inside:
        parts.append(one_hot(keys(data, name)[r] + 1_000_000 * copy))
    for name in outside:
        parts.append(one_hot(keys(data, name)[r]))
    if not inside and not outside and made.constant:
        parts.append(np.ones((len(r), 1)))
    return by_svd(made, made.columns[r], np.hstack(parts), None if made.weights is None else made.weights[r])


def one_hot(labels):
    codes = np.unique(labels, return_inverse=True)[1].reshape(-1)
    return np.eye(codes.max() + 1)[codes]


def by_svd(made, columns, others, weights=None):
    """Coefficients of every equation by SVD; NaN for all where one is not identified."""
    root = np.ones((len(columns), 1)) if weights is None else np.sqrt(weights)[:, None]
    found = []
    for equation in made.equations:
        k = len(equation.regressors)
        A = np.column_stack([columns[:, equation.regressors], others]) * root
        size = np.sqrt(np.square(A).sum(axis=0))
        size[size == 0] = 1.0
        U, s, Vt = np.linalg.svd(A / size, full_matrices=True)
        rank = int(np.count_nonzero(s > 1e-10 * s[0]))
        if np.abs(Vt[rank:, :k]).max(initial=0.0) > 1e-6:
            return np.full(len(made.coefficients), np.nan)
        b = Vt[:rank].T @ ((U[:, :rank].T @ (columns[:, [equation.outcome]] * root)).ravel() / s[:rank])
        found.append((b / size)[:k])
    return np.concatenate(found)
