"""What `diff` says of a change: the fields, what they affect, the results they reach."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compare.comparing import STUDY, changes, edited, line, lines, tree, understand
from tests.compare.test_records import texts
from tests.lang.golden import OK
from tests.lang.resolve.studies import HEAD

from carbonspec.compare.changes import ADDED, REMOVED
from carbonspec.compare.outputs import outputs_text
from carbonspec.compare.statements import match
from carbonspec.lang.unparse import unparse
from carbonspec.planner.task import ESTIMATE, MEDIATE

BASE = "Tables 2, 3; H1; 2 expectations"

CASES = [
    # one edit, and the one line it gives
    (("a + b + c\n", "a + b\n"), f"changed let controls | − c | estimates | {BASE}"),
    (("a + b + c\n", "a + b + w\n"), f"changed let controls | c → w | estimates | {BASE}"),
    (
        ("se cluster(id)", "se iid"),
        "changed study | se: cluster(id) → iid | inference | Tables 2, 3; H1; model alone; 2 expectations",
    ),
    (("  se cluster(id)\n", ""), ""),  # the default said aloud
    (("year <= 2018", "year <= 2017"), "changed model early | where: year ≤ 2018 → ≤ 2017 | estimates | Table 3"),
    (("base where year <= 2018", "base"), "changed model early | − where year ≤ 2018 | estimates | Table 3"),
    (("y ~ share", "y ~ share se hc1"), "changed model alone | se: cluster(id) → hc1 | inference | model alone"),
    (("y ~ share", "y ~ share | fe(id)"), "changed model alone | + structure fe(id) | estimates | model alone"),
    (("fe(id, year)", "fe(id)"), f"changed model base | fe: − year | estimates | {BASE}"),
    (("csw0(controls, z)", "csw0(controls)"), f"changed model base | csw0: − z | estimates | {BASE}"),
    (("y ~ lx", "log(y) ~ lx"), f"changed model base | outcome: y → log(y) | estimates | {BASE}"),
    (
        ("y, controls at 1%", "y, controls at 2%"),
        "changed winsorize | at: 1% → 2% | estimates | Tables 1, 2, 3; figure 1; H1; model alone; 2 expectations",
    ),
    (
        ("y, controls at", "y at"),
        "changed winsorize | − controls | estimates | Tables 1, 2, 3; H1; model alone; 2 expectations",
    ),
    (("log(x)", "log(1 + x)"), f"changed var lx | log: x → 1 + x | estimates | {BASE}"),
    (('"Log x"', '"Size"'), 'changed var lx | label: "Log x" → "Size" | presentation | Tables 2, 3'),
    (('"Base":', '"Benchmark":'), 'changed model base | label: "Base" → "Benchmark" | presentation | Table 2'),
    (("> 0 at 10%", "> 0 at 5%"), "changed hypothesis H1 | at: 10% → 5% | inference | H1; 1 expectation"),
    (("N = 270", "N = 210"), "changed expect base[last].N | 270 → 210 | inference | "),
    (("in 0..1", "in 0..2"), "changed require | z in 0..1 → in 0..2 | estimates | "),
    (("summary(y, share)", "summary(y)"), "changed table 1 | summary: − share | estimates | Table 1"),
    (("early, by_region", "early"), "changed table 3 | shows: − by_region | presentation | Table 3"),
    (("table 2", "table 4"), "renamed table 2 → 4 |  | presentation | "),
    (("table 3", "table 2b"), None),  # numbers are numbers
    (("lx", "size"), "renamed var lx → size |  | presentation | "),
    (("early", "to_2018"), "renamed model early → to_2018 |  | presentation | "),
    (
        ("lx + csw0(controls, z)", "csw0(controls, z) + lx"),
        f"changed model base | terms: order lx, csw0(controls, z) → csw0(controls, z), lx | presentation | {BASE}",
    ),
    (("a / b", "(a / b)"), ""),
    (("1%, 99%", "0.01, 0.99"), ""),
    (  # the table's note quotes the formula
        ("base[last] split", "base[3] split"),
        "changed model by_region | terms: base[last] → base[3] | presentation | Table 3",
    ),
    (("    ", " "), ""),
]


@pytest.mark.parametrize(("edit", "wanted"), [c for c in CASES if c[1] is not None and c[0][0] in STUDY], ids=str)
def test_one_edit_is_one_line(edit: tuple[str, str], wanted: str) -> None:
    found = edited(edit)
    assert [text for text in lines(found) if text] == ([wanted] if wanted else [])
    assert found.understood


def test_what_is_added_and_removed_is_told_whole() -> None:
    found = edited(("model alone: y ~ share\n", "model more: y ~ lx where z > 0\n"))
    assert [(c.kind, c.after or c.before, outputs_text(c.reaches)) for c in found.statements] == [
        (ADDED, "model more: y ~ lx where z > 0", ""),
        (REMOVED, "model alone: y ~ share", ""),
    ]


def test_a_let_that_nothing_uses_is_still_told() -> None:
    found = changes(STUDY, STUDY + "let others = w + z\n")
    assert lines(found) == ["added let others |  | presentation | "]


def test_a_change_that_stands_only_with_another_is_told_by_itself() -> None:
    """The columns of a model and the headings above them."""
    text = STUDY.replace('table 2 "Benchmark": base\n', 'table 2 "Benchmark": base\n  columns 1..3\n')
    found = changes(text, text.replace("(controls, z)", "(controls)").replace("1..3", "1..2"))
    assert lines(found) == [
        f"changed model base | csw0: − z | estimates | {BASE}",
        "changed table 2 | columns: 1..3 → 1..2 | presentation | Table 2",
    ]


def test_a_name_that_takes_over_another_is_no_renaming() -> None:
    """`lx` goes, and its uses now mean a raw column."""
    found = changes("var w2 = x\nmodel m: y ~ w2 + w\ntable 1: m\n", "var w = x\nmodel m: y ~ w + z\ntable 1: m\n")
    assert any(c.keyword == "model" and c.affects == "estimates" for c in found.statements)


def test_a_version_with_mistakes_is_compared_as_far_as_its_statements_go() -> None:
    found = edited(("y ~ share", "y ~ shore"), ("year <= 2018", "year <= 2017"))
    assert not found.understood
    assert [c.affects for c in found.statements] == ["", ""]
    assert "where: year ≤ 2018 → ≤ 2017" in line(found.statements[0])


def test_tables_that_move_up_one_number_are_renumbered() -> None:
    text = 'table 1 "A": base\ntable 2 "B": early\n'
    models = "model base: y ~ x\nmodel early: base where year <= 2018\n"
    new = 'table 1 "New": summary(y)\ntable 2 "A": base\ntable 3 "B": early\n'
    kinds = [(c.kind, c.was, c.name) for c in changes(models + text, models + new).statements]
    assert kinds == [("added", "", "1"), ("renamed", "1", "2"), ("renamed", "2", "3")]


def test_two_versions_with_many_changes_are_compared_as_a_whole_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from carbonspec.compare import records

    calls = []
    whole = records.diff
    monkeypatch.setattr(records, "diff", lambda *sides: calls.append(1) or whole(*sides))
    models = [f"model m{n}: y ~ L{{}}.x | fe(id) where year <= 2018\n" for n in range(80)]
    found = changes("".join(models).format(*[1] * 80), "".join(models).format(*[2] * 80))
    assert len(found.statements) == 80
    assert {c.affects for c in found.statements} == {"estimates"}
    assert len(calls) == 1


DRAWN = """var lx = log(x)
model plain: y ~ lx + z | fe(id)
model units: y ~ lx | fe(id) se bootstrap(99)
model signs: y ~ lx | fe(id, year) se wild(99)
model early: y ~ lx where year <= 2018 se cluster(id)
mediate via: lx -> z -> y bootstrap 50
test ratio: delta(plain.lx / plain.z)
hypothesis H1: units.lx > 0 at 10%
table 1: plain, early
table 2: units, plain
"""
NAMES = ("plain", "units", "signs", "early", "via", "ratio")


def test_a_name_on_which_draws_hang_moves_them() -> None:
    found = edited(("units", "drawn"), text=DRAWN)
    assert lines(found) == ["renamed model units → drawn |  | inference | Table 2; H1"]
    assert found.notes == ("units → drawn: draws hang on the name, so those of drawn are made anew.",)
    assert outputs_text(found.reaches) == "Table 2; H1"
    found = edited(("lx", "size"), text=DRAWN)
    assert [c.affects for c in found.statements] == ["inference"]
    assert "those of units, signs are made anew" in found.notes[0]
    for old in ("plain", "early", "ratio"):
        found = edited((old, "other"), text=DRAWN)
        assert [c.affects for c in found.statements] == ["presentation"]
        assert not found.notes
        assert all(output.how == "print" for output in found.reaches)  # a test prints its formula


# --- laws -------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(texts())
def test_nothing_changes_by_formatting_comments_or_moving(text: str) -> None:
    assert not changes(text, text)
    formatted = unparse(tree(HEAD + text))
    assert not changes(HEAD + text, formatted, head="")
    moved = formatted.replace("model ", "# why\nmodel ").split("\nmodel ")
    assert not changes(HEAD + text, "\n\nmodel ".join(moved), head="")


@settings(max_examples=25, deadline=None)
@given(texts(), st.integers(0, 99))
def test_the_order_of_statements_changes_nothing(text: str, seed: int) -> None:
    statements = (HEAD + text).replace("\n  ", "\x00").splitlines()
    random.Random(seed).shuffle(statements)
    assert not changes(HEAD + text, "\n".join(statements).replace("\x00", "\n  ") + "\n", head="")


@settings(max_examples=25, deadline=None)
@given(texts(), texts())
def test_the_way_back_tells_the_same_the_other_way_round(one: str, other: str) -> None:
    there, back = changes(one, other), changes(other, one)
    turned = {"added": "removed", "removed": "added"}
    assert sorted(
        (turned.get(c.kind, c.kind), c.keyword, c.was or c.name, c.before, c.after) for c in there.statements
    ) == sorted((c.kind, c.keyword, c.name, c.after, c.before) for c in back.statements)


@pytest.mark.parametrize("path", OK, ids=lambda path: path.stem)
def test_every_golden_file_matches_itself_and_its_canonical_form(path) -> None:
    file = tree(path.read_text(encoding="utf-8"))
    for pair in match(file, tree(unparse(file))):
        assert pair.before == pair.after


@settings(max_examples=25, deadline=None)
@given(texts(), texts())
def test_a_fingerprint_changes_exactly_when_a_number_can(one: str, other: str) -> None:
    """Of two versions in which a model means the same, its results keep their keys; where a field that moves numbers
    differs, they do not."""
    from carbonspec.planner.fingerprint import fingerprint

    before, after = understand(tree(HEAD + one)), understand(tree(HEAD + other))
    assert before is not None
    assert after is not None
    models = {m.name: m for m in before.spec.models}
    for model in after.spec.models:
        mine = models.get(model.name)
        if mine is None:
            continue
        alike = fingerprint(mine) == fingerprint(model)
        assert alike == (_numbers(mine) == _numbers(model))


def _numbers(model):
    return model.replace(name="", label="", quoted_formula="")


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(NAMES), min_size=1))
def test_a_replaced_name_is_presentation_exactly_where_no_number_is_computed_anew(names: set[str]) -> None:
    new = DRAWN
    for name in names:
        new = re.sub(rf"\b{name}\b", f"{name}_now", new)
    found = changes(DRAWN, new)
    assert {change.was: change.name for change in found.statements} == {name: f"{name}_now" for name in names}
    one, other = (understand(tree(HEAD + text)) for text in (DRAWN, new))
    assert one is not None
    assert other is not None
    keys = [{t.key for t in m.plan.tasks if t.kind in (ESTIMATE, MEDIATE)} for m in (one, other)]
    hanging = names & {"units", "signs", "via"}
    assert len(keys[0] - keys[1]) == len(keys[1] - keys[0]) == len(hanging)
    assert {c.was for c in found.statements if c.affects == "inference"} == hanging
    assert {c.was for c in found.statements if c.affects == "presentation"} == names - hanging
    assert len(found.notes) == len(hanging)
