"""The clauses of `stock`: growth, depreciation, the first stock, the deflator."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import literal, number, plain
from carbonspec.lang.resolve.measuring.clauses import Reader, Settings, one
from carbonspec.lang.resolve.problems import suggestion, written
from carbonspec.lang.spec import PARAMETER, Apply, Expr, Literal, Ref, Setting
from carbonspec.signature import Parameter

PARAMETERS = ("growth", "depreciation")
ARITHMETIC = frozenset("+-*/^")


class Stock(Settings):
    """Reads `stock(spending)`."""

    def special(self) -> dict[str, Reader]:
        return {"growth": self._growth, "initial": self._initial, "expression": self._deflator}

    def check(self) -> None:
        growth = "growth" in self.clauses
        initial = self.clauses.get("initial")
        if not growth and not initial and not self.statement.broken:
            self.missing("growth", why=", which the first stock of the steady state needs")

    def _growth(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        value = plain(clause.values[0], self.problems)
        if isinstance(value.value, ast.Name) and value.value.text == "own":
            return one("growth", Literal("own", span=value.span), value)
        given = number(value.value)
        if given is None or given <= -1:
            help_ = EXAMPLE if not isinstance(value.value, ast.Name) else suggestion(value.value.text, ("own",))
            self.error("E303", f"`{parameter.name}` takes a number above -1, or `own`", value.span, help_ or EXAMPLE)
            return None
        return one("growth", Literal(given, span=value.span), value)

    # --- the first stock ----------------------------------------------------------------------------

    def _initial(self, clause: ast.Clause, _parameter: Parameter) -> Setting | None:
        value = plain(clause.values[0], self.problems)
        found = self._formula(value.value)
        return None if found is None else one("initial", found, value)

    def _formula(self, expr: ast.Expr) -> Expr | None:
        """Arithmetic over `growth` and `depreciation`."""
        given = number(expr)
        if given is not None:
            return Literal(given, span=expr.span)
        if isinstance(expr, ast.Group) and len(expr.items) == 1:
            return self._formula(expr.items[0])
        if isinstance(expr, ast.Name):
            if expr.text not in PARAMETERS:
                help_ = suggestion(expr.text, PARAMETERS) or "it is a formula of `growth` and `depreciation`"
                self.error("E210", f"`initial` knows no `{expr.text}`", expr.span, help_)
                return None
            if expr.text not in self.clauses:
                self.missing(expr.text, why=", which `initial` uses")
                return None
            return Ref(expr.text, PARAMETER, span=expr.span)
        if isinstance(expr, ast.Unary) and expr.operator == "-":
            inside = self._formula(expr.operand)
            return None if inside is None else Apply("neg", (inside,), span=expr.span)
        if isinstance(expr, ast.Binary) and expr.operator in ARITHMETIC:
            left, right = self._formula(expr.left), self._formula(expr.right)
            return None if left is None or right is None else Apply(expr.operator, (left, right), span=expr.span)
        help_ = "for example `initial (1 + growth) / (growth + depreciation)`, the default"
        self.error("E303", f"`{written(expr)}` cannot stand in `initial`", expr.span, help_)
        return None

    # --- prices -------------------------------------------------------------------------------------

    def _deflator(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        """`deflator price chain 2010` (previous period = 100), `deflator price fixed 2010`, `deflator price`."""
        found = self._expression(clause, parameter)
        if found is None:
            return None
        given = [q for q in clause.qualifiers if q.word.text in parameter.qualifiers]
        if len(given) > 1:
            self.error("E304", "a price index is chained or fixed", given[1].word.span, "keep one of them")
            return None
        qualifiers = []
        for qualifier in given:
            value = plain(qualifier.values[0], self.problems)
            period = literal(value.value)
            if period is None or len(qualifier.values) > 1:
                word = qualifier.word.text
                self.error("E303", f"`{word}` takes the period of the prices", value.span, f"write `{word} 2010`")
                return None
            qualifiers.append(one(qualifier.word.text, Literal(period, span=value.span), value))
        return found.replace(qualifiers=tuple(qualifiers))


EXAMPLE = "for example `growth 5%`, or `growth own` for each unit's own"
