"""Write dynamic.csv: an unbalanced dynamic panel without gaps, for the oracle scripts. Run once.

p is predetermined: it answers last period's shock.
"""

from pathlib import Path

import numpy as np

rng = np.random.default_rng(19910401)
rows = ["id,year,y,x,p"]
common = 0.3 * rng.normal(size=22)
for unit in range(90):
    effect = rng.normal()
    y = p = effect / 0.5
    level = 0.5 * effect + rng.normal()
    late, early = rng.integers(0, 3), rng.integers(0, 2)
    for period in range(22):
        x = 0.5 * level + rng.normal()
        shock = rng.normal() * (0.6 + 0.4 * abs(x))
        y = 0.5 * y + 0.8 * x - 0.4 * p + effect + common[period] + shock
        if 13 + late <= period < 22 - early:
            rows.append(f"{unit + 1},{1990 + period},{y:.6f},{x:.6f},{p:.6f}")
        p = 0.4 * p + 0.5 * shock + 0.3 * effect + rng.normal()
Path(__file__).with_name("dynamic.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
