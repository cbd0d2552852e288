"""`mediate`: a path from treatment through mediators to outcome, and the regressions it stands for."""

from __future__ import annotations

from collections.abc import Callable

from carbonspec.lang import ast
from carbonspec.lang.resolve.bootstraps import Bootstraps
from carbonspec.lang.resolve.claiming.quantities import Quantities
from carbonspec.lang.resolve.clauses import Clauses, Plain, plain
from carbonspec.lang.resolve.mediating.effects import Effects
from carbonspec.lang.resolve.modelling.clauses import Settings
from carbonspec.lang.resolve.modelling.models import ModelBuilder
from carbonspec.lang.resolve.names import MEDIATION, Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.terms import Entry, Factor, canonical, simple
from carbonspec.lang.spec import Column, Covariance, Mediation, Model, Moderation, Quantity, Structure, Term
from carbonspec.lang.unparse import unparse_expression
from carbonspec.record import Record
from carbonspec.source import Span

INTERVALS = ("percentile", "bca", "basic", "normal")
STAGES = ("first", "second", "both", "direct")
LEVELS = ("sd", "percentiles")
EXAMPLE = "for example `mediate Open -> Quality -> Ce`"


class Path(Record):
    """What the arrows say: treatment, mediators, outcome, and whether the mediators stand side by side."""

    treatment: Factor
    mediators: tuple[Factor, ...]
    outcome: Factor
    parallel: bool


