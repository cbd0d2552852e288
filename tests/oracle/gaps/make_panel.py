"""Write panel.csv: 20 simulated units of 14 to 25 years, six with holes, for the tests' oracle. Run once."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

rng = np.random.default_rng(20250521)
N, T = 20, 25
common = np.cumsum(rng.normal(size=T))
with (Path(__file__).parent / "panel.csv").open("w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("id", "year", "y", "x", "z", "group"))
    for i in range(N):
        start, end = int(rng.integers(0, 6)), T - int(rng.integers(0, 6))
        holes = set(rng.choice(np.arange(start + 2, end - 2), size=2, replace=False).tolist()) if i % 3 == 1 else set()
        x, y = rng.normal(), rng.normal()
        for t in range(T):
            x, z = 0.6 * x + rng.normal() + 0.2 * common[t], rng.normal() + 0.3 * i / N
            y = 0.5 * y + (0.4 + 0.3 * (i % 2)) * x - 0.5 * z + 0.3 * common[t] + rng.normal() * (1 + 0.1 * i)
            if start <= t < end and t not in holes:
                writer.writerow((i + 1, 1990 + t, f"{y:.6f}", f"{x:.6f}", f"{z:.6f}", i % 2))
