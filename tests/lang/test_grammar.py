"""The grammar itself: no conflicts, and our loop reads it as lark's own parser does."""

from __future__ import annotations

import ast as python
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput
from tests.lang.golden import OK

from carbonspec.lang.compile_tables import STARTS, as_module, compile_tables
from carbonspec.lang.lalr import Tables, Unexpected
from carbonspec.lang.layout import lines
from carbonspec.lang.parse import clean, grammar_path

PATH = Path(grammar_path() or "")
GRAMMAR = PATH.read_text(encoding="utf-8")
LARK = Lark(GRAMMAR, parser="lalr", lexer="contextual", strict=True, start=list(STARTS), maybe_placeholders=False)
TABLES = Tables(**compile_tables(GRAMMAR, strict=True))
SIGNS = "m : y ~ x + - * / ^ | fe ( id , year ) [ 5 ] . .. -> = == < not in and or L. F2. 1 5%"
KEYWORDS = "model var let table mediate test where se without expect data study"
WORDS = [*SIGNS.split(), *KEYWORDS.split(), '"t"', "`a b`"]


class Plain(dict[str, Any]):
    """Builds tuples for every name of the grammar."""

    def __missing__(self, name: str) -> Any:
        return lambda start, end, children: (name, *(c if isinstance(c, tuple) else c.text for c in children))


def ours(text: str, start: str) -> Any:
    tokens = [token for token in TABLES.tokens(text) if token.kind not in TABLES.ignored]
    return TABLES.parse(tokens, start, Plain())


def theirs(text: str, start: str) -> Any:
    return plain(LARK.parse(text, start=start))


def plain(tree: Any) -> Any:
    if isinstance(tree, Token):
        return str(tree)
    assert isinstance(tree, Tree)
    return (str(tree.data), *(plain(child) for child in tree.children))


@pytest.mark.parametrize("path", OK, ids=lambda path: path.stem)
def test_same_trees_as_lark(path: Path) -> None:
    text = clean(path.read_text(encoding="utf-8"))
    found, _ = lines(text, TABLES)
    for line in found:
        start = "clause_line" if line.indent else "statement"
        written = text[line.tokens[0].start : line.tokens[-1].end]
        assert ours(written, start) == theirs(written, start)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14), st.sampled_from(STARTS))
def test_same_verdict_as_lark_on_any_tokens(words: list[str], start: str) -> None:
    text = " ".join(words)
    try:
        expected = theirs(text, start)
    except UnexpectedInput:
        with pytest.raises(Unexpected):
            ours(text, start)
    else:
        assert ours(text, start) == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_what_is_expected_next_can_follow(words: list[str]) -> None:
    text = " ".join(["model", "m", ":", *words])
    tokens = [token for token in TABLES.tokens(text) if token.kind not in TABLES.ignored]
    try:
        TABLES.parse(tokens, "statement", Plain())
    except Unexpected as problem:
        good, wrong = tokens[: problem.index], tokens[problem.index :]
        expected = TABLES.expected(good, "statement")
        assert expected
        assert (wrong[0].kind if wrong else "$END") not in expected


def test_the_same_grammar_gives_the_same_module() -> None:
    module = as_module(compile_tables(GRAMMAR))
    assert module == as_module(compile_tables(GRAMMAR))
    assert python.literal_eval(module.split("TABLES: dict[str, Any] = ", 1)[1]) == compile_tables(GRAMMAR)


def test_a_changed_grammar_is_compiled_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from carbonspec.lang import parse as module

    changed = tmp_path / "cspec.lark"
    changed.write_text(GRAMMAR.replace('"winsorize" _values', '"clip" _values'), encoding="utf-8")
    monkeypatch.setattr(module, "grammar_path", lambda: str(changed))
    tables = module.parser_tables.__wrapped__()
    assert "clip" in tables.keywords
    assert "winsorize" not in tables.keywords


def test_every_rule_has_an_example_above_it() -> None:
    rules = re.findall(r"^(//.*\n)*[?!]*([a-z]\w*):", GRAMMAR, re.MULTILINE)
    assert len(rules) > 45
    assert [name for example, name in rules if not example] == ["statement", "exponent", "atom", "function"]


def test_a_word_of_the_grammar_is_a_name_where_no_keyword_can_stand() -> None:
    assert ours("model model: test ~ data", "statement") == (
        "model", ("name", "model"), ("labelled", ("formula", ("name", "test"), ("name", "data"))),
    )  # fmt: skip
