"""How often 95% intervals of an indirect effect hold it: python benchmarks/mediation_coverage.py [studies] [draws].

Panels of 30 units and 9 periods, errors of a unit related over time, a = 0.4 and b = 0.3 (or b = 0), 5 controls.
"""

from __future__ import annotations

import sys

import numpy as np

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.replications import Settings
from carbonspec.econometrics.design import CovarianceChoice, Effect, Groups
from carbonspec.econometrics.mediation.analysis import mediate
from carbonspec.econometrics.mediation.inputs import Inputs
from carbonspec.econometrics.mediation.paths import single

UNITS, PERIODS, CONTROLS = 30, 9, 5
METHODS = ("percentile", "bca", "basic", "normal")


def inputs(rng: np.random.Generator, b: float) -> Inputs:
    unit, year = np.repeat(np.arange(UNITS), PERIODS), np.tile(np.arange(PERIODS), UNITS)

    def noise() -> np.ndarray:
        """AR(1) errors within units, coefficient 0.5."""
        e = rng.normal(size=(UNITS, PERIODS))
        for t in range(1, PERIODS):
            e[:, t] += 0.5 * e[:, t - 1]
        return e.ravel()

    names = tuple(f"c{j}" for j in range(CONTROLS))
    columns = {name: noise() for name in names}
    columns["x"] = noise() + columns["c0"]
    columns["m"] = 0.4 * columns["x"] + 0.2 * columns["c1"] + noise()
    columns["y"] = b * columns["m"] + 0.2 * columns["x"] + 0.2 * columns["c2"] + noise()
    groups, periods = Groups("id", unit, UNITS), Groups("year", year, PERIODS)
    return Inputs(columns, names, groups, periods, (Effect(groups), Effect(periods)), (groups,))


def main() -> None:
    studies = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    draws = int(sys.argv[2]) if len(sys.argv) > 2 else 999
    for b in (0.3, 0.0):
        held = dict.fromkeys(METHODS, 0)
        simulated = 0
        for study in range(studies):
            data = inputs(np.random.default_rng([study, 1]), b)
            settings = Settings(resampling.clusters(data.unit), draws, study)
            effect = mediate(data, single("x", "m", "y"), CovarianceChoice("cluster"), settings)["indirect"]
            assert effect.bootstrapped is not None
            assert effect.simulated is not None
            for method in METHODS:
                ends = effect.bootstrapped.interval(method)
                held[method] += ends.low <= 0.4 * b <= ends.high
            simulated += effect.simulated.low <= 0.4 * b <= effect.simulated.high
        shares = "  ".join(f"{method} {held[method] / studies:.3f}" for method in METHODS)
        print(f"ab = {0.4 * b:.2f}: {shares}  Monte Carlo {simulated / studies:.3f}", flush=True)


if __name__ == "__main__":
    main()
