"""`winsorize` and `trim`: limits from the sample, by groups, applied to all rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonspec.diagnostics.model import DataError
from carbonspec.econometrics.quantiles import group_quantiles
from carbonspec.engine import problems
from carbonspec.engine.columns import evaluate
from carbonspec.engine.keys import combine, encode
from carbonspec.engine.table import Column, FloatArray, Text, show_number
from carbonspec.lang.spec import Winsorize
from carbonspec.report.run import LedgerEntry

if TYPE_CHECKING:
    from carbonspec.engine.frame import PanelData


@dataclass(frozen=True)
class Limited:
    """A variable after its limits, and the line for the ledger: cells of the sample that were changed."""

    values: FloatArray
    entry: LedgerEntry


def limited(data: PanelData, name: str, statement: Winsorize, before: Column) -> Limited:
    """The values of a variable after `winsorize` (set to the limits) or `trim` (set to missing beyond them).

    Limits are quantiles (type 2 unless the statement says otherwise) of the sample, by groups where it says `by`;
    rows outside the sample get the same limits. Missing stays missing.

    Raises
    ------
    DataError: E424 for text, for the panel's keys, and for columns that hold only 0 and 1.
    """
    values = _allowed(data, name, statement, before)
    if statement.by:
        keys = [encode(evaluate(key, data, data.sample)) for key in statement.by]
        codes, count = combine(keys)
    else:
        codes, count = np.zeros(data.rows, dtype=np.int64), 1
    pooled = np.where(data.sample, codes, -1)
    limits = group_quantiles(values, pooled, count, (statement.lower, statement.upper), statement.quantile)
    low, high = (np.append(limit, np.nan)[codes] for limit in limits)  # code -1 finds the NaN
    under, over = values < low, values > high  # False where a limit or the value is missing
    trim = statement.kind == "trim"
    result = np.where(under, np.nan if trim else low, np.where(over, np.nan if trim else high, values))
    below, above = int((under & data.sample).sum()), int((over & data.sample).sum())
    rows = int(data.sample.sum())
    if statement.by:
        reason = f"{below} below and {above} above the limits of their group"
    else:
        reason = f"{below} below {_short(low[0])}, {above} above {_short(high[0])}"
    if trim:
        reason += ", set to missing"
    entry = LedgerEntry(f"{statement.kind} {name}", rows, rows, reason, name, below + above)
    return Limited(result, entry)


def _short(value: float) -> str:
    return show_number(float(f"{value:.6g}")) if np.isfinite(value) else "none"


def _allowed(data: PanelData, name: str, statement: Winsorize, before: Column) -> FloatArray:
    kind, span = statement.kind, statement.span
    if isinstance(before, Text):
        raise DataError((problems.not_winsorized(kind, name, "it is text", span),))
    panel = data.panel
    if name in (*panel.id, panel.time):
        raise DataError((problems.not_winsorized(kind, name, "it is a key of the panel", span),))
    inside = before[data.sample]
    inside = inside[~np.isnan(inside)]
    if inside.size and np.isin(inside, (0.0, 1.0)).all():
        raise DataError((problems.not_winsorized(kind, name, "it is 0 or 1 in every row of the sample", span),))
    return before
