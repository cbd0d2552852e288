"""Variables of the panel's sample as the library's tests of series take them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.design import FloatArray, Groups, IntArray
from carbonspec.engine import problems
from carbonspec.engine.frame import PanelData
from carbonspec.engine.table import Text, take
from carbonspec.lang.spec import Term


@dataclass(frozen=True)
class PanelSeries:
    """Keys of the rows of the sample. Codes of units are the panel's own, so that a unit can be named."""

    data: PanelData
    rows: IntArray
    unit: Groups
    period: Groups

    def values(self, term: Term) -> FloatArray:
        """(n,) a variable, NaN where it is missing. Raises DataError E422 for text."""
        column = take(self.data.values(term.expression), self.rows)
        if isinstance(column, Text):
            raise DataError((problems.text_as_number(term.name, 0, 0, (), term.span),))
        return np.asarray(column, dtype=np.float64)


def series(data: PanelData) -> PanelSeries:
    """The sample's rows and their keys."""
    rows = np.flatnonzero(data.sample)
    ticks = data.ticks[rows]
    first = int(ticks.min())
    return PanelSeries(
        data,
        rows,
        Groups("id", data.unit[rows], data.unit_count),
        Groups("time", ticks - first, int(ticks.max()) - first + 1),
    )
