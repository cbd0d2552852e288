"""Draws, jackknife and wild cluster bootstrap of a regression against R's lm and wildboottest."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.inference import Refitting, jackknifed, wild_tested
from carbonspec.econometrics.bootstrap.regression import LeastSquares, system_of
from carbonspec.econometrics.bootstrap.replications import Settings
from carbonspec.econometrics.bootstrap.wild_cluster import _parts, _signs
from carbonspec.econometrics.design import CovarianceChoice
from carbonspec.econometrics.estimators import fixed_effects, pooled

HERE = Path(__file__).parent
EFFECTS = {"pooled": (), "id": ("firm",), "two": ("firm", "year")}
EXACT = {"rtol": 1e-9}


@pytest.fixture(params=EFFECTS)
def column(request, panels):
    """(name, design, fit) of Grunfeld's equation."""
    effects = EFFECTS[request.param]
    design = panels["grunfeld"].design(effects, ("firm",))
    return request.param, design, (fixed_effects if effects else pooled).fit(design, CovarianceChoice("cluster"))


def test_draws_are_those_of_lm(column, oracle):
    name, design, fit = column
    found = oracle("drawn_errors/lm.txt")
    rows = list(csv.reader((HERE / "draws.csv").open(encoding="utf-8")))
    draws = np.array([np.bincount(np.array(row, dtype=int) - 1, minlength=10) for row in rows], dtype=float)
    ours = LeastSquares(design, fit, resampling.clusters(design.clusters[0]))(draws)
    theirs = [found.many(f"{name}.{i + 1}", fit.terms) for i in range(len(draws))]
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)


def test_the_jackknife_is_that_of_lm(column, oracle):
    name, design, fit = column
    found = oracle("drawn_errors/lm.txt")
    ours = jackknifed(fit, design.clusters[0], Refitting(design, lambda _: fit))
    theirs = [found.many(f"{name}.jackknife.{term}", fit.terms) for term in fit.terms]
    np.testing.assert_allclose(ours.vcov, theirs, **EXACT)
    assert ours.df_reference == 9


def test_the_jackknife_of_the_methods_reference(panels):
    """GRUN, one way: CRV3 .03409341 and .13902179."""
    design = panels["grunfeld"].design(("firm",), ("firm",))
    fit = fixed_effects.fit(design, CovarianceChoice("cluster"))
    found = jackknifed(fit, design.clusters[0], Refitting(design, lambda _: fit))
    np.testing.assert_allclose(found.std_errors[:2], [0.03409341, 0.13902179], atol=5e-9)


def test_the_wild_bootstrap_is_that_of_wildboottest(column, oracle):
    """t*, and p: theirs counts draws strictly beyond t, ours those that equal it too (rounding decides theirs)."""
    name, design, fit = column
    found = oracle("drawn_errors/wildboottest.txt")
    plan = resampling.wild(design.clusters[0], "rademacher")
    ours = wild_tested(fit, design, Settings(plan, 1024), 1)
    assert ours.resampled is not None
    assert ours.resampled.exact
    terms = fit.terms if name == "pooled" else fit.terms[:2]
    np.testing.assert_allclose(ours.resampled.p_values[: len(terms)], [found[f"{name}.{t}.ties"] for t in terms])
    ratio = np.sqrt(10 / 9 * 199 / (200 - parameters(fit)) / fit.covariance.factor)
    np.testing.assert_allclose(
        (fit.estimates / fit.std_errors)[: len(terms)],
        [found[f"{name}.{t}.t"] * ratio for t in terms],
        **EXACT,
    )
    raw = 1 / np.sqrt(10 / 9 * 199 / (200 - parameters(fit)))
    for j, (part, term) in enumerate(zip(_parts(system_of(design, fit)[0], plan), terms, strict=False)):
        drawn = np.sort(part.drawn_t(np.concatenate(list(_signs(10, 512, [part])), axis=2)[0], fit.estimates[j]))
        ranks = (100, 300, 500, 700, 900)
        theirs = [found[f"{name}.{term}.t{rank}"] for rank in ranks]
        np.testing.assert_allclose(drawn[list(ranks)] * raw, theirs, rtol=1e-8)


def parameters(fit):
    """Every parameter, dummies included: their K."""
    return len(fit.terms) + sum(levels - 1 for _, levels in fit.effects)
