"""Which customs records take part: unusable amounts, minimum sizes, trimmed unit values, small products."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures.customs import Batch, Customs
from carbonspec.econometrics.measures.elasticities import hs_text
from carbonspec.econometrics.measures.order_statistics import group_quantiles
from carbonspec.econometrics.measures.problems import MeasureError, chosen, counted
from carbonspec.econometrics.results import Dropped


@dataclass(frozen=True)
class Screens:
    """Rows to leave out, in this order; each is counted under the first reason that holds.

    `unusable` "drop" leaves rows out whose quantity or value is missing, infinite, zero or negative, "error" refuses
    them. `least_quantity`, `least_value`: smaller rows leave. `homogeneous`: HS prefixes of products without quality
    differences (Rauch 1999). `trim` (low, high): unit values outside these quantiles of their product leave, (0, 1)
    for none. `least_rows`: products with fewer rows left leave.
    """

    unusable: str = "drop"
    least_quantity: float = 0.0
    least_value: float = 0.0
    homogeneous: tuple[str, ...] = ()
    trim: tuple[float, float] = (0.0, 1.0)
    least_rows: int = 1

    def check(self) -> None:
        """Raise E856 for limits that make no sense, E800 for an unknown word."""
        chosen(self.unusable, ("drop", "error"), "what happens to rows without a positive quantity and value")
        if not 0 <= self.trim[0] < self.trim[1] <= 1:
            raise MeasureError(
                "E856", f"unit values cannot be trimmed to the quantiles {self.trim[0]:g} to {self.trim[1]:g}"
            )
        for what, least in (("quantity", self.least_quantity), ("value", self.least_value), ("rows", self.least_rows)):
            if not (np.isfinite(least) and least >= 0):
                raise MeasureError("E856", f"the smallest {what} allowed is {least:g}; it must be a number from 0 up")

    def differentiated(self, products: tuple[Any, ...]) -> NDArray[np.bool_]:
        """(products,) which are not homogeneous."""
        prefixes = tuple(self.homogeneous)
        return np.array([not (prefixes and hs_text(h).startswith(prefixes)) for h in products], dtype=bool)

    @property
    def trims(self) -> bool:
        return self.trim != (0.0, 1.0)


@dataclass(frozen=True)
class Usable:
    """Rows of a batch that take part; destination codes None where there are none."""

    product: Any
    region: Any
    year: Any
    destination: Any
    quantity: FloatArray
    value: FloatArray

    def __len__(self) -> int:
        return len(self.value)


KEY, NO_QUANTITY, NO_VALUE, LOW_QUANTITY, LOW_VALUE = range(1, 6)
SMALL_QUANTITY, SMALL_VALUE, HOMOGENEOUS, TRIMMED, FEW = range(6, 11)
REASONS = 11
"""Length of a tally: all rows, then those left out by reason."""


class Sieve:
    """The screens fitted to the records: `usable()` goes through them again, always with the same rows left."""

    def __init__(self, customs: Customs, screens: Screens) -> None:
        screens.check()
        self.customs, self.screens = customs, screens
        products = customs.levels.product
        self.different = screens.differentiated(products)
        self.bounds: FloatArray | None = None
        self.large: Any = None
        if screens.trims and products:
            self.bounds = group_quantiles(self._unit_values, len(products), screens.trim)
        if screens.least_rows > 1:
            sizes = np.zeros(len(products), dtype=np.int64)
            for rows in self.usable():
                sizes += np.bincount(rows.product, minlength=len(products))
            self.large = sizes >= screens.least_rows

    def usable(self, tally: Any = None, watch: Callable[[Batch], None] | None = None) -> Iterator[Usable]:
        """The rows that take part, batch by batch; reasons of the others are added to `tally` (REASONS,). Whole batches
        are shown to `watch` first."""
        for batch in self.customs.batches():
            if watch is not None:
                watch(batch)
            rows = self.sift(batch, tally)
            if len(rows):
                yield rows

    def _unit_values(self) -> Iterator[tuple[Any, FloatArray]]:
        for rows in self.usable():
            yield rows.product, rows.value / rows.quantity

    def sift(self, batch: Batch, tally: Any = None) -> Usable:
        """The rows of a batch that take part."""
        s = self.screens
        keys = [k for k in (batch.product, batch.region, batch.year, batch.destination) if k is not None]
        x, v = batch.quantity, batch.value
        keyed = np.logical_and.reduce([k >= 0 for k in keys])
        tests = [
            (KEY, keyed),
            (NO_QUANTITY, np.isfinite(x)),
            (NO_VALUE, np.isfinite(v)),
            (LOW_QUANTITY, x > 0),
            (LOW_VALUE, v > 0),
        ]
        if s.least_quantity > 0:
            tests.append((SMALL_QUANTITY, x >= s.least_quantity))
        if s.least_value > 0:
            tests.append((SMALL_VALUE, v >= s.least_value))
        if not self.different.all():
            tests.append((HOMOGENEOUS, self.different[batch.product]))
        if self.bounds is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                p = v / x
            low, high = self.bounds
            tests.append((TRIMMED, (p >= low[batch.product]) & (p <= high[batch.product])))
        if self.large is not None:
            tests.append((FEW, self.large[batch.product]))
        kept = np.logical_and.reduce([passed for _, passed in tests])
        if tally is not None or s.unusable == "error":
            self._count(tests, kept, tally)
        if kept.all():
            return Usable(batch.product, batch.region, batch.year, batch.destination, x, v)
        to = None if batch.destination is None else batch.destination[kept]
        return Usable(batch.product[kept], batch.region[kept], batch.year[kept], to, x[kept], v[kept])

    def _count(self, tests: list[tuple[int, Any]], kept: Any, tally: Any) -> None:
        left = ~kept
        counts = np.zeros(REASONS, dtype=np.int64)
        counts[0] = len(kept)
        for reason, passed in tests if left.any() else ():
            now = left & ~passed
            counts[reason] = np.count_nonzero(now)
            left &= passed
        wrong = int(counts[NO_QUANTITY : LOW_VALUE + 1].sum())
        if wrong and self.screens.unusable == "error":
            message = f"quantity or value is missing, zero or negative in {counted(wrong, 'row')}"
            raise MeasureError("E854", message, {"count": wrong})
        if tally is not None:
            tally += counts

    def left_out(self, tally: Any) -> tuple[Dropped, ...]:
        """What a tally says: the reasons that took rows, in order, with their numbers of rows."""
        s = self.screens
        reasons = (
            (KEY, "key missing"),
            (NO_QUANTITY, "quantity missing"),
            (NO_VALUE, "value missing"),
            (LOW_QUANTITY, "quantity zero or negative"),
            (LOW_VALUE, "value zero or negative"),
            (SMALL_QUANTITY, f"quantity below {s.least_quantity:g}"),
            (SMALL_VALUE, f"value below {s.least_value:g}"),
            (HOMOGENEOUS, "homogeneous product"),
            (TRIMMED, f"unit value outside the {s.trim[0]:g} to {s.trim[1]:g} quantiles of its product"),
            (FEW, f"product with fewer than {s.least_rows} rows"),
        )
        return tuple(Dropped(text, int(tally[reason])) for reason, text in reasons if tally[reason])
