"""Write trade.csv: flows with many zeros, an exporter that never exports, and separated rows. Run once."""

from pathlib import Path

import numpy as np

rng = np.random.default_rng(20060101)
rows = ["id,year,pair,y,x1,x2,rare,w"]
for unit in range(40):
    effect = rng.normal()
    for period in range(6):
        x1, x2 = effect * 0.4 + rng.normal(), rng.normal()
        mu = np.exp(0.3 + 0.5 * x1 - 0.4 * x2 + effect + 0.2 * period)
        y = rng.poisson(mu * rng.gamma(2.0, 0.5)) if unit != 7 else 0
        rare = int(y == 0 and rng.random() < 0.15)
        if rng.random() < 0.1:
            continue
        rows.append(f"{unit + 1},{2001 + period},{unit % 9 + 1},{y},{x1:.6f},{x2:.6f},{rare},{rng.uniform(0.5, 2):.4f}")
Path(__file__).with_name("trade.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
