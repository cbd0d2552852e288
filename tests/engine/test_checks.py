"""Everything the data have against a study, at once."""

import numpy as np
import pytest
from tests.engine.studies import TIME, call, codes, grunfeld, model, raw, study, table, term, var

from carbonspec.diagnostics.codes.data import CODES
from carbonspec.engine.check_warnings import few_clusters
from carbonspec.engine.checks import check_model, check_study
from carbonspec.engine.frame import assemble
from carbonspec.engine.table import TableData
from carbonspec.lang.spec import CallItem, Level, Literal, Require, Table, Winsorize

UNITS = [f"u{n:02d}" for n in range(24)]
MAIN = table(
    "t",
    unit=[u for u in UNITS for _ in range(3)],
    year=[1, 2, 3] * 24,
    y=[(7 * n) % 23 for n in range(72)],
    x=[(5 * n) % 17 + 1 for n in range(72)],
    coast=[n % 2 for n in range(24) for _ in range(3)],
    one=[1] * 72,
    region=[["e", "w", "n"][n % 3] for n in range(24) for _ in range(3)],
    rate=[3, 4, 5] * 24,
    word=["p"] * 71 + ["q"],
)


def check(main=MAIN, **parts):
    spec, tables = study(main, **parts)
    data = assemble(spec, tables)
    models = [check_model(model, data) for model in spec.models]
    found = (*check_study(spec, data), *(d for found, _ in models for d in found))
    return (*dict.fromkeys(found), *few_clusters(few for _, some in models for few in some))


def said(code, **parts):
    return [d for d in check(**parts) if d.code == code]


def test_a_clean_study_has_nothing_to_say():
    assert check(models=(model("y", "x", fe=("id", "time")),)) == ()


def test_all_problems_come_at_once():
    found = check(
        variables=(var("a", call("log", call("-", "x", 5))), var("b", call("+", "region", 1)), var("absent")),
        requirements=(Require(call(">", "x", 2)),),
        winsorizing=(Winsorize("winsorize", ("coast",), 0.01, 0.99),),
        models=(model("y", "region"), model("y", "x", where=call(">", TIME, 9), name="n")),
        tables=(Table("1", items=(CallItem("summary", (term("region"),)),)),),
    )
    assert sorted(codes(found)) == ["E408", "E420", "E421", "E423", "E424", "E426", "E430"]


def test_what_the_effects_absorb():
    (problem,) = said("W433", models=(model("y", "x", "coast", fe=("id",)),))
    assert problem.severity == "warning"
    assert problem.message == "`coast` never changes within a value of `id` in `m`: the effects absorb it"
    assert len(said("W433", models=(model("y", "x", "rate", fe=("id", "time")),))) == 1
    assert said("W433", models=(model("y", "x", "coast"),)) == []


def test_constants():
    (problem,) = said("W432", models=(model("y", "x", "one"),))
    assert problem.message == "`one` is 1 in every row of `m`, so it has no coefficient and is left out"
    assert len(said("W432", models=(model("one", "x"),))) == 1


def test_few_clusters():
    assert said("W434", models=(model("y", "x"),)) == []
    (problem,) = said("W434", models=(model("y", "x", clusters=(raw("region"),)),))
    assert problem.message.startswith("`m` has 3 clusters of `region`")
    assert said("W434", models=(model("y", "x", clusters=()),)) == []


def test_a_category_with_one_value():
    one = model("y", "x", term(call("i", "region"), "i(region)"), where=call("==", "region", Literal("e")))
    assert len(said("W435", models=(one,))) == 1


def test_a_thin_part_of_a_split():
    (problem,) = said("W436", models=(model("y", "x", split=raw("word")),))
    assert problem.message == '`m` where word = "q" has 1 row for 2 coefficients and effects'


def test_levels_against_data():
    levels = (Level("e", "East"), Level("s", "South"), Level("w", "West"))
    found = said("W437", variables=(var("region", levels=levels),))
    assert [d.message for d in found] == [
        '`region` also takes values that are not among its levels: "n"',
        'no row of the sample has `region` = "s"',
    ]


def test_gaps_are_a_note():
    main = grunfeld()
    keep = [row for row in range(200) if main.columns["year"][row] != 1940 or row > 100]
    gappy = TableData("grunfeld", main.take(np.array(keep)), len(keep))
    (problem,) = [d for d in check(gappy, id=("firm",)) if d.code == "N440"]
    assert problem.severity == "note"
    assert "missing inside the history of" in problem.message
    assert problem.facts[0].startswith("1 before ")


def test_a_clock_of_five_years_is_told():
    waves = table("t", unit=["a", "a"], year=[2000, 2005])
    (problem,) = check(waves)
    assert problem.message == "the panel's clock moves in steps of 5 of the time column: `L.x` is one step back"


def test_stepwise_columns_do_not_repeat_a_warning():
    one = model("y", "coast", fe=("id",))
    two = model("y", "coast", "x", fe=("id",))
    both = one.replace(columns=(*one.columns, *two.columns))
    assert len(said("W433", models=(both,))) == 1


@pytest.mark.parametrize("code", CODES, ids=[code.id for code in CODES])
def test_codes_explain_themselves(code):
    assert code.id[0] in "EWN"
    assert code.id[1] == "4"
    assert code.title
    assert code.why.endswith(".")
    assert code.fix
    assert code.example


def test_every_code_used_is_explained():
    import re
    from pathlib import Path

    from carbonspec import engine

    known = {code.id for code in CODES}
    assert len(known) == len(CODES)
    used = set()
    for path in Path(engine.__path__[0]).rglob("*.py"):
        used |= set(re.findall(r'"([EWN]4\d\d)"', path.read_text(encoding="utf-8")))
    assert used == known


def test_few_clusters_are_said_once():
    names = [model("y", "x", clusters=(raw("region"),), name=f"m{j}") for j in range(5)]
    (problem,) = said("W434", models=tuple(names))
    assert problem.message.startswith("`m0`, `m1`, `m2` and 2 more have 3 clusters of `region`: with fewer than 20")
    assert problem.helps == ("`se wild(9999, cluster(region))` and `se crv3(region)` are made for few clusters",)