class Mediations:
    """Resolves mediations when first asked for, so that statements may stand in any order."""

    def __init__(self, scope: Scope, builder: ModelBuilder, quantities: Quantities) -> None:
        self.scope = scope
        self.problems = scope.problems
        self.builder = builder
        self.formulas = builder.formulas
        self.terms = builder.terms
        self.bootstraps = Bootstraps(scope, builder.expressions)
        self.effects = Effects(scope)
        self._built: dict[str, Mediation | None] = {}
        quantities.mediations = self

    def all(self) -> tuple[Mediation, ...]:
        """All sound mediations, in the order of the file."""
        found: list[Mediation] = []
        for statement in self.scope.file.statements:
            if statement.keyword != "mediate":
                continue
            if isinstance(statement.name, ast.Name):
                declared = self.scope.declarations.get(statement.name.text)
                made = self.build(statement.name.text) if declared and declared.statement is statement else None
            else:
                made = self._mediation(statement, "")
                if made is not None and any(made.name == other.name for other in found):
                    self.problems.error(
                        "E304", f"`{made.name}` stands twice", statement.span, "keep one of them, or give them names"
                    )
                    made = None
            if made is not None:
                found.append(made)
        return tuple(found)

    def build(self, name: str) -> Mediation | None:
        """A mediation by name; None when it is unsound (said where it stands)."""
        if name not in self._built:
            declared = self.scope.declarations.get(name)
            if declared is None or declared.kind != MEDIATION or declared.statement is None:
                return None
            self._built[name] = self._mediation(declared.statement, name)
        return self._built[name]

    def quantity(self, head: ast.Expr, members: list[ast.Expr], whole: ast.Expr) -> Quantity | bool | None:
        """`via_tech.indirect`; False where the words speak of a column of it, None after an error."""
        name = head.target if isinstance(head, ast.Index) else head
        assert isinstance(name, ast.Name)
        self.scope.use(name.text)
        mediation = self.build(name.text)
        return None if mediation is None else self.effects.quantity(mediation, head, members, whole)

    # --- one mediation ------------------------------------------------------------------------------

    def _mediation(self, statement: ast.Statement, name: str) -> Mediation | None:
        clauses = Clauses(statement, self.problems)
        body = statement.body[0].value if statement.body else None
        formula = body if isinstance(body, ast.Formula) else None
        arrow = formula.right if formula is not None else body
        if not isinstance(arrow, ast.Arrow):
            self.problems.error("E550", "a mediation is a path", statement.span, EXAMPLE)
            return None
        path = self._path(arrow)
        structure = self._structure(formula.parts) if formula is not None else Structure()
        settings = self.builder.clauses.settings(clauses, None)
        moderation = self._moderation(clauses, path)
        bootstrap = self.bootstraps.resolve(clauses)
        interval = Plain(clauses, self.problems).choice("interval", INTERVALS)
        word = clauses.word("interval")
        if word is not None and "bootstrap" not in clauses.found:
            help_ = "add `bootstrap 1000`"
            self.problems.error("E333", "`interval` is one of the bootstrap, and there is none", word.span, help_)
            return None
        controls = self._controls(clauses, path, moderation)
        given = ("interval" not in clauses.found or interval) and ("bootstrap" not in clauses.found or bootstrap)
        if path is None or structure is None or settings is None or controls is None or not given:
            return None
        if moderation is None and "moderator" in clauses.found:
            return None
        covariance = settings.covariance or self.builder.default
        if not self._sound(path, moderation, settings) or not self._of_columns(covariance, statement, clauses):
            return None
        text = unparse_expression(body) if body is not None else ""
        label = statement.label.value if statement.label is not None else ""
        columns = self._columns(path, controls, moderation, structure)
        model = Model(
            name or text,
            columns,
            label,
            settings.where,
            settings.split,
            settings.weights,
            covariance,
            common_sample=True,
            span=statement.span,
        )
        kind = "moderated" if moderation is not None else _kind(path)
        return Mediation(
            name or text,
            self._term(path.treatment),
            tuple(self._term(m) for m in path.mediators),
            self._term(path.outcome),
            model,
            kind,
            label,
            controls,
            moderation,
            bootstrap,
            interval or "percentile",
            name or text,
            text,
            span=statement.span,
        )

    def _of_columns(self, covariance: Covariance, statement: ast.Statement, clauses: Clauses) -> bool:
        """Whether the columns can have these standard errors; drawn ones belong to the effects."""
        if covariance.kind not in ("bootstrap", "wild", "crv3"):
            return True
        word = clauses.word("se")
        span = covariance.span if word is not None else statement.span
        helps = "the effects are drawn by the clause `bootstrap 1000, cluster(id)`; their columns take `se cluster(id)`"
        self.problems.error("E333", f"the columns of a mediation have no `se {covariance.kind}(…)`", span, helps)
        return False

    def _term(self, factor: Factor) -> Term:
        return self.terms.term(Entry((factor,), factor.written.span))

    # --- the path -----------------------------------------------------------------------------------

    def _path(self, arrow: ast.Arrow) -> Path | None:
        steps = arrow.steps
        if len(steps) < 3:
            first, last = written(steps[0]), written(steps[-1])
            self.problems.error(
                "E550",
                f"`{written(arrow)}` has no mediator",
                arrow.span,
                f"write what stands between: `{first} -> mediator -> {last}`; the direct effect alone is a model",
            )
            return None
        for step, role in ((steps[0], "treatment"), (steps[-1], "outcome")):
            if isinstance(step, ast.Group) and len(step.items) > 1:
                help_ = f"write a mediation for each {role}"
                self.problems.error("E550", f"a mediation has one {role}", step.span, help_)
                return None
        side_by_side = [s for s in steps[1:-1] if isinstance(s, ast.Group) and len(s.items) > 1]
        if side_by_side and len(steps) > 3:
            self.problems.error(
                "E550",
                "mediators side by side stand alone between treatment and outcome",
                side_by_side[0].span,
                f"write them as a chain, or each path apart: `{written(steps[0])} -> (A, B) -> {written(steps[-1])}`",
            )
            return None
        middle: list[ast.Expr] = []
        for step in steps[1:-1]:
            middle += step.items if isinstance(step, ast.Group) else (step,)
        roles = ("the treatment", *("a mediator",) * len(middle), "the outcome")
        found: list[Factor] = []
        sound = True
        for expr, role in zip((steps[0], *middle, steps[-1]), roles, strict=True):
            factor = self._variable(expr, role)
            if factor is None:
                sound = False
                continue
            twin = next((f for f in found if f.key == factor.key), None)
            if twin is not None:
                message = f"`{factor.name}` stands twice in the path"
                self.problems.error("E550", message, expr.span, "each step of a path is another variable")
                sound = False
            found.append(factor)
        return Path(found[0], tuple(found[1:-1]), found[-1], bool(side_by_side)) if sound else None

    def _variable(self, expr: ast.Expr, role: str) -> Factor | None:
        inner = simple(expr)
        if isinstance(inner, (ast.Binary, ast.Unary)):
            text = written(inner)
            self.problems.error(
                "E310",
                f"`{text}` computes, and {role} is a variable or a call",
                inner.span,
                f"declare it: `var name = {text}`",
            )
            return None
        if isinstance(inner, ast.Call) and inner.function.text in ("i", "lag", "sw", "sw0", "csw", "csw0"):
            self.problems.error(
                "E311", f"`{inner.function.text}(…)` cannot be {role}: it is not one variable", inner.span
            )
            return None
        return self.formulas.factor(inner, role)

    def _structure(self, parts: tuple[ast.Expr, ...]) -> Structure | None:
        found = self.builder.structures.resolve(parts)
        if found is None:
            return None
        if found.stepping is not None:
            help_ = "write a mediation for each set of effects"
            self.problems.error("E317", "a mediation has one set of effects", found.stepping, help_)
            return None
        structure = found.onto(Structure())[0]
        other = structure.kind if structure.kind not in ("fe", "pooled") else "iv" if structure.instrumented else ""
        if other:
            part = next((p for p in parts if p.span.text.startswith(other)), parts[0])
            self.problems.error(
                "E319",
                f"a mediation is by least squares, pooled or with fixed effects, and `{other}` is neither",
                part.span,
                "write `fe(id)` or `fe(id, year)`, or leave it out for pooled",
            )
            return None
        return structure

    # --- clauses ------------------------------------------------------------------------------------

    def _controls(self, clauses: Clauses, path: Path | None, moderation: Moderation | None) -> tuple[Term, ...] | None:
        sound = True
        terms: dict[str, Term] = {}
        mediators = {m.key: m.name for m in path.mediators} if path is not None else {}
        ends = {f.key: role for f, role in _ends(path)}
        beside = canonical(moderation.moderator.expression) if moderation is not None else ""
        for value in clauses.values("with"):
            plain(value, self.problems, "`with`")
            side = self.formulas.right_side(value.value)
            if self.formulas.failed:
                sound = False
                continue
            if side.stepping is not None or side.base is not None or side.steps[0].constant is not None:
                help_ = "`with` takes variables, sums of them and lets"
                self.problems.error("E311", f"`{written(value)}` cannot be a control", value.span, help_)
                sound = False
                continue
            for entry in side.steps[0].entries:
                inside = "" if written(value) == entry.name else f" (in `{written(value)}`)"
                if entry.key in ends:
                    message = f"{ends[entry.key]} `{entry.name}` is also a control{inside}"
                    self.problems.error("E550", message, value.span, "take it out of the controls")
                    sound = False
                elif entry.key in mediators:
                    self._mediator(entry.name, inside, value.span)
                elif entry.key in terms and not inside:
                    self.problems.error("E304", f"the control `{entry.name}` stands twice", value.span, "keep one")
                    sound = False
                elif entry.key != beside:
                    terms[entry.key] = self.terms.term(entry)
        return tuple(terms.values()) if sound else None

    def _mediator(self, name: str, inside: str, span: Span) -> None:
        """W703: a mediator among the controls is left out of them."""
        self.problems.warning(
            "W703",
            f"the mediator `{name}` is also a control{inside}, and is left out of the controls",
            span,
            "controlling for it would remove the very path that is measured: take it out",
        )

    def _moderation(self, clauses: Clauses, path: Path | None) -> Moderation | None:
        given = clauses.one("moderator")
        if given is None:
            for word in ("stage", "levels"):
                name = clauses.word(word)
                if name is not None:
                    help_ = "name it: `moderator coastal`"
                    self.problems.error("E333", f"`{word}` belongs to a moderator, and there is none", name.span, help_)
            return None
        factor = self._variable(given.value, "a moderator")
        if factor is None:
            return None
        if path is not None and len(path.mediators) > 1:
            help_ = "write a mediation for each mediator"
            self.problems.error("E557", "a moderator belongs to a path with one mediator", given.span, help_)
            return None
        for other in (*path.mediators, path.outcome) if path is not None else ():
            if other.key == factor.key:
                message = f"`{factor.name}` cannot both be in the path and moderate it"
                self.problems.error("E550", message, given.span, "the moderator is another variable, or the treatment")
                return None
        stages = self._words(clauses, "stage", STAGES)
        levels = Plain(clauses, self.problems).choice("levels", LEVELS) if "levels" in clauses.found else "sd"
        if stages is None or levels is None:
            return None
        moved = [stage for stage in stages if stage != "direct"]
        if len(moved) > 1:
            values = clauses.values("stage")
            help_ = "both stages are `stage both`"
            self.problems.error("E304", f"`stage` names {listed(moved)}", values[0].span.to(values[-1].span), help_)
            return None
        stage = moved[0] if moved else "first"
        return Moderation(self._term(factor), stage, "direct" in stages, levels, span=given.span)

    def _words(self, clauses: Clauses, word: str, words: tuple[str, ...]) -> tuple[str, ...] | None:
        found = []
        for value in clauses.values(word):
            text = written(value.value)
            if text not in words:
                help_ = suggestion(text, words)
                self.problems.error("E303", f"`{word}` takes {listed(words)}", value.span, help_)
                return None
            found.append(text)
        return tuple(found)

    def _sound(self, path: Path, moderation: Moderation | None, settings: Settings) -> bool:
        split = settings.split
        if split is None:
            return True
        inside = {f.key: role for f, role in _ends(path)} | {m.key: "the mediator" for m in path.mediators}
        if moderation is not None:
            inside[canonical(moderation.moderator.expression)] = "the moderator"
        role = inside.get(canonical(split))
        if role is None:
            return True
        message = f"`{split.name}` is {role}: split by it, it would be constant"
        self.problems.error("E322", message, split.span)
        return False

    # --- columns ------------------------------------------------------------------------------------

    def _columns(
        self, path: Path, controls: tuple[Term, ...], moderation: Moderation | None, structure: Structure
    ) -> tuple[Column, ...]:
        """Total, each mediator, outcome: what the library estimates, in its order."""
        x, y = self._term(path.treatment), self._term(path.outcome)
        mediators = [self._term(m) for m in path.mediators]

        def column(outcome: Term, *regressors: Term) -> Column:
            unique = {canonical(t.expression): t for t in (*regressors, *controls)}
            return Column(outcome, tuple(unique.values()), True, structure, span=outcome.span)

        if moderation is not None:
            return self._moderated(path, moderation, column)
        found = [column(y, x)]
        for index, mediator in enumerate(mediators):
            before = [] if path.parallel else mediators[:index]
            found.append(column(mediator, x, *before))
        return (*found, column(y, x, *mediators))

    def _moderated(self, path: Path, moderation: Moderation, column: Callable[..., Column]) -> tuple[Column, ...]:
        x, m, y = self._term(path.treatment), self._term(path.mediators[0]), self._term(path.outcome)
        w = moderation.moderator
        first, second = self._product(path.treatment, w), self._product(path.mediators[0], w)
        into = (x, w, first) if moderation.stage != "second" else (x, w)
        start = (x, w, first) if moderation.direct else (x, w)
        total = (x, w, first) if moderation.stage != "second" or moderation.direct else (x, w)
        out = (*start, m, second) if moderation.stage != "first" else (*start, m)
        return column(y, *total), column(m, *into), column(y, *out)

    def _product(self, factor: Factor, moderator: Term) -> Term:
        expression = moderator.expression
        other = Factor.__new__(Factor)
        other.expression, other.key, other.name = expression, canonical(expression), moderator.name
        other.written = factor.written
        return self.terms.term(Entry((factor, other), moderator.span))


def _kind(path: Path) -> str:
    if len(path.mediators) == 1:
        return "single"
    return "parallel" if path.parallel else "chain"


def _ends(path: Path | None) -> tuple[tuple[Factor, str], ...]:
    return ((path.treatment, "the treatment"), (path.outcome, "the outcome")) if path is not None else ()
