"""Composite indexes against base R (`oracle.R`), and the simulated panel's ready columns against its raw ones."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from carbonspec.econometrics.measures.choices import Choices
from carbonspec.econometrics.measures.index import composite_index
from carbonspec.econometrics.measures.indicators import Indicator
from carbonspec.econometrics.measures.keys import panel_keys
from carbonspec.econometrics.measures.sensitivity import sensitivity

NAMES = (
    "foreign_firms", "registered_capital", "foreign_investment", "labour_abroad", "foreign_contracts",
    "tourism_revenue", "trade_dependence", "science_spending", "free_trade_zone",
)  # fmt: skip
CHOICES = {
    "entropy0": Choices(),
    "entropy1e-04": Choices(shift=1e-4),
    "entropy0.01": Choices(shift=0.01),
    "p": Choices(score="p"),
    "equal": Choices("equal"),
    "critic": Choices("critic"),
    "topsis_minmax": Choices("topsis"),
    "topsis_vector": Choices("topsis", norm="vector"),
    "pca_kaiser": Choices("pca"),
    "pca_share": Choices("pca", components="share"),
    "two_stage": Choices(structure="two_stage"),
    "year": Choices(scope="year"),
}


def _small():
    X = np.array([[1, 10, 0], [2, 8, 0], [4, 7, 1], [8, 1, 1]], dtype=float)
    indicators = [Indicator("a", 1, "a"), Indicator("b", -1, "a"), Indicator("c", 1, "b")]
    return X, indicators, panel_keys("ABCD", [1, 1, 2, 2])


def _provinces():
    path = Path(__file__).parents[3] / "specs" / "data" / "provinces.csv"
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if int(row["year"]) >= 2012]
    X = np.array([[float(row[name]) for name in NAMES] for row in rows])
    indicators = [Indicator(name, 1, ("SC", "COM", "ENV")[j // 3]) for j, name in enumerate(NAMES)]
    return X, indicators, panel_keys([row["province"] for row in rows], [int(row["year"]) for row in rows])


PANELS = {"small": _small, "provinces": _provinces}


@pytest.fixture(scope="module")
def numbers(oracle):
    return oracle("index/base_r.txt")


def many(numbers, key, count):
    return np.array([numbers[f"{key}.{i + 1}"] for i in range(count)])


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("choice", CHOICES)
def test_base_r(name, choice, numbers):
    X, indicators, keys = PANELS[name]()
    index = composite_index(X, indicators, CHOICES[choice], periods=keys.tick)
    key = f"{name}.{choice}"
    np.testing.assert_allclose(index.values, many(numbers, f"{key}.index", len(X)), rtol=1e-10, atol=1e-12)
    if f"{key}.w.1" in numbers:
        weights = [line.weight for line in index.weights]
        np.testing.assert_allclose(weights, many(numbers, f"{key}.w", len(indicators)), rtol=1e-11)
    if f"{key}.e.1" in numbers:
        entropies = [line.entropy for line in index.weights]
        np.testing.assert_allclose(entropies, many(numbers, f"{key}.e", len(indicators)), rtol=1e-11)
    if f"{key}.lambda.1" in numbers:
        np.testing.assert_allclose(index.eigenvalues, many(numbers, f"{key}.lambda", len(indicators)), rtol=1e-9)


def test_sensitivity_by_base_r(numbers):
    X, indicators, keys = _provinces()
    found = sensitivity(X, indicators, keys)
    for field, key in (("within_share", "within"), ("correlation", "correlation"), ("largest_change", "change")):
        values = [getattr(line, field) for line in found.lines]
        np.testing.assert_allclose(values, many(numbers, f"provinces.{key}", 9), rtol=1e-9, atol=1e-12)
