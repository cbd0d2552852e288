"""A GMM column → arrays on all rows of the panel, so that past levels are found also where the sample has no row."""

from __future__ import annotations

import numpy as np

from carbonspec.econometrics.design import Groups
from carbonspec.econometrics.dynamic_design import GmmDesign, LevelInstruments, OwnInstruments
from carbonspec.engine.design import BuiltDesign
from carbonspec.engine.frame import PanelData
from carbonspec.engine.table import FloatArray, IntArray
from carbonspec.engine.terms import term_columns
from carbonspec.lang.dynamic import is_period, lagged_outcomes, own_instruments
from carbonspec.lang.spec import Column, GmmOptions, LaggedLevels


def dynamic_design(data: PanelData, built: BuiltDesign, column: Column, options: GmmOptions) -> GmmDesign:
    """The design of a GMM column.

    Equations stand on the rows of `built`; levels dated before them reach every row of the panel, as lags do. Period
    dummies are instruments of the level equation alone: in the transformed one they are differences of themselves.
    """
    design = built.design
    units = np.unique(data.unit[built.rows])
    rows = np.flatnonzero(np.isin(data.unit, units))
    place = np.searchsorted(rows, built.rows)

    def whole(values: FloatArray) -> FloatArray:
        """(rows, m) the values in their rows, NaN elsewhere."""
        found = np.full((len(rows), values.shape[1]), np.nan)
        found[place] = values
        return found

    own = own_instruments(column)
    periods = tuple(term for term in own if is_period(term))
    blocks: list[OwnInstruments] = []
    for terms, equation in (
        (tuple(term for term in own if term not in periods), "both"),
        (periods, "level" if options.system else "both"),
    ):
        at = [j for j, owner in enumerate(built.owners) if owner in terms]
        if at:
            blocks.append(OwnInstruments(tuple(design.terms[j] for j in at), whole(design.X[:, at]), equation))
    if built.instruments is not None:
        blocks.append(OwnInstruments(built.instruments.terms, whole(built.instruments.Z)))
    ticks = data.ticks[rows] - int(data.ticks[rows].min())
    return GmmDesign(
        outcome=design.outcome,
        y=whole(design.y[:, None])[:, 0],
        terms=design.terms,
        X=whole(design.X),
        unit=Groups("id", np.searchsorted(units, data.unit[rows]), len(units)),
        period=Groups("time", ticks, int(ticks.max()) + 1),
        gmm=tuple(_levels(data, rows, block) for block in column.structure.gmm),
        own=tuple(blocks),
        lagged=tuple(term.name for term in lagged_outcomes(column)),
        constant=design.constant,
    )


def _levels(data: PanelData, rows: IntArray, block: LaggedLevels) -> LevelInstruments:
    """A variable on some rows: one column, since `gmm` takes no categories."""
    ((name, values),) = term_columns(data, block.variable, rows, data.values)
    return LevelInstruments(name, np.asarray(values, dtype=np.float64), block.first, block.last)
