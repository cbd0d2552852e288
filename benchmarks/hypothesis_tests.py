"""Panel tests: time beside R's plm on the same data in one run, and size and power by simulation.

    python benchmarks/hypothesis_tests.py                      both
    python benchmarks/hypothesis_tests.py speed                needs Rscript with plm
    python benchmarks/hypothesis_tests.py size --draws 5000

Speed: for each panel the two programs take turns; medians, from arrays (here) and from a pdata.frame (plm) to the
statistic with its p value. plm gives one of Fisher's four statistics a call, carbonspec all. Statistics are compared
first; plm takes the p values of MacKinnon (1994), which are its faster ones.

Size: the share of draws in which a test rejects at 5 %. Under the null it should be 0.05 (standard error 0.005 with
2000 draws). Below the tables, and where a test needs long panels, it is not: these are the figures to know.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from carbonspec.econometrics.design import Design, Effect, Groups
from carbonspec.econometrics.hypothesis_tests import (
    dependence,
    difference,
    effects,
    granger,
    hausman,
    heteroskedasticity,
    homogeneity,
    permutation,
    placebo,
    serial,
)
from carbonspec.econometrics.hypothesis_tests.results import TestResult
from carbonspec.econometrics.hypothesis_tests.unit_roots import cips, fisher, hadri, ips, llc
from carbonspec.econometrics.hypothesis_tests.unit_roots.augmented_dickey_fuller import Lags

Array = np.ndarray


class Panel:
    """y, x, z (N, T) as the tests take them."""

    def __init__(self, y: Array, x: Array, z: Array) -> None:
        N, T = y.shape
        self.N, self.T = N, T
        self.unit = Groups("id", np.repeat(np.arange(N), T), N)
        self.period = Groups("year", np.tile(np.arange(T), N), T)
        self.y, self.x, self.z = y.ravel(), x.ravel(), z.ravel()

    def series(self, name: str = "y") -> tuple[Array, Groups, Groups, str]:
        return getattr(self, name), self.unit, self.period, name

    def design(self) -> Design:
        X = np.column_stack([self.x, self.z])
        return Design("y", self.y, ("x", "z"), X, self.unit, self.period, effects=(Effect(self.unit),))

    def halves(self) -> Groups:
        return Groups("half", (self.unit.codes >= self.N // 2).astype(np.int64), 2)


# --- speed -----------------------------------------------------------------------------------------------

FAST = ", p.approx = 'MacKinnon1994'"
SPEED: dict[str, tuple[Callable[[Panel], TestResult], str]] = {
    "Levin-Lin-Chu": (
        lambda p: llc.run(*p.series(), bandwidth=3, whole_series=True).default,
        f"purtest(d$y, test = 'levinlin', exo = 'intercept', lags = 1, q = 3{FAST})$statistic$statistic",
    ),
    "Im-Pesaran-Shin": (
        lambda p: ips.run(*p.series()).default,
        f"purtest(d$y, test = 'ips', exo = 'intercept', lags = 1, dfcor = TRUE{FAST})$statistic$statistic",
    ),
    "Fisher-ADF": (
        lambda p: fisher.adf(*p.series()).default,
        f"purtest(d$y, test = 'madwu', exo = 'intercept', lags = 1, dfcor = TRUE{FAST})$statistic$statistic",
    ),
    "Im-Pesaran-Shin, aic": (
        lambda p: ips.run(*p.series(), lags=Lags("aic", 2)).default,
        f"purtest(d$y, test = 'ips', exo = 'intercept', lags = 'AIC', pmax = 2, dfcor = TRUE{FAST})$stat$stat",
    ),
    "Hadri": (
        lambda p: hadri.run(*p.series()).default,
        "purtest(d$y, test = 'hadri', exo = 'intercept')$statistic$statistic",
    ),
    "Dumitrescu-Hurlin": (
        lambda p: granger.run(p.y, p.x, p.unit, p.period, "y", "x").default,
        "pgrangertest(y ~ x, d, test = 'Ztilde')$statistic",
    ),
    "Hausman": (
        lambda p: hausman.run(p.design()).default,
        "phtest(y ~ x + z, d)$statistic",
    ),
    "F for effects": (
        lambda p: effects.f_test(p.design()).default,
        "pFtest(y ~ x + z, d, effect = 'individual')$statistic",
    ),
    "Breusch-Pagan LM": (
        lambda p: effects.breusch_pagan(p.design()).default,
        "plmtest(y ~ x + z, d, type = 'bp')$statistic",
    ),
    "Poolability": (
        lambda p: effects.poolability(p.design()).default,
        "pooltest(y ~ x + z, d, model = 'within')$statistic",
    ),
    "Pesaran CD": (
        lambda p: dependence.of_variable(*p.series()).default,
        "pcdtest(d$y, test = 'cd')$statistic",
    ),
    "Pesaran CD, residuals": (
        lambda p: dependence.of_residuals(p.design()).default,
        "pcdtest(plm(y ~ x + z, d, model = 'within'), test = 'cd')$statistic",
    ),
    "CIPS": (
        lambda p: cips.run(*p.series()).default,
        "cipstest(d$y, lags = 1, type = 'drift')$statistic",
    ),
}

IN_R = """
suppressMessages(library(plm))
a <- commandArgs(TRUE)
d <- pdata.frame(read.csv(a[1]), index = c('id', 'year'))
calls <- readLines(a[2])
for (i in seq_along(calls)) {
  call <- parse(text = calls[i])
  value <- try(suppressWarnings(eval(call)), silent = TRUE)
  if (inherits(value, 'try-error')) { cat(i, 'NA NA\\n'); next }
  n <- 1
  repeat {
    seconds <- system.time(for (j in seq_len(n)) suppressWarnings(eval(call)), gcFirst = FALSE)[[3]]
    if (seconds > 0.2) break
    n <- n * 4
  }
  cat(i, sprintf('%.12g', as.numeric(value)), seconds / n, '\\n')
}
"""


def simulate(N: int, T: int, seed: int) -> Panel:
    rng = np.random.default_rng(seed)
    e = rng.normal(size=(3, N, T + 20))
    for t in range(1, T + 20):
        e[:, :, t] += 0.6 * e[:, :, t - 1]
    y, x, z = e[:, :, 20:] + rng.normal(size=(3, N, 1))
    return Panel(y + x - z, x, z)


def in_r(panel: Panel) -> list[tuple[float, float]]:
    """(statistic, seconds) of every call, from one R process."""
    with tempfile.TemporaryDirectory() as folder:
        table = np.column_stack([panel.unit.codes, panel.period.codes, panel.y, panel.x, panel.z])
        data, calls, script = (Path(folder) / name for name in ("d.csv", "calls.txt", "time.R"))
        np.savetxt(data, table, delimiter=",", header="id,year,y,x,z", comments="", fmt="%.17g")
        calls.write_text("\n".join(call for _, call in SPEED.values()) + "\n", encoding="utf-8")
        script.write_text(IN_R, encoding="utf-8")
        command = ["Rscript", str(script), str(data), str(calls)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines() if line]
    return [(float("nan"), float("nan")) if r[1] == "NA" else (float(r[1]), float(r[2])) for r in rows]


def speed(rounds: int) -> dict[str, float]:
    ratios: dict[str, float] = {}
    for N, T in ((30, 9), (30, 30), (300, 30)):
        panel = simulate(N, T, 1)
        ours: dict[str, list[float]] = {name: [] for name in SPEED}
        theirs: dict[str, list[float]] = {name: [] for name in SPEED}
        values: dict[str, tuple[float, float]] = {}
        for _ in range(rounds):
            for (name, (call, _)), (value, seconds) in zip(SPEED.items(), in_r(panel), strict=True):
                theirs[name].append(seconds)
                try:
                    values[name] = (call(panel).value, value)
                except Exception:
                    continue
                for _ in range(7):
                    start = time.perf_counter()
                    call(panel)
                    ours[name].append(time.perf_counter() - start)
        print(f"\nN = {N}, T = {T}    carbonspec ms    plm ms   ratio   same number")
        for name in SPEED:
            if not ours[name]:
                print(f"{name:24} not run: T is too short")
                continue
            a, b = statistics.median(ours[name]) * 1e3, statistics.median(theirs[name]) * 1e3
            if np.isnan(b):
                print(f"{name:24} {a:9.3f}    plm stops")
                continue
            same = abs(values[name][0] - values[name][1]) <= 1e-6 * abs(values[name][1])
            ratio = b / a
            ratios[f"{name}, {N} x {T}"] = ratio
            print(f"{name:24} {a:9.3f} {b:12.2f} {ratio:8.0f}   {'yes' if same else values[name]}")
        start = time.perf_counter()
        if T > 8:
            granger.run(panel.y, panel.x, panel.unit, panel.period, "y", "x", bootstrap=granger.Bootstrap())
            print(f"Dumitrescu-Hurlin with 1000 bootstrap draws: {(time.perf_counter() - start) * 1e3:.0f} ms")
        start = time.perf_counter()
        permutation.run(panel.design(), panel.halves(), ("a", "b"))
        print(f"1000 permutations of the groups: {(time.perf_counter() - start) * 1e3:.0f} ms")
    return ratios


# --- size and power --------------------------------------------------------------------------------------


def walk(rng: np.random.Generator, N: int, T: int, rho: float) -> Array:
    """(N, T) autoregressions about a unit's level, in their stationary state (or from zero, for rho = 1)."""
    e = rng.normal(size=(N, T + 50))
    if rho == 1:
        return np.asarray(e[:, 50:].cumsum(axis=1) + rng.normal(size=(N, 1)))
    for t in range(1, T + 50):
        e[:, t] += rho * e[:, t - 1]
    return np.asarray(e[:, 50:] + rng.normal(size=(N, 1)))


