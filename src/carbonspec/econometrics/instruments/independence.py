"""Which columns can stand beside each other: exact and near linear dependence, later columns left out first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.least_squares import TOLERANCE


def independent(
    A: FloatArray, names: tuple[str, ...], norms: FloatArray, vanished: Callable[[int], str], first: int = 0
) -> tuple[list[int], dict[int, str]]:
    """Columns of A (n, q) that are kept, in order, and the reason for each other one.

    Parameters
    ----------
    norms: (q,) what each column measured before effects were taken out; below `TOLERANCE` of it a column has vanished.
    vanished: the reason to give for such a column.
    first: so many leading columns are known to be independent.
    """
    size = np.sqrt(np.square(A).sum(axis=0))
    basis = np.zeros((len(A), 0))
    kept: list[int] = []
    reasons: dict[int, str] = {}
    for j, name in enumerate(names):
        if size[j] <= TOLERANCE * norms[j] or size[j] == 0:
            reasons[j] = vanished(j)
            continue
        column = A[:, j] / size[j]
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        left = float(np.sqrt(rest @ rest))
        if j >= first and (left < TOLERANCE or len(kept) >= len(A)):
            shares = np.linalg.lstsq(A[:, kept] / size[kept], column, rcond=None)[0]
            with_ = [names[kept[i]] for i in np.flatnonzero(np.abs(shares) > 1e-6) if names[kept[i]] != name]
            reasons[j] = f"collinear with {', '.join(with_)}" if with_ else "collinear with the others"
            continue
        basis = np.column_stack([basis, rest / left])
        kept.append(j)
    return kept, reasons
