"""The clauses of `quality`: the columns of the customs records, elasticities, effects, screens."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import number, plain
from carbonspec.lang.resolve.measuring.clauses import Reader, Settings, one
from carbonspec.lang.resolve.names import DATA, few
from carbonspec.lang.resolve.problems import suggestion, written
from carbonspec.lang.spec import Literal, Ref, Setting, SettingValue
from carbonspec.signature import Parameter

EFFECTS = {
    frozenset(("h", "f^t")): "h + f^t",
    frozenset(("h", "t")): "h + t",
    frozenset(("h^t",)): "h^t",
    frozenset(("h", "c^t")): "h + c^t",
}
SCALES = {frozenset(("h", "t")): "h^t", frozenset(("h^t",)): "h^t", frozenset(("h",)): "h"}


class Quality(Settings):
    """Reads `quality(customs)`. Effects and scale are kept as the method's own words: `h + f^t`, `h^t`."""

    def special(self) -> dict[str, Reader]:
        return {"sigma": self._sigma, "effects": self._effects, "scale": self._scale, "least": self._least}

    def check(self) -> None:
        name = self.statement.name
        assert name is not None
        if {"id", "time"} - set(self.keys):
            help_ = f"for example `join {self.table} on province, year` under `panel`"
            message = f"`quality` needs `{self.table}` joined by the panel's one `id` and its `time`"
            self.error("E303", message, name.span, help_)
        elif self.scope.panel is not None and self.table == self.scope.panel.table:
            help_ = "join a table with a row for each unit, period and product"
            self.error("E303", f"`{self.table}` is the panel itself and has no products", name.span, help_)

    # --- keys ---------------------------------------------------------------------------------------

    def _letters(self) -> dict[str, str]:
        """What the columns are called in the method's words: product h, region f, year t, destination c."""
        found = {"id": "f", "time": "t"}
        for key, letter in (("id", "f"), ("time", "t")):
            if key in self.keys:
                found[self.keys[key]] = letter
        for word, letter in (("product", "h"), ("destination", "c")):
            clause = self.clauses.get(word)
            if clause and isinstance(clause[0].values[0].value, ast.Name):
                found[clause[0].values[0].value.text] = letter
        return found

    def _key(self, expr: ast.Expr, letters: dict[str, str]) -> str:
        """`hs6` as h, `id^time` as f^t; "" after an error."""
        if isinstance(expr, ast.Binary) and expr.operator == "^":
            parts = [self._key(expr.left, letters), self._key(expr.right, letters)]
            order = "hfct"
            return "^".join(sorted(parts, key=order.find)) if all(parts) else ""
        if isinstance(expr, ast.Group) and len(expr.items) == 1:
            return self._key(expr.items[0], letters)
        if isinstance(expr, ast.Name) and expr.text in letters:
            return letters[expr.text]
        help_ = suggestion(written(expr), letters) or f"the keys of the records are {', '.join(map(_code, letters))}"
        self.error("E303", f"`{written(expr)}` is no key of the customs records", expr.span, help_)
        return ""

    def _keys(self, clause: ast.Clause) -> frozenset[str] | None:
        letters = self._letters()
        found = [self._key(plain(value, self.problems).value, letters) for value in clause.values]
        return frozenset(found) if all(found) else None

    def _effects(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        return self._named(clause, parameter, EFFECTS)

    def _scale(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        return self._named(clause, parameter, SCALES)

    def _named(self, clause: ast.Clause, parameter: Parameter, known: dict[frozenset[str], str]) -> Setting | None:
        keys = self._keys(clause)
        if keys is None:
            return None
        span = clause.values[0].span.to(clause.values[-1].span)
        if keys not in known:
            product = self._column_name("product")
            options = {
                "effects": f"`{product}, id^time`, `{product}, time`, `{product}^time`, `{product}, destination^time`",
                "scale": f"`{product}, time` and `{product}`",
            }[parameter.name]
            self.error("E856", f"`quality` has no such `{parameter.name}`", span, f"there are {options}")
            return None
        if known[keys] == "h + c^t" and "destination" not in self.clauses:
            self.missing("destination", why=", which these effects need")
        value = SettingValue(Literal(known[keys], span=span), span=span)
        return Setting(parameter.name, (value,), span=clause.span)

    def _column_name(self, word: str) -> str:
        clause = self.clauses.get(word)
        return written(clause[0].values[0]) if clause else word

    # --- elasticities -------------------------------------------------------------------------------

    def _sigma(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        """A number, a column of the table, or `broda.sigma on hs6`: another table's, by the longest prefix."""
        value = plain(clause.values[0], self.problems)
        given = number(value.value)
        if given is not None:
            if given <= 1:
                message = f"an elasticity of substitution is above 1, and {written(value.value)} is not"
                self.error("E852", message, value.span, "at 1 and below, the demand residual says nothing of quality")
                return None
            return one("sigma", Literal(given, span=value.span), value)
        expr = value.value
        if isinstance(expr, ast.Member) and isinstance(expr.target, ast.Name) and isinstance(expr.member, ast.Name):
            return self._table_of_sigma(clause, value, expr.target, expr.member)
        on = self.qualifier(clause, "on")
        if on is not None:
            help_ = "name the table: `sigma broda.sigma on hs6`"
            self.error("E303", "`on` names the column of another table's codes", on.span, help_)
            return None
        found = self.column(value, "sigma")
        return None if found is None else one(parameter.name, found, value)

    def _table_of_sigma(
        self, clause: ast.Clause, value: ast.Value, table: ast.Name, column: ast.Name
    ) -> Setting | None:
        declared = self.scope.declarations.get(table.text)
        if table.text == self.table:
            found = self.column(ast.Value(column, span=value.span), "sigma")
            return None if found is None else one("sigma", found, value)
        if declared is None or declared.kind != DATA:
            help_ = suggestion(table.text, self.scope.of_kind(DATA))
            self.error("E220", f"no data table called `{table.text}`", table.span, help_)
            return None
        self.scope.use(table.text)
        on = self.qualifier(clause, "on")
        key = on.value if on is not None else ast.Name(self._column_name("product"), span=value.span)
        if not isinstance(key, ast.Name):
            self.error("E303", "`on` takes the column of codes", key.span)
            return None
        known = self.scope.table_columns.get(table.text)
        for name in (column, key):
            if known is not None and name.text not in known:
                message = f"the table `{table.text}` has no column `{name.text}`"
                self.error("E210", message, name.span, suggestion(name.text, known) or few(known))
                return None
        codes = one("on", Ref(key.text, "raw", table.text, span=key.span), ast.Value(key, span=key.span))
        made = one("sigma", Ref(column.text, "raw", table.text, span=value.span), value)
        return made.replace(qualifiers=(codes,))

    # --- screens ------------------------------------------------------------------------------------

    def _least(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        """`least quantity = 1, value = 50, rows = 5`."""
        values = []
        for value in clause.values:
            word = written(value.name) if value.name is not None else ""
            if word not in parameter.words:
                help_ = suggestion(word, parameter.words) or "for example `least quantity = 1, value = 50, rows = 5`"
                self.error("E303", "`least` takes numbers for `quantity`, `value` and `rows`", value.span, help_)
                return None
            given = self.bounded(value, parameter)
            if given is None:
                return None
            values.append(SettingValue(Literal(given, span=value.span), word, span=value.span))
        return Setting("least", tuple(values), span=clause.span)


def _code(word: str) -> str:
    return f"`{word}`"
