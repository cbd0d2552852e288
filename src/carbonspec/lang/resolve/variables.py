"""`var`, `winsorize`, `trim`, `require`."""

from __future__ import annotations

from collections.abc import Mapping

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import Clauses, Plain, literal, number, plain, spell
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.names import LATER, LET, LOST, MEASURE, VAR, Scope
from carbonspec.lang.resolve.problems import written
from carbonspec.lang.resolve.sorts import ANY, NUMBER, TEXT
from carbonspec.lang.spec import VARIABLE, Apply, Expr, Level, Ref, Require, Variable, Winsorize
from carbonspec.source import Span


class Variables:
    """The variables of a file. Definitions are resolved when first asked for."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = Expressions(scope, self.sort)
        self._statements = {
            s.name.text: s
            for s in reversed(scope.file.statements)
            if s.keyword == "var" and isinstance(s.name, ast.Name)
        }
        self._made: dict[str, Variable | None] = {}
        self._open: list[str] = []
        self._sorts: dict[str, str] = {}
        self._winsorized: list[tuple[ast.Statement, Clauses, list[str]]] = []
        for name, statement in self._statements.items():
            self._read_levels(name, statement)

    # --- levels -------------------------------------------------------------------------------------

    def _read_levels(self, name: str, statement: ast.Statement) -> None:
        clause = next((c for c in statement.clauses if c.word.text == "levels"), None)
        if clause is None:
            return
        levels: list[Level] = []
        for value in clause.values:
            given = literal(value.value)
            if given is None or value.name is not None:
                self.problems.error(
                    "E303",
                    "`levels` takes values with labels",
                    value.span,
                    'for example `levels 0 "Inland", 1 "Coastal"`',
                )
                continue
            label = value.label.value if value.label is not None else ""
            if any(level.value == given for level in levels):
                self.problems.error("E326", f"the level {spell(given)} stands twice", value.value.span)
                continue
            same = next((level for level in levels if label and level.label == label), None)
            if same is not None:
                self.problems.error(
                    "E326",
                    f'two levels are both called "{label}"',
                    value.span,
                    related=(Related(same.span, "first here"),),
                )
                continue
            levels.append(Level(given, label, span=value.span))
        kinds = {isinstance(level.value, str) for level in levels}
        if len(kinds) > 1:
            self.problems.error("E326", f"the levels of `{name}` mix numbers and texts", clause.span)
        if levels:
            self.scope.levels[name] = tuple(levels)

    # --- definitions --------------------------------------------------------------------------------

    def sort(self, name: str) -> str:
        """number, text, condition or any."""
        declared = self.scope.declarations.get(name)
        if declared is not None and declared.kind == MEASURE:
            return NUMBER
        levels = self.scope.levels.get(name)
        statement = self._statements.get(name)
        if statement is None or not statement.body:
            if levels:
                return TEXT if isinstance(levels[0].value, str) else ANY
            return ANY
        if name not in self._sorts:
            self._sorts[name] = ANY  # what a definition through itself finds
            found = self.definition(name)
            if found is not None and found.expression is not None:
                self._sorts[name] = self.expressions.sorts.sort(found.expression)
            elif name in self._open:
                del self._sorts[name]
                return ANY
        return self._sorts[name]

    def definition(self, name: str) -> Variable | None:
        """A declared variable, resolved; None for none, for a broken one, or while it is being resolved."""
        statement = self._statements.get(name)
        if statement is None or name in self._open:
            return None
        if name not in self._made:
            self._open.append(name)
            self._made[name] = self._resolve(statement)
            self._open.pop()
        return self._made[name]

    def _resolve(self, statement: ast.Statement) -> Variable | None:
        assert isinstance(statement.name, ast.Name)
        clauses = Clauses(statement, self.problems)
        unit = Plain(clauses, self.problems).text("unit") or ""
        name = statement.name.text
        expression: Expr | None = None
        if statement.body:
            value = statement.body[0]
            if len(statement.body) > 1:
                self.problems.error("E305", "a `var` is one expression", statement.body[1].span)
                return None
            expression = self.expressions.value(plain(value, self.problems).value)
            if expression is None:
                return None
            if (
                name in self.scope.levels
                and self.expressions.sorts.sort(expression) == NUMBER
                and self._is_arithmetic(expression)
            ):
                self.problems.warning(
                    "W243",
                    f"`{name}` is computed and can take more values than its declared levels",
                    statement.name.span,
                    "declare levels for categories; for a 0/1 variable write a comparison",
                )
        else:
            self._check_labelled(statement.name)
        return Variable(
            name,
            statement.label.value if statement.label is not None else "",
            expression,
            unit,
            self.scope.levels.get(name, ()),
            span=statement.span,
        )

    @staticmethod
    def _is_arithmetic(expression: Expr) -> bool:
        return isinstance(expression, Apply) and expression.function in "+-*/^"

    def _check_labelled(self, name: ast.Name) -> None:
        """A `var` without a formula labels a raw column, which must exist."""
        scope = self.scope
        if scope.key(name.text) or not scope.headers_known or scope.raw_tables(name.text):
            return
        self.problems.error(
            "E210",
            f"no column called `{name.text}` to label",
            name.span,
            scope.close(name.text, scope.raw_names()) or "a `var` without `=` labels a column of the data",
        )

    def all(self) -> tuple[Variable, ...]:
        """All variables in the order of the file."""
        found = []
        for statement in self.scope.file.statements:
            if statement.keyword != "var" or not isinstance(statement.name, ast.Name):
                continue
            if self._statements.get(statement.name.text) is statement:
                made = self.definition(statement.name.text)
                if made is not None:
                    found.append(made)
        return tuple(found)

    # --- cycles -------------------------------------------------------------------------------------

    def check_cycles(self, measures: Mapping[str, list[str]]) -> None:
        """E203 for variables and measures that are defined by each other; `measures` says what each of these reads."""
        needs = {
            name: list(dict.fromkeys(r.name for r in references(v.expression) if r.kind == VARIABLE))
            for name, v in sorted(self._made.items(), key=lambda item: self._statements[item[0]].span.order)
            if v is not None and v.expression is not None
        }
        needs |= measures
        for ring in rings(needs):
            name = ring[0]
            place = self.scope.declarations[name]
            if len(ring) == 1:
                tables = self.scope.raw_tables(name)
                panel = self.scope.panel
                table = tables[0] if tables else (panel.table if panel is not None else "table")
                self.problems.error(
                    "E203",
                    f"`{name}` is defined by itself",
                    self._self_reference(name) or place.span,
                    f"a declared name hides the column of that name; the column itself is `{table}.{name}`",
                )
            else:
                shown = " → ".join(f"`{n}`" for n in (*ring, name))
                related = tuple(Related(self.scope.declarations[n].span, "and this one") for n in ring[1:])
                self.problems.error(
                    "E203", f"variables are defined by each other: {shown}", place.span, related=related
                )

    def _self_reference(self, name: str) -> Span | None:
        made = self._made.get(name)
        found = [r for r in references(made.expression) if r.name == name] if made is not None else []
        return found[0].span if found else None

    # --- winsorize and trim -------------------------------------------------------------------------

    def read_winsorizing(self) -> None:
        """First pass: which variables are redefined, so that every reference means the new ones."""
        for statement in self.scope.file.statements:
            if statement.keyword not in ("winsorize", "trim"):
                continue
            clauses = Clauses(statement, self.problems)
            names: list[str] = []
            for value in listed_values(statement):
                plain(value, self.problems, f"`{statement.keyword}`")
                self._collect(value.value, names, statement.keyword, (), value.span)
            self._winsorized.append((statement, clauses, names))

    def _collect(self, expr: ast.Expr, names: list[str], keyword: str, lets: tuple[str, ...], place: Span) -> None:
        """The variables that a value of the list, at `place`, stands for."""
        found = self.scope.declarations.get(expr.text) if isinstance(expr, ast.Name) else None
        if isinstance(expr, ast.Name) and found is not None and found.kind == LET and expr.text not in lets:
            self.scope.use(expr.text)
            assert found.statement is not None
            for value in found.statement.body:
                for part in summands(value.value):
                    self._collect(part, names, keyword, (*lets, expr.text), place)
            return
        if isinstance(expr, ast.Member) and self._is_component(expr):
            self._component(expr, names, place)
            return
        if not isinstance(expr, ast.Name):
            through = f" of `{lets[-1]}`" if lets else ""
            helps = f"declare a variable: `var name = {written(expr)}`, and use it in its place"
            if isinstance(expr, ast.Member):
                helps = f"name the variable: `{written(expr.member)}`"
            message = f"`{keyword}` redefines variables, and `{written(expr)}`{through} is not one"
            related = (Related(place, f"`{keyword}` names it here"),) if lets else ()
            self.problems.error("E323", message, expr.span, helps, related=related)
            return
        if self.scope.key(expr.text):
            self.problems.error("E323", f"`{expr.text}` is the panel's key and cannot be changed", expr.span)
            return
        if found is not None and found.kind not in (VAR, MEASURE, LOST):
            if found.kind in LATER:
                return
            self.scope.wrong_kind(expr, found, "a variable")
            return
        if found is None and not self.scope.raw_tables(expr.text) and self.scope.headers_known:
            if not self.scope.rest_unknown:
                self.scope.unknown(expr)
            return
        if self._limited_once(expr.text, f" of `{lets[-1]}`" if lets else "", place) and (
            found is None or found.kind in (VAR, MEASURE)
        ):
            names.append(expr.text)

    def _limited_once(self, name: str, through: str, place: Span) -> bool:
        """E324 for a variable that has limits already; else notes that it has some."""
        first = self.scope.redefined.setdefault(name, place)
        if first is place:
            return True
        self.problems.error(
            "E324",
            f"`{name}`{through} is winsorized or trimmed twice",
            place,
            "a variable has one pair of limits: keep one of the two",
            self._of_the_base(first) if first.source.level > place.source.level else "",
            related=(Related(first, "first here"),),
        )
        return False

    def _is_component(self, expr: ast.Member) -> bool:
        found = self.scope.declarations.get(expr.target.text) if isinstance(expr.target, ast.Name) else None
        return found is not None and found.kind == MEASURE and isinstance(expr.member, ast.Name)

    def _component(self, expr: ast.Member, names: list[str], place: Span) -> None:
        """`winsorize Ce.Electricity`: a component has limits of its own."""
        ref = self.expressions.member(expr)
        if isinstance(ref, Ref) and self._limited_once(ref.name, "", place):
            names.append(ref.name)

    def _of_the_base(self, place: Span) -> str:
        """How a variant gets rid of the base's limits."""
        keyword = next(s.keyword for s in self.scope.file.statements if s.span.holds(place))
        return f"`without {keyword}` takes those of the base out, all of them"

    def winsorizing(self) -> tuple[Winsorize, ...]:
        """Second pass: limits and groups."""
        made = []
        for statement, clauses, names in self._winsorized:
            limits = self._limits(statement, clauses)
            by = self._by(clauses)
            quantile = Plain(clauses, self.problems).integer("quantile", 1, 9)
            for name in names:
                if self.sort(name) == TEXT:
                    self.problems.error("E321", f"`{name}` is text and has no quantiles", self.scope.redefined[name])
            if limits is not None and by is not None and names:
                made.append(
                    Winsorize(
                        statement.keyword,
                        tuple(names),
                        limits[0],
                        limits[1],
                        by,
                        2 if quantile is None else quantile,
                        span=statement.span,
                    )
                )
        return tuple(made)

    def _limits(self, statement: ast.Statement, clauses: Clauses) -> tuple[float, float] | None:
        values = clauses.values("at")
        word = statement.keyword
        if not values:
            if "at" not in clauses.found and not statement.broken:
                self.problems.error(
                    "E307", f"`{word}` does not say at which quantiles", statement.span, "for example `at 1%, 99%`"
                )
            return None
        span = values[0].span.to(values[-1].span)
        given = [number(value.value) for value in values]
        if len(values) != 2 or None in given:
            help_ = "for example `at 1%, 99%`"
            if len(values) == 1 and given[0] is not None and 0 < given[0] < 0.5:
                help_ = f"write both ends: `at {given[0] * 100:g}%, {100 - given[0] * 100:g}%`"
            self.problems.error("E305", "`at` takes the lower and the upper quantile", span, help_)
            return None
        low, high = given[0], given[1]
        assert low is not None
        assert high is not None
        if not (0 <= low <= 1 and 0 <= high <= 1):
            help_ = f"write `at {low:g}%, {high:g}%`" if 0 <= low < high <= 100 else ""
            self.problems.error("E325", "quantiles lie between 0% and 100%", span, help_)
            return None
        if low >= high:
            help_ = f"write `at {written(values[1])}, {written(values[0])}`" if low > high else ""
            self.problems.error("E325", "the lower quantile comes first", span, help_)
            return None
        return low, high

    def _by(self, clauses: Clauses) -> tuple[Expr, ...] | None:
        keys: list[Expr] = []
        for value in clauses.values("by"):
            found = self.expressions.keys(plain(value, self.problems).value)
            if found is None:
                return None
            keys += found
        return tuple(keys)

    # --- require ------------------------------------------------------------------------------------

    def requirements(self) -> tuple[Require, ...]:
        """The data contracts."""
        found = []
        for statement in self.scope.file.statements:
            if statement.keyword != "require":
                continue
            Clauses(statement, self.problems)
            for value in listed_values(statement):
                condition = self.expressions.condition(value, "`require`")
                if condition is not None:
                    found.append(Require(condition, written(value), span=statement.span))
        return tuple(found)


