"""Base and variant → one file."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lang.golden import OK, tree

from carbonspec.lang import ast
from carbonspec.lang.parse import clean
from carbonspec.lang.unparse import unparse
from carbonspec.lang.variants.chain import DEEPEST, Unreadable, parse_whole
from carbonspec.lang.variants.keys import called, key_of
from carbonspec.lang.variants.merge import merge
from carbonspec.source import Source

BASE = """\
# A study of provinces.
study "Opening up"
  cite "doi:1"
  se cluster(id)

data provinces from "data/provinces.csv"

# --- variables ---
# in constant prices
var Open = trade / gdp
var Ei = energy / gdp # tce
winsorize Open, Ei at 1%, 99%
winsorize Fin at 1%, 99%

panel provinces
  id province
  time year
  join energy on province, year
  join weather on province
  where year >= 2010

model benchmark: Ce ~ Open + Ei | fe(id, year)
expect benchmark.N = 10
table 5: benchmark
figure 5: map(Open)
# the end
"""


def whole(**files: str) -> tuple[ast.File, tuple[str, ...]]:
    """The tree of `variant`, which extends others of the files, and the codes that were said."""

    def read(name: str) -> bytes:
        if name not in texts:
            raise FileNotFoundError(name)
        return texts[name].encode()

    texts = {f"{name}.cspec": text for name, text in files.items()}
    checked = parse_whole(Source("variant.cspec", clean(texts["variant.cspec"])), read)
    return checked.value, tuple(d.code for d in checked.diagnostics)


def merged(variant: str, base: str = BASE) -> str:
    file, codes = whole(base=base, variant='extends "base.cspec"\n' + variant)
    assert codes == ()
    return unparse(file)


# --- laws -----------------------------------------------------------------------------------------------------

FILES = [tree(path.read_text(encoding="utf-8")) for path in OK]
EXTENDS = tree('extends "base.cspec"\n').statements
files = st.sampled_from([file for file in FILES if file.statements])


def plain(statement: ast.Statement) -> ast.Statement:
    """A statement without what is said around it."""
    return statement.replace(before=(), after=())


def unique(file: ast.File) -> list[ast.Statement]:
    """Statements of which a name speaks without doubt."""
    count = Counter(key_of(s) for s in file.statements)
    return [s for s in file.statements if key_of(s) is not None and count[key_of(s)] == 1]


def without(*names: str) -> ast.Statement:
    (statement,) = tree(f"without {', '.join(names)}\n").statements
    return statement


@pytest.mark.parametrize("base", FILES)
def test_extending_with_nothing_is_the_base(base: ast.File) -> None:
    checked = merge(base, ast.File(EXTENDS))
    assert checked.value == base
    assert checked.diagnostics == ()


@given(files, st.data())
def test_taking_out_and_declaring_anew_is_replacing(base: ast.File, data: st.DataObject) -> None:
    choice = unique(base)
    if not choice:
        return
    old = data.draw(st.sampled_from(choice))
    if old.keyword in ("study", "panel"):
        return
    new = old.replace(clauses=(), label=ast.Text("another"))
    replaced = merge(base, ast.File((*EXTENDS, new))).value
    anew = merge(base, ast.File((*EXTENDS, without(called(old)), new))).value
    assert {plain(s) for s in replaced.statements} == {plain(s) for s in anew.statements}
    assert plain(anew.statements[-1]) == plain(new)
    places = [key_of(s) for s in base.statements]
    assert [key_of(s) for s in replaced.statements] == places


@given(files, st.data())
def test_statements_of_the_variant_come_after_all_that_stays(base: ast.File, data: st.DataObject) -> None:
    other = data.draw(files)
    own = tuple(s for s in other.statements if s.keyword not in ("extends", "without"))
    found = merge(base, ast.File((*EXTENDS, *own))).value.statements
    assert len(found) >= max(len(base.statements), len(own))
    known = {key_of(s) for s in base.statements}
    added = [plain(s) for s in own if key_of(s) is None or key_of(s) not in known]
    assert [plain(s) for s in found[len(base.statements) :] if plain(s) in added] == added


@given(files)
def test_a_variant_that_repeats_its_base_is_told_so(base: ast.File) -> None:
    own = tuple(unique(base))
    checked = merge(base, ast.File((*EXTENDS, *own)))
    assert [plain(s) for s in checked.value.statements] == [plain(s) for s in base.statements]
    assert {d.code for d in checked.diagnostics} <= {"W256"}
    assert len(checked.diagnostics) >= len([s for s in own if s.keyword not in ("study", "panel")])


# --- what is replaced, added, taken out -----------------------------------------------------------------------


def test_a_statement_takes_the_place_of_its_name_and_keeps_the_section() -> None:
    got = merged('measure Open "Index" = index(entropy) # ours\n')
    assert '# --- variables ---\nmeasure Open "Index" = index(entropy) # ours\nvar Ei = energy / gdp # tce\n' in got
    assert "constant prices" not in got


def test_comments_of_the_variant_stand_with_its_statements_and_its_reason_on_top() -> None:
    got = merged(
        "# because of outliers\nwithout winsorize # all\n\n# logged\nvar Open = log(trade)\n\n# new\nlet c = Ei\n"
    )
    assert got.startswith("# because of outliers\n# all\n\n# A study of provinces.\nstudy")
    assert "# --- variables ---\n# logged\nvar Open = log(trade)\n" in got
    assert got.endswith("figure 5: map(Open)\n# the end\n\n# new\nlet c = Ei\n")


def test_the_head_of_a_file_stays_when_its_first_statement_goes() -> None:
    assert merged("without study\n").startswith("# A study of provinces.\n\ndata provinces")


def test_in_study_and_panel_a_clause_replaces_its_like() -> None:
    got = merged(
        'study "Again"\n  se iid\n  seed 3\npanel firms\n  join weather on id\n  where year > 2000\n  join soil on id\n'
    )
    assert 'study "Again"\n  cite "doi:1"\n  se iid\n  seed 3\n' in got
    assert (
        "panel firms\n  id province\n  time year\n  join energy on province, year\n  join weather on id\n"
        "  where year > 2000\n  join soil on id\n"
    ) in got


def test_a_panel_that_is_taken_out_first_is_replaced_whole() -> None:
    got = merged("without panel\npanel firms\n  id firm\n  time year\n")
    assert got.count("panel") == 1
    assert got.endswith("panel firms\n  id firm\n  time year\n")


def test_statements_without_a_name_add_up() -> None:
    got = merged("winsorize Gdp at 5%, 95%\nexpect benchmark.N = 11\nrequire Open > 0\n")
    assert got.count("winsorize") == 3
    assert got.count("expect") == 2


def test_tables_and_figures_have_numbers_of_their_own() -> None:
    got = merged("table 05: other\n")
    assert "table 5" not in got
    assert "table 05: other\nfigure 5: map(Open)\n" in got
    assert "figure" not in merged("without figure 5\n")
    assert "table" not in merged("without table 05\n")


def test_without_takes_those_that_have_no_name_and_leaves_the_variants() -> None:
    got = merged("without winsorize, expect\nexpect benchmark.N = 11\n")
    assert "winsorize" not in got
    assert got.endswith("expect benchmark.N = 11\n")
    assert got.count("expect") == 1


def test_a_declared_name_comes_before_a_keyword() -> None:
    base = "let expect = a + b\nexpect m.N = 1\n"
    assert merged("without expect\n", base) == "expect m.N = 1\n"
    tests = "test roots: unitroot(Ce)\ntest hausman(m)\n"
    assert merged("without test\n", tests) == "test roots: unitroot(Ce)\n"
    assert merged("without test roots\n", tests) == "test hausman(m)\n"


# --- chains ---------------------------------------------------------------------------------------------------


def test_three_levels_read_from_the_bottom() -> None:
    file, codes = whole(
        base="var a = 1\nvar b = 1\nvar c = 1\nwinsorize a at 1%, 99%\n",
        middle='extends "base.cspec"\nvar b = 2\nvar d = 2\nwinsorize b at 1%, 99%\n',
        variant='extends "middle.cspec"\nwithout winsorize\nvar c = 3\nvar d = 3\n',
    )
    assert codes == ()
    assert unparse(file) == "var a = 1\nvar b = 2\nvar c = 3\n\nvar d = 3\n"
    assert [part.span.source.level for part in file.parts] == [0, 1, 2]
    assert [part.span.source.name for part in file.parts] == ["variant.cspec", "middle.cspec", "base.cspec"]


def test_what_a_level_took_out_is_not_there_for_the_next() -> None:
    _, codes = whole(
        base="var a = 1\nvar b = 1\n",
        middle='extends "base.cspec"\nwithout a\n',
        variant='extends "middle.cspec"\nwithout a\n',
    )
    assert codes == ("E253",)


def test_a_chain_without_an_end_is_cut() -> None:
    names = [f"{'x' * n}.cspec" for n in range(1, DEEPEST + 5)]
    texts = {name: f'extends "{after}"\n'.encode() for name, after in pairwise(names)}
    checked = parse_whole(Source("variant.cspec", f'extends "{names[0]}"\n'), texts.__getitem__)
    assert [d.code for d in checked.diagnostics] == ["E252"]


def test_paths_of_bases_are_seen_from_the_spec() -> None:
    asked = []

    def read(name: str) -> bytes:
        asked.append(name)
        return {
            "specs/sub/middle.cspec": b'extends "../../old/base.cspec"\ndata b from "b.csv"\n',
            "old/base.cspec": b'data a from "data/a.csv"\ndata c from "c.csv"\n',
        }[name]

    text = 'extends "sub/middle.cspec"\ndata c from "c.csv"\n'
    checked = parse_whole(Source("specs/variant.cspec", text), read)
    assert asked == ["specs/sub/middle.cspec", "old/base.cspec"]
    assert [part.span.source.folder for part in checked.value.parts] == ["", "sub", "../old"]


def test_what_the_reader_says_is_passed_on() -> None:
    def read(name: str) -> bytes:
        raise Unreadable("it is private", "ask for it")

    checked = parse_whole(Source("variant.cspec", 'extends "base.cspec"\n'), read)
    (found,) = checked.diagnostics
    assert found.message == "cannot read `base.cspec`: it is private"
    assert found.helps == ("ask for it",)


def test_a_base_that_is_no_text_is_told_where_it_is_named() -> None:
    checked = parse_whole(Source("variant.cspec", 'extends "base.cspec"\n'), lambda name: b"var a = 1\n\xff\n")
    (found,) = checked.diagnostics
    assert (found.code, found.span.text if found.span else "") == ("E251", '"base.cspec"')
    assert "byte 11 on line 2" in found.message
