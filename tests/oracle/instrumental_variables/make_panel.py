"""Write panel.csv: an unbalanced panel with two endogenous regressors and four instruments. Run once."""

from pathlib import Path

import numpy as np

rng = np.random.default_rng(20131101)
rows = ["id,year,region,y,x,d,c,z1,z2,z3,z4,w"]
for unit in range(26):
    effect, level = rng.normal(size=2)
    for period in range(9):
        z = rng.normal(size=4) + 0.3 * level
        error, shared = rng.normal(size=2)
        c = 0.5 * z[0] + rng.normal() + effect
        x = 0.8 * z[0] + 0.5 * z[1] + 0.3 * c + 0.7 * error + effect + rng.normal()
        d = 0.6 * z[2] - 0.4 * z[3] + 0.2 * z[0] + 0.5 * error + shared
        y = 1.0 + 0.5 * x - 0.6 * d + 0.4 * c + 2.0 * effect + error * (0.6 + 0.4 * abs(c)) + 0.3 * level * period
        if rng.random() < 0.15:
            continue
        values = ",".join(f"{v:.6f}" for v in (y, x, d, c, *z))
        rows.append(f"{unit + 1},{2001 + period},{unit % 7 + 1},{values},{rng.uniform(0.5, 2.5):.4f}")
Path(__file__).with_name("panel.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
