"""Dynamic panels and instrumental variables: time beside plm, and the size of the tests by simulation.

    python benchmarks/gmm.py                    time; plm takes part where Rscript and plm are installed
    python benchmarks/gmm.py --replications 500 size at nominal 5 % as well

Tools take turns (A B A B) on the same data in one run; the same numbers first, then medians. plm's time is taken inside
R around pgmm and vcovHC, so that starting R is not counted.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from carbonspec.econometrics.clock import lagged_rows
from carbonspec.econometrics.design import CovarianceChoice, Design, Effect, FloatArray, Groups
from carbonspec.econometrics.dynamic_design import GmmChoice, GmmDesign, LevelInstruments, OwnInstruments
from carbonspec.econometrics.estimators import dynamic_gmm, instrumental_variables
from carbonspec.econometrics.instrumented import Instruments

ROBUST = CovarianceChoice("cluster")
PLM = """
suppressMessages(library(plm))
d <- pdata.frame(read.csv("{path}"), index = c("id", "year"))
for (i in 1:{turns}) {{
  started <- proc.time()[["elapsed"]]
  m <- pgmm(y ~ lag(y, 1) + x | lag(y, 2:99), d, effect = "individual", model = "twosteps", transformation = "d")
  V <- vcovHC(m)
  cat(proc.time()[["elapsed"]] - started, coef(m)[1], sqrt(V[1, 1]), "\\n")
}}
"""
IV_PLM = """
suppressMessages(library(plm))
d <- pdata.frame(read.csv("{path}"), index = c("id", "year"))
for (i in 1:{turns}) {{
  started <- proc.time()[["elapsed"]]
  m <- plm(y ~ x | z1 + z2, d, model = "within", effect = "individual")
  V <- vcovHC(m, method = "arellano", type = "HC0")
  cat(proc.time()[["elapsed"]] - started, coef(m)[1], sqrt(V[1, 1]), "\\n")
}}
"""


def simulate(units: int, periods: int, rho: float, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """y and x (units, periods) of a panel in its stationary state."""
    effect = rng.normal(size=units)
    y = effect / (1 - rho)
    ys, xs = [], []
    for period in range(20 + periods):
        x = 0.4 * effect + rng.normal(size=units)
        y = rho * y + 0.7 * x + effect + rng.normal(size=units)
        if period >= 20:
            ys.append(y)
            xs.append(x)
    return np.array(ys).T, np.array(xs).T


def as_design(y: FloatArray, x: FloatArray) -> GmmDesign:
    units, periods = y.shape
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    at = lagged_rows(unit, period, 1)
    flat = y.reshape(-1)
    lag = np.where(at >= 0, flat[at], np.nan)
    return GmmDesign(
        outcome="y",
        y=flat,
        terms=("L.y", "x"),
        X=np.column_stack([lag, x.reshape(-1)]),
        unit=Groups("id", unit, units),
        period=Groups("year", period, periods),
        gmm=(LevelInstruments("y", flat),),
        own=(OwnInstruments(("x",), x.reshape(-1, 1), "transformed"),),
        lagged=("L.y",),
    )


def speed(units: int, periods: int, turns: int) -> None:
    y, x = simulate(units, periods, 0.5, np.random.default_rng(1))
    design = as_design(y, x)
    ours = []
    for _ in range(turns):
        started = time.perf_counter()
        fit = dynamic_gmm.fit(design, GmmChoice(), ROBUST).fit
        ours.append(time.perf_counter() - started)
    line = f"difference GMM, two steps, {units} units x {periods}: {1e3 * statistics.median(ours):.1f} ms"
    if units <= 1000 and shutil.which("Rscript"):
        table = np.column_stack([design.unit.codes, design.period.codes, design.y, design.X[:, 1]])
        theirs, b, se = _in_r(PLM, "id,year,y,x", table, turns)
        assert np.allclose([b, se], [fit.estimates[0], fit.std_errors[0]], rtol=1e-5)
        line += f"; plm {1e3 * theirs:.1f} ms ({theirs / statistics.median(ours):.0f} times)"
    print(line)


def iv_speed(units: int, periods: int, turns: int) -> None:
    """Two-stage least squares with first stages, reduced form and tests; plm's has coefficients and errors alone."""
    rng = np.random.default_rng(2)
    n = units * periods
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    Z, v = rng.normal(size=(n, 2)), rng.normal(size=n)
    x = 0.5 * Z.sum(axis=1) + v + rng.normal(size=units)[unit]
    y = x + v + rng.normal(size=n) + rng.normal(size=units)[unit]
    groups = Groups("id", unit, units)
    made = Design("y", y, ("x",), x[:, None], groups, Groups("t", period, periods), True, (Effect(groups),), (groups,))
    choice, ours = CovarianceChoice("cluster", correction="hc0"), []
    for _ in range(turns):
        started = time.perf_counter()
        fit = instrumental_variables.fit(made, Instruments(("x",), ("z1", "z2"), Z), choice).fit
        ours.append(time.perf_counter() - started)
    line = f"two-stage least squares, fixed effects, {units} units x {periods}: {1e3 * statistics.median(ours):.1f} ms"
    if shutil.which("Rscript"):
        theirs, b, se = _in_r(IV_PLM, "id,year,y,x,z1,z2", np.column_stack([unit, period, y, x, Z]), turns)
        assert np.allclose([b, se], [fit.estimates[0], fit.std_errors[0]], rtol=1e-5)
        line += f"; plm {1e3 * theirs:.1f} ms ({theirs / statistics.median(ours):.0f} times)"
    print(line)


