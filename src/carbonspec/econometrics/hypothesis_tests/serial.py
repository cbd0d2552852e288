"""Serial correlation of the errors: Wooldridge (2002, 10.6.3), as Drukker's (2003) xtserial."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from carbonspec.econometrics.design import Design
from carbonspec.econometrics.hypothesis_tests.distributions import f_right
from carbonspec.econometrics.hypothesis_tests.regressions import beside_unit, dummies_beside_unit, least_squares
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.moments import column_sums
from carbonspec.econometrics.results import EstimationError, Notice
from carbonspec.econometrics.sample import check_finite, take


def run(design: Design) -> TestReport:
    """F(1, G - 1) that residuals of the regression in first differences have autocorrelation -1/2.

    Differences are taken between adjacent periods, without a constant; residuals are regressed on those of the period
    before, without a constant, with clustered errors (G/(G-1)·(m-1)/(m-1), K = 1). Effects other than the unit's are
    dummies among the regressors, differenced like these.

    Raises
    ------
    EstimationError: E522 no unit has three periods in a row, E520 one unit, E501 no regressor varies, E513 weights,
        E515 varying slopes.
    """
    if design.weights is not None:
        raise EstimationError("E513", "this test takes no weights")
    dummies, names = dummies_beside_unit(design, "this test")
    wide = replace(design, X=np.hstack([design.X, dummies]), terms=(*design.terms, *names), effects=())
    sample = take(wide)
    order = np.lexsort((sample.period.codes, sample.unit.codes))
    unit, period = sample.unit.codes[order], sample.period.codes[order]
    Z = np.column_stack([sample.X, sample.y])
    check_finite(wide, sample, column_sums(Z))
    Z = Z[order]
    later = np.flatnonzero((unit[1:] == unit[:-1]) & (np.diff(period) == 1)) + 1
    change = Z[later] - Z[later - 1]
    # A change that is rounding beside the level counts as none.
    change[:, np.sqrt(np.square(change).sum(axis=0)) <= 1e-9 * np.sqrt(np.square(Z[later]).sum(axis=0))] = 0.0
    pair = np.flatnonzero(np.diff(later) == 1) + 1
    if not len(pair):
        raise EstimationError("E522", "no unit has three periods in a row: changes have no changes before them")
    u = change[:, -1]
    if wide.terms:
        u = least_squares(change, wide.terms).residuals
    now, before, codes = u[pair], u[pair - 1], unit[later[pair]]
    units = np.unique(codes)
    G = len(units)
    if G < 2:
        raise EstimationError("E520", "the errors of the test are clustered by unit, and only one unit is left")
    square = float(before @ before)
    if square == 0:
        raise EstimationError("E503", f"the changes of {design.outcome} are explained without error")
    slope = float(before @ now) / square
    scores = np.bincount(codes, before * (now - slope * before))
    se = float(np.sqrt(G / (G - 1) * (scores @ scores))) / square
    if se == 0:
        raise EstimationError("E503", "the residuals of the test are explained without error")
    value = ((slope + 0.5) / se) ** 2
    notices: tuple[Notice, ...] = ()
    left = sample.unit.count - G
    if left:
        message = f"{left} of {sample.unit.count} units have no three periods in a row and take no part"
        notices = (Notice("W520", message),)
    rows = np.bincount(codes)[units]
    others = beside_unit(design)
    with_others = f" with dummies of {others}," if others else ""
    return TestReport(
        (
            TestResult(
                test="Wooldridge",
                statistic="F",
                value=value,
                p_value=f_right(value, 1, G - 1),
                reference="F",
                null="no first-order autocorrelation of the errors",
                alternative="errors are autocorrelated",
                df=(1.0, float(G - 1)),
                variable=design.outcome,
                n=len(pair),
                n_units=G,
                t_min=int(rows.min()),
                t_max=int(rows.max()),
                lags=(1,),
                convention=f"first differences without constant,{with_others} clustered by unit, factor G/(G-1) "
                "(Stata xtserial)",
                notices=notices,
                details={"slope": slope, "standard error": se},
            ),
        )
    )
