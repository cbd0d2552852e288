"""Laws of the language, on trees and texts nobody thought of.

parse ∘ unparse is the identity on trees, fmt is done once, and no text, however mangled, ends in a traceback.
"""

from __future__ import annotations

import string

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lang.golden import OK

from carbonspec.lang import ast
from carbonspec.lang.build_tree import SIGNS, value_of
from carbonspec.lang.parse import clean, parse
from carbonspec.lang.unparse import LEVELS, unparse, unparse_expression
from carbonspec.source import Source

RESERVED = ("and", "or", "not", "in")
TEXTS = [path.read_text(encoding="utf-8") for path in OK]

# --- trees that a text can have -------------------------------------------------------------------------------

words = st.one_of(
    st.sampled_from(["Open", "省份", "gdp_2", "model", "data", "where", "L", "F2", "é", "_x", "table"]),
    st.text(string.ascii_letters + "_", min_size=1, max_size=6),
).filter(lambda word: word not in RESERVED)
plain_names = words.map(ast.Name)
any_text = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"]), max_size=8).map(clean)
quoted_names = any_text.filter(lambda text: text and "`" not in text).map(lambda text: ast.Name(text, True))
names = st.one_of(plain_names, plain_names, quoted_names)
numbers = st.from_regex(r"[0-9]{1,4}(_[0-9]{1,3})?(\.[0-9]{1,3})?(e-?[0-9])?%?", fullmatch=True).map(
    lambda text: ast.Number(text, value_of(text))
)
texts = any_text.map(ast.Text)
labels = st.none() | texts


def _level(expr: ast.Expr) -> int:
    if isinstance(expr, ast.Binary):
        return LEVELS[expr.operator]
    if isinstance(expr, ast.Unary):
        return 3 if expr.operator == "not" else 8
    return 11


def _at_least(expr: ast.Expr, level: int) -> ast.Expr:
    return expr if _level(expr) >= level else ast.Group((expr,))


def _binary(operator: str, left: ast.Expr, right: ast.Expr) -> ast.Expr:
    """A binary expression with the parentheses that its text needs."""
    level = LEVELS[operator]
    if operator == "^":
        minus = isinstance(right, ast.Unary) and right.operator == "-" and _level(right.operand) >= level
        return ast.Binary(operator, _at_least(left, 11), right if minus else _at_least(right, level))
    tight = level in (LEVELS["<"], LEVELS[".."])
    return ast.Binary(operator, _at_least(left, level + tight), _at_least(right, level + 1))


def _larger(inner: st.SearchStrategy[ast.Expr]) -> st.SearchStrategy[ast.Expr]:
    items = st.lists(inner, min_size=1, max_size=3)
    values = st.lists(_values(inner), max_size=3).map(tuple)
    calls = st.builds(ast.Call, plain_names, values)
    groups = items.map(lambda found: ast.Group(tuple(found)))
    lags = st.builds(ast.Lag, st.sampled_from("LFDS"), st.integers(1, 12), st.one_of(names, calls, groups))
    targets = st.one_of(names, calls, lags)
    indexed = st.builds(ast.Index, targets, st.lists(_values(inner), min_size=1, max_size=2).map(tuple))
    members = st.builds(ast.Member, st.one_of(targets, indexed), st.one_of(names, calls, lags))
    return st.one_of(
        calls,
        groups,
        lags,
        indexed,
        members,
        st.builds(_binary, st.sampled_from(sorted(LEVELS)), inner, inner),
        inner.map(lambda expr: ast.Unary("-", _at_least(expr, 8))),
        inner.map(lambda expr: ast.Unary("not", _at_least(expr, 3))),
    )


def _values(inner: st.SearchStrategy[ast.Expr]) -> st.SearchStrategy[ast.Value]:
    steps = st.lists(st.one_of(names, inner.map(lambda expr: ast.Group((expr,)))), min_size=2, max_size=4)
    arrows = steps.map(lambda found: ast.Arrow(tuple(found)))
    calls = st.builds(ast.Call, plain_names, st.just(()))
    formulas = st.builds(ast.Formula, inner, inner, st.lists(calls, max_size=2).map(tuple))
    derived = st.builds(ast.Formula, st.none(), inner | arrows, st.lists(calls, min_size=1, max_size=2).map(tuple))
    items = st.one_of(inner, inner, inner, arrows, formulas, derived)
    plain = st.builds(ast.Value, items, labels)
    named = st.builds(ast.Value, items, labels, inner, labels)
    return st.one_of(plain, plain, named)


