"""Running a bootstrap: draws in batches, in order, on one or several threads; refits by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from carbonspec.econometrics.bootstrap.distribution import HELD, Distribution
from carbonspec.econometrics.bootstrap.equations import System, ready, too_wide, width
from carbonspec.econometrics.bootstrap.grams import Counted, Multiplied, structural_equations
from carbonspec.econometrics.bootstrap.intervals import (
    Bootstrapped,
    acceleration,
    bca_levels,
    check_interval,
    describe,
)
from carbonspec.econometrics.bootstrap.processes import Processes, refitted
from carbonspec.econometrics.bootstrap.refits import Refits, each_left_out
from carbonspec.econometrics.bootstrap.resampling import FAILING_SHARE, Resampling
from carbonspec.econometrics.bootstrap.solve import Solver
from carbonspec.econometrics.design import FloatArray
from carbonspec.econometrics.kernels import alone
from carbonspec.econometrics.results import EstimationError, Notice

Progress = Callable[[int, int], object]
"""Called with the draws done and asked for; an exception it raises (KeyboardInterrupt, say) ends the bootstrap."""

Quantities = Callable[[FloatArray], FloatArray]
"""(b, m) quantities of coefficients (b, k), row by row."""

FEW_DRAWS = 199
BCA_DRAWS = 5000
SOME_CLUSTERS = 20
TRIES = 20
"""With `redraw`, draws made at most, in multiples of those asked for."""

TOGETHER = 32
"""So many batches are counted at once: their arrays are small."""


@dataclass(frozen=True)
class Settings:
    """How to bootstrap.

    `seed` is a number, or a generator (see `resampling.stream`). `interval` is the one to print, all are made.
    `quantile` is the type of sample quantile. `redraw` replaces draws that cannot be estimated: the distribution is
    then conditional on their being estimable. `workers` are threads, and `processes` those that share the refits of
    draws that are refitted one by one (without, they are refitted here); results do not depend on their number.
    """

    resampling: Resampling
    replications: int = 1000
    seed: int | np.random.Generator = 1
    level: float = 0.95
    interval: str = "percentile"
    quantile: int = 7
    redraw: bool = False
    workers: int = 1
    progress: Progress | None = None
    processes: Processes | None = None


@dataclass(frozen=True)
class Replications:
    """Quantities by their place, their covariance (m, m) over draws in which all are numbers, and how the draws went:
    asked for, and failed (with `redraw`, replaced)."""

    quantities: tuple[Bootstrapped, ...]
    vcov: FloatArray
    asked: int
    failed: int
    resampling: Resampling
    notices: tuple[Notice, ...]


def replicate(system: System, settings: Settings, quantities: Quantities, estimates: FloatArray) -> Replications:
    """Bootstrap quantities (m,) of the coefficients of a system of least-squares equations.

    Every draw gives what refitting all equations on the drawn rows would, copies of a group being groups of their own.
    `estimates` (m,) are the quantities in the sample.

    Raises
    ------
    EstimationError: E554 for fewer than two replications, E556 where more than a tenth of the draws fails, E557 for
        settings that do not exist, E551 as `equations.ready`, E558 for a wild bootstrap with too many effects.
    """
    check(settings)
    if too_wide(system.effects, settings.resampling.groups):
        return _refitted(system, settings, quantities, estimates)
    prepared = ready(system, settings.resampling.groups)
    moments = Counted(prepared)
    counted = Solver(system, moments)
    if settings.resampling.kind == "wild":
        equations = len(structural_equations(system.equations))
        settings = replace(settings, resampling=replace(settings.resampling, equations=equations))
        solver = Solver(system, Multiplied(prepared, system.equations))
    else:
        solver = counted
    left_out = quantities(leave_one_out(counted, moments))
    return collect(lambda draws: quantities(solver(draws)), settings, estimates, left_out, solver.batch)


def _refitted(system: System, settings: Settings, quantities: Quantities, estimates: FloatArray) -> Replications:
    """The same by refitting every draw, and said so; no jackknife where it takes more refits than there are draws."""
    groups = settings.resampling.groups
    if settings.resampling.kind == "wild":
        raise EstimationError("E558", width(system.effects, groups))
    refits = Refits(system, groups)
    left_out = np.full((groups.count, len(estimates)), np.nan)
    if groups.count <= settings.replications:
        left_out = quantities(each_left_out(refits, groups.count, settings.processes, settings.progress))
    found = collect(refits, settings, estimates, left_out, refits.batch, quantities)
    return replace(found, notices=(Notice("N558", f"{width(system.effects, groups)}: refitted"), *found.notices))


def check(settings: Settings) -> None:
    """Raises for settings no bootstrap can follow."""
    check_interval(settings.interval, settings.level, settings.quantile)
    if settings.replications < 2:
        raise EstimationError(
            "E554",
            f"bootstrap {settings.replications} has no replications to compare: write bootstrap 1000"
            if settings.replications < 1
            else "a single replication has no standard error: write bootstrap 1000",
        )
    if settings.workers < 1:
        raise EstimationError("E557", f"a bootstrap runs on at least one thread, not {settings.workers}")


def leave_one_out(solver: Solver, moments: Counted) -> FloatArray:
    """(C, k) coefficients with each group left out: the jackknife, from the same cross-products."""
    groups = moments.ready.groups
    starts = range(0, groups, solver.batch)
    return np.concatenate([solver(*moments.leave_out(at, min(at + solver.batch, groups))) for at in starts])


def collect(
    solve: Callable[[FloatArray], FloatArray],
    settings: Settings,
    estimates: FloatArray,
    left_out: FloatArray,
    batch: int,
    quantities: Quantities | None = None,
) -> Replications:
    """Draw, `solve` (b, C) -> (b, k), take `quantities` (b, m) of that (the same without), and describe each.

    `left_out` (C, m) are the jackknife's values.
    """
    rng = np.random.default_rng(settings.seed)
    asked = settings.replications

    def shares(a: float) -> Callable[[Distribution], tuple[float, ...]]:
        tail = (1 - settings.level) / 2
        return lambda d: (tail, 1 - tail, *bca_levels(d.share_below, a, settings.level))

    distributions = [
        Distribution(float(estimate), shares(acceleration(left_out[:, j])), HELD)
        for j, estimate in enumerate(estimates)
    ]
    joint = Joint(estimates)
    done = failed = 0
    waiting: list[FloatArray] = []
    for solved in batches(solve, settings.resampling, rng, asked, batch, settings.workers, settings.processes):
        values = solved if quantities is None else quantities(solved)
        done += len(values)
        waiting.append(values)
        if done == asked or len(waiting) >= TOGETHER:
            failed += _take(np.concatenate(waiting), distributions, joint)
            waiting = []
        if settings.progress is not None:
            settings.progress(done, asked)
    if settings.redraw:
        again = solve if quantities is None else lambda draws: quantities(solve(draws))
        failed = _redraw(again, settings, rng, batch, distributions, joint, failed)
    elif failed > FAILING_SHARE * asked:
        raise EstimationError("E556", _failing(failed, asked, settings.resampling))
    described = tuple(
        describe(d, left_out[:, j], settings.level, settings.quantile) for j, d in enumerate(distributions)
    )
    return Replications(described, joint.covariance, asked, failed, settings.resampling, notices(settings, failed))


class Joint:
    """The covariance of quantities (m,), added up batch by batch about their estimates."""

    def __init__(self, estimates: FloatArray) -> None:
        self.centre = np.nan_to_num(estimates)
        self.count = 0
        self.sums = np.zeros(len(estimates))
        self.products = np.zeros((len(estimates), len(estimates)))

    def add(self, values: FloatArray) -> None:
        known = np.isfinite(values).all(axis=1)
        shifted = (values if known.all() else values[known]) - self.centre
        self.count += len(shifted)
        self.sums += shifted.sum(axis=0)
        self.products += shifted.T @ shifted

    @property
    def covariance(self) -> FloatArray:
        """(m, m), divisor B - 1; NaN for fewer than two draws."""
        if self.count < 2:
            return np.full_like(self.products, np.nan)
        return (self.products - np.outer(self.sums, self.sums) / self.count) / (self.count - 1)


def _take(values: FloatArray, distributions: list[Distribution], joint: Joint) -> int:
    """Add a batch (b, m); a draw in which any quantity failed counts for none of them. Returns how many failed.

    A quantity that is no number in draws that were estimated (a share of a zero) is missing in those alone.
    """
    lost = np.isnan(values).all(axis=1)
    good = values if not lost.any() else values[~lost]
    for j, distribution in enumerate(distributions):
        distribution.add(good[:, j])
    joint.add(good)
    return int(np.count_nonzero(lost))


def _redraw(
    solve: Callable[[FloatArray], FloatArray],
    settings: Settings,
    rng: np.random.Generator,
    batch: int,
    distributions: list[Distribution],
    joint: Joint,
    missing: int,
) -> int:
    """Draw on until as many draws as asked for could be estimated. Returns how many failed on the way."""
    failed, budget = missing, TRIES * settings.replications
    while missing:
        size = min(missing, batch)
        if (budget := budget - size) < 0:
            made = settings.replications - missing
            raise EstimationError("E556", f"only {made} of {settings.replications} draws could be estimated")
        lost = _take(solve(settings.resampling.draw(rng, size)), distributions, joint)
        failed += lost
        missing -= size - lost
    return failed


def batches(
    solve: Callable[[FloatArray], FloatArray],
    resampling: Resampling,
    rng: np.random.Generator,
    asked: int,
    batch: int,
    workers: int,
    processes: Processes | None = None,
) -> Iterator[FloatArray]:
    """Solved batches in the order of their draws. Draws are made one batch after the other from one generator, and
    batches are cut alike whatever the number of threads or processes, so that results are the same to the last bit."""
    sizes = [batch] * (asked // batch) + ([asked % batch] if asked % batch else [])
    if getattr(solve, "one_by_one", False):  # threads would only wait for each other
        yield from refitted(solve, (resampling.draw(rng, size) for size in sizes), asked, processes)
        return
    if workers == 1 or len(sizes) == 1:
        for size in sizes:
            yield solve(resampling.draw(rng, size))
        return
    pool = ThreadPoolExecutor(workers, initializer=alone)
    waiting: list[Future[FloatArray]] = []
    try:
        for size in sizes:
            waiting.append(pool.submit(solve, resampling.draw(rng, size)))
            if len(waiting) > 2 * workers:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _failing(failed: int, asked: int, resampling: Resampling) -> str:
    return (
        f"{failed} of {asked} draws ({resampling.label}) cannot be estimated: a variable does not vary in them, or the "
        "controls and effects explain it wholly"
    )


def notices(settings: Settings, failed: int) -> tuple[Notice, ...]:
    """What must be said of a bootstrap beside its numbers."""
    asked, resampling = settings.replications, settings.resampling
    found = []
    if failed:
        text = f"{failed} of {asked} draws could not be estimated and were "
        text += "replaced by others: the distribution is conditional" if settings.redraw else "left out"
        found.append(Notice("W553" if failed > 0.01 * asked else "N553", text))
    if asked < FEW_DRAWS:
        found.append(Notice("W554", f"{asked} draws are too few for intervals and p values: take 1000"))
    elif settings.interval == "bca" and asked < BCA_DRAWS:
        found.append(Notice("N554", f"BCa intervals need about {BCA_DRAWS} draws to be stable; these are {asked}"))
    count = resampling.groups.count
    if resampling.kind in ("clusters", "wild") and count < SOME_CLUSTERS:
        found.append(Notice("N555", f"{count} clusters ({resampling.groups.name}) are few for a bootstrap"))
    return tuple(found)
