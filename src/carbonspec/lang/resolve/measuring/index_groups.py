"""The clauses of `index`: groups of indicators, each a sum with `-` where less is better."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import number
from carbonspec.lang.resolve.measuring.clauses import Reader, Settings
from carbonspec.lang.resolve.problems import written
from carbonspec.lang.resolve.sorts import TEXT
from carbonspec.lang.resolve.terms import canonical, simple
from carbonspec.lang.spec import Apply, Expr, Literal, Setting, SettingValue
from carbonspec.signature import Parameter

DECLARED = "declared"


class Index(Settings):
    """Reads `index(entropy)`.

    A setting `group` holds one value for each indicator, under the group's name: the indicator itself, `neg` of it
    where less is better, and `weight * indicator` inside where weights are declared.
    """

    def special(self) -> dict[str, Reader]:
        self.seen: dict[str, ast.Expr] = {}
        self.groups: set[str] = set()
        return {"group": self._group}

    @property
    def weighted(self) -> bool:
        """Whether the weights stand in the groups."""
        return self.word == DECLARED or (self.word == "topsis" and self._said("distances") == DECLARED)

    def check(self) -> None:
        """E834 for clauses that do not go with the weights, or that nothing uses."""
        weighing = self._said("distances") or "entropy" if self.word == "topsis" else self.word
        if self._said("stage") == "two" and weighing in (DECLARED, "pca"):
            self._clash("stage", f"two stages weigh groups by their scores, and {weighing} weights do not")
        if self._said("score") == "p" and self.word in ("pca", "topsis"):
            self._clash("score", f"{self.word} has a score of its own, and shares p do not enter it")
        if self._said("yearly") == "mean" and self.word == "pca":
            self._clash("yearly", "components of different years have no mean")
        if "yearly" in self.clauses and self._said("scope") != "year":
            self._clash("yearly", "`yearly` goes with `scope year`")
        for word, wanted in (("norm", "topsis"), ("distances", "topsis"), ("components", "pca")):
            if word in self.clauses and self.word != wanted:
                self._clash(word, f"`{word}` belongs to `index({wanted})`")
        if "shift" in self.clauses and weighing != "entropy":
            self._clash("shift", "a shift before logarithms belongs to entropy weights")

    def _said(self, word: str) -> str:
        clause = self.clauses.get(word)
        return written(clause[0].values[0]) if clause else ""

    def _clash(self, word: str, message: str) -> None:
        self.error("E834", message, self.clauses[word][0].span, "take this line out, or choose other weights")

    def _group(self, clause: ast.Clause, _parameter: Parameter) -> Setting | None:
        values: list[SettingValue] = []
        for value in clause.values:
            name = value.name
            if not isinstance(name, ast.Name):
                help_ = f'give it a name: `group SC "Scale" = {written(value.value)}`'
                self.error("E307", "a group has a name", value.span, help_)
                return None
            if name.text in self.groups:
                self.error("E304", f"the group `{name.text}` stands twice", name.span, "join them in one line")
            self.groups.add(name.text)
            label = value.name_label.value if value.name_label is not None else ""
            for sign, expr in _summands(value.value, 1):
                found = self._indicator(sign, expr)
                if found is None:
                    self.sound = False
                    continue
                values.append(SettingValue(found, name.text, "", label, span=expr.span))
        return Setting("group", tuple(values), span=clause.span)

    def _indicator(self, sign: int, expr: ast.Expr) -> Expr | None:
        weight, inside = self._weight(expr)
        if self.weighted and weight is None:
            self.error(
                "E833",
                f"`{written(expr)}` has no weight, and this index declares them",
                expr.span,
                f"write the weight before it: `0.05 * {written(expr)}`",
            )
            return None
        if weight is not None and not self.weighted:
            help_ = f"write `{written(inside)}`, or `index(declared)` for weights of your own"
            self.error("E303", f"weights stand in an index that is `declared`, not `{self.word}`", expr.span, help_)
            return None
        if weight is not None and weight < 0:
            help_ = "for an indicator where less is better write `- 0.05 * x`"
            self.error("E833", "a weight is a number from 0 up", expr.span, help_)
            return None
        found = self.resolved(inside)
        if found is None:
            return None
        if isinstance(found, Literal):
            self.error("E303", "an indicator is a variable, not a number", inside.span)
            return None
        if self.expressions.sorts.sort(found) == TEXT:
            self.error("E321", f"`{written(inside)}` is text, and indicators are numbers", inside.span)
            return None
        key = canonical(found)
        if key in self.seen:
            self.error("E820", f"`{written(inside)}` enters the index twice", inside.span, "keep one of them")
            return None
        self.seen[key] = inside
        if weight is not None:
            found = Apply("*", (Literal(weight, span=expr.span), found), span=expr.span)
        return Apply("neg", (found,), span=expr.span) if sign < 0 else found

    @staticmethod
    def _weight(expr: ast.Expr) -> tuple[float | None, ast.Expr]:
        """`0.05 * x`: the weight and what it weighs."""
        inner = simple(expr)
        if isinstance(inner, ast.Binary) and inner.operator == "*":
            left, right = number(inner.left), number(inner.right)
            if left is not None:
                return left, inner.right
            if right is not None:
                return right, inner.left
        return None, inner


def _summands(expr: ast.Expr, sign: int) -> list[tuple[int, ast.Expr]]:
    """The terms of a sum with their signs."""
    if isinstance(expr, ast.Binary) and expr.operator in ("+", "-"):
        turned = -sign if expr.operator == "-" else sign
        return [*_summands(expr.left, sign), *_summands(expr.right, turned)]
    if isinstance(expr, ast.Group) and len(expr.items) == 1:
        return _summands(expr.items[0], sign)
    if isinstance(expr, ast.Unary) and expr.operator == "-":
        return _summands(expr.operand, -sign)
    return [(sign, expr)]
