"""Do two groups have different coefficients? By interaction, and with few clusters by the jackknife (CRV3)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from carbonspec.econometrics.design import CovarianceChoice, Design, Effect, FloatArray, Groups
from carbonspec.econometrics.estimators import fixed_effects
from carbonspec.econometrics.grouping import crossed
from carbonspec.econometrics.hypothesis_tests import unit_blocks
from carbonspec.econometrics.hypothesis_tests.distributions import t_two_sided
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.results import EstimationError, Notice

TEST = "Difference between groups"


def by_interaction(design: Design, groups: Groups, names: tuple[str, str]) -> TestReport:
    """For every regressor its coefficient in the second group less that in the first, and its t test.

    One regression in which the group interacts with every regressor and every fixed effect, clustered by unit (CRV1):
    its coefficients are those of the two samples estimated apart. Where each unit belongs to one group, a second row
    has the jackknife over units (CRV3), which holds up better with few clusters.

    Parameters
    ----------
    groups: two groups of rows; names: what to call them, in the order of their codes.

    Raises
    ------
    EstimationError: E525 not two groups; and those of the regression.
    """
    if groups.count != 2:
        raise EstimationError("E525", f"a difference is between two groups; {groups.name} has {groups.count}")
    second = groups.codes.astype(np.float64)[:, None]
    terms = tuple(f"{t} in {names[1]}" for t in design.terms)
    effects = tuple(
        Effect(crossed(e.groups, groups), e.slopes, e.slope_names, e.intercept) for e in design.effects
    ) or (Effect(groups),)
    wide = replace(
        design,
        X=np.hstack([design.X, design.X * second]),
        terms=(*design.terms, *terms),
        effects=effects,
        clusters=(design.unit,),
        singletons="keep",
    )
    fit = fixed_effects.fit(wide, CovarianceChoice("cluster"))
    jack = _jackknife(design, groups, names)
    rows: list[TestResult] = []
    told: list[str] = []
    for j, term in enumerate(design.terms):
        if terms[j] not in fit.terms or term not in fit.terms:
            told.append(term)
            continue
        at, own = fit.terms.index(terms[j]), fit.terms.index(term)
        value, se = float(fit.estimates[at]), float(fit.std_errors[at])
        first = float(fit.estimates[own])
        row = TestResult(
            test=TEST,
            statistic="t",
            value=value / se,
            p_value=t_two_sided(value / se, fit.df_reference),
            reference="t",
            null=f"{term} has the same coefficient in {names[0]} and {names[1]}",
            alternative="it differs",
            df=(float(fit.df_reference),),
            tail="two-sided",
            variable=term,
            n=fit.n,
            n_units=fit.n_ids,
            t_min=fit.t_min,
            t_max=fit.t_max,
            convention=f"every regressor and fixed effect interacted with {groups.name}; "
            f"clustered by {design.unit.name}, {fit.covariance.formula}, K = {fit.covariance.k}",
            notices=fit.notices,
            details={"difference": value, "standard error": se, names[0]: first, names[1]: first + value},
        )
        rows.append(row)
        if jack is not None and np.isfinite(jack[j]) and jack[j] > 0:
            ratio = value / float(jack[j])
            rows.append(
                replace(
                    row,
                    statistic="t, jackknife",
                    value=ratio,
                    p_value=t_two_sided(ratio, fit.df_reference),
                    default=False,
                    convention="the same, units left out one at a time (CRV3, (G-1)/G)",
                    details={**row.details, "standard error": float(jack[j])},
                )
            )
    if not rows:
        raise EstimationError("E525", f"no regressor has a coefficient in both groups ({', '.join(told)})")
    if told:
        notice = Notice("N525", f"{TEST}: no coefficient in one of the groups: {', '.join(told)}")
        rows = [replace(row, notices=(*row.notices, notice)) for row in rows]
    return TestReport(tuple(rows))


def _jackknife(design: Design, groups: Groups, names: tuple[str, str]) -> FloatArray | None:
    """(k,) CRV3 standard errors of the differences; None where units cannot be left out one at a time."""
    try:
        side = unit_blocks.sides(design.unit, groups, names)
        made = unit_blocks.columns(design)
    except EstimationError:
        return None
    G = unit_blocks.blocks(made, design.unit)
    total = np.stack([G[side == 0].sum(axis=0), G[side == 1].sum(axis=0)])
    whole = unit_blocks.slopes(total, made)
    without = unit_blocks.slopes(total[side] - G, made)
    N = len(side)
    change = (without - whole[side]) * np.where(side == 1, 1.0, -1.0)[:, None]
    return np.asarray(np.sqrt((N - 1) / N * np.square(change).sum(axis=0)))
