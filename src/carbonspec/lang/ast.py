"""The syntax tree: a `.cspec` file as written. One class for each shape of the grammar.

Everything knows its span; spans take no part in equality, so `parse(unparse(tree)) == tree` can be a law.
Comments are kept (`fmt` must not lose them) and do take part.
"""

from __future__ import annotations

from carbonspec.record import field
from carbonspec.source import Located

# --- expressions --------------------------------------------------------------------------------------


class Expr(Located):
    """Anything that can stand as a value."""


class Name(Expr):
    """`Open`, `省份`, or `` `GDP per capita` `` (`quoted`; `text` is without the backquotes)."""

    text: str
    quoted: bool = False


class Number(Expr):
    """`1000`, `1_000`, `0.05`, `5%`. `text` is as written; `value` already has the percent applied."""

    text: str
    value: float

    @property
    def percent(self) -> bool:
        return self.text.endswith("%")


class Text(Expr):
    """A string in double quotes; `value` without them and with doubled quotes undone."""

    value: str


class Lag(Expr):
    """`L.x`, `L2.x`, `F.x`, `D.x`, `S4.(a / b)`: a time operator. `letter` in LFDS, `order` >= 1."""

    letter: str
    order: int
    operand: Expr


class Call(Expr):
    """`log(x)`, `fe(id, year)`, `mean(x, by = year)`."""

    function: Name
    arguments: tuple[Value, ...]


class Index(Expr):
    """`benchmark[5]`, `m[coastal = 1, 2]`, `id[year]`, `chain[Tech -> Quality]`."""

    target: Expr
    items: tuple[Value, ...]


class Member(Expr):
    """`benchmark[5].Open`, `provinces.gdp`, `ab.L.n`. `member` is a Name, Lag or Call."""

    target: Expr
    member: Expr


class Group(Expr):
    """Parentheses: one item is grouping, several are a set or a list: `(Ce, Tech)`."""

    items: tuple[Expr, ...]


class Unary(Expr):
    """`-x` or `not x`."""

    operator: str
    operand: Expr


class Binary(Expr):
    """`left operator right`, operator one of `^ : * / + - .. < <= > >= == != in and or`; `not in` is `not in`."""

    operator: str
    left: Expr
    right: Expr


class Arrow(Expr):
    """`Open -> Quality -> Ce`, two steps or more."""

    steps: tuple[Expr, ...]


class Formula(Expr):
    """`left ~ right | part | part`. `left` is None in a derived model (`benchmark | iv(…)`) or a path with parts.

    Stands only where a `~` or a `|` is written: the body of `model a: b where …` is the Name `b`.
    """

    left: Expr | None
    right: Expr
    parts: tuple[Expr, ...] = ()


class Value(Expr):
    """A value with what may surround it: `value`, `value "label"`, `name = value`, `name "label" = value`."""

    value: Expr
    label: Text | None = None
    name: Expr | None = None
    name_label: Text | None = None


# --- statements ---------------------------------------------------------------------------------------


class Clause(Located):
    """`word value, value, …`. `qualifiers` are the clauses after it on its own indented line.

    `inline` says whether it stood on the statement's line; `fmt` decides anew, so it takes no part in equality:
    it is kept only in the span.
    """

    word: Name
    values: tuple[Value, ...]
    qualifiers: tuple[Clause, ...] = ()
    before: tuple[str, ...] = ()  # comment lines above it ("" for a blank line), without indentation
    comment: str = ""  # comment at the end of its line, with its `#`


class Statement(Located):
    """`keyword name "label" (= | :) body`, then clauses.

    `name` is a Name or a Number (`table 5`); `sign` is "=", ":" or ""; `body` has one value for most statements and
    several for `winsorize`, `trim`, `table`, `figure`, `without`. `without table 12` has the value
    `Value(Number 12, name=Name("table"))`. A study's title is its `label`; the path of `extends` is its body.
    """

    keyword: str
    name: Expr | None
    label: Text | None
    sign: str
    body: tuple[Value, ...]
    clauses: tuple[Clause, ...]
    before: tuple[str, ...] = ()  # comment lines above it, "" for a blank line
    comment: str = ""  # comment at the end of its first line
    after: tuple[str, ...] = ()  # indented comment lines below its last line
    broken: bool = field(default=False, compare=False)  # a clause line of it was lost to a syntax error


class Change(Located):
    """What a variant did to a statement of its base: replaced it by `by`, or withdrew it.

    The span is the place in the variant: the head of the new statement, or the item of `without`.
    """

    old: Statement
    by: Statement | None = None


class File(Located):
    """A whole file. `after` holds the comments below the last statement.

    One that extends others has all their statements: `parts` are the files as written, its own first, then its base,
    then that one's; `changes` what was done to statements of bases. Neither takes part in equality.
    """

    statements: tuple[Statement, ...]
    after: tuple[str, ...] = ()
    parts: tuple[File, ...] = field(default=(), compare=False)
    changes: tuple[Change, ...] = field(default=(), compare=False)