def rejects(row: TestResult) -> bool:
    if row.p_value is not None:
        return row.p_value < 0.05
    return row.p_bounds is not None and row.p_bounds[1] <= 0.05


ROOTS: dict[str, Callable[[Panel], TestResult]] = {
    "LLC const p=1": lambda p: llc.run(*p.series()).default,
    "LLC const p=1 bandwidth 0": lambda p: llc.run(*p.series(), bandwidth=0).default,
    "LLC trend p=1": lambda p: llc.run(*p.series(), deterministic="trend").default,
    "IPS W const p=1": lambda p: ips.run(*p.series()).default,
    "IPS W trend p=1": lambda p: ips.run(*p.series(), deterministic="trend").default,
    "IPS W const p=0": lambda p: ips.run(*p.series(), lags=Lags(0))["W-t-bar"],
    "IPS Z-t-tilde p=0": lambda p: ips.run(*p.series(), lags=Lags(0)).default,
    "Fisher-ADF P p=1": lambda p: fisher.adf(*p.series())["P"],
    "Fisher-ADF Z p=1": lambda p: fisher.adf(*p.series())["Z"],
    "Fisher-ADF Pm p=1": lambda p: fisher.adf(*p.series())["Pm"],
    "Fisher-ADF P p=0": lambda p: fisher.adf(*p.series(), lags=Lags(0))["P"],
    "Fisher-PP P": lambda p: fisher.pp(*p.series())["P"],
    "CIPS const p=1": lambda p: cips.run(*p.series()).default,
}
OTHERS: dict[str, Callable[[Panel], TestResult]] = {
    "Hausman": lambda p: hausman.run(p.design()).default,
    "Hausman, one variance": lambda p: hausman.run(p.design())["H, one variance"],
    "Mundlak, iid": lambda p: hausman.run(p.design())["Wald, iid"],
    "Mundlak, clustered (hc0)": lambda p: hausman.run(p.design())["Wald, clustered"],
    "Mundlak, clustered (nested)": lambda p: hausman.run(p.design(), correction="nested")["Wald, clustered"],
    "F for effects": lambda p: effects.f_test(p.design()).default,
    "Breusch-Pagan LM": lambda p: effects.breusch_pagan(p.design()).default,
    "Poolability": lambda p: effects.poolability(p.design()).default,
    "Homogeneity, adjusted Delta": lambda p: homogeneity.run(p.design()).default,
    "CD of residuals": lambda p: dependence.of_residuals(p.design())["CD"],
    "scaled LM of residuals": lambda p: dependence.of_residuals(p.design())["scaled LM"],
    "corrected LM of residuals": lambda p: dependence.of_residuals(p.design())["corrected LM"],
    "Wooldridge": lambda p: serial.run(p.design()).default,
    "Modified Wald": lambda p: heteroskedasticity.run(p.design()).default,
    "DH Z-tilde": lambda p: granger.run(p.y, p.x, p.unit, p.period, "y", "x")["Z-tilde"],
    "DH Z-bar": lambda p: granger.run(p.y, p.x, p.unit, p.period, "y", "x")["Z-bar"],
    "Difference, t": lambda p: difference.by_interaction(p.design(), p.halves(), ("a", "b")).rows[0],
    "Difference, jackknife": lambda p: difference.by_interaction(p.design(), p.halves(), ("a", "b")).rows[1],
    "Difference, permutation": lambda p: permutation.run(
        p.design(), p.halves(), ("a", "b"), permutation.Draws(99, 1)
    ).rows[0],
    "Placebo": lambda p: dealt_out(p),
}
DRAWN = {"Difference, permutation", "Placebo"}


