"""Write the simulated raw inputs of Yang, Yuan & Lu (2025) beside this file: `python specs/data/simulate.py`.

The authors' panel is not public. These tables have its shape and are tuned to its printed tables; they say nothing
about the world (README.md). Every table carries a column `simulated` that says so.

Order: indicators -> Open -> controls -> technology and quality -> what Ce should be -> fuels. Raw inputs are rounded
first; the ready columns Ce, Open, Quality and Tech are then computed from the rounded inputs
(simulation/formulas.py).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from simulation import customs, emissions, energy, formulas, macro, openness, printed, technology
from simulation.algebra import Array, winsor
from simulation.provinces import EARLY, PROVINCES, SAMPLE, YEARS, N, T

SEED = 20250521
NOTE = f"simulated by specs/data/simulate.py, seed {SEED}; not the authors' data"

Columns = dict[str, "list[str] | Array"]


def tables(seed: int = SEED) -> dict[str, Columns]:
    """File name -> column -> values, one row a line of the file."""
    indicators = openness.indicators(seed)
    x = np.column_stack([indicators[name].ravel() for name in printed.INDICATORS])
    inside = np.tile(np.array(YEARS) >= SAMPLE[0], N)
    opening, _ = formulas.entropy_index(x, inside)
    opening = opening.reshape(N, len(YEARS))

    controls = macro.controls(seed, opening[:, EARLY:])
    raw = macro.raw_columns(seed, controls)
    electricity = raw.pop("electricity")
    regressors = {name: winsor(values) for name, values in {"Open": opening[:, EARLY:], **controls}.items()}

    spending = technology.raw_columns(seed, technology.target(seed, regressors))
    tech = formulas.stock(spending["tech_spending"], spending["investment_price"])
    trade = customs.records(seed, customs.target(seed, regressors, winsor(tech[:, EARLY:])))
    quality = formulas.weighted_quality(_standardised(trade), trade.value, trade.market).reshape(N, T)

    known = emissions.facts(regressors, winsor(tech[:, EARLY:]), winsor(quality))
    fuels = energy.raw_columns(seed, emissions.target(seed, regressors, known), electricity)
    ce = formulas.emissions(fuels)

    early = np.full((N, EARLY), np.nan)
    ready = {
        "Ce": np.round(ce, 6),
        "Open": np.round(opening, 10),
        "Quality": np.round(np.concatenate([early, quality], axis=1), 10),
        "Tech": np.round(tech, 8),
    }
    keys = {"province": _repeat("name"), "year": np.tile(np.array(YEARS), N)}
    places: Columns = {
        "province_zh": _repeat("chinese"),
        "coastal": _integers("coastal"),
        "belt_road": _integers("belt_road"),
    }
    return {
        "provinces.csv": _stamped({**keys, **places, **_flat({**indicators, **raw, **spending, **ready})}),
        "energy.parquet": _stamped({**keys, "grid": _repeat("grid"), **_flat(fuels)}),
        "customs.parquet": _stamped(
            {
                "hs6": [trade.codes[h] for h in trade.product],
                "province": [PROVINCES[m // T].name for m in trade.market],
                "year": SAMPLE[0] + trade.market % T,
                "quantity": trade.quantity,
                "value": trade.value.astype(np.int64),
            }
        ),
        "broda_weinstein.csv": _stamped({"hs6": trade.codes, "sigma": trade.sigma}),
    }


def _standardised(trade: customs.Customs) -> Array:
    sigma = trade.sigma[trade.product]
    lhs = np.log(trade.quantity) + sigma * np.log(trade.value / trade.quantity)
    return formulas.standardised_quality(lhs, sigma, trade.product, trade.market, trade.market % T)


def _repeat(attribute: str) -> list[str]:
    return [str(getattr(p, attribute)) for p in PROVINCES for _ in YEARS]


def _integers(attribute: str) -> Array:
    return np.repeat(np.array([getattr(p, attribute) for p in PROVINCES]), len(YEARS))


def _flat(columns: dict[str, Array]) -> Columns:
    """(N, years) -> one value a row; whole numbers as integers."""
    flat = {name: np.ascontiguousarray(values).ravel() for name, values in columns.items()}
    return {name: v.astype(np.int64) if np.all(v == np.round(v)) else v for name, v in flat.items()}


def _stamped(columns: Columns) -> Columns:
    rows = len(next(iter(columns.values())))
    return {**columns, "simulated": [NOTE] * rows}


def write(folder: Path) -> None:
    """All four tables into `folder`; the same bytes every time with the same version of pyarrow."""
    for name, columns in tables().items():
        if name.endswith(".csv"):
            _write_csv(folder / name, columns)
        else:
            table = pa.table({key: pa.array(values) for key, values in columns.items()})
            pa.parquet.write_table(table, folder / name, compression="zstd", compression_level=9, version="2.6")


def _write_csv(path: Path, columns: Columns) -> None:
    lines = [",".join(columns)]
    for row in zip(*columns.values(), strict=True):
        lines.append(",".join(_cell(value) for value in row))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else repr(float(value))
    text = str(value)
    return f'"{text}"' if "," in text else text


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write to")
    write(arguments.parse_args().out)
