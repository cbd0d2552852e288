"""Numbers of models: `benchmark[5].Open.se`, `m.region["east"]`, `m.N`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from carbonspec.diagnostics.model import Related
from carbonspec.lang import ast
from carbonspec.lang.resolve.claiming.selections import Pick
from carbonspec.lang.resolve.clauses import literal, spell
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.modelling.models import ModelBuilder
from carbonspec.lang.resolve.names import DATA, LATER, LOST, MEASURE, MEDIATION, MODEL, TEST, Declaration, Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.terms import Entry, Factor, canonical, simple
from carbonspec.lang.spec import (
    Apply,
    Column,
    Literal,
    Mediation,
    Model,
    Quantity,
    Ref,
    Term,
    Test,
)
from carbonspec.signature import STATISTIC
from carbonspec.signature import TEST as TESTS


class Tests(Protocol):
    """Who knows the tests of a file."""

    def quantity(self, head: ast.Expr, members: list[ast.Expr], whole: ast.Expr) -> Quantity | None: ...

    def build(self, name: str) -> Test | None: ...


class Mediations(Protocol):
    """Who knows the mediations of a file."""

    def quantity(self, head: ast.Expr, members: list[ast.Expr], whole: ast.Expr) -> Quantity | bool | None: ...

    def build(self, name: str) -> Mediation | None: ...


PARTS = ("estimate", "se", "t", "p", "low", "high")
VERDICTS = ("supported", "unsupported", "contradicted")
CONSTANT = "Constant"
_PART_HABITS = {
    "coef": "estimate",
    "b": "estimate",
    "std_error": "se",
    "stderr": "se",
    "tstat": "t",
    "t_stat": "t",
    "z": "t",
    "pvalue": "p",
    "p_value": "p",
    "pval": "p",
}
_STATISTIC_HABITS = {
    "n": "N",
    "nobs": "N",
    "n_obs": "N",
    "obs": "N",
    "n_ids": "groups",
    "N_g": "groups",
    "r2_a": "r2_adj",
    "adj_r2": "r2_adj",
    "r2_w": "r2_within",
    "F": "f",
    "rmse": "sigma",
}


class Quantities:
    """Resolves references to results."""

    def __init__(self, scope: Scope, formulas: Formulas, models: ModelBuilder) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.formulas = formulas
        self.models = models
        self.tests: Tests | None = None
        self.mediations: Mediations | None = None
        self._said = False  # whether the last look for a term has reported why there is none

    # --- quantities ---------------------------------------------------------------------------------

    def quantity(self, expr: ast.Expr) -> Quantity | None:
        """`benchmark[5].Open.se`; None after an error, or silently when an earlier error covers it."""
        factors = interacted(simple(expr))
        head, members, category = peel(factors[0])
        if self.tests is not None and self._kind(head) == TEST:
            return self.tests.quantity(head, members, expr)
        if self.mediations is not None and self._kind(head) == MEDIATION:
            effect = self.mediations.quantity(head, members, expr)
            if effect is None or isinstance(effect, Quantity):
                return effect
        pick = self.columns(head, expr)
        if pick is None:
            return None
        model, found = pick
        if not members:
            terms = model.columns[found.columns[0]].regressors if found.columns else ()
            help_ = f"name a term or a statistic: `{written(head)}.{terms[0].name if terms else 'N'}`"
            self.problems.error("E327", f"`{written(expr)}` is a model, not a number", expr.span, help_)
            return None
        columns = [model.columns[c] for c in found.columns]
        named = self._named(members, factors[1:], category, columns, model, head)
        if named is None:
            return None
        if found.count is not None and found.count != 1:
            self._several(expr, head, model, found)
            return None
        term, part = named
        return Quantity(found.selection, term, part, written(expr), span=expr.span)

    def coefficient(self, expr: ast.Expr, columns: list[Column], model: Model) -> str | None:
        """The name of the coefficient that `m.Open` or `m.region["east"]` cites; None after an error."""
        factors = interacted(simple(expr))
        head, members, category = peel(factors[0])
        named = self._named(members, factors[1:], category, columns, model, head)
        if named is None:
            return None
        term, part = named
        if not term or part != "estimate":
            self.problems.error("E303", f"`{written(expr)}` is no coefficient", expr.span, "name a term: `m.x`")
            return None
        return term

    def whole_category(self, expr: ast.Member) -> Quantity | None:
        """All coefficients of `m.i(region)` as one; None where the model has no such category."""
        if not isinstance(expr.member, ast.Call) or expr.member.function.text != "i":
            return None
        picked = self.columns(expr.target, expr)
        if picked is None:
            return None
        model, pick = picked
        with self.problems.quietly():
            side = self.formulas.right_side(expr.member)
        wanted = [_category_keys(self.formulas.terms.term(entry)) for step in side.steps for entry in step.entries]
        for column in (model.columns[c] for c in pick.columns):
            for term in column.regressors:
                if _category_keys(term) in wanted:
                    return Quantity(pick.selection, term.name, "estimate", written(expr), span=expr.span)
        return None

    def _kind(self, head: ast.Expr) -> str:
        """What kind of result the name at the head is declared as, "" for none."""
        name = head.target if isinstance(head, ast.Index) else head
        found = self.scope.declarations.get(name.text) if isinstance(name, ast.Name) else None
        return found.kind if found is not None else ""

    def columns(self, head: ast.Expr, whole: ast.Expr) -> tuple[Model, Pick] | None:
        """The columns of a model that `benchmark` or `benchmark[5]` means."""
        name = head.target if isinstance(head, ast.Index) else head
        if not isinstance(name, ast.Name):
            help_ = "a result is written `benchmark[5].Open` or `benchmark.N`"
            if isinstance(name, ast.Call) and self.scope.catalogue.find(TESTS, name.function.text) is not None:
                test = name.function.text
                help_ = f"declare it, `test {test}_test: {written(name)}`, and cite `{test}_test.p`"
            self.problems.error("E327", f"`{written(whole)}` is no result", whole.span, help_)
            return None
        found = self.scope.declarations.get(name.text)
        if found is None:
            if not self.scope.rest_unknown:
                known = self.scope.of_kind(MODEL, MEDIATION, TEST, LOST, *LATER)
                help_ = self.scope.close(name.text, known)
                models = self.scope.of_kind(MODEL)
                if not help_ and models:
                    help_ = f"the models are {listed(models)}"
                self.problems.error("E210", f"no model called `{name.text}`", name.span, help_)
            return None
        self.scope.use(name.text)
        if found.kind in LATER or found.kind == LOST:
            return None
        model = self._estimated(name, found.kind)
        if model is None:
            if found.kind not in (MODEL, MEDIATION):
                self.scope.wrong_kind(name, found, "a model")
            return None
        items = head.items if isinstance(head, ast.Index) else ()
        pick = self.models.selections.pick(model, items, head.span)
        return None if pick is None else (model, pick)

    def _estimated(self, name: ast.Name, kind: str) -> Model | None:
        """The columns of a model, or those of a mediation."""
        if kind == MODEL:
            built = self.models.build(name.text)
            return built.model if built is not None else None
        mediation = self.mediations.build(name.text) if kind == MEDIATION and self.mediations is not None else None
        return mediation.model if mediation is not None else None

    def _several(self, expr: ast.Expr, head: ast.Expr, model: Model, found: Pick) -> None:
        rest = written(expr)[len(written(head)) :]
        lines = self.models.selections.describe(model, found)
        example = lines[-1].split("  ")[0] if not lines[-1].startswith("…") else f"{model.name}[last]"
        self.problems.error(
            "E217",
            f"`{written(expr)}` is {found.count} numbers, one a column, and one is needed",
            expr.span,
            f"say which column, for example `{example}{rest}`",
            facts=lines,
        )

    def _named(
        self,
        members: list[ast.Expr],
        others: list[ast.Expr],
        category: ast.Index | None,
        columns: list[Column],
        model: Model,
        head: ast.Expr,
    ) -> tuple[str, str] | None:
        """(term, part) or ("", statistic)."""
        members, others, part = _split_part(self._qualified(members, columns), others)
        if part is not None and part.text not in PARTS and not self._of_a_statistic(members[0], part):
            help_ = (
                f"did you mean `{_PART_HABITS[part.text]}`?"
                if part.text in _PART_HABITS
                else suggestion(part.text, PARTS)
            )
            self.problems.error(
                "E218", f"a coefficient has no part `{part.text}`", part.span, help_ or f"its parts are {listed(PARTS)}"
            )
            return None
        first = members[0]
        if category is None and not others and isinstance(first, ast.Name):
            return self._plain(first, part, columns, model, head)
        term = self._term(first, others, category, columns)
        if term is None:
            if not self._said:
                self._no_term(first, others, columns, model, head)
            return None
        return term, part.text if part is not None else "estimate"

    def _of_a_statistic(self, first: ast.Expr, part: ast.Name) -> bool:
        """Whether `hansen.df` is a statistic of its own, as `hansen_df`."""
        found = isinstance(first, ast.Name) and self.scope.catalogue.find(STATISTIC, f"{first.text}_{part.text}")
        return bool(found)

    def _qualified(self, members: list[ast.Expr], columns: list[Column]) -> list[ast.Expr]:
        """`provinces`, `gdp` after a model are one term when `provinces` is a data table or a measure of parts."""
        first = members[0]
        name = first.operand if isinstance(first, ast.Lag) else first
        if len(members) > 1 and isinstance(name, ast.Name):
            found = self.scope.declarations.get(name.text)
            second = members[1].text if isinstance(members[1], ast.Name) else ""
            if found is not None and (found.kind == DATA or self._is_component(found, second, columns)):
                whole = ast.Member(first, members[1], span=first.span.to(members[1].span))
                return [whole, *members[2:]]
        return members

    def _is_component(self, declared: Declaration, second: str, columns: list[Column]) -> bool:
        """Whether `Ce.x` names a component, also a misspelt one: not a part of the coefficient of `Ce`."""
        parts = components_of(declared)
        if second in parts or not parts:
            return bool(parts)
        terms = {term.name for column in columns for term in column.regressors}
        return second not in PARTS and declared.name not in terms

    def _plain(
        self,
        first: ast.Name,
        part: ast.Name | None,
        columns: list[Column],
        model: Model,
        head: ast.Expr,
    ) -> tuple[str, str] | None:
        """A bare name: a term, the constant, or a statistic."""
        ending = part.text if part is not None else "estimate"
        self._said = False
        term = self._term(first, [], None, columns) if ending in PARTS else None
        if term is not None:
            return term, ending
        if self._said:
            return None
        if first.text == CONSTANT and any(column.constant for column in columns):
            return CONSTANT, ending
        catalogue = self.scope.catalogue
        name = first.text if part is None else f"{first.text}_{part.text}"
        statistic = catalogue.find(STATISTIC, name) or (
            catalogue.find(STATISTIC, first.text) if part is not None else None
        )
        if statistic is None:
            self._no_term(first, [], columns, model, head)
            return None
        if not statistic.available:
            self.problems.later(first.text, first.span)
            return None
        if part is not None and statistic.name != name:
            self.problems.error("E218", f"the statistic `{first.text}` has no part `{part.text}`", part.span)
            return None
        return "", statistic.name

    def _term(
        self, first: ast.Expr, others: list[ast.Expr], category: ast.Index | None, columns: list[Column]
    ) -> str | None:
        """The name of the term that a claim cites, or None when no column has it."""
        self._said = False
        written_factors = [first, *others]
        if category is not None or any(isinstance(o, ast.Index) for o in others):
            return self._category(written_factors, category, columns)
        factors: list[Factor] = []
        with self.problems.quietly():
            for one in written_factors:
                factor = self.formulas.factor(one)
                if factor is None:
                    return None
                factors.append(factor)
        entry = Entry(tuple(factors), first.span)
        term = self.formulas.terms.term(entry)
        return next((t.name for c in columns for t in c.regressors if t == term), None)

    def _category(
        self, written_factors: list[ast.Expr], category: ast.Index | None, columns: list[Column]
    ) -> str | None:
        """`region["east"]`, alone or interacted: the coefficient of one value of `i(region)`."""
        names: list[str] = []
        keys: list[str] = []
        for position, one in enumerate(written_factors):
            index = category if position == 0 else (one if isinstance(one, ast.Index) else None)
            with self.problems.quietly():
                if index is None:
                    factor = self.formulas.factor(one)
                    if factor is None:
                        return None
                    keys.append(factor.key)
                    names.append(factor.name)
                    continue
                target = one if position == 0 else index.target
                variable = self.formulas.expressions.value(target)
            value = literal(index.items[0].value) if len(index.items) == 1 and index.items[0].name is None else None
            if value is None:
                self._said = True
                text = written(index.items[0]) if index.items else ""
                self.problems.error(
                    "E215",
                    f"`{written(target)}[…]` takes one value of the category",
                    index.span,
                    f'a text value stands in double quotes: `["{text}"]`' if text.isidentifier() else "",
                )
                return None
            if not isinstance(variable, Ref):
                return None
            levels = self.scope.levels.get(variable.name, ())
            if levels and value not in [level.value for level in levels]:
                self._said = True
                shown = ", ".join(f"`{spell(level.value)}`" for level in levels)
                self.problems.error(
                    "E336",
                    f"`{variable.name}` has no level {spell(value)}",
                    index.items[0].span,
                    f"its levels are {shown}",
                )
                return None
            keys.append(f"i:{_category_key(variable)}")
            names.append(f"{written(target)}[{spell(value)}]")
        wanted = sorted(keys)
        for column in columns:
            for term in column.regressors:
                if _category_keys(term) == wanted:
                    reference = _reference(term)
                    if reference is not None and any(name.endswith(f"[{spell(reference)}]") for name in names):
                        self._said = True
                        self.problems.error(
                            "E215",
                            f"{spell(reference)} is the reference of `{term.name}`: its coefficient is zero",
                            written_factors[0].span,
                        )
                        return None
                    return ":".join(names)
        return None

    def cited(self, expr: ast.Expr, columns: list[Column]) -> str | None:
        """`region["east"]`, alone or interacted, as the coefficient of one of the columns; None when it is none."""
        parts = interacted(simple(expr))
        if not any(isinstance(part, ast.Index) for part in parts):
            return None
        with self.problems.quietly():
            first = parts[0]
            if isinstance(first, ast.Index):
                return self._category([first.target, *parts[1:]], first, columns)
            return self._category(parts, None, columns)

    def _no_term(
        self, first: ast.Expr, others: list[ast.Expr], columns: list[Column], model: Model, head: ast.Expr
    ) -> None:
        text = ":".join(written(e) for e in (first, *others))
        terms = list(dict.fromkeys(t.name for c in columns for t in c.regressors))
        constant = [CONSTANT] if any(c.constant for c in columns) else []
        statistics = self.scope.catalogue.names(STATISTIC)
        span = first.span.to(others[-1].span) if others else first.span
        helps: list[str] = []
        elsewhere = [
            str(i + 1)
            for i, c in enumerate(model.columns)
            if text in [t.name for t in c.regressors] and c not in columns
        ]
        if text in _STATISTIC_HABITS:
            helps.append(f"did you mean `{_STATISTIC_HABITS[text]}`?")
        elif text in ("_cons", "(Intercept)", "Intercept", "const", "constant", "cons"):
            helps.append(f"the constant is called `{CONSTANT}`" if constant else "this model has no constant")
        elif elsewhere and model.split is None:
            helps.append(f"it stands in column {', '.join(elsewhere)}: `{model.name}[{elsewhere[-1]}].{text}`")
        else:
            helps.append(suggestion(text, [*terms, *constant, *statistics]))
        if terms and not helps[0]:
            helps = [f"its terms are {listed([*terms, *constant])}; statistics are `N`, `r2_within`, …"]
        declared = self.scope.declarations.get(model.name)
        related = (Related(declared.span, "the model"),) if declared is not None else ()
        self.problems.error(
            "E215", f"`{written(head)}` has no term or statistic `{text}`", span, *helps, related=related
        )


def components_of(declared: Declaration) -> Collection[str]:
    """Names of a measure's components; nothing for what is no measure."""
    if declared.kind != MEASURE or declared.statement is None:
        return ()
    from carbonspec.lang.resolve.measuring.components import components

    return components(declared.statement)


