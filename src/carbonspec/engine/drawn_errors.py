"""Standard errors of a column by drawing from its rows: the settings of a spec, as the bootstrap wants them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.inference import Refitting, bootstrapped, jackknifed, wild_tested
from carbonspec.econometrics.bootstrap.processes import Processes
from carbonspec.econometrics.bootstrap.replications import Progress, Settings
from carbonspec.econometrics.design import Design
from carbonspec.econometrics.results import Fit
from carbonspec.lang.spec import Covariance
from carbonspec.planner.task import EstimateWork

HISTORY = ("fd", "gmm")
"""Structures whose estimator takes differences over a unit's own periods."""


@dataclass(frozen=True)
class Drawing:
    """How the draws of one task are made: by how many threads, with which processes, and who is told of progress."""

    jobs: int = 1
    processes: Processes | None = None
    progress: Progress | None = None


def drawn_errors(
    fit: Fit, design: Design, again: tuple[Any, Callable[[Any], Fit]], work: EstimateWork, part: str, how: Drawing
) -> Fit:
    """A column's fit with the standard errors its spec asks for.

    `again` is what to draw from and what fits it, where draws must be refitted: the design and its estimator, or a
    dataclass with more (instruments) that holds the design's rows. `part` is the value of `split`, "" without one.

    Raises
    ------
    EstimationError: as `bootstrap.inference`.
    """
    model = work.model
    asked = model.covariance
    refitting = Refitting(*again, model.columns[work.index].structure.kind in HISTORY)
    if asked.kind == "crv3":
        return jackknifed(fit, design.clusters[0], refitting, how.processes, how.progress)
    settings = Settings(
        _resampling(asked, design),
        asked.draws,
        resampling.stream(work.seed, work.stream + (f" [{part}]" if part else "")),
        level=1 - work.level,
        interval=asked.interval or "normal",
        workers=how.jobs,
        progress=how.progress,
        processes=how.processes,
    )
    if asked.kind == "wild":
        return wild_tested(fit, design, settings, work.seed)
    return bootstrapped(fit, settings, refitting, work.seed)


def _resampling(asked: Covariance, design: Design) -> resampling.Resampling:
    if asked.kind == "wild" or asked.drawn == "wild":
        return resampling.wild(design.clusters[0], asked.multiplier)
    if asked.drawn == "rows":
        return resampling.rows(len(design.y))
    if asked.drawn == "blocks":
        return resampling.blocks(design.period, asked.length)
    return resampling.clusters(design.clusters[0])
