"""Outcome and regressors without their fixed effects, and the moments that statistics need of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbonspec.econometrics.absorb import Means
from carbonspec.econometrics.design import Design, FloatArray
from carbonspec.econometrics.grouping import ascending, group_mass, group_sums, same, sorted_means, starts
from carbonspec.econometrics.moments import column_sums, moments
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.sample import Sample, check_finite


@dataclass(frozen=True)
class Within:
    """Columns (x, y), y last: `columns` (n, q) without the effects, `gram` their weighted cross-products if known;
    of the columns as they came, the mean (q,), the centred cross-products (q, q) and the means by unit (N, q)."""

    columns: FloatArray
    gram: FloatArray | None
    mean: FloatArray
    centred: FloatArray
    unit_means: FloatArray


def take_effects_out(design: Design, sample: Sample, projection: Projection, shared: bool) -> Within:
    """The columns of a sample without the effects; `shared` keeps them in the projection under their names.

    Raises EstimationError E508 for values that are not finite.
    """
    solver = projection.solver
    k = len(design.terms)
    Z = np.empty((sample.n, k + 1))
    if not shared and isinstance(solver, Means) and solver.compiled and _by_unit(solver, sample):
        first = solver.first_pass(sample.X, sample.y, Z)
        check_finite(design, sample, column_sums(first.means))
        gram = solver.second_pass(first)
        if first.gram is not None:
            mean, between = moments(first.means, solver.mass)
            return Within(Z, gram, mean, first.gram + between, first.means)
        return Within(Z, gram, *moments(np.column_stack([sample.X, sample.y]), sample.weights), first.means)
    Z[:, :k], Z[:, k] = sample.X, sample.y
    check_finite(design, sample, column_sums(Z))
    mean, centred = moments(Z, sample.weights)
    unit_means = _unit_means(sample, Z)
    if not shared:
        return Within(projection.demean(Z), None, mean, centred, unit_means)
    names = (*design.terms, design.outcome)
    return Within(projection.within_columns(names, design.X, design.y), None, mean, centred, unit_means)


def _unit_means(sample: Sample, Z: FloatArray) -> FloatArray:
    unit, mass = sample.unit, group_mass(sample.unit, sample.weights)
    if ascending(unit.codes):
        return sorted_means(starts(unit.sizes), mass, Z, sample.weights, out=False)
    return group_sums(unit.codes, unit.count, Z, sample.weights) / mass[:, None]


def _by_unit(solver: Means, sample: Sample) -> bool:
    return same(solver.absorbed.groups, sample.unit)