expressions = st.recursive(st.one_of(names, numbers, texts), _larger, max_leaves=8)
values = _values(expressions)
comment_lines = any_text.map(lambda text: f"# {text}".rstrip())
comments = st.just("") | comment_lines


@st.composite
def befores(draw: st.DrawFn) -> tuple[str, ...]:
    """Comment lines, no two blank ones in a row."""
    kept: list[str] = []
    for line in draw(st.lists(comments, max_size=3)):
        if line or not kept or kept[-1]:
            kept.append(line)
    return tuple(kept)


bare_clauses = st.builds(ast.Clause, plain_names, st.lists(values, min_size=1, max_size=3).map(tuple))
# A line that starts with a statement's keyword is read as a misplaced statement, so clauses are not called so.
clause_words = words.filter(lambda word: word not in (*SIGNS, "data", "panel", "study", "where")).map(ast.Name)
clauses = st.builds(
    ast.Clause,
    st.one_of(clause_words, st.just(ast.Name("where"))),
    st.lists(values, min_size=1, max_size=3).map(tuple),
    st.lists(bare_clauses, max_size=1).map(tuple),
    befores(),
    comments,
)


@st.composite
def statements(draw: st.DrawFn) -> ast.Statement:
    keyword = draw(st.sampled_from(["study", "data", "panel", "winsorize", "require", "without", *SIGNS]))
    name: ast.Expr | None = None
    label = None
    sign = ""
    body: tuple[ast.Value, ...] = ()
    if keyword in SIGNS or keyword in ("data", "panel"):
        name = draw(names | numbers if keyword in ("table", "figure") else names)
        label = draw(labels)
    if keyword == "study":
        label = draw(texts)
    elif keyword == "mediate":
        sign, body = ":", (ast.Value(draw(st.lists(names, min_size=2, max_size=3).map(lambda s: ast.Arrow(tuple(s))))),)
    elif keyword in ("table", "winsorize", "figure"):
        body = tuple(draw(st.lists(values, min_size=1, max_size=3)))
    elif keyword == "without":
        body = tuple(ast.Value(item) for item in draw(st.lists(names, min_size=1, max_size=3)))
    elif keyword in SIGNS or keyword == "require":
        body = (draw(values),)
    if keyword in SIGNS:
        sign = SIGNS[keyword]
    found = () if keyword == "without" else tuple(draw(st.lists(clauses, max_size=3)))
    after = draw(st.lists(comment_lines, max_size=2).map(tuple))
    return ast.Statement(keyword, name, label, sign, body, found, draw(befores()), draw(comments), after)


@st.composite
def files(draw: st.DrawFn) -> ast.File:
    found = draw(st.lists(statements(), max_size=3))
    below = draw(befores())
    if found and found[0].before[:1] == ("",):
        found[0] = found[0].replace(before=found[0].before[1:])
    if below[-1:] == ("",):
        below = below[:-1]
    if not found and below[:1] == ("",):
        below = below[1:]
    return ast.File(tuple(found), below)


# --- laws -----------------------------------------------------------------------------------------------------


@settings(max_examples=120, deadline=None)
@given(expressions)
def test_an_expression_is_what_its_text_says(expr: ast.Expr) -> None:
    checked = parse(Source("t", f"require {unparse_expression(expr)}\n"))
    assert checked.diagnostics == ()
    assert checked.value.statements[0].body[0].value == expr


@settings(max_examples=120, deadline=None)
@given(files())
def test_parse_after_unparse_is_the_identity(file: ast.File) -> None:
    text = unparse(file)
    checked = parse(Source("t", text))
    assert checked.diagnostics == ()
    assert checked.value == file
    assert unparse(checked.value) == text


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), st.text(max_size=3)), min_size=1, max_size=4),
)
def test_mangled_specs_get_diagnostics_never_a_traceback(text: str, cuts: list[tuple[float, int, str]]) -> None:
    for place, length, put in cuts:
        at = int(place * len(text))
        text = text[:at] + put + text[at + length :]
    text = clean(text)
    checked = parse(Source("t", text))
    for diagnostic in checked.diagnostics:
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start < diagnostic.span.end <= len(text)
        assert "something else" not in diagnostic.message
    if checked.ok:
        again = parse(Source("t", unparse(checked.value)))
        assert again.diagnostics == ()
        assert again.value == checked.value


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("mo del:=~|+-*/^()[],.\"'`#%&!<> \n\tLx15ö，（"), max_size=60))
def test_any_text_gets_diagnostics_never_a_traceback(text: str) -> None:
    checked = parse(Source("t", clean(text)))
    assert checked.ok == (checked.diagnostics == ())
