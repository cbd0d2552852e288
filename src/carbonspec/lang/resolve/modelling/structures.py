"""What stands after `|`: fixed effects, random effects, between, first differences, instruments."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve import habits
from carbonspec.lang.resolve.calls import positional
from carbonspec.lang.resolve.expressions import STEPS, Expressions
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.modelling.instruments import InstrumentParts
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.terms import canonical, simple
from carbonspec.lang.spec import KEY, Dimension, Instrumented, LaggedLevels, Literal, Ref, Structure, Term
from carbonspec.lang.unparse import unparse_expression
from carbonspec.record import Record
from carbonspec.signature import STRUCTURE
from carbonspec.source import Span


class Parts(Record):
    """What stands after the bars of a formula. `effects` is None where none of `fe`, `re`, … was written, else one
    structure, or one for each step of a call inside `fe` (`stepping` says where that stands)."""

    effects: tuple[Structure, ...] | None = None
    stepping: Span | None = None
    instrumented: Instrumented | None = None
    gmm: tuple[LaggedLevels, ...] = ()

    def onto(self, base: Structure) -> tuple[Structure, ...]:
        """The structures of a column whose base has one: a part replaces all parts of its name, or is added."""
        found = []
        for effects in self.effects or (base,):
            gmm = self.gmm or base.gmm
            kind = effects.kind if effects.kind != "pooled" or not gmm else "gmm"
            made = effects.replace(kind=kind, instrumented=self.instrumented or base.instrumented, gmm=gmm)
            found.append(made)
        return tuple(found)


class Structures:
    """Resolves the parts of a formula after `|`."""

    def __init__(self, scope: Scope, expressions: Expressions, formulas: Formulas) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.formulas = formulas
        self.instruments = InstrumentParts(scope, expressions, formulas)

    def resolve(self, parts: tuple[ast.Expr, ...]) -> Parts | None:
        """All parts of a formula; None after an error."""
        found = Parts()
        fine = True
        earlier: ast.Expr | None = None
        for part in parts:
            call = self._known(part)
            if call is None:
                fine = False
            elif call.function.text == "iv":
                one = self.instruments.iv(call)
                fine = fine and one is not None
                found = found.replace(instrumented=_together(found.instrumented, one))
            elif call.function.text == "gmm":
                blocks = self.instruments.gmm(call)
                fine = fine and blocks is not None
                found = found.replace(gmm=(*found.gmm, *(blocks or ())))
            elif earlier is not None:
                self.problems.error(
                    "E319",
                    f"`{written(part)}` cannot be combined with `{written(earlier)}`",
                    part.span,
                    "several effects stand in one `fe(id, year)`; `fe`, `re`, `be` and `fd` exclude each other",
                )
                fine = False
            else:
                earlier = part
                effects = self._fixed(call) if call.function.text == "fe" else self._unit(call)
                fine = fine and effects is not None
                if effects is not None:
                    found = found.replace(effects=tuple(effects[0]), stepping=effects[1])
        return found if fine else None

    def _known(self, part: ast.Expr) -> ast.Call | None:
        """A part as the call of a structure that this version has."""
        if not isinstance(part, ast.Call):
            text = written(part)
            names = " ".join(text.replace("+", ",").split()).replace(" ,", ",")
            help_ = f"fixed effects are written `fe({names})`"
            if isinstance(part, ast.Name) and self.scope.catalogue.find(STRUCTURE, part.text) is not None:
                help_ = f"for example `{part.text}(id)`"
            self.problems.error(
                "E213", f"`{text}` is no structure; after `|` stands `fe(…)`, `re(id)`, …", part.span, help_
            )
            return None
        name = part.function.text
        signature = self.scope.catalogue.find(STRUCTURE, name)
        if signature is None:
            known = self.scope.catalogue.names(STRUCTURE)
            help_ = habits.structure(name) or suggestion(name, known) or f"the structures are {listed(known)}"
            if self.scope.catalogue.find("function", name) is not None:
                inside = ", ".join(written(v) for v in part.arguments)
                help_ = f"terms stand left of `|`; fixed effects of it are `fe({inside})`"
            self.problems.error("E213", f"no structure called `{name}`", part.function.span, help_)
            return None
        if not signature.available:
            self.problems.later(name, part.function.span)
            return None
        return part if self.expressions.calls.shape(part, signature) else None

    def _unit(self, part: ast.Call) -> tuple[list[Structure], Span | None] | None:
        name = part.function.text
        values = positional(part)
        found = self.expressions.key(values[0].value)
        if found is None:
            return None
        if (
            len(values) == 1
            and len(found) == 1
            and isinstance(found[0], Ref)
            and found[0].kind == KEY
            and found[0].name == "id"
        ):
            return [Structure(name, span=part.span)], None
        help_ = f"write `{name}(id)`"
        if name in ("re", "be") and len(values) > 1:
            help_ += "; period effects go into the formula as `i(year)`"
        self.problems.error("E334", f"`{name}` works on the panel's `id` alone", part.span, help_)
        return None

    def _fixed(self, part: ast.Call) -> tuple[list[Structure], Span | None] | None:
        columns: list[list[Dimension]] = [[]]
        stepping: Span | None = None
        for value in positional(part):
            made = self._alternatives(value.value)
            if made is None:
                return None
            if len(made) > 1 or isinstance(value.value, ast.Call):
                if stepping is not None:
                    self.problems.error(
                        "E317",
                        "a formula has one step call",
                        value.span,
                        "every combination of two choices is a `multiverse`",
                    )
                    return None
                stepping = value.span
            columns = [[*column, *more] for column in columns for more in made]
        structures = []
        for column in columns:
            if not self._distinct(column):
                return None
            kind = "fe" if column else "pooled"
            structures.append(Structure(kind, tuple(column), span=part.span))
        return structures, stepping

    def _alternatives(self, expr: ast.Expr) -> list[list[Dimension]] | None:
        """The dimensions an argument of `fe` stands for: one list, or one for each step."""
        if isinstance(expr, ast.Call) and expr.function.text in STEPS:
            parts = [self._alternatives(value.value) for value in positional(expr)]
            if not parts or any(p is None for p in parts):
                if not parts:
                    self.problems.error("E301", f"`{expr.function.text}` has no steps", expr.span)
                return None
            nested = next((p for p in parts if p is not None and len(p) > 1), None)
            if nested is not None:
                self.problems.error("E317", "a step call cannot stand inside another", expr.span)
                return None
            return _stepped(expr.function.text, [p[0] for p in parts if p is not None])
        one = self._dimension(expr)
        return None if one is None else [[one]]

    def _dimension(self, expr: ast.Expr) -> Dimension | None:
        inner = simple(expr)
        if isinstance(inner, ast.Index):
            return self._slopes(inner)
        if isinstance(inner, ast.Call):
            arguments = ", ".join(written(v) for v in inner.arguments)
            if inner.function.text in ("i", "factor"):
                help_ = f"every key of `fe` is a category already: write `fe({arguments})`"
            else:
                help_ = f"declare it: `var name = {written(inner)}`, and write `fe(name)`"
            self.problems.error("E303", f"`{written(inner)}` is not a key of effects", inner.span, help_)
            return None
        if isinstance(inner, ast.Binary) and inner.operator in ("+", ":", "*"):
            left, right = written(inner.left), written(inner.right)
            help_ = (
                f"write `fe({left}, {right})`"
                if inner.operator == "+"
                else f"the combination of two keys is `{left}^{right}`"
            )
            self.problems.error("E303", f"`{written(inner)}` is not a key of effects", inner.span, help_)
            return None
        if (
            isinstance(inner, ast.Member)
            and isinstance(inner.target, ast.Name)
            and habits.prefixed(inner)
            and inner.target.text not in self.scope.declarations
        ):
            self.problems.error(
                "E330", f"`{written(inner)}` is Stata's way", inner.span, f"write `fe({written(inner.member)})`"
            )
            return None
        keys = self.expressions.key(inner)
        if keys is None:
            return None
        return Dimension(tuple(keys), unparse_expression(inner), span=expr.span)

    def _slopes(self, expr: ast.Index) -> Dimension | None:
        keys = self.expressions.key(expr.target)
        if keys is None:
            return None
        slopes: list[Term] = []
        for item in expr.items:
            found = self._slope(item)
            if found is None:
                return None
            slopes.append(found)
        name = unparse_expression(expr)
        return Dimension(tuple(keys), name, tuple(slopes), levels=False, span=expr.span)

    def _slope(self, item: ast.Value) -> Term | None:
        found = self.expressions.value(item.value)
        if found is None:
            return None
        if isinstance(found, Ref) and found.kind == KEY and found.name == "id":
            self.problems.error("E314", f"`{written(item.value)}` is the panel's `id` and has no slope", item.span)
            return None
        if isinstance(found, Literal):
            self.problems.error(
                "E303", f"`{written(item.value)}` is not a variable", item.span, "for example `id[year]`"
            )
            return None
        return Term(found, unparse_expression(simple(item.value)), span=item.span)

    def _distinct(self, column: list[Dimension]) -> bool:
        seen: set[tuple[object, ...]] = set()
        for dimension in column:
            mine = (
                tuple(sorted(canonical(key) for key in dimension.keys)),
                tuple(canonical(slope.expression) for slope in dimension.slopes),
            )
            if mine in seen:
                self.problems.error(
                    "E304", f"`{dimension.name}` stands twice in `fe`", dimension.span, "keep one of them"
                )
                return False
            seen.add(mine)
        return True


def _stepped(word: str, parts: list[list[Dimension]]) -> list[list[Dimension]]:
    columns: list[list[Dimension]] = [[]] if word.endswith("0") else []
    total: list[Dimension] = []
    for part in parts:
        total = [*total, *part]
        columns.append(list(total) if word.startswith("c") else list(part))
    return columns


def _together(one: Instrumented | None, other: Instrumented | None) -> Instrumented | None:
    """Several `iv(…)` as one: every instrument serves all endogenous regressors."""
    if one is None or other is None:
        return one or other
    endogenous = tuple(dict.fromkeys((*one.endogenous, *other.endogenous)))
    instruments = tuple(dict.fromkeys((*one.instruments, *other.instruments)))
    return Instrumented(endogenous, instruments, span=one.span.to(other.span))
