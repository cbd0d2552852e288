"""Columns with instruments: two-stage least squares and GMM, and how a bootstrap makes them again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from carbonspec.econometrics.design import CovarianceChoice, Design
from carbonspec.econometrics.dynamic_design import GmmChoice, GmmDesign, SubsetTest
from carbonspec.econometrics.instrumented import Instruments
from carbonspec.econometrics.results import Fit
from carbonspec.engine.design import BuiltDesign
from carbonspec.engine.dynamic import dynamic_design
from carbonspec.engine.frame import PanelData
from carbonspec.lang.spec import Column, GmmOptions, Model

PLAIN = CovarianceChoice("iid")


@dataclass(frozen=True)
class Estimated:
    """A column's fit with what comes with it.

    `design` has the rows and groups that a bootstrap draws from; `again` fits `problem`, or the same on other rows.
    """

    fit: Fit
    design: Design
    problem: Any
    again: Callable[[Any], Fit]
    first_stages: tuple[Fit, ...] = ()
    reduced_form: Fit | None = None
    subsets: tuple[SubsetTest, ...] = ()


@dataclass(frozen=True)
class InstrumentedDesign:
    """A design and its excluded instruments, on the same rows."""

    design: Design
    instruments: Instruments


def instrumented(design: Design, instruments: Instruments, choice: CovarianceChoice) -> Estimated:
    """Two-stage least squares with first stages and reduced form."""
    from carbonspec.econometrics.estimators import instrumental_variables

    found = instrumental_variables.fit(design, instruments, choice)
    problem = InstrumentedDesign(design, instruments)
    return Estimated(found.fit, design, problem, _instrumented_again, found.first_stages, found.reduced_form)


def dynamic(data: PanelData, built: BuiltDesign, model: Model, column: Column, choice: CovarianceChoice) -> Estimated:
    """GMM with its difference-in-Hansen tests."""
    from carbonspec.econometrics.estimators import dynamic_gmm

    how = _choice(model.gmm)

    problem = dynamic_design(data, built, column, model.gmm)
    found = dynamic_gmm.fit(problem, how, choice)
    # What is missing stands in the column's own ledger, by variable.
    dropped = tuple(d for d in found.fit.dropped if d.reason != dynamic_gmm.INCOMPLETE)
    units = Design(
        problem.outcome, problem.y, problem.terms, problem.X, problem.unit, problem.period, clusters=(problem.unit,)
    )
    return Estimated(
        replace(found.fit, dropped=dropped), units, problem, partial(_dynamic_again, how), subsets=found.subsets
    )


def _instrumented_again(problem: InstrumentedDesign) -> Fit:
    """A refit for its coefficients alone; like the next a function of its module, so that other processes find it."""
    from carbonspec.econometrics.estimators import instrumental_variables

    return instrumental_variables.fit(problem.design, problem.instruments, PLAIN).fit


def _dynamic_again(how: GmmChoice, problem: GmmDesign) -> Fit:
    from carbonspec.econometrics.estimators import dynamic_gmm

    return dynamic_gmm.fit(problem, how, PLAIN).fit


def _choice(options: GmmOptions) -> GmmChoice:
    return GmmChoice(
        system=options.system,
        two_step=options.two_step,
        collapse=options.collapse,
        transform="orthogonal" if options.orthogonal else "difference",
    )
