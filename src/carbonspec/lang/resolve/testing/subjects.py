"""What stands in the brackets of a test: variables, arrows, columns of models, coefficients, expressions of them."""

from __future__ import annotations

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.calls import positional
from carbonspec.lang.resolve.claiming.quantities import Quantities, interacted, peel
from carbonspec.lang.resolve.claiming.selections import Pick
from carbonspec.lang.resolve.clauses import number
from carbonspec.lang.resolve.expressions import ARITHMETIC
from carbonspec.lang.resolve.names import MODEL
from carbonspec.lang.resolve.printing.outputs import Outputs
from carbonspec.lang.resolve.problems import listed, plural, written
from carbonspec.lang.resolve.terms import simple
from carbonspec.lang.spec import Apply, Expr, Literal, Model, Quantity, Selection, Term
from carbonspec.record import Record
from carbonspec.signature import Signature

FUNCTIONS = ("exp", "log", "sqrt", "abs")
"""What `delta` and `joint` can compute beside arithmetic."""

INTERACTED = ("pooled", "fe")
LEAST_SQUARES = (*INTERACTED, "re")
ALL_KINDS = (*LEAST_SQUARES, "be", "fd")
"""Structures that `difference` and `placebo`, most tests of columns, and `hausman` are about."""

RowKeys = tuple[tuple[str, str], ...]
"""What tells a row of a test from the others, by key: (("variable", "Ce"), ("test", "llc"))."""


class Subjects(Record):
    """What a test is applied to. `rows` are what its default rows are told apart by, None where only the data know."""

    terms: tuple[Term, ...] = ()
    selections: tuple[Selection, ...] = ()
    coefficients: tuple[str, ...] = ()
    quantities: tuple[Expr, ...] = ()
    rows: tuple[RowKeys, ...] | None = None


