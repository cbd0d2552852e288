"""The oracle panels, and the numbers other programs gave for them ("key value" lines)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from carbonspec.econometrics.design import Design, Effect, Groups

HERE = Path(__file__).parent


class Oracle(dict):
    """Numbers by key; `oracle.many("grunfeld.b", terms)` is a vector in the order of the terms."""

    def many(self, key, terms):
        return np.array([self[f"{key}.{term}"] for term in terms])


class Panel:
    """One oracle panel: makes designs with groups by any of its columns ("region^year" crosses two)."""

    def __init__(self, columns, unit, period, outcome, terms):
        order = np.lexsort((columns[period], columns[unit]))
        self.columns = {name: values[order] for name, values in columns.items()}
        self.unit, self.period, self.outcome, self.terms = unit, period, outcome, terms

    def groups(self, name):
        if "^" in name:
            a, b = (self.columns[part].astype(int) for part in name.split("^"))
            values = a * 10_000 + b
        else:
            values = self.columns[name]
        known, codes = np.unique(values, return_inverse=True)
        return Groups(name, codes.reshape(-1), len(known))

    def clock(self):
        years = self.columns[self.period].astype(np.int64)
        return Groups(self.period, years - years.min(), int(years.max() - years.min()) + 1)

    def design(self, effects=(), clusters=(), weights=None, **more):
        return Design(
            outcome=self.outcome,
            y=self.columns[self.outcome],
            terms=self.terms,
            X=np.column_stack([self.columns[term] for term in self.terms]),
            unit=self.groups(self.unit),
            period=self.clock(),
            effects=tuple(Effect(self.groups(name)) for name in effects),
            clusters=tuple(self.groups(name) for name in clusters),
            weights=None if weights is None else self.columns[weights],
            **more,
        )


def _columns(path):
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def _grunfeld(keep):
    columns = _columns(HERE / "grunfeld.csv")
    columns["region"] = (columns["firm"] - 1) % 4 + 1
    kept = keep(columns["firm"], columns["year"])
    return Panel({n: v[kept] for n, v in columns.items()}, "firm", "year", "inv", ("value", "capital"))


@pytest.fixture(scope="session")
def panels():
    """grunfeld (10 firms, 1935-1954), unbalanced (189 of its rows), synthetic (gaps, weights, regions)."""
    return {
        "grunfeld": _grunfeld(lambda firm, year: year > 0),
        "unbalanced": _grunfeld(lambda firm, year: ~((firm == 1) & (year < 1940)) & ~((firm == 3) & (year > 1948))),
        "synthetic": Panel(_columns(HERE / "synthetic.csv"), "id", "year", "y", ("x1", "x2")),
    }


@pytest.fixture(scope="session")
def oracle():
    """Reads a file of "key value" lines: oracle("between/plm.txt")."""

    def read(name):
        lines = (HERE / name).read_text(encoding="utf-8").splitlines()
        pairs = (line.split() for line in lines if line and not line.startswith("#"))
        return Oracle((key, float(value)) for key, value in pairs)

    return read
