"""Sums by cell over batches of rows, where the cells are numbered but may be far more than those that occur."""

from __future__ import annotations

from typing import Any

import numpy as np

from carbonspec.econometrics.design import FloatArray, IntArray

DENSE = 1 << 23
"""Up to this many cells the sums are full arrays."""

PENDING = 1 << 21


class CellSums:
    """Sums of `columns` amounts by cell 0..space-1."""

    def __init__(self, space: int, columns: int) -> None:
        self.space, self.columns = space, columns
        self.full = np.zeros((columns, space)) if space <= DENSE else None
        self.keys = np.zeros(0, dtype=np.int64)
        self.sums = np.zeros((columns, 0))
        self._waiting: list[tuple[IntArray, FloatArray]] = []
        self._rows = 0

    def add(self, keys: IntArray, *amounts: FloatArray) -> None:
        """Add amounts (m,) each to the cells `keys` (m,)."""
        if self.full is not None and self.space <= 4 * len(keys):
            for total, amount in zip(self.full, amounts, strict=True):
                total += np.bincount(keys, amount, self.space)
        elif self.full is not None:
            for total, amount in zip(self.full, amounts, strict=True):
                np.add.at(total, keys, amount)
        else:
            self._waiting.append((keys, np.array(amounts)))
            self._rows += len(keys)
            if self._rows > PENDING:
                self._merge()

    def found(self) -> tuple[IntArray, Any]:
        """The cells in which something was added, ascending, and their sums (columns, cells)."""
        if self.full is not None:
            keys = np.flatnonzero((self.full != 0).any(axis=0)).astype(np.int64)
            return keys, self.full[:, keys]
        self._merge()
        return self.keys, self.sums

    def _merge(self) -> None:
        keys = np.concatenate([self.keys, *(k for k, _ in self._waiting)])
        amounts = np.concatenate([self.sums, *(a for _, a in self._waiting)], axis=1)
        self.keys, where = np.unique(keys, return_inverse=True)
        self.sums = np.array([np.bincount(where, amount, len(self.keys)) for amount in amounts])
        self._waiting, self._rows = [], 0
