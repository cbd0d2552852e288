"""Brackets: which columns of a model `m[coastal = 1, outcome = Tech, 2]` means."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve import habits
from carbonspec.lang.resolve.clauses import literal, number, spell
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import listed, plural, suggestion, written
from carbonspec.lang.resolve.terms import canonical
from carbonspec.lang.spec import Column, Filter, Model, Selection
from carbonspec.record import Record
from carbonspec.source import Span


class Pick(Record):
    """What a bracket selects. `columns` are possible indices (from 0) into the model's columns.

    `count` is the number of selected columns, None when the split's values are known only from the data. `splits` are
    the selected values of the split by position, None for all.
    """

    selection: Selection
    columns: tuple[int, ...]
    count: int | None
    splits: tuple[int, ...] | None = None


class Selections:
    """Resolves brackets against models."""

    def __init__(self, scope: Scope, formulas: Formulas) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.formulas = formulas

    def split_count(self, model: Model) -> int | None:
        """How many values the split has; 1 without one, None when only the data know."""
        if model.split is None:
            return 1
        return len(self.scope.levels.get(model.split.name, ())) or None

    def pick(self, model: Model, items: tuple[ast.Value, ...], span: Span) -> Pick | None:
        """The columns that a bracket means; None after an error."""
        filters: list[Filter] = []
        position: ast.Expr | None = None
        columns = tuple(range(len(model.columns)))
        splits = self.split_count(model)
        for item in items:
            if item.name is None:
                if position is not None:
                    self.problems.error(
                        "E219",
                        "a bracket takes one position or one range",
                        item.span,
                        "list several columns one by one",
                    )
                    return None
                position = item.value
                continue
            if position is not None:
                self.problems.error("E219", "filters come before the position", item.span)
                return None
            found = self._filter(model, item, columns)
            if found is None:
                return None
            made, columns = found
            if any(made.key == f.key for f in filters):
                self.problems.error("E304", f"`{made.key}` stands twice", item.span)
                return None
            filters.append(made)
            if made.key != "outcome":
                splits = 1
        total = None if splits is None else splits * len(columns)
        first = last = None
        chosen: tuple[int, ...] | None = None
        if position is not None:
            ends = self._position(model, position, total, bool(filters))
            if ends is None:
                return None
            first, last = ends
            columns, total, chosen = self._narrow(columns, first, last, total)
        selection = Selection(model.name, tuple(filters), first, last, span=span)
        return Pick(selection, columns, total, chosen)

    @staticmethod
    def _narrow(
        columns: tuple[int, ...], first: int, last: int, total: int | None
    ) -> tuple[tuple[int, ...], int | None, tuple[int, ...] | None]:
        """Columns, count and split values that positions `first` to `last` reach; -1 is `last`."""
        width = len(columns)
        if total is None:
            if first == last:
                place = width - 1 if first == -1 else (first - 1) % width
                return (columns[place],), 1, None
            return columns, None, None
        low = total if first == -1 else first
        high = total if last == -1 else last
        places = range(low - 1, high)
        reached = tuple(dict.fromkeys(columns[p % width] for p in places))
        return reached, len(places), tuple(dict.fromkeys(p // width for p in places))

    # --- filters ------------------------------------------------------------------------------------

    def _filter(self, model: Model, item: ast.Value, columns: tuple[int, ...]) -> tuple[Filter, tuple[int, ...]] | None:
        key = item.name.text if isinstance(item.name, ast.Name) else ""
        if model.split is not None and key and self._names_split(model, key):
            value = self._level(model, item)
            return None if value is None else (Filter(model.split.name, value, span=item.span), columns)
        if key == "outcome":
            return self._outcome(model, item, columns)
        options = ["outcome", *([model.split.name] if model.split is not None else [])]
        assert item.name is not None
        shown = written(item.name)
        message = f"`{model.name}` is not split by `{shown}`"
        help_ = suggestion(shown, options)
        if not help_:
            help_ = (
                f"a bracket can name {listed(options)}"
                if model.split
                else "columns of different outcomes are told apart by `outcome = …`"
            )
        related: tuple[Related, ...] = ()
        declared = self.scope.declarations.get(model.name)
        if declared is not None:
            related = (Related(declared.span, "the model"),)
        self.problems.error("E219", message, item.name.span, help_, related=related)
        return None

    def _names_split(self, model: Model, key: str) -> bool:
        assert model.split is not None
        return key == model.split.name or (self.scope.key(key) == model.split.name)

    def _level(self, model: Model, item: ast.Value) -> float | str | None:
        assert model.split is not None
        name = model.split.name
        given = literal(item.value)
        levels = self.scope.levels.get(name, ())
        if given is None:
            text = written(item.value)
            help_ = f'write `{name} = "{text}"`' if isinstance(item.value, ast.Name) else ""
            message = f"`{text}` is no value: a filter compares with a number or a text in double quotes"
            self.problems.error("E219", message, item.value.span, help_)
            return None
        if not levels or given in [level.value for level in levels]:
            return given
        by_label = next((level.value for level in levels if level.label == given), None)
        if by_label is not None:
            return by_label
        shown = ", ".join(f'{spell(level.value)} "{level.label}"' for level in levels)
        self.problems.error("E336", f"`{name}` has no level {spell(given)}", item.value.span, f"its levels are {shown}")
        return None

    def _outcome(
        self, model: Model, item: ast.Value, columns: tuple[int, ...]
    ) -> tuple[Filter, tuple[int, ...]] | None:
        with self.problems.quietly():
            factor = self.formulas.factor(item.value, "an outcome")
        if factor is not None:
            found = tuple(c for c in columns if canonical(model.columns[c].outcome.expression) == factor.key)
            if found:
                return Filter("outcome", model.columns[found[0]].outcome.name, span=item.span), found
        outcomes = list(dict.fromkeys(model.columns[c].outcome.name for c in columns))
        text = written(item.value)
        self.problems.error(
            "E219",
            f"`{model.name}` has no outcome `{text}`",
            item.value.span,
            suggestion(text, outcomes) or f"its outcome{'s are' if len(outcomes) > 1 else ' is'} {listed(outcomes)}",
        )
        return None

    # --- positions ----------------------------------------------------------------------------------

    def _position(self, model: Model, expr: ast.Expr, total: int | None, filtered: bool) -> tuple[int, int] | None:
        if isinstance(expr, ast.Binary) and expr.operator == "..":
            first, last = self._one(model, expr.left, total, filtered), self._one(model, expr.right, total, filtered)
            if first is None or last is None:
                return None
            if -1 not in (first, last) and first > last:
                self.problems.error("E329", f"the range {written(expr)} runs backwards", expr.span)
                return None
            return first, last
        one = self._one(model, expr, total, filtered)
        return None if one is None else (one, one)

    def _one(self, model: Model, expr: ast.Expr, total: int | None, filtered: bool) -> int | None:
        if isinstance(expr, ast.Name) and expr.text == "last":
            return -1
        given = number(expr)
        if given is None or given != int(given):
            help_ = habits.colon(expr) if isinstance(expr, ast.Binary) else ""
            if isinstance(expr, ast.Name):
                help_ = (
                    help_
                    or suggestion(expr.text, ("last",))
                    or f"a filter names what it compares: `outcome = {expr.text}`"
                )
            self.problems.error(
                "E216",
                "a column is picked by its number or `last`",
                expr.span,
                help_ or "for example `[2]`, `[1..3]`, `[last]`",
            )
            return None
        left = "what is left" if filtered else f"`{model.name}`"
        if given < 1:
            self.problems.error(
                "E216",
                f"columns are numbered from 1, so `{model.name}` has no column {int(given)}",
                expr.span,
                "the last one is `[last]`",
            )
            return None
        if total is not None and given > total:
            self.problems.error(
                "E216",
                f"{left} has {plural(total, 'column')}, so there is no column {int(given)}",
                expr.span,
                f"the last one is `[{total}]` or `[last]`" if total > 1 else "leave the bracket away",
                related=self._model_place(model),
            )
            return None
        return int(given)

    def _model_place(self, model: Model) -> tuple[Related, ...]:
        declared = self.scope.declarations.get(model.name)
        return (Related(declared.span, "the model"),) if declared is not None else ()

    # --- listing ------------------------------------------------------------------------------------

    def describe(self, model: Model, found: Pick) -> tuple[str, ...]:
        """A line a selected column: `benchmark[2]  Ce ~ Open + Rpc + Ei`."""
        splits = self.split_count(model)
        values: list[str] = [""]
        if model.split is not None:
            levels = self.scope.levels.get(model.split.name, ())
            values = (
                [f"{model.split.name} = {spell(level.value)}" for level in levels]
                if splits
                else [f"{model.split.name} = …"]
            )
        lines = []
        width = len(model.columns)
        filtered = {f"{f.key} = {spell(f.value)}" for f in found.selection.filters} & set(values)
        reached = filtered or {values[place] for place in found.splits or ()} or set(values)
        for index, value in enumerate(values):
            if value not in reached:
                continue
            for c in found.columns:
                inside = [str(index * width + c + 1)] if not value else [value, *([str(c + 1)] if width > 1 else [])]
                lines.append(f"{model.name}[{', '.join(inside)}]  {column_text(model.columns[c])}")
        if len(lines) > 12:
            lines = [*lines[:11], f"… {len(lines) - 11} more"]
        return tuple(lines)


def column_text(column: Column) -> str:
    """`Ce ~ Open + Rpc`, shortened in the middle."""
    names = [term.name for term in column.regressors]
    if len(names) > 6:
        names = [*names[:3], "…", *names[-2:]]
    return f"{column.outcome.name} ~ {' + '.join(names) or '1'}"