def _in_r(program: str, header: str, table: FloatArray, turns: int) -> tuple[float, float, float]:
    """Median seconds of a program of R on a table, its first coefficient and the error of that."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panel.csv"
        np.savetxt(path, table, delimiter=",", header=header, comments="", fmt="%.15g")
        script = program.format(path=path, turns=turns)
        out = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True).stdout
    rows = np.array([[float(v) for v in line.split()] for line in out.splitlines() if line.strip()])
    return float(np.median(rows[:, 0])), float(rows[0, 1]), float(rows[0, 2])


def gmm_size(replications: int) -> None:
    """Rejections at 5 % of true hypotheses: rho by z (plain and Windmeijer), Hansen, Sargan, AR(2)."""
    print("\nSize at nominal 5 %, rho = 0.5, errors iid")
    for units, periods, choice in (
        (100, 6, GmmChoice()),
        (100, 6, GmmChoice(two_step=False)),
        (100, 9, GmmChoice()),
        (100, 9, GmmChoice(collapse=True)),
        (30, 9, GmmChoice()),
        (30, 9, GmmChoice(collapse=True)),
        (100, 6, GmmChoice(system=True)),
        (100, 6, GmmChoice(transform="orthogonal")),
    ):
        rng = np.random.default_rng(7)
        rejected: dict[str, list[bool]] = {}
        for _ in range(replications):
            design = as_design(*simulate(units, periods, 0.5, rng))
            for kind in ("cluster", "iid"):
                fit = dynamic_gmm.fit(design, choice, CovarianceChoice(kind)).fit
                label = {"cluster": "rho", "iid": "rho, plain se"}[kind]
                rejected.setdefault(label, []).append(abs(fit.estimates[0] - 0.5) > 1.96 * fit.std_errors[0])
                if kind == "cluster":
                    for name in ("hansen", "sargan", "ar2"):
                        rejected.setdefault(name, []).append(fit.statistics[f"{name}_p"] < 0.05)
        shares = ", ".join(f"{name} {100 * np.mean(values):.1f}" for name, values in rejected.items())
        kind = ("system" if choice.system else "difference") + (" collapsed" if choice.collapse else "")
        steps = "two steps" if choice.two_step else "one step"
        print(f"  {units} x {periods}, {kind}, {choice.transform}, {steps}, {fit.statistics['instruments']:.0f} "
              f"instruments: {shares} %")  # fmt: skip


def iv_size(replications: int) -> None:
    """Rejections at 5 % of the true coefficient with a strong and a weak instrument, and how often W531 warns."""
    print("\nTwo-stage least squares, 50 units x 6, fixed effects, clustered, two instruments")
    for strength in (0.5, 0.15, 0.05):
        rng = np.random.default_rng(11)
        wald, robust, hansen, warned = [], [], [], []
        unit, period = np.repeat(np.arange(50), 6), np.tile(np.arange(6), 50)
        groups = Groups("id", unit, 50)
        for _ in range(replications):
            Z, v = rng.normal(size=(300, 2)), rng.normal(size=300)
            x = strength * Z.sum(axis=1) + v + rng.normal(size=50)[unit]
            y = 0.9 * v + rng.normal(size=300) + rng.normal(size=50)[unit]
            made = Design(
                "y", y, ("x",), x[:, None], groups, Groups("t", period, 6), True, (Effect(groups),), (groups,)
            )
            fit = instrumental_variables.fit(made, Instruments(("x",), ("z1", "z2"), Z), ROBUST).fit
            wald.append(abs(fit.estimates[0]) > 2.01 * fit.std_errors[0])
            robust.append(fit.statistics["anderson_rubin_p"] < 0.05)
            hansen.append(fit.statistics["hansen_p"] < 0.05)
            warned.append(any(n.kind == "W531" for n in fit.notices))
        print(f"  first stage {strength}: Wald {100 * np.mean(wald):.1f}, Anderson-Rubin {100 * np.mean(robust):.1f}, "
              f"Hansen {100 * np.mean(hansen):.1f}, warned {100 * np.mean(warned):.0f} %")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=0)
    parser.add_argument("--turns", type=int, default=5)
    given = parser.parse_args()
    for units, periods in ((30, 9), (140, 9), (1000, 9), (20_000, 9)):
        speed(units, periods, given.turns)
    for units, periods in ((30, 9), (1000, 9)):
        iv_speed(units, periods, given.turns)
    if given.replications:
        gmm_size(given.replications)
        iv_size(given.replications)


if __name__ == "__main__":
    main()
