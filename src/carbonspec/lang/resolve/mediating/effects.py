"""Numbers of mediations: `via_tech.indirect`, `chain[Tech -> Quality].indirect.p`, `via_tech.sobel`."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import literal
from carbonspec.lang.resolve.mediating.routes import routes
from carbonspec.lang.resolve.names import Scope
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.terms import simple
from carbonspec.lang.spec import Filter, Mediation, Quantity, Selection

EFFECTS = ("indirect", "direct", "total", "share", "contrast", "index")
PARTS = ("estimate", "se", "z", "p", "low", "high", "bias")
PRODUCTS = ("sobel", "aroian", "goodman")
PRODUCT_PARTS = ("z", "se", "p")
FACTS = ("ratio", "joint", "rho")
"""|indirect/direct|, the p value of joint significance, the correlation of errors at which the effect is zero."""
_HABITS = {
    "acme": "indirect",
    "ade": "direct",
    "ab": "indirect",
    "mediated": "share",
    "proportion": "share",
    "prop_mediated": "share",
    "bs_1": "indirect",
    "bs_2": "direct",
    "t": "z",
    "pvalue": "p",
    "p_value": "p",
}


class Effects:
    """Resolves what a claim says of a mediation."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems = scope.problems

    def quantity(
        self, mediation: Mediation, head: ast.Expr, members: list[ast.Expr], whole: ast.Expr
    ) -> Quantity | bool | None:
        """An effect; None after an error, False where a column of the mediation is meant."""
        items = head.items if isinstance(head, ast.Index) else ()
        first = members[0] if members else None
        word = first.text if isinstance(first, ast.Name) else ""
        known = available(mediation)
        names = (*known, *PRODUCTS, *FACTS)
        if any(_is_position(item) for item in items):
            return False
        if word not in (*EFFECTS, *PRODUCTS, *FACTS):
            return self._other(mediation, word, first, whole, names)
        assert first is not None
        if word in EFFECTS and word not in known:
            self._not_here(mediation, word, first, known)
            return None
        part = self._part(word, members)
        found = self._brackets(mediation, items)
        if part is None or found is None:
            return None
        filters, route, level = found
        if route and word not in ("indirect", *PRODUCTS, "joint"):
            message = f"`{word}` belongs to the whole mediation, not to one path"
            self.problems.error("E219", message, head.span, f"write `{mediation.name}.{word}`")
            return None
        if not self._level(mediation, word, level, head):
            return None
        selection = Selection(mediation.name, filters, span=head.span)
        return Quantity(selection, "", part, written(whole), word, route, level, span=whole.span)

    def _other(
        self, mediation: Mediation, word: str, first: ast.Expr | None, whole: ast.Expr, names: tuple[str, ...]
    ) -> bool | None:
        """No effect is named: a habit or a misspelling; else a column is meant."""
        if first is None:
            help_ = f"name an effect: `{mediation.name}.indirect`"
            self.problems.error("E327", f"`{written(whole)}` is a mediation, not a number", whole.span, help_)
            return None
        terms = {t.name for column in mediation.model.columns for t in column.regressors}
        if word in terms or not word:
            return False
        close = f"did you mean `{_HABITS[word]}`?" if word in _HABITS else suggestion(word, names)
        if close:
            self.problems.error("E218", f"a mediation has no effect `{word}`", first.span, close)
            return None
        return False

    def _not_here(self, mediation: Mediation, word: str, first: ast.Expr, known: tuple[str, ...]) -> None:
        why = {
            "contrast": "it is the difference of two parallel paths",
            "index": "it is the index of moderated mediation, of a moderated first or second stage",
            "share": "it changes with the moderator",
            "total": "it changes with the moderator",
        }.get(word, "")
        message = f"`{mediation.name}` has no `{word}`{f': {why}' if why else ''}"
        self.problems.error("E218", message, first.span, f"it has {listed(known)}")

    def _part(self, word: str, members: list[ast.Expr]) -> str | None:
        rest = members[1:]
        allowed = PARTS if word in EFFECTS else PRODUCT_PARTS if word in PRODUCTS else ()
        if not rest:
            return "estimate" if word in EFFECTS else "z" if word in PRODUCTS else "value"
        part = rest[0].text if isinstance(rest[0], ast.Name) else written(rest[0])
        if len(rest) > 1 or part not in allowed:
            help_ = suggestion(part, allowed) or (f"its parts are {listed(allowed)}" if allowed else "it is one number")
            if part in _HABITS and _HABITS[part] in allowed:
                help_ = f"did you mean `{_HABITS[part]}`?"
            self.problems.error("E218", f"`{word}` has no part `{part}`", rest[0].span, help_)
            return None
        return part

    # --- brackets -----------------------------------------------------------------------------------

    def _brackets(
        self, mediation: Mediation, items: tuple[ast.Value, ...]
    ) -> tuple[tuple[Filter, ...], tuple[str, ...], float | str | None] | None:
        """(values of the split, the mediators of a path, the moderator's value)."""
        filters: list[Filter] = []
        route: tuple[str, ...] = ()
        level: float | str | None = None
        for item in items:
            if item.name is None:
                found = self._route(mediation, item.value)
                if found is None:
                    return None
                route = found
                continue
            key = written(item.name)
            value = literal(item.value)
            split = mediation.model.split
            moderator = mediation.moderation.moderator.name if mediation.moderation is not None else ""
            if value is None:
                message = f"`{written(item.value)}` is no value: a number, or a text in double quotes"
                self.problems.error("E219", message, item.value.span)
                return None
            if split is not None and key == split.name:
                filters.append(Filter(split.name, value, span=item.span))
            elif moderator and key == moderator:
                level = value
            else:
                options = [name for name in (split.name if split is not None else "", moderator) if name]
                help_ = suggestion(key, options) or (f"a bracket can name {listed(options)}" if options else "")
                self.problems.error("E219", f"`{mediation.name}` is not split by `{key}`", item.name.span, help_)
                return None
        return tuple(filters), route, level

    def _route(self, mediation: Mediation, expr: ast.Expr) -> tuple[str, ...] | None:
        """`Tech -> Quality`, or the whole way with treatment and outcome."""
        steps = expr.steps if isinstance(expr, ast.Arrow) else (expr,)
        names = tuple(written(simple(step)) for step in steps)
        known = routes(mediation)
        ends = (mediation.treatment.name, mediation.outcome.name)
        inner = names[1:-1] if (names[0], names[-1]) == ends else names
        if inner in known:
            return inner
        shown = [" -> ".join(route) for route in known]
        text = " -> ".join(names)
        message = f"`{mediation.name}` has no path through `{text}`"
        self.problems.error("E219", message, expr.span, suggestion(text, shown) or f"its paths are {listed(shown)}")
        return None

    def _level(self, mediation: Mediation, word: str, level: float | str | None, head: ast.Expr) -> bool:
        moderation = mediation.moderation
        if moderation is None:
            return True
        conditional = word == "indirect" or (word == "direct" and moderation.direct)
        name = moderation.moderator.name
        if conditional and level is None:
            levels = self.scope.levels.get(name, ())
            value = f"{levels[0].value:g}" if levels and isinstance(levels[0].value, float) else '"mean"'
            message = f"`{word}` depends on `{name}`, and one value is needed"
            help_ = f"say where: `{mediation.name}[{name} = {value}].{word}`"
            self.problems.error("E217", message, head.span, help_)
            return False
        words = ("mean - sd", "mean", "mean + sd") if moderation.levels == "sd" else ("p16", "p50", "p84")
        if isinstance(level, str) and level not in words:
            message = f'there is no effect at `{name}` = "{level}"'
            help_ = suggestion(level, words) or f"effects are computed at {listed(words)}, or at each of two values"
            self.problems.error("E219", message, head.span, help_)
            return False
        return True


def available(mediation: Mediation) -> tuple[str, ...]:
    """The effects that a mediation of this kind has."""
    if mediation.moderation is None:
        two = mediation.kind == "parallel" and len(mediation.mediators) == 2
        return ("indirect", "direct", "total", "share", *(("contrast",) if two else ()))
    index = ("index",) if mediation.moderation.stage != "both" else ()
    return ("indirect", "direct", *index, "contrast")


def _is_position(item: ast.Value) -> bool:
    expr = simple(item.value)
    if item.name is not None:
        return written(item.name) == "outcome"
    if isinstance(expr, ast.Binary) and expr.operator == "..":
        return True
    return isinstance(expr, ast.Number) or (isinstance(expr, ast.Name) and expr.text == "last")
