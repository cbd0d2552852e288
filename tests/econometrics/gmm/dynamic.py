"""Simulated dynamic panels with gaps, and GMM written out unit by unit with dense matrices."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import Groups
from carbonspec.econometrics.dynamic_design import GmmDesign, LevelInstruments, OwnInstruments


def simulate(units=60, periods=9, seed=1, holes=0.08, rho=0.5):
    """Arrays of y, x, id, year; some rows missing."""
    rng = np.random.default_rng(seed)
    burn = 15
    effect = rng.normal(size=units)
    y = effect / (1 - rho)
    rows = []
    for period in range(burn + periods):
        x = 0.4 * effect + rng.normal(size=units)
        y = rho * y + 0.7 * x + effect + rng.normal(size=units) * (0.7 + 0.3 * np.abs(x))
        if period >= burn:
            rows.append(np.column_stack([np.arange(units), np.full(units, period - burn), y, x]))
    data = np.stack(rows, axis=1).reshape(-1, 4)
    data = data[rng.random(len(data)) >= holes]
    return {"id": data[:, 0].astype(int), "year": data[:, 1].astype(int), "y": data[:, 2], "x": data[:, 3]}


def lag(data, name, k):
    """(n,) values k periods before, NaN where there is no such row."""
    found = {(i, t): v for i, t, v in zip(data["id"], data["year"], data[name], strict=True)}
    return np.array([found.get((i, t - k), np.nan) for i, t in zip(data["id"], data["year"], strict=True)])


def design(data, first=2, last=None, own=True, extra=(), **more):
    """y on its first lag and x, instruments lags first..last of y, x its own or (own False) gmm with lags 1..2."""
    known, unit = np.unique(data["id"], return_inverse=True)
    gmm = [LevelInstruments("y", data["y"], first, last)]
    if not own:
        gmm.append(LevelInstruments("x", data["x"], 1, 2))
    blocks = (OwnInstruments(("x",), data["x"][:, None]),) if own else ()
    columns = {"L.y": lag(data, "y", 1), "x": data["x"], **dict(extra)}
    return GmmDesign(
        outcome="y",
        y=data["y"],
        terms=tuple(columns),
        X=np.column_stack(list(columns.values())),
        unit=Groups("id", unit.reshape(-1), len(known)),
        period=Groups("year", data["year"] - data["year"].min(), int(np.ptp(data["year"])) + 1),
        gmm=tuple(gmm),
        own=more.pop("blocks", blocks),
        lagged=("L.y",),
        **more,
    )


def by_hand(data, choice, first=2, last=None):
    """b1, V1, b2, V2 (Windmeijer), J, m1, m2 of the model of `design`, from the definitions: full T x T matrices,
    zeros for what is missing."""
    T = int(data["year"].max()) + 1
    ids = np.unique(data["id"])
    stop = T if last is None else last + 1
    upper, blocks = [], []
    for i in ids:
        Y, X = np.full(T, np.nan), np.full(T, np.nan)
        at = data["id"] == i
        Y[data["year"][at]], X[data["year"][at]] = data["y"][at], data["x"][at]
        L = np.concatenate([[np.nan], Y[:-1]])
        W = np.column_stack([L, X]) if not choice.system else np.column_stack([L, X, np.ones(T)])
        complete = np.isfinite(Y) & np.isfinite(L) & np.isfinite(X)
        D = np.zeros((T, T))
        if choice.transform == "difference":
            for t in range(1, T):
                if complete[t] and complete[t - 1]:
                    D[t, t], D[t, t - 1] = 1.0, -1.0
        else:
            for t in range(T - 1):
                later = np.flatnonzero(complete[t + 1 :]) + t + 1
                if complete[t] and len(later):
                    c = len(later)
                    D[t + 1, t], D[t + 1, later] = np.sqrt(c / (c + 1)), -1 / np.sqrt(c * (c + 1))
        y0, W0, x0 = np.where(complete, Y, 0.0), np.where(complete[:, None], W, 0.0), np.where(complete, X, 0.0)
        used = np.abs(D).sum(axis=1) > 0
        Z = {}
        for t in np.flatnonzero(used):
            for k in range(first, stop):
                if t - k >= 0 and np.isfinite(Y[t - k]):
                    column = ("collapsed", k) if choice.collapse else (t, k)
                    Z.setdefault(column, np.zeros((2, T)))[0, t] = Y[t - k]
        for t in np.flatnonzero(complete) if choice.system else ():
            back = t - first + 1
            if back >= 1 and np.isfinite(Y[back]) and np.isfinite(Y[back - 1]):
                column = ("level",) if choice.collapse else ("level", t)
                Z.setdefault(column, np.zeros((2, T)))[1, t] = Y[back] - Y[back - 1]
        Z["x"] = np.stack([D @ x0, x0])
        if choice.system:
            Z["constant"] = np.stack([np.zeros(T), complete * 1.0])
        upper.append((D, y0, W0, complete))
        blocks.append(Z)
    names = sorted({name for Z in blocks for name in Z}, key=str)
    zero = np.zeros((2, T))
    Zs, ys, Xs, Hs, Ds = [], [], [], [], []
    for (D, y0, W0, complete), Z in zip(upper, blocks, strict=True):
        both = np.stack([Z.get(name, zero) for name in names], axis=-1)
        both[0] *= (np.abs(D).sum(axis=1) > 0)[:, None]
        H = np.block([[D @ D.T, D], [D.T, np.diag(complete * 1.0)]])
        rows = slice(0, 2 * T if choice.system else T)
        Zs.append(both.reshape(2 * T, -1)[rows])
        ys.append(np.concatenate([D @ y0, y0])[rows])
        Xs.append(np.vstack([D @ W0, W0])[rows])
        Hs.append(H[rows, rows])
        Ds.append((D if choice.transform == "difference" else _differences(complete), y0, W0))
    ZX = sum(Z.T @ X for Z, X in zip(Zs, Xs, strict=True))
    Zy = sum(Z.T @ y for Z, y in zip(Zs, ys, strict=True))
    found = {}
    W1 = np.linalg.pinv(sum(Z.T @ H @ Z for Z, H in zip(Zs, Hs, strict=True)))
    M1 = np.linalg.inv(ZX.T @ W1 @ ZX)
    found["b1"] = M1 @ ZX.T @ W1 @ Zy
    e1 = [y - X @ found["b1"] for y, X in zip(ys, Xs, strict=True)]
    s = [Z.T @ e for Z, e in zip(Zs, e1, strict=True)]
    S = sum(np.outer(a, a) for a in s)
    found["V1"] = M1 @ ZX.T @ W1 @ S @ W1 @ ZX @ M1
    W2 = np.linalg.inv(S)
    M2 = np.linalg.inv(ZX.T @ W2 @ ZX)
    found["b2"] = M2 @ ZX.T @ W2 @ Zy
    e2 = [y - X @ found["b2"] for y, X in zip(ys, Xs, strict=True)]
    g = sum(Z.T @ e for Z, e in zip(Zs, e2, strict=True))
    found["hansen"] = g @ W2 @ g
    k = len(found["b2"])
    D = np.empty((k, k))
    for j in range(k):
        d = -sum(np.outer(Z.T @ X[:, j], a) + np.outer(a, Z.T @ X[:, j]) for Z, X, a in zip(Zs, Xs, s, strict=True))
        D[:, j] = -M2 @ ZX.T @ W2 @ d @ W2 @ g
    found["V2"] = M2 + D @ M2 + M2 @ D.T + D @ found["V1"] @ D.T
    for m in (1, 2):
        products, crossed, mixed = [], 0.0, 0.0
        for (Di, y0, W0), Z, e in zip(Ds, Zs, e2, strict=True):
            v, X = Di @ (y0 - W0 @ found["b2"]), Di @ W0
            w = np.concatenate([np.zeros(m), v[:-m]]) * (np.abs(Di).sum(axis=1) > 0)
            products.append(w @ v)
            crossed = crossed + w @ X
            mixed = mixed + Z.T @ e * (w @ v)
        r = np.array(products)
        variance = r @ r - 2 * crossed @ M2 @ ZX.T @ W2 @ mixed + crossed @ found["V2"] @ crossed
        found[f"ar{m}"] = r.sum() / np.sqrt(variance)
    return found


def _differences(complete):
    T = len(complete)
    D = np.zeros((T, T))
    for t in range(1, T):
        if complete[t] and complete[t - 1]:
            D[t, t], D[t, t - 1] = 1.0, -1.0
    return D
