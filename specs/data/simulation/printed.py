"""The paper's printed figures, read from `specs/published/`: what the simulation is tuned to."""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "published"
CONTROLS = ("Rpc", "Ei", "Fin", "Gdp", "Ind")
INDICATORS = (
    "foreign_firms",
    "registered_capital",
    "foreign_investment",
    "labour_abroad",
    "foreign_contracts",
    "tourism_revenue",
    "trade_dependence",
    "science_spending",
    "free_trade_zone",
)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def coefficients(name: str) -> dict[str, dict[str, float]]:
    """Printed column -> term -> estimate."""
    table: dict[str, dict[str, float]] = {}
    for row in _rows(name):
        table.setdefault(row["column"], {})[row["term"]] = float(row["estimate"])
    return table


def standard_errors(name: str) -> dict[str, dict[str, float]]:
    """Printed column -> term -> estimate over its t value; where t is printed as 0.00, as if it were 0.01."""
    table: dict[str, dict[str, float]] = {}
    for row in _rows(name):
        if row["in_parentheses"]:
            t = max(abs(float(row["in_parentheses"])), 0.01)
            table.setdefault(row["column"], {})[row["term"]] = abs(float(row["estimate"])) / t
    return table


def moments() -> dict[str, dict[str, float]]:
    """Variable -> n, mean, sd, min, max of Table 3."""
    rows = _rows("table_03_descriptives.csv")
    return {row.pop("variable"): {k: float(v) for k, v in row.items()} for row in rows}


def index_weights() -> dict[str, float]:
    """Indicator -> entropy weight of Table 1, in the table's order."""
    return dict(zip(INDICATORS, (float(row["weight"]) for row in _rows("table_01_index_weights.csv")), strict=True))
