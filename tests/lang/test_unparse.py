"""The canonical form, file by file and rule by rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lang.golden import OK, tree

from carbonspec.lang import ast
from carbonspec.lang.unparse import WIDTH, unparse, unparse_expression

A, B, C = (ast.Name(name) for name in "abc")


def formatted(text: str) -> str:
    return unparse(tree(text))


@pytest.mark.parametrize("path", OK, ids=lambda path: path.stem)
def test_golden(path: Path, request: pytest.FixtureRequest) -> None:
    text = path.read_text(encoding="utf-8")
    expected = path.with_suffix(".fmt")
    if request.config.getoption("--update-golden"):
        expected.write_text(formatted(text), encoding="utf-8")
    assert formatted(text) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", OK, ids=lambda path: path.stem)
def test_formatting_keeps_the_tree_and_is_done_once(path: Path) -> None:
    first = tree(path.read_text(encoding="utf-8"))
    text = unparse(first)
    assert tree(text) == first
    assert unparse(tree(text)) == text


@pytest.mark.parametrize("name", ["dynamic_panel", "event_study", "firm", "gravity", "multiverse", "paper"])
def test_the_examples_are_canonical(name: str) -> None:
    path = next(path for path in OK if path.stem == name)
    assert formatted(path.read_text(encoding="utf-8")) == path.read_text(encoding="utf-8")


def test_clauses_of_a_block_stand_one_a_line() -> None:
    assert formatted('study "T" seed 1 se iid\n') == 'study "T"\n  seed 1\n  se iid\n'
    assert formatted('data d from "a" text b\n') == 'data d from "a"\n  text b\n'
    assert formatted('data d text b from "a"\n') == 'data d\n  text b\n  from "a"\n'
    assert formatted("panel p id a time b\n") == "panel p\n  id a\n  time b\n"


def test_clauses_of_other_statements_share_its_line_while_it_fits() -> None:
    assert formatted("model m: y ~ x\n    se iid\n    where a\n") == "model m: y ~ x se iid where a\n"
    long = f"model m: {'y' * 60} ~ x where {'a' * 40} se iid\n"
    assert formatted(long) == f"model m: {'y' * 60} ~ x\n  where {'a' * 40}\n  se iid\n"
    exact = f'var x = {"a" * (WIDTH - 17)} unit "t"\n'
    assert len(exact) == WIDTH + 1
    assert formatted(exact) == exact


def test_a_clause_with_a_comment_or_qualifier_keeps_its_line() -> None:
    for clause in ("se iid # a", "# a\n  se iid", "se iid where b"):
        text = f"model m: y ~ x\n  {clause}\n"
        assert formatted(text) == text


def test_a_long_body_breaks_one_term_a_line() -> None:
    terms = [letter * 30 for letter in "abcd"]
    assert formatted(f"model m: y ~ {' + '.join(terms)} | fe(id)\n") == (
        f"model m: y ~\n    {terms[0]} +\n    {terms[1]} +\n    {terms[2]} +\n    {terms[3]} |\n    fe(id)\n"
    )
    assert formatted(f"let x = {' + '.join(terms)}\n") == (
        f"let x = {terms[0]} +\n    {terms[1]} +\n    {terms[2]} +\n    {terms[3]}\n"
    )
    assert formatted(f"table 1: f({', '.join(terms)})\n") == (
        f"table 1: f(\n    {terms[0]},\n    {terms[1]},\n    {terms[2]},\n    {terms[3]})\n"
    )


def test_blank_lines_never_come_two_in_a_row() -> None:
    assert formatted("\n\nvar x = 1\n\n\n\nvar y = 2\n\n\n") == "var x = 1\n\nvar y = 2\n"


def test_parentheses_are_put_where_a_made_tree_needs_them() -> None:
    def binary(operator: str, left: ast.Expr, right: ast.Expr) -> ast.Binary:
        return ast.Binary(operator, left, right)

    assert unparse_expression(binary("*", binary("+", A, B), C)) == "(a + b) * c"
    assert unparse_expression(binary("-", A, binary("-", B, C))) == "a - (b - c)"
    assert unparse_expression(binary("-", binary("-", A, B), C)) == "a - b - c"
    assert unparse_expression(binary("^", binary("^", A, B), C)) == "(a^b)^c"
    assert unparse_expression(binary("^", A, ast.Unary("-", B))) == "a^-b"
    assert unparse_expression(binary(":", binary("+", A, B), C)) == "(a + b):c"
    assert unparse_expression(binary("<", binary("<", A, B), C)) == "(a < b) < c"
    assert unparse_expression(ast.Unary("-", binary("+", A, B))) == "-(a + b)"
    assert unparse_expression(ast.Unary("not", binary("or", A, B))) == "not (a or b)"
    assert unparse_expression(ast.Lag("L", 2, ast.Member(A, B))) == "L2.(a.b)"
    assert unparse_expression(ast.Member(ast.Name("L"), A)) == "L .a"
