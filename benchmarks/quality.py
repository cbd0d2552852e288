"""Export quality: demand residuals against pyfixest, and customs records from Parquet files in bounded memory.

    python benchmarks/quality.py                 1e6 rows
    python benchmarks/quality.py --rows 1e7      the size of a country's records (about 6 GB for pyfixest)
    python benchmarks/quality.py --rows 1e8      the file alone: nothing is held in memory but a batch

Simulated are 5,000 products of 30 regions in 9 years to up to 200 destinations, products and regions of very unequal
size, every key once. Numbers are compared first, then time: tools take turns (A B A B), times are medians, ratios are
to carbonspec in the same run. Memory is the peak of a process of its own, interpreter and libraries included.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import numpy as np

from carbonspec.econometrics import kernels
from carbonspec.econometrics.measures.customs import in_memory
from carbonspec.econometrics.measures.demand import demand_residuals
from carbonspec.econometrics.measures.partitioned import Names, ParquetFiles
from carbonspec.econometrics.measures.quality import Choices, export_quality
from carbonspec.econometrics.measures.screens import Screens

PRODUCTS, REGIONS, YEARS = 5000, 30, 9
SIGMA = {"0": 3.0, "1": 4.5, "2": 6.0, "3": 2.5, "4": 9.0}
IN_MEMORY = 2e7
"""Up to this many rows they are held in memory as well."""


def sizes(rows: int, most: int) -> np.ndarray:
    """(PRODUCTS,) rows of each product: a few large ones, many small, none above `most`."""
    weight = 1.0 / (np.arange(PRODUCTS) + 20.0) ** 0.7
    share = np.sort(weight / weight.sum())[::-1] * rows
    found = np.minimum(np.floor(share), most).astype(np.int64)
    while (lacking := rows - int(found.sum())) > 0:
        room = np.flatnonzero(found < most)
        found[room[:lacking]] += (
            1 if lacking <= len(room) else min(lacking // len(room), int((most - found[room]).min()))
        )
    return found


def blocks(rows: int, seed: int = 7) -> Iterator[dict[str, np.ndarray]]:
    """Customs records, some hundred products at a time, in random order within a block."""
    rng = np.random.default_rng(seed)
    destinations = 200 if rows > 2e7 else 60
    keys = REGIONS * YEARS * destinations
    number = sizes(rows, int(0.8 * keys))
    region_weight = (1.0 / (np.arange(REGIONS) + 2.0)).repeat(YEARS * destinations)
    by_region_year = rng.normal(size=(REGIONS, YEARS))
    order = rng.permutation(PRODUCTS)
    for at in range(0, PRODUCTS, 200):
        parts = []
        for h in order[at : at + 200]:
            clock = rng.exponential(size=keys) / region_weight
            drawn = np.argpartition(clock, number[h] - 1)[: number[h]] if number[h] else np.zeros(0, dtype=np.int64)
            parts.append((np.full(len(drawn), h), drawn))
        product = np.concatenate([p for p, _ in parts])
        key = np.concatenate([k for _, k in parts])
        mix = rng.permutation(len(product))
        product, key = product[mix], key[mix]
        region, rest = np.divmod(key, YEARS * destinations)
        year, destination = np.divmod(rest, destinations)
        ln_p = rng.normal(size=len(product)) + 0.01 * (product % 97)
        sigma = np.array([SIGMA[str(d)] for d in range(5)])[product // 1000]
        ln_x = 8 - sigma * ln_p + (product % 13) / 3 + by_region_year[region, year] + rng.normal(size=len(product))
        yield {
            "product": product,
            "region": region,
            "year": year + 2012,
            "destination": destination,
            "quantity": np.exp(ln_x),
            "value": np.exp(ln_x + ln_p),
        }


def write(path: str, rows: int) -> None:
    """The records as a Parquet file: products and regions as text, years and destinations as numbers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    codes = np.array([f"{h // 1000}{h % 1000:05d}" for h in range(PRODUCTS)])
    names = np.array([f"region {f:02d}" for f in range(REGIONS)])
    writer = None
    for block in blocks(rows):
        columns = {
            "hs6": pa.DictionaryArray.from_arrays(block["product"].astype(np.int32), codes).cast(pa.string()),
            "province": pa.DictionaryArray.from_arrays(block["region"].astype(np.int32), names).cast(pa.string()),
            **{name: pa.array(block[name]) for name in ("year", "destination", "quantity", "value")},
        }
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=1_000_000)
    if writer:
        writer.close()


