"""Why a task runs: one named reason, and the right one."""

from tests.planner.study import column, study

from carbonspec.lang.spec import RAW, Apply, Covariance, Literal, Ref, Table, Variable
from carbonspec.planner.lower import lower
from carbonspec.planner.optimise import optimise
from carbonspec.planner.reasons import (
    CODE,
    DEFINITION,
    ENTRY_DAMAGED,
    FAILED,
    GONE,
    INPUT,
    NEVER,
    REUSED,
    Done,
    Past,
    reasons,
)
from carbonspec.planner.task import DAMAGED, STORED
from carbonspec.planner.why import why

FILES = {"provinces": (("provinces.csv", "abc"),)}


def made(spec=None, files=FILES, engine="1"):
    return optimise(lower(spec or study(), files, engine))


def past(plan, failed=()):
    tasks = {t.name: Done(t.key, t.definition, t.files, t.name in failed) for t in plan.tasks}
    return Past(plan.engine, tasks)


def stored(plan):
    return {task.key: STORED for task in plan.tasks if task.stored}


def found(plan, states, before):
    return {reason.task.name: reason for reason in reasons(plan, states, before)}


def after(spec=None, files=FILES, engine="1"):
    """The reasons of a plan after a whole run of the plain study."""
    before = made()
    return found(made(spec, files, engine), stored(before), past(before))


def running(known):
    return {name for name, reason in known.items() if reason.runs and reason.task.stored}


def test_the_first_run_and_the_second():
    plan = made()
    first = found(plan, {}, None)
    assert {r.cause for r in first.values() if r.task.stored and not r.task.same_as} == {NEVER}
    second = after()
    assert running(second) == set()
    assert {r.cause for r in second.values() if r.task.stored and not r.task.same_as} == {REUSED}
    assert not second["read provinces"].runs
    assert "0 of" in why(tuple(second.values()))


def test_a_definition():
    spec = study()
    models = tuple(m.replace(covariance=Covariance("iid")) if m.name == "early" else m for m in spec.models)
    known = after(spec.replace(models=models))
    assert running(known) == {"estimate early[1]", "check early"}
    assert known["estimate early[1]"].text == "its definition changed"
    assert known["read provinces"].text == "needed by check early"


def test_an_input_names_the_root():
    spec = study()
    steeper = Variable("Ei", "", Apply("/", (Ref("energy", RAW), Ref("population", RAW))))
    known = after(spec.replace(variables=(steeper, *spec.variables[1:])))
    assert known["column Ei"].cause == DEFINITION
    assert known["estimate benchmark[2]"].cause == INPUT
    assert known["estimate benchmark[2]"].text == "an input changed: column Ei (definition changed)"
    assert known["estimate benchmark[1]"].cause == REUSED


def test_data():
    known = after(files={"provinces": (("provinces.csv", "abd"),)})
    for name in ("read provinces", "estimate benchmark[1]", "check"):
        assert known[name].text == "data file changed: provinces.csv"


def test_a_file_of_another_name_with_the_same_content_is_no_change_to_an_estimate():
    known = after(files={"provinces": (("moved/provinces.csv", "abc"),)})
    assert running(known) == {"check"}  # its report names the files
    other_kind = after(files={"provinces": (("provinces.tsv", "abc"),)})
    assert "estimate benchmark[1]" in running(other_kind)  # the ending says how to read it


def test_code():
    known = after(engine="2")
    assert {r.cause for r in known.values() if r.task.stored and r.runs} == {CODE}


def test_what_became_of_an_entry():
    plan = made()
    states = stored(plan)
    named = plan.named()
    states[named["estimate benchmark[1]"].key] = DAMAGED
    del states[named["estimate benchmark[2]"].key]
    del states[named["check"].key]
    known = found(plan, states, past(plan, failed={"check"}))
    assert known["estimate benchmark[1]"].cause == ENTRY_DAMAGED
    assert known["estimate benchmark[2]"].cause == GONE
    assert known["check"].cause == FAILED


def test_a_result_of_another_variant_is_reused_though_the_name_is_new():
    spec = study()
    twin = next(m for m in spec.models if m.name == "early").replace(name="late")
    plan = made(spec.replace(models=(*spec.models, twin)))
    known = found(plan, stored(made()), None)
    assert known["estimate benchmark[1]"].cause == REUSED
    assert known["estimate late[1]"].text == "same as estimate early[1]"


def test_titles_and_tables_reach_nothing():
    spec = study()
    tables = (Table("9", "Another title", spec.tables[1].items), *spec.tables)
    assert running(after(spec.replace(tables=tables))) == set()
    assert running(after(spec.replace(study=spec.study.replace(title="Another", digits=2)))) == set()


def test_a_new_column_is_new_and_the_old_ones_stay():
    spec = study()
    models = tuple(m.replace(columns=(*m.columns, column("Open"))) if m.name == "benchmark" else m for m in spec.models)
    known = after(spec.replace(models=models))
    assert known["estimate benchmark[3]"].cause == NEVER
    assert running(known) == {"estimate benchmark[3]", "check benchmark"}
    where = Apply("<=", (Ref("Open", RAW), Literal(1.0)))
    assert after(spec.replace(panel=spec.panel.replace(where=where)))["estimate early[1]"].detail.startswith("panel")
