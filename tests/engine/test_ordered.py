"""Tasks are done after all they need, on any number of threads."""

from threading import Lock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonspec import run
from carbonspec.engine.ordered import in_order
from carbonspec.lang.spec import Ref
from carbonspec.planner.needed import needed
from carbonspec.planner.task import Plan, Task


@st.composite
def plans(draw):
    """Up to eight tasks; each needs some before it, a few do the same as an earlier one."""
    made = []
    for number in range(draw(st.integers(1, 8))):
        before = [task.name for task in made]
        inputs = tuple(draw(st.sets(st.sampled_from(before)))) if before else ()
        first = [task.name for task in made if not task.same_as]
        same = draw(st.sampled_from(["", "", *first])) if first else ""
        made.append(Task(str(number), "test", Ref("x"), inputs, same_as=same))
    return Plan(tuple(made))


@given(plans(), st.integers(1, 4), st.sets(st.sampled_from("01234567")))
@settings(max_examples=25, deadline=None)
def test_every_task_is_done_once_after_its_inputs(plan, jobs, by_itself):
    todo = needed(plan, [task.name for task in plan.tasks])
    named, done, lock, early = plan.named(), [], Lock(), []

    def do(task):
        with lock:
            early.extend(name for name in task.inputs if (named[name].same_as or name) not in done)
        with lock:
            done.append(task.name)

    in_order(todo, do, jobs, named, lambda task: task.name in by_itself)
    assert sorted(done) == sorted(task.name for task in plan.tasks if not task.same_as)
    assert early == []


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_waits_never_starts_once_a_task_raises(jobs):
    first = Task("first", "test", Ref("x"))
    plan = Plan((first, Task("second", "test", Ref("x"), ("first",))))
    done = []

    def do(task):
        done.append(task.name)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_order(plan.tasks, do, jobs, plan.named(), lambda _: False)
    assert done == ["first"]


TWINS = """
study "Twins"
data g from package("statsmodels:grunfeld")
panel g
  id firm
  time year
model a: invest ~ value + capital | fe(firm)
model b: invest ~ value + capital | fe(firm)
test both: joint(b.value, b.capital)
test gap: delta(b.value - b.capital)
test chance: placebo(b.value) permute value draws 50
mediate m: value -> capital -> invest
mediate n: value -> capital -> invest
figure 1 "Coefficients": coefficients(b.value, a.capital, n.indirect)
"""


@pytest.mark.parametrize("jobs", [1, 4])
def test_tests_of_a_model_that_another_equals_take_its_estimates(tmp_path, monkeypatch, jobs):
    monkeypatch.setattr("carbonspec.engine.execute.PARALLEL_ROWS", 1)
    spec = tmp_path / "twins.cspec"
    spec.write_text(TWINS, encoding="utf-8")
    assert run(spec, jobs=jobs).failures == ()
    spec.write_text(TWINS.replace("both", "again").replace("draws 50", "draws 60"), encoding="utf-8")
    assert run(spec, jobs=jobs).failures == ()  # the model from the store, its tests anew


def test_a_density_says_that_its_test_failed(tmp_path):
    spec = tmp_path / "failed.cspec"
    body = 'model a: invest ~ value | fe(firm) where firm != "IBM" or year > 1940\n'
    body += "test chance: placebo(a.value) permute value draws 20\nfigure 1: density(chance)\n"
    spec.write_text(TWINS.split("model a")[0] + body, encoding="utf-8")
    said = [failure.message for failure in run(spec).failures]
    assert "the test `chance` has no draws: it failed" in said