def largest_mean(e: np.ndarray, *groups: np.ndarray) -> float:
    return max(float(np.abs(np.bincount(g, e) / np.maximum(np.bincount(g), 1)).max()) for g in groups)


def numpy_alone(f: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        rows, kernels.ROWS = kernels.ROWS, sys.maxsize
        try:
            return f()
        finally:
            kernels.ROWS = rows

    return run


def turns(title: str, tools: dict[str, tuple[Callable[[], object], int]], wanted: dict[str, float]) -> None:
    """Time tools in turns, each so many times; print medians and ratios to the first."""
    seconds: dict[str, list[float]] = {name: [] for name in tools}
    for turn in range(max(times for _, times in tools.values())):
        for name, (run, times) in tools.items():
            if turn < times:
                gc.collect()
                started = time.perf_counter()
                run()
                seconds[name].append(time.perf_counter() - started)
    base = statistics.median(seconds[next(iter(tools))])
    print(f"{title}   load {os.getloadavg()[0]:.1f}")
    for name, found in seconds.items():
        ratio = statistics.median(found) / base
        bar = f"   goal {wanted[name]:g}: {'met' if ratio >= wanted[name] else 'MISSED'}" if name in wanted else ""
        print(f"  {name:28s} {statistics.median(found) * 1e3:10.1f} ms   x {ratio:6.1f}{bar}")


def residual_step(title: str, y: np.ndarray, p: np.ndarray, g: np.ndarray, rounds: int, thin: bool) -> None:
    """Residuals of y on p and g: equality, then time."""
    import pandas as pd
    import pyfixest as pf
    from pyfixest.core.demean import demean, demean_within

    rows, columns = int(p.max()) + 1, int(g.max()) + 1
    ours = lambda: demand_residuals(y, p, g, rows, columns)  # noqa: E731
    codes, one = np.column_stack([p, g]), np.ones(len(y))
    unsigned = codes.astype(np.uint32)
    frame = pd.DataFrame({"y": y, "p": p, "g": g})
    found, alone = ours().values, numpy_alone(ours)().values
    peer, success = demean(y[:, None], codes, one, 1e-6)
    within = demean_within(y[:, None], unsigned, one)[0][:, 0]
    print(f"\n{title}: {len(y):,} rows, {rows} x {columns} groups")
    means = {"carbonspec": found, "numpy alone": alone, "pyfixest demean": peer[:, 0], "pyfixest within": within}
    for name, e in means.items():
        difference = float(np.abs(e - found).max())
        note = "" if name != "pyfixest demean" or success else "   (says it did not converge)"
        print(f"  {name:28s} largest group mean {largest_mean(e, p, g):.0e}   differs by {difference:.0e}{note}")
    if max(largest_mean(e, p, g) for e in (found, alone)) > 1e-12 or np.abs(alone - found).max() > 1e-11:
        raise SystemExit("residuals are not clean: nothing to compare")
    if np.abs(within - found).max() > 1e-4 or (not thin and np.abs(peer[:, 0] - found).max() > 1e-3):
        raise SystemExit("pyfixest gives other residuals: nothing to compare")
    tools = {
        "carbonspec": (ours, rounds),
        "carbonspec, numpy alone": (numpy_alone(ours), rounds),
        "pyfixest demean": (lambda: demean(y[:, None], codes, one, 1e-6), 1 if thin else rounds),
        "pyfixest within": (lambda: demean_within(y[:, None], unsigned, one), rounds),
    }
    if not thin:
        tools["pyfixest feols"] = (lambda: pf.feols("y ~ 1 | p + g", frame, vcov="iid"), min(rounds, 2))
    large = len(y) >= 1e7
    wanted = {"pyfixest demean": 4.0, "pyfixest feols": 20.0} if large else {"pyfixest demean": 100.0} if thin else {}
    turns("  time", tools, wanted)


def thin_data(rows: int = 200_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Products tied to one region, 2 % of their rows in the next one."""
    rng = np.random.default_rng(5)
    p = np.minimum(rng.pareto(0.8, rows) * 60, PRODUCTS - 1).astype(np.int32)
    f = (p * REGIONS // PRODUCTS + (rng.random(rows) < 0.02)) % REGIONS
    g = (f * YEARS + rng.integers(0, YEARS, rows)).astype(np.int32)
    return rng.normal(size=PRODUCTS)[p] + rng.normal(size=REGIONS * YEARS)[g] + 2 * rng.normal(size=rows), p, g


def measured(path: str, effects: str, out: str, trim: float) -> tuple[float, float]:
    """Seconds and peak memory in MB of a process that goes from the file to the panel."""
    arguments = [sys.executable, __file__, "--measure", path, effects, out, str(trim)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), float(peak)


def measure(path: str, effects: str, out: str, trim: float) -> None:
    started = time.perf_counter()
    names = Names("hs6", "province", "year", destination="destination")
    choices = Choices(SIGMA, effects, screens=Screens(trim=(trim, 1 - trim)))
    found = export_quality(ParquetFiles(path, names), choices)
    seconds = time.perf_counter() - started
    np.save(out, found.values)
    with open("/proc/self/status", encoding="ascii") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    print(seconds, peak)


def files(rows: int, folder: str, against: dict[str, np.ndarray] | None) -> None:
    """From Parquet to the panel: the same numbers as in memory, time and memory at a tenth of the rows and at all."""
    import pyarrow.parquet as pq

    print(f"\nFrom Parquet to the panel of regions and years   load {os.getloadavg()[0]:.1f}")
    cases = [("h + f^t", 0.0), ("h + c^t", 0.0), ("h + f^t", 0.01)]
    for size in (rows // 10, rows):
        path, out = os.path.join(folder, f"{size}.parquet"), os.path.join(folder, "panel.npy")
        write(path, size)
        started = time.perf_counter()
        with pq.ParquetFile(path) as file:
            for _ in file.iter_batches(batch_size=1 << 20):
                pass
        scan = time.perf_counter() - started
        print(f"  {size:,} rows, file of {os.path.getsize(path) / 1e6:,.0f} MB, one scan {scan:.1f} s")
        for effects, trim in cases:
            seconds, peak = measured(path, effects, out, trim)
            what = effects + (f", unit values trimmed at {trim:g}" if trim else "")
            line = f"  {what:36s} {seconds:8.1f} s, {seconds / size * 1e9:6.0f} ns a row, peak {peak:6.0f} MB"
            line += f" ({'below' if peak < 1024 else 'ABOVE'} 1 GB)"
            if against is not None and size == rows:
                differs = float(np.nanmax(np.abs(np.load(out) - against[what])))
                line += f"   in memory the same to {differs:.0e}"
                if differs > 1e-10:
                    raise SystemExit(line + ": not the same numbers")
            print(line, flush=True)
        os.remove(path)


def held(rows: int) -> dict[str, np.ndarray]:
    """The residual step on rows in memory; returns the panels that files must give."""
    found = list(blocks(rows))
    data = {name: np.concatenate([block[name] for block in found]) for name in found[0]}
    del found
    codes = np.array([f"{h // 1000}{h % 1000:05d}" for h in range(PRODUCTS)])
    names = np.array([f"region {f:02d}" for f in range(REGIONS)])
    import pyarrow as pa

    panels = {}
    customs = in_memory(
        pa.DictionaryArray.from_arrays(data["product"].astype(np.int32), codes),
        pa.DictionaryArray.from_arrays(data["region"].astype(np.int32), names),
        data["year"],
        data["quantity"],
        data["value"],
        data["destination"],
    )
    for effects, trim in (("h + f^t", 0.0), ("h + c^t", 0.0), ("h + f^t", 0.01)):
        what = effects + (f", unit values trimmed at {trim:g}" if trim else "")
        started = time.perf_counter()
        choices = Choices(SIGMA, effects, screens=Screens(trim=(trim, 1 - trim)))
        panels[what] = export_quality(customs, choices).values
        print(f"in memory, {what}: {time.perf_counter() - started:.1f} s")
    mix = np.random.default_rng(1).permutation(rows)
    p = data["product"][mix].astype(np.int32)
    g = (data["region"] * YEARS + data["year"] - 2012)[mix].astype(np.int32)
    sigma = np.array([SIGMA[str(d)] for d in range(5)])[p // 1000]
    ln_x, ln_v = np.log(data["quantity"][mix]), np.log(data["value"][mix])
    del data, customs
    residual_step("Demand residuals", ln_x + sigma * (ln_v - ln_x), p, g, 5, thin=False)
    return panels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=float, default=1e6, help="customs records (default 1e6)")
    parser.add_argument("--folder", help="where the file goes and is deleted again (default: a temporary folder)")
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        path, effects, out, trim = arguments.measure
        measure(path, effects, out, float(trim))
        return
    rows = int(arguments.rows)
    panels = None
    if rows <= IN_MEMORY:
        panels = held(rows)
        residual_step("Thin overlap", *thin_data(), 5, thin=True)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        files(rows, folder, panels)


if __name__ == "__main__":
    main()
