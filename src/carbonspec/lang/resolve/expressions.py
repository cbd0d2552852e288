"""Expressions over the rows of the panel: `var`, `where`, `require`, and what stands inside a call of a formula."""

from __future__ import annotations

from collections.abc import Callable

from carbonspec.lang import ast
from carbonspec.lang.resolve import habits
from carbonspec.lang.resolve.calls import Calls, option_name, positional
from carbonspec.lang.resolve.clauses import literal, number
from carbonspec.lang.resolve.names import DATA, LET, MODEL, Scope
from carbonspec.lang.resolve.problems import suggestion, written
from carbonspec.lang.resolve.sorts import ANY, COMPARISONS, LOGIC, NUMBER, TEXT, Sorts
from carbonspec.lang.spec import KEY, Apply, Expr, Literal, Ref
from carbonspec.signature import FUNCTION

ARITHMETIC = frozenset("+-*/^")
STEPS = frozenset(("sw", "sw0", "csw", "csw0"))
FORMULA_ONLY = STEPS | {"i"}
MOST_PERIODS = 10_000
_LETTERS = {"L": "lag", "F": "lead", "D": "difference", "S": "seasonal difference"}


class Expressions:
    """Resolves expressions; every method gives None after it reported an error."""

    def __init__(self, scope: Scope, sort_of_variable: Callable[[str], str]) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.calls = Calls(scope)
        self.sorts = Sorts(scope, sort_of_variable)
        self._table: str | None = None
        self._table_keys: dict[str, str] = {}  # columns of the table that are the panel's `id` and `time`
        self._for_measure = False
        self._in_require = False

    # --- entry points -------------------------------------------------------------------------------

    def value(self, expr: ast.Expr) -> Expr | None:
        """Any expression with one value a row."""
        return self._resolve(expr)

    def of_table(self, expr: ast.Expr, table: str, keys: dict[str, str]) -> Expr | None:
        """An expression of a measure over the rows of a table; `keys` are its columns for `id` and `time`."""
        self._table, self._table_keys, self._for_measure = table, keys, True
        found = self._resolve(expr)
        self._table, self._table_keys, self._for_measure = None, {}, False
        return found

    def condition(self, value: ast.Value, what: str = "`where`", table: str | None = None) -> Expr | None:
        """A condition: `where year <= 2018`. With `table`, only that table's raw columns can be named."""
        if value.name is not None:
            sides = f"{written(value.name)} == {written(value.value)}"
            self.problems.error(
                "E330",
                "`=` gives a value to a name; a condition compares with `==`",
                value.name.span.to(value.value.span),
                f"write `{sides}`",
            )
            return None
        self._table, self._in_require = table, what == "`require`"
        found = self._resolve(value.value)
        self._table, self._in_require = None, False
        if found is None:
            return None
        sort = self.sorts.sort(found)
        if sort in (NUMBER, TEXT) or (isinstance(found, Ref) and found.kind == KEY):
            self.problems.error(
                "E320",
                f"{what} needs a condition, and `{written(value.value)}` is a {NUMBER if sort == ANY else sort}",
                value.value.span,
                'compare it with something: `x > 0`, `year in 2012..2020`, `region == "east"`',
            )
            return None
        return found

    # --- the tree -----------------------------------------------------------------------------------

    def _resolve(self, expr: ast.Expr) -> Expr | None:
        if isinstance(expr, ast.Name):
            return self.name(expr)
        if isinstance(expr, ast.Number):
            return Literal(expr.value, span=expr.span)
        if isinstance(expr, ast.Text):
            return Literal(expr.value, span=expr.span)
        if isinstance(expr, ast.Group):
            return self._group(expr)
        if isinstance(expr, ast.Lag):
            return self._lag(expr)
        if isinstance(expr, ast.Call):
            return self.call(expr)
        if isinstance(expr, ast.Member):
            return self.member(expr)
        if isinstance(expr, ast.Unary):
            return self._unary(expr)
        if isinstance(expr, ast.Binary):
            return self._binary(expr)
        if isinstance(expr, ast.Index):
            return self._index(expr)
        shape = "an arrow" if isinstance(expr, ast.Arrow) else "a formula"
        self.problems.error("E311", f"{shape} cannot stand inside an expression", expr.span)
        return None

    def name(self, name: ast.Name) -> Expr | None:
        """A bare name."""
        if self._table is not None:
            return self._column_of(name, self._table)
        found = self.scope.declarations.get(name.text)
        if found is not None and found.kind == LET:
            self.scope.use(name.text)
            self.problems.error(
                "E335",
                f"`{name.text}` is a piece of a formula and has no value of its own",
                name.span,
                "a `let` can stand in formulas, `winsorize` and tables; to compute with it declare a `var`",
            )
            return None
        return self.scope.column(name)

    def _column_of(self, name: ast.Name, table: str) -> Expr | None:
        known = self.scope.table_columns.get(table)
        key = self._table_keys.get(name.text)
        if key is not None and (known is None or name.text not in known):
            return Ref(key, "raw", table, span=name.span)
        if known is not None and name.text not in known:
            declared = self.scope.declarations.get(name.text)
            help_ = suggestion(name.text, known)
            if self._for_measure:
                help_ = help_ or (
                    f"a measure of a table reads that table's columns: to bring others in, `join` their table under "
                    f"`data {table}`"
                )
            elif declared is not None and declared.kind != DATA:
                help_ = (
                    f"`where` on `data` reads the file's own columns, and `{name.text}` is a {declared.described}; "
                    "put the condition on `panel`"
                )
            self.problems.error("E210", f"the table `{table}` has no column `{name.text}`", name.span, help_)
            return None
        return Ref(name.text, "raw", table, span=name.span)

    def _group(self, expr: ast.Group) -> Expr | None:
        if len(expr.items) == 1:
            return self._resolve(expr.items[0])
        self.problems.error("E311", "a list can only stand after `in`, in `by = (…)` or left of `~`", expr.span)
        return None

    def _lag(self, expr: ast.Lag) -> Expr | None:
        if self._table is not None:
            self.problems.error(
                "E303",
                f"a data table has no clock for `{expr.letter}.`",
                expr.span,
                "lags live on the panel: put the condition on `panel` or declare a `var`",
            )
            return None
        operand = self._resolve(expr.operand)
        if operand is None:
            return None
        return self.lagged(expr.letter, expr.order, operand, expr)

    def lagged(self, letter: str, order: int, operand: Expr, at: ast.Expr) -> Expr | None:
        """`L2.x` of a resolved x; lags of lags are added up."""
        if order > MOST_PERIODS:
            message = f"`{written(at)}`: lags and differences go over at most {MOST_PERIODS:,} periods"
            self.problems.error("E303", message, at.span)
            return None
        if isinstance(operand, Literal):
            self.problems.error("E303", f"`{written(at)}`: a constant has no lag", at.span)
            return None
        if isinstance(operand, Ref) and operand.kind == KEY:
            self.problems.error(
                "E314", f"`{written(at)}`: the panel's `{operand.name}` has no {_LETTERS[letter]}", at.span
            )
            return None
        if letter in "LF" and isinstance(operand, Apply) and operand.function in ("L", "F"):
            inner, steps = operand.arguments
            assert isinstance(steps, Literal)
            total = int(steps.value) * (1 if operand.function == "L" else -1) + order * (1 if letter == "L" else -1)
            if total == 0:
                return inner
            return Apply("L" if total > 0 else "F", (inner, Literal(float(abs(total)))), span=at.span)
        return Apply(letter, (operand, Literal(float(order))), span=at.span)

    def member(self, expr: ast.Member) -> Expr | None:
        """`provinces.gdp`; also `L.provinces.gdp`, which reads as the lag of it."""
        target = expr.target
        if isinstance(target, ast.Lag) and isinstance(target.operand, ast.Name):
            inner = ast.Member(target.operand, expr.member, span=target.operand.span.to(expr.span))
            return self._lag(ast.Lag(target.letter, target.order, inner, span=expr.span))
        if isinstance(target, ast.Name) and isinstance(expr.member, ast.Name):
            if self._table is not None:
                return self._column_of_joined(target, expr.member)
            found = self.scope.declarations.get(target.text)
            if found is not None and found.kind == MODEL:
                self.scope.use(target.text)
                self.problems.error(
                    "E205",
                    f"`{written(expr)}` is a result of a model; a formula or variable cannot use results",
                    expr.span,
                    "results stand in `hypothesis`, `expect` and `table`",
                )
                return None
            return self.scope.qualified(target, expr.member)
        self.problems.error(
            "E311", f"`{written(expr)}` is not a column; a column of a table is written `table.column`", expr.span
        )
        return None

    def _column_of_joined(self, table: ast.Name, column: ast.Name) -> Expr | None:
        assert self._table is not None
        if table.text == self._table:
            return self._column_of(column, self._table)
        known = self.scope.table_columns.get(table.text)
        if table.text not in self.scope.headers or (known is not None and column.text not in known):
            self.problems.error(
                "E210",
                f"no column `{table.text}.{column.text}` in reach of `{self._table}`",
                table.span.to(column.span),
            )
            return None
        return Ref(column.text, "raw", table.text, span=table.span.to(column.span))

    def _index(self, expr: ast.Index) -> Expr | None:
        self.problems.error(
            "E311",
            f"`{written(expr)}`: brackets pick columns of a model, not rows of a variable",
            expr.span,
            "rows are chosen by `where`",
        )
        return None

    def _unary(self, expr: ast.Unary) -> Expr | None:
        operand = self._resolve(expr.operand)
        if operand is None:
            return None
        if expr.operator == "not":
            if not self.sorts.is_condition(operand, expr.operand, "not"):
                return None
            return Apply("not", (operand,), span=expr.span)
        if isinstance(operand, Literal) and not isinstance(operand.value, str):
            return Literal(-operand.value, span=expr.span)
        if not self.sorts.is_number(operand, expr.operand, "-"):
            return None
        return Apply("neg", (operand,), span=expr.span)

    def _binary(self, expr: ast.Binary) -> Expr | None:
        operator = expr.operator
        if operator in ("in", "not in"):
            return self._in(expr)
        if operator == ":":
            self.problems.error(
                "E311",
                "`:` interacts terms of a formula; it has no meaning here",
                expr.span,
                habits.colon(expr),
            )
            return None
        if operator == "..":
            self.problems.error("E311", "a range can only stand after `in` or as an option such as `1..3`", expr.span)
            return None
        left, right = self._resolve(expr.left), self._resolve(expr.right)
        if left is None or right is None:
            return None
        if operator in LOGIC:
            fine = [
                self.sorts.is_condition(left, expr.left, operator),
                self.sorts.is_condition(right, expr.right, operator),
            ]
        elif operator in COMPARISONS:
            fine = [self.sorts.comparable(left, right, expr)]
        else:
            fine = [self.sorts.is_number(left, expr.left, operator), self.sorts.is_number(right, expr.right, operator)]
        return Apply(operator, (left, right), span=expr.span) if all(fine) else None

    def _in(self, expr: ast.Binary) -> Expr | None:
        left = self._resolve(expr.left)
        right = self._set(expr.right)
        if left is None or right is None:
            return None
        items = [item for item in right.arguments if isinstance(item, Literal)]
        for item in items:
            if not self.sorts.fits(left, item, expr):
                return None
        inside = Apply("in", (left, right), span=expr.span)
        return inside if expr.operator == "in" else Apply("not", (inside,), span=expr.span)

    def _set(self, expr: ast.Expr) -> Apply | None:
        if isinstance(expr, ast.Binary) and expr.operator == "..":
            ends = self.range_ends(expr)
            if ends is None:
                return None
            low, high = Literal(ends[0], span=expr.left.span), Literal(ends[1], span=expr.right.span)
            return Apply("range", (low, high), span=expr.span)
        if isinstance(expr, ast.Group):
            if len(expr.items) == 1 and isinstance(expr.items[0], ast.Binary) and expr.items[0].operator == "..":
                return self._set(expr.items[0])
            items = [literal(item) for item in expr.items]
            wrong = next((item for item, value in zip(expr.items, items, strict=True) if value is None), None)
            if wrong is None:
                values = tuple(
                    Literal(value, span=item.span)
                    for item, value in zip(expr.items, items, strict=True)
                    if value is not None
                )
                return Apply("set", values, span=expr.span)
            help_ = f'write `"{wrong.text}"` if it is a value' if isinstance(wrong, ast.Name) else ""
            self.problems.error("E303", "a set holds numbers or texts in double quotes", wrong.span, help_)
            return None
        help_ = habits.colon(expr) if isinstance(expr, ast.Binary) else habits.function(expr)
        value = literal(expr)
        if value is not None:
            help_ = f"to compare with one value write `==`; a set of one is `({written(expr)})`"
        self.problems.error("E303", 'after `in` stands a range `2012..2020` or a set `("a", "b")`', expr.span, help_)
        return None

    def range_ends(self, expr: ast.Binary) -> tuple[float, float] | None:
        """The ends of `a..b`, both numbers, a <= b."""
        low, high = number(expr.left), number(expr.right)
        if low is None or high is None:
            wrong = expr.left if low is None else expr.right
            self.problems.error("E329", "the ends of a range are numbers", wrong.span)
            return None
        if low > high:
            self.problems.error(
                "E329",
                f"the range {written(expr)} runs backwards",
                expr.span,
                f"write `{written(expr.right)}..{written(expr.left)}`",
            )
            return None
        return low, high

    # --- calls --------------------------------------------------------------------------------------

    def call(self, expr: ast.Call) -> Expr | None:
        """A function of the catalogue."""
        name = expr.function.text
        signature = self.scope.catalogue.find(FUNCTION, name)
        if signature is None:
            self.calls.unknown_function(expr)
            return None
        if not signature.available:
            self.problems.later(name, expr.function.span)
            return None
        if name in FORMULA_ONLY:
            self.problems.error(
                "E311",
                f"`{name}(…)` builds terms and can stand only in a model's formula, not inside another expression",
                expr.function.span,
            )
            return None
        if name == "unique" and not self._in_require:
            self.problems.error("E311", "`unique(…)` can stand only in `require`", expr.function.span)
            return None
        if not self.calls.shape(expr, signature):
            return None
        if name == "lag":
            return self._single_lag(expr)
        named = self._named(expr)
        found = [self._resolve(value.value) for value in positional(expr)]
        if named is None or any(item is None for item in found):
            return None
        given = tuple(item for item in found if item is not None)
        if name != "unique" and not self._numeric(name, expr, given):
            return None
        return Apply(name, given, named, span=expr.span)

    def _numeric(self, name: str, expr: ast.Call, given: tuple[Expr, ...]) -> bool:
        if name in ("missing", "count", "first", "last", "I"):
            return True
        for item, value in zip(given, positional(expr), strict=True):
            if self.sorts.sort(item) == TEXT:
                self.problems.error(
                    "E321", f"`{name}` needs a number, and `{written(value.value)}` is text", value.span
                )
                return False
        return True

    def _single_lag(self, expr: ast.Call) -> Expr | None:
        values = positional(expr)
        steps = number(values[1].value)
        if steps is None or steps != int(steps):
            self.problems.error(
                "E303",
                "inside an expression `lag` takes one whole number",
                values[1].span,
                "several lags at once, `lag(x, 1..3)`, can stand only as terms of a formula",
            )
            return None
        operand = self._resolve(values[0].value)
        if operand is None or steps == 0:
            return operand
        return self.lagged("L" if steps > 0 else "F", abs(int(steps)), operand, expr)

    def _named(self, expr: ast.Call) -> tuple[tuple[str, Expr], ...] | None:
        named: list[tuple[str, Expr]] = []
        for value in expr.arguments:
            if value.name is None:
                continue
            keys = self.keys(value.value)
            if keys is None:
                return None
            found = keys[0] if len(keys) == 1 else Apply("set", keys, span=value.value.span)
            named.append((option_name(value), found))
        return tuple(named)

    def keys(self, expr: ast.Expr) -> tuple[Expr, ...] | None:
        """Grouping keys: `year`, `(industry, year)`, `industry^year`."""
        items = expr.items if isinstance(expr, ast.Group) else (expr,)
        found: list[Expr] = []
        for item in items:
            one = self.key(item)
            if one is None:
                return None
            found += one
        return tuple(found)

    def key(self, expr: ast.Expr) -> list[Expr] | None:
        """One grouping key; `a^b` gives both parts."""
        if isinstance(expr, ast.Binary) and expr.operator == "^":
            left, right = self.key(expr.left), self.key(expr.right)
            return None if left is None or right is None else [*left, *right]
        if isinstance(expr, ast.Group) and len(expr.items) == 1:
            return self.key(expr.items[0])
        if isinstance(expr, ast.Name):
            found = self.name(expr)
            return None if found is None else [found]
        if isinstance(expr, ast.Member):
            found = self.member(expr)
            return None if found is None else [found]
        help_ = "write `a^b` for the combination of two" if isinstance(expr, ast.Binary) else ""
        self.problems.error(
            "E303",
            f"`{written(expr)}` is not a key: a key is a variable such as `id` or `industry^year`",
            expr.span,
            help_,
        )
        return None
