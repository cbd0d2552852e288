"""Standard errors by drawing against refitting every draw: equal numbers first, then time.

    python benchmarks/standard_errors.py               bootstrap, wild cluster bootstrap-t and CRV3, 30 x 9 and 300 x 9
    python benchmarks/standard_errors.py --size        how often each rejects a true null, by number of clusters

A regression with two-way effects and 5 (10) controls; 999 draws of units. The time of carbonspec is that of the whole
call from arrays: the fit with clustered errors, cross-products, draws, solving, and all coefficients' intervals. Refits
are timed on some draws and scaled up. Tools take turns; times are medians, ratios are of the same run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.inference import Refitting, bootstrapped, jackknifed, wild_tested
from carbonspec.econometrics.bootstrap.regression import LeastSquares
from carbonspec.econometrics.bootstrap.replications import Settings
from carbonspec.econometrics.design import CovarianceChoice, Design, Effect, FloatArray, Groups
from carbonspec.econometrics.estimators import fixed_effects
from carbonspec.econometrics.results import Fit

DRAWS = 999
Refit = Callable[[pd.DataFrame, list[str]], FloatArray]


def simulate(n_ids: int, n_years: int, k: int, seed: int = 1, unequal: bool = False) -> pd.DataFrame:
    """y on x and controls with effects of both kinds; errors related over time, the slope of x is zero."""
    rng = np.random.default_rng(seed)
    i, t = np.repeat(np.arange(n_ids), n_years), np.tile(np.arange(n_years), n_ids)
    C = rng.normal(size=(n_ids * n_years, k)) + rng.normal(size=(n_ids, k))[i]
    shift = rng.normal(size=n_ids)[i] + rng.normal(size=n_years)[t]

    def related(scale: FloatArray) -> FloatArray:
        e = rng.normal(size=(n_ids, n_years))
        for year in range(1, n_years):
            e[:, year] += 0.7 * e[:, year - 1]
        return (e * scale[:, None]).ravel()

    spread = np.exp(rng.normal(size=n_ids) * 0.7) if unequal else np.ones(n_ids)
    x = C @ np.full(k, 0.2) + shift + related(spread)
    y = C @ np.full(k, 0.1) + shift + related(spread)
    frame = pd.DataFrame({"id": i, "year": 2011 + t, "y": y, "x": x})
    return frame.assign(**{f"c{j + 1}": C[:, j] for j in range(k)})


def design_of(frame: pd.DataFrame, controls: list[str]) -> Design:
    ids, units = pd.factorize(frame["id"].to_numpy())
    years, periods = pd.factorize(frame["year"].to_numpy(), sort=True)
    unit, period = Groups("id", ids, len(units)), Groups("time", years, len(periods))
    return Design(
        outcome="y",
        y=frame["y"].to_numpy(),
        terms=("x", *controls),
        X=frame[["x", *controls]].to_numpy(),
        unit=unit,
        period=period,
        effects=(Effect(unit), Effect(period)),
        clusters=(unit,),
    )


def again(design: Design) -> Fit:
    return fixed_effects.fit(design, CovarianceChoice("iid"))


def carbonspec(frame: pd.DataFrame, controls: list[str], kind: str, workers: int = 1) -> Fit:
    design = design_of(frame, controls)
    fit = fixed_effects.fit(design, CovarianceChoice("cluster"))
    if kind == "crv3":
        return jackknifed(fit, design.clusters[0], Refitting(design, again))
    if kind == "wild":
        return wild_tested(fit, design, Settings(resampling.wild(design.clusters[0]), DRAWS, workers=workers), 1)
    settings = Settings(resampling.clusters(design.clusters[0]), DRAWS, workers=workers)
    return bootstrapped(fit, settings, Refitting(design, again), 1)


# --- refits ----------------------------------------------------------------------------------------------


def resampled(frame: pd.DataFrame, places: list[np.ndarray], draw: np.ndarray) -> pd.DataFrame:
    taken = frame.iloc[np.concatenate([places[g] for g in draw])].copy()
    taken["id"] = np.repeat(np.arange(len(draw)), [len(places[g]) for g in draw])
    return taken


def numpy_within(frame: pd.DataFrame, controls: list[str]) -> FloatArray:
    """What a careful user writes: unit means taken out, year dummies as columns, normal equations."""
    i, t = frame["id"].to_numpy(), np.unique(frame["year"].to_numpy(), return_inverse=True)[1]
    Z = np.column_stack([t[:, None] == np.arange(1, t.max() + 1), frame[["x", *controls, "y"]].to_numpy()])
    size = np.bincount(i)
    Z = Z - (np.add.reduceat(Z, np.cumsum(size) - size) / size[:, None])[i]
    gram = Z.T @ Z
    return np.asarray(np.linalg.solve(gram[:-1, :-1], gram[:-1, -1])[t.max() :])


def pyfixest(frame: pd.DataFrame, controls: list[str]) -> FloatArray:
    import pyfixest as pf

    formula = f"y ~ {' + '.join(['x', *controls])} | id + year"
    return np.asarray(pf.feols(formula, frame, vcov="iid", fixef_rm="none").coef())


def linearmodels(frame: pd.DataFrame, controls: list[str]) -> FloatArray:
    from linearmodels.panel import PanelOLS

    p = frame.set_index(["id", "year"])
    return np.asarray(PanelOLS(p["y"], p[["x", *controls]], entity_effects=True, time_effects=True).fit().params)


def wild_by_hand(frame: pd.DataFrame, controls: list[str], v: FloatArray) -> FloatArray:
    """|t*| of x for numbers v (b, G) by refitting, null imposed: dummies of years as columns, units taken out."""
    i, t = frame["id"].to_numpy(), np.unique(frame["year"].to_numpy(), return_inverse=True)[1]
    A = np.column_stack([frame[["x", *controls]].to_numpy(), t[:, None] == np.arange(1, t.max() + 1)])
    size = np.bincount(i)
    start = np.cumsum(size) - size

    def within(Z: FloatArray) -> FloatArray:
        return Z - (np.add.reduceat(Z, start) / (size[:, None] if Z.ndim > 1 else size))[i]

    A, y = within(A.astype(float)), within(frame["y"].to_numpy())
    bread = np.linalg.inv(A.T @ A)
    H = bread @ A.T
    u = y - A[:, 1:] @ np.linalg.lstsq(A[:, 1:], y, rcond=None)[0]
    found = np.empty(len(v))
    for at, one in enumerate(v):
        drawn = y - u + u * one[i]
        b = H @ drawn
        scores = np.add.reduceat(A * (drawn - A @ b)[:, None], start)
        found[at] = abs(b[0]) / np.linalg.norm(scores @ bread[:, 0])
    return found


def compare(n_ids: int, n_years: int, k: int, rounds: int) -> None:
    frame = simulate(n_ids, n_years, k)
    controls = [f"c{j + 1}" for j in range(k)]
    design = design_of(frame, controls)
    groups = design.clusters[0]
    places = [np.flatnonzero(groups.codes == g) for g in range(groups.count)]
    drawn = np.random.default_rng(5).integers(0, groups.count, (100, groups.count))
    counts = np.array([np.bincount(draw, minlength=groups.count) for draw in drawn], dtype=float)
    fit = fixed_effects.fit(design, CovarianceChoice("cluster"))
    fast = LeastSquares(design, fit, resampling.clusters(groups))(counts)[:, :-1]
    tools: dict[str, tuple[Refit, int]] = {"numpy within": (numpy_within, 50 if n_ids < 100 else 20)}
    for name, tool in (("pyfixest", pyfixest), ("linearmodels", linearmodels)):
        try:
            __import__(name)
            tools[name] = (tool, 4)
        except ImportError:
            print(f"  {name} is not installed")
    gaps = {
        name: max(float(np.abs(tool(resampled(frame, places, drawn[i]), controls) - fast[i]).max()) for i in range(n))
        for name, (tool, n) in tools.items()
    }
    plan = resampling.wild(groups)
    v = plan.draw(np.random.default_rng(1), DRAWS)
    wild = wild_tested(fit, design, Settings(plan, DRAWS), 1).resampled
    assert wild is not None
    t = wild_by_hand(frame, controls, np.vstack([np.ones((1, groups.count)), v]))
    print(f"\n{n_ids} x {n_years}, {k} controls; two-way effects, {DRAWS} draws")
    print("  largest difference, draw by draw:", ", ".join(f"{name} {gap:.0e}" for name, gap in gaps.items()))
    print(f"  wild p of x {wild.p_values[0]:.6f}, by refits {np.mean(t[1:] >= t[0] * (1 - 1e-9)):.6f}")
    assert max(gaps.values()) < 1e-8

    def refits(tool: Refit, times: int) -> Callable[[], object]:
        return lambda: [tool(resampled(frame, places, draw), controls) for draw in drawn[:times]]

    calls: dict[str, tuple[Callable[[], object], float, str]] = {
        "bootstrap": (lambda: carbonspec(frame, controls, "bootstrap"), 1.0, "bootstrap"),
        "wild, all coefficients": (lambda: carbonspec(frame, controls, "wild"), 1.0, "wild"),
        "wild by hand, x alone": (lambda: wild_by_hand(frame, controls, v[:100]), DRAWS / 100, "wild"),
        "crv3": (lambda: carbonspec(frame, controls, "crv3"), 1.0, "crv3"),
    }
    for name, (tool, times) in tools.items():
        few = max(times // 4, 2)
        calls[f"bootstrap by {name}"] = (refits(tool, few), DRAWS / few, "bootstrap")
        calls[f"crv3 by {name}"] = (refits(tool, few), n_ids / few, "crv3")
    for call, _, _ in calls.values():
        call()
    seen: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, (call, scale, _) in calls.items():
            start = time.perf_counter()
            call()
            seen[name].append((time.perf_counter() - start) * scale)
    medians = {name: statistics.median(times) for name, times in seen.items()}
    bases = {"bootstrap": "bootstrap", "wild": "wild, all coefficients", "crv3": "crv3"}
    for name, seconds in medians.items():
        print(f"  {name:28s} {seconds * 1e3:12.2f} ms   x{seconds / medians[bases[calls[name][2]]]:,.1f}")


def size(samples: int) -> None:
    """Share of samples in which a true null is rejected at 5 %: clusters of unequal spread, errors related in time."""
    print(f"\nrejections of a true null at 5 %, {samples} samples, two-way effects, clusters of unequal spread")
    for n_ids in (6, 10, 20, 40):
        found: dict[str, int] = {}
        for seed in range(samples):
            frame = simulate(n_ids, 9, 2, seed=500 + seed, unequal=True)
            design = design_of(frame, ["c1", "c2"])
            fit = fixed_effects.fit(design, CovarianceChoice("cluster"))
            from scipy.special import stdtr

            def p_of(fit: Fit) -> float:
                if fit.resampled is not None:
                    return float(fit.resampled.p_values[0])
                return float(2 * stdtr(fit.df_reference, -abs(fit.estimates[0] / fit.std_errors[0])))

            tests = {
                "cluster": fit,
                "bootstrap": carbonspec(frame, ["c1", "c2"], "bootstrap"),
                "crv3": carbonspec(frame, ["c1", "c2"], "crv3"),
                "wild": carbonspec(frame, ["c1", "c2"], "wild"),
            }
            for name, one in tests.items():
                found[name] = found.get(name, 0) + (p_of(one) <= 0.05)
        print(f"  {n_ids:3d} clusters: " + ", ".join(f"{name} {count / samples:.3f}" for name, count in found.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--size", type=int, nargs="?", const=400, default=0, metavar="SAMPLES")
    chosen = parser.parse_args()
    if chosen.size:
        size(chosen.size)
    else:
        compare(30, 9, 5, chosen.rounds)
        compare(300, 9, 10, max(chosen.rounds // 3, 3))


if __name__ == "__main__":
    main()
