"""A coefficient against those of placebo regressors: a variable dealt out anew among the units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from carbonspec.econometrics.design import Design, FloatArray
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.projection import Projection
from carbonspec.econometrics.results import EstimationError, Notice
from carbonspec.econometrics.sample import take

TEST = "Placebo"
CELLS = 1 << 21
"""Numbers held at a time while placebo regressors are projected."""

Columns = Callable[[int], FloatArray]
"""(n, m) the m columns of X that depend on the variable, in placebo draw number b."""


def run(
    design: Design,
    term: str,
    changed: tuple[str, ...],
    columns: Columns,
    draws: int,
    what: str,
    how: str,
    exact: bool = False,
) -> TestReport:
    """The share of draws whose coefficient of `term` is at least as large in absolute value: (1 + #)/(draws + 1).

    Parameters
    ----------
    exact: the draws are all ways to deal out, the observed one among them: the share is #/draws.
    changed: the terms whose columns the draws replace, `term` among them.
    what: the variable; how: what is drawn, for the row's convention.

    Raises
    ------
    EstimationError: E523 no draw, E513 weights, E501 a coefficient that is not identified, E521 no draw that is.
    """
    if design.weights is not None:
        raise EstimationError("E513", "this test takes no weights")
    if draws < 1:
        raise EstimationError("E523", f"a placebo test needs at least one draw, not {draws}")
    place = [design.terms.index(name) for name in changed]
    others = [j for j in range(len(design.terms)) if j not in place]
    sample = take(design)
    outside = _Outside(design, np.column_stack([design.X[:, others], design.y]))
    target = changed.index(term)
    observed = float(outside.slopes(design.X[:, place][None])[0, target])
    if np.isnan(observed):
        raise EstimationError("E501", f"{term} has no coefficient: the effects or the other regressors explain it")
    n, m = len(design.y), len(changed)
    step = max(1, CELLS // (n * m))
    found = []
    for at in range(0, draws, step):
        made = np.stack([columns(b) for b in range(at, min(at + step, draws))])
        found.append(outside.slopes(made)[:, target])
    stars = np.concatenate(found)
    usable = stars[~np.isnan(stars)]
    if not len(usable):
        raise EstimationError("E521", f"no draw of {what} has a coefficient of {term}")
    notices: tuple[Notice, ...] = ()
    if len(usable) < draws:
        notices = (Notice("W521", f"{TEST}: {draws - len(usable)} of {draws} draws had no estimate"),)
    more = int(np.count_nonzero(np.abs(usable) >= abs(observed) * (1 - 1e-9)))
    facts = sample.facts()
    dealt = f"all {len(usable)} ways to deal out" if exact else f"{len(usable)} draws of"
    row = TestResult(
        test=TEST,
        statistic="permutation",
        value=observed,
        p_value=more / len(usable) if exact else (1 + more) / (len(usable) + 1),
        reference="permutation",
        null=f"{term} has no effect on any unit, so that {what} could as well be another unit's",
        alternative="it has",
        tail="two-sided",
        variable=term,
        n=facts["n"],
        n_units=facts["n_ids"],
        t_min=facts["t_min"],
        t_max=facts["t_max"],
        convention=f"{dealt} {how}; effects and other regressors as they are",
        notices=notices,
        details={
            "estimate": observed,
            "mean of the draws": float(usable.mean()),
            "standard deviation of the draws": float(usable.std(ddof=1)) if len(usable) > 1 else 0.0,
        },
    )
    return TestReport((row,), draws={term: usable})


class _Outside:
    """Regressions of y on varying columns beside fixed ones: effects and the others are taken out once."""

    def __init__(self, design: Design, fixed: FloatArray) -> None:
        self.projection = Projection(design.effects, None, "keep") if design.effects else None
        self.constant = design.constant and self.projection is None
        Z = self._demeaned(fixed)
        others, self.y = Z[:, :-1], Z[:, -1]
        size = np.linalg.norm(others, axis=0)
        others = others[:, size > 1e-9 * np.maximum(np.linalg.norm(fixed[:, :-1], axis=0), 1e-300)]
        self.Q = np.empty((len(self.y), 0))
        if others.shape[1]:
            U, s, _ = np.linalg.svd(others / np.linalg.norm(others, axis=0), full_matrices=False)
            self.Q = U[:, s > 1e-10 * s[0]]
        self.y = self.y - self.Q @ (self.Q.T @ self.y)

    def _demeaned(self, Z: FloatArray) -> FloatArray:
        Z = np.ascontiguousarray(Z, dtype=np.float64)
        if self.projection is not None:
            return self.projection.demean(Z.copy())
        return Z - Z.mean(axis=0) if self.constant else Z

    def slopes(self, made: FloatArray) -> FloatArray:
        """(draws, m) coefficients of columns (draws, n, m); NaN where one is not identified."""
        B, n, m = made.shape
        flat = self._demeaned(np.moveaxis(made, 0, 1).reshape(n, B * m))
        flat = flat - self.Q @ (self.Q.T @ flat)
        X = flat.reshape(n, B, m)
        G = np.einsum("nbi,nbj->bij", X, X)
        c = np.einsum("nbi,n->bi", X, self.y)
        before = np.square(made).sum(axis=1)
        own = np.einsum("bii->bi", G)
        bad = (own <= 1e-12 * before).any(axis=1)
        size = np.sqrt(np.where(own > 0, own, 1.0))
        R = G / (size[:, :, None] * size[:, None, :])
        R[bad] = np.eye(m)
        bad |= np.linalg.eigvalsh(R)[:, 0] <= 1e-10
        R[bad] = np.eye(m)
        b = np.linalg.solve(R, (c / size)[:, :, None])[:, :, 0] / size
        b[bad] = np.nan
        return np.asarray(b)
