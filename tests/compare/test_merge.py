"""Merging statement by statement: what each side changed is kept, what both changed conflicts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.compare.comparing import tree
from tests.compare.test_records import texts

from carbonspec.compare.merge import Merged, merge
from carbonspec.compare.statements import bare, match, name_of
from carbonspec.lang.unparse import unparse

BASE = """# A study of growth
study "Growth"
  seed 1

data firms from "firms.csv"
panel firms
  id firm # the register's number
  time year

# --- models ---
let controls = a + b
model base: y ~ x + controls | fe(id, year) # Equation 1
  # the paper's column 5
model early: base where year <= 2018

table 1 "Benchmark": base
  notes "A note."
table 2 "Early": early
# the end
"""


def merged(ours: list[tuple[str, str]], theirs: list[tuple[str, str]], base: str = BASE) -> Merged:
    sides = []
    for edits in (ours, theirs):
        text = base
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new)
        sides.append(text)
    found = merge(base, *sides)
    assert found is not None
    return found


def edited(*edits: tuple[str, str]) -> str:
    text = BASE
    for old, new in edits:
        text = text.replace(old, new)
    return text


CONTROLS = ("a + b", "a + b + c")
EARLY = ("year <= 2018", "year <= 2017")
NEW = ("\ntable 1", "model late: base where year > 2010\n\ntable 1")
NOTE = ("# A study", "# Our study")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([CONTROLS], [EARLY]),
        ([CONTROLS, NOTE], [NEW]),
        ([('table 2 "Early": early\n', "")], [CONTROLS]),
        ([CONTROLS], [CONTROLS]),
        ([CONTROLS], []),
        ([("# the end\n", "# the very end\n")], [EARLY, NEW]),
        ([("let controls = a + b\n", "")], [NOTE]),
        ([("# Equation 1", "# Equation 2")], [("let controls", "# less is more\nlet controls")]),
        ([("base: y ~ x + controls", "base:  y ~ x  +  controls")], [EARLY]),
        # two clauses of one statement
        ([("  seed 1", "  seed 2")], [("  seed 1", "  seed 1\n  level 1%")]),
        ([('"Benchmark"', '"Main"')], [('notes "A note."', 'notes "Another note."')]),
    ],
    ids=str,
)
def test_changes_of_different_statements_and_clauses_meet(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]]
) -> None:
    wanted = unparse(tree(edited(*ours, *(e for e in theirs if e not in ours and e[0] in edited(*ours)))))
    if ours[0][0] == "  seed 1":
        wanted = unparse(tree(edited(("  seed 1", "  seed 2\n  level 1%"))))
    for found in (merged(ours, theirs), merged(theirs, ours)):
        assert found.conflicts == 0
        assert found.troubles == ()
        assert unparse(tree(found.text)) == wanted


def test_what_nobody_touched_keeps_its_very_letters() -> None:
    odd = BASE.replace("let controls = a + b", "let   controls =  a+b   # odd")
    found = merged([EARLY], [NOTE], odd)
    assert found.text == odd.replace(*EARLY).replace(*NOTE)


@pytest.mark.parametrize(
    ("ours", "theirs", "shown"),
    [
        (
            [("a + b", "a + b + c")],
            [("a + b", "a")],
            "<<<<<<< ours\nlet controls = a + b + c\n=======\nlet controls = a\n>>>>>>> theirs\n",
        ),
        (
            [("year <= 2018", "year <= 2017")],
            [("model early: base where year <= 2018\n", ""), ('table 2 "Early": early\n', "")],
            "<<<<<<< ours\nmodel early: base where year <= 2017\n=======\n>>>>>>> theirs\n",
        ),
        (
            [("\ntable 1", "model late: base where year > 2010\n\ntable 1")],
            [("\ntable 1", "model late: base where year > 2012\n\ntable 1")],
            "=======\nmodel late: base where year > 2012\n>>>>>>> theirs\n",
        ),
        (
            [("# A study of", "# Our study of")],
            [("# A study of", "# Their study of")],
            "<<<<<<< ours\n# Our study of growth\n=======\n# Their study of growth\n>>>>>>> theirs\nstudy",
        ),
        ([("  seed 1", "  seed 2")], [("  seed 1", "  seed 3")], "  seed 2\n=======\n"),
        ([('notes "A note."', 'notes "B."')], [('notes "A note."', 'notes "C."')], '  notes "B."\n=======\ntable 1'),
    ],
)
def test_one_statement_changed_by_both_conflicts_with_both_shown(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]], shown: str
) -> None:
    found = merged(ours, theirs)
    assert found.conflicts == 1
    assert shown in found.text
    assert found.text.count("<<<<<<<") == found.text.count(">>>>>>>") == 1


def test_a_name_that_one_side_gave_up_and_the_other_uses_is_told() -> None:
    found = merged(
        [("let controls = a + b", "let extras = a + b"), ("x + controls", "x + extras")],
        [("\ntable 1", "model late: y ~ controls\n\ntable 1")],
    )
    assert found.conflicts == 0
    assert found.troubles == ("`controls` is used by one side, and the other no longer declares it",)


def test_a_name_that_both_sides_gave_to_something_else_is_told() -> None:
    found = merged([NEW], [("let controls", "var late = log(y)\nlet controls")])
    assert found.troubles == ("`late` is declared by both sides",)


def test_the_side_that_moved_statements_decides_the_order() -> None:
    moved = BASE.replace('table 2 "Early": early\n', "").replace("table 1", 'table 2 "Early": early\ntable 1')
    for pair in ((moved, BASE.replace(*CONTROLS)), (BASE.replace(*CONTROLS), moved)):
        found = merge(BASE, *pair)
        assert found is not None
        assert found.conflicts == 0
        assert unparse(tree(found.text)) == unparse(tree(moved.replace(*CONTROLS)))


def test_texts_with_syntax_errors_are_left_to_git() -> None:
    assert merge(BASE, BASE.replace("y ~ x", "y ~ ~ x"), BASE) is None


def test_nothing_before_and_two_specs_after() -> None:
    found = merge("", 'var x "X"\nvar y "Y"\n', 'var z "Z"\nvar y "Y"\n')
    assert found is not None
    assert found.conflicts == 0
    assert {s.name.text for s in tree(found.text).statements} == {"x", "y", "z"}


# --- laws -------------------------------------------------------------------------------------------------------


def _statements(text: str) -> list[str]:
    return sorted(unparse(tree("").replace(statements=(bare(s),))) for s in tree(text).statements)


@settings(max_examples=40, deadline=None)
@given(texts(), texts())
def test_what_one_side_alone_changed_is_what_comes_out(base: str, other: str) -> None:
    for found in (merge(base, base, other), merge(base, other, base), merge(base, other, other)):
        assert found is not None
        assert found.conflicts == 0
        assert _statements(found.text) == _statements(other)


@settings(max_examples=40, deadline=None)
@given(texts(), texts(), texts())
def test_sides_can_be_exchanged_and_no_statement_is_lost(base: str, ours: str, theirs: str) -> None:
    there, back = merge(base, ours, theirs), merge(base, theirs, ours)
    if there is None or back is None:
        assert there is back
        return
    assert there.conflicts == back.conflicts
    if not there.conflicts:
        assert _statements(there.text) == _statements(back.text)
        for side in (ours, theirs):
            added = [p.after for p in match(tree(base), tree(side)) if p.before is None and p.after is not None]
            kept = {(s.keyword, name_of(s)) for s in tree(there.text).statements}
            assert {(s.keyword, name_of(s)) for s in added} <= kept
