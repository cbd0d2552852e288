"""python phillips_perron.py > arch.txt (needs the package arch): Z_t of each Grunfeld firm, and of 8 states."""

from __future__ import annotations

import csv
from pathlib import Path

import arch
import numpy as np
from arch.unitroot import PhillipsPerron

HERE = Path(__file__).parent


def series(path: Path, unit: str, name: str) -> dict[int, np.ndarray]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    known = sorted({int(row[unit]) for row in rows})
    return {u: np.array([float(r[name]) for r in rows if int(r[unit]) == u]) for u in known}


print("# arch", arch.__version__)
for key, path, unit, name in (
    ("grunfeld.inv", HERE.parent / "grunfeld.csv", "firm", "inv"),
    ("grunfeld.capital", HERE.parent / "grunfeld.csv", "firm", "capital"),
    ("produc.unemp", HERE.parent / "panels" / "produc.csv", "state", "unemp"),
):
    for u, y in list(series(path, unit, name).items())[:10]:
        for trend, ours in (("n", "none"), ("c", "const"), ("ct", "trend")):
            for lags in (1, 2, 4):
                found = PhillipsPerron(y, lags=lags, trend=trend)
                print(f"z.{key}.{ours}.{lags}.{u} {found.stat:.14g}")
                print(f"p.{key}.{ours}.{lags}.{u} {found.pvalue:.14g}")
