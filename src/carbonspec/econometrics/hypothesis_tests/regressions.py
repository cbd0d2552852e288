"""What tests on a regression need of it: residuals, and the regressions of single units."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.design import Design, FloatArray, IntArray
from carbonspec.econometrics.grouping import same
from carbonspec.econometrics.hypothesis_tests.results import Excluded
from carbonspec.econometrics.hypothesis_tests.unit_series import UnitSeries, collect, deficient, triangles
from carbonspec.econometrics.least_squares import Solution, norm_before, solve
from carbonspec.econometrics.moments import column_sums, moments
from carbonspec.econometrics.projection import Projection, label
from carbonspec.econometrics.results import EstimationError, Notice
from carbonspec.econometrics.sample import Sample, check_finite, take


@dataclass(frozen=True)
class Residuals:
    """Residuals e (n,) of OLS on a design's effects (pooled where it has none), and their degrees of freedom."""

    e: FloatArray
    df: int
    sample: Sample


def residuals(design: Design) -> Residuals:
    """Residuals of a regression, singletons kept so that every row has one.

    Raises EstimationError as the estimators do.
    """
    if design.weights is not None:
        raise EstimationError("E513", "this test takes no weights")
    sample = take(design)
    Z = np.column_stack([sample.X, sample.y])
    check_finite(design, sample, column_sums(Z))
    mean, centred = moments(Z)
    norms = norm_before(mean, centred.diagonal(), sample.n)
    if design.effects:
        projection = Projection(design.effects, None, "keep")
        Z, parameters = projection.demean(np.ascontiguousarray(Z)), projection.parameters
    elif design.constant:
        Z, parameters = Z - mean, 1
    else:
        parameters = 0
    if not design.terms:
        return Residuals(np.ascontiguousarray(Z[:, -1]), sample.n - parameters, sample)
    absorbed = f"absorbed by fe({', '.join(map(label, design.effects))})" if design.effects else "constant"
    found = solve(np.ascontiguousarray(Z), Z.T @ Z, None, design.terms, norms[:-1], lambda _: absorbed)
    return Residuals(found.residuals, sample.n - parameters - len(found.b), sample)


def least_squares(columns: FloatArray, terms: tuple[str, ...]) -> Solution:
    """OLS of the last column on the others as they stand, collinear ones left out, later ones first."""
    return solve(
        np.ascontiguousarray(columns), columns.T @ columns, None, terms, np.zeros(len(terms)), lambda _: "zero"
    )


@dataclass(frozen=True)
class UnitRegressions:
    """Regressions of single units on a constant and X.

    triangles (N, k + 2, k + 2): R of the columns (1, X, y) of each unit; length (N,) rows.
    """

    series: UnitSeries
    triangles: FloatArray

    @property
    def length(self) -> IntArray:
        return self.series.length

    @property
    def within(self) -> FloatArray:
        """(N, k + 1, k + 1) R of (X, y) less their unit means."""
        return self.triangles[:, 1:, 1:]

    @property
    def ssr(self) -> FloatArray:
        """(N,) sums of squared residuals."""
        return np.square(self.triangles[:, -1, -1])


def by_unit(design: Design, spare: int = 1) -> UnitRegressions:
    """A regression for every unit with at least `spare` rows more than coefficients; others are excluded and named.

    Raises EstimationError E520 when no unit is left, E513 for weights.
    """
    if design.weights is not None:
        raise EstimationError("E513", "this test takes no weights")
    k = len(design.terms)
    Z = np.column_stack([design.X, design.y])
    shortest = k + 1 + spare
    more = beside_unit(design)
    told = (Notice("N524", f"the regressions of single units are without the effects of {more}"),) if more else ()
    series = collect(Z, design.unit, design.period, design.outcome, shortest=shortest, gaps=True, vary=())
    inside = series.inside(series.values.shape[1])
    R = triangles(np.concatenate([inside[:, :, None], series.values], axis=2))
    bad = deficient(R, k + 1)
    if bad.any():
        reasons = tuple(Excluded(int(series.units[i]), "with collinear regressors") for i in np.flatnonzero(bad))
        series = series.keep(np.flatnonzero(~bad), reasons)
    return UnitRegressions(replace(series, notices=series.notices + told), R[~bad])


def pooled_triangle(R: FloatArray) -> FloatArray:
    """(q, q) R of all rows behind triangles (N, q, q) together."""
    q = R.shape[2]
    return np.asarray(np.linalg.qr(R.reshape(-1, q), mode="r"))


def dummies_beside_unit(design: Design, test: str) -> tuple[FloatArray, tuple[str, ...]]:
    """Dummies (n, q) of a design's effects other than the unit's, one left out in each, and their names.

    Raises EstimationError E515, in the name of `test`, for varying slopes.
    """
    columns, terms = [np.empty((len(design.y), 0))], []
    for effect in design.effects:
        if effect.slopes is not None:
            raise EstimationError("E515", f"{test} takes no varying slopes")
        groups = effect.groups
        if same(groups, design.unit):
            continue
        used = np.flatnonzero(groups.sizes > 0)[1:]
        columns.append((groups.codes[:, None] == used).astype(np.float64))
        terms += [f"{groups.name}:{code}" for code in used.tolist()]
    return np.hstack(columns), tuple(terms)


def beside_unit(design: Design) -> str:
    """The names of a design's effects other than the unit's."""
    names = dict.fromkeys(label(e) for e in design.effects if e.slopes is not None or not same(e.groups, design.unit))
    return ", ".join(names)


def without_effects(design: Design) -> Design:
    """The design as a pooled regression."""
    return replace(design, effects=())
