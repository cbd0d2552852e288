"""Refits shared by processes: the same numbers to the last bit, whoever makes them and whatever happens to them."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import numpy as np
import pytest
from tests.econometrics import panels

from carbonspec.econometrics.bootstrap import processes as place
from carbonspec.econometrics.bootstrap import resampling
from carbonspec.econometrics.bootstrap.designs import DesignRefits
from carbonspec.econometrics.bootstrap.processes import Processes, refitted
from carbonspec.econometrics.design import CovarianceChoice, Design
from carbonspec.econometrics.estimators import random_effects
from carbonspec.econometrics.results import Fit


def again(design: Design) -> Fit:
    return random_effects.fit(design, CovarianceChoice("iid"))


@pytest.fixture(scope="module")
def refits():
    made = panels.design(panels.panel(20, 5))
    return DesignRefits(made, again(made).terms, again, resampling.clusters(made.clusters[0]))


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """However little there is to do, others are asked."""
    for name in ("WORTH", "LEAST", "RUNNING_LEAST"):
        monkeypatch.setattr(place, name, -1.0)


@pytest.fixture
def beside(refits):
    """A process that is ready."""
    with Processes(1) as made:
        content = made.prepare(refits)
        until(lambda: made.free(content) is not None)
        yield made


def until(true):
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def draws(refits, batches=12):
    made = refits.resampling.draw(np.random.default_rng(1), 4 * batches)
    return [made[at : at + 4] for at in range(0, len(made), 4)]


def found(refits, processes, batches=12):
    made = draws(refits, batches)
    values = list(refitted(refits, made, 4 * batches, processes))
    assert len(values) == batches
    return np.concatenate(values)


def test_two_processes_give_what_one_gives(refits, beside, monkeypatch):
    given = []
    give = place._Worker.give
    monkeypatch.setattr(place._Worker, "give", lambda *a: given.append(give(*a)) or given[-1])
    np.testing.assert_array_equal(found(refits, beside), found(refits, None))
    assert any(future.done() and not future.cancelled() for future in given)
    np.testing.assert_array_equal(refits.left_out(beside), refits.left_out())


def test_a_process_that_is_killed_is_done_without(refits, beside):
    wanted = found(refits, None, 40)
    values = []
    for value in refitted(refits, draws(refits, 40), 160, beside):
        values.append(value)
        if len(values) == 3:
            beside._workers[0].process.kill()
    np.testing.assert_array_equal(np.concatenate(values), wanted)
    until(lambda: not beside._workers[0].ready)


def test_what_fails_there_fails_here(refits, beside):
    def broken(_):
        raise ZeroDivisionError("here")

    refits = DesignRefits(refits.problem, refits.terms, again, refits.resampling)
    made = refitted(refits, draws(refits), 48, beside)
    next(made)
    refits.estimate = broken  # what was sent still works, what was not fails as it would have alone
    with pytest.raises(ZeroDivisionError, match="here"):
        list(made)


def test_what_cannot_be_sent_stays_here(refits):
    local = DesignRefits(refits.problem, refits.terms, lambda design: again(design), refits.resampling)
    with Processes(1) as processes:
        np.testing.assert_array_equal(found(local, processes), found(refits, None))
        assert not processes._workers


def test_where_no_process_can_be_started(refits, monkeypatch):
    def refused(*_, **__):
        raise PermissionError

    monkeypatch.setattr(subprocess, "Popen", refused)
    with Processes(2) as processes:
        np.testing.assert_array_equal(found(refits, processes), found(refits, None))


@pytest.mark.skipif(os.name != "posix", reason="takes a program that is no Python")
@pytest.mark.parametrize("program", ["/bin/false", "/bin/cat", "/bin/no_such"])
def test_where_the_program_is_no_python(refits, monkeypatch, program):
    monkeypatch.setattr(sys, "executable", program)
    with Processes(1) as processes:
        np.testing.assert_array_equal(found(refits, processes), found(refits, None))


def test_a_design_too_large_to_be_held_twice_stays_here(refits, monkeypatch):
    monkeypatch.setattr(place, "HELD", 1000)
    with Processes(1) as processes:
        np.testing.assert_array_equal(found(refits, processes), found(refits, None))
        assert not processes._workers


def test_little_work_starts_nothing(refits, monkeypatch):
    monkeypatch.setattr(place, "WORTH", 1000.0)
    with Processes(1) as processes:
        found(refits, processes)
        assert not processes._workers
    assert not Processes(0).pay(1e9)


def test_nothing_is_left_of_them(refits):
    with Processes(2) as processes:
        processes.prepare(refits)
        pids = [worker.process.pid for worker in processes._workers]
        assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
