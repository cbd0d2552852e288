"""Fixed effects against pyfixest, linearmodels and statsmodels: the same numbers first, then time and memory.

    python benchmarks/fixed_effects.py                 paper scale, 1e5 and 1e6 rows
    python benchmarks/fixed_effects.py --rows 1e7      the large case as well (needs about 10 GB)

Every call starts from a pandas data frame and ends with coefficients and standard errors clustered by id. Tools take
turns (A B A B), so that a busy machine slows all of them; times are medians, ratios are to carbonspec in the same run.
Memory is the peak of a process of its own, above the data frame. Compilation is warmed up beforehand.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from carbonspec.econometrics.design import CovarianceChoice, Design, Effect, Groups
from carbonspec.econometrics.estimators import fixed_effects

Result = tuple[np.ndarray, np.ndarray]
Tool = Callable[[pd.DataFrame, list[str], list[str]], Result]


def simulate(rows: int, k: int, ids: int, years: int, products: int = 0, seed: int = 1) -> pd.DataFrame:
    """A panel sorted by id and year; `products` adds a third, random dimension."""
    rng = np.random.default_rng(seed)
    unit, year = np.repeat(np.arange(ids), years)[:rows], np.tile(np.arange(2000, 2000 + years), ids)[:rows]
    frame = pd.DataFrame({"id": unit, "year": year})
    shift = rng.normal(size=ids)[unit] + rng.normal(size=years)[year - 2000]
    if products:
        frame["product"] = rng.integers(products, size=rows)
        shift += rng.normal(size=products)[frame["product"]]
    y = shift + rng.normal(size=rows)
    for j in range(k):
        x = rng.normal(size=rows) + 0.3 * shift
        frame[f"x{j + 1}"] = x
        y += (j + 1) * x
    frame["y"] = y
    return frame


def as_design(frame: pd.DataFrame, terms: list[str], effects: list[str]) -> Design:
    groups = {}
    for name in effects:
        codes, levels = pd.factorize(frame[name].to_numpy())
        groups[name] = Groups(name, codes, len(levels))
    return Design(
        outcome="y",
        y=frame["y"].to_numpy(),
        terms=tuple(terms),
        X=np.column_stack([frame[term].to_numpy() for term in terms]),
        unit=groups["id"],
        period=groups["year"],
        effects=tuple(Effect(groups[name]) for name in effects),
        clusters=(groups["id"],),
    )


def fitted(design: Design) -> Result:
    fit = fixed_effects.fit(design, CovarianceChoice("cluster", correction="none"))
    return fit.estimates[:-1], fit.std_errors[:-1]


def carbonspec(frame: pd.DataFrame, terms: list[str], effects: list[str]) -> Result:
    return fitted(as_design(frame, terms, effects))


def carbonspec_arrays(frame: pd.DataFrame, terms: list[str], effects: list[str]) -> Result:
    """From arrays, as a study's columns come: the engine reads and numbers the data once for all of them."""
    known = DESIGNS.get(id(frame))
    if known is None:
        known = DESIGNS[id(frame)] = as_design(frame, terms, effects)
    fresh = {"unit": again(known.unit), "period": again(known.period), "clusters": (again(known.clusters[0]),)}
    groups = tuple(Effect(again(effect.groups)) for effect in known.effects)
    return fitted(replace(known, effects=groups, **fresh))


def again(groups: Groups) -> Groups:
    """The same groups, nothing counted yet."""
    return Groups(groups.name, groups.codes, groups.count)


DESIGNS: dict[int, Design] = {}


def carbonspec_numpy(frame: pd.DataFrame, terms: list[str], effects: list[str]) -> Result:
    from carbonspec.econometrics import kernels

    rows, kernels.ROWS = kernels.ROWS, sys.maxsize
    try:
        return carbonspec(frame, terms, effects)
    finally:
        kernels.ROWS = rows


def pyfixest(frame: pd.DataFrame, terms: list[str], effects: list[str]) -> Result:
    import pyfixest as pf

    fit = pf.feols(
        f"y ~ {' + '.join(terms)} | {' + '.join(effects)}",
        frame,
        vcov={"CRV1": "id"},
        ssc=pf.ssc(k_adj=True, k_fixef="none", G_adj=True, G_df="min"),
    )
    return fit.coef().to_numpy(), fit.se().to_numpy()


def linearmodels(frame: pd.DataFrame, terms: list[str], effects: list[str]) -> Result:
    from linearmodels.panel import PanelOLS

    panel = frame.set_index(["id", "year"])
    fit = PanelOLS(panel["y"], panel[terms], entity_effects=True, time_effects="year" in effects).fit(
        cov_type="clustered", cluster_entity=True, debiased=False, auto_df=False, count_effects=False, group_debias=True
    )
    return fit.params.to_numpy(), fit.std_errors.to_numpy()


