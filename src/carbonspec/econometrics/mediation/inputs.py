"""The columns of a mediation analysis, and the one sample all its equations share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.design import Design, Effect, FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import compact
from carbonspec.econometrics.mediation.paths import Arrows, Paths
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import Dropped, EstimationError

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Inputs:
    """Columns (n,) by name, of rows sorted by unit then period; missing values (NaN) are left out by `common_sample`.

    `controls`, `effects`, `clusters` and `weights` enter every equation. `clusters` are those of the standard errors
    of the columns; what a bootstrap draws is said in its settings.
    """

    columns: Mapping[str, FloatArray]
    controls: tuple[str, ...]
    unit: Groups
    period: Groups
    effects: tuple[Effect, ...] = ()
    clusters: tuple[Groups, ...] = ()
    weights: FloatArray | None = None
    constant: bool = True
    singletons: str = "drop"

    def design(self, arrows: Arrows, extra: tuple[str, ...]) -> Design:
        """One equation as a regression; the controls, then `extra`, stand after its own regressors."""
        terms = (*arrows.regressors, *(c for c in (*self.controls, *extra) if c not in arrows.regressors))
        return Design(
            outcome=arrows.outcome,
            y=self.columns[arrows.outcome],
            terms=terms,
            X=np.column_stack([self.columns[term] for term in terms]),
            unit=self.unit,
            period=self.period,
            constant=self.constant,
            effects=self.effects,
            clusters=self.clusters,
            weights=self.weights,
            singletons=self.singletons,
        )


@dataclass(frozen=True)
class Common:
    """The complete rows: their inputs, which rows they are (None for all), what was left out, and the projection that
    all equations share (None without effects)."""

    inputs: Inputs
    keep: IntArray | None
    dropped: tuple[Dropped, ...]
    projection: Projection | None


def common_sample(inputs: Inputs, paths: Paths) -> Common:
    """The rows on which every variable of the paths and every control is known, less singletons of the effects.

    Raises EstimationError E550 for a control that is in the path, E507 when no row is left, E552 for a variable of the
    path that does not vary, E551 for two that are the same up to scale.
    """
    names = tuple(dict.fromkeys((*paths.variables, *inputs.controls)))
    for name in names:
        if name not in inputs.columns:
            raise EstimationError("E550", f"there is no column {name}")
    for name in inputs.controls:
        if name in paths.variables and name not in paths.beside:
            raise EstimationError("E550", f"{name} is in the path {paths} and among its controls")
    controls = tuple(name for name in dict.fromkeys(inputs.controls) if name not in paths.beside)
    inputs = replace(inputs, columns={name: inputs.columns[name] for name in names}, controls=controls)
    keep, dropped = _complete(inputs, names)
    inputs = _taken(inputs, keep)
    projection = None
    if inputs.effects:
        projection = Projection(inputs.effects, inputs.weights, inputs.singletons)
        dropped = (*dropped, *projection.dropped)
        if projection.keep is not None:
            keep = projection.keep if keep is None else keep[projection.keep]
            inputs = _taken(inputs, projection.keep)
            projection = Projection(inputs.effects, inputs.weights, "keep")
    _check_variation(inputs, paths)
    made = {name: inputs.columns[a] * inputs.columns[b] for name, (a, b) in paths.products}
    inputs = replace(inputs, columns={**inputs.columns, **made}, singletons="keep")
    return Common(inputs, keep, dropped, projection)


def _complete(inputs: Inputs, names: tuple[str, ...]) -> tuple[IntArray | None, tuple[Dropped, ...]]:
    """Rows without a missing value, None for all; a row counts under the first variable that it lacks."""
    n = len(inputs.columns[names[0]])
    known = np.ones(n, dtype=bool)
    dropped = []
    for name in names:
        present = ~np.isnan(inputs.columns[name])
        lost = int(np.count_nonzero(known & ~present))
        known &= present
        if lost:
            dropped.append(Dropped(f"{name} missing", lost))
        if not known.any():
            if not present.any():
                raise EstimationError("E507", f"no complete rows are left: {name} is missing in all {n} rows")
            raise EstimationError("E507", f"no complete rows are left of {n}: none has every variable up to {name}")
    return (None if known.all() else np.flatnonzero(known)), tuple(dropped)


def _taken(inputs: Inputs, keep: IntArray | None) -> Inputs:
    if keep is None:
        return inputs
    known: dict[int, Groups] = {}

    def groups(old: Groups) -> Groups:
        key = id(old.codes)
        if key not in known:
            known[key] = compact(old, keep)
        return known[key]

    period = inputs.period
    return replace(
        inputs,
        columns={name: column[keep] for name, column in inputs.columns.items()},
        unit=groups(inputs.unit),
        period=Groups(period.name, period.codes[keep], period.count),
        effects=tuple(
            replace(e, groups=groups(e.groups), slopes=None if e.slopes is None else e.slopes[keep])
            for e in inputs.effects
        ),
        clusters=tuple(groups(g) for g in inputs.clusters),
        weights=None if inputs.weights is None else inputs.weights[keep],
    )


def _check_variation(inputs: Inputs, paths: Paths) -> None:
    centred = {}
    for name in (paths.treatment, *paths.mediators, paths.outcome):
        column = inputs.columns[name]
        if not np.isfinite(column).all():
            raise EstimationError("E508", f"{name} has values that are infinite")
        rest = column - column.mean()
        size = float(np.linalg.norm(rest))
        if size <= 1e-13 * float(np.linalg.norm(column)):
            role = "mediator" if name in paths.mediators else "treatment" if name == paths.treatment else "outcome"
            raise EstimationError("E552", f"the {role} {name} is {column[0]:g} in every row")
        centred[name] = rest / size
    explaining = (paths.treatment, *paths.mediators)
    for i, name in enumerate(explaining):
        for other in explaining[:i]:
            gap = centred[name] - float(centred[name] @ centred[other]) * centred[other]
            if float(np.linalg.norm(gap)) <= TOLERANCE:
                same = np.array_equal(inputs.columns[name], inputs.columns[other])
                how = "has the same values as" if same else "is a linear function of"
                raise EstimationError("E551", f"{name} {how} {other}: their effects cannot be told apart")