def listed_values(statement: ast.Statement) -> tuple[ast.Value, ...]:
    """The values of a statement that has no name, also where its first word was read as one."""
    if statement.name is not None and not statement.sign:
        return (ast.Value(statement.name, span=statement.name.span), *statement.body)
    return statement.body


def summands(expr: ast.Expr) -> list[ast.Expr]:
    """The terms of a sum."""
    if isinstance(expr, ast.Binary) and expr.operator == "+":
        return [*summands(expr.left), *summands(expr.right)]
    if isinstance(expr, ast.Group) and len(expr.items) == 1:
        return summands(expr.items[0])
    return [expr]


def references(expression: Expr | None) -> list[Ref]:
    """Every column an expression reads."""
    if isinstance(expression, Ref):
        return [expression]
    if isinstance(expression, Apply):
        inner = (*expression.arguments, *(argument for _, argument in expression.named))
        return [ref for item in inner for ref in references(item)]
    return []


def rings(needs: dict[str, list[str]]) -> list[list[str]]:
    """Cycles of a graph, each once, from its first name on."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in needs:
        way: list[str] = []
        _walk(start, needs, way, done, found)
    return found


def _walk(name: str, needs: dict[str, list[str]], way: list[str], done: set[str], found: list[list[str]]) -> None:
    if name in way:
        found.append(way[way.index(name) :])
        return
    if name in done or name not in needs:
        return
    way.append(name)
    for other in needs[name]:
        _walk(other, needs, way, done, found)
    way.pop()
    done.add(name)