def dummies(frame: pd.DataFrame, terms: list[str], effects: list[str]) -> Result:
    """statsmodels OLS with a dummy for each level, clustered without a factor."""
    import statsmodels.api as sm

    columns = [pd.get_dummies(frame[name], drop_first=j > 0, dtype=float).to_numpy() for j, name in enumerate(effects)]
    X = np.hstack([frame[terms].to_numpy(), *columns])
    fit = sm.OLS(frame["y"].to_numpy(), X).fit(
        cov_type="cluster", cov_kwds={"groups": frame["id"].to_numpy(), "use_correction": False}
    )
    n, G, k = len(frame), frame["id"].nunique(), len(terms)
    return fit.params[:k], fit.bse[:k] * np.sqrt(G / (G - 1) * (n - 1) / (n - k))


TOOLS: dict[str, Tool] = {
    "carbonspec": carbonspec,
    "carbonspec, from arrays": carbonspec_arrays,
    "carbonspec, numpy alone": carbonspec_numpy,
    "pyfixest": pyfixest,
    "linearmodels": linearmodels,
    "statsmodels with dummies": dummies,
}


def case(name: str, rows: int) -> tuple[pd.DataFrame, list[str], list[str], list[str]]:
    """Data, regressors, effects and the tools that can do it."""
    if name == "paper":
        frame = simulate(270, 5, 30, 9)
        tools = ["carbonspec", "carbonspec, from arrays", "pyfixest", "linearmodels", "statsmodels with dummies"]
        return frame, [f"x{j + 1}" for j in range(5)], ["id", "year"], tools
    terms = ["x1", "x2", "x3"]
    both = ["carbonspec", "carbonspec, numpy alone", "pyfixest"]
    if name == "two":
        tools = [*both, "linearmodels"] if rows <= 1_000_000 else both
        return simulate(rows, 3, rows // 10, 10), terms, ["id", "year"], tools
    return simulate(rows, 3, rows // 10, 10, 1000), terms, ["id", "year", "product"], both


def compare(name: str, rows: int, rounds: int) -> None:
    frame, terms, effects, tools = case(name, rows)
    size = f"{len(effects)} fixed effects, {len(frame):,} rows, {len(terms)} regressors"
    print(f"\n{size}   load {os.getloadavg()[0]:.1f}")
    reference = TOOLS["carbonspec"](frame, terms, effects)
    for tool in tools[1:]:
        found = TOOLS[tool](frame, terms, effects)
        b = float(np.max(np.abs(found[0] / reference[0] - 1)))
        se = float(np.max(np.abs(found[1] / reference[1] - 1)))
        print(f"  equal to {tool}: coefficients {b:.0e}, standard errors {se:.0e}")
        if b > 1e-6 or (se > 1e-6 and tool != "linearmodels"):
            raise SystemExit(f"{tool} gives other numbers: nothing to compare")
    seconds: dict[str, list[float]] = {tool: [] for tool in tools}
    for _ in range(rounds):
        for tool in tools:
            started = time.perf_counter()
            TOOLS[tool](frame, terms, effects)
            seconds[tool].append(time.perf_counter() - started)
    base = statistics.median(seconds["carbonspec"])
    memory = {tool: peak(tool, name, rows) for tool in tools} if rows >= 1_000_000 else {}
    for tool in tools:
        middle = statistics.median(seconds[tool])
        extra = f"   peak {memory[tool]:,.0f} MB above the data" if memory else ""
        print(f"  {tool:26s} {middle * 1e3:10.2f} ms   x {middle / base:6.1f}{extra}")


def peak(tool: str, name: str, rows: int) -> float:
    """Peak resident memory, in MB above the data, of a process that fits once."""
    done = subprocess.run(
        [sys.executable, __file__, "--measure", tool, name, str(rows)], capture_output=True, text=True, check=True
    )
    return float(done.stdout.strip().splitlines()[-1])


def measure(tool: str, name: str, rows: int) -> None:
    small, terms, effects, _ = case(name, 400_000)
    TOOLS[tool](small, terms, effects)  # imports and compilation are not the data's memory
    del small
    give_back()
    frame, terms, effects, _ = case(name, rows)
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")
    before = _status("VmRSS")
    TOOLS[tool](frame, terms, effects)
    print(_status("VmHWM") - before)


def give_back() -> None:
    """Return freed memory to the system, so that the next allocation shows."""
    import ctypes
    import gc

    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def _status(field: str) -> float:
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field)) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=float, default=1e6, help="largest case (default 1e6)")
    parser.add_argument("--only", choices=("paper", "two", "three"))
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure[0], arguments.measure[1], int(arguments.measure[2]))
        return
    if arguments.only in (None, "paper"):
        compare("paper", 270, 41)
    sizes = [size for size in (100_000, 1_000_000, 10_000_000) if size <= arguments.rows]
    for name in ("two", "three"):
        if arguments.only in (None, name):
            for size in sizes:
                compare(name, size, 9 if size == 100_000 else 5 if size == 1_000_000 else 3)


if __name__ == "__main__":
    main()
