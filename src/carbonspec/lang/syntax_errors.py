"""A line that does not parse → one sentence and its fix.

`unexpected` asks the known mistakes first (what people bring from Stata, R and Python, and the usual slips; those that
parse, such as `c(1, 2)`, are the resolver's), then says what the grammar expected.
"""

from __future__ import annotations

from carbonspec.diagnostics.model import ERROR, Diagnostic
from carbonspec.lang.lalr import END, Tables, Unexpected
from carbonspec.lang.layout import GOES_ON, Line
from carbonspec.lang.mistakes import clauses, heads, lines, operators, variants
from carbonspec.lang.mistakes.place import Mistake, Place
from carbonspec.source import Source, Span

MISTAKES: tuple[Mistake, ...] = (
    lines.comment_sign,
    lines.row_starts_with_operator,
    lines.unknown_statement,
    lines.clause_starts_with_no_word,
    heads.name_missing,
    variants.base_as_text,
    variants.withdrawn_text,
    heads.wrong_sign,
    heads.body_missing,
    operators.operator_pair,
    operators.open_range,
    operators.bar_as_or,
    operators.missing_value_dot,
    operators.lag_of_nothing,
    operators.not_without_in,
    operators.dot_of_nothing,
    operators.path_of_expressions,
    operators.two_formulas,
    operators.chained_comparison,
    operators.names_or_compares,
    operators.comma,
    operators.bracket_without_content,
    clauses.clause_without_value,
    clauses.option_without_sign,
    clauses.reserved_word,
    clauses.two_operands,
)
"""In this order; the first that speaks is heard."""
_SIGNS = {"COLON": ":", "EQUAL": "=", "ARROW": "->", "IN": "in"}


def unexpected(source: Source, line: Line, problem: Unexpected, tables: Tables) -> Diagnostic:
    """Why a line does not parse."""
    place = Place(source, line, problem, tables)
    for mistake in MISTAKES:
        found = mistake(place)
        if found is not None:
            return found
    return _expected(place)


def indented_statement(source: Source, line: Line) -> Diagnostic:
    """A whole statement on an indented line."""
    first = line.tokens[0]
    message = f"`{first.text}` starts a statement, and a statement starts in column 0"
    return Diagnostic("E116", ERROR, message, Span(source, first.start, first.end), ("take the indent away",))


def clause_alone(source: Source, line: Line) -> Diagnostic:
    """An indented line with no statement above it."""
    first, last = line.tokens[0], line.tokens[-1]
    message = "this line is indented, but no statement stands above it"
    helps = ("a statement starts in column 0; indented lines below it are its clauses",)
    return Diagnostic("E116", ERROR, message, Span(source, first.start, last.end), helps)


def _expected(place: Place) -> Diagnostic:
    """What the grammar expected, in plain words."""
    wanted = _wanted(place.expected)
    after = f" after `{place.shown(-1)}`" if place.previous is not None else ""
    if place.token is None:
        message = f"expected {wanted}{after}"
        helps = [f"the line ends too early: complete it, or take `{place.shown(-1)}` out"]
        if place.previous is not None and place.previous.text in GOES_ON:
            helps = [f"a line that ends in `{place.previous.text}` goes on in the next, which must be indented"]
        return place.error("E101", message, *helps, at=-1)
    if _complete(place.expected):
        message = f"`{place.shown(0)}` cannot follow `{place.shown(-1)}`"
        return place.error("E101", message, f"expected {wanted}")
    return place.error("E101", f"expected {wanted}{after}, found `{place.shown(0)}`")


def _complete(expected: frozenset[str]) -> bool:
    """Whether an expression has just ended."""
    return "PLUS" in expected or END in expected


def _wanted(expected: frozenset[str]) -> str:
    if _complete(expected):
        if "RPAR" in expected or "RSQB" in expected:
            closing = ")" if "RPAR" in expected else "]"
            return f"an operator, a comma or `{closing}`"
        if "PLUS" not in expected:
            return "a clause or the end of the line"
        return "an operator, a comma, a clause or the end of the line"
    if "NUMBER" in expected and "STRING" in expected:
        return "an expression"
    if "NUMBER" in expected and "NAME" in expected:
        return "a name or a number"
    if "NAME" in expected:
        if "LPAR" in expected:
            return "a variable"
        return "a clause" if END in expected else "a name"
    if expected == {"LPAR"}:
        return "`(`"
    signs = [sign for name, sign in _SIGNS.items() if name in expected]
    if signs:
        return " or ".join(f"`{sign}`" for sign in signs)
    if "STRING" in expected:
        return "a text in double quotes"
    return "something else"
