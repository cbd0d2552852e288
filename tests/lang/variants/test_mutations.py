"""Whatever a variant takes out, repeats or changes: diagnostics or a sound study, and flattening keeps its meaning."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lang.golden import tree
from tests.lang.resolve.studies import CATALOGUE
from tests.lang.resolve.test_mutations import EVERYTHING

from carbonspec.diagnostics.codes.all import CODES
from carbonspec.diagnostics.renderers import full
from carbonspec.lang.parse import clean, parse
from carbonspec.lang.resolve.study import resolve
from carbonspec.lang.resolve.tables import declared_tables
from carbonspec.lang.variants.chain import parse_whole
from carbonspec.lang.variants.flatten import flatten
from carbonspec.lang.variants.keys import key_of
from carbonspec.lang.variants.overrides import explained
from carbonspec.source import Source

PAPER = (Path(__file__).parents[3] / "specs" / "paper.cspec").read_text(encoding="utf-8")
STATEMENTS = [s.span.text for s in tree(PAPER).statements]
NAMES = sorted({"expect", "winsorize", "require", "study", "panel", "table 5", "figure 2", "trim"} | {
    key[1] for s in tree(PAPER).statements if (key := key_of(s)) is not None and not key[0]
})  # fmt: skip
SWAPS = ("Open", "Ce", "Gdp", "benchmark", "by_coast", "controls", "customs", "id", "5", "2")


@st.composite
def variants(draw: st.DrawFn) -> str:
    text = 'extends "../paper.cspec"\n'
    gone = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
    if gone:
        text += f"without {', '.join(gone)}\n"
    for statement in draw(st.lists(st.sampled_from(STATEMENTS), max_size=4)):
        before, after = draw(st.tuples(st.sampled_from(SWAPS), st.sampled_from(SWAPS)))
        text += re.sub(rf"\b{before}\b", after, statement) + "\n"
    if draw(st.booleans()):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(("", '"', "\n", " x", "[", ","))) + text[place + 1 :]
    return clean(text)


def meaning(file, **more):
    return resolve(file, CATALOGUE, dict.fromkeys(table.name for table in declared_tables(file)), **more)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(variants())
def test_a_variant_is_told_what_is_wrong_or_means_what_its_flat_form_means(text: str) -> None:
    whole = parse_whole(Source("specs/variants/v.cspec", text), lambda name: PAPER.encode())
    resolved = meaning(whole.value)
    found = explained((*whole.diagnostics, *resolved.diagnostics), whole.value)
    assert {d.code for d in found} <= set(CODES)
    full.render(found)
    if whole.ok and resolved.ok:
        flat = parse(Source("flat.cspec", flatten(whole.value)))
        assert flat.ok
        again = meaning(flat.value, outside=True)
        assert again.ok
        assert again.value == resolved.value


DECLARED = [
    key[1]
    for s in tree(EVERYTHING).statements
    if (key := key_of(s)) is not None and not key[0] and (s.keyword != "var" or s.body)
]


@pytest.mark.parametrize("name", DECLARED)
def test_no_use_of_what_is_withdrawn_is_missed(name: str) -> None:
    """Statements in whose text the name stands, and no others."""
    text = f'extends "base.cspec"\nwithout {name}\n'
    whole = parse_whole(Source("v.cspec", text), lambda base: EVERYTHING.encode())
    assert whole.ok
    written = [s for s in whole.value.statements if re.search(rf"(?<![\w.\"]){name}\b", s.span.text)]
    (found,) = [d for d in meaning(whole.value).diagnostics if d.code == "E254"] or [None]
    if not written:
        assert found is None
    else:
        assert found is not None
        count = len(written)
        assert f"and {count} statement{'s' if count > 1 else ''} still" in found.message
