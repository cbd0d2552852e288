"""`model`: from a formula and clauses to the explicit columns; derived models take over what they do not say."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.claiming.selections import Pick, Selections
from carbonspec.lang.resolve.clauses import Clauses, plain
from carbonspec.lang.resolve.expressions import Expressions
from carbonspec.lang.resolve.formulas import Formulas
from carbonspec.lang.resolve.modelling.clauses import Base, ModelClauses, Settings, both
from carbonspec.lang.resolve.modelling.combinations import Combinations
from carbonspec.lang.resolve.modelling.covariances import DEFAULT, Covariances
from carbonspec.lang.resolve.modelling.structures import Parts, Structures
from carbonspec.lang.resolve.names import MODEL, Scope
from carbonspec.lang.resolve.problems import written
from carbonspec.lang.resolve.sides import Side, Step
from carbonspec.lang.resolve.terms import Entry, Factor, Terms, canonical, simple
from carbonspec.lang.spec import Apply, Column, Covariance, Literal, Model, Structure, Term
from carbonspec.record import Record
from carbonspec.source import Span


class Built(Record):
    """A resolved model, and the covariance it chose itself or took over (None: the study's)."""

    model: Model
    chosen: Covariance | None
    entries: tuple[tuple[Entry, ...], ...]  # the terms of each column


class ModelBuilder:
    """Resolves models when first asked for, so that statements may stand in any order."""

    def __init__(
        self,
        scope: Scope,
        expressions: Expressions,
        formulas: Formulas,
        terms: Terms,
        covariances: Covariances,
        default: Covariance | None,
    ) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.expressions = expressions
        self.formulas = formulas
        self.terms = terms
        self.clauses = ModelClauses(scope, expressions, covariances)
        self.default = default or DEFAULT
        self.structures = Structures(scope, expressions, formulas)
        self.selections = Selections(scope, formulas)
        self.combinations = Combinations(scope)
        self._built: dict[str, Built | None] = {}
        self._open: list[str] = []
        self._base: Base | None = None
        self._keep_outcomes = True
        formulas.models = self

    def all(self) -> tuple[Model, ...]:
        """All sound models in the order of the file."""
        found = []
        for statement in self.scope.file.statements:
            if statement.keyword != "model":
                continue
            if not isinstance(statement.name, ast.Name):
                self.problems.error(
                    "E307", "a model needs a name", statement.span, "for example `model benchmark: Ce ~ Open`"
                )
                continue
            declared = self.scope.declarations.get(statement.name.text)
            if declared is None or declared.statement is not statement:
                continue
            built = self.build(statement.name.text)
            if built is not None:
                found.append(built.model)
        return tuple(found)

    def build(self, name: str) -> Built | None:
        """A model by name; None when it is unsound (said where it stands)."""
        if name in self._built:
            return self._built[name]
        declared = self.scope.declarations.get(name)
        if declared is None or declared.kind != MODEL or declared.statement is None:
            return None
        if name in self._open:
            ring = self._open[self._open.index(name) :]
            shown = " → ".join(f"`{n}`" for n in (*ring, name))
            message = (
                f"`{name}` is derived from itself" if len(ring) == 1 else f"models are derived from each other: {shown}"
            )
            self.problems.error("E203", message, declared.span)
            return None
        saved = (self._base, self._keep_outcomes, self.formulas.failed, self.formulas._lets, self.formulas._place)
        self._base, self._keep_outcomes = None, True
        self.formulas._lets, self.formulas._place = [], None
        self._open.append(name)
        built = self._resolve(name, declared.statement)
        self._open.pop()
        self._base, self._keep_outcomes, self.formulas.failed, self.formulas._lets, self.formulas._place = saved
        self._built.setdefault(name, built)
        return self._built[name]

    # --- bases --------------------------------------------------------------------------------------

    def side(self, expr: ast.Expr, place: Span) -> Side | None:
        """The right sides that a model stands for in a formula; remembers it as the base."""
        name = expr.target if isinstance(expr, ast.Index) else expr
        assert isinstance(name, ast.Name)
        self.scope.use(name.text)
        built = self.build(name.text)
        if built is None:
            return None
        items = expr.items if isinstance(expr, ast.Index) else ()
        pick = self.selections.pick(built.model, items, expr.span)
        if pick is None:
            return None
        base = self._as_base(built, pick, expr)
        if base is None:
            return None
        if not self._keep_outcomes:
            first = base.columns[0].outcome
            kept = [i for i, column in enumerate(base.columns) if column.outcome == first]
            columns, entries = tuple(base.columns[i] for i in kept), tuple(base.entries[i] for i in kept)
            base = base.replace(columns=columns, entries=entries)
        self._base = base
        steps = [
            Step(tuple(entry.at(place) for entry in entries), None, index) for index, entries in enumerate(base.entries)
        ]
        return Side(steps, place if len(steps) > 1 else None, place)

    def _as_base(self, built: Built, pick: Pick, expr: ast.Expr) -> Base | None:
        model = built.model
        split, where = model.split, model.where
        value: float | str | None = next(
            (f.value for f in pick.selection.filters if split is not None and f.key == split.name), None
        )
        if split is not None and value is None and pick.selection.first is not None:
            levels = self.scope.levels.get(split.name, ())
            if pick.splits is None or (len(pick.splits) > 1 and len(pick.splits) < len(levels)):
                self.problems.error(
                    "E219",
                    f"`{model.name}` has columns for each value of `{split.name}`",
                    expr.span,
                    f"say which: `{model.name}[{split.name} = …]`",
                )
                return None
            if len(pick.splits) == 1:
                value = levels[pick.splits[0]].value
        if split is not None and value is not None:
            equal = Apply("==", (split, Literal(value, span=expr.span)), span=expr.span)
            where, split = both(where, equal), None
        columns = tuple(model.columns[c] for c in pick.columns)
        entries = tuple(built.entries[c] for c in pick.columns)
        return Base(model, columns, entries, where, split, built.chosen)

    # --- one model ----------------------------------------------------------------------------------

    def _resolve(self, name: str, statement: ast.Statement) -> Built | None:
        clauses = Clauses(statement, self.problems)
        if not statement.body:
            self.problems.error(
                "E307", f"`{name}` has no formula", statement.span, "for example `model benchmark: Ce ~ Open`"
            )
            return None
        value = statement.body[0]
        if len(statement.body) > 1:
            self.problems.error("E305", "a model has one formula", statement.body[1].span)
        plain(value, self.problems)
        body = value.value
        formula = body if isinstance(body, ast.Formula) else ast.Formula(None, body, (), span=body.span)
        self._keep_outcomes = formula.left is None
        side = self.formulas.right_side(formula.right)
        sound = not self.formulas.failed
        base = self._base
        outcomes = self._outcomes(formula) if formula.left is not None else []
        parts = self.structures.resolve(formula.parts)
        sound = sound and outcomes is not None and parts is not None
        if formula.left is None and base is None and sound:
            self._no_outcome(body)
            sound = False
        settings = self.clauses.settings(clauses, base)
        if not sound or settings is None or outcomes is None or parts is None or len(statement.body) > 1:
            return None
        columns = self._columns(side, outcomes, parts, base)
        if columns is None or not self._sound(columns, formula, settings):
            return None
        chosen = settings.covariance or (base.covariance if base is not None else None)
        whole = [column for column, _ in columns]
        if not self.combinations.sound(whole, settings, chosen or self.default, statement):
            return None
        model = Model(
            name,
            tuple(column for column, _ in columns),
            statement.label.value if statement.label is not None else "",
            settings.where,
            settings.split,
            settings.weights,
            chosen or self.default,
            settings.using.estimator,
            settings.using.gmm,
            settings.common,
            written(body),
            span=statement.span,
        )
        return Built(model, chosen, tuple(step.entries for _, step in columns))

    def _no_outcome(self, body: ast.Expr) -> None:
        if self.scope.rest_unknown:  # what stands there may be a model of the base
            return
        text = written(body)
        if isinstance(body, ast.Name) and not self.formulas.failed:
            self.problems.error(
                "E307",
                f"`{text}` is a variable, not a model",
                body.span,
                f"a model is a formula: `{text} ~ …`, with its regressors for `…`",
            )
        else:
            self.problems.error("E307", f"`{text}` has no outcome", body.span, f"write `outcome ~ {text}`")

    def _outcomes(self, formula: ast.Formula) -> list[Factor] | None:
        left = formula.left
        assert left is not None
        items = left.items if isinstance(left, ast.Group) else (left,)
        found: list[Factor] = []
        for item in items:
            inner = simple(item)
            if isinstance(inner, ast.Binary):
                text = written(inner)
                helps = f"declare it: `var name = {text}`, or write `I({text})`"
                if inner.operator == "+":
                    names = text.replace(" +", ",")
                    helps = f"several outcomes are a list: `({names}) ~ …`; their sum is `I({text})`"
                self.problems.error(
                    "E310", f"`{text}` computes, and an outcome is a variable or a call", inner.span, helps
                )
                return None
            if isinstance(inner, ast.Call) and inner.function.text in ("i", "lag", "sw", "sw0", "csw", "csw0"):
                self.problems.error("E311", f"`{inner.function.text}(…)` cannot be an outcome", inner.span)
                return None
            factor = self.formulas.factor(inner, "an outcome")
            if factor is None:
                return None
            if any(factor.key == other.key for other in found):
                self.problems.error("E304", f"the outcome `{factor.name}` stands twice", item.span)
                return None
            found.append(factor)
        return found

    # --- columns ------------------------------------------------------------------------------------

    def _columns(
        self,
        side: Side,
        outcomes: list[Factor],
        parts: Parts,
        base: Base | None,
    ) -> list[tuple[Column, Step]] | None:
        """The product of outcomes and steps, outcomes slowest."""
        if parts.stepping is not None and side.stepping is not None:
            self.formulas._two_steps(side.stepping, parts.stepping)
            return None
        made: list[tuple[Step, Structure]] = []
        for step in side.steps:
            taken = base.columns[step.origin].structure if base is not None else Structure()
            made += [(step, structure) for structure in parts.onto(taken)]
        columns: list[tuple[Column, Step]] = []
        if base is not None and not outcomes:
            for step, structure in made:
                columns.append((self._column(base.columns[step.origin].outcome, step, structure, base), step))
            return columns
        for outcome in outcomes:
            term = self.terms.term(Entry((outcome,), outcome.written.span))
            columns += [(self._column(term, step, structure, base), step) for step, structure in made]
        return columns

    def _column(self, outcome: Term, step: Step, structure: Structure, base: Base | None) -> Column:
        inherited = base.columns[step.origin].constant if base is not None else True
        constant = inherited if step.constant is None else step.constant
        regressors = tuple(self.terms.term(entry) for entry in step.entries)
        return Column(outcome, regressors, constant, structure, span=outcome.span)

    def _sound(self, columns: list[tuple[Column, Step]], formula: ast.Formula, settings: Settings) -> bool:
        """Roles: no outcome on the right, no regressor twice, something left."""
        fine = True
        for column, step in columns:
            outcome = canonical(column.outcome.expression)
            seen: set[str] = set()
            for term, key in zip(column.regressors, (entry.key for entry in step.entries), strict=True):
                if key == outcome:
                    self.problems.error(
                        "E313",
                        f"`{term.name}` is the outcome and also a regressor",
                        term.span,
                        "take it out of one side",
                    )
                    fine = False
                elif key in seen:
                    self.problems.error(
                        "E312", f"the regressor `{term.name}` stands twice", term.span, "keep one of them"
                    )
                    fine = False
                seen.add(key)
            if not column.regressors and (column.structure.kind != "pooled" or not column.constant):
                self.problems.error(
                    "E331",
                    f"there is nothing to estimate: a column for `{column.outcome.name}` has no regressor",
                    formula.right.span,
                )
                fine = False
            if settings.split is not None and canonical(settings.split) == outcome:
                self.problems.error(
                    "E322",
                    f"`{settings.split.name}` is the outcome: split by it, the outcome would be constant",
                    settings.split.span,
                )
                fine = False
        return fine
