"""The cluster bootstrap of a mediation against refitting every draw: equal draws first, then time.

    python benchmarks/mediation.py                     30 x 9 with 5 controls, balanced and with holes; 300 x 9 with 10
    python benchmarks/mediation.py --coverage          how often intervals hold the true effect, by simulation
    python benchmarks/mediation.py --many 1e7          so many replications in one call: time and peak memory

Two-way effects, treatment -> mediator -> outcome; each draw has a, b, the direct, total and indirect effect. The time
of carbonspec is that of the whole call from arrays: cross-products, draws, solving, the jackknife, four intervals of
four effects; "analysis" adds the three regressions with clustered standard errors, checks and the verdict. Refits are
timed on some draws and scaled up. Tools take turns (A B A B); times are medians, ratios are of the same run. R runs
in processes of its own, by its own clock.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from carbonspec.econometrics.bootstrap.equations import Equation, System, ready
from carbonspec.econometrics.bootstrap.grams import Counted
from carbonspec.econometrics.bootstrap.replications import Replications, Settings, replicate
from carbonspec.econometrics.bootstrap.resampling import clusters
from carbonspec.econometrics.bootstrap.solve import Solver
from carbonspec.econometrics.design import CovarianceChoice, Effect, FloatArray, Groups
from carbonspec.econometrics.mediation.analysis import mediate
from carbonspec.econometrics.mediation.effects import share
from carbonspec.econometrics.mediation.inputs import Inputs
from carbonspec.econometrics.mediation.paths import single

DRAWS = 1000
EQUATIONS = (Equation(1, (0,)), Equation(2, (0,)), Equation(2, (0, 1)))
Refit = Callable[[pd.DataFrame, list[str]], tuple[float, ...]]


def simulate(n_ids: int, n_years: int, k: int, holes: float = 0.0, seed: int = 1, true: float = 0.4) -> pd.DataFrame:
    """x -> m -> y: a = 0.5, b = `true`, direct effect 0.3; errors related within a unit over time."""
    rng = np.random.default_rng(seed)
    i, t = np.repeat(np.arange(n_ids), n_years), np.tile(np.arange(n_years), n_ids)
    n = len(i)
    C = rng.normal(size=(n, k)) + rng.normal(size=(n_ids, k))[i]
    shift = rng.normal(size=n_ids)[i] + rng.normal(size=n_years)[t]

    def error() -> FloatArray:
        e = rng.normal(size=(n_ids, n_years))
        for year in range(1, n_years):
            e[:, year] += 0.5 * e[:, year - 1]
        return e.ravel()

    x = C @ np.full(k, 0.2) + shift + error()
    m = 0.5 * x + C @ np.full(k, 0.1) + shift + error()
    y = 0.3 * x + true * m + C @ np.full(k, 0.1) + shift + error()
    frame = pd.DataFrame({"id": i, "year": 2011 + t, "x": x, "m": m, "y": y})
    frame = frame.assign(**{f"c{j + 1}": C[:, j] for j in range(k)})
    return frame[rng.random(n) >= holes].reset_index(drop=True)


# --- carbonspec ------------------------------------------------------------------------------------------


def system_of(frame: pd.DataFrame, controls: list[str]) -> tuple[System, Groups]:
    groups = {}
    for name in ("id", "year"):
        codes, levels = pd.factorize(frame[name].to_numpy())
        groups[name] = Groups(name, codes, len(levels))
    effects = (Effect(groups["id"]), Effect(groups["year"]))
    columns = frame[["x", "m", "y"]].to_numpy()
    return System(("x", "m", "y"), columns, EQUATIONS, frame[controls].to_numpy(), effects), groups["id"]


def effects(c: FloatArray) -> FloatArray:
    a, total, direct, b = c.T
    return np.column_stack([a * b, direct, total, share(a * b, direct, total)])


def carbonspec(system: System, ids: Groups, draws: int = DRAWS, workers: int = 1) -> Replications:
    again = Groups(ids.name, ids.codes, ids.count)
    fresh = System(
        system.names, system.columns, system.equations, system.controls, (Effect(again), *system.effects[1:])
    )
    return replicate(fresh, Settings(clusters(again), draws, workers=workers), effects, np.array([0.2, 0.3, 0.5, 0.4]))


def inputs_of(frame: pd.DataFrame, controls: list[str]) -> Inputs:
    system, ids = system_of(frame, controls)
    columns = {name: frame[name].to_numpy() for name in ("x", "m", "y", *controls)}
    return Inputs(columns, tuple(controls), ids, system.effects[1].groups, system.effects, (ids,))


# --- refits of a draw ------------------------------------------------------------------------------------


def resampled(frame: pd.DataFrame, places: list[np.ndarray], draw: np.ndarray) -> pd.DataFrame:
    taken = frame.iloc[np.concatenate([places[g] for g in draw])].copy()
    taken["id"] = np.repeat(np.arange(len(draw)), [len(places[g]) for g in draw])
    return taken


def numpy_within(frame: pd.DataFrame, controls: list[str]) -> tuple[float, ...]:
    """What a careful user writes: unit means taken out, year dummies as columns, one Cholesky factor for all three."""
    i, t = frame["id"].to_numpy(), np.unique(frame["year"].to_numpy(), return_inverse=True)[1]
    Z = np.column_stack([t[:, None] == np.arange(1, t.max() + 1), frame[[*controls, "x", "m", "y"]].to_numpy()])
    size = np.bincount(i)
    Z = Z - (np.add.reduceat(Z, np.cumsum(size) - size) / size[:, None])[i]
    L = np.linalg.cholesky(Z.T @ Z)[-3:, -3:]
    a, total, b = L[1, 0] / L[0, 0], L[2, 0] / L[0, 0], L[2, 1] / L[1, 1]
    return a, total, total - a * b, b


def numpy_dummies(frame: pd.DataFrame, controls: list[str]) -> tuple[float, ...]:
    i, t = frame["id"].to_numpy(), np.unique(frame["year"].to_numpy(), return_inverse=True)[1]
    W = [i[:, None] == np.arange(i.max() + 1), t[:, None] == np.arange(1, t.max() + 1), frame[[*controls, "x"]]]
    X, m, y = np.column_stack(W).astype(float), frame["m"].to_numpy(), frame["y"].to_numpy()
    a, total = (np.linalg.lstsq(X, v, rcond=None)[0][-1] for v in (m, y))
    last = np.linalg.lstsq(np.column_stack([X, m]), y, rcond=None)[0]
    return a, total, last[-2], last[-1]


def pyfixest(frame: pd.DataFrame, controls: list[str]) -> tuple[float, ...]:
    import pyfixest as pf

    k = "+".join(controls)
    a, c, q = (pf.feols(f"{f}+{k}|id+year", frame, vcov="iid", fixef_rm="none").coef() for f in ("m~x", "y~x", "y~x+m"))
    return a["x"], c["x"], q["x"], q["m"]


def linearmodels(frame: pd.DataFrame, controls: list[str]) -> tuple[float, ...]:
    from linearmodels.panel import PanelOLS

    p = frame.set_index(["id", "year"])

    def fit(y: str, x: list[str]) -> pd.Series:
        return PanelOLS(p[y], p[[*x, *controls]], entity_effects=True, time_effects=True).fit().params

    a, c, q = fit("m", ["x"]), fit("y", ["x"]), fit("y", ["x", "m"])
    return a["x"], c["x"], q["x"], q["m"]


R_SCRIPT = """
suppressMessages(library(boot)); d <- read.csv("%s"); ids <- unique(d$id); parts <- split(d, d$id)
k <- "+ %s + factor(id) + factor(year)"
f <- function(z, at) { r <- do.call(rbind, parts[at]); r$id <- rep(seq_along(at), sapply(parts[at], nrow))
  fit <- function(s) coef(lm(as.formula(paste(s, k)), r)); q <- fit("y ~ x + m")
  c(fit("m ~ x")["x"], fit("y ~ x")["x"], q["x"], q["m"]) }
