"""Designs of dynamic panels from a file's columns, for the tests of this folder."""

import re

import numpy as np

from carbonspec.econometrics.clock import lagged_rows
from carbonspec.econometrics.design import Groups
from carbonspec.econometrics.dynamic_design import GmmDesign, LevelInstruments, OwnInstruments


def design(columns, outcome, terms, gmm, own=(), years=None, own_equation="both", keys=("id", "year")):
    """`terms` like "L2.n"; `gmm` (name, first, last); `own` terms that are their own instruments; `years` the equation
    of year dummies, which are their own instruments, or None for none."""
    known, unit = np.unique(columns[keys[0]], return_inverse=True)
    unit = unit.reshape(-1)
    period = (columns[keys[1]] - columns[keys[1]].min()).astype(np.int64)
    data = {}
    for term in terms:
        lag = re.match(r"L(\d*)\.(.*)", term)
        if lag is None:
            data[term] = columns[term]
            continue
        at = lagged_rows(unit, period, int(lag[1] or 1))
        data[term] = np.where(at >= 0, columns[lag[2]][at], np.nan)
    blocks = []
    if own:
        blocks.append(OwnInstruments(tuple(own), np.column_stack([data[name] for name in own]), own_equation))
    if years:
        dummies = {f"year{p}": (period == p) * 1.0 for p in np.unique(period)[1:].tolist()}
        data |= dummies
        blocks.append(OwnInstruments(tuple(dummies), np.column_stack(list(dummies.values())), years))
    return GmmDesign(
        outcome=outcome,
        y=columns[outcome],
        terms=tuple(data),
        X=np.column_stack(list(data.values())),
        unit=Groups(keys[0], unit, len(known)),
        period=Groups(keys[1], period, int(period.max()) + 1),
        gmm=tuple(LevelInstruments(name, columns[name], first, last) for name, first, last in gmm),
        own=tuple(blocks),
        lagged=tuple(t for t in terms if re.fullmatch(rf"L\d*\.{outcome}", t)),
    )
