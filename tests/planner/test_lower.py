"""What a study becomes, and which keys a change reaches."""

import pytest
from tests.planner.study import column, study

from carbonspec.lang.spec import RAW, Apply, Covariance, Literal, Ref, Study, Variable, Winsorize
from carbonspec.planner.lower import lower
from carbonspec.planner.optimise import merge_equal, optimise, share_within
from carbonspec.planner.select import select
from carbonspec.planner.show import mermaid, outline

FILES = {"provinces": (("provinces.csv", "abc"),)}


def keys(spec, files=FILES, engine="1"):
    return {task.name: task.key for task in lower(spec, files, engine).tasks}


def changed(before, after):
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_one_task_for_each_thing_in_an_order_that_can_be_followed():
    plan = lower(study(), FILES, "1")
    done = set()
    for task in plan.tasks:
        assert done.issuperset(task.inputs), task.name
        done.add(task.name)
    assert {"read provinces", "panel", "check", "column Ei", "column Ce", "estimate benchmark[2]"} <= done
    assert {"describe table 3[1]", "table 5", "hypothesis H1", "expect H1 = supported"} <= done
    assert "column Open" not in done  # a raw column that only has a label is not made


def estimates(names):
    return {name for name in names if name.startswith(("estimate", "describe"))}


def replaced(spec, name, **changes):
    return spec.replace(models=tuple(m.replace(**changes) if m.name == name else m for m in spec.models))


def test_changing_one_model_reaches_its_own_columns_only():
    spec = study()
    other = replaced(spec, "early", covariance=Covariance("iid"))
    assert estimates(changed(keys(spec), keys(other))) == {"estimate early[1]"}


def test_changing_a_variable_reaches_the_columns_that_use_it():
    spec = study()
    steeper = Variable("Ei", "", Apply("/", (Ref("energy", RAW), Ref("population", RAW))))
    other = spec.replace(variables=(steeper, *spec.variables[1:]))
    assert estimates(changed(keys(spec), keys(other))) == {"estimate benchmark[2]", "describe table 3[1]"}


def test_winsorizing_reaches_everything_that_names_the_variable():
    spec = study()
    other = spec.replace(winsorizing=(Winsorize("winsorize", ("Ce",), 0.05, 0.95),))
    reached = estimates(changed(keys(spec), keys(other)))
    assert reached == {"estimate benchmark[1]", "estimate benchmark[2]", "estimate early[1]", "describe table 3[1]"}


@pytest.mark.parametrize(
    "other",
    [
        study(study=Study("Another title")),
        replaced(study(), "benchmark", label="Baseline"),
        study(tables=study().tables[::-1]),
    ],
    ids=["title", "label", "order of tables"],
)
def test_presentation_reaches_no_number(other):
    assert estimates(changed(keys(study()), keys(other))) == set()


def test_data_and_engine_count_by_content():
    spec = study()
    everything = estimates(keys(spec))
    assert estimates(changed(keys(spec), keys(spec, {"provinces": (("provinces.csv", "abd"),)}))) == everything
    assert estimates(changed(keys(spec), keys(spec, engine="2"))) == everything


def test_the_panels_own_condition_counts_with_the_variables_it_reads():
    def with_where(divisor):
        ratio = Variable("Ei", "", Apply("/", (Ref("energy", RAW), Ref(divisor, RAW))))
        where = Apply(">", (Ref("Ei", "variable"), Literal(0.0)))
        base = study()
        return base.replace(panel=base.panel.replace(where=where), variables=(ratio, *base.variables[1:]))

    assert keys(with_where("gdp"))["panel"] != keys(with_where("population"))["panel"]


def test_equal_columns_are_estimated_once():
    spec = study()
    twin = spec.models[0].replace(name="twin", label="Twin")
    plan = merge_equal(lower(spec.replace(models=(*spec.models, twin)), FILES, "1"))
    assert plan.named()["estimate twin[2]"].same_as == "estimate benchmark[2]"
    assert plan.named()["estimate early[1]"].same_as == ""


def test_columns_on_the_same_sample_share_their_within_transformation():
    plan = share_within(lower(study(), FILES, "1"))
    shared = [task for task in plan.tasks if task.kind == "within"]
    users = [task.name for task in plan.tasks if any(name.startswith("within") for name in task.inputs)]
    assert [task.name for task in shared] == ["within 1"]
    assert users == ["estimate benchmark[1]", "estimate benchmark[2]"]
    assert [term.name for term in shared[0].payload.terms] == ["Ce", "Open", "Rpc", "Ei"]


def test_passes_keep_the_keys_of_results():
    plain, better = lower(study(), FILES, "1"), optimise(lower(study(), FILES, "1"))
    stored = {task.name: task.key for task in plain.tasks if task.stored}
    assert {task.name: task.key for task in better.tasks if task.stored} == stored


def test_a_part_of_a_study_takes_what_it_needs():
    part = select(study(), ["H1"])
    assert [m.name for m in part.models] == ["benchmark"]
    assert [e.hypothesis for e in part.expectations] == ["H1"]
    assert part.tables == ()


def test_a_plan_is_printed_whole():
    plan = optimise(lower(study(), FILES, "1"))
    known = {plan.named()["estimate benchmark[1]"].key}
    text = outline(plan, known)
    assert "Estimate (3)\n  benchmark[1]" in text
    assert "stored" in text
    assert f"{len(plan.tasks)} tasks; 7 results are kept, 1 of them are there already" in text
    diagram = mermaid(plan)
    assert diagram.startswith("flowchart LR\n")
    assert diagram.count("-->") == sum(len(task.inputs) for task in plan.tasks)


def test_more_than_one_outcome_is_more_than_one_estimate():
    spec = replaced(study(), "early", columns=(column("Open"), column("Open", outcome="Ei")))
    assert {"estimate early[1]", "estimate early[2]"} <= set(keys(spec))
