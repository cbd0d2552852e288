"""Rows counted by pairs of groups, with the sums of an outcome by group.

That is all the normal equations of two sets of dummies need; both add up over parts of the data, so a table larger than
memory is taken part by part.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.measures import demand_kernels

DENSE_CELLS = 1 << 24
"""Up to this many pairs the counts are a full table; beyond, only pairs that occur are kept."""

PENDING = 1 << 22
"""So many rows of pairs are collected before they are merged, where only pairs that occur are kept."""


class Crosstab:
    """Counts of rows by pair of groups and sums of y by group, added up over batches of rows.

    Parameters: `rows`, `columns` numbers of groups. `row_sums` (rows,) and `column_sums` (columns,) hold the sums.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self.row_sums, self.column_sums = np.zeros(rows), np.zeros(columns)
        self.dense = rows * columns <= DENSE_CELLS
        self._parts: Any = None
        self._full = np.zeros(rows * columns if self.dense else 0, dtype=np.int32)
        self._pairs: list[tuple[Any, Any]] = []
        self._pending = 0

    def add(self, p: Any, g: Any, y: FloatArray) -> None:
        """Count rows with groups p, g (m,) int32 and outcome y (m,)."""
        if self.dense and demand_kernels.worthwhile(len(y)):
            if self._parts is None:
                self._parts = demand_kernels.parts(self.rows, self.columns)
            demand_kernels.accumulate(p, g, y, self._parts)
            return
        self.row_sums += np.bincount(p, y, self.rows)
        self.column_sums += np.bincount(g, y, self.columns)
        keys = np.multiply(p, self.columns, dtype=np.int64)
        keys += g
        if not self.dense:
            self._pairs.append(np.unique(keys, return_counts=True))
            self._pending += len(self._pairs[-1][0])
            if self._pending > PENDING:
                self._merge()
        elif self._full.size <= 4 * len(y):
            self._full += np.bincount(keys, minlength=self._full.size)
        else:
            np.add.at(self._full, keys, np.int32(1))

    def _merge(self) -> None:
        keys, where = np.unique(np.concatenate([k for k, _ in self._pairs]), return_inverse=True)
        counts = np.bincount(where, np.concatenate([c for _, c in self._pairs]), len(keys)).astype(np.int64)
        self._pairs = [(keys, counts)]
        self._pending = 0

    def counts(self) -> Any:
        """(rows, columns) counts: an array where that is small, else scipy's csr."""
        if self._parts is not None:
            demand_kernels.add_up(self._parts, self._full, self.row_sums, self.column_sums)
            self._parts = None
        if self.dense:
            return self._full.reshape(self.rows, self.columns)
        from scipy.sparse import csr_matrix

        if not self._pairs:
            return csr_matrix((self.rows, self.columns))
        self._merge()
        keys, counts = self._pairs[0]
        shape = (self.rows, self.columns)
        return csr_matrix((counts.astype(np.float64), (keys // self.columns, keys % self.columns)), shape=shape)
