"""What rules ask of a study: what an expression is made of and what it is constant within."""

from __future__ import annotations

from collections.abc import Iterator

from carbonspec.lang.spec import COMPONENT, KEY, VARIABLE, Apply, Column, Expr, Literal, Model, Ref, Spec, Variable

AGGREGATES = frozenset(("sum", "mean", "median", "min", "max", "sd", "first", "last", "count"))
TIME_OPERATORS = frozenset(("L", "F", "D", "S"))


class Study:
    """A resolved study with its definitions at hand."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.definitions: dict[str, Variable] = {v.name: v for v in spec.variables}
        self._open: set[str] = set()
        self.limited = {name: w for w in spec.winsorizing for name in w.variables}

    def definition(self, ref: Ref) -> Expr | None:
        """The formula behind a variable, None for a column of the data."""
        found = self.definitions.get(ref.name) if ref.kind == VARIABLE else None
        return found.expression if found is not None else None

    def determinants(self, expression: Expr) -> frozenset[tuple[str, str]]:
        """Columns whose values fix the expression's value: what it is constant within."""
        if isinstance(expression, Literal):
            return frozenset()
        if isinstance(expression, Ref):
            inner = self.definition(expression)
            by_groups = expression.name in self.limited and self.limited[expression.name].by
            if inner is None or by_groups or expression.name in self._open:
                return frozenset((identity(expression),))
            self._open.add(expression.name)
            found = self.determinants(inner)
            self._open.discard(expression.name)
            return found
        if isinstance(expression, Apply):
            if expression.function in AGGREGATES:
                return self._of([value for name, value in expression.named if name == "by"])
            return self._of(expression.arguments)
        return frozenset((("?", repr(expression)),))

    def _of(self, expressions: tuple[Expr, ...] | list[Expr]) -> frozenset[tuple[str, str]]:
        return frozenset(key for one in expressions for key in self.determinants(one))

    def made_of(self, expression: Expr) -> Iterator[Ref]:
        """Every column an expression is computed from at the same time and row, through definitions."""
        seen: set[str] = set()
        queue = [expression]
        while queue:
            one = queue.pop()
            if isinstance(one, Ref):
                yield one
                if one.kind == COMPONENT and one.table is not None:
                    yield Ref(one.table, VARIABLE, span=one.span)
                inner = self.definition(one)
                if inner is not None and one.name not in seen:
                    seen.add(one.name)
                    queue.append(inner)
            elif isinstance(one, Apply) and one.function not in TIME_OPERATORS and one.function not in AGGREGATES:
                queue.extend(one.arguments)


def identity(ref: Ref) -> tuple[str, str]:
    """What makes two references one column."""
    return (KEY if ref.kind == KEY else "column", ref.name)


def columns(spec: Spec) -> Iterator[tuple[Model, Column]]:
    """Every column of every model."""
    for model in spec.models:
        for column in model.columns:
            yield model, column


def absorbing(column: Column) -> Iterator[tuple[str, frozenset[tuple[str, str]]]]:
    """The groups whose level a column's structure removes: (how it is written, keys)."""
    structure = column.structure
    if structure.kind == "fd":
        yield "fd(id)", frozenset(((KEY, "id"),))
    for dimension in structure.dimensions:
        if dimension.levels and all(isinstance(key, Ref) for key in dimension.keys):
            yield f"fe({dimension.name})", frozenset(identity(key) for key in dimension.keys if isinstance(key, Ref))


def factors(expression: Expr) -> tuple[Expr, ...]:
    """The variables of an interaction; of anything else itself."""
    if isinstance(expression, Apply) and expression.function == ":":
        return expression.arguments
    return (expression,)
