"""The instrument matrix of a dynamic panel (Arellano and Bond 1991; Blundell and Bond 1998; Roodman 2009)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack

from carbonspec.econometrics.clock import lagged_rows
from carbonspec.econometrics.design import FloatArray, IntArray
from carbonspec.econometrics.dynamic_design import GmmChoice, GmmDesign, LevelInstruments
from carbonspec.econometrics.gmm.equations import Equations
from carbonspec.econometrics.instruments.independence import independent
from carbonspec.econometrics.linear import CONSTANT
from carbonspec.econometrics.results import EstimationError

LEVELS = "gmm in levels"
OWN = "own instruments"


@dataclass(frozen=True)
class Block:
    """Columns of one kind: (r, m) of the transformed rows, (l, m) of the level rows. They belong to the `subsets`
    named, but for the last of them where it is the constant, which no test can leave out."""

    subsets: tuple[str, ...]
    transformed: csr_matrix
    level: csr_matrix
    constant: bool = False


@dataclass(frozen=True)
class InstrumentMatrix:
    """Z (r, m) of the transformed rows and Zl (l, m) of the level rows (empty rows in difference GMM), zeros elsewhere.

    `subsets` names groups of columns: each gmm(...) and own block, and "gmm in levels".
    """

    transformed: csr_matrix
    level: csr_matrix
    subsets: tuple[tuple[str, IntArray], ...]

    @property
    def count(self) -> int:
        return int(self.transformed.shape[1])

    @property
    def stacked(self) -> csr_matrix:
        return csr_matrix(vstack([self.transformed, self.level]))


def instrument_matrix(design: GmmDesign, choice: GmmChoice, equations: Equations) -> InstrumentMatrix:
    """All instruments, without columns that are zero in every row or that repeat other own instruments.

    Raises
    ------
    EstimationError: E533 for lags that are none, or a gmm(...) that yields no instrument.
    """
    r, rows = equations.D.shape
    level_rows = rows if choice.system else 0
    blocks: list[Block] = []
    for spec in design.gmm:
        last = "last" if spec.last is None else spec.last
        label = f"gmm({spec.name}, lags = {spec.first}..{last})"
        if spec.first < 0 or (spec.last is not None and spec.last < spec.first):
            raise EstimationError("E533", f"{label} has no lags")
        made = _lagged_levels(design, spec, choice, equations)
        if not made.shape[1]:
            raise EstimationError("E533", f"{label} yields no instrument: no period used reaches so far back")
        blocks.append(Block((label,), made, csr_matrix((level_rows, made.shape[1]))))
        if choice.system:
            change = _lagged_changes(design, spec, choice, equations)
            blocks.append(Block((label, LEVELS), csr_matrix((r, change.shape[1])), change))
    own = _own(design, choice, equations)
    if own is not None:
        blocks.append(own)
    if not blocks:
        raise EstimationError("E533", f"{design.outcome} has no instruments")
    subsets: dict[str, list[int]] = {}
    at = 0
    for block in blocks:
        end = at + block.transformed.shape[1]
        for name in block.subsets:
            subsets.setdefault(name, []).extend(range(at, end - block.constant))
        at = end
    return InstrumentMatrix(
        csr_matrix(hstack([block.transformed for block in blocks])),
        csr_matrix(hstack([block.level for block in blocks])),
        tuple((name, np.array(columns, dtype=np.int64)) for name, columns in subsets.items() if columns),
    )


def _lagged_levels(design: GmmDesign, spec: LevelInstruments, choice: GmmChoice, equations: Equations) -> csr_matrix:
    """(r, .) a column for each period and lag, or for each lag when collapsed."""
    span = int(max(design.period.codes.max(), equations.period.max())) + 1
    last = span - 1 if spec.last is None else min(spec.last, span - 1)
    row, key, value = [], [], []
    for lag in range(spec.first, last + 1):
        found = _at(design, spec.values, equations.rows, equations.unit, equations.period - lag)
        used = np.flatnonzero(np.isfinite(found) & (found != 0))
        row.append(used)
        key.append(np.full(len(used), lag) if choice.collapse else equations.period[used] * span + lag)
        value.append(found[used])
    return _matrix(row, key, value, equations.D.shape[0])


def _lagged_changes(design: GmmDesign, spec: LevelInstruments, choice: GmmChoice, equations: Equations) -> csr_matrix:
    """(l, .) the change dated t - first + 1 in the level equation, a column for each period or one when collapsed."""
    lag = max(spec.first - 1, 0)
    unit, period = equations.level_unit, equations.level_period
    now, before = (_at(design, spec.values, equations.rows, unit, period - lag - back) for back in (0, 1))
    change = now - before
    used = np.flatnonzero(np.isfinite(change) & (change != 0))
    key = np.zeros(len(used), dtype=np.int64) if choice.collapse else period[used]
    return _matrix([used], [key], [change[used]], len(unit))


def _at(design: GmmDesign, values: FloatArray, rows: IntArray, unit: IntArray, period: IntArray) -> FloatArray:
    """Values of the panel at units (numbered over complete rows) and periods; NaN where the panel has no such row."""
    original = np.unique(design.unit.codes[rows])[unit]
    span = int(design.period.codes.max()) + 1
    keys = design.unit.codes.astype(np.int64) * span + design.period.codes
    wanted = original * span + period
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    hit = (keys[place] == wanted) & (period >= 0) & (period < span)
    return np.where(hit, values[place], np.nan)


def _matrix(row: list[IntArray], key: list[IntArray], value: list[FloatArray], rows: int) -> csr_matrix:
    if not row:
        return csr_matrix((rows, 0))
    known, column = np.unique(np.concatenate(key), return_inverse=True)
    return csr_matrix((np.concatenate(value), (np.concatenate(row), column.reshape(-1))), shape=(rows, len(known)))


def _own(design: GmmDesign, choice: GmmChoice, equations: Equations) -> Block | None:
    names: list[str] = []
    upper, lower = [], []
    blocks = [(own.names, own.values[equations.rows], own.equation) for own in design.own]
    if choice.system and design.constant:
        blocks.append(((CONSTANT,), np.ones((len(equations.rows), 1)), "level"))
    for own_names, values, equation in blocks:
        moved = equations.D @ values
        if equation == "level" and not choice.system:
            raise EstimationError("E533", f"{', '.join(own_names)}: difference GMM has no level equation")
        names += own_names
        upper.append(np.zeros_like(moved) if equation == "level" else moved)
        if choice.system:
            lower.append(np.zeros_like(values) if equation == "transformed" else values)
    if not names:
        return None
    columns = np.hstack(upper)
    if choice.system:
        columns = np.vstack([columns, np.hstack(lower)])
    rounding = np.sqrt(np.square(np.hstack([b[1] for b in blocks])).sum(axis=0)) * 1e-3
    kept, _ = independent(columns, tuple(names), rounding, lambda _: "")
    if not kept:
        return None
    r, used = equations.D.shape[0], columns[:, kept]
    level = csr_matrix(used[r:]) if choice.system else csr_matrix((0, len(kept)))
    return Block((OWN,), csr_matrix(used[:r]), level, names[kept[-1]] == CONSTANT)


def pairs(unit: IntArray, period: IntArray, m: int) -> tuple[IntArray, IntArray]:
    """Rows that have a row of their unit m periods before, and those rows."""
    before = lagged_rows(unit, period, m)
    later = np.flatnonzero(before >= 0)
    return later, before[later]
