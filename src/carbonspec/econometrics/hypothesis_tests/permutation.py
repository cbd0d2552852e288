"""The difference between two groups against other ways of putting units into groups (Fisher; Cleary 1999)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from carbonspec.econometrics.design import Design, FloatArray, Groups, IntArray
from carbonspec.econometrics.grouping import crossed
from carbonspec.econometrics.hypothesis_tests import unit_blocks
from carbonspec.econometrics.hypothesis_tests.results import TestReport, TestResult
from carbonspec.econometrics.hypothesis_tests.seeds import Seed, generator, told
from carbonspec.econometrics.hypothesis_tests.unit_blocks import Columns
from carbonspec.econometrics.results import EstimationError, Notice

TEST = "Permutation of groups"
EXHAUSTIVE = 20_000
"""Up to this many splits all are tried."""

CHUNK = 2048
NEAR = 1e-9
"""Differences this close, relative to their size, are ties."""


@dataclass(frozen=True)
class Draws:
    """How many permutations where not all are tried, the seed (numpy PCG64), and whether rows are exchanged instead
    of units (which breaks up the panel)."""

    draws: int = 1000
    seed: Seed = 0
    rows: bool = False


def run(design: Design, groups: Groups, names: tuple[str, str], choice: Draws = Draws()) -> TestReport:
    """For every regressor the share of splits whose difference is at least as large as the observed one.

    Groups keep their numbers of units; both are estimated anew for every split, with the design's fixed effects in
    each. All splits are tried where they are at most 20,000 (p is then exact), else `draws` random ones, with
    p = (1 + #)/(draws + 1). The difference is the second group less the first; the one-sided p, in `details`, counts
    splits on the observed side.

    Raises
    ------
    EstimationError: E525 not two groups of two units or more, E526 a unit in both, E513 weights, E523 effects that
        are too many, E501 a coefficient that is not identified.
    """
    side = unit_blocks.sides(design.unit, groups, names)
    made = unit_blocks.columns(design)
    G = unit_blocks.blocks(made, design.unit)
    observed = unit_blocks.slopes(np.stack([G[side == 0].sum(axis=0), G[side == 1].sum(axis=0)]), made)
    if np.isnan(observed).any():
        raise EstimationError("E501", "a regressor has no coefficient in one of the groups, or is collinear")
    difference = observed[1] - observed[0]
    N, first = len(side), int(np.count_nonzero(side == 0))
    splits = comb(N, first)
    exact = splits <= EXHAUSTIVE and not choice.rows
    if not exact and choice.draws < 1:
        raise EstimationError("E523", f"a permutation test needs at least one draw, not {choice.draws}")
    if choice.rows:
        drawn = _by_rows(made, design.unit, groups, choice)
    else:
        drawn = _by_units(G, made, _splits(N, first, exact, choice))
    usable = ~np.isnan(drawn).any(axis=1)
    notices = _notices(choice, len(drawn) - int(np.count_nonzero(usable)), len(drawn))
    drawn = drawn[usable]
    if not len(drawn):
        raise EstimationError("E525", "no permutation of the groups could be estimated")
    more = 0 if exact else 1
    sizes = design.unit.sizes
    rows = []
    for j, term in enumerate(design.terms):
        d, star = float(difference[j]), drawn[:, j]
        least = abs(d) * (1 - NEAR)
        both = int(np.count_nonzero(np.abs(star) >= least))
        one = int(np.count_nonzero((star if d >= 0 else -star) >= least))
        total = len(star) + more
        what = "rows" if choice.rows else "units"
        how = (
            f"all {splits} splits of {N} units" if exact else f"{len(star)} permutations of {what}, {told(choice.seed)}"
        )
        rows.append(
            TestResult(
                test=TEST,
                statistic="difference",
                value=d,
                p_value=(both + more) / total,
                reference="permutation",
                null=f"{term} has the same coefficient in {names[0]} and {names[1]}",
                alternative="it differs",
                tail="two-sided",
                variable=term,
                n=len(design.y),
                n_units=N,
                t_min=int(sizes.min()),
                t_max=int(sizes.max()),
                convention=f"{how}; {names[1]} less {names[0]}",
                notices=notices,
                details={
                    "estimate": d,
                    "one-sided p": (one + more) / total,
                    names[0]: float(observed[0, j]),
                    names[1]: float(observed[1, j]),
                },
            )
        )
    return TestReport(tuple(rows), draws={term: drawn[:, j] for j, term in enumerate(design.terms)})


def _notices(choice: Draws, lost: int, total: int) -> tuple[Notice, ...]:
    notices: tuple[Notice, ...] = ()
    if choice.rows:
        message = "rows were exchanged, not units: rows of a unit are alike, so the p value is too small"
        notices += (Notice("W524", f"{TEST}: {message}"),)
    if lost:
        notices += (Notice("W521", f"{TEST}: {lost} of {total} permutations had no estimate"),)
    return notices


def _splits(N: int, first: int, exact: bool, choice: Draws) -> IntArray:
    """(splits, N) 1 where a unit is in the first group."""
    if exact:
        chosen = np.array(list(combinations(range(N), first)), dtype=np.int64)
    else:
        rng = generator(choice.seed)
        chosen = np.argsort(rng.random((choice.draws, N)), axis=1)[:, :first]
    out = np.zeros((len(chosen), N), dtype=np.int64)
    np.put_along_axis(out, chosen, 1, axis=1)
    return out


def _by_units(G: FloatArray, made: Columns, splits: IntArray) -> FloatArray:
    """(splits, k) differences."""
    N, q = G.shape[:2]
    flat = G.reshape(N, q * q)
    total = flat.sum(axis=0)
    out = []
    for at in range(0, len(splits), CHUNK):
        first = splits[at : at + CHUNK].astype(np.float64) @ flat
        pair = np.stack([first, total - first]).reshape(2, -1, q, q)
        b = unit_blocks.slopes(pair, made)
        out.append(b[1] - b[0])
    return np.concatenate(out)


def _by_rows(made: Columns, unit: Groups, groups: Groups, choice: Draws) -> FloatArray:
    """(draws, k) differences with the labels of rows exchanged."""
    rng = generator(choice.seed)
    out = []
    for _ in range(choice.draws):
        labels = Groups(groups.name, rng.permutation(groups.codes), 2)
        Z = unit_blocks.demeaned(made.Z, crossed(unit, labels)) if made.within else made.Z
        pair = np.stack([Z[labels.codes == g].T @ Z[labels.codes == g] for g in (0, 1)])
        b = unit_blocks.slopes(pair, made)
        out.append(b[1] - b[0])
    return np.stack(out)
