"""The fuels of `emissions`: amounts and their units, factors, calorific values, oxidised shares."""

from __future__ import annotations

from carbonspec.lang import ast
from carbonspec.lang.resolve.clauses import plain
from carbonspec.lang.resolve.measuring.clauses import Reader, Settings, one
from carbonspec.lang.resolve.measuring.components import key_of
from carbonspec.lang.resolve.measuring.unit_words import dimension, symbol
from carbonspec.lang.resolve.names import DATA
from carbonspec.lang.resolve.problems import listed, suggestion, written
from carbonspec.lang.resolve.sorts import TEXT
from carbonspec.lang.spec import Expr, Literal, Setting, SettingValue
from carbonspec.signature import Parameter

MASS, ENERGY, FREIGHT, PASSENGERS = "mass", "energy", "freight", "passenger transport"
UNIT = "10^4 t"
"""What emissions are counted in where nothing is said."""


class Fuels(Settings):
    """Reads what `emissions(energy)` says of fuels."""

    def special(self) -> dict[str, Reader]:
        self.own_factors = self._names_table()
        self.unit = UNIT
        return {
            "unit": self._unit,
            "factors": self._factors,
            "fuel": self._fuel,
            "by_fuel": self._by_fuel,
        }

    # --- units --------------------------------------------------------------------------------------

    def dimension(self, value: ast.Value, what: str) -> tuple[str, str] | None:
        """(text, dimension) of a unit; E802 for one that is not known."""
        parameter = self.known["unit"]
        if not isinstance(value.value, ast.Text):
            self.error("E303", f"{what} takes a text in double quotes", value.span, 'for example `unit "10^4 t"`')
            return None
        text = value.value.value
        found = dimension(text, parameter.words, parameter.sorts)
        if not found:
            help_ = suggestion(symbol(text), parameter.words)
            help_ = help_ or 'a unit is a multiple and a symbol, such as "10^4 t", "10^8 m3", "10^8 kWh", "10^10 kJ"'
            self.error("E802", f'the unit "{text}" is not known', value.span, help_)
            return None
        return text, found

    def unit_of(self, value: ast.Value, what: str, example: str, *sorts: str) -> str | None:
        """A unit of one of some dimensions; E803 for another."""
        found = self.dimension(value, "`unit`")
        if found is None:
            return None
        text, sort = found
        if sort not in sorts:
            message = f'{what} in {" or ".join(sorts)}, and "{text}" is a unit of {sort}, which does not convert'
            self.error("E803", message, value.span, f'for example "{example}"')
            return None
        return text

    def _unit(self, clause: ast.Clause, _parameter: Parameter) -> Setting | None:
        value = clause.values[0]
        text = self.unit_of(plain(value, self.problems), "emissions are counted", "10^4 t", MASS)
        return None if text is None else one("unit", Literal(text, span=value.span), value)

    # --- factors ------------------------------------------------------------------------------------

    def _names_table(self) -> str:
        """The data table that `factors` names, "" for a set."""
        clause = next((c for c in self.statement.clauses if c.word.text == "factors"), None)
        expr = clause.values[0].value if clause is not None and clause.values else None
        declared = self.scope.declarations.get(expr.text) if isinstance(expr, ast.Name) else None
        return declared.name if declared is not None and declared.kind == DATA else ""

    def _factors(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        value = plain(clause.values[0], self.problems)
        given = written(value.value)
        if self.own_factors and given not in parameter.words:
            self.scope.use(given)
            return one("factors", Literal(given, span=value.span), value)
        if given in parameter.words:
            return one("factors", Literal(given, span=value.span), value)
        tables = self.scope.of_kind(DATA)
        help_ = suggestion(given, (*parameter.words, *tables))
        help_ = help_ or f"the sets are {listed(parameter.words)}; your own factors stand in a data table"
        self.error("E800", f"no set of factors called `{given}`", value.span, help_)
        return None

    def _by_fuel(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        """`oxidation 98%`, `calorific raw_coal = 20934`."""
        values = []
        for value in clause.values:
            fuel = ""
            if value.name is not None:
                fuel = written(value.name) if not isinstance(value.name, ast.Name) else value.name.text
                if not self._known_fuel(fuel, value.name):
                    return None
            elif parameter.name == "calorific" or len(clause.values) > 1:
                self.error("E303", f"`{parameter.name}` takes numbers by fuel", value.span, "write `coke = 28435`")
                return None
            given = self.bounded(value, parameter)
            if given is None:
                return None
            if given == 0:
                self.error("E810", f"`{parameter.name}` is above 0", value.span)
                return None
            values.append(SettingValue(Literal(given, span=value.span), fuel, span=value.span))
        return Setting(parameter.name, tuple(values), span=clause.span)

    # --- components ---------------------------------------------------------------------------------

    def _known_fuel(self, fuel: str, at: ast.Expr, renamed: bool = True) -> bool:
        words = self.known["fuel"].words
        if self.own_factors or fuel in words:
            return True
        ascii_words = tuple(word for word in words if word.isascii())
        help_ = suggestion(fuel, words) or f"the fuels are {listed(ascii_words, 12)}"
        column = "" if renamed else f"if it is the column of a fuel, say which one: `raw_coal = {fuel}`"
        self.error("E801", f"no fuel called `{fuel}`", at.span, help_, column)
        return False

    def _fuel(self, clause: ast.Clause, parameter: Parameter) -> Setting | None:
        unit = self.qualifier(clause, "unit")
        if unit is None:
            help_ = 'the unit of the amounts ends the line: `fuel raw_coal, coke unit "10^4 t"`'
            self.error("E307", "`fuel` does not say in which unit", clause.span, help_)
            return None
        told = self.dimension(unit, "`unit`")
        sorts = dict(zip(parameter.words, parameter.sorts, strict=True))
        values: list[SettingValue] = []
        for value in clause.values:
            key = key_of(value)
            at = value.name if value.name is not None else value.value
            if value.name is None and not isinstance(value.value, ast.Name):
                help_ = f"say which fuel it is: `raw_coal = {written(value.value)}`"
                self.error("E303", f"`{written(value.value)}` is no fuel", value.span, help_)
                continue
            if not self._known_fuel(key, at, value.name is not None):
                continue
            amount = self.resolved(value.value)
            if amount is None or not self.is_amount(amount, value):
                self.sound = False
                continue
            wanted = sorts.get(key, "")
            if told is not None and wanted and not self.own_factors and told[1] not in (wanted, ENERGY):
                message = f'`{key}` is counted in {wanted} or energy, and "{told[0]}" is a unit of {told[1]}'
                example = '"10^4 t"' if wanted == MASS else '"10^8 m3"'
                self.error("E803", message, unit.span, f"put it on a line of its own, with a unit such as {example}")
                continue
            label = value.label.value if value.label is not None else ""
            values.append(SettingValue(amount, key, label, span=value.span))
        less = self._less(clause)
        if told is None or not self.sound:
            return None
        qualifiers = [one("unit", Literal(told[0], span=unit.span), unit)]
        return Setting("fuel", tuple(values), (*qualifiers, *less), span=clause.span)

    def _less(self, clause: ast.Clause) -> tuple[Setting, ...]:
        """`less feedstock`: the part that is not burnt."""
        value = self.qualifier(clause, "less")
        if value is None:
            return ()
        if len(clause.values) > 1:
            self.error("E305", "`less` belongs to one fuel: put it on a line of its own", value.span)
            return ()
        found = self.resolved(value.value)
        return () if found is None else (one("less", found, value),)

    def is_amount(self, found: Expr, value: ast.Value) -> bool:
        """Whether an expression is no text."""
        if self.expressions.sorts.sort(found) != TEXT:
            return True
        self.error("E321", f"`{written(value.value)}` is text, and amounts are numbers", value.span)
        return False
