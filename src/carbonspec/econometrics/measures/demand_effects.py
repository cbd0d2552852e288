"""The demand equation of customs records: which effects it has, and their estimates batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.crosstab import Crosstab
from carbonspec.econometrics.measures.demand import CLEAN, largest_mean, log_demand, subtract
from carbonspec.econometrics.measures.screens import Usable
from carbonspec.econometrics.measures.two_way import TwoWay

EFFECTS = ("h + f^t", "h + t", "h^t", "h + c^t")
"""Product and region-year (the paper), product and year, product-year, product and destination-year effects."""


@dataclass(frozen=True)
class Effects:
    """Two sets of groups of the rows: `rows` and `columns` are their numbers.

    `shape` numbers of products, regions, destinations and years.
    """

    name: str
    shape: tuple[int, int, int, int]

    @property
    def rows(self) -> int:
        return self.shape[0] * (self.shape[3] if self.name == "h^t" else 1)

    @property
    def columns(self) -> int:
        _, regions, destinations, years = self.shape
        return {"h + f^t": regions * years, "h + t": years, "h^t": 1, "h + c^t": destinations * years}[self.name]

    def codes(self, rows: Usable) -> tuple[Any, Any]:
        """The two codes of each row."""
        years = self.shape[3]
        if self.name == "h^t":
            return joined(rows.product, years, rows.year), np.zeros(len(rows), dtype=np.int32)
        if self.name == "h + t":
            return rows.product, rows.year
        return rows.product, joined(rows.region if self.name == "h + f^t" else rows.destination, years, rows.year)


def joined(outer: Any, size: int, inner: Any) -> Any:
    """outer * size + inner, as 32-bit numbers where codes are."""
    found = np.multiply(outer, outer.dtype.type(size))
    found += inner
    return found


@dataclass(frozen=True)
class Demand:
    """An estimated demand equation.

    `a` (rows,), `b` (columns,) effects; `rows_alone`, `columns_alone` groups whose rows are all alone in some group;
    `alone` how many rows that are; `parts` connected parts; `pairs` combinations of groups that occur; `scale` the
    largest of 1 and the effects. `years_only`: (a, b) of product and year effects, where `effects` are the paper's,
    and `absorbed` the share of the variance left by those that region-year effects take.
    """

    effects: Effects
    sigma: FloatArray
    solver: TwoWay
    a: FloatArray
    b: FloatArray
    rows_alone: Any
    columns_alone: Any
    alone: int
    parts: int
    pairs: int
    years_only: tuple[FloatArray, FloatArray] | None = None
    absorbed: float | None = None

    @property
    def scale(self) -> float:
        return float(max(1.0, np.abs(self.a).max(initial=0.0), np.abs(self.b).max(initial=0.0)))

    def outcome(self, rows: Usable) -> FloatArray:
        """(m,) ln x + sigma ln p."""
        return log_demand(rows.quantity, rows.value, self.sigma[rows.product])

    def known(self, p: Any, g: Any) -> Any:
        """(m,) rows that are not alone, or None for all."""
        return ~(self.rows_alone[p] | self.columns_alone[g]) if self.alone else None


class Estimation:
    """Adds rows up, then solves."""

    def __init__(self, effects: Effects, sigma: FloatArray) -> None:
        self.effects, self.sigma = effects, sigma
        self.table = Crosstab(effects.rows, effects.columns)
        self.squares = 0.0
        self.centre = 0.0
        self.rows = 0

    def add(self, rows: Usable) -> None:
        p, g = self.effects.codes(rows)
        y = log_demand(rows.quantity, rows.value, self.sigma[rows.product])
        if not self.rows:
            self.centre = float(y.mean())  # a constant that all effects absorb: sums stay small
        y -= self.centre
        self.table.add(p, g, y)
        self.squares += float(y @ y)
        self.rows += len(y)

    def solve(self) -> Demand:
        """The effects, of outcomes less `centre`; that is put back into those of the rows."""
        counts = self.table.counts()
        solver = TwoWay(counts)
        s, c = self.table.row_sums, self.table.column_sums
        a, b = solver.solve(s, c)
        rows_alone, columns_alone = solver.alone()
        years_only, absorbed = None, None
        if self.effects.name == "h + f^t":
            _, regions, _, years = self.effects.shape
            by_year = _collapsed(counts, regions, years)
            sums = c.reshape(regions, years).sum(axis=0)
            a0, b0 = TwoWay(by_year).solve(s, sums)
            years_only = a0 + self.centre, b0
            left = self.squares - float(a0 @ s) - float(b0 @ sums)
            taken = left - (self.squares - float(a @ s) - float(b @ c))
            absorbed = taken / left if left > 1e-12 * self.squares else None
        return Demand(
            self.effects,
            self.sigma,
            solver,
            a + self.centre,
            b,
            rows_alone,
            columns_alone,
            int(_rows_in(counts, rows_alone, columns_alone)),
            solver.components,
            int(np.count_nonzero(counts) if self.table.dense else counts.nnz),
            years_only,
            absorbed,
        )


def corrected(demand: Demand, row_sums: FloatArray, column_sums: FloatArray) -> tuple[float, Demand | None]:
    """The largest group mean of the residuals, given their sums; and where it exceeds rounding, better effects."""
    mean = largest_mean(demand.solver, row_sums, column_sums)
    if mean <= CLEAN + 8 * np.finfo(float).eps * demand.scale:
        return mean, None
    da, db = demand.solver.solve(row_sums, column_sums)
    changed = {**vars(demand), "a": demand.a + da, "b": demand.b + db}
    return mean, Demand(**changed)


def residuals(
    demand: Demand, batches: Iterator[Usable], sums: tuple[FloatArray, FloatArray] | None = None
) -> Iterator[tuple[Usable, FloatArray, Any]]:
    """Each batch with its residuals (m,) and which of them are not alone (None: all). Residuals are added to `sums`."""
    for rows in batches:
        p, g = demand.effects.codes(rows)
        y = demand.outcome(rows)
        by_row, by_column = subtract(p, g, y, demand.a, demand.b, y)
        if sums is not None:
            sums[0][:] += by_row
            sums[1][:] += by_column
        yield rows, y, demand.known(p, g)


def _collapsed(counts: Any, regions: int, years: int) -> Any:
    """Counts by product and year from those by product and region-year."""
    if isinstance(counts, np.ndarray):
        return counts.reshape(-1, regions, years).sum(axis=1)
    from scipy.sparse import csr_matrix

    at = np.arange(regions * years)
    return counts @ csr_matrix((np.ones(len(at)), (at, at % years)), shape=(len(at), years))


def _rows_in(counts: Any, rows: Any, columns: Any) -> float:
    """How many rows lie in one of the groups or the other."""
    if not (rows.any() or columns.any()):
        return 0.0
    kept = counts @ (~columns).astype(np.float64)
    return float(counts.sum()) - float(kept[~rows].sum())
