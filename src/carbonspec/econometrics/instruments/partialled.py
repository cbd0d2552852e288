"""A regression with instruments after constant, fixed effects, and what cannot stay are taken out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from carbonspec.econometrics.design import Design, FloatArray, Groups
from carbonspec.econometrics.instrumented import Instruments
from carbonspec.econometrics.instruments.independence import independent
from carbonspec.econometrics.least_squares import TOLERANCE, norm_before, nothing_left
from carbonspec.econometrics.moments import column_sums, moments
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError, Notice, Omitted
from carbonspec.econometrics.sample import Sample, check_finite, take


@dataclass(frozen=True)
class Partialled:
    """Columns on the rows used, without constant and effects: y (n,), X (n, k) in formula order, Z (n, m) the excluded
    instruments; `endogenous` (k,) says which of X are. `mean` (k + 1,) are the means of X and y as they came, `total`
    the weighted sum of squares of y. `parameters` counts what was taken out."""

    design: Design
    sample: Sample
    projection: Projection | None
    terms: tuple[str, ...]
    instruments: tuple[str, ...]
    y: FloatArray
    X: FloatArray
    Z: FloatArray
    endogenous: NDArray[np.bool_]
    mean: FloatArray
    total: float
    raw_total: float
    omitted: tuple[Omitted, ...]
    notices: tuple[Notice, ...]
    full: Design

    @property
    def parameters(self) -> int:
        return self.projection.parameters if self.projection else int(self.design.constant)

    def parameters_outside(self, clusters: tuple[Groups, ...]) -> int:
        return self.projection.parameters_outside(clusters) if self.projection else int(self.design.constant)

    @property
    def root(self) -> FloatArray:
        """(n, 1) roots of the weights, 1 without weights."""
        weights = self.sample.weights
        return np.ones((self.sample.n, 1)) if weights is None else np.sqrt(weights)[:, None]

    def second(self, outcome: str, columns: tuple[str, ...]) -> Design:
        """The design of an auxiliary regression on the same rows: `outcome` on `columns`, both names of the columns
        that came."""
        names = (*self.full.terms, self.full.outcome)
        data = np.column_stack([self.full.X, self.full.y])
        at = [names.index(name) for name in columns]
        return replace(self.full, outcome=outcome, y=data[:, names.index(outcome)], terms=columns, X=data[:, at])


def partialled(design: Design, instruments: Instruments, projection: Projection | None) -> Partialled:
    """Take out constant and effects, leave out what is collinear or absorbed, and check that enough is left.

    Raises
    ------
    EstimationError: E530 not identified, E533 instruments that fit no regressor, E501, E503, E507, E508.
    """
    _check_names(design, instruments)
    if projection is None and design.effects:
        projection = Projection(design.effects, design.weights, design.singletons)
    sample = take(design, projection.keep if projection else None)
    extra = [j for j, name in enumerate(instruments.terms) if name not in design.terms]
    names = tuple(instruments.terms[j] for j in extra)
    full = replace(
        design, terms=(*design.terms, *names), X=np.column_stack([design.X, instruments.Z[:, extra]]).astype(np.float64)
    )
    data = take(full, projection.keep if projection else None)
    columns = np.column_stack([data.X, data.y])
    check_finite(full, data, column_sums(columns))
    mean, gram = moments(columns, sample.weights)
    raw_total = float(gram[-1, -1])
    if projection:
        Z = np.array(projection.within_columns((*full.terms, full.outcome), full.X, full.y))
    elif design.constant:
        Z = columns - mean
    else:
        Z = columns
        weighted = np.square(columns) if sample.weights is None else np.square(columns) * sample.weights[:, None]
        gram = np.diag(weighted.sum(axis=0))
        mean = np.zeros_like(mean)
        raw_total = float(gram[-1, -1])
    norms = norm_before(mean, gram.diagonal(), len(Z))
    root = np.ones((len(Z), 1)) if sample.weights is None else np.sqrt(sample.weights)[:, None]
    A = Z * root
    total = float(A[:, -1] @ A[:, -1])
    if np.sqrt(total) <= TOLERANCE * norms[-1]:
        where = "within the fixed effects" if projection else "in these rows"
        raise EstimationError("E503", f"{design.outcome} does not vary {where}")

    def vanished(j: int) -> str:
        if projection:
            return f"absorbed by {projection.absorber(data.X[:, j])}"
        return "constant" if design.constant else "zero in every row"

    k = len(design.terms)
    kept, why = independent(A[:, :k], design.terms, norms[:k], vanished)
    omitted = tuple(Omitted(design.terms[j], why[j]) for j in sorted(why))
    if not kept:
        raise nothing_left(design.terms, omitted)
    inside = [j for j in kept if design.terms[j] not in instruments.endogenous]
    outside = list(range(k, k + len(names)))
    order = inside + outside
    labels = tuple(full.terms[j] for j in order)
    chosen, lost = independent(A[:, order], labels, norms[order], lambda i: vanished(order[i]), first=len(inside))
    excluded = [order[i] for i in chosen if order[i] >= k]
    notices = [
        Notice("W532", f"instrument {labels[i]} left out: {reason}", labels[i]) for i, reason in sorted(lost.items())
    ]
    notices += [
        Notice("W532", f"instrument {name} left out: it is among the regressors", name)
        for name in instruments.terms
        if name in design.terms
    ]
    terms = tuple(design.terms[j] for j in kept)
    flags = np.array([term in instruments.endogenous for term in terms])
    if not flags.any():
        gone = "; ".join(f"{o.term}: {o.reason}" for o in omitted if o.term in instruments.endogenous)
        raise EstimationError("E530", f"no endogenous regressor is left ({gone})")
    if len(excluded) < flags.sum():
        raise EstimationError("E530", _short(terms, flags, [full.terms[j] for j in excluded], notices))
    return Partialled(
        design=design,
        sample=sample,
        projection=projection,
        terms=terms,
        instruments=tuple(full.terms[j] for j in excluded),
        y=Z[:, -1],
        X=np.ascontiguousarray(Z[:, kept]),
        Z=np.ascontiguousarray(Z[:, excluded]),
        endogenous=flags,
        mean=mean[[*kept, len(mean) - 1]],
        total=total,
        raw_total=raw_total,
        omitted=omitted,
        notices=tuple(notices),
        full=full,
    )


def _check_names(design: Design, instruments: Instruments) -> None:
    if not instruments.endogenous:
        raise EstimationError("E533", "no regressor is instrumented")
    for term in instruments.endogenous:
        if term not in design.terms:
            raise EstimationError("E533", f"{term} is instrumented but is no regressor of {design.outcome}")
    if instruments.Z.shape != (len(design.y), len(instruments.terms)):
        raise ValueError(f"instruments have shape {instruments.Z.shape}")
    for name in instruments.terms:
        if name in instruments.endogenous or name == design.outcome:
            raise EstimationError("E533", f"{name} cannot be an instrument: the model treats it as endogenous")


def _short(terms: tuple[str, ...], flags: NDArray[np.bool_], left: list[str], notices: list[Notice]) -> str:
    endogenous = [term for term, flag in zip(terms, flags, strict=True) if flag]
    why = "; ".join(notice.message for notice in notices)
    have = f"{len(left)} instrument{'' if len(left) == 1 else 's'}"
    return f"{have} for {len(endogenous)} endogenous ({', '.join(endogenous)})" + (f": {why}" if why else "")
