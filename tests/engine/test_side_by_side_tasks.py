"""Tasks side by side on large data: one budget of threads, and no task before what it takes its numbers from."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from tests.engine.test_drawn_errors import HEAD, frame

import carbonspec as cs
from carbonspec.econometrics import kernels
from carbonspec.engine import execute

BODY = """\
model a: y ~ x | fe(firm)
model b: y ~ x + z | fe(firm)
model drawn: y ~ x + z | fe(firm) se bootstrap(99)
model left: y ~ x + z | fe(firm) se crv3(firm)
mediate through: x -> z -> y bootstrap 50
test ratio: delta(b.x / b.z)
table 1: a, b, drawn, left
"""


@pytest.fixture
def seen(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame(20).to_csv("firms.csv", index=False)
    (tmp_path / "s.cspec").write_text(HEAD + BODY, encoding="utf-8")
    monkeypatch.setattr(execute, "PARALLEL_ROWS", 1)
    done, real = {}, execute._Execution._do

    def noted(self, task):
        most = kernels._most.get()
        real(self, task)
        done[task.name] = (threading.current_thread() is threading.main_thread(), most, len(done))

    monkeypatch.setattr(execute._Execution, "_do", noted)
    return done


def test_either_tasks_or_their_draws_are_side_by_side(seen):
    found = cs.run("s.cspec", jobs=2, fresh=True)
    for name, (by_itself, threads, _) in seen.items():
        if name.startswith(("estimate", "test")):
            drawing = "drawn" in name or "left" in name
            assert by_itself == drawing, name
            assert threads == (2 if drawing else 1)
    assert seen["mediate through"][0]
    assert seen["test ratio"][2] > seen["estimate b[1]"][2]
    alone = cs.run("s.cspec", jobs=1, fresh=True)
    for name, columns in found.run.models.items():
        np.testing.assert_array_equal(columns[0].fit.vcov, alone.run.models[name][0].fit.vcov)
    assert found.ok == alone.ok