def dealt_out(p: Panel, draws: int = 99) -> TestResult:
    """x dealt out among units as whole histories (the units of these panels have the same periods)."""
    design, rng = p.design(), np.random.default_rng(1)
    x = p.x.reshape(p.N, p.T)
    made = [x[rng.permutation(p.N)].reshape(-1, 1) for _ in range(draws)]
    return placebo.run(design, "x", ("x",), lambda b: made[b], draws, "x", "x").default


def broken(rng: np.random.Generator, name: str, N: int, T: int) -> Panel:
    """A panel in which the null of a test is false."""
    x, z, e = rng.normal(size=(3, N, T))
    unit = rng.normal(size=(N, 1))
    if name.startswith(("Hausman", "Mundlak")):
        x += unit
        return Panel(x + z + unit + e, x, z)
    if name.startswith(("F for", "Breusch")):
        return Panel(x + z + 0.5 * unit + e, x, z)
    if name.startswith(("Poolability", "Homogeneity")):
        return Panel((1 + 0.4 * unit) * x + z + e, x, z)
    if "residuals" in name:
        return Panel(x + z + e + 0.4 * rng.normal(size=(1, T)), x, z)
    if name == "Wooldridge":
        return Panel(x + z + walk(rng, N, T, 0.3), x, z)
    if name == "Modified Wald":
        return Panel(x + z + e * np.exp(0.3 * unit), x, z)
    if name.startswith("DH"):
        lagged = np.concatenate([np.zeros((N, 1)), x[:, :-1]], axis=1)
        return Panel(0.25 * lagged + e, x, z)
    if name == "Placebo":
        return Panel(0.15 * x + z + unit + e, x, z)
    half = (np.arange(N) >= N // 2)[:, None]
    return Panel(x * (1 + 0.3 * half) + z + e, x, z)


def true(rng: np.random.Generator, name: str, N: int, T: int) -> Panel:
    """A panel in which the null of every test in OTHERS holds; with unit effects where the test allows for them."""
    x, z, e = rng.normal(size=(3, N, T))
    unit = 0.0 if name.startswith(("F for", "Breusch", "DH")) else rng.normal(size=(N, 1))
    if name.startswith("DH"):
        return Panel(walk(rng, N, T, 0.4), walk(rng, N, T, 0.4), z)
    return Panel((x if name != "Placebo" else 0.0) + z + unit + e, x, z)


def share(
    make: Callable[[np.random.Generator], Panel], test: Callable[[Panel], TestResult], draws: int
) -> float | None:
    rng = np.random.default_rng(12345)
    count = 0
    for _ in range(draws):
        try:
            count += rejects(test(make(rng)))
        except Exception as problem:
            if getattr(problem, "code", "") != "E522":
                raise
            return None
    return count / draws


def shown(value: float | None) -> str:
    return "   not run" if value is None else f"{value:10.3f}"


def size(draws: int) -> dict[str, dict[str, float | None]]:
    found: dict[str, dict[str, float | None]] = {}
    shapes = ((30, 9), (30, 20), (30, 50), (10, 100))
    heading = "".join(f"{f'{N} x {T}':>10}" for N, T in shapes)
    print(f"\nRejections at 5 %, {draws} draws     {heading}")
    for name, test in ROOTS.items():
        for what, rho in (("size ", 1.0), ("power", 0.9)):
            cells = {f"{N} x {T}": share(partial(one, N=N, T=T, rho=rho), test, draws) for N, T in shapes}
            found[f"{name}, {what.strip()}"] = cells
            print(f"{name:28} {what}", *(shown(v) for v in cells.values()), sep="")
    for what, rho in (("size ", 0.0), ("rho .5", 0.5), ("power", 1.0)):
        cells = {
            f"{N} x {T}": share(partial(one, N=N, T=T, rho=rho), lambda p: hadri.run(*p.series()).default, draws)
            for N, T in shapes
        }
        found[f"Hadri, {what.strip()}"] = cells
        print(f"{'Hadri const':28} {what}", *(shown(v) for v in cells.values()), sep="")
    for name, test in OTHERS.items():
        runs = min(draws, 500) if name in DRAWN else draws
        for what, make in (("size ", true), ("power", broken)):
            cells = {f"{N} x {T}": share(partial(make, name=name, N=N, T=T), test, runs) for N, T in shapes}
            found[f"{name}, {what.strip()}"] = cells
            print(f"{name:28} {what}", *(shown(v) for v in cells.values()), sep="")
    return found


def one(rng: np.random.Generator, N: int, T: int, rho: float) -> Panel:
    y = walk(rng, N, T, rho)
    return Panel(y, y, y)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("speed", "size"))
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    choice = parser.parse_args()
    out: dict[str, object] = {}
    if choice.what != "size":
        out["plm / carbonspec"] = speed(choice.rounds)
    if choice.what != "speed":
        out["rejections"] = size(choice.draws)
    if choice.json:
        choice.json.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
