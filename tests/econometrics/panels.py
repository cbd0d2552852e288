"""Panels for the tests, and least squares on explicit dummies to hold the estimators against."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import Design, Effect, Groups


def groups(name, values):
    """Groups from any labels."""
    known, codes = np.unique(np.asarray(values), return_inverse=True)
    return Groups(name, codes.reshape(-1), len(known))


def clock(name, values):
    """The panel's periods: codes are distances from the first."""
    values = np.asarray(values, dtype=np.int64)
    return Groups(name, values - values.min(), int(values.max() - values.min()) + 1)


def panel(n_ids=12, n_periods=7, k=3, seed=0, holes=0.2, industries=4):
    """Arrays of an unbalanced panel with gaps, sorted by id and year; y depends on x and on effects."""
    rng = np.random.default_rng(seed)
    ids, years = np.repeat(np.arange(n_ids), n_periods), np.tile(np.arange(2001, 2001 + n_periods), n_ids)
    kept = rng.random(len(ids)) >= holes
    ids, years = ids[kept], years[kept]
    industry = rng.integers(industries, size=n_ids)[ids]
    X = rng.normal(size=(len(ids), k)) + 0.5 * rng.normal(size=(n_ids, k))[ids]
    shift = rng.normal(size=n_ids)[ids] + rng.normal(size=n_periods)[years - 2001]
    y = X @ np.arange(1.0, k + 1) + shift + rng.normal(size=len(ids)) * (1 + 0.5 * np.abs(X[:, 0]))
    weights = rng.uniform(0.5, 2.0, len(ids))
    return {"id": ids, "year": years, "industry": industry, "X": X, "y": y, "w": weights}


def design(data, effects=("id",), clusters=("id",), weighted=False, terms=None, **more):
    """A design from such arrays. Effects: column names, "a^b" for crossed groups, or `Effect`s."""
    names = terms or tuple(f"x{j + 1}" for j in range(data["X"].shape[1]))
    return Design(
        outcome="y",
        y=data["y"],
        terms=names,
        X=data["X"],
        unit=groups("id", data["id"]),
        period=clock("year", data["year"]),
        effects=tuple(e if isinstance(e, Effect) else Effect(column(data, e)) for e in effects),
        clusters=tuple(column(data, name) for name in clusters),
        weights=data["w"] if weighted else None,
        **more,
    )


def column(data, name):
    """Groups by a column of the panel; "a^b" crosses two."""
    if "^" in name:
        a, b = name.split("^")
        return groups(name, data[a] * 100_000 + data[b])
    return groups(name, data[name])


def dummies(effects):
    """(n, levels) one column for each level and slope of the effects."""
    parts = []
    for effect in effects:
        one_hot = np.eye(effect.groups.count)[effect.groups.codes]
        if effect.intercept:
            parts.append(one_hot)
        if effect.slopes is not None:
            parts += [one_hot * effect.slopes[:, [j]] for j in range(effect.slopes.shape[1])]
    return np.hstack(parts)


def by_dummies(X, y, D, weights=None):
    """Slopes, residuals, rank of everything, and leverages of OLS on [X, D], by SVD."""
    root = np.ones(len(y)) if weights is None else np.sqrt(weights / weights.mean())
    A = np.column_stack([X, D]) * root[:, None]
    b, _, rank, _ = np.linalg.lstsq(A, y * root, rcond=1e-12)
    U, s, _ = np.linalg.svd(A, full_matrices=False)
    U = U[:, s > 1e-10 * s[0]]
    return b[: X.shape[1]], y - (A @ b) / root, int(rank), np.square(U).sum(axis=1)


def cluster_variance(X, D, residuals, codes, weights=None):
    """B (sum over clusters of scores' cross-products) B for the slopes, with X less its projection on D."""
    w = np.ones(len(X)) if weights is None else weights / weights.mean()
    root = np.sqrt(w)[:, None]
    fitted = (D * root) @ np.linalg.lstsq(D * root, X * root, rcond=1e-12)[0]
    Xw = X * root - fitted
    bread = np.linalg.inv(Xw.T @ Xw)
    scores = Xw * (root[:, 0] * residuals)[:, None]
    sums = np.zeros((codes.max() + 1, X.shape[1]))
    np.add.at(sums, codes, scores)
    return bread @ sums.T @ sums @ bread
