"""A whole `carbonspec run` from customs records: time and peak memory at a tenth of the rows and at all of them.

    python benchmarks/customs_run.py                 1e6 rows
    python benchmarks/customs_run.py --rows 1e8      about 3 GB of Parquet, written first and deleted again

The study reads a panel of 30 regions in 9 years, makes export quality from the records (`effects hs6, id^time`, then
`hs6, time`), winsorizes it, estimates a model with two-way effects and prints tables. The records are those of
`quality.py`. Memory is the peak of the process of the run, interpreter and libraries included. Each run is a fresh
process that finds nothing stored, and the column it makes must be the library's.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
from quality import REGIONS, SIGMA, YEARS, write

from carbonspec.econometrics.measures.partitioned import Names, ParquetFiles
from carbonspec.econometrics.measures.quality import Choices, export_quality

LIMIT = 1024
"""MB that a run may take."""

SPEC = """\
study "Export quality of regions"
data regions from "regions.csv"
data customs from "customs.parquet"
data sigma from "sigma.csv"
  text code
panel regions
  id province
  time year
  join customs on province, year
measure Quality "Export quality" = quality(customs)
  product hs6
  destination destination
  quantity quantity
  value value
  sigma sigma.sigma on code
  effects hs6, id^time
measure Plain "Export quality, effects of product and year" = quality(customs)
  product hs6
  destination destination
  quantity quantity
  value value
  sigma sigma.sigma on code
  effects hs6, time
winsorize Quality at 1%, 99%
model m: y ~ Quality + Plain | fe(id, year)
table 1 "Estimates": m
table 2 "Descriptive statistics": summary(Quality, Plain)
"""


def study(folder: str, rows: int) -> str:
    """A folder with the records, the panel, the elasticities and the spec; the spec's path."""
    write(os.path.join(folder, "customs.parquet"), rows)
    rng = np.random.default_rng(3)
    with open(os.path.join(folder, "regions.csv"), "w", encoding="utf-8") as file:
        file.write("province,year,y\n")
        for f in range(REGIONS):
            for t in range(YEARS):
                file.write(f"region {f:02d},{2012 + t},{rng.normal():.6f}\n")
    with open(os.path.join(folder, "sigma.csv"), "w", encoding="utf-8") as file:
        file.write("code,sigma\n" + "".join(f"{code},{value}\n" for code, value in SIGMA.items()))
    path = os.path.join(folder, "quality.cspec")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SPEC)
    return path


CHILD = """
import sys
from carbonspec.cli import main
code = main(["run", sys.argv[1], "--out", sys.argv[2], "--quiet"])
with open("/proc/self/status", encoding="ascii") as status:
    print("peak", next(int(l.split()[1]) for l in status if l.startswith("VmHWM")) / 1024)
raise SystemExit(code)
"""


def run(path: str, out: str) -> tuple[float, float]:
    """(seconds, peak MB) of a run in a process of its own."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", CHILD, path, out], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return seconds, float(done.stdout.rsplit("peak", 1)[1])


def printed(out: str) -> dict[str, float]:
    """The line of the measure that is not winsorized in the Table 2 that the run wrote."""
    with open(os.path.join(out, "quality", "tables", "table_02.csv"), encoding="utf-8") as file:
        line = next(row for row in csv.DictReader(file) if row["variable"] == "Plain")
    return {name: float(line[name]) for name in ("mean", "sd", "median", "min", "max")}


def by_library(path: str) -> dict[str, float]:
    """The same from the library, which knows no spec."""
    names = Names("hs6", "province", "year", destination="destination")
    values = export_quality(ParquetFiles(path, names), Choices(SIGMA, "h + t")).values
    return {
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)),
        "median": float(np.median(values)),
        "min": float(values.min()),
        "max": float(values.max()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=float, default=1e6, help="customs records (default 1e6)")
    parser.add_argument("--folder", help="where files go and are deleted again (default: a temporary folder)")
    arguments = parser.parse_args()
    rows, cost = int(arguments.rows), []
    for size in (rows // 10, rows):
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            started = time.perf_counter()
            path = study(folder, size)
            wrote = time.perf_counter() - started
            file = os.path.getsize(os.path.join(folder, "customs.parquet")) / 1e6
            print(f"{size:,} rows, file of {file:,.0f} MB, written in {wrote:.0f} s", flush=True)
            out = os.path.join(folder, "out")
            seconds, peak = run(path, out)
            cost.append(seconds / size)
            verdict = "below" if peak < LIMIT else "ABOVE"
            print(f"  run: {seconds:.1f} s, {seconds / size * 1e9:.0f} ns a row, peak {peak:.0f} MB ({verdict} 1 GB)")
            print(f"  load {os.getloadavg()[0]:.1f}", flush=True)
            shown, known = printed(out), by_library(os.path.join(folder, "customs.parquet"))
            differs = max(abs(shown[name] - known[name]) for name in known)
            print(f"  Table 2 is the library's to {differs:.0e}", flush=True)
            if not differs < 1e-10:
                raise SystemExit("the run printed other numbers")
    print(f"cost of a row at {rows:,} over that at {rows // 10:,}: {cost[1] / cost[0]:.2f}")


if __name__ == "__main__":
    main()