def interacted(expr: ast.Expr) -> list[ast.Expr]:
    """The factors of `m.a:b:c`, the first with the model in front."""
    if isinstance(expr, ast.Binary) and expr.operator == ":":
        return [*interacted(expr.left), *interacted(expr.right)]
    return [expr]


def peel(expr: ast.Expr) -> tuple[ast.Expr, list[ast.Expr], ast.Index | None]:
    """`m[5].x.se` → (`m[5]`, [x, se], None); `m.region["east"].se` → (`m`, [region, se], the index)."""
    members: list[ast.Expr] = []
    category: ast.Index | None = None
    while True:
        if isinstance(expr, ast.Member):
            members.insert(0, expr.member)
            expr = expr.target
        elif isinstance(expr, ast.Index) and isinstance(expr.target, ast.Member):
            category = expr
            expr = expr.target
        else:
            return expr, members, category


def _split_part(
    members: list[ast.Expr], others: list[ast.Expr]
) -> tuple[list[ast.Expr], list[ast.Expr], ast.Name | None]:
    """Take the part (`.se`) off the end of what follows the model; in `m.a:b.se` it stands on the last factor."""
    if others:
        last = others[-1]
        if isinstance(last, ast.Member) and isinstance(last.member, ast.Name):
            return members, [*others[:-1], last.target], last.member
        return members, others, None
    if len(members) > 1 and isinstance(members[-1], ast.Name):
        return members[:-1], [], members[-1]
    return members, others, None


def _category_key(variable: Ref) -> str:
    return f"{variable.kind}:{variable.table or ''}.{variable.name}"


def _category_keys(term: Term) -> list[str]:
    """The factors of a term, categories by their variable alone."""
    expression = term.expression
    parts = expression.arguments if isinstance(expression, Apply) and expression.function == ":" else (expression,)
    keys: list[str] = []
    for part in parts:
        if isinstance(part, Apply) and part.function == "i":
            variable = part.arguments[0]
            if isinstance(variable, Ref):
                keys.append(f"i:{_category_key(variable)}")
            keys += [canonical(slope) for slope in part.arguments[1:]]
        else:
            keys.append(canonical(part))
    return sorted(keys)


def _reference(term: Term) -> float | str | None:
    expression = term.expression
    parts = expression.arguments if isinstance(expression, Apply) and expression.function == ":" else (expression,)
    for part in parts:
        if isinstance(part, Apply) and part.function == "i":
            for word, value in part.named:
                if word == "ref" and isinstance(value, Literal):
                    return value.value
    return None
