"""Whose rows they are: unit and period of each row, with their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.clock import Clock, number_ticks
from carbonspec.econometrics.design import IntArray
from carbonspec.econometrics.measures.problems import MeasureError, listed


@dataclass(frozen=True)
class Keys:
    """`unit` (n,) codes in 0..len(unit_names)-1 and `tick` (n,) periods of the panel's clock from 0.

    `period_names[tick]` is what a reader calls a period. Rows may stand in any order.
    """

    unit: IntArray
    tick: IntArray
    unit_names: tuple[str, ...]
    period_names: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """(n,) `Beijing 2012`."""
        pairs = zip(self.unit.tolist(), self.tick.tolist(), strict=True)
        return tuple(f"{self.unit_names[unit]} {self.period_names[tick]}" for unit, tick in pairs)

    def period(self, name: object) -> int:
        """The tick of a period by its name, -1 where the clock does not reach it."""
        text = str(name)
        return self.period_names.index(text) if text in self.period_names else -1

    def unique(self) -> None:
        """Raises MeasureError E871 where two rows share unit and period."""
        cell = self.unit * len(self.period_names) + self.tick
        order = np.argsort(cell, kind="stable")
        again = order[1:][np.diff(cell[order]) == 0]
        if again.size:
            labels = self.labels
            shown = listed(dict.fromkeys(labels[row] for row in again.tolist()))
            facts = {"rows": tuple(again.tolist()), "count": int(again.size)}
            raise MeasureError("E871", f"several rows share unit and period: {shown}", facts)


def panel_keys(units: Iterable[object], times: Iterable[int]) -> Keys:
    """Keys from the columns of a table: anything for units, whole numbers such as years for times.

    Raises `clock.TimeError` for times that are not whole numbers.
    """
    names, codes = np.unique(np.array([str(unit) for unit in units]), return_inverse=True)
    found = number_ticks(np.asarray(list(times), dtype=np.float64))
    last = int(found.ticks.max()) if found.ticks.size else -1
    unit_names = tuple(str(name) for name in names)
    return Keys(codes.reshape(-1).astype(np.int64), found.ticks, unit_names, number_names(found.clock, last))


def number_names(clock: Clock, last: int) -> tuple[str, ...]:
    """What a clock of plain numbers calls its ticks 0..last."""
    return tuple(str(clock.origin + clock.step * tick) for tick in range(last + 1))
