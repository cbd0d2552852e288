"""Write synthetic.csv: an unbalanced panel with gaps, weights and regions, for the oracle scripts. Run once."""

from pathlib import Path

import numpy as np

rng = np.random.default_rng(20240817)
rows = ["id,year,region,y,x1,x2,w"]
common = rng.normal(size=8)
for unit in range(24):
    effect, level = rng.normal(size=2)
    for period in range(8):
        if rng.random() < 0.2:
            continue
        x1 = level + rng.normal()
        x2 = 0.4 * x1 + common[period] + rng.normal()
        y = 1.0 + 0.8 * x1 - 0.5 * x2 + 2.0 * effect + common[period] + rng.normal() * (0.5 + 0.5 * abs(x1))
        rows.append(f"{unit + 1},{2001 + period},{unit % 5 + 1},{y:.6f},{x1:.6f},{x2:.6f},{rng.uniform(0.5, 2.5):.4f}")
Path(__file__).with_name("synthetic.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