set.seed(1); t <- system.time(b <- boot(ids, f, R = %d))[["elapsed"]]
draws <- boot.array(b, indices = TRUE) - 1
cat(sprintf('{"seconds": %%.6f, "draws": [%%s], "values": [%%s]}', t / %d,
  paste(apply(draws, 1, function(r) paste0("[", paste(r, collapse = ","), "]")), collapse = ","),
  paste(apply(b$t, 1, function(r) paste0("[", paste(sprintf("%%.15g", r), collapse = ","), "]")), collapse = ",")))
"""


def r_boot(frame: pd.DataFrame, controls: list[str], draws: int) -> tuple[float, np.ndarray, np.ndarray] | None:
    """Seconds a draw, the draws (b, C) as positions of units, and their coefficients, by R's boot and lm."""
    if not shutil.which("Rscript"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panel.csv"
        frame.to_csv(path, index=False)
        code = R_SCRIPT % (path, " + ".join(controls), draws, draws)
        done = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
    if done.returncode:
        print("  R:", done.stderr.strip().splitlines()[-1])
        return None
    found = json.loads(done.stdout)
    return found["seconds"], np.array(found["draws"]), np.array(found["values"])


# --- one size --------------------------------------------------------------------------------------------


def compare(n_ids: int, n_years: int, k: int, holes: float, rounds: int) -> None:
    frame = simulate(n_ids, n_years, k, holes)
    controls = [f"c{j + 1}" for j in range(k)]
    system, ids = system_of(frame, controls)
    places = [np.flatnonzero(ids.codes == g) for g in range(ids.count)]
    drawn = np.random.default_rng(5).integers(0, ids.count, (100, ids.count))
    solver = Solver(system, Counted(ready(system, ids)))

    def counts(draws: np.ndarray) -> FloatArray:
        return np.array([np.bincount(draw, minlength=ids.count) for draw in draws], dtype=float)

    fast = solver(counts(drawn))
    tools: dict[str, tuple[Refit, int]] = {"numpy within": (numpy_within, 100 if n_ids < 100 else 20)}
    tools["numpy lstsq, dummies"] = (numpy_dummies, 40 if n_ids < 100 else 2)
    for name, tool in (("pyfixest", pyfixest), ("linearmodels", linearmodels)):
        try:
            __import__(name)
            tools[name] = (tool, 4)
        except ImportError:
            print(f"  {name} is not installed")
    gaps = {}
    for name, (tool, times) in tools.items():
        slow = np.array([tool(resampled(frame, places, draw), controls) for draw in drawn[:times]])
        gaps[name] = float(np.abs(slow - fast[:times]).max())
    r = r_boot(frame, controls, 60 if n_ids < 100 else 3)
    if r is not None:
        gaps["R boot + lm"] = float(np.abs(r[2] - solver(counts(r[1]))).max())
    print(f"\n{n_ids} x {n_years}, {k} controls, {holes:.0%} missing; two-way effects, {DRAWS} draws")
    print("  largest difference, draw by draw:", ", ".join(f"{name} {gap:.0e}" for name, gap in gaps.items()))
    assert max(gaps.values()) < 1e-8

    data, settings = inputs_of(frame, controls), Settings(clusters(ids), DRAWS)
    path, errors = single("x", "m", "y"), CovarianceChoice("cluster")

    def refits(tool: Refit, times: int) -> Callable[[], object]:
        return lambda: [tool(resampled(frame, places, draw), controls) for draw in drawn[:times]]

    calls: dict[str, tuple[Callable[[], object], float]] = {
        "carbonspec": (lambda: carbonspec(system, ids), 1.0),
        "carbonspec, analysis": (lambda: mediate(data, path, errors, settings, simulations=0), 1.0),
    }
    for name, (tool, times) in tools.items():
        few = max(times // 4, 2)
        calls[name] = (refits(tool, few), DRAWS / few)
    for call, _ in calls.values():
        call()
    seen: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, (call, scale) in calls.items():
            start = time.perf_counter()
            call()
            seen[name].append((time.perf_counter() - start) * scale)
    medians = {name: statistics.median(times) for name, times in seen.items()}
    if r is not None:
        medians["R boot + lm"] = r[0] * DRAWS
    base = medians["carbonspec"]
    for name, seconds in medians.items():
        print(f"  {name:24s} {seconds * 1e3:12.2f} ms   x{seconds / base:,.1f}")


def linear_cost(n_ids: int = 30, n_years: int = 9, k: int = 5) -> None:
    """Time by number of replications, and by threads."""
    frame = simulate(n_ids, n_years, k)
    system, ids = system_of(frame, [f"c{j + 1}" for j in range(k)])
    print("\nreplications, 30 x 9, 5 controls")
    for draws in (1000, 10_000, 100_000):
        for workers in (1, 2):
            times = []
            for _ in range(3):
                start = time.perf_counter()
                carbonspec(system, ids, draws, workers)
                times.append(time.perf_counter() - start)
            each = statistics.median(times)
            print(f"  {draws:8d} on {workers} thread(s): {each * 1e3:9.1f} ms, {each / draws * 1e6:.2f} us each")


def many(draws: int) -> None:
    """One call with very many replications, in this process: time, and the peak of its memory."""
    frame = simulate(30, 9, 5)
    system, ids = system_of(frame, [f"c{j + 1}" for j in range(5)])
    carbonspec(system, ids)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    found = carbonspec(system, ids, draws).quantities[0]
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ends = found.interval("percentile")
    print(f"\n{found.replications:,} replications: {seconds:.1f} s, {(peak - before) / 1024:.0f} MB above the start")
    print(f"  held {len(found.draws):,}; percentile interval {ends.low:.8f} to {ends.high:.8f}, exact order statistics")


def coverage(samples: int) -> None:
    """How often 95 % intervals of the indirect effect hold the true one (0.5 b), by units and b."""
    print(f"\ncoverage of 95 % intervals, {samples} samples, 1000 draws, errors related over time (0.5)")
    for n_ids, true in ((15, 0.4), (30, 0.4), (30, 0.0), (100, 0.4)):
        held: dict[str, int] = {}
        for seed in range(samples):
            frame = simulate(n_ids, 9, 2, seed=1000 + seed, true=true)
            data = inputs_of(frame, ["c1", "c2"])
            unit = data.unit
            for kind, plan in (("units", clusters(unit)), ("rows", None)):
                if plan is None:
                    from carbonspec.econometrics.bootstrap.resampling import rows

                    plan = rows(len(frame))
                settings = Settings(plan, DRAWS, seed=seed)
                found = mediate(data, single("x", "m", "y"), CovarianceChoice("cluster"), settings, seed=seed)
                effect = found["indirect"]
                drawn = effect.bootstrapped
                assert drawn is not None
                for interval in drawn.intervals if kind == "units" else drawn.intervals[:1]:
                    name = interval.method if kind == "units" else "percentile, rows"
                    held[name] = held.get(name, 0) + (interval.low <= 0.5 * true <= interval.high)
                if kind == "units":
                    simulated, sobel = effect.simulated, found.product_tests[0]
                    assert simulated is not None
                    held["Monte Carlo"] = held.get("Monte Carlo", 0) + (simulated.low <= 0.5 * true <= simulated.high)
                    inside = abs(sobel.estimate - 0.5 * true) <= 1.959964 * sobel.std_error
                    held["Sobel"] = held.get("Sobel", 0) + inside
        listed = ", ".join(f"{name} {count / samples:.3f}" for name, count in held.items())
        print(f"  {n_ids} units, b = {true}: {listed}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--coverage", type=int, nargs="?", const=400, default=0, metavar="SAMPLES")
    parser.add_argument("--many", type=float, default=0, metavar="DRAWS")
    chosen = parser.parse_args()
    if chosen.coverage:
        coverage(chosen.coverage)
    if chosen.many:
        many(int(chosen.many))
    if not (chosen.coverage or chosen.many):
        compare(30, 9, 5, 0.0, chosen.rounds)
        compare(30, 9, 5, 0.1, chosen.rounds)
        compare(300, 9, 10, 0.0, max(chosen.rounds // 3, 3))
        linear_cost()


if __name__ == "__main__":
    main()
