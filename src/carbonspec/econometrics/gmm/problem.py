"""From the equations of a dynamic panel to the stacked rows that GMM works on, and the first step's weight."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.dynamic_design import GmmChoice, GmmDesign
from carbonspec.econometrics.gmm.equations import Equations
from carbonspec.econometrics.gmm.instruments import InstrumentMatrix
from carbonspec.econometrics.gmm.steps import Problem, Weight, inverse
from carbonspec.econometrics.instruments.independence import independent
from carbonspec.econometrics.least_squares import norm_before, nothing_left
from carbonspec.econometrics.linear import CONSTANT
from carbonspec.econometrics.results import Omitted


def regressors(
    design: GmmDesign, choice: GmmChoice, made: Equations
) -> tuple[tuple[str, ...], FloatArray, tuple[Omitted, ...]]:
    """Names and level columns (l, k) of the regressors that can be estimated; the constant of a system comes last."""
    X, names = design.X[made.rows], design.terms
    constant = choice.system and design.constant
    if constant:
        X, names = np.column_stack([np.ones(len(X)), X]), (CONSTANT, *names)
    moved = made.D @ X
    mean = X.mean(axis=0)
    norms = norm_before(mean, np.square(X - mean).sum(axis=0), len(X))
    zero = np.abs(X).max(axis=0) == 0

    def vanished(j: int) -> str:
        if zero[j]:
            return "zero in the rows used"
        return "constant over time: the transformation takes it out"

    kept, why = independent(np.vstack([moved, X]) if choice.system else moved, names, norms, vanished)
    omitted = tuple(Omitted(names[j], why[j]) for j in sorted(why))
    if not [j for j in kept if names[j] != CONSTANT]:
        raise nothing_left(design.terms, omitted)
    if constant:
        kept = [*kept[1:], 0]
    return tuple(names[j] for j in kept), np.ascontiguousarray(X[:, kept]), omitted


def stacked(design: GmmDesign, choice: GmmChoice, made: Equations, X: FloatArray, matrix: InstrumentMatrix) -> Problem:
    y = design.y[made.rows]
    upper_y, upper_X = made.D @ y, made.D @ X
    if not choice.system:
        return Problem(upper_y, upper_X, matrix.transformed, made.unit, made.units)
    return Problem(
        np.concatenate([upper_y, y]),
        np.vstack([upper_X, X]),
        matrix.stacked,
        np.concatenate([made.unit, made.level_unit]),
        made.units,
    )


def first_weight(choice: GmmChoice, made: Equations, matrix: InstrumentMatrix) -> Weight:
    """(sum Z_i'HZ_i)^-1. H of both equations is [D; I][D; I]', so that the sum is a cross-product of D'Z + Z."""
    if choice.weight not in (1, 2, 3):
        raise ValueError(f"no first-step weight {choice.weight}")
    if choice.weight == 1:
        A = _gram(matrix.transformed) + _gram(matrix.level)
    else:
        back = csr_matrix(made.D.T @ matrix.transformed)
        if choice.weight == 3 and choice.system:
            A = _gram(csr_matrix(back + matrix.level))
        else:
            A = _gram(back) + _gram(matrix.level)
    return inverse(A)


def _gram(Z: csr_matrix) -> FloatArray:
    return np.asarray((Z.T @ Z).toarray(), dtype=np.float64)