class TestSubjects:
    """Resolves brackets of tests; what is wrong is reported and gives None."""

    __test__ = False

    def __init__(self, outputs: Outputs, quantities: Quantities) -> None:
        self.scope = quantities.scope
        self.problems = quantities.problems
        self.outputs = outputs
        self.quantities = quantities

    def read(self, call: ast.Call, signature: Signature) -> Subjects | None:
        """What the brackets hold, as the signature's first argument says."""
        values = [simple(value.value) for value in positional(call)]
        read = {
            "variable": self._variables,
            "arrow": self._arrows,
            "result": self._columns,
            "result or variable": self._columns_or_variables,
            "split": self._differences,
            "quantity": self._quantities,
        }[signature.arguments[0].accepts]
        return read(values, signature)

    # --- variables ----------------------------------------------------------------------------------

    def _variables(self, values: list[ast.Expr], signature: Signature) -> Subjects | None:
        terms: list[Term] = []
        sound = True
        for value in values:
            found = self.outputs.described(value, signature.name)
            sound = sound and bool(found)
            for term in found or ():
                if term.name in [other.name for other in terms]:
                    self.problems.error("E304", f"`{term.name}` stands twice", value.span, "keep one of them")
                    sound = False
                else:
                    terms.append(term)
        rows = tuple((("variable", term.name),) for term in terms)
        return Subjects(tuple(terms), rows=rows) if sound else None

    def _arrows(self, values: list[ast.Expr], signature: Signature) -> Subjects | None:
        """`granger(Open -> Ce, Ce -> Open)`: cause and outcome in turn."""
        terms: list[Term] = []
        rows: list[RowKeys] = []
        for value in values:
            if not isinstance(value, ast.Arrow) or len(value.steps) != 2:
                names = [written(step) for step in value.steps] if isinstance(value, ast.Arrow) else []
                help_ = f"for example `{signature.example}`"
                if len(values) == 2 and not isinstance(value, ast.Arrow):
                    a, b = (written(v) for v in values)
                    help_ = f"write `{a} -> {b}`, and for both directions `{a} -> {b}, {b} -> {a}`"
                elif names:
                    help_ = f"write an arrow for each step: `{names[0]} -> {names[1]}, {names[1]} -> {names[2]}`"
                message = f"`{written(value)}` is not one cause and one outcome"
                self.problems.error("E339", message, value.span, help_)
                return None
            pair: list[Term] = []
            for step in value.steps:
                found = self.outputs.described(step, signature.name)
                if not found:
                    return None
                if len(found) > 1:
                    message = f"`{written(step)}` is {len(found)} variables"
                    self.problems.error("E339", message, step.span, "write an arrow for each")
                    return None
                pair += found
            cause, outcome = pair
            if cause.name == outcome.name:
                self.problems.error("E339", f"`{cause.name}` cannot cause itself", value.span)
                return None
            keys = (("cause", cause.name), ("outcome", outcome.name))
            if keys in rows:
                self.problems.error("E304", f"`{written(value)}` stands twice", value.span, "keep one of them")
                return None
            rows.append(keys)
            terms += pair
        return Subjects(tuple(terms), rows=tuple(rows))

    # --- columns of models --------------------------------------------------------------------------

    def _columns(self, values: list[ast.Expr], signature: Signature) -> Subjects | None:
        selections: list[Selection] = []
        rows: list[RowKeys] | None = []
        for value in values:
            picked = self._column(value, signature)
            if picked is None:
                return None
            model, pick = picked
            selections.append(pick.selection)
            if signature.name == "vif" or pick.count is None or model.split is not None:
                rows = None
            elif rows is not None:
                rows += [(("column", f"{model.name}[{c + 1}]"),) for c in pick.columns]
        return Subjects((), tuple(selections), rows=None if rows is None else tuple(rows))

    def _column(self, value: ast.Expr, signature: Signature) -> tuple[Model, Pick] | None:
        if isinstance(value, (ast.Member, ast.Binary)):
            message = f"`{signature.name}` tests a column of a model, and `{written(value)}` is a number of one"
            head, _, _ = peel(interacted(value)[0])
            self.problems.error("E303", message, value.span, f"write `{signature.name}({written(head)})`")
            return None
        picked = self.quantities.columns(value, value)
        if picked is None:
            return None
        kinds = ALL_KINDS if signature.name == "hausman" else LEAST_SQUARES
        if not self._fits(*picked, kinds, value, signature):
            return None
        model, _ = picked
        if model.weights is not None:
            message = f"`{signature.name}` takes no weights, and `{model.name}` has some"
            related = (Related(model.weights.span, "the weights"),)
            help_ = "test a model without the clause `weights`"
            self.problems.error("E513", message, value.span, help_, related=related)
            return None
        return picked

    def _fits(self, model: Model, pick: Pick, kinds: tuple[str, ...], value: ast.Expr, signature: Signature) -> bool:
        """Whether the columns are regressions that a test is about; another is reported."""
        structures = [model.columns[c].structure for c in pick.columns]
        odd = next((s.kind for s in structures if s.kind not in kinds), "")
        if any(s.instrumented is not None for s in structures):
            odd = "iv"
        if model.estimator:
            odd = model.estimator
        if not odd:
            return True
        names = {"pooled": "pooled", "fe": "fixed-effects", "re": "random-effects"}
        shown = listed(names[kind] for kind in kinds if kind in names).replace("`", "")
        message = f"`{signature.name}` is about {shown} columns, and this one is `{odd}`"
        self.problems.error("E303", message, value.span, "name a column of the same variables with `fe(id)`")
        return False

    def _columns_or_variables(self, values: list[ast.Expr], signature: Signature) -> Subjects | None:
        kinds = [self._is_model(value) for value in values]
        if any(kinds) and not all(kinds):
            odd = values[kinds.index(not kinds[0])]
            message = f"`{signature.name}` takes models or variables, not both"
            self.problems.error("E303", message, odd.span, "write a test for each")
            return None
        return self._columns(values, signature) if all(kinds) else self._variables(values, signature)

    def _is_model(self, value: ast.Expr) -> bool:
        name = value.target if isinstance(value, ast.Index) else value
        found = self.scope.declarations.get(name.text) if isinstance(name, ast.Name) else None
        return isinstance(value, ast.Index) or (found is not None and found.kind == MODEL)

    # --- differences between groups -----------------------------------------------------------------

    def _differences(self, values: list[ast.Expr], signature: Signature) -> Subjects | None:
        """`difference(m)`, `difference(m.Open, m.Rpc)`; `m` may name an outcome: `m[outcome = Ce].Open`."""
        coefficients: list[str] = []
        selections: dict[Selection, None] = {}
        for value in values:
            head, members, _ = peel(interacted(value)[0])
            picked = self.quantities.columns(head, value)
            if picked is None:
                return None
            model, pick = picked
            if not self._fits(model, pick, INTERACTED, head, signature):
                return None
            if not self._two_groups(model, pick, head, signature):
                return None
            selections[pick.selection] = None
            if len(selections) > 1:
                message = "a difference is between the groups of one column"
                self.problems.error("E338", message, head.span, "write a test for each model")
                return None
            if not members:
                continue
            columns = [model.columns[c] for c in pick.columns]
            named = self.quantities.coefficient(value, columns, model)
            if named is None:
                return None
            if named == "Constant":
                message = "a difference is between slopes: the constant has none"
                self.problems.error(
                    "E338", message, value.span, f"leave it out, or write `{signature.name}({written(head)})`"
                )
                return None
            if named in coefficients:
                self.problems.error("E304", f"`{named}` stands twice", value.span, "keep one of them")
                return None
            coefficients.append(named)
        rows = tuple((("term", name),) for name in coefficients)
        return Subjects((), tuple(selections), tuple(coefficients), rows=rows or None)

    def _two_groups(self, model: Model, pick: Pick, head: ast.Expr, signature: Signature) -> bool:
        declared = self.scope.declarations.get(model.name)
        related = (Related(declared.span, "the model"),) if declared is not None else ()
        if model.split is None:
            message = f"`{model.name}` is not split into groups, so there is nothing to compare"
            help_ = f"`model groups: {model.name} split x` has a column for each value of `x`"
            self.problems.error("E338", message, head.span, help_, related=related)
            return False
        levels = self.scope.levels.get(model.split.name, ())
        wanted = [f for f in pick.selection.filters if f.key == model.split.name]
        if wanted or pick.selection.first is not None:
            message = f"`{written(head)}` picks columns; a difference is between the groups of `{model.split.name}`"
            inside = [f"{f.key} = {f.value}" for f in pick.selection.filters if f.key == "outcome"]
            name = f"{model.name}[{inside[0]}]" if inside else model.name
            self.problems.error("E338", message, head.span, f"write `{signature.name}({name})`", related=related)
            return False
        if levels and len(levels) != 2:
            message = f"a difference is between two groups, and `{model.split.name}` has {len(levels)}"
            help_ = f"leave two with a `where`: `model pair: {model.name} where {model.split.name} in (…, …)`"
            self.problems.error("E338", message, head.span, help_, related=related)
            return False
        if len(pick.columns) > 1:
            message = f"`{written(head)}` has {plural(len(pick.columns), 'column')} for each group"
            lines = self.quantities.models.selections.describe(model, pick)
            help_ = "split a model of one column, or name its outcome"
            self.problems.error("E217", message, head.span, help_, related=related, facts=lines)
            return False
        return True

    # --- expressions of coefficients ----------------------------------------------------------------

    def _quantities(self, values: list[ast.Expr], signature: Signature) -> Subjects | None:
        found: list[Expr] = []
        for value in values:
            for one in self._categories(value) if signature.name == "joint" else [value]:
                made = self._quantity(one, signature)
                if made is None:
                    return None
                if signature.name == "placebo" and not isinstance(made, Quantity):
                    message = "`placebo` takes one coefficient"
                    self.problems.error("E303", message, value.span, f"for example `{signature.example}`")
                    return None
                if signature.name == "placebo":
                    picked = self.quantities.columns(peel(interacted(simple(one))[0])[0], one)
                    if picked is None or not self._fits(*picked, INTERACTED, value, signature):
                        return None
                if made in found:
                    self.problems.error("E304", f"`{written(one)}` stands twice", one.span, "keep one of them")
                    return None
                found.append(made)
        leaves = [leaf for expression in found for leaf in _leaves(expression)]
        if not leaves:
            message = f"`{written(values[0])}` names no coefficient"
            self.problems.error("E303", message, values[0].span, f"for example `{signature.example}`")
            return None
        models = list(dict.fromkeys(leaf.selection.model for leaf in leaves))
        if len(models) > 1:
            message = f"`{signature.name}` needs coefficients of one column, and these are of {listed(models)}"
            place = next(leaf for leaf in leaves if leaf.selection.model == models[1])
            help_ = (
                "estimates of different columns have no covariance; interact the groups in one model, or `difference`"
            )
            self.problems.error("E337", message, place.span, help_)
            return None
        return Subjects((), (), (), tuple(found), rows=((),))

    def _quantity(self, expr: ast.Expr, signature: Signature) -> Expr | None:
        inner = simple(expr)
        given = number(inner)
        if given is not None:
            return Literal(given, span=inner.span)
        if isinstance(inner, ast.Unary) and inner.operator == "-":
            operand = self._quantity(inner.operand, signature)
            return None if operand is None else Apply("neg", (operand,), span=inner.span)
        if isinstance(inner, ast.Binary) and inner.operator in ARITHMETIC:
            left, right = self._quantity(inner.left, signature), self._quantity(inner.right, signature)
            return None if left is None or right is None else Apply(inner.operator, (left, right), span=inner.span)
        if isinstance(inner, ast.Call):
            return self._function(inner, signature)
        if isinstance(inner, ast.Binary) and inner.operator != ":":
            message = f"`{written(inner)}` is a condition, and `{signature.name}` takes what is zero under the null"
            help_ = f"write `{signature.name}({written(inner.left)} - {written(inner.right)})`"
            self.problems.error("E303", message, inner.span, help_)
            return None
        if signature.name == "joint" and isinstance(inner, ast.Member) and isinstance(inner.member, ast.Call):
            whole = self.quantities.whole_category(inner)
            if whole is not None:
                return whole
        found = self.quantities.quantity(inner)
        if found is None:
            return None
        if not found.term or found.part != "estimate":
            message = f"`{written(inner)}` is no coefficient"
            self.problems.error("E303", message, inner.span, f"`{signature.name}` takes coefficients: `m.x`")
            return None
        return found

    def _function(self, call: ast.Call, signature: Signature) -> Expr | None:
        name = call.function.text
        if name not in FUNCTIONS:
            message = f"`{name}` cannot stand here"
            self.problems.error("E211", message, call.function.span, f"functions of estimates are {listed(FUNCTIONS)}")
            return None
        if len(call.arguments) != 1:
            self.problems.error("E301", f"`{name}` takes 1 argument and has {len(call.arguments)}", call.span)
            return None
        inside = self._quantity(call.arguments[0].value, signature)
        return None if inside is None else Apply(name, (inside,), span=call.span)

    def _categories(self, value: ast.Expr) -> list[ast.Expr]:
        """`m.year[2013..2016]` as its values one by one; anything else as it is."""
        if not isinstance(value, ast.Index) or len(value.items) != 1:
            return [value]
        ends = value.items[0].value
        if not isinstance(ends, ast.Binary) or ends.operator != ".." or not isinstance(value.target, ast.Member):
            return [value]
        found = self.outputs.expressions.range_ends(ends)
        if found is None or any(end != int(end) for end in found) or found[1] - found[0] > 1000:
            return [value]
        made: list[ast.Expr] = []
        for level in range(int(found[0]), int(found[1]) + 1):
            size = ast.Number(str(abs(level)), float(abs(level)), span=ends.span)
            one: ast.Expr = size if level >= 0 else ast.Unary("-", size, span=ends.span)
            made.append(ast.Index(value.target, (ast.Value(one, span=ends.span),), span=value.span))
        return made


def _leaves(expression: Expr) -> list[Quantity]:
    """The coefficients that an expression names."""
    if isinstance(expression, Quantity):
        return [expression]
    arguments = expression.arguments if isinstance(expression, Apply) else ()
    return [leaf for argument in arguments for leaf in _leaves(argument)]
